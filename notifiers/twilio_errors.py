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
from notifiers.codes import PERMANENT, blame

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
        words = f"{PERMANENT[code]} ({code})"
        return NotifierError(words, permanent=True, code=code, blame=blame(code))
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
