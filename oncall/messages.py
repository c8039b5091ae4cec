"""Word a page for its reader: language, clock times in their zone, one SMS where the language allows. Sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from notifiers import sms_text
from notifiers.base import Channel, Message
from notifiers.countries import Reach, reach_of
from notifiers.settings import country_of
from oncall import dates, texts
from oncall.policy.model import Policy
from oncall.tables import Ticket

SPARE = ("codes", "days", "next_time")
"""What a text can do without when that saves a part, the least needed first."""


class PageKind(StrEnum):
    """Why a page is sent. The first two ask somebody to take a ticket and die when it is taken; the others tell."""

    ALERT = "alert"
    NOBODY = "nobody"
    CONFIRM = "confirm"
    TAKEN = "taken"
    ANSWER = "answer"
    NOTICE = "notice"
    CODE = "code"
    """A code that proves whose number it is."""
    TEST = "test"
    """Asks whether this phone wakes its owner."""

    @property
    def asks(self) -> bool:
        """Whether the page asks its reader to take the ticket."""
        return self in (PageKind.ALERT, PageKind.NOBODY)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a page is about: the words of its ticket."""

    ref: int
    subject: str
    body: str = ""
    who: str = ""
    caller: str = ""
    urgent: bool = True


def matter_of(ticket: Ticket) -> Matter:
    """Return the words of `ticket`."""
    return Matter(
        ref=ticket.id,
        subject=ticket.subject,
        body=ticket.body,
        who=ticket.customer_name,
        caller=ticket.customer_phone,
        urgent=ticket.urgency == "urgent",
    )


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a page goes to and what only it knows."""

    kind: PageKind
    person: str
    channel: Channel
    token: str
    link: str
    """The whole address of its link; empty for pages that have none."""
    fact: Mapping[str, Any]
    address: str = ""
    """Where it goes when that is not the person's own number or mail address: the number a reply came from."""
    code: str = ""
    """The digits of a `code` page."""


def word(policy: Policy, envelope: Envelope, matter: Matter | None) -> Message:
    """Return the message for `envelope` in its reader's language, fitted to its channel."""
    holes = _holes(policy, envelope, matter)
    if envelope.channel is Channel.CALL:
        return _call(policy, envelope, holes)
    if envelope.channel is Channel.EMAIL:
        return _mail(policy, envelope, holes)
    return _sms(policy, envelope, holes)


def address_of(policy: Policy, person: str, channel: Channel) -> str:
    """Return where `person` is reached on `channel`; empty when nowhere."""
    who = policy.people.get(person)
    if who is None:
        return ""
    return (who.email if channel is Channel.EMAIL else who.phone) or ""


def can_reply(policy: Policy, person: str) -> bool:
    """Say whether an SMS to `person` can be answered by one where they live."""
    number = address_of(policy, person, Channel.SMS)
    return bool(number) and reach_of(country_of(number)).can_reply


def zone_of(policy: Policy, person: str) -> ZoneInfo:
    """Return the zone a person reads clock times in."""
    who = policy.people.get(person)
    return (who.timezone if who else None) or policy.company.timezone


def clock_for(policy: Policy, person: str, instant: datetime) -> str:
    """Write `instant` as the time of day `person` reads: 03:19."""
    return f"{instant.astimezone(zone_of(policy, person)):%H:%M}"


def name_of(policy: Policy, key: str) -> str:
    """Return the first name of a person; teams, rotations and strangers are called by their key."""
    person = policy.people.get(key)
    return person.name.split()[0] if person and person.name.split() else key


def answer_text(policy: Policy, name: str, person: str, fact: Mapping[str, Any]) -> str:
    """Return the words a caller hears for text `name`, in the language the call is spoken in."""
    language = texts.spoken_language(policy.language_of(person))
    return texts.fill(texts.wording(policy, name, language), _fact_holes(policy, person, fact))


def _call(policy: Policy, envelope: Envelope, holes: dict[str, str]) -> Message:
    language = texts.spoken_language(policy.language_of(envelope.person))
    opening = "call-alert" if holes["urgent"] else "call-normal"
    names = _CALLS.get(envelope.kind, (opening, "call-menu"))
    if _is_bundle(envelope):
        names = ("call-bundle", "call-bundle-menu")
    spoken = " ".join(texts.fill(texts.wording(policy, name, language), holes) for name in names)
    return Message(
        token=envelope.token,
        to=envelope.address or address_of(policy, envelope.person, Channel.CALL),
        language=language,
        text=spoken,
        asks_for_key=envelope.kind is not PageKind.CODE,
    )


def _mail(policy: Policy, envelope: Envelope, holes: dict[str, str]) -> Message:
    language = policy.language_of(envelope.person)
    text_name = _sms_name(envelope, holes)
    asks = envelope.kind.asks
    subject = "alert-mail-subject" if holes["urgent"] else "normal-mail-subject"
    if envelope.kind in (PageKind.NOTICE, PageKind.TEST):
        subject = "notice-mail-subject"
    is_single = envelope.kind is PageKind.ALERT and not _is_bundle(envelope)
    body = "alert-mail" if asks and is_single else text_name
    return Message(
        token=envelope.token,
        to=envelope.address or address_of(policy, envelope.person, Channel.EMAIL),
        language=language,
        text=texts.fill(texts.wording(policy, body, language), holes),
        subject=texts.fill(texts.wording(policy, subject, language), holes),
    )


def _sms(policy: Policy, envelope: Envelope, holes: dict[str, str]) -> Message:
    language = policy.language_of(envelope.person)
    to = envelope.address or address_of(policy, envelope.person, Channel.SMS)
    name = _sms_name(envelope, holes)
    reach = reach_of(country_of(to))
    if not reach.can_link:
        # The networks there swallow a text with a link, the rest of it included.
        holes = {**holes, "link": ""}
    name = _as_answered(name, reach)
    template = texts.wording(policy, name, language)
    twilio = policy.integrations.twilio
    plain = twilio is None or twilio.sms_letters == "plain"

    def written(frame: Mapping[str, str]) -> str:
        return sms_text.fit(
            lambda what, who: texts.fill(template, {**frame, "what": what, "who": who}),
            holes["what"],
            holes["who"],
            plain_letters=plain,
        )

    text = written(holes)
    parts = sms_text.size_of(text).parts
    if parts > 1:
        # One part is likelier to arrive than two: who is next gives way when that is what it takes.
        without = (
            written({**holes, **dict.fromkeys(SPARE[:n], "")}) for n in range(1, len(SPARE) + 1)
        )
        fewer = (shorter for shorter in without if sms_text.size_of(shorter).parts < parts)
        text = next(fewer, text)
    return Message(token=envelope.token, to=to, language=language, text=text)


_CALLS = {PageKind.CODE: ("call-code",), PageKind.TEST: ("call-test",)}
_ASKING_TEXTS = ("alert-sms", "climbed-sms", "passed-sms", "nobody-sms", "bundle-sms", "test-sms")


def _as_answered(name: str, reach: Reach) -> str:
    """Return the text that asks only for what a phone in its country can do."""
    if name not in _ASKING_TEXTS or reach.can_reply:
        return name
    if not reach.can_link and name != "test-sms":
        return "bundle-sms-call-only" if name == "bundle-sms" else "alert-sms-call-only"
    return f"{name}-one-way" if name in ("alert-sms", "bundle-sms", "test-sms") else name


def _is_bundle(envelope: Envelope) -> bool:
    return envelope.kind.asks and int(envelope.fact.get("count", 0)) > 1


def _sms_name(envelope: Envelope, holes: Mapping[str, str]) -> str:
    if _is_bundle(envelope):
        return "bundle-sms"
    if envelope.kind is PageKind.ALERT:
        if not holes["urgent"]:
            return "normal-sms"
        # Nobody needs to be told of their own silence.
        if envelope.fact.get("before") in (None, "", envelope.person):
            return "alert-sms"
        return "passed-sms" if envelope.fact.get("passed") else "climbed-sms"
    if envelope.kind in (PageKind.ANSWER, PageKind.NOTICE):
        return str(envelope.fact["text"])
    if envelope.fact.get("solved"):
        return "already-solved-answer"
    return f"{envelope.kind}-sms"


def _holes(policy: Policy, envelope: Envelope, matter: Matter | None) -> dict[str, str]:
    holes = {
        "company": policy.company.name,
        "first": name_of(policy, envelope.person),
        "link": envelope.link or _page_link(policy, envelope.fact),
        "code": spoken_code(envelope.code) if envelope.channel is Channel.CALL else envelope.code,
        "what": "",
        "who": "",
        "urgent": "",
    }
    if matter is not None:
        holes |= {
            "ref": str(matter.ref),
            "who": sms_text.one_line(matter.who),
            "what": sms_text.one_line(matter.subject),
            "body": matter.body,
            "caller": matter.caller,
            "urgent": "yes" if matter.urgent else "",
        }
    return holes | _fact_holes(policy, envelope.person, envelope.fact)


def _page_link(policy: Policy, fact: Mapping[str, Any]) -> str:
    """Return the whole address of the page a notice leads to; empty when it leads nowhere."""
    path = str(fact.get("path", ""))
    return f"{policy.company.url.rstrip('/')}{path}" if path else ""


def _fact_holes(policy: Policy, person: str, fact: Mapping[str, Any]) -> dict[str, str]:
    """The holes a page's stored facts fill: names are looked up, instants become the reader's clock time."""
    holes = {key: str(value) for key, value in fact.items()}
    for key in ("next_name", "name", "before", "other", "backup"):
        if fact.get(key):
            holes[key] = name_of(policy, str(fact[key]))
    if fact.get("channel"):
        words = texts.CHANNELS[str(fact["channel"])]
        holes["channel"] = words.get(policy.language_of(person), words["en"])
    for key in ("next_time", "time"):
        if fact.get(key):
            holes[key] = clock_for(policy, person, datetime.fromisoformat(str(fact[key])))
    for key in ("start", "end", "until", "other_start", "other_end"):
        if fact.get(key):
            instant = datetime.fromisoformat(str(fact[key]))
            holes[key] = dates.moment(instant, zone_of(policy, person), policy.language_of(person))
    return holes


def spoken_code(code: str) -> str:
    """Write a code so that a voice reads it slowly enough to type it along."""
    return ", ".join(code)


def spelled(number: str) -> str:
    """Write a phone number so that a voice reads it digit by digit."""
    return " ".join(number)
