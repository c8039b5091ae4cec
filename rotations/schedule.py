"""The final schedule: planned turns with overrides laid over them. Knows no policy, no leave and no database.

`Schedule.final_schedule` and `Schedule.holder_at` are the only two ways anyone asks who holds what.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rotations.backing import Backing
from rotations.hours import OpenHours, Stretch
from rotations.layers import Cover, Held, laid_over, never_twice, touching
from rotations.planned import Line, Piece
from rotations.shifts import BACKUP, HOLDER, ROLES, SHADOW, Override, Planned, Published, Shift
from rotations.turns import RoundRobin

__all__ = [
    "BACKUP",
    "HOLDER",
    "ROLES",
    "SHADOW",
    "Override",
    "Planned",
    "Published",
    "Schedule",
    "Shift",
]

_People = tuple[str | None, str | None, str | None]

_CHUNK_SECONDS = 64 * 86_400
"""So much time is worked out at once, when it is first asked for."""


class Schedule:
    """Who holds what in one rotation, asked in two ways.

    `published` turns stay where they are; the plain turns of `rota` fill in before, between and after them, cut where
    published time begins or ends. Once the rotation has begun, at its first handoff or with the first published turn,
    it does not stop: somebody holds at every instant of `cover` (always, when None), except in a published turn that
    names nobody. Outside `cover` nobody holds.

    `backup` is `previous` or `next` (the nearest other person in that direction, over the turns as planned), `none`,
    a person's name, or another schedule, whose final holder it is. A backup published with a turn comes before that.
    Whoever holds is never the backup too: `previous` and `next` then look one further, at last at whose turn it was;
    in every other case nobody is the backup.

    `learners` listen in one per turn, in their own order, skipping whoever is holder or backup of it; who steps in as
    holder or backup does not listen meanwhile. A shadow is never cover.
    """

    def __init__(
        self,
        name: str,
        rota: RoundRobin,
        *,
        backup: str | Schedule = "none",
        published: Sequence[Published] = (),
        overrides: Sequence[Override] = (),
        cover: OpenHours | None = None,
        learners: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.zone = rota.cadence.zone
        self._line = Line(rota, published)
        self.starts_at = self._line.starts_at
        self._backing = Backing(self._line, backup)
        self._cover = cover
        self._learners = RoundRobin(rota.cadence, tuple(learners)) if learners else None
        self._overrides = {role: _of_role(role, overrides) for role in ROLES}
        self._chunks: dict[int, _Chunk] = {}

    def holder_at(self, instant: datetime, role: str = HOLDER) -> Shift | None:
        """Return the shift of `role` at `instant` (aware); None when nobody has it."""
        at = instant.timestamp()
        number = int(at // _CHUNK_SECONDS)
        chunk = self._chunks.get(number) or self._chunk(number)
        starts, ends, shifts = chunk.tables.get(role) or chunk.table(role)
        index = bisect_right(starts, at) - 1
        return shifts[index] if index >= 0 and at < ends[index] else None

    def final_schedule(self, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """Return every shift that touches [start, end), whole, ordered by start, then holder, backup, shadow."""
        return tuple(
            shift
            for chunk in self._chunks_of(start, end)
            for shift in chunk
            if shift.start < end and shift.end > start
        )

    def turns(self, start: datetime, end: datetime) -> tuple[Planned, ...]:
        """Return every planned turn that runs at some instant of [start, end), whole, before overrides."""
        begin = max(start.astimezone(UTC), self.starts_at)
        return tuple(self._planned(piece) for piece in self._line.between(begin, end))

    def turn_at(self, instant: datetime) -> Planned | None:
        """Return the planned turn that runs at `instant`, before overrides; None before `starts_at`."""
        if instant < self.starts_at:
            return None
        return self._planned(self._line.at(instant.astimezone(UTC)))

    def cover_between(self, start: datetime, end: datetime) -> tuple[Stretch, ...]:
        """Return the hours of [start, end) that are to be held, in order: none before `starts_at`."""
        start = max(start.astimezone(UTC), self.starts_at)
        if start >= end:
            return ()
        return tuple(Cover(self._cover, start, end.astimezone(UTC)).inside(start, end))

    @property
    def has_backup(self) -> bool:
        """Whether the rule puts somebody behind the holder."""
        return self._backing.is_given

    @property
    def backed_by(self) -> str | None:
        """The name of the rotation whose holder is the backup; None when it is no rotation."""
        return self._backing.rotation

    def _planned(self, piece: Piece) -> Planned:
        holder, backup, shadow = self._people(piece)
        return Planned(piece.start, piece.end, holder, backup, shadow, piece.is_published)

    def _people(self, piece: Piece) -> _People:
        """Return who is planned as holder, backup and shadow."""
        backup = self._backing.planned(piece)
        if self._learners is None:
            return (piece.holder, backup, None)
        busy = self._backing.busy(piece, backup) | {piece.holder}
        return (piece.holder, backup, self._learners.person_but(piece.number, busy))

    def _chunks_of(self, start: datetime, end: datetime) -> Iterator[Sequence[Shift]]:
        """Yield the shifts around [start, end) in order, each once."""
        start = max(start, self.starts_at)
        if start >= end:
            return
        first, last = (int(at.timestamp() // _CHUNK_SECONDS) for at in (start, end))
        for number in range(first, last + 1):
            chunk = self._chunks.get(number) or self._chunk(number)
            yield chunk.shifts if number == first else chunk.shifts[chunk.fresh :]

    def _chunk(self, number: int) -> _Chunk:
        start = datetime.fromtimestamp(number * _CHUNK_SECONDS, UTC)
        end = datetime.fromtimestamp((number + 1) * _CHUNK_SECONDS, UTC)
        pieces = list(self._line.between(max(start, self.starts_at), end))
        chunk = self._chunks[number] = _Chunk(start, list(self._shifts(pieces)))
        return chunk

    def _shifts(self, pieces: list[Piece]) -> Iterator[Shift]:
        """Yield the shifts of `pieces`, turns that follow one another, in the order of the final schedule."""
        if not pieces:
            return
        start, end = pieces[0].start, pieces[-1].end
        cover = Cover(self._cover, start, end)
        over = [touching(self._overrides[role], start, end) for role in ROLES]
        for piece in pieces:
            people = self._people(piece)
            near = [touching(some, piece.start, piece.end) if some else some for some in over]
            for stretch in cover.inside(piece.start, piece.end):
                for role, held in self._held(piece, people, near, stretch):
                    yield self._shift(piece, role, held)

    def _held(
        self, piece: Piece, people: _People, near: list[list[Override]], stretch: Stretch
    ) -> list[tuple[str, Held]]:
        """Return who has which role in a stretch of `piece`; each layer gives way to those before it."""
        if not any(near) and not self._backing.is_another(piece):
            return [
                (role, Held(*stretch, person, person))
                for role, person in zip(ROLES, people, strict=True)
                if person is not None
            ]
        holder, backup, shadow = people
        holders = laid_over([Held(*stretch, holder, holder)], near[0])
        base = self._backing.base(piece, backup, *stretch)
        backups = self._backing.behind(piece, laid_over(base, near[1]), holders)
        shadows = laid_over([Held(*stretch, shadow, shadow)], near[2])
        shadows = never_twice(shadows, [*holders, *backups], _nobody)
        layers = zip(ROLES, (holders, backups, shadows), strict=True)
        held = [(role, one) for role, layer in layers for one in layer if one.person is not None]
        # Sorting keeps the order of roles among those that start together.
        return sorted(held, key=_start)

    def _shift(self, piece: Piece, role: str, held: Held) -> Shift:
        start, end, person, planned, override = held
        turn = (piece.start, piece.end)
        return Shift(self.name, role, person or "", start, end, *turn, planned, override)


_Table = tuple[list[float], list[float], list[Shift]]
"""Starts and ends in seconds since 1970, and the shifts, in order."""


class _Chunk:
    """The shifts of all turns that touch a stretch of time, ready to be looked up."""

    def __init__(self, start: datetime, shifts: list[Shift]) -> None:
        self.shifts = shifts
        self.fresh = bisect_left(shifts, start, key=_turn_start)
        """From here on they belong to turns that start in this stretch: the ones before are in the last one too."""
        self.tables: dict[str, _Table] = {}

    def table(self, role: str) -> _Table:
        """Return the shifts of `role`; made when first asked for."""
        if role not in ROLES:
            raise ValueError(f"there is no role {role!r}: ask for {', '.join(ROLES)}")
        shifts = [shift for shift in self.shifts if shift.role == role]
        starts = [shift.start.timestamp() for shift in shifts]
        ends = [shift.end.timestamp() for shift in shifts]
        return self.tables.setdefault(role, (starts, ends, shifts))


def _of_role(role: str, overrides: Sequence[Override]) -> list[Override]:
    """Return the overrides of `role` that have any length, the last first, in UTC: that compares rightly and fast."""
    mine = [one for one in overrides if one.role == role and one.start < one.end]
    return [
        replace(one, start=one.start.astimezone(UTC), end=one.end.astimezone(UTC))
        for one in sorted(mine, key=_id, reverse=True)
    ]


def _id(override: Override) -> int:
    return override.id


def _start(entry: tuple[str, Held]) -> datetime:
    return entry[1].start


def _turn_start(shift: Shift) -> datetime:
    return shift.turn_start


def _nobody(held: Held) -> None:
    """Return who takes over what a shadow leaves: nobody."""
