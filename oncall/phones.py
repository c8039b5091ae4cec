"""What lies on the simulated phones of the demo, in the order it arrived. Rings nobody and moves no ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifiers.simulator import Screen, SimulatedCall
from oncall import rota, story
from oncall.app import App
from oncall.board import Someone, someone
from oncall.roster import Roster
from oncall.story import TicketStory
from oncall.tables import InboundText, Ticket

NEWEST = 30
"""So many messages are shown per phone."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing on a screen: `text` and `mail` came in, `sent` went out, `call` is one that is over."""

    kind: str
    at: datetime
    text: str
    sender: str = ""
    subject: str = ""
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Phone:
    """One person's phone."""

    owner: Someone
    email: str
    language: str
    holds: bool
    is_backup: bool
    bubbles: tuple[Bubble, ...]
    calls: tuple[SimulatedCall, ...]
    """Calls that ring or are being spoken in."""


def all_phones(session: Session, app: App, now: datetime) -> tuple[Phone, ...]:
    """Return the phone of everybody in the policy file; empty without the simulator."""
    if app.simulator is None:
        return ()
    policy = app.shelf.current
    holders, backups = _on_duty(rota.roster_at(session, policy), now)
    found = []
    for short, person in policy.people.items():
        screen = app.simulator.screen(person.phone or "")
        mails = app.simulator.screen(person.email or "")
        bubbles = [*_incoming(screen), *_mails(mails), *_sent(session, person.phone)]
        found.append(
            Phone(
                owner=someone(policy, short),
                email=person.email or "",
                language=policy.language_of(short),
                holds=short in holders,
                is_backup=short in backups,
                bubbles=tuple(sorted(bubbles, key=lambda bubble: bubble.at)[-NEWEST:]),
                calls=tuple(call for call in screen.calls if call.state != "ended"),
            )
        )
    return tuple(found)


def ticket_in_play(session: Session, app: App, now: datetime) -> TicketStory | None:
    """Return the story of the newest ticket, None while there is none."""
    newest = session.scalar(select(Ticket.id).order_by(Ticket.id.desc()).limit(1))
    return None if newest is None else story.of_ticket(session, app, newest, now)


def _on_duty(roster: Roster, now: datetime) -> tuple[set[str], set[str]]:
    watches = [roster.watch_at(name, now) for name in roster.policy.rotations]
    return (
        {watch.holder for watch in watches if watch and watch.holder},
        {watch.backup for watch in watches if watch and watch.backup},
    )


def _incoming(screen: Screen) -> list[Bubble]:
    texts = [
        Bubble("text", text.at, text.text, sender=text.sender, parts=text.parts)
        for text in screen.texts
    ]
    return texts + [
        Bubble("call", call.at, call.ended) for call in screen.calls if call.state == "ended"
    ]


def _mails(screen: Screen) -> list[Bubble]:
    return [Bubble("mail", mail.at, mail.text, subject=mail.subject) for mail in screen.mails]


def _sent(session: Session, phone: str | None) -> list[Bubble]:
    rows = session.scalars(
        select(InboundText)
        .where(InboundText.sender == phone)
        .order_by(InboundText.id.desc())
        .limit(NEWEST)
    )
    return [Bubble("sent", row.at, row.text) for row in rows]
