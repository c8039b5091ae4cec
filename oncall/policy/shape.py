"""What the models refuse, said for the person who wrote the file. Shape only: names and sums are for the rules."""

from __future__ import annotations

from typing import Any

import phonenumbers
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from oncall.policy import syntax
from oncall.policy.document import Document
from oncall.policy.findings import NUMBERS, Note, Path, did_you_mean, nearest, path_text
from oncall.policy.keys import model_at, settings

_EXAMPLES = {
    "name": "Ana Popescu",
    "timezone": "Europe/Bucharest",
    "members": "[ana, bora]",
    "open": '{ mon-fri: "09:00-18:00" }',
    "country": "RO",
    "order": "[ana, bora, maria]",
    "starts": '"2026-01-05"',
    "handoff": "mon 09:00",
    "calendar": "office",
    "to": "emergency-phone",
    "tell": "[omar]",
    "account": '"${TWILIO_ACCOUNT_SID}"',
    "token": '"${TWILIO_AUTH_TOKEN}"',
    "sms_from": '{ default: "+12025550100" }',
    "smtp": '"smtp.example.com:587"',
    "from": "oncall@example.com",
    "steps": "[{ to: emergency-phone, wait: 7m }, { to: omar, wait: 5m }]",
    "office_hours": "[{ to: support, by: [email now] }]",
}
_WRONG_KIND = {
    "string_type": "one value should stand here.",
    "model_type": "a block of settings should stand here.",
    "model_attributes_type": "a block of settings should stand here.",
    "dict_type": "a block of settings should stand here.",
    "tuple_type": "a list should stand here.",
}
_NUMBERS = {
    "int_parsing": '"{word}" is not a whole number.',
    "greater_than_equal": '"{word}" is too small; the least is {ge}.',
    "less_than_equal": '"{word}" is too large; the most is {le}.',
}
_SECRET_NAMES = {
    "account": "TWILIO_ACCOUNT_SID",
    "token": "TWILIO_AUTH_TOKEN",
    "user": "SMTP_USER",
    "password": "SMTP_PASSWORD",
}


def notes(error: ValidationError, document: Document) -> list[Note]:
    """Return what the models found wrong, each once, with its path in `document`."""
    details = error.errors(include_url=False)
    said = dict.fromkeys(_note(detail, document) for detail in details)
    misspelt = {_meant(detail["loc"]) for detail in details if detail["type"] == "extra_forbidden"}
    absent = {
        _note(detail, document)
        for detail in details
        if detail["type"] == "missing" and tuple(detail["loc"]) in misspelt
    }
    return [note for note in said if note not in absent]


def _meant(loc: Path) -> Path | None:
    """Return the path a misspelt setting was probably meant to have: it is not missing as well."""
    model = model_at(loc[:-1])
    near = nearest(str(loc[-1]), settings(model)) if model else None
    return (*loc[:-1], near) if near else None


def _note(detail: ErrorDetails, document: Document) -> Note:
    kind = detail["type"]
    path, at_key = _path(detail["loc"], document)
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "missing":
        return _missing(path)
    if kind in ("literal_error", "enum"):
        return _not_a_choice(path, document.at(path), detail.get("ctx", {}))
    if kind == "too_short":
        return Note("missing", path, "the list is empty.", fix="write at least one.", at_key=True)
    if kind in NUMBERS:
        return _of_a_value(kind, path, detail.get("ctx", {}), document, at_key=at_key)
    if kind in _NUMBERS:
        words = {"word": document.at(path), **detail.get("ctx", {})}
        return Note("value", path, _NUMBERS[kind].format(**words), fix="write a number such as 2.")
    found = syntax.glued(str(document.at(path))) if kind in _WRONG_KIND else None
    if found:
        return found.note(path, is_secret=path[0] == "integrations")
    text = _WRONG_KIND.get(kind, f"{detail['msg'].lower()}.")
    return Note("value", path, text, fix=_example_fix(path), at_key=True)


def _path(loc: tuple[int | str, ...], document: Document) -> tuple[Path, bool]:
    """Return pydantic's `loc` as a path of the file, and whether it means the key."""
    at_key = bool(loc) and loc[-1] == "[key]"
    path: Path = ()
    for part in loc[:-1] if at_key else loc:
        # One item standing for a list has no position of its own.
        if isinstance(part, int) and not isinstance(document.at(path), list):
            continue
        path = (*path, part)
    return path, at_key


def _unknown_key(path: Path) -> Note:
    model = model_at(path[:-1])
    allowed = list(settings(model)) if model else []
    word = str(path[-1])
    return Note(
        "unknown-key",
        path[:-1],
        f'there is no setting called "{word}"{" at the top of the file" if len(path) == 1 else " here"}.',
        hint=did_you_mean(word, allowed),
        fix=f"allowed: {', '.join(allowed)}" if allowed else "delete it.",
        at=path,
        at_key=True,
        # A misspelt name may hide a secret: token, tokne.
        is_secret=path[0] == "integrations",
    )


def _missing(path: Path) -> Note:
    name = str(path[-1])
    where = f" under {path_text(path[:-1])}" if path[:-1] else " at the top of the file"
    return Note(
        "missing",
        path[:-1],
        f'there is no "{name}".',
        fix=f"add  {name}: {_EXAMPLES.get(name, '...')}  {where.strip()}",
        at_key=True,
    )


def _not_a_choice(path: Path, word: Any, context: dict[str, Any]) -> Note:
    choices = [
        part.strip("' ") for part in str(context["expected"]).replace(" or ", ",").split(",")
    ]
    if not isinstance(word, str):
        return Note("value", path, "one word should stand here.", fix=f"write {choices[0]}.")
    return Note(
        "value",
        path,
        f'"{word}" is not one of the words that may stand here.',
        hint=did_you_mean(word, choices),
        fix=f"write one of: {', '.join(choices)}",
    )


def _of_a_value(
    name: str, path: Path, context: dict[str, Any], document: Document, *, at_key: bool
) -> Note:
    is_secret = name == "secret"
    fix = str(context.get("fix", ""))
    if name == "phone":
        fix = _phone_fix(path, document) or fix
    if is_secret:
        variable = _SECRET_NAMES.get(str(path[-1]), "SECRET")
        fix = f'{path[-1]}: "${{{variable}}}" and put the secret into the environment.'
    return Note(
        name,
        path,
        str(context.get("text", "")),
        fix=fix,
        hint=str(context.get("hint", "")),
        at_key=at_key,
        is_secret=is_secret,
    )


def _phone_fix(path: Path, document: Document) -> str | None:
    """Return how a number written the national way looks from abroad, when the person's country is known."""
    country, word = document.at((*path[:-1], "country")), document.at(path)
    if not isinstance(country, str) or not isinstance(word, str) or word.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(word, country.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f'for {country.upper()} write "{written}" (with quotes).'


def _example_fix(path: Path) -> str:
    example = _EXAMPLES.get(str(path[-1])) if path else None
    if example:
        return f"write it like  {path[-1]}: {example}"
    return "see config.example.yaml, which holds every setting once."
