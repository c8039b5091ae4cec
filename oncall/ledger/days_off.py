"""Days off: asked for, reserved, decided, cancelled, taken. One transaction each; nobody decides their own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from oncall import rota, timeline
from oncall.app import App
from oncall.errors import NotAllowed, NotFound
from oncall.ledger import asking, book, lots, requests, telling, terms
from oncall.ledger.asking import Absence, Refusal, Refused, Wish
from oncall.ledger.book import Draft
from oncall.ledger.entries import Kind
from oncall.ledger.lots import Booking
from oncall.ledger.requests import Request
from oncall.policy.comp_days import CompDays
from oncall.roster import is_employed
from oncall.tables import DayOff
from rotations.schedule import HOLDER

LEAVE = "comp_day"
_A_YEAR = timedelta(days=366)


def ask(session: Session, app: App, wish: Wish, now: datetime) -> Request:
    """Ask for days off and reserve them; raises `Refused` with the reason.

    Without anybody to ask (`approval.by: nobody`) it is approved at once.
    """
    policy = app.shelf.current
    rules = _rules(app)
    own = terms.own(policy, wish.person)
    person = policy.people.get(wish.person)
    if not own.earns or person is None:
        raise Refused(Refusal.NO_COMP_DAYS)
    asking.refuse_odd_amount(wish.amount, rules.book_in_steps_of)
    hours = asking.absence(wish, partial(terms.workday, policy, wish.person), own.zone)
    asking.refuse_date(wish.day, hours, now, notice=rules.approval.notice, zone=own.zone)
    if not is_employed(person, hours.last):
        raise Refused(Refusal.HAS_LEFT, day=person.until)
    book.hold(session, wish.person, now)
    _refuse_clashes(session, app, wish.person, hours)
    asking.refuse_overdraft(
        book.purse(session, wish.person),
        requests.booked(session, wish.person),
        Booking(hours.last, wish.amount),
        lowest=own.limits.lowest_balance,
        has_week_ahead=_has_week_ahead(session, app, wish.person, now),
    )
    return _store(session, app, wish, hours, now)


def decide(
    session: Session, app: App, request_id: int, *, yes: bool, by: str, now: datetime, why: str = ""
) -> Request:
    """Say yes or no to a request as `by`; raises `NotFound`, `NotAllowed`, or `Refused` when hours clash by now.

    A request that is decided already stays as it is.
    """
    row = _held(session, request_id)
    if not terms.may_decide(app.shelf.current, by, row.person, _today(app, row.person, now)):
        raise NotAllowed(by)
    if row.state != "asked":
        return requests.value_of(row)
    if not yes:
        _end(session, app, row, "refused", by=by, now=now, why=why)
        why = why.rstrip(". ") or "-"
        telling.tell(session, app, row.person, "day-off-refused", now=now, why=why, **_facts(row))
        return requests.value_of(row)
    return approve(session, app, row, by=by, now=now)


def approve(session: Session, app: App, row: DayOff, *, by: str, now: datetime) -> Request:
    """Grant a held request: it becomes leave and the person is told; raises `Refused` when they hold the phone then."""
    # A cover agreed on between the look and the leave would leave the phone with somebody away.
    rota.lock(session)
    _refuse_duty(
        session, app, row.person, Absence(row.first_day, row.last_day, row.starts_at, row.ends_at)
    )
    row.leave_id = rota.add_leave(
        session,
        row.person,
        (row.starts_at, row.ends_at),
        actor=by or row.person,
        now=now,
        kind=LEAVE,
    )
    _end(session, app, row, "approved", by=by, now=now)
    left = requests.available(session, row.person)
    telling.tell(session, app, row.person, "day-off-approved", now=now, balance=left, **_facts(row))
    return requests.value_of(row)


def approve_by_silence(session: Session, app: App, row: DayOff, now: datetime) -> None:
    """Grant a held request that nobody answered in time, and say so to those who were asked; raises `Refused`."""
    approve(session, app, row, by="", now=now)
    for lead in terms.deciders(app.shelf.current, row.person, _today(app, row.person, now)):
        telling.tell(
            session, app, lead, "day-off-by-silence", now=now, name=row.person,
            **{**_facts(row), "path": telling.TEAM_PAGE},
        )  # fmt: skip


def cancel(session: Session, app: App, request_id: int, *, by: str, now: datetime) -> Request:
    """Give days off back before they begin; raises `NotFound`, `NotAllowed`, or `Refused` once the day has begun."""
    row = _held(session, request_id)
    if row.person != by:
        raise NotAllowed(by)
    if row.state not in requests.RESERVED:
        return requests.value_of(row)
    if row.starts_at <= now:
        raise Refused(Refusal.PAST, day=row.first_day)
    was_approved = row.state == "approved"
    if row.leave_id is not None:
        rota.cancel_leave(session, row.leave_id, actor=by, now=now)
    _end(session, app, row, "cancelled", by=by, now=now)
    if was_approved:
        for lead in terms.deciders(app.shelf.current, by, _today(app, by, now)):
            telling.tell(
                session, app, lead, "day-off-cancelled", now=now, name=by,
                **{**_facts(row), "path": telling.TEAM_PAGE},
            )  # fmt: skip
    return requests.value_of(row)


def begin(session: Session, app: App, row: DayOff, now: datetime) -> None:
    """Take an approved request out of the balance as its first day begins; an undecided one lapses."""
    if row.state == "asked":
        _end(session, app, row, "lapsed", by="", now=now)
        telling.tell(session, app, row.person, "day-off-lapsed", now=now, **_facts(row))
        return
    own = terms.own(app.shelf.current, row.person)
    book.hold(session, row.person, now)
    purse = book.purse(session, row.person)
    ends = {lot.key: lot.ends for lot in purse.lots}
    uses = lots.spend(purse, Booking(row.last_day, row.amount))
    drafts = [
        Draft(
            key=f"taken:{row.id}:{lot}",
            person=row.person,
            name=own.name,
            amount=-amount,
            kind=Kind.TAKEN,
            lot=lot,
            expires=ends.get(lot),
            rule_version=app.shelf.current_id(),
            actor=row.decided_by,
            day=row.first_day,
            facts={"request": row.id, "last": row.last_day.isoformat(), "half": row.half},
        )
        for lot, amount in uses
    ]
    book.write(session, drafts, now)
    row.state = "taken"


def _refuse_clashes(session: Session, app: App, person: str, hours: Absence) -> None:
    _refuse_duty(session, app, person, hours)
    off = [one for one in requests.between(session, hours.start, hours.end) if one.person == person]
    if off:
        raise Refused(Refusal.ALREADY_OFF, day=off[0].first)
    _refuse_empty_team(session, app, person, hours)


def _refuse_duty(session: Session, app: App, person: str, hours: Absence) -> None:
    roster = rota.roster_at(session, app.shelf.current)
    for shift in roster.final_schedule(hours.start, hours.end):
        if shift.person == person and shift.role == HOLDER:
            raise Refused(Refusal.ON_DUTY, start=shift.start, end=shift.end, day=hours.first)


def _refuse_empty_team(session: Session, app: App, person: str, hours: Absence) -> None:
    """Somebody of each rotation must stay who could step in."""
    away = {one.person for one in rota.leaves(session, hours.start, hours.end)}
    away |= {one.person for one in requests.between(session, hours.start, hours.end)}
    for rotation in app.shelf.current.rotations.values():
        others = tuple(dict.fromkeys(name for name in rotation.order if name != person))
        if person in rotation.order and others and set(others) <= away:
            raise Refused(Refusal.NOBODY_LEFT, day=hours.first, names=others)


def _has_week_ahead(session: Session, app: App, person: str, now: datetime) -> bool:
    roster = rota.roster_at(session, app.shelf.current)
    published = [turn for turns in roster.laid.published.values() for turn in turns]
    coming = {(turn.start, turn.end) for turn in published if turn.start > now}
    return any(
        shift.person == person
        and shift.role == HOLDER
        and (shift.turn_start, shift.turn_end) in coming
        for shift in roster.final_schedule(now, now + _A_YEAR)
    )


def _store(session: Session, app: App, wish: Wish, hours: Absence, now: datetime) -> Request:
    policy, approval = app.shelf.current, _rules(app).approval
    today = _today(app, wish.person, now)
    asked = terms.deciders(policy, wish.person, today)
    silence = asking.silence_at(now, hours.start, approval.automatic_after) if asked else None
    row = DayOff(
        person=wish.person,
        asked_at=now,
        amount=wish.amount,
        first_day=hours.first,
        last_day=hours.last,
        half=wish.half if wish.amount % 1000 else "",
        starts_at=hours.start,
        ends_at=hours.end,
        note=wish.note.strip(),
        state="asked",
        decide_at=silence,
        decided_by="",
        answer="",
    )
    session.add(row)
    session.flush()
    timeline.audit(session, now, wish.person, "day_off.asked", request=row.id, amount=row.amount)
    if approval.by == "nobody":
        return approve(session, app, row, by="", now=now)
    for lead in asked:
        telling.tell(
            session, app, lead, "day-off-asked", now=now, name=wish.person, days=row.amount,
            until=silence or "", **{**_facts(row), "path": telling.TEAM_PAGE},
        )  # fmt: skip
    return requests.value_of(row)


def _end(
    session: Session, app: App, row: DayOff, state: str, *, by: str, now: datetime, why: str = ""
) -> None:
    row.state, row.decided_at, row.decided_by, row.answer = state, now, by, why.strip()
    row.decide_at = None
    session.flush()
    timeline.audit(session, now, by, f"day_off.{state}", request=row.id, person=row.person)


def _held(session: Session, request_id: int) -> DayOff:
    row = session.get(DayOff, request_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"there is no request {request_id}")
    return row


def _facts(row: DayOff) -> dict[str, Any]:
    return {"day": row.first_day, "last": row.last_day if row.last_day != row.first_day else ""}


def _rules(app: App) -> CompDays:
    rules = app.shelf.current.comp_days
    if rules is None:
        raise Refused(Refusal.NO_COMP_DAYS)
    return rules


def _today(app: App, person: str, now: datetime) -> date:
    return now.astimezone(terms.own(app.shelf.current, person).zone).date()
