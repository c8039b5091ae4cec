"""YAML text as plain words with the place of each one. Knows YAML, not what the words mean.

Every scalar stays the text that was written: YAML's own guesses would turn 18:00 into 1080, a phone number
into an integer and NO into false.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import yaml

from oncall.errors import PolicyError
from oncall.policy import quotes, syntax
from oncall.policy.findings import START, Finding, Note, Path, Place, placed

Plain = str | None | list["Plain"] | dict[str, "Plain"]
"""Text, nothing (an empty value), a list or a mapping."""

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 100_000
_REST_OF_LINE = MAX_BYTES


class _TextLoader(yaml.CSafeLoader):
    """Resolves no scalar: everything is text."""


_TextLoader.yaml_implicit_resolvers = {}


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is well-formed YAML: its words in `plain`, and where each stands."""

    source: str
    text: str
    plain: dict[str, Plain]
    notes: tuple[Note, ...]
    """Repeated names, empty values and other faults found on the way."""
    values: dict[Path, Place]
    keys: dict[Path, Place]

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return where the value at `path` stands (or its key); for what is absent, where its parent's key stands."""
        if key and path in self.keys:
            return self.keys[path]
        if path in self.values:
            return self.values[path]
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, START)

    def at(self, path: Path) -> Plain:
        """Return what stands at `path`; None when nothing does."""
        here: Plain = self.plain
        for part in path:
            if isinstance(here, dict) and isinstance(part, str):
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here

    def words(self) -> Iterator[tuple[Path, str]]:
        """Yield every scalar value with its path, in the order of the file."""
        for path in self.values:
            word = self.at(path)
            if isinstance(word, str):
                yield path, word

    def finding(self, note: Note, *, hidden: Collection[Path] = ()) -> Finding:
        """Return `note` with its place in this file; values at `hidden` paths are blotted out of its line."""
        place = note.place or self.place(note.at or note.path, key=note.at_key)
        line = line_of(self.text, place.line)
        for path in hidden:
            secret = self.values.get(path)
            if secret is not None and secret.line == place.line:
                start, end = secret.column - 1, secret.column - 1 + secret.width
                line = f"{line[:start]}{'*' * len(line[start:end])}{line[end:]}"
        return placed(note, place, self.source, line)


def read(text: str, source: str) -> Document:
    """Return `text` as a document; raises `PolicyError` when it is not well-formed YAML with settings in it."""
    text = text.removeprefix("\ufeff")
    _refuse_unreadable(text, source)
    root = _compose(text, source)
    if root is None or _is_empty(root):
        raise refusal(source, "the file is empty.", fix="start from the example: oncall init")
    if not isinstance(root, yaml.MappingNode):
        kind = "a list" if isinstance(root, yaml.SequenceNode) else "only text"
        raise refusal(
            source,
            f"the file is {kind}, but it should hold sections such as company: and people:",
            fix="start from the example: oncall init",
        )
    reader = _Reader(source)
    plain = reader.mapping(root, ())
    return Document(source, text, plain, tuple(reader.notes), reader.values, reader.keys)


def refusal(source: str, text: str, *, fix: str = "", place: Place = START) -> PolicyError:
    """Return the error for a file that cannot be read at all."""
    return PolicyError([placed(Note("file", (), text, fix=fix), place, source)])


def line_of(text: str, number: int) -> str:
    """Return line `number` of `text`, counted from 1; empty past the end."""
    lines = text.splitlines()
    return lines[number - 1] if number <= len(lines) else ""


class _Reader:
    """Turns nodes into plain words and notes where each stands; the same node may be read twice through an alias."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.notes: list[Note] = []
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Plain]:
        """Return a mapping; the first of two equal names wins and the second is noted."""
        words: dict[str, Plain] = {}
        for key, value in node.value:
            name = self._name(key, path)
            if name is None:
                continue
            found = syntax.glued(name) if _is_empty(value) else None
            name = found.name if found else name
            here = (*path, name)
            if name in words:
                self._note_repeated(key, here)
                continue
            self.keys[here] = _place(key)
            words[name] = self._glued(found, key, here) if found else self._value(value, here)
        return words

    def _glued(self, found: syntax.Glued, key: yaml.Node, path: Path) -> str:
        """Note `{ role:admin }`, which YAML takes for a name without a value, and return the value meant."""
        place = self.values[path] = _place(key)
        # A misspelt name may hide a secret as well: pasword:...
        is_secret = path[0] == "integrations"
        self.notes.append(found.note(path, place, is_secret=is_secret))
        return found.value

    def _value(self, node: yaml.Node, path: Path) -> Plain:
        self._guard(node, path)
        self.values[path] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, at)) for at, item in enumerate(node.value)]
        self._note_odd_scalar(node, path)
        if not isinstance(node, yaml.ScalarNode) or _is_empty(node):
            return None
        return self._text(node, path)

    def _text(self, node: yaml.ScalarNode, path: Path) -> str:
        """Return the text of a scalar; typographic quotes around it are noted and taken off, as they were meant."""
        text = str(node.value)
        note = quotes.typographic(node, path, _place(node))
        if note is None:
            return text
        self.notes.append(note)
        return text[1:-1].strip()

    def _guard(self, node: yaml.Node, path: Path) -> None:
        if len(path) > MAX_DEPTH or len(self.values) > MAX_NODES:
            raise refusal(
                self.source,
                "the file grows too large when its aliases (*name) are followed.",
                fix="write the settings out instead of repeating them by alias.",
                place=_place(node),
            )

    def _name(self, key: yaml.Node, path: Path) -> str | None:
        if not isinstance(key, yaml.ScalarNode) or _is_empty(key):
            text = "the name before a colon must be a plain word."
            fix = "write one word before the colon."
            self.notes.append(Note("layout", path, text, fix=fix, place=_place(key)))
            return None
        if key.value == "<<" and not key.style:
            text = "merging with << is not read here."
            fix = "write the settings out."
            self.notes.append(Note("layout", path, text, fix=fix, place=_place(key)))
            return None
        return self._text(key, path)

    def _note_repeated(self, key: yaml.Node, path: Path) -> None:
        first = self.keys[path].line
        text = f'"{path[-1]}" is defined again; first at line {first}. Only one would count.'
        self.notes.append(
            Note("duplicate", path, text, fix="rename or delete one.", place=_place(key))
        )

    def _note_odd_scalar(self, node: yaml.Node, path: Path) -> None:
        if _is_empty(node):
            name = path[-1] if isinstance(path[-1], str) else "-"
            self.notes.append(
                Note(
                    "missing",
                    path,
                    f'nothing stands after "{name}{":" if name != "-" else ""}".',
                    fix="write a value, or delete the line.",
                    at_key=True,
                )
            )
        elif not node.tag.startswith("tag:yaml.org,2002:"):
            text = f"a value cannot carry a type such as {node.tag} here."
            self.notes.append(Note("layout", path, text, fix="delete the word with the !"))
        elif _swallowed_an_item(node):
            text = "a list item is indented deeper than its neighbours, so it became part of the text before it."
            fix = "let every - of a list start in the same column."
            self.notes.append(Note("layout", path, text, fix=fix))


def _refuse_unreadable(text: str, source: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise refusal(source, "the file is not text in UTF-8.", fix="save it as UTF-8.") from None
    if size > MAX_BYTES:
        raise refusal(
            source,
            f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read.",
            fix="is it the right file?",
        )


def _compose(text: str, source: str) -> yaml.Node | None:
    try:
        _refuse_depth(text, source)
        node: yaml.Node | None = yaml.compose(text, Loader=_TextLoader)
    except yaml.MarkedYAMLError as error:
        raise PolicyError([syntax.explain(error, text, source)]) from None
    except yaml.reader.ReaderError as error:
        raise PolicyError([syntax.explain_letter(error, text, source)]) from None
    return node


def _refuse_depth(text: str, source: str) -> None:
    """Walk the events first: the composer recurses in C and would crash the process on deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=_TextLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise refusal(
                source,
                f"more than {MAX_DEPTH} levels stand inside one another.",
                fix="close the brackets.",
                place=_place(event),
            )


def _place(node: yaml.Node | yaml.Event) -> Place:
    start, end = node.start_mark, node.end_mark
    if start is None or end is None:
        return START
    width = end.column - start.column if end.line == start.line else _REST_OF_LINE
    return Place(start.line + 1, start.column + 1, max(1, width))


def _is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.value and not node.style


def _swallowed_an_item(node: yaml.Node) -> bool:
    if not isinstance(node, yaml.ScalarNode):
        return False
    is_plain_on_several_lines = not node.style and node.start_mark.line != node.end_mark.line
    return is_plain_on_several_lines and " - " in node.value
