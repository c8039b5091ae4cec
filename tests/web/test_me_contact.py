"""The page of one's own: number, ladder, code, test, contact card, calendars."""

from __future__ import annotations

import re

import pytest

from oncall import contact_card
from tests.night import Night
from tests.site import Site
from tests.world import World


def test_what_is_written_on_the_page_counts_at_once_and_is_marked(ana: Site, world: World) -> None:
    answer = ana.send(
        "/me/contact", "/me", phone="+1 202 555 0177", email="ana@example.com", urgent="call now"
    )

    assert answer.status_code == 303
    assert world.number("ana") == "+12025550177"
    page = ana.read("/me")
    assert 'value="+12025550177"' in page
    assert page.count("your own, not the file") == 2


def test_a_number_that_cannot_be_says_why(ana: Site, world: World) -> None:
    ana.send("/me/contact", "/me", phone="+989121234567")

    assert "Neither texts nor calls reach numbers of that country" in ana.read("/me")
    assert world.number("ana") == "+12025550101"


def test_a_number_is_proved_with_the_code_that_came(ana: Site, world: World) -> None:
    assert "The number is not proved yet" in ana.read("/me")
    ana.send("/me/code", "/me", by="sms")
    world.engine.run_until_quiet()
    code = world.texts("ana")[-1].split()[0]

    ana.send("/me/verify", "/me", code="000000" if code != "000000" else "1")
    assert "Tries left: 4" in ana.read("/me")
    ana.send("/me/verify", "/me", code=code)

    page = ana.read("/me")
    assert "this number is yours" in page
    assert "The number is not proved yet" not in page


def test_the_light_turns_green_step_by_step(ana: Site, world: World) -> None:
    assert "almost ready" in ana.read("/")
    ana.send("/me/code", "/me", by="sms")
    world.engine.run_until_quiet()
    ana.send("/me/verify", "/me", code=world.texts("ana")[-1].split()[0])
    ana.send("/me/card", "/me")
    ana.send("/me/test", "/me")
    world.engine.run_until_quiet()
    world.reply("ana", "1")

    assert "Everything is in place" in ana.read("/me")
    assert '<span class="chip fine">ready</span>' in ana.read("/")


def test_tests_cannot_be_sent_without_end(ana: Site) -> None:
    for _ in range(4):
        ana.send("/me/test", "/me")

    assert "Many tests were sent just now" in ana.read("/me")


@pytest.mark.parametrize("which", ["mine", "rota", "days"])
def test_the_address_of_a_calendar_is_shown_once(ana: Site, which: str) -> None:
    page = ana.send(f"/me/calendars/{which}", "/me", deed="renew").text
    found = re.search(r"/calendar/[\w-]+\.ics", page)

    assert found
    assert ana.get(found[0]).status_code == 200
    assert found[0] not in ana.read("/me")
    ana.send(f"/me/calendars/{which}", "/me", deed="withdraw")
    assert ana.get(found[0]).status_code == 404


def test_there_are_three_calendars_and_no_fourth(ana: Site) -> None:
    assert ana.send("/me/calendars/customers", "/me").status_code == 404


def test_the_card_holds_every_number_we_send_from(night: Night) -> None:
    card = contact_card.card(night.world.app)

    assert card.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert "FN:Acme ON-CALL\r\n" in card
    assert contact_card.numbers(night.world.app)
    assert all(f"TEL;TYPE=CELL:{one}\r\n" in card for one in contact_card.numbers(night.world.app))


def test_the_card_comes_as_a_file_phones_know(ana: Site) -> None:
    answer = ana.get("/vcard")

    assert answer.mimetype == "text/vcard"
    assert "on-call.vcf" in answer.headers["Content-Disposition"]


def test_whoever_leads_sees_the_light_of_everybody_and_staff_does_not(site: Site) -> None:
    omar = site.sign_in("omar")
    page = omar.read("/readiness")

    assert "Now and the next two turns" in page
    assert page.count("This phone was never tested.") >= 3
    assert site.another_browser().sign_in("bora").get("/readiness").status_code == 403
