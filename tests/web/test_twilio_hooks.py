"""Twilio's door, knocked at by a Twilio that really rings, and by others."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from sqlalchemy import text

from oncall.tables import Event, InboundText
from tests.night import Night
from tests.twilio_stand_in import script
from tests.twilio_stand_in.postman import Letter
from tests.world import SATURDAY_NIGHT, World
from web import create_app


def test_a_key_in_the_call_takes_the_ticket(night: Night) -> None:
    ticket = night.ticket(customer_phone="+12025550111")
    night.forward(minutes=1)

    said = night.phone("ana").answer().press("1")

    assert said.startswith("It is yours")
    assert night.world.state(ticket) == ("acknowledged", "ana")
    assert night.phone("ana").ringing == []
    night.twilio.settle()
    assert night.twilio.complaints == []


def test_a_reply_takes_the_ticket_and_its_answer_is_a_text_of_its_own(night: Night) -> None:
    ticket = night.ticket()

    answer = night.phone("ana").reply("1")
    night.world.engine.run_until_quiet()

    assert (answer.status, script.read(answer.body)) == (200, script.read("<Response/>"))
    assert night.world.state(ticket) == ("acknowledged", "ana")
    assert f"#{ticket}" in night.phone("ana").texts[-1].body
    assert len(night.phone("ana").texts) == 2


def test_a_text_twilio_brings_twice_is_answered_once(night: Night) -> None:
    night.ticket()
    sid = "SM" + "7" * 32

    for _ in range(2):
        night.phone("ana").reply("what is this?", sid=sid)
        night.world.engine.run_until_quiet()

    assert night.count(InboundText) == 1
    assert len(night.phone("ana").texts) == 2


def test_a_voicemail_takes_nothing_and_the_ladder_goes_on(night: Night) -> None:
    ticket = night.ticket()
    night.forward(minutes=1)

    night.phone("ana").voicemail()
    night.forward(minutes=6)

    assert night.world.state(ticket) == ("open", None)
    assert len(night.phone("maria").texts) == 1


def test_zero_says_it_again_and_still_waits_for_a_key(night: Night) -> None:
    ticket = night.ticket()
    night.forward(minutes=1)
    call = night.phone("ana").answer()

    assert "Press 1" in call.press("0")
    call.press("1")

    assert night.world.state(ticket) == ("acknowledged", "ana")


def test_a_ringing_call_stops_when_somebody_else_takes_it(night: Night) -> None:
    night.ticket()
    night.forward(minutes=8)
    assert night.phone("maria").ringing

    night.phone("ana").reply("1")
    night.world.engine.run_until_quiet()

    assert night.phone("maria").ringing == []
    assert night.phone("maria").calls[-1].status == "canceled"


def story_of_reports(night: Night, ticket: int) -> list[tuple[str, int, bool]]:
    return [
        (page.provider_status, page.provider_rank, page.ended_at is not None)
        for page in night.world.pages(ticket)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_reports_in_any_order_doubled_or_lost_come_to_the_same_end(night: Night, seed: int) -> None:
    dice = random.Random(seed)
    night.twilio.hold()
    ticket = night.ticket()
    night.forward(minutes=1)
    night.phone("ana").decline()

    def mixed(held: list[Letter]) -> list[Letter]:
        last = [letter for letter in held if "delivered" in letter.form.values()]
        last += [letter for letter in held if letter.form.get("CallStatus") == "busy"]
        others = [letter for letter in held if dice.random() < 0.7]
        return dice.sample([*last, *others, *last], k=2 * len(last) + len(others))

    night.twilio.release(mixed)

    assert story_of_reports(night, ticket)[:2] == [("delivered", 5, True), ("busy", 5, True)]
    assert night.twilio.complaints == []


def test_a_phone_out_of_reach_is_in_the_story(night: Night) -> None:
    night.phone("ana").switch_off()

    ticket = night.ticket()

    assert ("page_failed", "ana") in night.world.story(ticket)
    assert night.world.pages(ticket)[0].error_code == "30003"


def test_a_report_that_overtakes_the_receipt_keeps_its_error(night: Night) -> None:
    night.phone("ana").switch_off()
    night.twilio.dawdle(night.world.number("ana"), 0.2)

    ticket = night.ticket()

    assert night.world.pages(ticket)[0].error_code == "30003"


@pytest.mark.parametrize("report_comes", ["before the cut", "after the cut"])
def test_a_text_whose_receipt_got_lost_is_not_sent_again_once_it_was_reported(
    night: Night, report_comes: str
) -> None:
    after = 0.2 if report_comes == "before the cut" else 0
    night.twilio.cut(night.world.number("ana"), is_taken=True, after=after, times=1)

    ticket = night.ticket()
    night.forward(minutes=0.5)

    assert len(night.phone("ana").texts) == 1
    assert ("accepted", "delivered") in [
        (page.state, page.provider_status) for page in night.world.pages(ticket)
    ]


def test_a_person_who_sent_stop_is_called_at_once(night: Night) -> None:
    night.twilio.refuse(night.world.number("ana"), 21610, times=1)

    ticket = night.ticket()

    assert ("page_refused", "ana") in night.world.story(ticket)
    assert night.phone("ana").texts == []
    assert night.phone("ana").ringing


FORMS = {
    "/hooks/twilio/status/{token}": {"CallSid": "CA1", "CallStatus": "completed"},
    "/hooks/twilio/key/{token}": {"CallSid": "CA1", "Digits": "1"},
    "/hooks/twilio/sms": {"From": "+12025550101", "Body": "1", "MessageSid": "SM1"},
}


@pytest.mark.parametrize("path", FORMS)
def test_what_twilio_did_not_sign_is_refused_and_leaves_no_trace(night: Night, path: str) -> None:
    ticket = night.ticket()
    path = path.format(token=night.world.pages(ticket)[0].token)
    form = next(form for known, form in FORMS.items() if known.split("{")[0] in path)
    before = (night.world.state(ticket), night.count(Event), night.count(InboundText))

    answers = [
        night.client.post(path, data=form),
        night.client.post(path, data=form, headers={"X-Twilio-Signature": "forged"}),
        night.post(path, "another token", form),
        night.post(path, "", form),
        night.post(path, night.twilio.token, form, signed="/hooks/twilio/other"),
        night.post(f"{path}?more=1", night.twilio.token, form, signed=path),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert before == (night.world.state(ticket), night.count(Event), night.count(InboundText))


def test_the_successor_of_the_token_signs_too(night: Night) -> None:
    form = {"From": "+12025550199", "Body": "hello", "MessageSid": "SM1"}

    assert night.post("/hooks/twilio/sms", "the next token", form).status_code == 200


@pytest.mark.parametrize("path", [path.format(token="tok") for path in FORMS])
def test_looking_is_not_acting(night: Night, path: str) -> None:
    assert night.client.get(path).status_code in (403, 405)


@pytest.mark.parametrize("path", [path.format(token="tok") for path in FORMS])
def test_without_twilio_there_is_no_door(world: World, path: str) -> None:
    answer = create_app(world.app).test_client().post(path, data={"Digits": "1"})

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/hooks/twilio/status/nobody", {"CallSid": "CA1", "CallStatus": "ringing"}, 404),
        ("/hooks/twilio/status/nobody", {"CallSid": "CA1"}, 400),
        ("/hooks/twilio/sms", {"From": "+12025550101", "Body": "1"}, 400),
        (
            "/hooks/twilio/sms",
            {"From": "+12025550101", "Body": "x" * 300_000, "MessageSid": "S"},
            413,
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    night: Night, path: str, form: dict[str, str], status: int
) -> None:
    assert night.post(path, night.twilio.token, form).status_code == status


def test_a_key_in_a_call_nobody_knows_gets_a_polite_answer(night: Night) -> None:
    path = "/hooks/twilio/key/nobody?language=tr"

    answer = night.post(path, night.twilio.token, {"Digits": "1"})

    [line] = script.read(answer.text)
    assert isinstance(line, script.Spoken)
    assert (line.language, "bilinmiyor" in line.words) == ("tr-TR", True)


def test_a_key_that_was_not_saved_is_asked_for_again(night: Night) -> None:
    ticket = night.ticket()
    night.forward(minutes=1)
    call = night.phone("ana").answer()

    with night.world.app.sessions.begin() as session:
        session.execute(text("alter table events rename to events_away"))
    assert call.press("1") == "Sorry, that was not saved. Please press the key again."
    assert night.world.state(ticket) == ("open", None)
    with night.world.app.sessions.begin() as session:
        session.execute(text("alter table events_away rename to events"))
    call.press("1")

    assert night.world.state(ticket) == ("acknowledged", "ana")


def test_the_texts_name_clock_times_of_the_night(night: Night) -> None:
    night.ticket()

    [alert] = night.phone("ana").texts

    assert isinstance(alert.created, datetime)
    assert alert.created == SATURDAY_NIGHT
    assert "03:07" in alert.body
