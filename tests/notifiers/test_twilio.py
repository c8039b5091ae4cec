"""The real Twilio client, judged by Twilio's own document, over loopback."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

import notifiers
from notifiers.base import Channel, Message, NotifierError
from notifiers.settings import MailSettings, Services, country_of
from notifiers.sms import TwilioSms
from notifiers.twilio_client import open_client
from notifiers.voice import TwilioVoice
from oncall.clock import wall_clock
from tests.twilio_stand_in.stand_in import TwilioStandIn

ANA = "+12025550101"
OMAR = "+447700900104"


def a_text(to: str = ANA, text: str = "URGENT #412. Reply 1 take", **more: object) -> Message:
    return Message(token="tok1", to=to, language="en", text=text, **more)  # type: ignore[arg-type]


def a_call(text: str = "Urgent. Press 1 to take it.", **more: object) -> Message:
    return Message(token="tok2", to=ANA, language="en", text=text, **more)  # type: ignore[arg-type]


def test_a_text_carries_body_sender_callback_and_a_short_validity(
    twilio: TwilioStandIn, sms: TwilioSms
) -> None:
    receipt = sms.send(a_text(valid_for=timedelta(minutes=5)))

    [text] = twilio.phone(ANA).texts
    assert (text.sid, text.body, text.sender) == (
        receipt.provider_id,
        "URGENT #412. Reply 1 take",
        "+12025550100",
    )
    assert text.callback == "http://127.0.0.1:8080/hooks/twilio/status/tok1"
    assert text.valid_for == 300
    assert (receipt.status, receipt.parts) == ("queued", 1)


@pytest.mark.parametrize(
    ("span", "seconds"),
    [(timedelta(0), 10), (timedelta(minutes=7), 420), (timedelta(days=2), 36_000)],
)
def test_a_validity_stays_within_what_twilio_takes(
    twilio: TwilioStandIn, sms: TwilioSms, span: timedelta, seconds: int
) -> None:
    sms.send(a_text(valid_for=span))

    assert twilio.phone(ANA).texts[0].valid_for == seconds


def test_turkish_letters_go_out_plain_and_count_as_one_part(
    twilio: TwilioStandIn, sms: TwilioSms
) -> None:
    receipt = sms.send(a_text(text="ACİL: kapı çalışmıyor " + "ş" * 60))

    assert twilio.phone(ANA).texts[0].body == "ACIL: kapi calismiyor " + "s" * 60
    assert receipt.parts == 1


def test_turkish_letters_stay_when_the_policy_wants_them(twilio: TwilioStandIn) -> None:
    settings = twilio.settings(plain_letters=False)

    receipt = TwilioSms(settings, open_client(settings)).send(a_text(text="ş" * 71))

    assert (twilio.phone(ANA).texts[0].body, receipt.parts) == ("ş" * 71, 2)


@pytest.mark.parametrize(
    ("to", "sender"),
    [(OMAR, "ACMEONCALL"), (ANA, "+12025550100")],
)
def test_a_text_comes_from_the_sender_of_its_country(
    twilio: TwilioStandIn, to: str, sender: str
) -> None:
    settings = twilio.settings(sms_from={"default": "+12025550100", "GB": "ACMEONCALL"})

    TwilioSms(settings, open_client(settings)).send(a_text(to=to))

    assert twilio.phone(to).texts[0].sender == sender


@pytest.mark.parametrize(
    ("number", "country"),
    [(ANA, "US"), (OMAR, "GB"), ("nonsense", "")],
)
def test_a_number_tells_its_country(number: str, country: str) -> None:
    assert country_of(number) == country


def test_a_call_rings_short_of_voicemail_and_reports_every_turn(
    twilio: TwilioStandIn, voice: TwilioVoice
) -> None:
    receipt = voice.send(a_call())

    call = twilio.phone(ANA).wait_for_ring()
    assert call.sid == receipt.provider_id
    assert 25 <= call.ring_seconds <= 30
    assert call.events == {"initiated", "ringing", "answered", "completed"}
    assert call.callback == "http://127.0.0.1:8080/hooks/twilio/status/tok2"


def test_an_alert_is_said_three_times_and_then_the_call_ends(
    twilio: TwilioStandIn, voice: TwilioVoice
) -> None:
    voice.send(a_call())
    ana = twilio.phone(ANA)
    ana.wait_for_ring()

    call = ana.voicemail()

    assert call.heard == ["Urgent. Press 1 to take it."] * 3
    assert call.status == "completed"


def test_a_call_that_asks_nothing_speaks_once(twilio: TwilioStandIn, voice: TwilioVoice) -> None:
    voice.send(a_call("Maria took it.", asks_for_key=False))
    ana = twilio.phone(ANA)
    ana.wait_for_ring()

    on_the_line = ana.answer()

    assert (on_the_line.call.heard, on_the_line.call.status) == (["Maria took it."], "completed")


def test_a_ringing_call_can_be_cancelled(twilio: TwilioStandIn, voice: TwilioVoice) -> None:
    receipt = voice.send(a_call())
    ana = twilio.phone(ANA)
    ana.wait_for_ring()

    voice.cancel(receipt.provider_id)

    ana.wait_for_silence()
    assert ana.calls[0].status == "canceled"


def test_cancelling_cuts_nobody_off_in_a_word(twilio: TwilioStandIn, voice: TwilioVoice) -> None:
    receipt = voice.send(a_call())
    ana = twilio.phone(ANA)
    ana.wait_for_ring()
    on_the_line = ana.answer()

    voice.cancel(receipt.provider_id)

    assert on_the_line.call.status == "in-progress"


@pytest.mark.parametrize("provider_id", ["", "CA" + "0" * 32])
def test_cancelling_a_call_nobody_knows_is_no_error(
    twilio: TwilioStandIn, voice: TwilioVoice, provider_id: str
) -> None:
    voice.cancel(provider_id)

    assert twilio.phone(ANA).calls == []


def test_a_text_cannot_be_called_back(twilio: TwilioStandIn, sms: TwilioSms) -> None:
    sms.cancel(sms.send(a_text()).provider_id)

    assert len(twilio.requests) == 1


@pytest.mark.parametrize("code", [21211, 21408, 21610, 21614, 60605, 30002])
def test_a_number_twilio_will_never_reach_is_refused_for_good(
    twilio: TwilioStandIn, sms: TwilioSms, code: int
) -> None:
    twilio.refuse(ANA, code)

    with pytest.raises(NotifierError) as refused:
        sms.send(a_text())

    assert (refused.value.permanent, refused.value.unknown, refused.value.code) == (
        True,
        False,
        str(code),
    )


@pytest.mark.parametrize(
    ("code", "shown"), [(429, "20429"), (30001, "30001"), (99_999, "99999"), (400, "400")]
)
def test_a_refusal_for_now_may_be_tried_again(
    twilio: TwilioStandIn, sms: TwilioSms, code: int, shown: str
) -> None:
    twilio.refuse(ANA, code)

    with pytest.raises(NotifierError) as refused:
        sms.send(a_text())

    assert (refused.value.permanent, refused.value.unknown, refused.value.code) == (
        False,
        False,
        shown,
    )


def test_a_wrong_token_is_refused_for_good(twilio: TwilioStandIn) -> None:
    settings = twilio.settings(token="somebody else's")

    with pytest.raises(NotifierError) as refused:
        TwilioSms(settings, open_client(settings)).send(a_text())

    assert (refused.value.permanent, refused.value.code) == (True, "20003")


def test_nobody_knows_what_became_of_a_text_when_twilio_fails(
    twilio: TwilioStandIn, sms: TwilioSms
) -> None:
    twilio.refuse(ANA, 503)

    with pytest.raises(NotifierError) as refused:
        sms.send(a_text())

    assert (refused.value.permanent, refused.value.unknown) == (False, True)


@pytest.mark.parametrize("is_taken", [True, False])
@pytest.mark.parametrize("trouble", ["stall", "cut"])
def test_nobody_knows_what_became_of_a_text_without_an_answer(
    twilio: TwilioStandIn, trouble: str, is_taken: bool
) -> None:
    settings = twilio.settings(read_timeout=0.5)
    getattr(twilio, trouble)(ANA, is_taken=is_taken)

    with pytest.raises(NotifierError) as refused:
        TwilioSms(settings, open_client(settings)).send(a_text())

    assert (refused.value.permanent, refused.value.unknown) == (False, True)
    assert len(twilio.requests) == 1
    assert len(twilio.phone(ANA).texts) == is_taken


def test_a_text_nobody_could_write_may_be_sent_again_at_once(
    twilio: TwilioStandIn, sms: TwilioSms
) -> None:
    twilio.close()

    with pytest.raises(NotifierError) as refused:
        sms.send(a_text())

    assert (refused.value.permanent, refused.value.unknown) == (False, False)


def test_an_address_nobody_can_ask_is_refused_for_good(twilio: TwilioStandIn) -> None:
    settings = twilio.settings(api_base="ftp://127.0.0.1:1")

    with pytest.raises(NotifierError) as refused:
        TwilioSms(settings, open_client(settings)).send(a_text())

    assert refused.value.permanent


def test_lines_stay_open_between_texts(twilio: TwilioStandIn, sms: TwilioSms) -> None:
    for _ in range(5):
        sms.send(a_text())

    assert twilio.lines_opened == 1


def test_many_threads_share_one_client(twilio: TwilioStandIn, sms: TwilioSms) -> None:
    threads = [threading.Thread(target=sms.send, args=(a_text(),)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({text.sid for text in twilio.phone(ANA).texts}) == 20
    assert twilio.lines_opened <= 20


def test_both_channels_of_an_account_share_its_client(twilio: TwilioStandIn) -> None:
    settings = twilio.settings()

    assert open_client(settings) is open_client(settings)
    assert open_client(settings) is not open_client(twilio.settings())


def test_only_channels_that_are_set_up_are_built(twilio: TwilioStandIn) -> None:
    mail = MailSettings(server="127.0.0.1:25", sender="oncall@example.com", tls="none")

    assert notifiers.build(Services(wall_clock)) == {}
    assert set(notifiers.build(Services(wall_clock, mail=mail))) == {Channel.EMAIL}
    assert set(notifiers.build(Services(wall_clock, twilio.settings(), mail))) == set(Channel)


def test_the_document_finds_parameters_twilio_does_not_know(twilio: TwilioStandIn) -> None:
    client = open_client(twilio.settings())
    url = f"https://api.twilio.com/2010-04-01/Accounts/{twilio.account}/Messages.json"

    answer = client.request("POST", url, data={"To": ANA, "Body": "x", "Priority": "high"})

    assert answer.status_code == 400
    [fault] = twilio.faults
    assert "Priority" in fault
    twilio.forget_faults()


@pytest.mark.parametrize(
    "form", [{"Body": "no number"}, {"To": ANA, "Body": "x", "ValidityPeriod": "soon"}]
)
def test_the_document_finds_what_is_missing_or_misshapen(
    twilio: TwilioStandIn, form: dict[str, str]
) -> None:
    client = open_client(twilio.settings())
    url = f"https://api.twilio.com/2010-04-01/Accounts/{twilio.account}/Messages.json"

    answer = client.request("POST", url, data=form)

    assert answer.status_code == 400
    assert len(twilio.faults) == 1
    twilio.forget_faults()
