"""A channel that fails somebody is no excuse: another one at once, the ladder climbs, and the right people hear why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oncall import paging, tickets
from oncall.tickets import NewTicket
from tests.night import Night
from tests.world import EXAMPLE, a_world


def minutes(night: Night, ticket: int) -> list[tuple[int, str, str]]:
    return night.world.minutes_of_pages(ticket)


def alarms(night: Night, person: str) -> list[str]:
    return [t.body for t in night.phone(person).texts if t.body.startswith("ALARM")]


def test_whoever_sent_stop_is_rung_at_once_and_backup_and_admin_hear_of_it(night: Night) -> None:
    night.twilio.refuse(night.world.number("ana"), 21610, times=1)

    ticket = night.ticket()

    assert minutes(night, ticket) == [(0, "ana", "call")]
    assert "STOP" in alarms(night, "omar")[0]
    assert night.phone("maria").texts[0].body.startswith("ALARM")
    assert alarms(night, "ana") == []


def test_a_number_known_to_be_broken_is_not_tried_again_that_night(night: Night) -> None:
    night.twilio.refuse(night.world.number("ana"), 21610, times=1)
    night.ticket()
    night.phone("ana").ring_out()

    night.ticket(subject="Fire")

    asked = [request for request in night.twilio.requests if request.field("Body")]
    assert [r.field("To") for r in asked].count(night.world.number("ana")) == 1
    assert len(alarms(night, "omar")) == 1


def test_a_text_from_a_number_that_had_sent_stop_lets_us_back_in(night: Night) -> None:
    night.twilio.refuse(night.world.number("ana"), 21610, times=1)
    night.ticket()

    night.phone("ana").reply("START")
    night.ticket(subject="Fire")

    assert any("Fire" in text.body for text in night.phone("ana").texts)


def test_dead_credentials_raise_one_alarm_not_a_hundred(night: Night) -> None:
    for person in ("ana", "maria", "bora"):
        night.twilio.refuse(night.world.number(person), 21606)
    for number in range(3):
        night.ticket(subject=f"Fire {number}")

    night.forward(minutes=8)

    # The same refusal met texts and calls.
    assert sorted(alarm.split()[2] for alarm in alarms(night, "omar")) == ["SMS", "call"]


def test_a_blocked_country_is_an_alarm_and_the_next_channel_rings(night: Night) -> None:
    night.twilio.refuse(night.world.number("ana"), 21408, times=1)

    ticket = night.ticket()

    assert minutes(night, ticket)[0] == (0, "ana", "call")
    assert alarms(night, "omar")


def test_a_holder_nobody_can_reach_costs_no_minute(night: Night) -> None:
    night.twilio.refuse(night.world.number("ana"), 21211)

    ticket = night.ticket()

    assert (0, "maria", "sms") in minutes(night, ticket)
    assert "unreachable" in [kind for kind, _ in night.world.story(ticket)]


def test_a_text_that_did_not_arrive_is_followed_by_a_call_at_once(night: Night) -> None:
    night.phone("ana").switch_off()

    ticket = night.ticket()
    night.phone("ana").switch_on()
    night.forward(minutes=0.1)

    assert minutes(night, ticket)[:2] == [(0, "ana", "sms"), (0, "ana", "call")]


def test_when_everybody_is_out_of_reach_rounds_keep_their_time(night: Night) -> None:
    for person in ("ana", "bora", "maria", "omar"):
        night.twilio.refuse(night.world.number(person), 21211)
    ticket = night.ticket()

    night.forward(minutes=10)

    rounds = max(page.round for page in night.world.pages(ticket))
    assert 5 <= rounds <= 12


@pytest.mark.parametrize("status", [429])
def test_too_many_requests_are_tried_again_a_little_later(night: Night, status: int) -> None:
    night.twilio.refuse(night.world.number("ana"), status, times=2)
    night.ticket()
    assert night.phone("ana").texts == []

    night.forward(minutes=0.2)

    assert len(night.phone("ana").texts) == 1


def test_whoever_can_answer_by_call_alone_is_rung_first(database_url: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    ladder = "    notify: { urgent: [sms now, call 1m, call 3m], normal: [email now] }\n"
    text = text.replace(ladder, "").replace('"+12025550101"', '"+900000000000"')

    with a_world(database_url, text=text) as world:
        ticket = world.ticket()

        assert (0, "ana", "call") in world.minutes_of_pages(ticket)
        assert "http" not in world.texts("ana")[0]


def test_a_text_that_an_outage_made_old_news_is_not_taken_for_tried(night: Night) -> None:
    world = night.world
    with world.app.sessions.begin() as session:
        new = NewTicket(source="helpdesk", subject="Door system down, guests locked out")
        ticket = tickets.open_ticket(session, world.app, new).ticket_id
        paging.plan(session, world.app, world.clock())
    # Nobody sends anything until the text and the first call are old: the last call goes, and is refused.
    world.clock.move_to(world.clock() + timedelta(minutes=6.5))
    night.twilio.refuse(world.number("ana"), 21211, times=1)

    night.forward(minutes=0)

    assert "sms" in [channel for _, person, channel in minutes(night, ticket) if person == "ana"]
