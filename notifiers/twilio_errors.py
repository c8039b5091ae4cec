"""Turn what the Twilio client raises into a `NotifierError` that says what a sender may do next. Sends nothing.

Three answers matter: nothing was written, so try again at once; Twilio said no, for good or for now; nobody
knows whether it was taken, so look before sending again.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NewConnectionError,
)

from notifiers.base import NotifierError

# https://www.twilio.com/docs/api/errors. A code that is not listed may be tried again: Twilio changes them.
PERMANENT = {
    "13224": "the number cannot be dialled",
    "20003": "Twilio refuses the account or its token",
    "20005": "the Twilio account is not active",
    "20008": "test credentials cannot send",
    "20404": "Twilio does not know this account or call",
    "21205": "our callback address is not valid",
    "21210": "the caller number is not verified",
    "21211": "the number is not a phone number",
    "21212": "the sender is not a number of this account",
    "21214": "the number cannot be reached",
    "21215": "the account may not call this country",
    "21216": "the account may not call this number",
    "21217": "the number is not a phone number",
    "21219": "a trial account may call verified numbers only",
    "21266": "sender and receiver are the same number",
    "21408": "the account may not text this country",
    "21602": "the text is empty",
    "21603": "no sender is set",
    "21604": "no receiver is set",
    "21606": "the sender cannot send texts",
    "21608": "a trial account may text verified numbers only",
    "21609": "our callback address is not valid",
    "21610": "the person sent STOP to this number",
    "21612": "no text can go from this sender to this number",
    "21614": "the number is not a mobile phone",
    "21617": "the text is too long",
    "21635": "the number is a landline",
    "21659": "the sender is not a number of this account",
    "21660": "the sender belongs to another account",
    "30002": "the Twilio account is suspended",
    "60605": "Twilio delivers nothing to this country",
}

CALL_IS_OVER = frozenset({"20404", "21220"})
"""What Twilio says when a call to cancel is unknown or no longer ringing."""

_OUTCOME_UNKNOWN = 408
_FOR_GOOD_WITHOUT_CODE = frozenset({401, 403, 404})


@contextmanager
def translated() -> Iterator[None]:
    """Raise whatever the Twilio client raises inside as a `NotifierError`."""
    try:
        yield
    except TwilioRestException as error:
        raise _refusal(error.status, error.code, str(error.msg)) from error
    except TwilioServiceException as error:
        raise _refusal(error.status, error.code, error.detail or error.title) from error
    except HTTPError as error:
        raise _unreached(error) from error
    except (TwilioException, ValueError) as error:
        # The answer was no JSON: Twilio may have taken the message all the same.
        raise NotifierError(
            f"Twilio's answer cannot be read: {error}", permanent=False, unknown=True
        ) from error


def _refusal(status: int, number: int | None, text: str) -> NotifierError:
    # Without a code of Twilio's own the client repeats the HTTP status.
    code = "" if number is None or number == status else str(number)
    if code in PERMANENT:
        return NotifierError(f"{PERMANENT[code]} ({code})", permanent=True, code=code)
    if status >= 500 or status == _OUTCOME_UNKNOWN:
        return NotifierError(
            f"Twilio failed: HTTP {status} {text}", permanent=False, unknown=True, code=code
        )
    for_good = not code and status in _FOR_GOOD_WITHOUT_CODE
    return NotifierError(
        f"Twilio refused: HTTP {status} {text}", permanent=for_good, code=code or str(status)
    )


def _unreached(error: HTTPError) -> NotifierError:
    if _nothing_was_written(error):
        return NotifierError("Twilio cannot be reached", permanent=False)
    if isinstance(error, LocationValueError):
        return NotifierError(f"the request to Twilio cannot be made: {error}", permanent=True)
    return NotifierError(
        f"Twilio did not answer: {type(error).__name__}", permanent=False, unknown=True
    )


def _nothing_was_written(error: BaseException) -> bool:
    """Whether the line never stood, as far down as the reasons go."""
    if isinstance(error, NewConnectionError | ConnectTimeoutError | ssl.SSLCertVerificationError):
        return True
    reasons = [getattr(error, "original_error", None), error.__cause__, *error.args]
    return any(_nothing_was_written(r) for r in reasons if isinstance(r, BaseException))
