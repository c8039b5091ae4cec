"""How ready people are for the turns that come, as the pages show it. Reads only; the rules are in `readiness`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import messages, number_checks, rota
from oncall.app import App
from oncall.board import Someone, someone
from oncall.readiness import Facts, Readiness, readiness
from oncall.roster import Roster
from oncall.tables import Contact, Page, PhoneTest
from rotations.schedule import BACKUP, HOLDER, Shift

OPTED_OUT = "21610"
"""Twilio's code for somebody who texted STOP (https://www.twilio.com/docs/api/errors/21610)."""
NEXT_TURNS = 2
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's light, with the shift it is about (None: no shift comes within a year)."""

    person: Someone
    ready: Readiness
    verified: bool
    tested_at: datetime | None
    card_saved: bool
    shift: Shift | None


@dataclass(frozen=True, slots=True)
class Watched:
    """One of the next shifts of a rotation, with how ready its holder is."""

    rotation: str
    start: datetime
    end: datetime
    standing: Standing
    is_now: bool


def of_person(session: Session, app: App, person: str, now: datetime) -> Standing:
    """Return how ready `person` is for the shift that runs or comes next."""
    roster = rota.roster_at(session, app.shelf.current)
    shift = current_or_next(roster, person, now)
    return _standings(session, app, roster, [(person, shift)], now)[0]


def next_turns(session: Session, app: App, now: datetime) -> tuple[Watched, ...]:
    """Return, per rotation, the shift that runs and the next ones, with how ready each holder is."""
    roster = rota.roster_at(session, app.shelf.current)
    shifts = [shift for name in app.shelf.current.rotations for shift in _coming(roster, name, now)]
    standings = _standings(session, app, roster, [(shift.person, shift) for shift in shifts], now)
    return tuple(
        Watched(shift.rotation, shift.start, shift.end, standing, shift.start <= now)
        for shift, standing in zip(shifts, standings, strict=True)
    )


def everybody(session: Session, app: App, now: datetime) -> tuple[Standing, ...]:
    """Return how ready everybody is who may ever be rung by a rotation, each for their own next shift."""
    policy = app.shelf.current
    roster = rota.roster_at(session, policy)
    people = dict.fromkeys(person for name in policy.rotations for person in roster.crew(name))
    nearest = _nearest(roster, people, now)
    pairs = [(person, nearest.get(person)) for person in people]
    return _standings(session, app, roster, pairs, now)


def current_or_next(roster: Roster, person: str, now: datetime) -> Shift | None:
    """Return the shift `person` holds now, else their next one."""
    for name in roster.policy.rotations:
        shift = roster.holder_at(name, now)
        if shift is not None and shift.person == person:
            return shift
    return roster.next_shift_of(person, now)


def _coming(roster: Roster, rotation: str, now: datetime) -> list[Shift]:
    found = [
        shift for shift in roster.final_schedule(now, now + AHEAD, rotation) if shift.role == HOLDER
    ]
    running = sum(shift.start <= now for shift in found)
    return found[: running + NEXT_TURNS]


def _nearest(roster: Roster, people: Iterable[str], now: datetime) -> dict[str, Shift]:
    """Return the next shift of everybody, read once for all."""
    wanted = set(people)
    found: dict[str, Shift] = {}
    for shift in sorted(
        roster.final_schedule(now, now + timedelta(days=366)), key=lambda one: one.start
    ):
        if shift.role == HOLDER and shift.person in wanted:
            found.setdefault(shift.person, shift)
    return found


def _standings(
    session: Session,
    app: App,
    roster: Roster,
    pairs: Sequence[tuple[str, Shift | None]],
    now: datetime,
) -> tuple[Standing, ...]:
    people = tuple(dict.fromkeys(person for person, _ in pairs))
    since = min((shift.start for _, shift in pairs if shift), default=now)
    known = _Known(session, app, people, since)
    return tuple(known.standing(roster, person, shift, now) for person, shift in pairs)


class _Known:
    """What the database knows about some people, asked in a constant number of questions."""

    def __init__(
        self, session: Session, app: App, people: tuple[str, ...], since: datetime
    ) -> None:
        self.app = app
        self.policy = app.shelf.current
        self.verified = number_checks.verified(session, self.policy, people)
        self.cards = frozenset(
            session.scalars(
                select(Contact.person).where(
                    Contact.person.in_(people), Contact.card_saved_at.is_not(None)
                )
            )
        )
        self.tested = _last_answers(session, people)
        self.tests = _shift_tests(session, people, since)
        self.opted_out = _opted_out(session, self.policy.people, people)

    def standing(self, roster: Roster, person: str, shift: Shift | None, now: datetime) -> Standing:
        test = self.tests.get((person, shift.rotation, shift.start)) if shift else None
        has_backup = shift is None or _has_backup(roster, shift, now)
        facts = Facts(
            channels=self._channels(person),
            has_phone=bool(self.policy.people[person].phone),
            is_verified=person in self.verified,
            is_opted_out=person in self.opted_out,
            card_saved=person in self.cards,
            tested_at=self.tested.get(person),
            shift_start=shift.start if shift else None,
            has_backup=has_backup,
            test_sent=test is not None,
            test_answered=test is not None and test.answered_at is not None,
            is_away=shift is not None and _is_away(roster, shift, now),
        )
        return Standing(
            someone(self.policy, person),
            readiness(facts, now),
            facts.is_verified,
            facts.tested_at,
            facts.card_saved,
            shift,
        )

    def _channels(self, person: str) -> int:
        ladder = self.policy.people[person].notify.urgent
        return len(
            {
                rung.channel
                for rung in ladder
                if rung.channel in self.app.notifiers
                and messages.address_of(self.policy, person, rung.channel)
            }
        )


def _last_answers(session: Session, people: tuple[str, ...]) -> dict[str, datetime]:
    """Return when each person answered a test last."""
    found = session.execute(
        select(PhoneTest.person, func.max(PhoneTest.answered_at))
        .where(PhoneTest.person.in_(people), PhoneTest.answered_at.is_not(None))
        .group_by(PhoneTest.person)
    )
    return {person: at for person, at in found if at is not None}


def _shift_tests(
    session: Session, people: tuple[str, ...], since: datetime
) -> dict[tuple[str, str, datetime], PhoneTest]:
    rows = session.scalars(
        select(PhoneTest).where(PhoneTest.person.in_(people), PhoneTest.starts_at >= since)
    )
    return {(row.person, row.rotation, row.starts_at): row for row in rows if row.starts_at}


def _opted_out(session: Session, known: Mapping[str, Any], people: tuple[str, ...]) -> set[str]:
    """Return whose number refused our texts: the last one that left for it came back as opted out."""
    newest = (
        select(func.max(Page.id))
        .where(
            Page.person.in_(people),
            Page.channel == Channel.SMS.value,
            Page.state.in_(("accepted", "refused")),
        )
        .group_by(Page.person)
    )
    rows = session.execute(
        select(Page.person, Page.address, Page.error_code).where(Page.id.in_(newest))
    )
    return {
        row.person
        for row in rows
        if row.error_code == OPTED_OUT and row.address == known[row.person].phone
    }


def _has_backup(roster: Roster, shift: Shift, now: datetime) -> bool:
    if roster.policy.rotations[shift.rotation].backup == "none":
        # Nobody was meant to stand behind: the ladder has its own next step.
        return True
    return roster.holder_at(shift.rotation, max(shift.start, now), BACKUP) is not None


def _is_away(roster: Roster, shift: Shift, now: datetime) -> bool:
    return any(
        start < shift.end and max(shift.start, now) < end
        for start, end in roster.laid.leave.get(shift.person, ())
    )
