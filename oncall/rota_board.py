"""What the rota pages show, as frozen values: weeks, who holds which part, why, and what is asked. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.board import Someone, someone
from oncall.closed_days import holiday_names
from oncall.errors import NotFound
from oncall.policy.model import Policy
from oncall.roster import Roster, cadence_of
from oncall.swaps.store import LIVING
from oncall.tables import Override, PublishedTurn, RequestHours, RotaChange, ShiftRequest
from rotations.schedule import BACKUP, HOLDER, SHADOW, Planned, Shift
from rotations.wall import instant_of, start_of

MORNING = time(9)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a turn that one person holds; `instead_of` is whose turn it is when that is somebody else."""

    person: Someone
    start: datetime
    end: datetime
    instead_of: Someone | None


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday (or a day of the company's own) inside a turn."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Week:
    """One turn of a rotation as the pages show it; in most rotations it is a week."""

    rotation: str
    start: datetime
    end: datetime
    parts: tuple[Part, ...]
    backups: tuple[Someone, ...]
    shadow: Someone | None
    holidays: tuple[Holiday, ...]
    away: tuple[Someone, ...]
    """Holders who are on leave at some time of it: the rota needs a repair."""
    requests: tuple[int, ...]
    is_published: bool
    is_now: bool
    is_mine: bool
    """Whether the reader holds some of it, or stands behind."""

    @property
    def holders(self) -> tuple[Someone, ...]:
        """Everybody who holds a part, in order, each once."""
        return tuple(dict.fromkeys(part.person for part in self.parts))


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a turn's history: who did what to it, when and why."""

    at: datetime
    actor: Someone | None
    kind: str
    person: Someone | None
    start: datetime
    end: datetime
    reason: str
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class WeekPage:
    """Everything about one turn."""

    week: Week
    reason: str
    """Why it was planned for whom it was planned, in the planner's words; empty before it is published."""
    history: tuple[Deed, ...]
    mine: tuple[Part, ...]
    """What the reader holds of it that is still to come."""
    can_take_over: bool
    can_hand_back: bool
    now: datetime


class RotaBoard:
    """Reads weeks out of a roster for one reader."""

    def __init__(self, session: Session, app: App, person: str, now: datetime) -> None:
        self.session = session
        self.policy: Policy = app.shelf.current
        self.roster: Roster = rota.roster_at(session, self.policy)
        self.person = person
        self.now = now

    def weeks(
        self, start: datetime, end: datetime, *, rotation: str | None = None, mine: bool = False
    ) -> tuple[Week, ...]:
        """Return the turns of [start, end), of one rotation or of all, in order; `mine`: those the reader is in."""
        asked = self._requests(start, end)
        names = (rotation,) if rotation else tuple(self.policy.rotations)
        found = [
            week
            for name in names
            for week in self._weeks_of(name, start, end, asked)
            if week.is_mine or not mine
        ]
        return tuple(sorted(found, key=lambda week: (week.start, week.rotation)))

    def week(self, rotation: str, instant: datetime) -> WeekPage:
        """Return everything about the turn that runs at `instant`; raises `NotFound` when there is none."""
        if rotation not in self.policy.rotations:
            raise NotFound("there is no such rotation")
        found = self.weeks(instant, instant + timedelta(seconds=1), rotation=rotation)
        if not found:
            raise NotFound("nobody has a turn then")
        week = found[0]
        mine = tuple(
            part for part in week.parts if part.person.short == self.person and part.end > self.now
        )
        return WeekPage(
            week=week,
            reason=self._reason(week),
            history=tuple(self._history(week)),
            mine=mine,
            can_take_over=week.is_now
            and self.person in self.roster.crew(rotation)
            and not self._holds(rotation),
            can_hand_back=week.is_now and self._can_hand_back(rotation),
            now=self.now,
        )

    def phones(self) -> dict[str, frozenset[str]]:
        """Return, per rotation, what the reader may do about the phone right now: `take_over`, `hand_back`, `give`."""
        found = {}
        for name in self.policy.rotations:
            holds = self._holds(name)
            running = self.roster.holder_at(name, self.now) is not None
            deeds = {
                "take_over": running and not holds and self.person in self.roster.crew(name),
                "hand_back": self._can_hand_back(name),
                "give": holds,
            }
            found[name] = frozenset(deed for deed, can in deeds.items() if can)
        return found

    def ends_of_take_over(self, rotation: str) -> tuple[datetime, ...]:
        """Return until when somebody might take the phone now: the next morning, the end of the turn."""
        turn = self.roster.turns(rotation, self.now, self.now + timedelta(seconds=1))
        if not turn:
            return ()
        zone = cadence_of(self.policy, self.policy.rotations[rotation]).zone
        day = self.now.astimezone(zone).date()
        mornings = (instant_of(day + ahead * _DAY, MORNING, zone) for ahead in range(2))
        coming = next((at for at in mornings if at > self.now), turn[0].end)
        return tuple(dict.fromkeys((min(coming, turn[0].end), turn[0].end)))

    def _can_hand_back(self, rotation: str) -> bool:
        shift = self.roster.holder_at(rotation, self.now)
        if shift is None or shift.override is None or shift.planned in (None, shift.person):
            return False
        return self.person in (shift.person, shift.planned)

    def _holds(self, rotation: str) -> bool:
        shift = self.roster.holder_at(rotation, self.now)
        return shift is not None and shift.person == self.person

    def _weeks_of(
        self, name: str, start: datetime, end: datetime, asked: Mapping[int, list[RequestHours]]
    ) -> Iterator[Week]:
        shifts: dict[datetime, list[Shift]] = {}
        for shift in self.roster.final_schedule(start, end, name):
            shifts.setdefault(shift.turn_start, []).append(shift)
        holidays = _Holidays(self.policy, name)
        for turn in self.roster.turns(name, start, end):
            yield self._week(name, turn, shifts.get(turn.start, []), holidays, asked)

    def _week(
        self,
        name: str,
        turn: Planned,
        shifts: list[Shift],
        holidays: _Holidays,
        asked: Mapping[int, list[RequestHours]],
    ) -> Week:
        parts = tuple(self._part(shift) for shift in shifts if shift.role == HOLDER)
        backups = self._people(shift.person for shift in shifts if shift.role == BACKUP)
        requests = (
            number
            for number, hours in asked.items()
            if any(_meet(turn, one.starts_at, one.ends_at) for one in hours)
        )
        people = {shift.person for shift in shifts}
        return Week(
            rotation=name,
            start=turn.start,
            end=turn.end,
            parts=parts,
            backups=backups,
            shadow=next((self._someone(one.person) for one in shifts if one.role == SHADOW), None),
            holidays=tuple(holidays.within(turn.start, turn.end)),
            away=self._people(one.person for one in shifts if self._is_away(one)),
            requests=tuple(requests),
            is_published=turn.is_published,
            is_now=turn.start <= self.now < turn.end,
            is_mine=self.person in people,
        )

    def _part(self, shift: Shift) -> Part:
        other = shift.planned if shift.planned not in (None, shift.person) else None
        return Part(
            self._someone(shift.person),
            shift.start,
            shift.end,
            self._someone(other) if other else None,
        )

    def _is_away(self, shift: Shift) -> bool:
        leave = self.roster.laid.leave.get(shift.person, ())
        return shift.role == HOLDER and any(
            start < shift.end and shift.start < end for start, end in leave
        )

    def _requests(self, start: datetime, end: datetime) -> dict[int, list[RequestHours]]:
        rows = self.session.scalars(
            select(RequestHours)
            .join(ShiftRequest, ShiftRequest.id == RequestHours.request_id)
            .where(
                ShiftRequest.state.in_(LIVING),
                RequestHours.choice == 0,
                RequestHours.starts_at < end,
                RequestHours.ends_at > start,
            )
            .order_by(RequestHours.request_id)
        )
        found: dict[int, list[RequestHours]] = {}
        for row in rows:
            found.setdefault(row.request_id, []).append(row)
        return found

    def _reason(self, week: Week) -> str:
        found = self.session.scalar(
            select(PublishedTurn.reason).where(
                PublishedTurn.rotation == week.rotation, PublishedTurn.starts_at == week.start
            )
        )
        return str((found or {}).get("primary", ""))

    def _history(self, week: Week) -> Iterator[Deed]:
        rows = self.session.execute(
            select(Override, RotaChange)
            .join(RotaChange, RotaChange.id == Override.change_id)
            .where(
                Override.rotation == week.rotation,
                Override.starts_at < week.end,
                Override.ends_at > week.start,
            )
            .order_by(Override.id)
        )
        published = self.session.execute(
            select(PublishedTurn, RotaChange)
            .join(RotaChange, RotaChange.id == PublishedTurn.change_id)
            .where(PublishedTurn.rotation == week.rotation, PublishedTurn.starts_at == week.start)
        )
        for turn, change in published:
            yield self._deed(change, turn.holder, turn.starts_at, turn.ends_at)
        for override, change in rows:
            yield self._deed(
                change,
                override.person,
                override.starts_at,
                override.ends_at,
                taken_back=override.ended_by is not None,
            )

    def _deed(
        self,
        change: RotaChange,
        person: str | None,
        start: datetime,
        end: datetime,
        *,
        taken_back: bool = False,
    ) -> Deed:
        return Deed(
            at=change.at,
            actor=self._someone(change.actor) if change.actor else None,
            kind=change.kind,
            person=self._someone(person) if person else None,
            start=start,
            end=end,
            reason=change.reason,
            taken_back=taken_back,
        )

    def _someone(self, short: str) -> Someone:
        return someone(self.policy, short)

    def _people(self, shorts: Iterable[str]) -> tuple[Someone, ...]:
        return tuple(self._someone(short) for short in dict.fromkeys(shorts))


class _Holidays:
    """The public holidays of a rotation's calendar, with their names."""

    def __init__(self, policy: Policy, rotation: str) -> None:
        rules = policy.rotations[rotation]
        self.zone: ZoneInfo = cadence_of(policy, rules).zone
        self.written = policy.calendars[rules.calendar].holidays

    def within(self, start: datetime, end: datetime) -> Iterator[Holiday]:
        if self.written is None:
            return
        day = start.astimezone(self.zone).date()
        while start_of(day, self.zone) < end:
            name = self._name(day)
            if name:
                yield Holiday(day, name)
            day += _DAY

    def _name(self, day: date) -> str | None:
        if self.written is None or day in self.written.remove:
            return None
        own = self.written.add.get(day)
        return own or holiday_names(self.written.country, self.written.subdivision, day.year).get(
            day
        )


def _meet(turn: Planned, start: datetime, end: datetime) -> bool:
    return turn.start < end and start < turn.end
