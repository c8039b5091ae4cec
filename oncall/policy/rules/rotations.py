"""Turns that can be held, with somebody else behind the holder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, Severity
from oncall.policy.model import Rotation
from oncall.policy.times import DAYS, Handoff, duration_text

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


def order_is_not_empty(draft: Draft) -> Iterator[Note]:
    """Somebody must hold the phone."""
    for name, rotation in draft.rotations.items():
        if not rotation.order:
            text = "nobody holds this phone: the order is empty."
            fix = "write the people in turn: [ana, bora, maria]."
            yield Note("missing", ("rotations", name, "order"), text, fix=fix, at_key=True)


def turn_in_whole_days(draft: Draft) -> Iterator[Note]:
    """A turn lasts whole days; with a weekday in the handoff, whole weeks."""
    for name, rotation in draft.rotations.items():
        path: Path = ("rotations", name, "turn")
        turn = rotation.turn
        if turn < _DAY or turn % _DAY:
            text = f"a turn of {duration_text(turn)} is not a whole number of days."
            yield Note("turn", path, text, fix="write 1 day, 3 days, 1 week, 2 weeks.")
        elif turn % _WEEK and (named := _with_weekday(rotation)):
            day = DAYS[named.weekday or 0]
            text = (
                f"a turn of {turn.days} days does not always start on a {day} (handoff: {named})."
            )
            fix = "write whole weeks here"
            if len(rotation.handoff) == 1:
                fix += f', or "handoff: {named.at:%H:%M}" without the weekday'
            yield Note("turn", path, text, fix=f"{fix}.")


def handoffs_split_a_turn(draft: Draft) -> Iterator[Note]:
    """Several handoffs split each turn: every one has its place, in order, and all are of one kind."""
    for name, rotation in draft.rotations.items():
        for position in range(1, len(rotation.handoff)):
            fault = _split_fault(rotation, position)
            if fault is not None:
                path: Path = ("rotations", name, "handoff")
                code, text, fix = fault
                yield Note(code, path, text, fix=fix, at=draft.item(path, position))
                break


def split_days_are_single(draft: Draft) -> Iterator[Note]:
    """Handoffs without a weekday split one day."""
    for name, rotation in draft.rotations.items():
        if len(rotation.handoff) > 1 and rotation.turn > _DAY and not _with_weekday(rotation):
            yield Note(
                "turn",
                ("rotations", name, "handoff"),
                f"several handoffs without a weekday split one day, but a turn lasts {duration_text(rotation.turn)}.",
                fix="name weekdays: [mon 09:00, fri 17:00]; or write  turn: 1 day.",
            )


def weekly_handoff_names_its_day(draft: Draft) -> Iterator[Note]:
    """A phone that changes hands every week does so on a day people know, not on whatever day `starts` was."""
    for name, rotation in draft.rotations.items():
        handoff, turn = rotation.handoff[0], rotation.turn
        if (
            len(rotation.handoff) == 1
            and handoff.weekday is None
            and turn >= _WEEK
            and not turn % _WEEK
        ):
            day = DAYS[rotation.starts.weekday()]
            yield Note(
                "turn",
                ("rotations", name, "handoff"),
                f'no weekday is named, so every turn starts on a {day}, the weekday of "starts" ({rotation.starts}).',
                fix=f"write  handoff: {day} {handoff}  or the day you mean.",
                severity=Severity.WARNING,
            )


def backup_is_somebody_else(draft: Draft) -> Iterator[Note]:
    """A backup who is the holder wakes nobody new."""
    for name, rotation in draft.rotations.items():
        text = _same_person(rotation)
        if text:
            yield Note(
                "same-person",
                ("rotations", name, "backup"),
                text,
                fix=_another_backup(rotation),
                at=_backup_or_order(draft, name),
            )


def backup_rotations_stand_behind_one_another(draft: Draft) -> Iterator[Note]:
    """A rotation that is the backup of another has no backup rotation that leads back to itself."""
    for name, rotation in draft.rotations.items():
        seen = [name]
        following = rotation.backup
        while following in draft.rotations and following not in seen:
            seen.append(following)
            following = draft.rotations[following].backup
        if following == name:
            yield Note(
                "same-person",
                ("rotations", name, "backup"),
                f"the backup goes round in a circle: {' -> '.join([*seen, name])}.",
                fix="write  backup: none  in one of them.",
            )


def enough_people_for_the_limits(draft: Draft) -> Iterator[Note]:
    """A limit that the people of the order cannot keep leaves weeks empty."""
    for name, rotation in draft.rotations.items():
        people, limits = len(set(rotation.order)), rotation.limits
        for key, most, weeks in (
            ("weeks_per_year", limits.weeks_per_year, 52),
            ("weeks_per_quarter", limits.weeks_per_quarter, 13),
        ):
            if people and most is not None and people * most < weeks:
                yield Note(
                    "impossible",
                    ("rotations", name, "limits", key),
                    f"{weeks} weeks / {people} people = {weeks / people:.1f} each, but {key} is {most}.",
                    fix="add a person to order, or raise the limit.",
                )
        is_whole = rotation.turn >= _DAY and len(rotation.handoff) == 1
        if people and is_whole and limits.rest_between > rotation.turn * (people - 1):
            yield Note(
                "impossible",
                ("rotations", name, "limits", "rest_between"),
                f"{people} people cannot rest {duration_text(limits.rest_between)} between turns of "
                f"{duration_text(rotation.turn)}; the most is {duration_text(rotation.turn * (people - 1))}.",
                fix="add a person to order, or shorten the rest.",
            )


def learners_only_listen(draft: Draft) -> Iterator[Note]:
    """Whoever holds the phone in turn is no learner of it."""
    for name, rotation in draft.rotations.items():
        path: Path = ("rotations", name, "learners")
        for position, learner in enumerate(rotation.learners):
            if learner in rotation.order:
                yield Note(
                    "same-person",
                    path,
                    f"{learner} is in order and a learner.",
                    fix="take the name out of one of them.",
                    at=draft.item(path, position),
                )


def pairs_are_pairs(draft: Draft) -> Iterator[Note]:
    """`never_together` names two different people each time."""
    for name, rotation in draft.rotations.items():
        path: Path = ("rotations", name, "limits", "never_together")
        for position, pair in enumerate(rotation.limits.never_together):
            if len(pair) != 2 or len(set(pair)) != 2:
                yield Note(
                    "value",
                    path,
                    "two different people should stand here.",
                    fix="write  never_together: [[ana, bora]].",
                    at=draft.item(path, position),
                )


def publishes_beyond_the_freeze(draft: Draft) -> Iterator[Note]:
    """The rota is published at least as far as it is frozen."""
    for name, rotation in draft.rotations.items():
        if rotation.publish_ahead < rotation.freeze:
            yield Note(
                "duration",
                ("rotations", name, "publish_ahead"),
                f"{duration_text(rotation.publish_ahead)} is shorter than freeze, {duration_text(rotation.freeze)}.",
                fix="publish further ahead: 26 weeks, or freeze less.",
            )


def _with_weekday(rotation: Rotation) -> Handoff | None:
    return next((one for one in rotation.handoff if one.weekday is not None), None)


def _split_fault(rotation: Rotation, position: int) -> tuple[str, str, str] | None:
    """Return code, text and fix of what is wrong with the handoff at `position`, measured by those before it."""
    first, *earlier = rotation.handoff[:position]
    handoff = rotation.handoff[position]
    if handoff in (first, *earlier):
        return "duplicate", f'"{handoff}" stands here twice.', "take one of them out."
    if (handoff.weekday is None) != (first.weekday is None):
        text = f'of "{first}" and "{handoff}" only one names a weekday.'
        return "turn", text, "name the weekday of every handoff: [mon 09:00, fri 17:00]."
    before = rotation.handoff[position - 1]
    if (handoff.days_after(first), handoff.at) < (before.days_after(first), before.at):
        ordered = sorted(rotation.handoff, key=lambda one: (one.days_after(first), one.at))
        text = f'"{handoff}" comes before "{before}" in a turn that starts {first}.'
        return "turn", text, f"write them in order: [{', '.join(map(str, ordered))}]."
    return None


def _same_person(rotation: Rotation) -> str:
    people = dict.fromkeys(rotation.order)
    if rotation.backup == "none" or not people:
        return ""
    if rotation.backup in ("previous", "next"):
        only = next(iter(people))
        return f"{only} is alone in order, so nobody can be the backup." if len(people) == 1 else ""
    turns = rotation.order.count(rotation.backup)
    if not turns:
        return ""
    who = rotation.backup
    if turns == len(rotation.order):
        return f"{who} is the holder and the backup in every turn."
    return (
        f"holder and backup are the same person ({who}) in {turns} of {len(rotation.order)} turns."
    )


def _another_backup(rotation: Rotation) -> str:
    if len(set(rotation.order)) == 1:
        return "write  backup: none, or add a second person to order, or name one who is not in it."
    return "backup: next, or a person who is not in order; or backup: none."


def _backup_or_order(draft: Draft, name: str) -> Path:
    written: Path = ("rotations", name, "backup")
    return written if draft.document.at(written) is not None else ("rotations", name, "order")
