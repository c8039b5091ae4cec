"""The handsets of the people the product wakes: they ring, are answered or not, press keys and write texts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tests.twilio_stand_in import script
from tests.twilio_stand_in.exchange import Call, Exchange, Text
from tests.twilio_stand_in.postman import Brought, Letter

Found = TypeVar("Found")


@dataclass(slots=True)
class OnTheLine:
    """A call somebody (or a voicemail) answered. Keys go where the script said, signed like Twilio's own."""

    call: Call
    exchange: Exchange

    @property
    def heard(self) -> str:
        """Everything that was said so far."""
        return " ".join(self.call.heard)

    def press(self, key: str) -> str:
        """Press a key at the present question; return what is said then."""
        line = self._question()
        form = {"CallSid": self.call.sid, "CallStatus": "in-progress", "Digits": key}
        form |= {"To": self.call.to, "From": self.call.sender, "Direction": "outbound-api"}
        letter = Letter(line.action, self.exchange.signed_fields(form))
        answer = self.exchange.postman.bring(letter)
        if answer.status != 200:
            self._finish()
            raise script.TwimlFault(f"the key's address answered {answer.status}: {answer.body}")
        before = len(self.call.heard)
        self.call.lines = script.read(answer.body)
        self._play()
        return " ".join(self.call.heard[before:])

    def stay_silent(self) -> None:
        """Let the present question pass without a key; the script goes on behind it."""
        self._question()
        self.call.lines.popleft()
        self._play()

    def listen_to_the_end(self) -> None:
        """Let every question pass, as a voicemail does; the call ends by itself."""
        while not self.call.is_over:
            self.stay_silent()

    def hang_up(self) -> None:
        """Put the phone down."""
        self._finish()

    def start(self) -> OnTheLine:
        """Begin to play the script the call came with."""
        self.call.lines = script.read(self.call.twiml)
        self._play()
        return self

    def _question(self) -> script.Question:
        if self.call.is_over or not self.call.lines:
            raise AssertionError(f"nobody asks for a key: the call is {self.call.status}")
        line = self.call.lines[0]
        assert isinstance(line, script.Question)
        return line

    def _play(self) -> None:
        """Say lines up to the next question, which stays in front; after the last one hang up."""
        while self.call.lines:
            line = self.call.lines[0]
            if isinstance(line, script.Question):
                self._hear(*line.said)
                return
            self._hear(line)
            self.call.lines.popleft()
        self._finish()

    def _hear(self, *spoken: script.Spoken) -> None:
        self.call.heard.extend(said.words for said in spoken)
        self.call.languages.update(said.language for said in spoken)

    def _finish(self) -> None:
        if not self.call.is_over:
            self.exchange.report_call(self.call, "completed")


class Phone:
    """One handset. `wait_for_...` gives the product time; the rest says how things stand."""

    def __init__(self, number: str, exchange: Exchange, inbound_sms: Callable[[], str]) -> None:
        self.number = number
        self._exchange = exchange
        self._inbound_sms = inbound_sms

    @property
    def texts(self) -> list[Text]:
        """The texts that arrived, oldest first."""
        with self._exchange.changed:
            return [text for text in self._exchange.texts if text.to == self.number]

    @property
    def calls(self) -> list[Call]:
        """Every call this phone got, oldest first."""
        with self._exchange.changed:
            return [call for call in self._exchange.calls if call.to == self.number]

    @property
    def ringing(self) -> list[Call]:
        """The calls it rings with now."""
        return [call for call in self.calls if call.status == "ringing"]

    def wait_for_text(self, nth: int = 1, *, seconds: float = 10) -> Text:
        """Return the `nth` text, once it is there."""
        return self._wait_for(lambda: self.texts[nth - 1 :], "text", seconds)

    def wait_for_ring(self, *, seconds: float = 10) -> Call:
        """Return the call it rings with, once it does."""
        return self._wait_for(lambda: self.ringing, "call", seconds)

    def wait_for_silence(self, *, seconds: float = 10) -> None:
        """Return once it rings no more."""
        self._wait_for(lambda: [] if self.ringing else [True], "silence", seconds)

    def answer(self) -> OnTheLine:
        """Pick up and listen to the first question."""
        call = self._take("in-progress")
        return OnTheLine(call, self._exchange).start()

    def voicemail(self) -> Call:
        """Let a voicemail pick up: it says nothing and presses nothing, and the call counts as completed."""
        on_the_line = self.answer()
        on_the_line.listen_to_the_end()
        return on_the_line.call

    def decline(self) -> Call:
        """Push the call away."""
        return self._take("busy")

    def ring_out(self) -> Call:
        """Let it ring until Twilio gives up."""
        return self._take("no-answer")

    def switch_off(self) -> None:
        """Be out of reach: texts stay undelivered, calls fail."""
        self._exchange.out_of_reach.add(self.number)

    def switch_on(self) -> None:
        """Be in reach again."""
        self._exchange.out_of_reach.discard(self.number)

    def reply(self, body: str, *, sid: str | None = None) -> Brought:
        """Send a text to the number that last wrote; the same `sid` again is Twilio's repeat."""
        texts = self.texts
        form = {"From": self.number, "To": texts[-1].sender if texts else "+12025550100"}
        sid = sid or self._exchange.new_sid("SM")
        form |= {"Body": body, "MessageSid": sid, "SmsSid": sid, "NumMedia": "0"}
        letter = Letter(self._inbound_sms(), self._exchange.signed_fields(form))
        return self._exchange.postman.bring(letter)

    def _take(self, status: str) -> Call:
        with self._exchange.changed:
            if not self.ringing:
                raise AssertionError(f"{self.number} does not ring")
            call = self.ringing[0]
            self._exchange.report_call(call, status)
        return call

    def _wait_for(
        self, found: Callable[[], list[Found] | deque[Found]], what: str, seconds: float
    ) -> Found:
        with self._exchange.changed:
            if not self._exchange.changed.wait_for(lambda: bool(found()), seconds):
                raise AssertionError(f"no {what} for {self.number} within {seconds} s")
            return found()[0]
