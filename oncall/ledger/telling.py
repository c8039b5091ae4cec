"""Tell people about their days at an hour at which nobody is woken. Decides nothing and keeps no text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from oncall import dates, notices
from oncall.app import App
from oncall.ledger.entries import in_days

PAGE, TEAM_PAGE, ADMIN_PAGE = "/days", "/days/team", "/days/admin"


def tell(
    session: Session,
    app: App,
    person: str,
    text: str,
    *,
    now: datetime,
    at_once: bool = False,
    **facts: Any,
) -> None:
    """Write down the notice `text` for `person`, due when they are awake; `at_once` where they are awake anyway.

    A date or a number of milli-days among `facts` is worded in the person's language.
    """
    policy = app.shelf.current
    language = policy.language_of(person)
    said = {name: _worded(value, language) for name, value in facts.items()}
    due = now if at_once or person not in policy.people else notices.when_awake(policy, person, now)
    notices.tell(session, app, person, text, now=due, **{"path": PAGE, **said})


def days_in(amount: int, language: str) -> str:
    """Return milli-days as people write days: 1.41, 1,5; what lies behind two decimals is left to the page."""
    return str(format_decimal(in_days(amount), format="0.##", locale=language))


def _worded(value: Any, language: str) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return dates.of(value, language)
    return days_in(value, language) if isinstance(value, int) else value
