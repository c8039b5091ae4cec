"""The network behind Twilio's API: its texts, its calls, what became of them. Speaks no HTTP itself."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from tests.twilio_stand_in import script
from tests.twilio_stand_in.judge import ApiRequest
from tests.twilio_stand_in.postman import Letter, Postman

KEPT = 10_000
SUBSCRIBED_AS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
"""Status of a call -> the event one subscribes to; every last status counts as `completed`."""


@dataclass(slots=True)
class Text:
    """An SMS Twilio took."""

    sid: str
    to: str
    sender: str
    body: str
    created: datetime
    valid_for: int
    callback: str
    status: str = "queued"


@dataclass(slots=True)
class Call:
    """A phone call Twilio took. `heard` grows as the script is played to whoever answered."""

    sid: str
    to: str
    sender: str
    created: datetime
    twiml: str
    ring_seconds: int
    callback: str
    events: frozenset[str]
    status: str = "queued"
    heard: list[str] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    lines: deque[script.Line] = field(default_factory=deque)
    sequence: Iterator[int] = field(default_factory=count)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in ("queued", "initiated", "ringing", "in-progress")


class Exchange:
    """Holds the state under one lock; whoever waits for a change uses `changed`."""

    def __init__(self, account: str, postman: Postman, clock: Callable[[], datetime]) -> None:
        self.account = account
        self.postman = postman
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.texts: deque[Text] = deque(maxlen=KEPT)
        self.calls: deque[Call] = deque(maxlen=KEPT)
        self.out_of_reach: set[str] = set()
        self._numbers = count(1)

    def take_text(self, request: ApiRequest) -> Text:
        """Take an SMS and carry it to its phone."""
        text = Text(
            sid=self.new_sid("SM"),
            to=request.field("To"),
            sender=request.field("From"),
            body=request.field("Body"),
            created=self.clock().astimezone(UTC),
            valid_for=int(request.field("ValidityPeriod") or 36_000),
            callback=request.field("StatusCallback"),
        )
        with self.changed:
            self.texts.append(text)
            self.changed.notify_all()
        return text

    def carry(self, text: Text) -> None:
        """Report the way of a text that was taken."""
        self.report_text(text, "sent")
        if text.to in self.out_of_reach:
            self.report_text(text, "undelivered", error="30003")
        else:
            self.report_text(text, "delivered")

    def take_call(self, request: ApiRequest) -> Call:
        """Take a call; its phone rings at once."""
        call = Call(
            sid=self.new_sid("CA"),
            to=request.field("To"),
            sender=request.field("From"),
            created=self.clock().astimezone(UTC),
            twiml=request.field("Twiml"),
            ring_seconds=int(request.field("Timeout") or 60),
            callback=request.field("StatusCallback"),
            events=frozenset(request.form.get("StatusCallbackEvent", ["completed"])),
        )
        with self.changed:
            self.calls.append(call)
        return call

    def ring(self, call: Call) -> None:
        """Let the phone of a call that was taken ring; one out of reach goes nowhere."""
        self.report_call(call, "initiated")
        self.report_call(call, "failed" if call.to in self.out_of_reach else "ringing")

    def report_text(self, text: Text, status: str, *, error: str = "") -> None:
        """Move a text on and tell the product."""
        with self.changed:
            text.status = status
            self.changed.notify_all()
        if not text.callback:
            return
        form = {"MessageSid": text.sid, "SmsSid": text.sid, "MessageStatus": status}
        form |= {"SmsStatus": status, "To": text.to, "From": text.sender}
        self.tell(text.callback, form | ({"ErrorCode": error} if error else {}))

    def report_call(self, call: Call, status: str) -> None:
        """Move a call on and tell the product, if it asked for this event."""
        with self.changed:
            call.status = status
            self.changed.notify_all()
        if not call.callback or SUBSCRIBED_AS.get(status, "completed") not in call.events:
            return
        form = {"CallSid": call.sid, "CallStatus": status, "To": call.to, "From": call.sender}
        form |= {"Direction": "outbound-api", "SequenceNumber": str(next(call.sequence))}
        self.tell(call.callback, form | {"CallbackSource": "call-progress-events"})

    def tell(self, url: str, form: dict[str, str]) -> None:
        """Hand a callback to the postman."""
        self.postman.take(Letter(url, self.signed_fields(form)))

    def signed_fields(self, form: dict[str, str]) -> dict[str, str]:
        """Return `form` with the fields every request of Twilio carries."""
        return {"AccountSid": self.account, "ApiVersion": "2010-04-01", **form}

    def new_sid(self, kind: str) -> str:
        """Return an id no other message or call has."""
        return f"{kind}{next(self._numbers):032x}"
