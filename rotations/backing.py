"""Who stands behind the holder: by direction, by name, or by a rotation of its own. Never the holder."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from rotations.layers import Held, never_twice
from rotations.planned import Line, Piece
from rotations.shifts import HOLDER, Planned, Shift

_DIRECTIONS = {"previous": -1, "next": +1}


class Own(Protocol):
    """A rotation that is the backup of another: its shifts and its turns as planned."""

    @property
    def name(self) -> str:
        """Return the rotation's name."""

    def final_schedule(self, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """Return the shifts that touch [start, end), whole, in order."""

    def turns(self, start: datetime, end: datetime) -> tuple[Planned, ...]:
        """Return the planned turns that touch [start, end), whole."""


class Backing:
    """The rule of one rotation: `previous`, `next`, `none`, a person's name, or a rotation of its own."""

    def __init__(self, line: Line, rule: str | Own) -> None:
        self._line = line
        self._direction = _DIRECTIONS.get(rule) if isinstance(rule, str) else None
        self._name = rule if isinstance(rule, str) and rule not in (*_DIRECTIONS, "none") else None
        self._own = None if isinstance(rule, str) else rule

    @property
    def is_given(self) -> bool:
        """Whether there is a backup at all."""
        return bool(self._direction or self._name or self._own)

    @property
    def rotation(self) -> str | None:
        """The name of the rotation that stands behind; None when it is no rotation."""
        return self._own.name if self._own else None

    def planned(self, piece: Piece) -> str | None:
        """Return the planned backup of `piece`: its published one or the rule's; None where a rotation decides."""
        backup = piece.backup or self._name
        if backup is None and self._direction is not None:
            return self._line.nearest(piece, self._direction, (piece.holder,))
        return None if backup == piece.holder else backup

    def is_another(self, piece: Piece) -> bool:
        """Say whether a rotation of its own stands behind `piece`: no backup was published with it."""
        return self._own is not None and piece.backup is None

    def busy(self, piece: Piece, backup: str | None) -> set[str | None]:
        """Return everybody who is planned as backup at some time of `piece`."""
        if self._own is None or not self.is_another(piece):
            return {backup}
        return {turn.holder for turn in self._own.turns(piece.start, piece.end)}

    def base(self, piece: Piece, backup: str | None, start: datetime, end: datetime) -> list[Held]:
        """Return who is behind [start, end) of `piece` as planned, in pieces that follow one another."""
        if self._own is None or not self.is_another(piece):
            return [Held(start, end, backup, backup)]
        found = []
        for shift in self._own.final_schedule(start, end):
            if shift.role != HOLDER:
                continue
            begins, ends = max(shift.start, start), min(shift.end, end)
            if begins > start:
                found.append(Held(start, begins, None, None))
            found.append(Held(begins, ends, shift.person, shift.planned, shift.override))
            start = ends
        return [*found, Held(start, end, None, None)] if start < end else found

    def behind(self, piece: Piece, pieces: list[Held], holders: list[Held]) -> list[Held]:
        """Return `pieces` of backup as they are once `holders` hold: nobody is both."""
        return never_twice(pieces, holders, lambda held: self._instead(piece, held))

    def _instead(self, piece: Piece, held: Held) -> str | None:
        """Return who is the backup while `held.person`, who would be, holds."""
        if held.override is not None or piece.backup is not None or self._direction is None:
            return None
        taken = (piece.holder, held.person)
        return self._line.nearest(piece, self._direction, taken) or piece.holder
