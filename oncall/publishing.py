"""Publish a proposal: turns people are told about, each with its reason. Plans nothing by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import affected, notices, rota, timeline
from oncall.app import App
from oncall.errors import Conflict
from oncall.planning import Change, Proposal, propose, reason_of
from oncall.roster import Roster
from oncall.swaps.review import review
from oncall.tables import PublishedTurn
from rotations.fair.problem import BACKUP, PRIMARY


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did: the change it is known by, how many turns are new, how many moved."""

    change_id: int
    fresh: int
    moved: int


def publish(
    session: Session, app: App, proposal: Proposal, *, actor: str, now: datetime
) -> Published:
    """Store `proposal` as the published rota, in the name of `actor`; everyone whose published turn moved is told.

    Raises `Conflict` when the rota was changed since the proposal was made: nobody agreed to the result.
    """
    rota.lock(session)
    if rota.version(session) != proposal.rota_version:
        raise Conflict(
            "the rota was changed meanwhile; look at the new proposal and publish again",
            "rota-changed",
        )
    before = rota.roster_at(session, app.shelf.current)
    change_id = rota.change(
        session,
        "published",
        rotation=proposal.rotation,
        actor=actor,
        now=now,
        **_record(proposal),
    )
    _store(session, proposal, change_id, now)
    after = rota.roster_at(session, app.shelf.current)
    for slot in proposal.slots[: proposal.published]:
        changed = affected.moved(before, after, proposal.rotation, (slot.start, slot.end))
        notices.tell_moved(session, app, changed, now=now)
    review(session, app, proposal.rotation, now)
    timeline.audit(
        session,
        now,
        actor,
        "rota.published",
        rotation=proposal.rotation,
        change=change_id,
        fresh=len(proposal.fresh),
        moved=len(proposal.moved),
    )
    return Published(change_id, len(proposal.fresh), len(proposal.moved))


def extend(app: App, now: datetime) -> int:
    """Publish the turns that time has brought within `publish_ahead`; return how many turns are new.

    Only rotations that were published before, and only at their end: nothing that people were told moves.
    """
    policy = app.shelf.current
    added = 0
    for name in policy.rotations:
        with app.sessions() as session:
            roster = rota.roster_at(session, policy)
        if not _reaches_too_short(roster, name, now):
            continue
        proposal = propose(roster, name, now, keep=True)
        with app.sessions.begin() as session:
            added += publish(session, app, proposal, actor="", now=now).fresh
    return added


def _reaches_too_short(roster: Roster, rotation: str, now: datetime) -> bool:
    """Say whether a rotation that was published once has turns within `publish_ahead` that are not."""
    if not roster.laid.published.get(rotation):
        return False
    ahead = roster.policy.rotations[rotation].publish_ahead
    return not all(turn.is_published for turn in roster.turns(rotation, now, now + ahead))


@dataclass(frozen=True, slots=True)
class Telling:
    """One text that goes out with a publication: to whom, which one (in `oncall.texts`), and what fills it."""

    person: str
    text: str
    facts: Mapping[str, str]


def tellings(changes: Iterable[Change]) -> Iterator[Telling]:
    """Yield what is told to everyone who gets or loses a published turn, and with whom it changed hands."""
    for change in changes:
        facts = {"start": change.start.isoformat(), "end": change.end.isoformat(), "path": "/rota"}
        if change.before is not None:
            yield Telling(change.before, "turn-gone", {**facts, "name": change.after or ""})
        if change.after is not None:
            yield Telling(change.after, "turn-yours", {**facts, "name": change.before or ""})


def _record(proposal: Proposal) -> dict[str, Any]:
    """Return what shows later how the plan came about."""
    plan = proposal.plan
    return {
        "engine": plan.engine,
        "input_hash": plan.input_hash,
        "verdict": plan.verdict(),
        "proved": list(plan.proved),
        "objective": {level.name: level.value for level in plan.levels},
        "bounds": {level.name: level.bound for level in plan.levels},
        "moves": [
            {
                "start": change.start.isoformat(),
                "role": change.role,
                "before": change.before,
                "after": change.after,
                "why": change.why,
            }
            for change in proposal.moved
        ],
        "fresh": len(proposal.fresh),
    }


def _store(session: Session, proposal: Proposal, change_id: int, now: datetime) -> None:
    rows = {
        row.starts_at: row
        for row in session.scalars(
            select(PublishedTurn).where(
                PublishedTurn.rotation == proposal.rotation,
                PublishedTurn.starts_at >= proposal.slots[0].start,
            )
        )
    }
    moved = {move.slot for move in proposal.plan.moves}
    agreed = {fixed.slot for fixed in proposal.problem.fixed if fixed.role == PRIMARY}
    for number, slot in enumerate(proposal.slots):
        one = proposal.plan.assignments[number]
        row = rows.get(slot.start)
        is_running = slot.start <= now
        is_given = number in moved
        if row is None:
            row = PublishedTurn(rotation=proposal.rotation, starts_at=slot.start, ends_at=slot.end)
            session.add(row)
            is_given = is_running and number not in agreed and one.primary != slot.holder
        elif number not in moved:
            continue
        # What people agreed on, and hours that were held already, stay written: whoever gets the rest lies over it.
        row.holder = slot.holder if number in agreed or is_running else one.primary
        if is_given and row.holder != one.primary and one.primary is not None:
            rota.lay(
                session,
                change_id,
                rotation=proposal.rotation,
                person=one.primary,
                hours=(max(slot.start, now), slot.end),
            )
        row.backup = one.backup
        row.reason = {
            "primary": reason_of(proposal.plan, number, PRIMARY),
            "backup": reason_of(proposal.plan, number, BACKUP),
        }
        row.change_id = change_id
    session.flush()
