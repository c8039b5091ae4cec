"""Plan a problem: locks, draft, local search, exact repairs of holes, then proofs, reasons and findings.

The one entry to the planner. Limits are counts, so that the same problem gives the same plan on any machine.
"""

from __future__ import annotations

from rotations.fair.board import Board
from rotations.fair.bounds import uncovered
from rotations.fair.case import NOBODY, Case, Place
from rotations.fair.draft import draft, place_backups, rotate
from rotations.fair.exchange import Exchange
from rotations.fair.findings import before_planning, of_plan
from rotations.fair.improve import Improver
from rotations.fair.locks import Locks, locks_of
from rotations.fair.measure import levels
from rotations.fair.plan import Move, Plan
from rotations.fair.problem import BACKUP, PRIMARY, Assignment, Problem
from rotations.fair.reasons import WhyNot, accounts, reasons, why_not
from rotations.fair.replan import moves, replan
from rotations.fair.windows import improve_at_once, is_worthwhile
from rotations.fair.writing import input_hash


def plan(problem: Problem) -> Plan:
    """Return the plan of a problem; one with a previous plan is re-planned: repaired first, then rebalanced."""
    locks = locks_of(problem)
    case = Case(problem, locks.places)
    board = Board(case)
    changed: tuple[Move, ...] = ()
    offers: tuple[Move, ...] = ()
    if problem.previous_plan is None:
        _plan_anew(board)
    else:
        done = replan(board)
        _extend(board, len(problem.previous_plan))
        changed, offers = moves(board, done), done.offers
    return described(board, locks, changed, offers)


def described(
    board: Board, locks: Locks, changed: tuple[Move, ...] = (), offers: tuple[Move, ...] = ()
) -> Plan:
    """Return what stands on the board as a plan: levels with bounds, reasons, balances, findings."""
    problem = board.case.problem
    return Plan(
        name=problem.name,
        input_hash=input_hash(problem),
        assignments=_assignments(board),
        levels=levels(board),
        reasons=reasons(board, _standing(board, locks, changed)),
        accounts=accounts(board),
        findings=(*before_planning(board.case, locks.refused), *of_plan(board)),
        moves=changed,
        offers=offers,
    )


def why_not_somebody_else(
    problem: Problem, planned: Plan, slot: int, role: int, person: str
) -> WhyNot:
    """Return what speaks against `person` in a place of a plan: a broken rule, or the first level that gets worse."""
    locks = locks_of(problem)
    case = Case(problem, locks.places)
    board = Board(case)
    for number, assignment in enumerate(planned.assignments):
        for each in range(case.roles):
            name = assignment.of(each)
            board.set(each, number, NOBODY if name is None else case.index[name])
    return why_not(board, (role, slot), case.index[person])


def _plan_anew(board: Board) -> None:
    if board.case.problem.mode == "rotation":
        _keep_order(board)
        return
    draft(board)
    _improve(board)
    if is_worthwhile(board.case) and improve_at_once(board):
        _improve(board)


def _improve(board: Board, first: int = 0) -> None:
    """Improve, fill holes by moving others, and improve again what that left uneven."""
    improver = Improver(board, lambda role, slot: slot >= first)
    improver.run()
    if board.empty and _fill_holes(board, first):
        improver.run()


def _fill_holes(board: Board, first: int) -> bool:
    before = board.empty
    least = uncovered(board.case, before) if first == 0 else 0
    if before == least:
        return False
    exchange = Exchange(board)
    exchange.decided |= {place for place in board.case.places() if place[1] < first}
    exchange.fill(at_least_empty=least)
    return board.empty < before


def _keep_order(board: Board) -> None:
    """Lay the plain rotation down, repair absences with the fewest moves, then see to Christmas."""
    case = board.case
    for slot, person in enumerate(rotate(case)):
        if (
            board.holder[PRIMARY][slot] == NOBODY
            and person != NOBODY
            and board.fits(PRIMARY, slot, person)
        ):
            board.put(PRIMARY, slot, person)
    backups = {(BACKUP, slot) for slot in range(case.slots)} if case.roles > 1 else set()
    exchange = Exchange(board)
    exchange.decided |= backups
    exchange.fill()
    Improver(board).balance_christmas()
    _follow_order(board)
    _fill_holes(board, 0)


def _follow_order(board: Board) -> None:
    case = board.case
    if case.roles == 1:
        return
    for slot in range(case.slots - 1):
        following = board.holder[PRIMARY][slot + 1]
        is_empty = board.holder[BACKUP][slot] == NOBODY
        if is_empty and following != NOBODY and board.fits(BACKUP, slot, following):
            board.put(BACKUP, slot, following)
    place_backups(board)


def _extend(board: Board, first: int) -> None:
    """Plan the slots after the published ones, which stay as they are."""
    if first < board.case.slots:
        draft(board, first=first)
        _improve(board, first)


def _assignments(board: Board) -> tuple[Assignment, ...]:
    people = board.case.people
    rows = [[None if one == NOBODY else people[one].id for one in row] for row in board.holder]
    return tuple(Assignment(*names) for names in zip(*rows, strict=True))


def _standing(board: Board, locks: Locks, changed: tuple[Move, ...]) -> dict[Place, str]:
    """Return why places stand that were not planned now: pinned, frozen, or published and not moved."""
    roles = ("primary", "backup")
    moved = {(roles.index(move.role), move.slot) for move in changed}
    published = len(board.case.problem.previous_plan or ())
    standing = {
        (role, slot): "published"
        for role, slot in board.case.places()
        if slot < published and (role, slot) not in moved
    }
    return standing | locks.kinds
