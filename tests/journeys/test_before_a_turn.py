"""Around a turn: reminded, tested, told who has the phone, handed over with a note; each thing once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from oncall import chores, handoff, phone_tests, ready_board
from oncall.errors import Conflict
from oncall.handoff import Words
from oncall.readiness import Light, Why
from oncall.swaps import takeover
from oncall.tables import PhoneTest
from tests.site import Site
from tests.world import EXAMPLE, World, a_world

PHONE = "emergency-phone"
# Monday 12 January, 09:00 in Bucharest: Ana hands over to Bora.
HANDOFF = datetime(2026, 1, 12, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(world: World, instant: datetime) -> World:
    world.forward(minutes=(instant - world.clock()).total_seconds() / 60)
    chores.run(world.app)
    world.engine.run_until_quiet()
    return world


def light(world: World, person: str) -> tuple[Light, tuple[Why, ...]]:
    with world.app.sessions() as session:
        ready = ready_board.of_person(session, world.app, person, world.clock()).ready
    return ready.light, ready.reasons


def test_the_coming_holder_is_reminded_a_day_and_an_hour_before(world: World) -> None:
    at(world, HANDOFF - 24 * HOUR)
    assert any("Acil telefon nöbetiniz" in text for text in world.texts("bora"))

    at(world, HANDOFF - HOUR)
    assert any("acil telefon sizde. Yedeginiz" in text for text in world.texts("bora"))


def test_nothing_is_said_twice_however_often_the_chores_run(world: World) -> None:
    at(world, HANDOFF - 24 * HOUR)
    said = len(world.texts("bora"))

    for minutes in range(3):
        at(world, HANDOFF - 24 * HOUR + timedelta(minutes=minutes))

    assert len(world.texts("bora")) == said


def test_after_a_standstill_stale_reminders_stay_unsaid(world: World) -> None:
    at(world, HANDOFF - 6 * HOUR)

    assert not any("Acil telefon nöbetiniz" in text for text in world.texts("bora"))


def test_the_link_of_a_reminder_leads_to_finding_cover(world: World) -> None:
    at(world, HANDOFF - 24 * HOUR)
    text = next(text for text in world.texts("bora") if "Acil telefon nöbetiniz" in text)
    site = Site(world).sign_in("bora")

    answer = site.get("/n/" + text.partition("/n/")[2].split()[0])

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/rota/cover/{PHONE}/2026-01-12T07:00")


def test_the_test_before_a_turn_is_a_text_and_a_call_and_a_key_answers_it(world: World) -> None:
    at(world, HANDOFF - 24 * HOUR)
    assert any("TESTI" in text for text in world.texts("bora"))
    world.forward(minutes=1)

    said = world.press("bora", "1")

    assert said == "Teşekkürler. Bu telefon sizi uyandırıyor. Hoşça kalın."
    assert Why.TEST_WAITS not in light(world, "bora")[1]


def test_a_bare_one_answers_the_test_and_stops_its_call(world: World) -> None:
    at(world, HANDOFF - 24 * HOUR)

    world.reply("bora", "1")
    world.forward(minutes=2)

    assert world.calls("bora") == []
    assert world.texts("bora")[-1] == "Tesekkürler Bora. Bu telefon sizi uyandiriyor."


def test_a_bare_one_takes_the_ticket_that_came_after_the_test(world: World) -> None:
    with world.app.sessions.begin() as session:
        phone_tests.ask_for(session, world.app, "ana", world.clock())
    world.engine.run_until_quiet()
    ticket = world.ticket()

    world.reply("ana", "1")

    assert world.state(ticket) == ("acknowledged", "ana")
    world.reply("ana", "1")
    assert world.texts("ana")[-1] == "Thank you, Ana. This phone wakes you."


def test_the_link_answers_the_test_only_with_its_button(world: World) -> None:
    with world.app.sessions.begin() as session:
        phone_tests.ask_for(session, world.app, "ana", world.clock())
    world.engine.run_until_quiet()
    path = "/r/" + world.texts("ana")[-1].partition("/r/")[2].split()[0]
    site = Site(world)

    for _ in range(2):
        assert "Did this wake you?" in site.read(path)
    answer = site.client.post(path)

    assert answer.status_code == 303
    assert "This phone wakes you" in site.read(path)
    with world.app.sessions() as session:
        assert session.query(PhoneTest).one().answered_by == "link"


def test_another_key_proves_nothing_and_asks_again(world: World) -> None:
    with world.app.sessions.begin() as session:
        phone_tests.ask_for(session, world.app, "ana", world.clock())
    world.engine.run_until_quiet()
    world.forward(minutes=1)

    assert "Press 1 so that we know" in world.press("ana", "5")
    with world.app.sessions() as session:
        assert session.query(PhoneTest).one().answered_at is None


def test_a_silent_test_turns_red_two_hours_before_and_the_lead_hears_of_it(world: World) -> None:
    at(world, HANDOFF - 24 * HOUR)
    assert light(world, "bora")[1][0] is Why.TEST_WAITS

    at(world, HANDOFF - 2 * HOUR)

    assert light(world, "bora") == (Light.RED, light(world, "bora")[1])
    assert light(world, "bora")[1][0] is Why.TEST_SILENT
    assert any("Testul a ramas fara raspuns" in text for text in world.texts("maria"))


def test_somebody_without_a_number_is_told_to_the_lead_too(database_url: str) -> None:
    by_mail_alone = "    notify: { urgent: [email now] }\n"
    text = EXAMPLE.read_text(encoding="utf-8").replace('    phone: "+12025550102"\n', by_mail_alone)
    with a_world(database_url, text=text) as world:
        at(world, HANDOFF - 2 * HOUR)

        assert any("Testul a ramas fara raspuns" in text for text in world.texts("maria"))
        assert light(world, "bora")[1][0] is Why.NO_PHONE


def test_an_answered_test_wakes_no_lead(world: World) -> None:
    at(world, HANDOFF - 24 * HOUR)
    world.reply("bora", "1")

    at(world, HANDOFF - 2 * HOUR)

    assert world.texts("maria") == []


def test_at_the_handoff_both_are_told_and_the_note_is_linked(world: World) -> None:
    at(world, HANDOFF - HOUR)
    write_note(world, "ana", Words(feel=4, watch="Door system until Tuesday"))

    at(world, HANDOFF)

    begins = next(text for text in world.texts("bora") if "Acik kayit: 0" in text)
    assert "Ana notu: http" in begins
    assert world.texts("ana")[-1] == "Thank you, Ana. Bora has the phone now."


def test_without_a_note_the_handoff_happens_all_the_same_and_two_lines_are_asked_for(
    world: World,
) -> None:
    at(world, HANDOFF - 2 * HOUR)
    assert any("Two lines about your turn help" in text for text in world.texts("ana"))

    at(world, HANDOFF)

    assert "Two lines for whoever comes next? http" in world.texts("ana")[-1]


def test_whoever_takes_the_phone_over_is_told_until_when(world: World) -> None:
    with world.app.sessions.begin() as session:
        takeover.take_over(session, world.app, PHONE, by="bora", now=world.clock(), until=None)
    chores.run(world.app)
    world.engine.run_until_quiet()

    assert any("vaktine dek sizde" in text for text in world.texts("bora"))


def write_note(world: World, by: str, words: Words) -> None:
    with world.app.sessions.begin() as session:
        handoff.write(session, world.app, PHONE, HANDOFF, words, by=by, now=world.clock())


def read_note(world: World, by: str) -> None:
    with world.app.sessions.begin() as session:
        handoff.mark_read(session, world.app, PHONE, HANDOFF, by=by, now=world.clock())


def sheet(world: World, reader: str) -> handoff.Sheet:
    with world.app.sessions() as session:
        return handoff.sheet(session, world.app, PHONE, HANDOFF, reader=reader, now=world.clock())


def test_a_new_note_holds_what_is_open_and_who_waits(world: World) -> None:
    ticket = world.ticket(customer_name="Hotel Astoria")

    found = sheet(world, "ana")

    assert found.words.tickets == f"#{ticket} Door system down, guests locked out"
    assert found.words.people == f"Hotel Astoria (#{ticket})"
    assert found.nights == 1
    assert (found.may_write, found.may_read) == (True, False)


def test_only_the_holder_writes_and_only_the_next_one_marks_as_read(world: World) -> None:
    with pytest.raises(Conflict, match="only whoever hands over"):
        write_note(world, "maria", Words(line="mine"))
    write_note(world, "ana", Words(feel=2, line="Two bad nights"))

    with pytest.raises(Conflict, match="only whoever has the phone next"):
        read_note(world, "maria")
    assert sheet(world, "bora").may_read
    read_note(world, "bora")

    note = sheet(world, "ana").note
    assert note is not None
    assert note.read_by is not None
    assert note.read_by.short == "bora"


def test_a_note_may_be_written_again_until_it_was_read(world: World) -> None:
    write_note(world, "ana", Words(line="first"))
    write_note(world, "ana", Words(line="second"))
    read_note(world, "bora")

    with pytest.raises(Conflict, match="read already"):
        write_note(world, "ana", Words(line="third"))
    assert sheet(world, "bora").words.line == "second"


def test_a_note_is_not_written_weeks_before_or_after(world: World) -> None:
    at(world, HANDOFF + timedelta(days=3))

    with pytest.raises(Conflict, match="too early or too late"):
        write_note(world, "ana", Words(line="late"))
