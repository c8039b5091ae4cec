"""What the pages about days show, as frozen values. Changes nothing; no database object leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.board import Someone
from oncall.ledger import asking, book, coming, expiring, lots, requests, resting, terms
from oncall.ledger.coming import Coming
from oncall.ledger.entries import Entry
from oncall.ledger.expiring import Ended
from oncall.ledger.lots import Lot
from oncall.ledger.requests import Request
from oncall.ledger.resting import LateStart
from oncall.policy.model import Policy
from rotations.schedule import HOLDER

LATE_STARTS_FOR = timedelta(days=14)
TEAM_AHEAD = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class MyDays:
    """Everything "My days" says; amounts in milli-days."""

    person: str
    earns: bool
    kind: str
    balance: int
    reserved: int
    lots: tuple[Lot, ...]
    """What is left in each after what is reserved, the first to end first."""
    coming: tuple[Coming, ...]
    requests: tuple[Request, ...]
    """Asked or approved and not begun, the next first."""
    past: tuple[Request, ...]
    history: tuple[Entry, ...]
    """The newest first."""
    late_starts: tuple[LateStart, ...]
    step: int
    lowest: int
    highest: int | None
    first_day: date
    """The first day that can be asked for."""
    deciders: tuple[Someone, ...]

    @property
    def available(self) -> int:
        """What can still be asked for."""
        return self.balance - self.reserved


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """One turn of a rotation and who has a day off in it."""

    rotation: str
    start: datetime
    end: datetime
    holders: tuple[Someone, ...]
    off: tuple[tuple[Someone, Request], ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request somebody has to decide, with what may stand against it."""

    request: Request
    who: Someone
    also_off: tuple[Someone, ...]
    asked: tuple[Someone, ...]
    may_decide: bool


@dataclass(frozen=True, slots=True)
class TeamDays:
    """Everything "Team days" says."""

    waiting: tuple[Waiting, ...]
    weeks: tuple[TeamWeek, ...]
    late_starts: tuple[tuple[Someone, LateStart], ...]
    balances: tuple[tuple[Someone, int, int], ...]
    """(person, balance, reserved) of everybody who has a book."""

    @property
    def has_many_phones(self) -> bool:
        """Whether the weeks are of more than one rotation."""
        return len({week.rotation for week in self.weeks}) > 1


@dataclass(frozen=True, slots=True)
class AdminLine:
    """One book on the admin's page."""

    who: Someone
    balance: int
    reserved: int
    has_left: bool
    is_high: bool


@dataclass(frozen=True, slots=True)
class AdminBoard:
    """Everything the ledger's admin page says."""

    lines: tuple[AdminLine, ...]
    ended: tuple[Ended, ...]


def my_days(session: Session, app: App, person: str, now: datetime) -> MyDays:
    """Return the page of `person`."""
    policy = app.shelf.current
    own = terms.own(policy, person)
    entries = book.entries_of(session, person)
    purse, booked = lots.purse_of(entries), requests.booked(session, person)
    asked = requests.of_person(session, person)
    today = now.astimezone(own.zone).date()
    rules = policy.comp_days or terms.NOTHING
    return MyDays(
        person=person,
        earns=own.earns,
        kind=own.kind,
        balance=purse.balance,
        reserved=sum(one.amount for one in booked),
        lots=lots.after(purse, booked).lots,
        coming=coming.coming_to(session, app, person, now),
        requests=tuple(one for one in reversed(asked) if one.state in requests.RESERVED),
        past=tuple(one for one in asked if one.state not in requests.RESERVED),
        history=tuple(reversed(entries)),
        late_starts=resting.late_starts(session, person, (now - LATE_STARTS_FOR).date()),
        step=rules.book_in_steps_of,
        lowest=own.limits.lowest_balance,
        highest=own.limits.highest_balance,
        first_day=asking.first_day(now + rules.approval.notice, own.zone),
        deciders=someones(policy, terms.deciders(policy, person, today)),
    )


def team_days(session: Session, app: App, reader: str, now: datetime) -> TeamDays:
    """Return the page of days off against the rota, as `reader` may see and decide it."""
    policy = app.shelf.current
    until = now + TEAM_AHEAD
    off = requests.between(session, now, until, states=("approved", "taken"))
    asked = requests.between(session, now, now + asking.FURTHEST, states=("asked",))
    late = resting.late_starts(session, None, (now - timedelta(days=1)).date())
    return TeamDays(
        waiting=tuple(_waiting(session, policy, reader, one, now) for one in asked),
        weeks=_weeks(session, policy, off, (now, until)),
        late_starts=tuple((someone(policy, one.person), one) for one in late if one.until > now),
        balances=tuple(
            (line.who, line.balance, line.reserved) for line in _lines(session, policy, now)
        ),
    )


def admin(session: Session, app: App, now: datetime) -> AdminBoard:
    """Return every book and everything that ran out and waits for a decision."""
    return AdminBoard(_lines(session, app.shelf.current, now), expiring.preview(session, app, now))


def someone(policy: Policy, person: str, name: str = "") -> Someone:
    """Return a person as a page shows them; one who left the policy file by the `name` they had."""
    known = policy.people.get(person)
    return Someone(person, known.name if known else name or person, known.phone if known else None)


def someones(policy: Policy, people: tuple[str, ...]) -> tuple[Someone, ...]:
    """Return several people as a page shows them."""
    return tuple(someone(policy, person) for person in people)


def _lines(session: Session, policy: Policy, now: datetime) -> tuple[AdminLine, ...]:
    books = book.balances(session)
    booked = requests.booked_by_person(session)
    earning = [name for name in policy.people if terms.own(policy, name).earns]
    found = []
    for person in dict.fromkeys((*earning, *books)):
        name, balance = books.get(person, ("", 0))
        own = terms.own(policy, person)
        most = own.limits.highest_balance
        found.append(
            AdminLine(
                someone(policy, person, name),
                balance,
                booked.get(person, 0),
                _has_left(policy, person, now.astimezone(own.zone).date()),
                most is not None and balance > most,
            )
        )
    return tuple(found)


def _waiting(
    session: Session, policy: Policy, reader: str, request: Request, now: datetime
) -> Waiting:
    beside = {
        one.person
        for one in requests.between(session, request.start, request.end)
        if one.person != request.person
    }
    beside |= {
        one.person
        for one in rota.leaves(session, request.start, request.end)
        if one.person != request.person
    }
    today = now.astimezone(terms.own(policy, request.person).zone).date()
    return Waiting(
        request,
        someone(policy, request.person),
        someones(policy, tuple(sorted(beside))),
        someones(policy, terms.deciders(policy, request.person, today)),
        terms.may_decide(policy, reader, request.person, today),
    )


def _weeks(
    session: Session,
    policy: Policy,
    off: tuple[Request, ...],
    span: tuple[datetime, datetime],
) -> tuple[TeamWeek, ...]:
    roster = rota.roster_at(session, policy)
    found = []
    for name in policy.rotations:
        shifts = roster.final_schedule(*span, name)
        for turn in roster.turns(name, *span):
            here = tuple(one for one in off if one.start < turn.end and one.end > turn.start)
            holders = dict.fromkeys(
                shift.person
                for shift in shifts
                if shift.role == HOLDER and shift.turn_start == turn.start
            )
            found.append(
                TeamWeek(
                    name,
                    turn.start,
                    turn.end,
                    someones(policy, tuple(holders)),
                    tuple((someone(policy, one.person), one) for one in here),
                )
            )
    return tuple(sorted(found, key=lambda week: (week.start, week.rotation)))


def _has_left(policy: Policy, person: str, today: date) -> bool:
    known = policy.people.get(person)
    return known is None or (known.until is not None and known.until < today)
