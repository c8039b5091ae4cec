"""What the codes of providers mean for a sender: for good or for now, and whose fault. Loads no client.

Twilio changes its codes (https://www.twilio.com/docs/api/errors): one that is not listed may be tried again.
"""

from __future__ import annotations

from enum import StrEnum


class Blame(StrEnum):
    """What is broken when a provider says no."""

    NOBODY = ""
    """This one message, or we cannot tell."""
    CONTACT = "contact"
    """The number or mail box: every message to it on this channel will fare the same."""
    ACCOUNT = "account"
    """Our account or its set-up: the whole channel is dead."""


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
_LATER = {
    "30003": "the phone is off or out of reach",
    "30004": "the message was blocked",
    "30005": "the number does not exist",
    "30006": "the number is a landline, or its network cannot be reached",
    "30007": "the network filtered the message",
    "30008": "the network gave no reason",
    "30034": "the sender is not registered with the American networks",
    "30110": "the network blocks the address in the text",
}
"""What a report says later about a message that was taken."""

_CONTACT = frozenset(
    {
        *("13224", "21211", "21214", "21215", "21216", "21217", "21219", "21266", "21408", "21608"),
        *("21610", "21612", "21614", "21635", "30005", "30006", "60605"),
    }
)
_ACCOUNT = frozenset(
    {
        *("20003", "20005", "20008", "20404", "21205", "21210", "21212", "21603", "21606", "21609"),
        *("21659", "21660", "30002", "30034"),
    }
)


def blame(code: str) -> Blame:
    """Return whose fault a refusal of Twilio's with `code` is."""
    if code in _CONTACT:
        return Blame.CONTACT
    return Blame.ACCOUNT if code in _ACCOUNT else Blame.NOBODY


def meaning(code: str) -> str:
    """Return what a code means in a few English words, empty for one we do not know."""
    return PERMANENT.get(code) or _LATER.get(code, "")
