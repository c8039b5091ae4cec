"""Nobody knows whether a page went out: the provider is asked first, and only then is it sent again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oncall import paging, sending, tickets
from oncall.tickets import NewTicket
from tests.night import Night

TROUBLES: dict[str, Callable[[Night, bool], None]] = {
    "the line was cut": lambda night, is_taken: night.twilio.cut(
        night.world.number("ana"), is_taken=is_taken, times=1
    ),
    "Twilio failed": lambda night, is_taken: (
        night.twilio.fail_after_taking(night.world.number("ana"), times=1)
        if is_taken
        else night.twilio.refuse(night.world.number("ana"), 500, times=1)
    ),
}


def texts(night: Night, person: str = "ana") -> list[str]:
    return [text.body for text in night.phone(person).texts]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_text_that_went_out_is_found_and_not_sent_again(night: Night, trouble: str) -> None:
    night.twilio.lose()
    TROUBLES[trouble](night, True)
    ticket = night.ticket()

    night.forward(minutes=0.9)

    assert len(texts(night)) == 1
    assert ("page_accepted", "ana") in night.world.story(ticket)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_text_that_did_not_go_out_is_sent_after_two_looks(night: Night, trouble: str) -> None:
    TROUBLES[trouble](night, False)
    night.ticket()

    night.forward(minutes=0.7)
    assert texts(night) == []
    night.forward(minutes=0.1)

    assert len(texts(night)) == 1


def test_a_list_that_lags_behind_is_looked_at_twice(night: Night) -> None:
    night.twilio.lose()
    night.twilio.hide(20)
    night.twilio.fail_after_taking(night.world.number("ana"), times=1)
    night.ticket()

    night.forward(minutes=0.9)

    assert len(texts(night)) == 1


def test_a_list_that_is_not_to_be_had_holds_nothing_up_for_long(night: Night) -> None:
    night.twilio.refuse_lists(503)
    night.twilio.cut(night.world.number("ana"), times=1)
    night.ticket()

    night.forward(minutes=4)

    assert len(texts(night)) == 1
    assert len(night.phone("ana").calls) == 2


def test_a_call_that_rings_is_found_and_no_second_one_made(night: Night) -> None:
    night.twilio.lose()
    night.ticket()
    night.twilio.fail_after_taking(night.world.number("ana"), times=1)

    night.forward(minutes=2.9)

    assert len(night.phone("ana").calls) == 1


def test_a_call_of_another_ticket_is_not_taken_for_the_one_in_doubt(night: Night) -> None:
    night.ticket()
    night.forward(minutes=0.5)
    night.ticket(subject="Fire")
    night.forward(minutes=0.5)
    night.phone("ana").ring_out()
    night.twilio.cut(night.world.number("ana"), times=1)

    night.forward(minutes=1.6)

    assert len(night.phone("ana").calls) == 2


def test_an_engine_that_fell_between_request_and_receipt_leaves_one_text(night: Night) -> None:
    night.twilio.lose()
    app, clock = night.world.app, night.clock
    with app.sessions.begin() as session:
        tickets.open_ticket(session, app, NewTicket("helpdesk", "Guests locked out"))
        paging.plan(session, app, clock())
        [claim] = sending.claim(session, app, clock(), limit=1)
    sending.deliver(app, claim)

    night.forward(minutes=0.9)

    assert len(texts(night)) == 1


def test_an_engine_that_fell_before_its_request_loses_no_text(night: Night) -> None:
    app, clock = night.world.app, night.clock
    with app.sessions.begin() as session:
        tickets.open_ticket(session, app, NewTicket("helpdesk", "Guests locked out"))
        paging.plan(session, app, clock())
        sending.claim(session, app, clock(), limit=1)

    night.forward(minutes=0.9)

    assert len(texts(night)) == 1


def test_a_reader_learns_from_the_story_that_a_page_was_in_doubt(night: Night) -> None:
    night.twilio.cut(night.world.number("ana"), times=1)
    ticket = night.ticket()

    assert ("page_in_doubt", "ana") in night.world.story(ticket)
