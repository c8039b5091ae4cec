"""Twilio's API over the exchange: what each request is answered, and the troubles a test wishes for."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from tests.twilio_stand_in.exchange import Call, Exchange, Text
from tests.twilio_stand_in.judge import ApiRequest, Judge

KEPT = 10_000
PAGE = 50
LONGEST_STALL = 60.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with a request that creates something, `times` times (None = for good)."""

    status: int = 0
    """HTTP status of a refusal; 0 for none."""
    code: int = 0
    is_taken: bool = False
    """Twilio takes the message all the same."""
    is_answered: bool = False
    """What was taken gets its good answer, only late."""
    delay: float = 0.0
    """Seconds before the answer, or before the line is cut in its place."""
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire, and what happens once it has."""

    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)
    delay: float = 0.0
    afterwards: Callable[[], None] = lambda: None

    @property
    def is_lost(self) -> bool:
        """No answer goes back."""
        return self.status == 0


class Api:
    """Judges and answers requests. Safe to use from any thread."""

    def __init__(self, exchange: Exchange, judge: Judge | None, token: str) -> None:
        self.requests: deque[ApiRequest] = deque(maxlen=KEPT)
        self.faults: deque[str] = deque(maxlen=KEPT)
        self.relieved = threading.Event()
        self._exchange = exchange
        self._judge = judge
        key = b64encode(f"{exchange.account}:{token}".encode()).decode()
        self._authorization = f"Basic {key}"
        self._troubles: defaultdict[str, list[Trouble]] = defaultdict(list)
        self._lock = threading.Lock()
        self._list_lag = timedelta(0)
        self._list_status = 0

    def plan(self, number: str, trouble: Trouble) -> None:
        """Let `trouble` meet the next requests that write to or call `number`."""
        with self._lock:
            self._troubles[number].append(trouble)
            if trouble.delay:
                self.relieved.clear()

    def hide(self, seconds: float) -> None:
        """Leave out of every list what is younger than `seconds`."""
        self._list_lag = timedelta(seconds=seconds)

    def refuse_lists(self, status: int) -> None:
        """Answer every list with an HTTP status; 0 answers them again."""
        self._list_status = status

    def relieve(self, number: str) -> None:
        """Take every trouble away from `number` and let stalled requests go."""
        with self._lock:
            self._troubles.pop(number, None)
        self.relieved.set()

    def answer(self, request: ApiRequest) -> Answer:
        """Return what Twilio answers to `request`."""
        self.requests.append(request)
        if request.authorization != self._authorization:
            return _refusal(401, 20003, "Authenticate")
        fault = self._judge.fault(request) if self._judge else ""
        if fault:
            self.faults.append(f"{request.method} {request.path}: {fault}")
            return _refusal(400, 20001, fault)
        parts = request.path.removesuffix(".json").split("/")[4:]
        if len(parts) == 2:
            return self._one(request, *parts)
        return (
            self._list(request, parts[0])
            if request.method == "GET"
            else self._create(request, parts[0])
        )

    def _create(self, request: ApiRequest, kind: str) -> Answer:
        trouble = self._next_trouble(request.field("To"))
        if trouble is not None and not trouble.is_taken:
            refusal = _refusal(trouble.status, trouble.code) if trouble.status else Answer()
            return replace(refusal, delay=trouble.delay)
        answer = self._taken_text(request) if kind == "Messages" else self._taken_call(request)
        if trouble is None:
            return answer
        status = answer.status if trouble.is_answered else trouble.status
        return replace(answer, status=status, delay=trouble.delay)

    def _taken_text(self, request: ApiRequest) -> Answer:
        if not request.field("Body"):
            return _refusal(400, 21602)
        text = self._exchange.take_text(request)
        return Answer(201, self._text(text), afterwards=lambda: self._exchange.carry(text))

    def _taken_call(self, request: ApiRequest) -> Answer:
        if not request.field("Twiml"):
            return _refusal(400, 21205)
        call = self._exchange.take_call(request)
        return Answer(201, self._call(call), afterwards=lambda: self._exchange.ring(call))

    def _one(self, request: ApiRequest, kind: str, sid: str) -> Answer:
        with self._exchange.changed:
            if kind == "Messages":
                text = next((t for t in self._exchange.texts if t.sid == sid), None)
                return Answer(200, self._text(text)) if text else _refusal(404, 20404)
            call = next((c for c in self._exchange.calls if c.sid == sid), None)
            if call is None:
                return _refusal(404, 20404)
            return self._updated(call, request.field("Status"))

    def _updated(self, call: Call, wanted: str) -> Answer:
        if not wanted:
            return Answer(200, self._call(call))
        if call.is_over or (wanted == "canceled" and call.status == "in-progress"):
            return _refusal(400, 21220, "Invalid call state")
        ending = "canceled" if call.status != "in-progress" else "completed"
        self._exchange.report_call(call, ending)
        return Answer(200, self._call(call))

    def _list(self, request: ApiRequest, kind: str) -> Answer:
        if self._list_status:
            return _refusal(self._list_status, 0)
        youngest = self._exchange.clock() - self._list_lag
        wanted = {name: request.query.get(name, [""])[0] for name in ("To", "From")}
        with self._exchange.changed:
            things = list(self._exchange.texts if kind == "Messages" else self._exchange.calls)
        found = [
            thing
            for thing in reversed(things)
            if thing.created <= youngest
            and wanted["To"] in ("", thing.to)
            and wanted["From"] in ("", thing.sender)
        ]
        shown = [self._text(t) if isinstance(t, Text) else self._call(t) for t in found[:PAGE]]
        return Answer(
            200, {kind.lower(): shown, "page": 0, "page_size": PAGE, "next_page_uri": None}
        )

    def _next_trouble(self, number: str) -> Trouble | None:
        with self._lock:
            waiting = self._troubles.get(number)
            if not waiting:
                return None
            trouble = waiting[0]
            if trouble.times is None:
                return trouble
            left = trouble.times - 1
            waiting[:1] = [replace(trouble, times=left)] if left else []
            return trouble

    def _text(self, text: Text) -> dict[str, Any]:
        return {
            "sid": text.sid, "account_sid": self._exchange.account, "api_version": "2010-04-01",
            "to": text.to, "from": text.sender, "body": text.body, "status": text.status,
            "direction": "outbound-api", "num_segments": "1", "num_media": "0",
            "date_created": format_datetime(text.created), "date_sent": None, "date_updated": None,
            "error_code": None, "error_message": None, "price": None, "price_unit": "USD",
        }  # fmt: skip

    def _call(self, call: Call) -> dict[str, Any]:
        return {
            "sid": call.sid, "account_sid": self._exchange.account, "api_version": "2010-04-01",
            "to": call.to, "from": call.sender, "status": call.status, "direction": "outbound-api",
            "date_created": format_datetime(call.created), "date_updated": None, "start_time": None,
            "end_time": None, "duration": None, "price": None, "answered_by": None,
        }  # fmt: skip


def _refusal(status: int, code: int, text: str = "") -> Answer:
    body: dict[str, Any] = {"message": text or f"refused with {code or status}", "status": status}
    if code:
        body |= {"code": code, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return Answer(status, body)
