"""Turns become entries: once at their handoff, and again by reversals when their hours are changed later.

Decides nothing about how much: that is `earning` and `extras`. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.ledger import answers, book, earning, extras, terms
from oncall.ledger.book import Draft
from oncall.ledger.earning import Credit, TurnId
from oncall.ledger.entries import FROM_TURNS, Entry, Kind
from oncall.ledger.terms import Own
from oncall.policy.model import Policy
from oncall.roster import Roster
from oncall.tables import Override, PolicyVersion, PostedTurn, PublishedTurn
from rotations.schedule import Shift
from rotations.wall import start_of

log = structlog.get_logger()

BEGAN = "began"
"""The mark that says since when turns are posted."""
_CAP_REACHES = timedelta(days=7)
"""A change of hours can move extras under the weekly cap for this long."""
_VERSIONS_BACK = 50
"""How many earlier policies are searched for somebody who is gone from today's."""


@dataclass(frozen=True, slots=True)
class Count:
    """A turn counted by one version of the rules, ready to be written or compared."""

    turn: TurnId
    policy: Policy
    version: int
    credits: tuple[Credit, ...]
    gone: Mapping[str, Policy]
    """People the policy lost, each with an earlier one that had them."""

    def own(self, person: str) -> Own:
        """Return the rules of `person`."""
        return terms.own(self.gone.get(person, self.policy), person)


def begin(session: Session, policy: Policy, now: datetime) -> datetime:
    """Return since when turns are posted: the policy's own day, or when the ledger was first asked."""
    comp_days = policy.comp_days
    if comp_days is not None and comp_days.since is not None:
        return start_of(comp_days.since, policy.company.timezone)
    book.mark(session, BEGAN, now)
    mark = book.marked(session, BEGAN)
    return mark.at if mark else now


def due_turns(session: Session, app: App, since: datetime, now: datetime) -> tuple[TurnId, ...]:
    """Return the turns that ended after `since` and by `now` and are not in the ledger, oldest first."""
    policy = app.shelf.current
    roster = rota.roster_at(session, policy)
    found = [
        TurnId(name, turn.start, turn.end)
        for name in policy.rotations
        for turn in roster.turns(name, _posted_until(session, name, since), now)
        if since < turn.end <= now
    ]
    posted = _posted(session, found)
    return tuple(sorted((turn for turn in found if turn not in posted), key=_by_end))


def next_handoff(session: Session, app: App, now: datetime) -> datetime | None:
    """Return when the next turn of any rotation ends; None when none is running."""
    policy = app.shelf.current
    roster = rota.roster_at(session, policy)
    soon = now + timedelta(seconds=1)
    ends = [turn.end for name in policy.rotations for turn in roster.turns(name, now, soon)]
    return min((end for end in ends if end > now), default=None)


def post(session: Session, app: App, turn: TurnId, now: datetime) -> bool:
    """Write what `turn` brought, unless it was written before; say whether it was written now."""
    version = app.shelf.current_id()
    counted = count(session, app, turn, version)
    row = {
        "rotation": turn.rotation,
        "starts_at": turn.start,
        "ends_at": turn.end,
        "policy_version_id": version,
        "posted_at": now,
        "shares": [_plain(credit) for credit in counted.credits],
    }
    made = session.scalar(
        book.insert_for(session)(PostedTurn.__table__)
        .values(row)
        .on_conflict_do_nothing()
        .returning(PostedTurn.id)
    )
    # Of two engines that come at once, one finds the row there and leaves the entries to the other.
    if made is None:
        return False
    book.write(session, (_draft(counted, credit) for credit in counted.credits), now)
    log.info("ledger.posted", rotation=turn.rotation, turn=turn.start.isoformat())
    return True


def count(
    session: Session, app: App, turn: TurnId, version: int, *, roster: Roster | None = None
) -> Count:
    """Return what `turn` brings by the policy version `version` and the final schedule as it is now.

    With `roster`: as it would be if that were the schedule.
    """
    policy = app.shelf.version(session, version)
    roster = roster or rota.roster_at(session, policy)
    shifts = roster.final_schedule(turn.start - extras.LOOK_BACK, turn.end)
    answered = answers.between(session, turn.start - extras.LOOK_BACK, turn.end)
    gone = _gone(session, app, policy, shifts)
    rules = terms.rules_of(policy, gone.items())
    return Count(
        turn,
        policy,
        version,
        (
            *earning.shares_of(turn, shifts, rules),
            *extras.extras_of(turn, shifts, answered, rules),
        ),
        gone,
    )


def correct(session: Session, app: App, after: int, now: datetime) -> int:
    """Count posted turns again that a change of the rota after `after` (its id) touched; return how many moved."""
    windows = _changed_hours(session, after)
    if not windows:
        return 0
    start = min(window[0] for window in windows)
    rows = session.scalars(
        select(PostedTurn).where(PostedTurn.ends_at > start).order_by(PostedTurn.ends_at)
    )
    moved = 0
    for row in rows:
        if any(row.starts_at < end + _CAP_REACHES and row.ends_at > at for at, end in windows):
            turn = TurnId(row.rotation, row.starts_at, row.ends_at)
            counted = count(session, app, turn, row.policy_version_id)
            moved += correct_turn(session, counted, now)
    return moved


def correct_turn(session: Session, counted: Count, now: datetime) -> bool:
    """Reverse what differs from `counted` in a posted turn and write it anew; say whether anything did."""
    turn = counted.turn
    written = book.entries_of_turn(session, turn.rotation, turn.start)
    standing = {_what(entry): entry for entry in standing_of(written)}
    wanted = {_what(credit): credit for credit in counted.credits if credit.counts}
    drafts: list[Draft] = []
    for what in sorted({*standing, *wanted}, key=str):
        before, after = standing.get(what), wanted.get(what)
        if before and after and before.amount == after.amount:
            continue
        if before:
            reason = "hours-changed"
            drafts.append(
                book.reversal(before, key=f"reversal:{before.id}", actor="", reason=reason)
            )
        if after:
            again = sum(_what(entry) == what and entry.kind in FROM_TURNS for entry in written)
            drafts.append(_draft(counted, after, again=again))
    if drafts:
        book.write(session, drafts, now)
        log.info("ledger.corrected", rotation=turn.rotation, turn=turn.start.isoformat())
    return bool(drafts)


def standing_of(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries turns brought that no reversal took back."""
    entries = tuple(entries)
    reversed_ = {entry.reverses for entry in entries if entry.reverses is not None}
    return tuple(
        entry for entry in entries if entry.kind in FROM_TURNS and entry.id not in reversed_
    )


def lot_of(turn: TurnId) -> str:
    """Return the lot in which everything a turn brings lies."""
    return f"{turn.rotation} {turn.start:%Y-%m-%dT%H:%MZ}"


def _draft(counted: Count, credit: Credit, *, again: int = 0) -> Draft:
    turn = counted.turn
    own = counted.own(credit.person)
    what = (credit.person, credit.kind, credit.role, credit.day or "", again)
    return Draft(
        key=f"turn:{turn.rotation}:{turn.start.isoformat()}:{':'.join(map(str, what))}",
        person=credit.person,
        name=own.name,
        amount=credit.amount if credit.counts else 0,
        kind=credit.kind,
        lot=lot_of(turn),
        expires=own.end_of(turn.end.astimezone(own.zone).date()),
        rule_version=counted.version,
        rotation=turn.rotation,
        turn_start=turn.start,
        turn_end=turn.end,
        role=credit.role,
        day=credit.day,
        facts=credit.facts,
    )


def _plain(credit: Credit) -> dict[str, Any]:
    return {
        "person": credit.person,
        "kind": credit.kind.value,
        "amount": credit.amount,
        "role": credit.role,
        "day": credit.day.isoformat() if credit.day else None,
        "uncounted": credit.uncounted.value,
    }


def _what(one: Entry | Credit) -> tuple[str, Kind, str, object]:
    return one.person, one.kind, one.role, one.day


def _posted_until(session: Session, rotation: str, since: datetime) -> datetime:
    """Return from when on turns of `rotation` may be missing: the ledger posts them in order."""
    last = session.scalar(
        select(PostedTurn.ends_at)
        .where(PostedTurn.rotation == rotation)
        .order_by(PostedTurn.ends_at.desc())
        .limit(1)
    )
    return max(since, last) if last else since


def _posted(session: Session, turns: Sequence[TurnId]) -> set[TurnId]:
    if not turns:
        return set()
    rows = session.execute(
        select(PostedTurn.rotation, PostedTurn.starts_at).where(
            PostedTurn.starts_at.in_([turn.start for turn in turns])
        )
    )
    known = {tuple(row) for row in rows}
    return {turn for turn in turns if (turn.rotation, turn.start) in known}


def _changed_hours(session: Session, after: int) -> list[tuple[datetime, datetime]]:
    overrides = select(Override.starts_at, Override.ends_at).where(
        (Override.change_id > after) | (Override.ended_by > after)
    )
    published = select(PublishedTurn.starts_at, PublishedTurn.ends_at).where(
        PublishedTurn.change_id > after
    )
    rows = (*session.execute(overrides), *session.execute(published))
    return [(row.starts_at, row.ends_at) for row in rows]


def _gone(session: Session, app: App, policy: Policy, shifts: Sequence[Shift]) -> dict[str, Policy]:
    """Return the holders whom `policy` does not know, each with the newest earlier policy that did."""
    missing = {one.person for one in shifts} - set(policy.people)
    if not missing:
        return {}
    versions = session.scalars(
        select(PolicyVersion.id).order_by(PolicyVersion.id.desc()).limit(_VERSIONS_BACK)
    ).all()
    found: dict[str, Policy] = {}
    for version in versions:
        known = app.shelf.version(session, version)
        for person in sorted(missing & set(known.people)):
            found[person] = known
            missing.discard(person)
    return found


def _by_end(turn: TurnId) -> tuple[datetime, str]:
    return turn.end, turn.rotation
