"""Whether a day off can be had: which days it takes, and the reason when it cannot. Reads no clock and no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from oncall.errors import OncallError
from oncall.ledger import lots
from oncall.ledger.entries import DAY
from oncall.ledger.lots import Booking, Purse
from rotations.wall import instant_of, start_of

HALF = DAY // 2
LONGEST = 30 * DAY
"""No single request is longer."""
FURTHEST = timedelta(days=366)
NOON = time(13)
"""Where a day off that is half a day begins or ends."""


class Refusal(StrEnum):
    """Why a day off cannot be had."""

    NO_COMP_DAYS = "no_comp_days"
    NOT_A_NUMBER = "not_a_number"
    NOT_POSITIVE = "not_positive"
    NOT_A_STEP = "not_a_step"
    TOO_LONG = "too_long"
    NO_DATE = "no_date"
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    NO_WORKDAY = "no_workday"
    HALF_MISSING = "half_missing"
    ON_DUTY = "on_duty"
    ALREADY_OFF = "already_off"
    TOO_FEW_DAYS = "too_few_days"
    RUNS_OUT_BEFORE = "runs_out_before"
    NO_WEEK_AHEAD = "no_week_ahead"
    NOBODY_LEFT = "nobody_left"
    HAS_LEFT = "has_left"
    REASON_TOO_SHORT = "reason_too_short"
    NO_RATE = "no_rate"
    NO_MONTH = "no_month"


@dataclass(eq=False)
class Refused(OncallError):
    """A request that cannot be granted: why, and the facts that words need (milli-days, days, instants, names)."""

    why: Refusal
    amount: int = 0
    day: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Days off as somebody asked for them: from `day` on, `amount` milli-days of workdays.

    `half` is the half of a day that a broken amount takes: the `afternoon` of the first or the `morning` of the last.
    """

    person: str
    day: date
    amount: int
    half: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """The hours a wish takes."""

    first: date
    last: date
    start: datetime
    end: datetime


def refuse_odd_amount(amount: int, step: int) -> None:
    """Raise `Refused` for an amount that is no whole number of steps, nothing, or absurd."""
    if amount <= 0:
        raise Refused(Refusal.NOT_POSITIVE)
    if amount > LONGEST:
        raise Refused(Refusal.TOO_LONG, amount=LONGEST)
    if amount % step:
        raise Refused(Refusal.NOT_A_STEP, amount=step)


def absence(wish: Wish, is_workday: Callable[[date], bool], zone: ZoneInfo) -> Absence:
    """Return the hours `wish` takes, over workdays one after the other; raises `Refused`."""
    if not is_workday(wish.day):
        raise Refused(Refusal.NO_WORKDAY, day=wish.day)
    has_half = wish.amount % DAY != 0
    if has_half and wish.half not in ("morning", "afternoon"):
        raise Refused(Refusal.HALF_MISSING)
    count = -(-wish.amount // DAY)
    last = wish.day
    for _ in range(count - 1):
        last = _next_workday(last, is_workday)
    starts_at_noon = has_half and wish.half == "afternoon"
    ends_at_noon = has_half and wish.half == "morning"
    return Absence(
        first=wish.day,
        last=last,
        start=instant_of(wish.day, NOON, zone) if starts_at_noon else start_of(wish.day, zone),
        end=instant_of(last, NOON, zone)
        if ends_at_noon
        else start_of(last + timedelta(days=1), zone),
    )


def refuse_date(
    day: date, hours: Absence, now: datetime, *, notice: timedelta, zone: ZoneInfo
) -> None:
    """Raise `Refused` for a day in the past, without notice, or further away than a year."""
    today = now.astimezone(zone).date()
    if day < today or hours.start <= now:
        raise Refused(Refusal.PAST, day=day)
    if hours.start < now + notice:
        raise Refused(Refusal.TOO_SOON, day=first_day(now + notice, zone))
    if day > today + FURTHEST:
        raise Refused(Refusal.TOO_FAR, day=today + FURTHEST)


def refuse_overdraft(
    purse: Purse, booked: Sequence[Booking], wish: Booking, *, lowest: int, has_week_ahead: bool
) -> None:
    """Raise `Refused` when the lots cannot pay for `wish` beside what is `booked` already.

    `lowest` (0 or below, in milli-days) is how far ahead days may be taken, and only against a published week.
    """
    with_wish = (*booked, wish)
    missing = lots.shortfall(purse, with_wish) - lots.shortfall(purse, booked)
    debt = lots.after(purse, with_wish).debt
    if not missing:
        return
    left = max(0, wish.amount - missing)
    if debt > -lowest:
        # Enough on the whole, but part of it ends before the day comes.
        ending = next((lot for lot in purse.lots if not lot.lasts_to(wish.day)), None)
        if ending is not None and purse.balance - _sum(booked) >= wish.amount:
            raise Refused(Refusal.RUNS_OUT_BEFORE, amount=left, day=ending.ends)
        raise Refused(Refusal.TOO_FEW_DAYS, amount=left)
    if not has_week_ahead:
        raise Refused(Refusal.NO_WEEK_AHEAD, amount=left)


def silence_at(
    asked_at: datetime, starts_at: datetime, automatic_after: timedelta | None
) -> datetime | None:
    """Return when silence becomes a yes: after the configured time, or half way to the day off when that is first."""
    if automatic_after is None:
        return None
    return min(asked_at + automatic_after, asked_at + (starts_at - asked_at) / 2)


def _next_workday(day: date, is_workday: Callable[[date], bool]) -> date:
    for ahead in range(1, 367):
        coming = day + timedelta(days=ahead)
        if is_workday(coming):
            return coming
    raise Refused(Refusal.NO_WORKDAY, day=day)


def first_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the first local day that begins at `instant` or later."""
    local = instant.astimezone(zone)
    begins = start_of(local.date(), zone)
    return local.date() if begins >= instant else local.date() + timedelta(days=1)


def _sum(bookings: Sequence[Booking]) -> int:
    return sum(booking.amount for booking in bookings)
