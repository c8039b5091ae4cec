"""The second book: who may start late after a broken night, kept and told to the person and the lead. Banks nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.ledger import answers, rest, telling, terms
from oncall.ledger.answers import Answered
from oncall.ledger.extras import night_of
from oncall.ledger.terms import Own
from oncall.roster import Roster
from oncall.tables import Event, Rest

LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class LateStart:
    """One line of the second book."""

    person: str
    night: date
    last_at: datetime
    until: datetime
    late_minutes: int


def newest_event(session: Session) -> int:
    """Return the id of the newest line of any timeline: nothing new there, no new rest."""
    return session.scalar(select(func.max(Event.id))) or 0


def keep(session: Session, app: App, now: datetime) -> datetime | None:
    """Write down the rest after the nights just past and tell who rests; return when an unsolved night ends."""
    roster = rota.roster_at(session, app.shelf.current)
    by_person: dict[str, list[Answered]] = {}
    for one in answers.with_tickets(session, now - LOOK_BACK, now + timedelta(seconds=1)):
        by_person.setdefault(one.person, []).append(one)
    waits: list[datetime] = []
    for person, answered in by_person.items():
        own = terms.own(app.shelf.current, person)
        if own.rest.hours and person in app.shelf.current.people:
            waits += _keep_of(session, app, roster, (person, own, answered), now)
    return min(waits, default=None)


def late_starts(session: Session, person: str | None, since: date) -> tuple[LateStart, ...]:
    """Return the late starts after nights from `since` on, of one person or of everybody, the newest first."""
    wanted = select(Rest).where(Rest.night >= since, Rest.late_minutes > 0)
    if person is not None:
        wanted = wanted.where(Rest.person == person)
    return tuple(
        LateStart(row.person, row.night, row.last_at, row.until, row.late_minutes)
        for row in session.scalars(wanted.order_by(Rest.night.desc(), Rest.person))
    )


def _keep_of(
    session: Session,
    app: App,
    roster: Roster,
    whose: tuple[str, Own, list[Answered]],
    now: datetime,
) -> Iterable[datetime]:
    person, own, answered = whose
    window = (own.night.begin, own.night.end)
    for found in rest.rests_of(
        (rest.Wake(one.at, one.solved_at) for one in answered),
        own.zone,
        window,
        timedelta(hours=own.rest.hours),
        from_solved=own.rest.since == "last_page_solved",
    ):
        over_at = rest.night_end(found.night, own.zone, window)
        of_night = [one for one in answered if night_of(one.at, own.zone, window) == found.night]
        if now < over_at and _is_at_work(of_night):
            yield over_at
            continue
        late = rest.late_minutes(found, roster.next_opening(over_at))
        _write(session, app, person, (found, late), now)


def _is_at_work(answered: list[Answered]) -> bool:
    return any(one.solved_at is None for one in answered)


def _write(
    session: Session, app: App, person: str, what: tuple[rest.Rest, int], now: datetime
) -> None:
    found, late = what
    row = session.get(Rest, (person, found.night), with_for_update=True)
    if row is None:
        row = Rest(
            person=person,
            night=found.night,
            last_at=found.last_at,
            until=found.until,
            late_minutes=late,
        )
        session.add(row)
    row.last_at, row.until, row.late_minutes = found.last_at, found.until, late
    if late and row.told_until != found.until and now < found.until:
        row.told_until = found.until
        _tell(session, app, person, found.until, now)
    session.flush()


def _tell(session: Session, app: App, person: str, until: datetime, now: datetime) -> None:
    # They were awake a moment ago, and may now turn off the alarm.
    telling.tell(session, app, person, "late-start", now=now, at_once=True, until=until)
    own = terms.own(app.shelf.current, person)
    for lead in terms.deciders(app.shelf.current, person, now.astimezone(own.zone).date()):
        telling.tell(session, app, lead, "late-start-lead", now=now, name=person, until=until)
