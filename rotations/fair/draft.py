"""A first plan: locked turns, holidays by history, then turn by turn whoever is furthest behind. Never looks back."""

from __future__ import annotations

from rotations.fair.board import Board
from rotations.fair.case import NOBODY, TURN, Case
from rotations.fair.problem import BACKUP, CHRISTMAS, HOLIDAY, PRIMARY


def draft(board: Board, *, first: int = 0) -> None:
    """Fill the empty places of `board` from slot `first` on, as far as the rules allow."""
    for kind in (CHRISTMAS, HOLIDAY):
        _place_holidays(board, kind, first)
    _place_by_credit(board, first)
    place_backups(board)


def _place_holidays(board: Board, kind: int, first: int) -> None:
    case = board.case
    empty = [
        slot
        for slot in range(first, case.slots)
        if case.holiday[slot] == kind and board.holder[PRIMARY][slot] == NOBODY
    ]
    # Where few are free there is little choice: those slots first.
    empty.sort(key=lambda slot: (sum(bits >> slot & 1 for bits in case.free), slot))
    for slot in empty:
        able = board.candidates(PRIMARY, slot)
        if able:
            best = min(able, key=lambda one: (*_holiday_key(board, kind, slot, one), one))
            place_primary(board, slot, best)


def _holiday_key(board: Board, kind: int, slot: int, person: int) -> tuple[int, ...]:
    case = board.case
    held = board.majors[person] if kind == CHRISTMAS else board.minors[person]
    seasons, season = board.seasons[person], case.season[slot]
    running = seasons.get(season - 1, 0) + seasons.get(season + 1, 0)
    return (
        (2 * held + 1) * case.costs[person],
        running if kind == CHRISTMAS else 0,
        (2 * board.off[person] + TURN) * case.costs[person] // TURN,
        not _can_follow(board, slot, person),
        case.wishes[PRIMARY][person].get(slot, 0),
    )


def _place_by_credit(board: Board, first: int) -> None:
    case = board.case
    for slot in range(first, case.slots):
        if board.holder[PRIMARY][slot] != NOBODY:
            continue
        able = board.candidates(PRIMARY, slot)
        if able:
            place_primary(board, slot, min(able, key=lambda one: _credit_key(board, slot, one)))


def _credit_key(board: Board, slot: int, person: int) -> tuple[int, ...]:
    """Who cannot stand behind the turn before comes later; then furthest behind, longest since, order."""
    case = board.case
    off = behind(board, slot, person)
    before, _ = board.neighbours(slot, person)
    return (
        not _can_follow(board, slot, person),
        (2 * off + TURN) * case.costs[person],
        -case.slots * 1000 if before is None else before,
        person,
    )


def behind(board: Board, slot: int, person: int) -> int:
    """Return turns held (later ones too) minus turns due by the end of `slot`, in billionths; negative: behind."""
    case = board.case
    return board.turns[person] * TURN + case.carry[person] - case.due[person][slot + 1]


def _can_follow(board: Board, slot: int, person: int) -> bool:
    """Say whether `person`, as primary in `slot`, could be the backup before it; True where that is no wish."""
    case = board.case
    if not case.chain or slot == 0 or board.holder[BACKUP][slot - 1] == person:
        return True
    return board.holder[BACKUP][slot - 1] == NOBODY and board.fits(BACKUP, slot - 1, person)


def place_primary(board: Board, slot: int, person: int) -> None:
    """Give an empty slot to `person`, and with it the backup of the slot before where that is the wish."""
    follows = board.case.chain and slot > 0 and board.holder[BACKUP][slot - 1] == NOBODY
    board.put(PRIMARY, slot, person)
    if follows and board.fits(BACKUP, slot - 1, person):
        board.put(BACKUP, slot - 1, person)


def place_backups(board: Board) -> None:
    """Fill the empty backup places: the next primary where that is the wish, then whoever stood behind least."""
    case = board.case
    if case.roles == 1:
        return
    for slot in range(case.slots):
        if board.holder[BACKUP][slot] != NOBODY:
            continue
        able = board.candidates(BACKUP, slot)
        if able:
            board.put(BACKUP, slot, min(able, key=lambda one: _backup_key(board, slot, one)))


def _backup_key(board: Board, slot: int, person: int) -> tuple[int, ...]:
    case = board.case
    is_next = slot + 1 < case.slots and board.holder[PRIMARY][slot + 1] == person
    due = case.due[person][slot + 1] - case.share[person]
    off = board.backup_off[person] - due
    before, _ = board.neighbours(slot, person)
    return (
        not (case.chain and is_next),
        (2 * off + TURN) * case.costs[person],
        -case.slots * 1000 if before is None else before,
        person,
    )


def rotate(case: Case) -> list[int]:
    """Return the plain rotation: the order, longest off first, passing over who is not employed."""
    never = -(1 << 30)
    queue = sorted(case.everyone, key=lambda one: (_last(case, one, never), one))
    return [_next_in(case, queue, slot) for slot in range(case.slots)]


def _next_in(case: Case, queue: list[int], slot: int) -> int:
    for place, person in enumerate(queue):
        if case.people[person].is_employed(slot):
            queue.append(queue.pop(place))
            return person
    return NOBODY


def _last(case: Case, person: int, never: int) -> int:
    last = case.people[person].last_turn
    return never if last is None else last
