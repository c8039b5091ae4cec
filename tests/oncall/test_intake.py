"""A source's ticket is stored first of all; where a sender is free, its first page leaves with the same commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from notifiers.base import Channel, Message, NotifierError
from oncall import intake, paging, store, tickets
from oncall.claims import Claim, Outcome
from oncall.senders import Senders
from oncall.tables import Page
from oncall.tickets import NewTicket
from oncall.wakeup import Wakeup
from tests.world import World, a_world

FIRE = NewTicket(source="helpdesk", subject="Fire, guests locked out")


@pytest.fixture
def anywhere(any_database_url: str) -> Iterator[World]:
    with a_world(any_database_url) as whole:
        yield whole


def states(world: World) -> list[str]:
    with store.reading(world.app.sessions) as session:
        return list(session.scalars(select(Page.state).order_by(Page.id)))


def test_the_first_page_of_an_urgent_ticket_needs_no_engine_to_leave(anywhere: World) -> None:
    intake.take_in(anywhere.app, FIRE)

    assert len(anywhere.texts("ana")) == 1


def test_the_engine_stores_what_became_of_it_and_goes_on_from_there(anywhere: World) -> None:
    ticket = intake.take_in(anywhere.app, FIRE).ticket_id

    anywhere.forward(minutes=8)

    assert anywhere.minutes_of_pages(ticket)[:4] == [
        (0, "ana", "sms"),
        (1, "ana", "call"),
        (3, "ana", "call"),
        (7, "maria", "sms"),
    ]


def test_a_ticket_known_already_pages_nobody_again(anywhere: World) -> None:
    known = NewTicket(source="helpdesk", subject="Fire", source_id="Z-1")
    first = intake.take_in(anywhere.app, known)

    again = intake.take_in(anywhere.app, known)

    assert (again.ticket_id, again.created) == (first.ticket_id, False)
    assert len(anywhere.texts("ana")) == 1


def test_where_no_engine_runs_the_ticket_waits_for_one(anywhere: World) -> None:
    anywhere.app.senders.close()

    intake.take_in(anywhere.app, FIRE)

    assert states(anywhere) == []


def test_a_fault_on_the_short_way_costs_no_ticket(world: World) -> None:
    with world.app.sessions.begin() as session:
        session.execute(
            text("create trigger full before insert on pages begin select raise(abort, 'no'); end")
        )
    ticket = intake.take_in(world.app, FIRE).ticket_id
    with world.app.sessions.begin() as session:
        session.execute(text("drop trigger full"))

    world.engine.run_until_quiet()

    assert (0, "ana", "sms") in world.minutes_of_pages(ticket)


def test_no_more_senders_are_given_away_than_there_are() -> None:
    senders = Senders(Wakeup(), most=3)
    senders.open()

    given = [senders.reserve(2), senders.reserve(2), senders.reserve(2)]
    senders.give_back(3)

    assert given == [2, 1, 0]
    assert not senders.is_busy
    senders.close()


def test_what_a_sender_heard_waits_until_it_is_stored_and_rings() -> None:
    bell = Wakeup()
    senders = Senders(bell, most=1)
    senders.open()
    said = Outcome(a_claim(), NotifierError("no", permanent=True))

    senders.reserve()
    senders.start(lambda: said)

    assert bell.wait(10)
    assert senders.heard() == (said,)
    senders.forget(1)
    assert senders.heard() == ()
    senders.close()


def test_a_page_claimed_just_before_the_senders_closed_is_sent_all_the_same() -> None:
    senders = Senders(Wakeup())
    senders.open()
    senders.reserve()
    senders.close()
    said = Outcome(a_claim(), NotifierError("no", permanent=True))

    senders.start(lambda: said)

    assert senders.heard() == (said,)


def a_claim() -> Claim:
    message = Message("t", "+12025550101", "en", "words")
    return Claim(1, None, "ana", Channel.SMS, 1, message, 0.0)


def test_the_engine_is_rung_when_the_free_sender_took_somebody_elses_page(world: World) -> None:
    with world.app.sessions.begin() as session:
        tickets.open_ticket(session, world.app, FIRE)
        paging.plan(session, world.app, world.clock())
    world.app.wakeup.wait(0)

    # One sender, and the page of the older ticket is due before ours.
    one_sender = replace(world.app, senders=Senders(Wakeup(), most=1))
    one_sender.senders.open(inline=True)
    intake.take_in(one_sender, FIRE)

    assert sorted(states(world)) == [
        "planned",
        "planned",
        "planned",
        "planned",
        "planned",
        "sending",
    ]
    assert world.app.wakeup.wait(0), "our page is due now, and nobody else knows"
