"""The life of a text and of a call in Twilio's words, in order; the simulator speaks them too. Talks to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from notifiers.base import Delivery


@dataclass(frozen=True, slots=True)
class Stage:
    """One status: its place in the order, and whether it is the last one and a bad one."""

    rank: int
    ended: bool = False
    failed: bool = False


# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
TEXT = {
    "accepted": Stage(1),
    "scheduled": Stage(1),
    "queued": Stage(2),
    "sending": Stage(3),
    "sent": Stage(4),
    "delivered": Stage(5, ended=True),
    "undelivered": Stage(5, ended=True, failed=True),
    "failed": Stage(5, ended=True, failed=True),
    "canceled": Stage(5, ended=True, failed=True),
    "read": Stage(6, ended=True),
}

# https://www.twilio.com/docs/voice/api/call-resource#call-status-values
# `completed` says only that a line was open: a voicemail completes too. It is never an answer.
CALL = {
    "queued": Stage(1),
    "initiated": Stage(2),
    "ringing": Stage(3),
    "in-progress": Stage(4),
    "completed": Stage(5, ended=True),
    "busy": Stage(5, ended=True, failed=True),
    "no-answer": Stage(5, ended=True, failed=True),
    "canceled": Stage(5, ended=True, failed=True),
    "failed": Stage(5, ended=True, failed=True),
}

_NEW_TO_US = Stage(0)


def text_delivery(provider_id: str, status: str, error_code: str = "") -> Delivery:
    """Return the report for a text; a status we do not know gets rank 0 and so changes nothing."""
    return _delivery(TEXT, provider_id, status, error_code)


def call_delivery(provider_id: str, status: str, error_code: str = "") -> Delivery:
    """Return the report for a call; a status we do not know gets rank 0 and so changes nothing."""
    return _delivery(CALL, provider_id, status, error_code)


def _delivery(stages: dict[str, Stage], provider_id: str, status: str, error_code: str) -> Delivery:
    stage = stages.get(status, _NEW_TO_US)
    return Delivery(
        provider_id=provider_id,
        status=status,
        rank=stage.rank,
        ended=stage.ended,
        failed=stage.failed,
        error_code=error_code,
    )
