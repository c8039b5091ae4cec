"""The outside services can do what the ladders ask of them."""

from __future__ import annotations

from collections.abc import Iterator

from notifiers.base import Channel
from oncall.policy.draft import Draft
from oncall.policy.findings import Note, Path, Severity

_SMS_FROM: Path = ("integrations", "twilio", "sms_from")


def sender_for_everybody(draft: Draft) -> Iterator[Note]:
    """Without a default sender, texts to other countries would have no number to come from."""
    if draft.twilio and "default" not in draft.twilio.sms_from:
        text = 'there is no "default" sender; a text to a country not listed could not be sent.'
        fix = 'add  default: "+12025550100"'
        yield Note("missing", _SMS_FROM, text, fix=fix, at_key=True)


def calls_have_a_number(draft: Draft) -> Iterator[Note]:
    """A text may come from a name, a call only from a number."""
    if draft.twilio is None or draft.twilio.call_from:
        return
    default = draft.twilio.sms_from.get("default", "+")
    if not default.startswith("+"):
        yield Note(
            "missing",
            _SMS_FROM[:-1],
            f'there is no "call_from", and calls cannot come from the name {default}.',
            fix='add  call_from: "+12025550100"',
            at_key=True,
        )


def mail_can_be_sent(draft: Draft) -> Iterator[Note]:
    """With Twilio in use the simulator is off, and mail needs a mail server."""
    if draft.twilio is None or draft.document.at(("integrations", "email")) is not None:
        return
    if _uses_mail(draft):
        yield Note(
            "no-address",
            ("integrations",),
            "ladders use email, but there is no mail server; those mails are not sent.",
            fix="add  email: { smtp: ..., from: ... }  here, or drop email from the ladders.",
            severity=Severity.WARNING,
            at_key=True,
        )


def _uses_mail(draft: Draft) -> bool:
    by_steps = [step.by or () for steps in draft.ladders.values() for step in steps.values()]
    own = [person.notify.urgent for person in draft.people.values()]
    normal = draft.normal_ladders().values()
    if any(not step.by for steps in normal for step in steps.values()):
        own += [person.notify.normal for person in draft.people.values()]
    return any(rung.channel is Channel.EMAIL for rungs in (*by_steps, *own) for rung in rungs)
