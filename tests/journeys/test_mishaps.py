"""What a night survives: people who leave the file, answers that get lost, calls nobody needs any more."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from notifiers.base import NotifierError
from oncall import paging, pulse, sending, settling, tickets
from oncall.claims import Claim, Outcome
from oncall.tables import Page, Ticket
from oncall.tickets import NewTicket, Verb, Via
from tests.world import EXAMPLE, World, a_world

EXAMPLE_TEXT = EXAMPLE.read_text(encoding="utf-8")
WITHOUT_ANA = re.sub(r"  ana:\n(    .*\n)+", "", EXAMPLE_TEXT).replace("[ana, ", "[")


def claimed(world: World) -> tuple[int, Claim]:
    """Open a ticket and claim its first page, as an engine does that then falls over."""
    with world.app.sessions.begin() as session:
        new = NewTicket(source="helpdesk", subject="Door system down, guests locked out")
        ticket = tickets.open_ticket(session, world.app, new).ticket_id
        paging.plan(session, world.app, world.clock())
        [claim] = sending.claim(session, world.app, world.clock(), limit=8)
    return ticket, claim


def test_somebody_who_left_the_file_while_a_page_was_on_its_way_stops_nobody_else(
    database_url: str,
) -> None:
    with a_world(database_url) as before:
        ticket, _ = claimed(before)
        restart = before.clock() + timedelta(minutes=1)

    with a_world(database_url, text=WITHOUT_ANA, at=restart) as world:
        other = world.ticket("Fire")
        world.forward(minutes=8)

        assert (0, "bora", "sms") in world.minutes_of_pages(other)
        # A ticket keeps the rules it started with, and so the people in them.
        assert (1, "ana", "sms") in world.minutes_of_pages(ticket)
        assert (1, "ana", "call") in world.minutes_of_pages(ticket)


def test_a_ticket_that_cannot_be_planned_keeps_no_other_waiting_and_is_noticed(
    world: World,
) -> None:
    broken, _ = claimed(world)
    with world.app.sessions.begin() as session:
        # As a hand in the database, or a fault of ours, may leave it: its next page is there already.
        session.get_one(Ticket, broken).step = 0
        session.get_one(Ticket, broken).due_at = world.clock()
        other = tickets.open_ticket(session, world.app, NewTicket("helpdesk", "Fire")).ticket_id

    for _ in range(2):
        world.engine.run_once()
    world.clock.forward(timedelta(minutes=2))

    assert (0, "ana", "sms") in world.minutes_of_pages(other)
    assert "tickets" in [c.name for c in pulse.checks(world.app, world.clock()) if not c.ok]


def test_a_page_that_cannot_be_worded_is_refused_and_keeps_no_other_waiting(world: World) -> None:
    broken = world.ticket()
    with world.app.sessions.begin() as session:
        call = session.scalars(select(Page).where(Page.state == "planned").limit(1)).one()
        call.fact = {"next_time": "never"}

    world.forward(minutes=1)

    assert "page_refused" in [kind for kind, _ in world.story(broken)]
    assert world.ringing("ana")


def test_a_page_that_a_report_proves_sent_is_not_sent_again_after_a_crash(world: World) -> None:
    ticket, claim = claimed(world)
    sending.deliver(world.app, claim)

    world.forward(minutes=0.9)

    assert len(world.texts("ana")) == 1
    assert world.minutes_of_pages(ticket) == [(0, "ana", "sms")]


def test_a_reply_to_a_text_whose_receipt_got_lost_takes_the_ticket(world: World) -> None:
    ticket, claim = claimed(world)
    lost = NotifierError("Twilio did not answer", permanent=False, unknown=True)
    with world.app.sessions.begin() as session:
        settling.settle(session, world.app, Outcome(claim, lost), world.clock())

    world.reply("ana", "1")

    assert world.state(ticket) == ("acknowledged", "ana")


def test_a_call_whose_receipt_got_lost_is_hung_up_when_a_colleague_takes_the_ticket(
    world: World,
) -> None:
    ticket = world.ticket()
    world.clock.forward(timedelta(minutes=1))
    with world.app.sessions.begin() as session:
        [claim] = sending.claim(session, world.app, world.clock(), limit=8)
    sending.deliver(world.app, claim)
    lost = NotifierError("Twilio did not answer", permanent=False, unknown=True)
    with world.app.sessions.begin() as session:
        settling.settle(session, world.app, Outcome(claim, lost), world.clock())

    # The call is taken for unsent here; its first report comes after.
    with world.app.sessions.begin() as session:
        tickets.act(session, world.app, ticket, Verb.TAKE, by="maria", via=Via.WEB)
    world.engine.run_until_quiet()

    assert world.calls("ana")[-1].ended == "cancelled"


def test_a_page_that_ends_its_sender_every_time_is_given_up_at_last(world: World) -> None:
    ticket, _ = claimed(world)

    for _ in range(sending.MOST_FALLS + 2):
        world.clock.forward(sending.LEASE)
        with world.app.sessions.begin() as session:
            sending.claim(session, world.app, world.clock(), limit=1)

    text = world.pages(ticket)[0]
    assert (text.state, text.falls) == ("refused", sending.MOST_FALLS)
    assert ("page_refused", "ana") in world.story(ticket)


def test_after_a_standstill_one_phone_is_still_rung_by_one_call_at_a_time(world: World) -> None:
    for subject in ("Fire in the kitchen", "Fire in the cellar"):
        with world.app.sessions.begin() as session:
            tickets.open_ticket(session, world.app, NewTicket(source="helpdesk", subject=subject))
    with world.app.sessions.begin() as session:
        paging.plan(session, world.app, world.clock())
    # The engine stands still until the first calls are late; the ladder's next step is not due yet.
    world.clock.move_to(world.clock() + timedelta(minutes=6))

    world.engine.run_until_quiet()

    assert len([call for call in world.calls("ana") if call.state == "ringing"]) == 1
