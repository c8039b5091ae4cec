"""Quotes that end elsewhere than meant, or quote nothing. Reads the text around them, judges no value."""

from __future__ import annotations

import re
from contextlib import suppress

import yaml

from oncall.policy.findings import Note, Path, Place

_CURLY = re.compile("""[“”„‟«»‹›‘’‚‛].*[“”„‟«»‹›‘’‚‛"']""", re.DOTALL)
_INNER_QUOTE = {
    "'": """for a ' inside the text put double quotes around it: "..." (or write two: '')""",
    '"': """close it where the text ends; for a " inside the text put single quotes around it: '...'""",
}
"""What to do when a quote ends too early, by the quote."""


def typographic(node: yaml.ScalarNode, path: Path, place: Place) -> Note | None:
    """Return the note for text inside “typographic” quotes, which YAML takes for letters; None for other text."""
    text = node.value
    if node.style or not _CURLY.fullmatch(text):
        return None
    said = f"these are typographic quotes ({text[0]} {text[-1]}), which quote nothing here."
    return Note("layout", path, said, fix='use " instead.', place=place)


def ends_early(error: yaml.MarkedYAMLError, text: str) -> tuple[Note, Place] | None:
    """Return the note for a quote that ends elsewhere than meant, when the fault stands right behind such an end."""
    mark = error.problem_mark
    quoted = _last_quoted(text, mark) if mark else None
    if mark is None or quoted is None:
        return None
    start, end, quote = quoted.start_mark, quoted.end_mark, quoted.style
    place = Place(start.line + 1, start.column + 1, max(1, end.column - start.column))
    if start.line != end.line:
        said = f"a quote opens here and is not closed on its line; the next {quote} stands on line {end.line + 1}."
        return Note("layout", (), said, fix="close it on the same line."), place
    # In brackets a space between says that a comma is missing, not that a quote is wrong.
    if mark.column > end.column and "flow" in str(error.context):
        return None
    said = f"the {quote} in column {end.column} closes this quote, and more follows after it."
    return Note("layout", (), said, fix=_INNER_QUOTE[quote]), place


def _last_quoted(text: str, mark: yaml.Mark) -> yaml.ScalarToken | None:
    """Return the text in quotes that ends just before `mark` on its line, with at most spaces between."""
    last = None
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if (token.start_mark.line, token.start_mark.column) >= (mark.line, mark.column):
                break
            last = token
    if not isinstance(last, yaml.ScalarToken) or last.style not in _INNER_QUOTE:
        return None
    if last.end_mark.line != mark.line:
        return None
    between = text.splitlines()[mark.line][last.end_mark.column : mark.column]
    return None if between.strip() else last
