"""Which language a page speaks and which way it runs. The words themselves are in `translations/`."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel, LazyString, get_locale
from flask_babel import gettext as translate
from flask_babel import lazy_gettext as translate_later
from markupsafe import Markup, escape

from web import core, reader

NAMES = {"en": "English", "tr": "Türkçe", "ro": "Română", "fa": "فارسی"}
"""Each language in its own words."""
RIGHT_TO_LEFT = frozenset({"fa"})


def configure(flask_app: Flask) -> None:
    """Make every text of a page come in its reader's language."""
    Babel(flask_app, locale_selector=lambda: reader.current().language)
    flask_app.context_processor(_for_templates)


def gettext(text: str, /, **values: object) -> str:
    """Return `text` in the language of the page being written, with its %(holes)s filled."""
    return str(translate(text, **values))


def marked(text: str, /, **values: object) -> Markup:
    """Return `text` as `gettext` does, ready for a page: what is no markup yet is escaped, the rest stays as it is."""
    safe = {name: escape(value) for name, value in values.items()}
    return Markup(escape(translate(text)) % safe) if values else escape(translate(text))  # noqa: S704


def later(text: str) -> LazyString:
    """Return `text` to be translated when a page shows it; for tables made before any page."""
    return translate_later(text)


def offered() -> dict[str, str]:
    """Return the languages this company offers, each with its own name for itself."""
    return {
        code: NAMES[code] for code in core.app().shelf.current.company.languages if code in NAMES
    }


def current() -> str:
    """Return the language of the page being written."""
    return str(get_locale())


def direction(language: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _for_templates() -> dict[str, object]:
    language = current()
    return {"language": language, "direction": direction(language), "languages": offered()}
