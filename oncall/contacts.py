"""What people change about how they are reached: phone, mail, ladders. It wins over the policy file; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from notifiers.base import Channel
from notifiers.countries import reach_of
from notifiers.settings import country_of
from oncall import timeline
from oncall.app import App
from oncall.errors import Conflict
from oncall.policy.edits import Edits
from oncall.policy.model import Person, Policy
from oncall.policy.values import Ladder, MailAddress, Phone
from oncall.store import reading
from oncall.tables import Contact

_PHONE: TypeAdapter[str] = TypeAdapter(Phone)
_MAIL: TypeAdapter[str] = TypeAdapter(MailAddress)
_LADDER: TypeAdapter[Ladder] = TypeAdapter(Ladder)
SETTINGS = ("phone", "email", "urgent", "normal")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants for themselves; an empty text means: as the policy file says."""

    phone: str = ""
    email: str = ""
    urgent: str = ""
    normal: str = ""


def edit(session: Session, app: App, person: str, wish: Wish, now: datetime) -> None:
    """Store what `person` wants; raises `Conflict` with words for what cannot be. `refresh` makes it count."""
    written = app.shelf.written.people[person]
    wanted = {
        "phone": _phone(app, person, wish.phone),
        "email": _mail(app, person, wish.email),
        "urgent": _waking_ladder(wish.urgent),
        "normal": _ladder(wish.normal),
    }
    row = session.get(Contact, person, with_for_update=True) or Contact(person=person, version=0)
    changed = []
    for setting in SETTINGS:
        # What says the same as the file follows the file when that changes.
        value = None if wanted[setting] == written_as(written, setting) else wanted[setting]
        if getattr(row, setting) != value:
            setattr(row, setting, value)
            changed.append(setting)
    if not changed:
        return
    if "phone" in changed:
        row.card_saved_at = None
    row.version += 1
    session.add(row)
    session.flush()
    # The log names what changed, never a number or an address.
    timeline.audit(session, now, person, "contact.changed", person=person, what=changed)


def card_saved(session: Session, person: str, now: datetime) -> None:
    """Note that `person` says our contact card is on their phone."""
    row = session.get(Contact, person, with_for_update=True)
    if row is None:
        row = Contact(person=person, version=1)
        session.add(row)
    row.card_saved_at = now


def refresh(app: App) -> None:
    """Make what people changed count in this process, whichever process they changed it in."""
    with reading(app.sessions) as session:
        app.shelf.refresh(session)


def written_as(person: Person, setting: str) -> str | None:
    """Return a setting of `person` as the policy file would write it."""
    if setting in ("phone", "email"):
        found: str | None = getattr(person, setting)
        return found
    return ", ".join(str(rung) for rung in getattr(person.notify, setting))


def edited_settings(written: Policy, edits: Edits) -> dict[str, tuple[str, ...]]:
    """Return, per person of the file, the settings that the file no longer decides."""
    return {
        person: tuple(
            f"notify.{name}" if name in ("urgent", "normal") else name
            for name in SETTINGS
            if getattr(one, name) is not None
        )
        for person, one in edits.people.items()
        if person in written.people and any(getattr(one, name) is not None for name in SETTINGS)
    }


def _phone(app: App, person: str, text: str) -> str | None:
    if not text.strip():
        return app.shelf.written.people[person].phone
    if not reach_of(country_of(_compact(text))).is_served:
        raise Conflict(
            "nothing reaches numbers of that country; give another number", "phone-unserved"
        )
    try:
        number = _PHONE.validate_python(text.strip())
    except ValidationError:
        raise Conflict(
            "write the number with + and the country code, such as +12025550101", "phone-wrong"
        ) from None
    if not _may_ring(number):
        raise Conflict("this number cannot exist; check its digits", "phone-impossible")
    if any(
        other.phone == number
        for short, other in app.shelf.current.people.items()
        if short != person
    ):
        raise Conflict("somebody else has this number already", "phone-taken")
    return number


def _compact(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal() or letter == "+")


def _may_ring(number: str) -> bool:
    """Say whether a number could be a phone: of a length its country has, and of no kind that nobody carries."""
    parsed = phonenumbers.parse(number)
    kind = phonenumbers.number_type(parsed)
    dead = (phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST)
    return phonenumbers.is_possible_number(parsed) and kind not in dead


def _mail(app: App, person: str, text: str) -> str | None:
    if not text.strip():
        return app.shelf.written.people[person].email
    try:
        address = _MAIL.validate_python(text.strip())
    except ValidationError:
        raise Conflict("write a mail address, such as name@example.com", "mail-wrong") from None
    others = (one.email for short, one in app.shelf.current.people.items() if short != person)
    if address.casefold() in (other.casefold() for other in others if other):
        raise Conflict("somebody else has this mail address already", "mail-taken")
    return address


def _waking_ladder(text: str) -> str | None:
    written = _ladder(text)
    if written is not None and all(rung.channel is Channel.EMAIL for rung in read_ladder(written)):
        raise Conflict("this would never ring or buzz; add sms or call", "ladder-silent")
    return written


def _ladder(text: str) -> str | None:
    """Return a ladder in its one way of writing; None for an empty one."""
    if not text.strip():
        return None
    try:
        rungs = read_ladder(text)
    except ValidationError as error:
        raise Conflict(
            f"“{text}” is not a way to be reached; write: sms now, call 1m, call 3m",
            "ladder-wrong",
            error.errors(include_url=False)[0]["msg"],
        ) from None
    if len(rungs) > MOST_RUNGS:
        raise Conflict(f"at most {MOST_RUNGS} tries fit one ladder", "ladder-long", MOST_RUNGS)
    return ", ".join(str(rung) for rung in rungs)


MOST_RUNGS = 8


def read_ladder(text: str) -> Ladder:
    """Return the rungs of `sms now, call 1m`; raises pydantic's `ValidationError`."""
    return _LADDER.validate_python([part.strip() for part in text.split(",") if part.strip()])
