"""The rota pages: weeks, one week, asking for cover, answering by the link in a text, taking over."""

from __future__ import annotations

import re
from datetime import timedelta

from oncall import rota
from tests.site import Site, link_in
from tests.world import World

COVER = re.compile(r'href="(/rota/cover/[^"]+)"')


def test_the_list_shows_who_holds_which_week_and_marks_mine(ana: Site) -> None:
    page = ana.read("/rota")

    names = re.findall(r"<b>(Ana Popescu|Bora Yıldız|Maria Ionescu)</b>", page)
    assert names[:4] == ["Ana Popescu", "Bora Yıldız", "Maria Ionescu", "Ana Popescu"]
    assert page.count('class="row week mine') >= 4


def test_the_year_and_the_month_show_the_same_people(ana: Site) -> None:
    assert ana.read("/rota?view=year").count('class="cell') == 53
    assert "Ana" in ana.read("/rota?view=month")


def test_the_rota_prints_with_phones_and_a_stamp(ana: Site) -> None:
    page = ana.read("/rota/print")

    assert "+1 202-555-0101" in page
    assert "Printed" in page


def test_a_whole_week_is_offered_in_two_taps(ana: Site, world: World) -> None:
    sheet = COVER.findall(ana.read("/"))[-1]

    answer = ana.send(sheet, what="whole")

    assert answer.status_code == 303
    page = ana.read(answer.location)
    assert "You hold the phone" in ana.get("/").text or "Asked" in page
    assert "Ana Popescu holds the phone until someone says yes. Asked 2" in page


def test_the_helper_says_yes_with_one_tap_after_the_link(ana: Site, world: World) -> None:
    world.forward(minutes=9 * 60)
    sheet = COVER.findall(ana.read("/"))[-1]
    request = ana.send(sheet, what="whole").location
    world.engine.run_until_quiet()
    link = link_in(world.texts("bora")[-1])
    helper = ana.another_browser()

    seen = helper.read(link)
    assert "Ana Popescu" in seen
    helper.client.post(link, data={"deed": "yes"})

    assert "Bora Yıldız said yes" in ana.read(request)
    world.engine.run_until_quiet()
    assert any("You are off then" in text for text in world.texts("ana"))


def test_looking_at_a_link_answers_nothing(ana: Site, world: World) -> None:
    world.forward(minutes=9 * 60)
    request = ana.send(COVER.findall(ana.read("/"))[-1], what="whole").location
    world.engine.run_until_quiet()
    link = link_in(world.texts("bora")[-1])

    for _ in range(3):
        ana.another_browser().read(link)

    assert "2 silent" in ana.read(request)


def test_a_link_proves_one_person_and_decides_nothing_else(ana: Site, world: World) -> None:
    world.forward(minutes=9 * 60)
    ana.send(COVER.findall(ana.read("/"))[-1], what="whole")
    world.engine.run_until_quiet()
    link = link_in(world.texts("bora")[-1])

    assert ana.client.post(link, data={"deed": "withdraw"}).status_code == 403
    assert ana.get("/s/0000000000").status_code == 404


def test_one_evening_is_offered_from_a_list_of_evenings(ana: Site) -> None:
    sheet = COVER.findall(ana.read("/"))[-1]
    evenings = re.findall(r'value="([^"|]+\|[^"]+)"', ana.read(sheet))
    assert len(evenings) >= 7

    page = ana.read(ana.send(sheet, what=evenings[3]).location)

    assert "(15 h)" in page


def test_hours_one_does_not_hold_are_refused_in_words(ana: Site) -> None:
    week = ana.read("/rota")
    bora = re.findall(r'href="(/rota/week/[^"]+)"', week)[1]
    sheet = bora.replace("/week/", "/cover/")

    assert "Only Bora Yıldız or a lead can ask" in ana.read(sheet)
    answer = ana.send(sheet, form_on="/me", what="whole")
    assert "Only the holder or a lead may ask" in ana.read(answer.location)


def test_a_trade_is_offered_and_taken(ana: Site, world: World) -> None:
    world.forward(minutes=9 * 60)
    sheet = COVER.findall(ana.read("/"))[-1].replace("/cover/", "/trade/")
    wanted = re.findall(r'name="want" value="([^"]+)"', ana.read(sheet))
    request = ana.send(sheet, want=wanted[0]).location
    world.engine.run_until_quiet()
    asked = next(person for person in ("bora", "maria") if world.texts(person))
    helper = ana.another_browser().sign_in(asked)

    helper.send(request, deed="yes:1")

    assert "Done" in ana.read(request)


def test_the_phone_is_taken_over_and_kept(ana: Site, world: World) -> None:
    bora = ana.another_browser().sign_in("bora")
    sheet = re.findall(r'href="(/rota/take-over/[^"]+)"', bora.read("/"))[0]
    ends = re.findall(r'name="until" value="([^"]+)"', bora.read(sheet))
    assert len(ends) == 2

    bora.send(sheet, until=ends[0])
    assert "Keep my phone" in ana.read("/")
    assert "Bora Yıldız" in ana.read("/rota")
    ana.send("/rota/hand-back/emergency-phone", form_on="/")

    assert "holds the phone again" in ana.read("/")


def test_a_page_of_a_rotation_or_time_that_is_none_is_not_found(ana: Site) -> None:
    assert ana.get("/rota/week/nothing/2026-01-10T01:00:00+00:00").status_code == 404
    assert ana.get("/rota/week/emergency-phone/yesterday").status_code == 404
    assert ana.get("/rota/cover/emergency-phone/2026-01-01T01:00:00").status_code == 404


def test_a_lead_sees_whose_weeks_would_move_before_publishing(omar: Site, world: World) -> None:
    page = omar.read("/rota/publish/emergency-phone")
    assert "27 turns are new, 0 published turns move" in page
    omar.send("/rota/publish/emergency-phone", seal=seal_on(page))
    with world.app.sessions.begin() as session:
        turn = rota.roster_at(session, world.app.shelf.current).turns(
            "emergency-phone", world.clock() + timedelta(days=7), world.clock() + timedelta(days=8)
        )[0]
        rota.add_leave(session, "bora", (turn.start, turn.end), actor="bora", now=world.clock())

    page = omar.read("/rota/publish/emergency-phone")

    assert "bora is holder and on leave" in page
    assert "Bora Yıldız → " in page
    assert "artik sizde degil" in page, "the text as Bora will read it"
    omar.send("/rota/publish/emergency-phone", seal=seal_on(page))
    assert "Nothing to publish" in omar.read("/rota/publish/emergency-phone")


def test_a_proposal_looked_at_too_long_ago_is_shown_again(omar: Site) -> None:
    answer = omar.send("/rota/publish/emergency-phone", seal="0:stale")

    assert "Something changed since you looked" in omar.read(answer.location)


def test_the_log_is_searched_by_words(omar: Site, world: World) -> None:
    omar.send(
        "/rota/publish/emergency-phone", seal=seal_on(omar.read("/rota/publish/emergency-phone"))
    )

    assert "rota.published" in omar.read("/log?q=omar published")
    assert "No line holds these words" in omar.read("/log?q=100%25_sure")


def test_a_time_outside_all_reason_is_refused(ana: Site) -> None:
    sheet = COVER.findall(ana.read("/"))[-1]

    fields = {"what": "own", "from": "0001-01-01T00:00", "to": "9999-12-31T23:59"}

    assert ana.send(sheet, **fields).status_code == 400


def seal_on(page: str) -> str:
    found = re.search(r'name="seal" value="([^"]+)"', page)
    assert found
    return found[1]
