"""Why a file is not YAML, in words for a person who edits it. Reads the text around the fault, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from oncall.policy import quotes
from oncall.policy.findings import Finding, Note, Path, Place, placed

_KEY = re.compile(r"""( *)(?:- +)*["']?([^\s"':#\[\]{},-][^"':#]*?)["']?\s*:(?:\s|$)""")
_GLUED = re.compile(r"(?: *- +)* *([A-Za-z][\w-]*):(?!//)([^\s:].*)", re.DOTALL)
_MAY_BE_SECRET = re.compile(r"\b(account|token|user|password)\b")
_QUOTED = 'put the text in quotes: "..."'

_KNOWN = {
    "found unexpected end of stream": (
        "a quote opens here and is never closed.",
        "close it on the same line.",
    ),
    "did not find expected ',' or ']'": ("a [ opens here and is never closed.", "add the ]"),
    "did not find expected ',' or '}'": ("a { opens here and is never closed.", "add the }"),
    "found unknown escape character": (
        "a backslash inside double quotes starts a code YAML does not know.",
        r"write \\ for one backslash, or use single quotes.",
    ),
    "found undefined alias": (
        "* starts an alias, and nothing has this name.",
        _QUOTED,
    ),
    "but found another document": (
        "--- starts a second document; one file holds one.",
        "delete the line.",
    ),
    "found character that cannot start any token": (
        "a value cannot start with this character.",
        _QUOTED,
    ),
}
"""PyYAML's sentence -> ours, and what to do. Those of opening marks are shown where the mark opens."""

_SHORT = 40
"""So many letters of a value are repeated in advice."""

_AT_OPENING = ("found unexpected end of stream", "did not find expected ','")
_MISPLACED = (
    "mapping values are not allowed",
    "did not find expected key",
    "did not find expected '-' indicator",
)


@dataclass(frozen=True, slots=True)
class _Level:
    """A line that opens or continues a block: its indentation, its name, its place."""

    indent: int
    name: str
    line: int


def explain(error: yaml.MarkedYAMLError, text: str, source: str) -> Finding:
    """Return the finding for a file PyYAML could not parse."""
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    column = mark.column if mark else 0
    lines = text.splitlines() or [""]
    line = min(line, len(lines) - 1)
    # In open:{ mon: "9-5" } YAML stumbles over the quotes, but the space is what is missing.
    early = None if glued(lines[line]) else quotes.ends_early(error, text)
    note, place = early or _note(error, lines, line, column)
    at = place.line - 1
    return placed(note, place, source, "" if _may_be_secret(lines, at) else lines[at])


def explain_letter(error: yaml.reader.ReaderError, text: str, source: str) -> Finding:
    """Return the finding for a character that no YAML file may hold."""
    letter = error.character if isinstance(error.character, str) else chr(error.character)
    at = max(text.find(letter), 0)
    line = text.count("\n", 0, at)
    column = at - (text.rfind("\n", 0, at) + 1)
    note = Note(
        "layout",
        (),
        f"an invisible character (U+{ord(letter):04X}) stands here; YAML forbids it.",
        fix="delete it and type the place again.",
    )
    return placed(note, Place(line + 1, column + 1), source)


@dataclass(frozen=True, slots=True)
class Glued:
    """A setting without the space after its colon, `role:admin`: the name and the value that were meant."""

    name: str
    value: str

    def note(self, path: Path, place: Place | None = None, *, is_secret: bool) -> Note:
        """Return what to say of it where it stands for `path`; of a secret without its value."""
        shown = "..." if is_secret or len(self.value) > _SHORT else self.value
        return Note(
            "layout",
            path,
            f'no space stands after the colon of "{self.name}".',
            fix=f"write  {self.name}: {shown}",
            place=place,
            is_secret=is_secret,
        )


def glued(words: str) -> Glued | None:
    """Return the setting that `words` were meant to be, when only the space after the colon is missing."""
    match = _GLUED.match(words)
    return match and Glued(match[1], re.split(r"\s+#|\n", match[2])[0].strip())


def _note(
    error: yaml.MarkedYAMLError, lines: list[str], line: int, column: int
) -> tuple[Note, Place]:
    tab = _tab(lines, line)
    if tab is not None:
        return tab
    problem = str(error.problem or error.context or "")
    if problem.startswith(_MISPLACED):
        return _no_space(lines, line) or _misplaced(lines, line, column)
    if problem.startswith("could not find expected ':'") and error.context_mark:
        at = error.context_mark.line
        return _no_space(lines, at) or _no_colon(lines, at)
    for start, (text, fix) in _KNOWN.items():
        if problem.startswith(start):
            if problem.startswith(_AT_OPENING) and error.context_mark:
                line, column = error.context_mark.line, error.context_mark.column
            return Note("layout", (), text, fix=fix), Place(line + 1, column + 1)
    text = f"YAML cannot read this: {problem}."
    return Note("layout", (), text, fix=_QUOTED), Place(line + 1, column + 1)


def _tab(lines: list[str], line: int) -> tuple[Note, Place] | None:
    lead = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
    if "\t" not in lead:
        return None
    neighbour = _nearest(_levels(lines, line), 4)
    spaces = neighbour.indent if neighbour and neighbour.indent else 4
    return (
        Note(
            "tab",
            (),
            "a tab character starts this line; YAML allows only spaces.",
            fix=f"replace it with {spaces} spaces.",
        ),
        Place(line + 1, lead.index("\t") + 1),
    )


def _misplaced(lines: list[str], line: int, column: int) -> tuple[Note, Place]:
    indent = _indent(lines[line])
    levels = _levels(lines, line)
    neighbour = _nearest(levels, indent)
    if neighbour is None or neighbour.indent == indent:
        return (
            Note(
                "layout",
                (),
                "a colon with a space after it stands where a value should be.",
                fix=f"{_QUOTED}, or start a new line for the second setting.",
            ),
            Place(line + 1, column + 1),
        )
    above = [level for level in levels if level.indent < neighbour.indent]
    under = f" under {'.'.join(level.name for level in above)}" if above else ""
    name = _first_word(lines[line])
    text = (
        f'"{name}" is indented {_spaces(indent)}, '
        f"its neighbours{under} (line {neighbour.line}) use {neighbour.indent}."
    )
    return (
        Note("layout", (), text, fix="use the same number of spaces."),
        Place(line + 1, indent + 1, len(name)),
    )


def _no_space(lines: list[str], line: int) -> tuple[Note, Place] | None:
    """Return the note for `role:admin` on this line or, read as one text with it, on the line before."""
    before = next((at for at in range(line - 1, -1, -1) if _is_content(lines[at])), line)
    for at in (line, before):
        found = glued(lines[at])
        if found:
            place = Place(at + 1, lines[at].index(found.name) + 1, len(found.name) + 1)
            return found.note((), place, is_secret=_may_be_secret(lines, at)), place
    return None


def _no_colon(lines: list[str], line: int) -> tuple[Note, Place]:
    first = lines[line].split()[0]
    text = f'"{first}" has no colon after it, so it sets nothing.'
    fix = f'write "{first}: ..." for a setting, or "- {first}" for an item of a list.'
    return Note("layout", (), text, fix=fix), Place(line + 1, _indent(lines[line]) + 1, len(first))


def _levels(lines: list[str], until: int) -> list[_Level]:
    """Return the blocks still open above line `until` (from 0), outermost first, each by its latest line."""
    levels: list[_Level] = []
    for at, line in enumerate(lines[:until]):
        if not _is_content(line):
            continue
        indent = _indent(line)
        while levels and levels[-1].indent >= indent:
            levels.pop()
        levels.append(_Level(indent, _first_word(line), at + 1))
    return levels


def _may_be_secret(lines: list[str], at: int) -> bool:
    is_inside = any(level.name == "integrations" for level in _levels(lines, at)[:1])
    return is_inside or bool(_MAY_BE_SECRET.search(lines[at]))


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _nearest(levels: list[_Level], indent: int) -> _Level | None:
    return min(reversed(levels), key=lambda level: abs(level.indent - indent), default=None)


def _first_word(line: str) -> str:
    match = _KEY.match(line)
    return match[2] if match else line.split()[0]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"
