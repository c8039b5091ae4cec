"""The written forms of the policy file as types the models can use, and a person's ladder. Reads no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainSerializer

from notifiers.base import Channel
from oncall.policy import addresses, times
from oncall.policy.findings import did_you_mean
from oncall.policy.reading import word, wrong
from oncall.policy.times import DAYS, Handoff, Span, duration_text


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a person's ladder: a channel and how long after the step starts it is used."""

    channel: Channel
    after: timedelta

    def __str__(self) -> str:
        return f"{self.channel} {duration_text(self.after)}"


def _rung(value: Any) -> Rung:
    if isinstance(value, Rung):
        return value
    text = word(value)
    channel, _, after = text.lower().partition(" ")
    if channel not in set(Channel):
        raise wrong(
            "unknown-name",
            f'"{channel}" is not a way to reach somebody.',
            fix="write a channel and when: sms now, call 1m, email 10m.",
            hint=did_you_mean(channel, Channel, label="channels"),
        )
    at_once = after.strip() in ("", "now")
    return Rung(Channel(channel), timedelta(0) if at_once else times.read_duration(after))


def _texts(value: Any) -> Any:
    """One word may stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _steps(value: Any) -> Any:
    """One step may stand for a list of one."""
    return [value] if isinstance(value, dict) else value


Text = Annotated[str, BeforeValidator(word)]
ShortName = Annotated[str, BeforeValidator(addresses.read_short_name)]
Duration = Annotated[
    timedelta, BeforeValidator(times.read_duration), PlainSerializer(duration_text)
]
Durations = Annotated[tuple[Duration, ...], BeforeValidator(_texts)]
HandoffTime = Annotated[Handoff, BeforeValidator(times.read_handoff), PlainSerializer(str)]
Handoffs = Annotated[tuple[HandoffTime, ...], BeforeValidator(_texts), Field(min_length=1)]
LadderRung = Annotated[Rung, BeforeValidator(_rung), PlainSerializer(str)]
Ladder = Annotated[tuple[LadderRung, ...], BeforeValidator(_texts)]
OpenSpans = Annotated[
    tuple[Span, ...],
    BeforeValidator(times.read_spans),
    PlainSerializer(lambda spans: [str(s) for s in spans]),
]
Weekdays = Annotated[
    tuple[int, ...],
    BeforeValidator(times.read_weekdays),
    PlainSerializer(lambda days: "+".join(DAYS[d] for d in days)),
]
CalendarDate = Annotated[date, BeforeValidator(times.read_date)]
DateList = Annotated[tuple[CalendarDate, ...], BeforeValidator(_texts)]
Zone = Annotated[ZoneInfo, BeforeValidator(times.read_zone), PlainSerializer(str)]
Phone = Annotated[str, BeforeValidator(addresses.read_phone)]
Country = Annotated[str, BeforeValidator(addresses.read_country)]
Language = Annotated[str, BeforeValidator(addresses.read_language)]
LanguageList = Annotated[tuple[Language, ...], BeforeValidator(_texts)]
Secret = Annotated[str, BeforeValidator(addresses.read_secret)]
MailAddress = Annotated[str, BeforeValidator(addresses.read_mail_address)]
WebAddress = Annotated[str, BeforeValidator(addresses.read_web_address)]
MailServer = Annotated[str, BeforeValidator(addresses.read_mail_server)]
Sender = Annotated[str, BeforeValidator(addresses.read_sender)]
SenderScope = Annotated[str, BeforeValidator(addresses.read_sender_scope)]
TextList = Annotated[tuple[Text, ...], BeforeValidator(_texts)]
AsSteps = BeforeValidator(_steps)
