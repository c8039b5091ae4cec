"""Read what Twilio posts to us: whether it is really Twilio, and what became of a message. Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from notifiers import statuses
from notifiers.base import Delivery


class Headers(Protocol):
    """Headers of a request, by name in any case, as a web framework gives them."""

    def get(self, key: str, /) -> str | None:
        """Return the header, or None."""
        ...


def is_signed(url: str, form: Mapping[str, Any], headers: Headers, secret: str) -> bool:
    """Whether `headers` carry Twilio's signature over `url` and `form`, made with `secret`.

    `url` is the address Twilio was given, query included, built from settings and never from the request's
    own headers. `form` is the posted MultiDict as it came: a dropped blank or repeated field breaks the sum.
    HMAC-SHA1, or HMAC-SHA256 where the account signs with a shared key
    (https://www.twilio.com/docs/usage/webhooks/webhooks-security).
    """
    signature = headers.get(SIGNATURE_HEADER)
    if not (secret and signature):
        return False
    algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER))
    return bool(RequestValidator(secret).validate(url, form, signature, algorithm))


def delivery_of(form: Mapping[str, str]) -> Delivery:
    """Return the report in a status callback, of a call or a text; raises `ValueError` when it is neither."""
    error_code = form.get("ErrorCode", "")
    if "CallSid" in form and "CallStatus" in form:
        return statuses.call_delivery(form["CallSid"], form["CallStatus"], error_code)
    if "MessageSid" in form and "MessageStatus" in form:
        return statuses.text_delivery(form["MessageSid"], form["MessageStatus"], error_code)
    raise ValueError("neither a call nor a text")
