"""Whose request it is, and what it reports."""

from __future__ import annotations

import itertools

import pytest
from twilio.request_validator import HMAC_SHA256, RequestValidator
from werkzeug.datastructures import Headers, ImmutableMultiDict

from notifiers import statuses
from notifiers.twilio_reports import delivery_of, is_signed

URL = "https://oc.example/hooks/twilio/key/tok?language=tr"
FORM = ImmutableMultiDict(
    [("Digits", "1"), ("To", "+12025550101"), ("Blank", ""), ("X", "a"), ("X", "b")]
)


def signed(url: str = URL, key: str = "secret", algorithm: str | None = None) -> Headers:
    signature = RequestValidator(key).compute_signature(url, FORM, algorithm)
    return Headers({"X-Twilio-Signature": signature})


def test_twilios_own_signature_is_believed() -> None:
    assert is_signed(URL, FORM, signed(), "secret")


def test_a_shared_keys_signature_is_believed() -> None:
    headers = signed(algorithm=HMAC_SHA256)
    headers["X-Twilio-Webhooks-Signature-Settings"] = "key=k1,algorithm=HMAC_SHA256"

    assert is_signed(URL, FORM, headers, "secret")


@pytest.mark.parametrize(
    ("url", "form", "headers", "secret"),
    [
        (URL, FORM, Headers(), "secret"),
        (URL, FORM, Headers({"X-Twilio-Signature": ""}), "secret"),
        (URL, FORM, Headers({"X-Twilio-Signature": "zzz"}), "secret"),
        (URL, FORM, signed(key="other"), "secret"),
        (URL, FORM, signed(key=""), ""),
        (URL.replace("https", "http"), FORM, signed(), "secret"),
        (URL.removesuffix("?language=tr"), FORM, signed(), "secret"),
        (URL, ImmutableMultiDict({"Digits": "2"}), signed(), "secret"),
        (URL, ImmutableMultiDict(FORM.to_dict()), signed(), "secret"),
    ],
)
def test_everybody_elses_is_not(
    url: str, form: ImmutableMultiDict[str, str], headers: Headers, secret: str
) -> None:
    assert not is_signed(url, form, headers, secret)


def test_an_algorithm_we_do_not_know_is_not_believed() -> None:
    headers = signed()
    headers["X-Twilio-Webhooks-Signature-Settings"] = "key=k1,algorithm=ROT13"

    assert not is_signed(URL, FORM, headers, "secret")


def test_a_text_that_arrived_is_over() -> None:
    report = delivery_of({"MessageSid": "SM1", "MessageStatus": "delivered"})

    assert (report.provider_id, report.status, report.ended, report.failed) == (
        "SM1",
        "delivered",
        True,
        False,
    )


def test_a_text_that_did_not_arrive_says_why() -> None:
    report = delivery_of(
        {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    )

    assert (report.failed, report.error_code) == (True, "30003")


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_a_call_nobody_took_failed(status: str) -> None:
    assert delivery_of({"CallSid": "CA1", "CallStatus": status}).failed


def test_a_completed_call_is_over_and_no_failure() -> None:
    report = delivery_of({"CallSid": "CA1", "CallStatus": "completed"})

    assert (report.ended, report.failed) == (True, False)


@pytest.mark.parametrize("stages", [statuses.TEXT, statuses.CALL])
def test_only_the_last_stage_ends_a_life_and_nothing_comes_after_a_failure(
    stages: dict[str, statuses.Stage],
) -> None:
    last = min(stage.rank for stage in stages.values() if stage.ended)

    assert all(stage.ended == (stage.rank >= last) for stage in stages.values())
    assert all(stage.rank == last for stage in stages.values() if stage.failed)


def test_a_status_from_the_future_changes_nothing() -> None:
    assert delivery_of({"CallSid": "CA1", "CallStatus": "teleported"}).rank == 0


def test_reports_in_any_order_come_to_the_same_end() -> None:
    story = ["queued", "sending", "sent", "delivered"]

    for order in itertools.permutations(story):
        reports = [delivery_of({"MessageSid": "SM1", "MessageStatus": s}) for s in order]
        stored = reports[0]
        for report in reports:
            stored = report if report.rank > stored.rank else stored
        assert stored.status == "delivered"


@pytest.mark.parametrize("form", [{}, {"CallSid": "CA1"}, {"MessageStatus": "sent"}])
def test_what_is_neither_call_nor_text_is_a_value_error(form: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="neither"):
        delivery_of(form)
