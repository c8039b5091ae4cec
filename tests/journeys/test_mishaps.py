"""What a night survives: people who leave the file, answers that get lost, calls nobody needs any more."""

from __future__ import annotations

import re
from datetime import timedelta

from oncall import paging, sending, tickets
from oncall.sending import Claim
from oncall.tickets import NewTicket
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
