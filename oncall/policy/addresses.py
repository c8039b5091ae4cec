"""Written names and addresses (phones, mail, countries, languages, `${SECRETS}`) as checked text. Reaches nobody."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import phonenumbers

from notifiers.countries import reach_of
from oncall.policy.findings import did_you_mean
from oncall.policy.reading import word, wrong

LANGUAGES = ("en", "tr", "ro", "fa")
RESERVED = ("previous", "next", "none", "default")
"""Words that mean something else where a short name may stand."""

_SHORT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_-]{1,11}")


def secret_name(text: str) -> str | None:
    """Return NAME of a value written `${NAME}`; None for anything else."""
    match = _SECRET.fullmatch(text.strip())
    return match[1] if match else None


def read_phone(value: Any) -> str:
    """Return a number in E.164 form."""
    text = word(value)
    compact = re.sub(r"[\s().-]", "", text)
    if not compact.startswith("+"):
        raise wrong(
            "phone",
            f"{text} is not an international number.",
            fix='write "+", the country code and the number, in quotes.',
        )
    try:
        number = phonenumbers.parse(compact)
    except phonenumbers.NumberParseException:
        raise wrong(
            "phone", f"{text} is not a phone number.", fix='write it like "+12025550101".'
        ) from None
    if not phonenumbers.is_possible_number(number):
        raise wrong(
            "phone",
            f"{text} cannot exist: it has too few or too many digits for +{number.country_code}.",
            fix="check the number.",
        )
    country = phonenumbers.region_code_for_country_code(number.country_code or 0)
    if not reach_of(country).is_served:
        raise wrong(
            "phone",
            f"nothing reaches a number of {country} (+{number.country_code}): no text, no call.",
            fix="write a number of another country, or leave phone out and write an email.",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_country(value: Any) -> str:
    """Return a country by its two letters."""
    text = word(value)
    if text.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise wrong(
            "unknown-name",
            f'"{text}" is not a country code.',
            fix="write the two letters of the country: RO, TR, GB.",
        )
    return text.upper()


def read_language(value: Any) -> str:
    """Return a language the texts exist in."""
    text = word(value)
    if text not in LANGUAGES:
        raise wrong(
            "unknown-name",
            f'there are no texts in the language "{text}".',
            fix=f"write one of: {', '.join(LANGUAGES)}",
            hint=did_you_mean(text, LANGUAGES),
        )
    return text


def read_short_name(value: Any) -> str:
    """Return a name fit to be a key."""
    text = word(value)
    if not _SHORT_NAME.fullmatch(text):
        fix = "use letters a to z, digits, - and _, starting with a letter, 40 at most."
        raise wrong("value", f'"{text}" cannot be a short name.', fix=fix)
    if text.lower() in RESERVED:
        raise wrong("name-clash", f'"{text}" has a meaning of its own.', fix="choose another name.")
    return text


def read_secret(value: Any) -> str:
    """Return `${NAME}` as it stands; anything else is a secret in the file."""
    text = word(value)
    if secret_name(text) is None:
        raise wrong("secret", "a secret stands in the file itself.")
    return text


def read_mail_address(value: Any) -> str:
    """Return a mail address."""
    text = word(value)
    if not _MAIL.fullmatch(text):
        raise wrong("value", f'"{text}" is not a mail address.', fix="write name@example.com.")
    return text


def read_web_address(value: Any) -> str:
    """Return an http(s) address without a last slash."""
    text = word(value)
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or re.search(r"\s", text):
        raise wrong(
            "value", f'"{text}" is not a web address.', fix="write https://phone.example.com."
        )
    return text.rstrip("/")


def read_mail_server(value: Any) -> str:
    """Return host:port."""
    text = word(value)
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise wrong("value", f'"{text}" is not host:port.', fix='write "smtp.example.com:587".')
    return text


def read_sender(value: Any) -> str:
    """Return what a text comes from: a number or a registered name."""
    text = word(value)
    return text if _SENDER_NAME.fullmatch(text) else read_phone(text)


def read_sender_scope(value: Any) -> str:
    """Return `default` or a country."""
    text = word(value)
    return text if text == "default" else read_country(text)
