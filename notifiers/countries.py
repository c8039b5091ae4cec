"""What a phone in one country can do with an SMS of ours, as data. Sends nothing and looks nothing up.

Sources, read in November 2026: https://www.twilio.com/en-us/guidelines/<country>/sms ("Two-way SMS supported"); for the
countries without service, https://www.twilio.com/docs/api/errors/60605; for links to Turkey, the notice of its
networks in force since 2026-04-01 (https://docs.aws.amazon.com/sms-voice/latest/userguide/registrations-turkey.html).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """What an SMS to a country is good for. The rule of a country that is not listed: everything."""

    is_served: bool = True
    """Whether anything is delivered there at all."""
    can_reply: bool = True
    can_link: bool = True
    """Whether the networks let an SMS with a link through."""

    @property
    def can_answer(self) -> bool:
        """Whether somebody who reads an SMS can take a ticket by it; if not, a call comes first."""
        return self.is_served and (self.can_reply or self.can_link)


EVERYTHING = Reach()
NOTHING = Reach(is_served=False, can_reply=False, can_link=False)
REACH: dict[str, Reach] = {
    "CU": NOTHING,
    "IR": NOTHING,
    "SY": NOTHING,
    "RO": Reach(can_reply=False),
    "TR": Reach(can_reply=False, can_link=False),
}


def reach_of(country: str) -> Reach:
    """Return what an SMS to `country` (two letters, empty for unknown) is good for."""
    return REACH.get(country, EVERYTHING)
