"""Public holidays of a country with the company's own days added and removed, as plain dates. Knows no open hours."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from oncall.policy.model import Holidays

if TYPE_CHECKING:
    from holidays import HolidayBase


class ClosedDays(Container[date]):
    """The dates an office is closed; years are worked out when first asked for.

    Raises NotImplementedError for a country or subdivision the `holidays` package does not know.
    """

    def __init__(self, rules: Holidays) -> None:
        self._public = public_holidays(rules.country, rules.subdivision)
        self._added = frozenset(rules.add)
        self._removed = frozenset(rules.remove)

    def __contains__(self, day: object) -> bool:
        if day in self._added:
            return True
        return isinstance(day, date) and day in self._public and day not in self._removed


def public_holidays(country: str, subdivision: str | None = None) -> HolidayBase:
    """Return the `holidays` package's calendar of a country; raises NotImplementedError for an unknown one."""
    # The package costs a tenth of a second to import; a policy without holidays never pays it.
    import holidays  # noqa: PLC0415

    return holidays.country_holidays(country, subdiv=subdivision)


@cache
def holiday_names(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year with their names; raises NotImplementedError for an unknown country."""
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays(country, subdiv=subdivision, years=year)
    return {day: str(name) for day, name in found.items() if day.year == year}


def known_countries() -> frozenset[str]:
    """Return the codes of every country (RO, TR, GB, ...) whose holidays can be worked out."""
    return frozenset(_supported())


def known_subdivisions(country: str) -> frozenset[str]:
    """Return the codes of the parts of a known country that have holidays of their own."""
    return frozenset(_supported().get(country, ()))


@cache
def _supported() -> dict[str, list[str]]:
    import holidays  # noqa: PLC0415

    return holidays.list_supported_countries(include_aliases=False)
