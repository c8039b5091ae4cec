"""Every name that is used exists, and means one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oncall.policy.addresses import secret_name
from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, did_you_mean
from oncall.policy.secrets import PLACES

_SECTIONS = {"people": "person", "teams": "team", "rotations": "rotation"}


def one_namespace(draft: Draft) -> Iterator[Note]:
    """A short name is a person, a team or a rotation, never two of them: `to:` has no type."""
    owner: dict[str, str] = {}
    for section, kind in _SECTIONS.items():
        for name in draft.names(section):
            if name in owner:
                text = f'"{name}" is a {owner[name]} and a {kind}; "to: {name}" could mean either.'
                yield Note(
                    "name-clash", (section, name), text, fix="rename one of them.", at_key=True
                )
            owner.setdefault(name, kind)


def known_in_company(draft: Draft) -> Iterator[Note]:
    """The company's calendar exists."""
    if draft.company and draft.company.calendar:
        yield from _known(draft, ("company", "calendar"), draft.company.calendar, "calendars")


def known_in_teams(draft: Draft) -> Iterator[Note]:
    """Members and leads of teams are people."""
    for name, team in draft.teams.items():
        yield from _all_known(draft, ("teams", name, "members"), team.members, "people")
        if team.lead:
            yield from _known(draft, ("teams", name, "lead"), team.lead, "people")


def known_in_rotations(draft: Draft) -> Iterator[Note]:
    """A rotation's people, backup, team and calendar exist."""
    for name, rotation in draft.rotations.items():
        path: Path = ("rotations", name)
        yield from _all_known(draft, (*path, "order"), rotation.order, "people")
        yield from _known(draft, (*path, "calendar"), rotation.calendar, "calendars")
        if rotation.team:
            yield from _known(draft, (*path, "team"), rotation.team, "teams")
        yield from _all_known(draft, (*path, "learners"), rotation.learners, "people")
        for position, pair in enumerate(rotation.limits.never_together):
            yield from _all_known(
                draft, (*path, "limits", "never_together", position), pair, "people"
            )
        if rotation.backup not in ("previous", "next", "none"):
            also = ("previous", "next", "none", *draft.names("rotations"))
            yield from _known(draft, (*path, "backup"), rotation.backup, "people", also=also)


def known_in_ladders(draft: Draft) -> Iterator[Note]:
    """Every step pages somebody who exists."""
    for path, steps in draft.ladders.items():
        for position, step in steps.items():
            here = (*draft.item(path, position), "to")
            yield from _target(draft, here, step.to)
    for path, told in draft.if_nobody.items():
        for position, name in enumerate(told.tell):
            yield from _target(draft, draft.item((*path, "tell"), position), name)


def languages_offered(draft: Draft) -> Iterator[Note]:
    """People read a language the company offers."""
    if draft.company is None:
        return
    offered = draft.company.languages
    said: dict[Path, str | None] = {("company", "language"): draft.company.language}
    for name, person in draft.people.items():
        said["people", name, "language"] = person.language
    for path, language in said.items():
        if language and language not in offered:
            yield Note(
                "unknown-name",
                path,
                f'"{language}" is not among company.languages.',
                hint=did_you_mean(language, offered, label="languages"),
                fix=f'add "{language}" to company.languages, or choose another here.',
            )


def secrets_in_their_place(draft: Draft) -> Iterator[Note]:
    """${NAME} is filled in for secrets only; anywhere else it would be taken as the text it is."""
    for path, word in draft.document.words():
        if path not in PLACES and secret_name(word):
            text = f"{word} is not filled in here; only secrets come from the environment."
            yield Note("secret", path, text, fix="write the value itself.")


def _target(draft: Draft, path: Path, word: str) -> Iterator[Note]:
    if draft.is_target(word):
        return
    choices = (*draft.names("people"), *draft.names("teams"), *draft.names("rotations"))
    hint = did_you_mean(word, draft.targets()) or did_you_mean(word, choices, label="known")
    yield Note(
        "unknown-name",
        path,
        f'there is no person, team or rotation called "{word}"',
        hint=hint,
        fix="write a person, a team, a rotation (its holder) or ROTATION.backup",
    )


def _all_known(draft: Draft, path: Path, words: Iterable[str], section: str) -> Iterator[Note]:
    for position, word in enumerate(words):
        yield from _known(draft, draft.item(path, position), word, section)


def _known(
    draft: Draft, path: Path, word: str, section: str, *, also: tuple[str, ...] = ()
) -> Iterator[Note]:
    known = draft.names(section)
    is_said_already = draft.document.at((section,)) is None and section in ("people", "calendars")
    if word in known or word in also or is_said_already:
        return
    kind = {"calendars": "calendar", **_SECTIONS}[section]
    named = path[:-1] if isinstance(path[-1], int) else path
    yield Note(
        "unknown-name",
        named,
        f'there is no {kind} called "{word}"',
        hint=did_you_mean(word, (*known, *also), label=section),
        fix=f'correct the name here, or add "{word}" under {section}:',
        at=path,
    )
