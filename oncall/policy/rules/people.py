"""People can be reached, teams have members, and somebody looks after the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from notifiers.base import Channel
from oncall.policy.draft import NORMAL_STEPS, URGENT_OFFICE, URGENT_STEPS, Draft
from oncall.policy.findings import Note, Path, Severity
from oncall.policy.model import Role, Step
from oncall.policy.values import Rung

_NEEDS = {Channel.SMS: "phone", Channel.CALL: "phone", Channel.EMAIL: "email"}


def somebody_is_admin(draft: Draft) -> Iterator[Note]:
    """A policy without an admin locks everybody out of the admin pages."""
    everybody_is_readable = len(draft.people) == len(draft.names("people"))
    if not draft.people or not everybody_is_readable:
        return
    if not any(person.role is Role.ADMIN for person in draft.people.values()):
        yield Note(
            "no-admin",
            ("people",),
            "nobody has the role admin, so nobody can look after the policy on the pages.",
            fix="give one person  role: admin",
            severity=Severity.WARNING,
            at_key=True,
        )


def addresses_differ(draft: Draft) -> Iterator[Note]:
    """A reply, a call or a sign-in must prove one person, so no two share a phone or a mail address."""
    first: dict[str, str] = {}
    for name, person in draft.people.items():
        for setting, written in (("phone", person.phone), ("email", person.email)):
            address = (written or "").casefold()
            if address in first:
                yield _shared(draft, (name, setting), first[address], address)
            elif address:
                first[address] = name


def team_is_not_empty(draft: Draft) -> Iterator[Note]:
    """Paging an empty team would page nobody."""
    for name, team in draft.teams.items():
        if not team.members:
            text = "a team without members reaches nobody."
            path: Path = ("teams", name, "members")
            yield Note("missing", path, text, fix="write at least one person.", at_key=True)


def lead_is_a_member(draft: Draft) -> Iterator[Note]:
    """A lead outside the team is not paged with it; that is rarely meant."""
    for name, team in draft.teams.items():
        if team.lead in draft.names("people") and team.lead not in team.members:
            yield Note(
                "idle-person",
                ("teams", name, "lead"),
                f"{team.lead} leads the team but is not a member; a page to the team leaves {team.lead} out.",
                fix=f"add {team.lead} to members, or name another lead.",
                severity=Severity.WARNING,
            )


def everybody_has_a_turn(draft: Draft) -> Iterator[Note]:
    """Who is in a rotation's team and never holds its phone was probably forgotten; the lead may stand aside."""
    for name, rotation in draft.rotations.items():
        team = draft.teams.get(rotation.team or "")
        is_readable = rotation.order and set(rotation.order) <= set(draft.names("people"))
        if team is None or not is_readable:
            continue
        for person in team.members:
            if person in draft.people and person not in (*rotation.order, team.lead):
                yield Note(
                    "idle-person",
                    ("rotations", name, "order"),
                    f"{person} is in team {rotation.team} but never holds this phone.",
                    fix=f"add {person} to order, or take {person} out of the team.",
                    severity=Severity.WARNING,
                )


def dates_in_order(draft: Draft) -> Iterator[Note]:
    """Nobody leaves before they came."""
    for name, person in draft.people.items():
        if person.since and person.until and person.until < person.since:
            text = f"{person.until} lies before {person.since}, the first day (from:)."
            yield Note("date", ("people", name, "until"), text, fix="correct one of the two dates.")


def nobody_in_order_leaves(draft: Draft) -> Iterator[Note]:
    """Turns planned for somebody who has left page nobody but the backup."""
    for name, rotation in draft.rotations.items():
        for position, who in enumerate(rotation.order):
            person = draft.people.get(who)
            if person and person.until:
                yield Note(
                    "leaver",
                    ("rotations", name, "order"),
                    f"{who} leaves on {person.until}; every turn of {who} after that day has no holder to page.",
                    fix=f"take {who} out of order in time.",
                    severity=Severity.WARNING,
                    at=draft.item(("rotations", name, "order"), position),
                )


def urgent_reaches_everybody(draft: Draft) -> Iterator[Note]:
    """Whoever an urgent step may page has an address for at least one rung of the ladder used."""
    for name, rungs in _unreachable(draft, _urgent_steps(draft), "urgent"):
        text = f"{name} is paged for urgent tickets and could not be woken: {_lack(rungs)}"
        yield Note("no-address", ("people", name), text, fix=_add(rungs, name), at_key=True)


def normal_reaches_everybody(draft: Draft) -> Iterator[Note]:
    """The same for normal tickets, where it only costs time."""
    steps = draft.ladders.get(NORMAL_STEPS, {}).values()
    for name, rungs in _unreachable(draft, steps, "normal"):
        text = f"{name} is told of normal tickets and would not hear of them: {_lack(rungs)}"
        yield Note(
            "no-address",
            ("people", name),
            text,
            fix=_add(rungs, name),
            severity=Severity.WARNING,
            at_key=True,
        )


def _shared(draft: Draft, where: tuple[str, str], owner: str, address: str) -> Note:
    name, setting = where
    line = draft.document.place(("people", owner, setting)).line
    said = {
        "phone": ("phone number", "a reply or a call from it could prove only one of them."),
        "email": ("mail address", "it is also a name to sign in with."),
    }
    kind, reason = said[setting]
    text = f"{address} is the {kind} of {owner} already (line {line}); {reason}"
    fix = f"give {name} and {owner} a {kind} each."
    return Note("duplicate", ("people", *where), text, fix=fix)


def behind(draft: Draft, target: str) -> Iterable[str]:
    """Return everybody a step's `to:` may ever mean."""
    if target in draft.teams:
        return draft.teams[target].members
    rotation = draft.rotations.get(target.partition(".")[0])
    if rotation is None:
        return (target,)
    if not target.endswith(".backup") or rotation.backup in ("previous", "next"):
        return rotation.order
    return (rotation.backup,)


def _urgent_steps(draft: Draft) -> Iterator[Step]:
    for path in (URGENT_STEPS, URGENT_OFFICE):
        yield from draft.ladders.get(path, {}).values()
    if draft.if_nobody:
        yield from (Step(to=name) for name in draft.if_nobody.tell)


def _unreachable(
    draft: Draft, steps: Iterable[Step], ladder: Literal["urgent", "normal"]
) -> Iterator[tuple[str, tuple[Rung, ...]]]:
    """Yield each person no rung of a step would reach, once, with that ladder."""
    said: set[str] = set()
    for step in steps:
        for name in behind(draft, step.to):
            person = draft.people.get(name)
            if person is None or name in said:
                continue
            rungs = step.by or getattr(person.notify, ladder)
            if not any(getattr(person, _NEEDS[rung.channel]) for rung in rungs):
                said.add(name)
                yield name, rungs


def _lack(rungs: Iterable[Rung]) -> str:
    channels = list(dict.fromkeys(rung.channel for rung in rungs))
    if not channels:
        return "the ladder has no rung."
    return f"the ladder is {', '.join(channels)}, and there is no {' and no '.join(_needs(rungs))}."


def _add(rungs: Iterable[Rung], name: str) -> str:
    needs = " or ".join(_needs(rungs)) or "notify"
    return f"add {needs} under people.{name}"


def _needs(rungs: Iterable[Rung]) -> list[str]:
    return list(dict.fromkeys(_NEEDS[rung.channel] for rung in rungs))
