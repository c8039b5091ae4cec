"""People differ, teams have members, and somebody looks after the whole. Reaching them is in `reach.py`."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, Severity
from oncall.policy.model import Role


def somebody_is_admin(draft: Draft) -> Iterator[Note]:
    """Only an admin may invite people on the pages, and the admins are the last to be told of a ticket."""
    everybody_is_readable = len(draft.people) == len(draft.names("people"))
    if not draft.people or not everybody_is_readable:
        return
    if not any(person.role is Role.ADMIN for person in draft.people.values()):
        yield Note(
            "no-admin",
            ("people",),
            "nobody has the role admin; an admin invites people to sign in, and is told when nobody takes a ticket "
            "and if_nobody reaches no one.",
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
