"""The phones in the browser."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from notifiers.base import Channel, Delivery, Message
from notifiers.simulator import KEPT, TALK, SimulatedCall, Simulator
from oncall.clock import MovingClock

ANA = "+12025550101"
NIGHT = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock(NIGHT)


@pytest.fixture
def phones(clock: MovingClock) -> Simulator:
    return Simulator(clock)


def send(
    phones: Simulator, channel: Channel, text: str = "Urgent", page: str = "t1", **more: object
) -> str:
    message = Message(token=page, to=ANA, language="en", text=text, **more)  # type: ignore[arg-type]
    return phones.notifiers()[channel].send(message).provider_id


def ring(phones: Simulator, **more: object) -> str:
    return send(phones, Channel.CALL, "Urgent. Press 1.", **more)


def call_of(phones: Simulator) -> SimulatedCall:
    return phones.screen(ANA).calls[0]


def statuses(reports: tuple[tuple[str, Delivery], ...]) -> list[str]:
    return [report.status for _, report in reports]


def test_a_text_lies_on_the_screen_in_the_letters_a_network_would_carry(phones: Simulator) -> None:
    send(phones, Channel.SMS, "ACİL: kapı çalışmıyor")

    [text] = phones.screen(ANA).texts
    assert (text.text, text.parts, text.at) == ("ACIL: kapi calismiyor", 1, NIGHT)


def test_a_text_is_reported_delivered_once(phones: Simulator) -> None:
    sid = send(phones, Channel.SMS)

    [(token, report)] = phones.drain()
    assert (token, report.provider_id, report.status, report.ended) == (
        "t1",
        sid,
        "delivered",
        True,
    )
    assert phones.drain() == ()


def test_a_mail_lies_in_its_box(phones: Simulator) -> None:
    send(phones, Channel.EMAIL, "Body", subject="Ticket #412")

    [mail] = phones.screen(ANA).mails
    assert (mail.subject, mail.text) == ("Ticket #412", "Body")


def test_a_new_phone_is_empty(phones: Simulator) -> None:
    assert phones.screen("+12025550199").texts == ()


def test_the_newest_comes_first_and_the_oldest_is_forgotten(phones: Simulator) -> None:
    for number in range(KEPT + 5):
        send(phones, Channel.SMS, f"text {number}")

    texts = phones.screen(ANA).texts
    assert (len(texts), texts[0].text, texts[-1].text) == (KEPT, f"text {KEPT + 4}", "text 5")


def test_an_answered_call_says_its_words_and_waits_for_a_key(phones: Simulator) -> None:
    sid = ring(phones)
    assert (call_of(phones).state, call_of(phones).heard) == ("ringing", ())

    phones.answer(sid)

    assert phones.call(sid).state == "answered"
    assert phones.call(sid).heard == ("Urgent. Press 1.",)
    assert statuses(phones.drain()) == ["ringing", "in-progress"]


def test_our_answer_to_a_key_joins_what_was_heard_and_ends_the_call(phones: Simulator) -> None:
    sid = ring(phones)
    phones.answer(sid)

    phones.said(sid, "1", "It is yours.", asks_for_key=False)

    call = phones.call(sid)
    assert (call.heard, call.pressed) == (("Urgent. Press 1.", "It is yours."), ("1",))
    assert (call.state, call.ended) == ("ended", "finished")
    assert statuses(phones.drain())[-1] == "completed"


def test_an_answer_that_asks_again_keeps_the_line_open(phones: Simulator) -> None:
    sid = ring(phones)
    phones.answer(sid)

    phones.said(sid, "0", "Again: press 1.", asks_for_key=True)

    assert phones.call(sid).state == "answered"


def test_a_call_that_asks_nothing_is_over_after_its_words(phones: Simulator) -> None:
    sid = ring(phones, asks_for_key=False)

    phones.answer(sid)

    assert (phones.call(sid).state, phones.call(sid).heard) == ("ended", ("Urgent. Press 1.",))


def test_nobody_answering_ends_the_call_by_the_clock(phones: Simulator, clock: MovingClock) -> None:
    sid = ring(phones)
    phones.drain()
    assert phones.next_change() == NIGHT + timedelta(seconds=25)

    clock.forward(timedelta(seconds=25))

    assert statuses(phones.drain()) == ["no-answer"]
    assert phones.call(sid).ended == "no-answer"
    assert phones.next_change() is None


def test_an_answered_call_without_a_key_ends_by_itself(
    phones: Simulator, clock: MovingClock
) -> None:
    sid = ring(phones)
    phones.answer(sid)

    clock.forward(TALK)

    assert phones.call(sid).ended == "finished"
    assert statuses(phones.drain())[-1] == "completed"


def test_declining_reports_busy(phones: Simulator) -> None:
    sid = ring(phones)

    phones.decline(sid)

    assert phones.call(sid).ended == "declined"
    assert statuses(phones.drain())[-1] == "busy"


def test_hanging_up_ends_an_answered_call(phones: Simulator) -> None:
    sid = ring(phones)
    phones.answer(sid)

    phones.hang_up(sid)

    assert phones.call(sid).ended == "hung up"


def test_a_cancelled_call_stops_ringing(phones: Simulator) -> None:
    sid = ring(phones)

    phones.notifiers()[Channel.CALL].cancel(sid)

    assert phones.call(sid).ended == "cancelled"
    assert statuses(phones.drain())[-1] == "canceled"


def test_cancelling_leaves_an_answered_call_alone(phones: Simulator) -> None:
    sid = ring(phones)
    phones.answer(sid)

    phones.notifiers()[Channel.CALL].cancel(sid)

    assert phones.call(sid).state == "answered"


@pytest.mark.parametrize("act", ["answer", "decline", "hang_up"])
def test_an_act_that_comes_too_late_changes_nothing(phones: Simulator, act: str) -> None:
    sid = ring(phones)
    phones.decline(sid)
    before = phones.call(sid)

    getattr(phones, act)(sid)
    phones.said(sid, "1", "too late", asks_for_key=True)

    assert phones.call(sid) == before


def test_a_call_nobody_made_is_a_key_error(phones: Simulator) -> None:
    with pytest.raises(KeyError):
        phones.call("unknown")


def test_the_same_page_sent_twice_shows_two_calls(phones: Simulator) -> None:
    first, second = ring(phones), ring(phones)

    assert first != second
    assert len(phones.screen(ANA).calls) == 2


def test_there_is_something_to_fetch_now_as_long_as_reports_wait(phones: Simulator) -> None:
    send(phones, Channel.SMS)

    assert phones.next_change() == NIGHT


def test_many_threads_may_use_one_simulator(phones: Simulator) -> None:
    def busy(number: int) -> None:
        for turn in range(20):
            sid = ring(phones, page=f"{number}-{turn}")
            phones.answer(sid)
            phones.screen(ANA)
            phones.hang_up(sid)

    threads = [threading.Thread(target=busy, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses(phones.drain()).count("completed") == 40
