"""The contact card (vCard 3.0, RFC 2426) with every number we text and call from: phones let known people through."""

from __future__ import annotations

from oncall.app import App


def numbers(app: App) -> tuple[str, ...]:
    """Return every number we send from, each once; names in letters are no numbers and cannot be on a card."""
    twilio = app.twilio
    if twilio is None:
        return ()
    senders = (*twilio.sms_from.values(), twilio.caller())
    return tuple(dict.fromkeys(one for one in senders if one.startswith("+")))


def card(app: App) -> str:
    """Return the card, lines ended as the format wants them."""
    name = _escaped(f"{app.shelf.current.company.name} ON-CALL")
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{name};;;;",
        f"FN:{name}",
        f"ORG:{_escaped(app.shelf.current.company.name)}",
        *(f"TEL;TYPE=CELL:{number}" for number in numbers(app)),
        "END:VCARD",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _escaped(text: str) -> str:
    one_line = " ".join(text.split())
    for letter in "\\,;":
        one_line = one_line.replace(letter, f"\\{letter}")
    return one_line
