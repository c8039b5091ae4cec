"""Requests as the pages show them, as frozen values: what is asked, and what the reader may do. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import links, rota
from oncall.app import App
from oncall.board import Someone, someone
from oncall.errors import NotFound
from oncall.policy.model import Policy
from oncall.roster import Roster, Span, cadence_of
from oncall.swaps import rules, store
from oncall.swaps.gains import gains
from oncall.swaps.leads import is_lead
from oncall.swaps.rules import Concern, Take
from oncall.tables import RequestAnswer, ShiftRequest
from rotations.schedule import HOLDER, Shift
from rotations.wall import instant_of

TRADED_WITHIN = timedelta(weeks=26)
MOST_TRADES = 12
EVENING, MORNING = time(18), time(9)
"""What "one evening or night" means: from the evening of a day to the next morning."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person asked said: `asked` (nothing yet), `no`, `part` or `yes`."""

    person: Someone
    state: str
    part: Span | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Hours that would be given in return in a trade, with what speaks against them."""

    number: int
    owner: Someone
    hours: tuple[Span, ...]
    concerns: tuple[Concern, ...]
    gains: Mapping[str, int]
    """Milli-days it would bring each of both; empty without comp days."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request as one reader sees it; `may` holds the names of the deeds open to them."""

    id: int
    kind: str
    rotation: str
    asker: Someone
    made_by: Someone
    reason: str
    state: str
    hours: tuple[Span, ...]
    choices: tuple[Choice, ...]
    said: tuple[Said, ...]
    taker: Someone | None
    waits_for: str
    made_at: datetime
    expires_at: datetime
    decide_by: datetime | None
    undo_until: datetime | None
    why: str
    concerns: tuple[Concern, ...]
    """What speaks against the reader saying yes."""
    gains: Mapping[str, int]
    """Milli-days the reader's yes would bring each of both; empty without comp days."""
    may: frozenset[str]
    reader: Someone

    @property
    def silent(self) -> int:
        """How many have not answered."""
        return sum(one.state == "asked" for one in self.said)

    @property
    def refusals(self) -> int:
        """How many said no."""
        return sum(one.state == "no" for one in self.said)


@dataclass(frozen=True, slots=True)
class Evening:
    """One evening or night of a shift that can be given away by itself."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """A colleague's coming shift that could be had in a trade."""

    shift: Shift
    owner: Someone
    concerns: tuple[Concern, ...]


def view(session: Session, app: App, request_id: int, person: str, now: datetime) -> RequestView:
    """Return request `request_id` as `person` sees it; raises `NotFound`."""
    row = session.get(ShiftRequest, request_id)
    if row is None:
        raise NotFound("there is no such request")
    return _View(session, app, row, person, now).value()


def of_link(session: Session, app: App, letters: str, now: datetime) -> RequestView:
    """Return the request behind a link in a text, as the person it was sent to sees it; raises `NotFound`."""
    found = session.execute(
        select(RequestAnswer.request_id, RequestAnswer.person).where(
            RequestAnswer.link_digest == links.digest_of(letters)
        )
    ).first()
    if found is None or found.person not in app.shelf.current.people:
        raise NotFound("there is no such link")
    return view(session, app, found.request_id, found.person, now)


def waiting_for(session: Session, app: App, person: str, now: datetime) -> tuple[RequestView, ...]:
    """Return the living requests that wait for something `person` can do, or that they asked themselves."""
    asked = select(RequestAnswer.request_id).where(
        RequestAnswer.person == person, RequestAnswer.state == "asked"
    )
    rows = session.scalars(
        select(ShiftRequest).where(ShiftRequest.state.in_(store.LIVING)).order_by(ShiftRequest.id)
    ).all()
    open_to_me = set(session.scalars(asked))
    lead = is_lead(app.shelf.current, person)
    return tuple(
        _View(session, app, row, person, now).value()
        for row in rows
        if row.expires_at > now or row.state == "waiting"
        if row.asker == person
        or (row.state == "open" and row.id in open_to_me)
        or (row.waits_for == "lead" and lead and person not in (row.asker, row.taker))
    )


class _View:
    def __init__(
        self, session: Session, app: App, row: ShiftRequest, person: str, now: datetime
    ) -> None:
        self.session = session
        self.app = app
        self.policy: Policy = app.shelf.current
        self.roster: Roster = rota.roster_at(session, self.policy)
        self.row = row
        self.person = person
        self.now = now
        self.gives = store.gives(session, row.id)
        self.answers = session.scalars(
            select(RequestAnswer)
            .where(RequestAnswer.request_id == row.id)
            .order_by(RequestAnswer.id)
        ).all()

    def value(self) -> RequestView:
        row = self.row
        return RequestView(
            id=row.id,
            kind=row.kind,
            rotation=row.rotation,
            asker=self._someone(row.asker),
            made_by=self._someone(row.made_by),
            reason=row.reason,
            state="expired" if self._is_over() else row.state,
            hours=self.gives,
            choices=tuple(self._choices()),
            said=tuple(self._said(answer) for answer in self.answers),
            taker=self._someone(row.taker) if row.taker else None,
            waits_for=row.waits_for,
            made_at=row.made_at,
            expires_at=row.expires_at,
            decide_by=row.decide_by,
            undo_until=row.undo_until,
            why=row.why,
            concerns=self._concerns(),
            gains=self._gains(tuple(Take(self.person, hours) for hours in self.gives)),
            may=frozenset(self._may()),
            reader=self._someone(self.person),
        )

    def _is_over(self) -> bool:
        return self.row.state == "open" and self.row.expires_at <= self.now

    def _concerns(self) -> tuple[Concern, ...]:
        if self.row.kind == "trade" or not self._is_asked() or not self._can_judge():
            return ()
        takes = tuple(Take(self.person, hours) for hours in self.gives)
        return rules.concerns(self.roster, self.row.rotation, takes, self.now)

    def _can_judge(self) -> bool:
        return self.row.state == "open" and self.row.rotation in self.policy.rotations

    def _choices(self) -> Iterator[Choice]:
        for number, takes in store.choices(self.session, self.row.id).items():
            owner = takes[0].person
            found: tuple[Concern, ...] = ()
            crossed: tuple[Take, ...] = ()
            if self._can_judge():
                crossed = (
                    *(Take(owner, hours) for hours in self.gives),
                    *(Take(self.row.asker, take.hours) for take in takes),
                )
                found = rules.concerns(self.roster, self.row.rotation, crossed, self.now)
            yield Choice(
                number,
                self._someone(owner),
                tuple(take.hours for take in takes),
                found,
                self._gains(crossed) if crossed else {},
            )

    def _gains(self, takes: tuple[Take, ...]) -> Mapping[str, int]:
        is_not_asked = self.row.kind == "cover" and not self._is_asked()
        if is_not_asked or not self._can_judge():
            return {}
        return gains(self.session, self.app, self.row.rotation, takes)

    def _said(self, answer: RequestAnswer) -> Said:
        starts, ends = answer.part_starts_at, answer.part_ends_at
        part = (starts, ends) if starts is not None and ends is not None else None
        return Said(self._someone(answer.person), answer.state, part)

    def _is_asked(self) -> bool:
        return any(answer.person == self.person for answer in self.answers)

    def _may(self) -> Iterator[str]:
        row, is_own = self.row, self.person in (self.row.asker, self.row.made_by)
        lead = is_lead(self.policy, self.person)
        if row.state == "open" and not self._is_over():
            if self._is_asked():
                yield "answer"
            if is_own:
                yield "accept_part"
        if row.state in store.LIVING and (is_own or lead):
            yield "withdraw"
        if row.state == "waiting" and row.waits_for == "asker" and (is_own or lead):
            yield "confirm"
        if row.state == "waiting" and row.waits_for == "lead" and lead and not self._is_party():
            yield "decide"
        if self._can_undo() and (self._is_party() or is_own or lead):
            yield "undo"

    def _is_party(self) -> bool:
        return self.person in (self.row.asker, self.row.taker)

    def _can_undo(self) -> bool:
        until = self.row.undo_until
        return self.row.state == "done" and until is not None and self.now < until

    def _someone(self, short: str) -> Someone:
        return someone(self.policy, short)


def evenings(policy: Policy, shift: Shift, now: datetime) -> tuple[Evening, ...]:
    """Return the evenings and nights of a shift that are still to come, each as hours that can be given away."""
    zone = cadence_of(policy, policy.rotations[shift.rotation]).zone
    begins = max(shift.start, now)
    day = begins.astimezone(zone).date() - _DAY
    found = []
    while (start := instant_of(day, EVENING, zone)) < shift.end:
        end = min(instant_of(day + _DAY, MORNING, zone), shift.end)
        if max(start, begins) < end:
            found.append(Evening(max(start, begins), end))
        day += _DAY
    return tuple(found)


def tradable(
    roster: Roster, rotation: str, asker: str, give: Sequence[Span], now: datetime
) -> tuple[Wanted, ...]:
    """Return colleagues' coming shifts that could be had for `give`: those with the least against them first."""
    found = []
    until = now + TRADED_WITHIN
    for shift in roster.final_schedule(now, until, rotation):
        if shift.role != HOLDER or shift.person == asker or shift.start <= now:
            continue
        takes = (
            *(Take(shift.person, hours) for hours in give),
            Take(asker, (shift.start, shift.end)),
        )
        concerns = rules.concerns(roster, rotation, takes, now)
        if not rules.blocks(concerns):
            found.append(Wanted(shift, someone(roster.policy, shift.person), concerns))
    found.sort(key=lambda one: (len(one.concerns), one.shift.start))
    return tuple(found[:MOST_TRADES])
