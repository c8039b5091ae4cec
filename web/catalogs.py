"""Keeps the translations whole: `python -m web.catalogs check | update | compile`. Translates nothing itself.

`check` fails on a text that a catalog lacks, leaves empty, marks fuzzy or fills with other holes than the source,
and on one that the pages no longer use.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parent
FOLDER = WEB / "translations"
LANGUAGES = ("tr", "ro", "fa")
"""The source texts are English."""
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "_later": None,
    "gettext": None,
    "ngettext": (1, 2),
    "later": None,
    "marked": None,
}
HEADER = "# The pages of the emergency phone. Kept by: python -m web.catalogs update"
HOLE = re.compile(r"%\(\w+\)s")


def texts_in_use() -> Catalog:
    """Return every text of the pages, as the code and the templates write it."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        str(WEB), METHODS, {"**.html": {"silent": "false"}}, keywords=KEYWORDS, comment_tags=()
    )
    for file, line, text, _comments, context in found:
        catalog.add(text, locations=[(file, line)], context=context)
    return catalog


def catalog_file(language: str) -> Path:
    """Return where the texts of `language` are kept."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return the catalog of `language`; an empty one when there is none yet."""
    file = catalog_file(language)
    if not file.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False, header_comment=HEADER)
    with file.open("rb") as stream:
        return read_po(stream, locale=language, charset="utf-8")


def faults(language: str, used: Catalog) -> Iterator[str]:
    """Yield what is wrong with the catalog of `language`, one sentence each."""
    catalog = read(language)
    for message in used:
        if message.id:
            yield from _faults_of(language, message, catalog.get(message.id))
    for message in catalog:
        if message.id and used.get(message.id) is None:
            yield f"{language}: not used any more: {message.id!r}"


def update(language: str) -> None:
    """Bring the catalog of `language` up to date: new texts come in empty, unused ones go."""
    catalog = read(language)
    catalog.update(texts_in_use(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.project, catalog.version = "emergency-phone", "1"
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
    file = catalog_file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    write_po(content, catalog, width=100, no_location=True, sort_output=True)
    file.write_bytes(content.getvalue())


def compile_all() -> None:
    """Write the .mo file of every language beside its .po file."""
    for language in LANGUAGES:
        content = io.BytesIO()
        write_mo(content, read(language))
        catalog_file(language).with_suffix(".mo").write_bytes(content.getvalue())


def main(arguments: list[str]) -> int:
    """Run one command; return 1 when `check` found something, 2 for an unknown command."""
    if arguments == ["check"]:
        used = texts_in_use()
        found = [fault for language in LANGUAGES for fault in faults(language, used)]
        sys.stdout.writelines(f"{fault}\n" for fault in found)
        return 1 if found else 0
    if arguments == ["update"]:
        for language in LANGUAGES:
            update(language)
        return 0
    if arguments == ["compile"]:
        compile_all()
        return 0
    sys.stderr.write("python -m web.catalogs check | update | compile\n")
    return 2


def _faults_of(language: str, source: Message, found: Message | None) -> Iterator[str]:
    if found is None:
        yield f"{language}: missing: {source.id!r}"
        return
    translations = _all(found.string)
    if not all(translations):
        yield f"{language}: not translated: {source.id!r}"
        return
    if found.fuzzy:
        yield f"{language}: fuzzy: {source.id!r}"
    wanted = _holes(_all(source.id))
    if any(_holes((text,)) != wanted for text in translations):
        yield f"{language}: other holes than the source: {source.id!r}"


def _all(texts: object) -> tuple[str, ...]:
    """One text, or all the plural forms of one."""
    return tuple(map(str, texts)) if isinstance(texts, list | tuple) else (str(texts or ""),)


def _holes(texts: tuple[str, ...]) -> set[str]:
    return {hole for text in texts for hole in HOLE.findall(text)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
