"""Sentences about comp days: why an entry is there, why a request cannot be had. Looks nothing up."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal
from flask import Flask
from markupsafe import Markup

from oncall.ledger.asking import Refusal, Refused
from oncall.ledger.coming import Coming
from oncall.ledger.earning import Credit
from oncall.ledger.entries import BACKUP, Entry, Kind, in_days, money_of
from oncall.ledger.requests import Request
from web import filters, language, wording
from web.language import gettext as _
from web.language import later as _later
from web.language import marked

KINDS = {
    Kind.EARNED: _later("earned"),
    Kind.HOLIDAY: _later("public holiday"),
    Kind.NIGHT: _later("broken night"),
    Kind.ADJUSTMENT: _later("adjustment"),
    Kind.TAKEN: _later("day off"),
    Kind.EXPIRED: _later("ran out"),
    Kind.PAID: _later("paid out"),
    Kind.CARRIED: _later("kept"),
    Kind.REVERSAL: _later("correction"),
}
COLUMNS = {
    "earned": _later("Earned by holding the phone"),
    "extras": _later("Public holidays and broken nights"),
    "adjustments": _later("Adjustments"),
    "corrections": _later("Corrections"),
    "carried": _later("Kept beyond their end"),
    "taken": _later("Taken"),
    "expired": _later("Ran out"),
    "paid": _later("Paid out"),
}
STATES = {
    "asked": _later("waits for a yes"),
    "approved": _later("approved"),
    "refused": _later("not approved"),
    "cancelled": _later("cancelled"),
    "lapsed": _later("nobody decided in time"),
    "taken": _later("taken"),
}
MEASURES = {
    "weeks": _later("Weeks"),
    "weekends": _later("Weekends"),
    "holidays": _later("Holidays"),
    "nights": _later("Broken nights"),
}
THEN = {
    "pay": _later("Pay out"),
    "keep": _later("Keep"),
    "lose": _later("Let go"),
}


def configure(flask_app: Flask) -> None:
    """Give the templates this module as `daywords`."""
    flask_app.jinja_env.globals["daywords"] = sys.modules[__name__]


def number(amount: int) -> str:
    """Return milli-days as a number of days to the milli-day: 0.911, 1.5, 2."""
    return _decimal(in_days(amount))


def signed(amount: int) -> Markup:
    """Return milli-days with their sign, always read from left to right: +0.911, −1."""
    sign = "+" if amount > 0 else "\N{MINUS SIGN}" if amount < 0 else ""
    return Markup('<bdi dir="ltr" class="number">{}{}</bdi>').format(sign, number(abs(amount)))


def days(amount: int) -> str:
    """Return milli-days in words: 1 day, 0.911 days."""
    if abs(amount) == 1000:
        return _("%(count)s day", count=number(amount))
    return _("%(count)s days", count=number(amount))


def hours(seconds: int) -> str:
    """Return a length of time in hours: 153 hours, 5.5 hours."""
    return _("%(count)s h", count=_decimal(Decimal(seconds) / 3600, "#,##0.##"))


def share(value: float, measure: str) -> str:
    """Return a number of the fairness page: weeks come in thousandths, everything else is counted."""
    return _decimal(Decimal(str(value)) / (1000 if measure == "weeks" else 1), "0.##")


def reason(entry: Entry) -> Markup:
    """Return why an entry is in the book, in one sentence or two."""
    return _REASONS[entry.kind](entry)


def brings(coming: Coming) -> Markup:
    """Return what a turn will bring, part by part."""
    comma = Markup("{}").format(_(", "))
    return comma.join(_part(credit) for credit in coming.credits)


def when(request: Request) -> Markup:
    """Return the days of a request: Fri 18 Dec, or Fri 18 Dec to Mon 21 Dec; with the half it takes."""
    first, last = filters.plain_day(request.first), filters.plain_day(request.last)
    text = (
        first
        if request.first == request.last
        else marked("%(start)s to %(end)s", start=first, end=last)
    )
    if request.half == "morning":
        return (
            marked("%(days)s, the last one until 13:00", days=text)
            if request.first != request.last
            else marked("%(days)s, until 13:00", days=text)
        )
    if request.half == "afternoon":
        return marked("%(days)s, from 13:00", days=text)
    return text


def decided(request: Request) -> str:
    """Return who decided a request: a name, or that silence did."""
    if request.decided_by:
        return wording.person_name(request.decided_by)
    return _("nobody answered, so it was approved")


def refused(why: Refused) -> Markup:
    """Return why something cannot be had, and what can be done instead."""
    return marked(
        str(_REFUSALS[why.why]),
        day=_day(why),
        days=days(why.amount),
        count=filters.digits(why.amount),
        start=filters.stamp(why.start) if why.start else "",
        end=filters.stamp(why.end) if why.end else "",
        names=_(", ").join(wording.person_name(name) for name in why.names),
    )


def lengths(step: int, most: int) -> list[tuple[str, str]]:
    """Return the choices of a request as (value, words): half days say which half."""
    found = []
    for amount in range(step, max(most, step) + 1, step):
        if amount % 1000 == 0:
            found.append((f"{amount}", days(amount)))
            continue
        if amount < 1000:
            found += [
                (f"{amount} morning", _("half a day, the morning")),
                (f"{amount} afternoon", _("half a day, the afternoon")),
            ]
            continue
        found += [
            (f"{amount} morning", _("%(days)s, the last day until 13:00", days=days(amount))),
            (f"{amount} afternoon", _("%(days)s, the first day from 13:00", days=days(amount))),
        ]
    return found


def month_name(year: int, month: int) -> str:
    """Return a month as people say it: December 2026."""
    return filters.month_year(date(year, month, 1))


def _decimal(value: Decimal, form: str = "0.###") -> str:
    return filters.digits(format_decimal(value, format=form, locale=language.current()))


def _part(credit: Credit) -> Markup:
    amount = number(credit.amount)
    if credit.kind is Kind.HOLIDAY and credit.day:
        return marked(
            "%(days)s for the public holiday on %(day)s",
            days=amount,
            day=filters.plain_day(credit.day),
        )
    if credit.kind is Kind.NIGHT and credit.day:
        return marked(
            "%(days)s for the broken night of %(day)s",
            days=amount,
            day=filters.plain_day(credit.day),
        )
    held, whole = (int(credit.facts.get(key, 0)) for key in ("seconds", "of"))
    if held == whole:
        return marked("%(days)s for the whole turn", days=amount)
    return marked(
        "%(days)s for %(held)s of %(whole)s", days=amount, held=hours(held), whole=hours(whole)
    )


def _held(entry: Entry) -> Markup:
    held, whole = (int(entry.facts.get(key, 0)) for key in ("seconds", "of"))
    values = {
        "start": filters.stamp(entry.turn_start) if entry.turn_start else "",
        "end": filters.stamp(entry.turn_end) if entry.turn_end else "",
        "held": hours(held),
        "whole": hours(whole),
    }
    if entry.role == BACKUP:
        text = marked(
            "Backup for %(held)s of the %(whole)s of the turn %(start)s to %(end)s.", **values
        )
    elif held == whole:
        text = marked("Held the phone for the whole turn, %(start)s to %(end)s.", **values)
    else:
        text = marked(
            "Held the phone for %(held)s of the %(whole)s of the turn %(start)s to %(end)s.",
            **values,
        )
    others = [
        marked(
            "%(name)s: %(held)s, %(days)s.",
            name=wording.person_name(who),
            held=hours(int(seconds)),
            days=days(int(amount)),
        )
        for who, seconds, amount in entry.facts.get("others", ())
    ]
    if "helped" in entry.facts:
        others.append(
            marked(
                "%(held)s of short help by a colleague stay credited here.",
                held=hours(int(entry.facts["helped"])),
            )
        )
    return Markup(" ").join([text, *others])


def _holiday(entry: Entry) -> Markup:
    return _with_cap(
        entry,
        marked(
            "Held the phone for at least half of the public holiday on %(day)s.", day=_day(entry)
        ),
    )


def _night(entry: Entry) -> Markup:
    return _with_cap(
        entry,
        marked(
            "A page was answered in the night of %(day)s; a broken night counts once.",
            day=_day(entry),
        ),
    )


def _with_cap(entry: Entry, text: Markup) -> Markup:
    if "capped_from" not in entry.facts:
        return text
    cap = marked("Only part of it: the week's extras had reached their limit.")
    return Markup(" ").join([text, cap])


def _adjusted(entry: Entry) -> Markup:
    return marked(
        "%(name)s: “%(reason)s”", name=wording.person_name(entry.actor), reason=entry.reason
    )


def _taken(entry: Entry) -> Markup:
    last = date.fromisoformat(str(entry.facts.get("last", entry.day)))
    if entry.day == last:
        return marked("Day off on %(day)s.", day=_day(entry))
    return marked(
        "Days off from %(day)s to %(last)s.", day=_day(entry), last=filters.plain_day(last)
    )


def _paid(entry: Entry) -> Markup:
    rate, month = str(entry.facts.get("rate", "")), str(entry.facts.get("month", ""))
    if not rate:
        return marked(
            "Ran out on %(day)s and is paid with the payroll of %(month)s.",
            day=_day(entry),
            month=month,
        )
    money = _decimal(money_of(-entry.amount, Decimal(rate)), "0.00")
    return marked(
        "Paid with the payroll of %(month)s: %(money)s, at %(rate)s a day.",
        month=month,
        money=money,
        rate=_decimal(Decimal(rate), "0.00"),
    )


def _reversed(entry: Entry) -> Markup:
    kind = KINDS[entry.of_kind] if entry.of_kind else ""
    return marked(
        "Takes back an earlier entry (%(kind)s): the hours of that turn were changed afterwards.",
        kind=kind,
    )


def _day(one: Entry | Refused) -> Markup:
    return filters.plain_day(one.day) if one.day else Markup("")


_REASONS: dict[Kind, Callable[[Entry], Markup]] = {
    Kind.EARNED: _held,
    Kind.HOLIDAY: _holiday,
    Kind.NIGHT: _night,
    Kind.ADJUSTMENT: _adjusted,
    Kind.TAKEN: _taken,
    Kind.EXPIRED: lambda entry: marked(
        "Could be taken until %(day)s and ran out.", day=_day(entry)
    ),
    Kind.PAID: _paid,
    Kind.CARRIED: lambda entry: marked(
        "Could be taken until %(day)s and is kept for longer.", day=_day(entry)
    ),
    Kind.REVERSAL: _reversed,
}
_REFUSALS = {
    Refusal.NO_COMP_DAYS: _later("This contract earns no days off. An admin can tell you more."),
    Refusal.NOT_A_NUMBER: _later("That is not a number of days. Write 0.5, 1 or 1.5."),
    Refusal.NOT_POSITIVE: _later("Please choose more than nothing."),
    Refusal.NOT_A_STEP: _later("Days off come in steps of %(days)s."),
    Refusal.TOO_LONG: _later("That is too much at once; the most is %(days)s."),
    Refusal.NO_DATE: _later("Please choose a day."),
    Refusal.PAST: _later("%(day)s has begun or has passed. Choose a later day."),
    Refusal.TOO_SOON: _later(
        "That is too soon for the others to plan. The first day you can ask for is %(day)s."
    ),
    Refusal.TOO_FAR: _later("That is too far ahead. The last day you can ask for is %(day)s."),
    Refusal.NO_WORKDAY: _later(
        "%(day)s is no working day, so it costs no day off. Choose a working day."
    ),
    Refusal.HALF_MISSING: _later("Please say which half of the day: morning or afternoon."),
    Refusal.ON_DUTY: _later(
        "The phone is held in those hours (%(start)s to %(end)s). Find cover first, then ask for the day."
    ),
    Refusal.ALREADY_OFF: _later(
        "%(day)s was asked for already. Cancel that request, or choose another day."
    ),
    Refusal.TOO_FEW_DAYS: _later("There is not enough left: %(days)s at most."),
    Refusal.RUNS_OUT_BEFORE: _later(
        "Some of your days run out on %(day)s, before the day you chose; %(days)s can be taken then."
        " Choose an earlier day."
    ),
    Refusal.NO_WEEK_AHEAD: _later(
        "There is not enough left (%(days)s), and a day ahead needs a published week of your own to come."
    ),
    Refusal.NOBODY_LEFT: _later(
        "Everybody else of this phone is off on %(day)s (%(names)s). Choose another day, or talk to them."
    ),
    Refusal.HAS_LEFT: _later("The last working day here is %(day)s."),
    Refusal.REASON_TOO_SHORT: _later(
        "Please write a reason of at least %(count)s letters; the person reads it."
    ),
    Refusal.NO_RATE: _later(
        "Please write what a day is worth, with at most two decimals: 80 or 80.50."
    ),
    Refusal.NO_MONTH: _later("Please write the payroll month as year and month: 2026-12."),
}
