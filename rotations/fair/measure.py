"""Set the levels a plan reaches beside what no plan can beat. Changes no plan."""

from __future__ import annotations

from rotations.fair import bounds
from rotations.fair.board import CLOSE, LEVELS, Board
from rotations.fair.case import NOBODY, TURN
from rotations.fair.plan import Level
from rotations.fair.problem import PRIMARY

_NEEDS_COVER = {"largest_deviation", "squares", "holidays", "backup_squares", "wishes"}


def levels(board: Board) -> tuple[Level, ...]:
    """Return every level of the objective with its bound."""
    bound = _bounds(board)
    values = dict(zip(LEVELS, board.score(), strict=True))
    # Bounds of fairness speak of plans with no more empty places: proved only where fewer are impossible.
    is_covered = bound["uncovered"] == board.empty
    return tuple(
        Level(
            name,
            _shown(board, name, value),
            _shown(board, name, bound[name]),
            value <= bound[name] and (is_covered or name not in _NEEDS_COVER),
        )
        for name, value in values.items()
    )


def _bounds(board: Board) -> dict[str, int]:
    case, holes = board.case, board.empty
    largest, squares = bounds.largest_and_squares(
        case, board.holder[PRIMARY].count(NOBODY), holes, board.largest
    )
    return {
        "uncovered": bounds.uncovered(case, holes),
        "largest_deviation": largest,
        "squares": squares,
        "holidays": bounds.holidays(case, holes),
        "repeated_seasons": 0,
        "chain_breaks": bounds.chain_breaks(case),
        "backup_squares": bounds.backup_squares(case, holes),
        "wishes": bounds.wishes(case, holes),
        "spacing": 0,
    }


def _shown(board: Board, name: str, value: int) -> float:
    """Return a level in the units people read: turns, squares of turns per full-time person, or a count."""
    scale = board.case.cost_scale
    if name == "largest_deviation":
        return round(value / TURN, 6)
    if name in {"squares", "backup_squares"}:
        return round(value / TURN / TURN * scale, 6)
    if name == "holidays":
        return round(value * scale, 6)
    return value // CLOSE if name == "spacing" else value
