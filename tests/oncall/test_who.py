"""`oncall who` agrees with a walk over the wall clock at every handoff, opening, closing and clock change."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import pytest

from oncall import compiling
from oncall.compiled import Compiled
from oncall.policy.load import parse
from oncall.policy.model import Policy
from oncall.policy.times import DAYS, Span
from oncall.roster import Roster
from oncall.who import Standing, in_words, moment
from tests.rotations.oracle import MINUTE, Door, Holders, readings
from tests.rotations.places import CAST, PLACES, Place

COUNTRIES = {
    "Europe/Bucharest": "RO",
    "Europe/Istanbul": "TR",
    "America/New_York": "US",
    "Australia/Lord_Howe": "AU",
}
YEAR = timedelta(days=365)
BUCHAREST = ZoneInfo("Europe/Bucharest")


@dataclass(frozen=True)
class Truth:
    """What the walk saw at one instant: the holders of both rotations and whether the office is open."""

    regular: str | None
    odd: str | None
    is_open: bool


def policy_text(name: str, place: Place) -> str:
    hours = ", ".join(
        f"{day}: [{', '.join(str(Span(*span)) for span in spans)}]"
        for day, spans in zip(DAYS, place.weekly, strict=True)
        if spans
    )
    people = "\n".join(
        f'  {who}: {{ name: {who}, phone: "+1202555010{number}" }}'
        for number, who in enumerate(CAST, 1)
    )
    regular, odd = place.plans
    return f"""
company: {{ name: Acme, timezone: {name} }}
people:
{people}
calendars:
  office: {{ open: {{ {hours} }}, holidays: {{ country: {COUNTRIES[name]} }} }}
rotations:
  regular:
    order: [{", ".join(CAST)}]
    starts: {regular.first_day}
    handoff: mon {regular.at:%H:%M}
    calendar: office
  odd:
    order: [{", ".join(CAST)}]
    starts: {odd.first_day}
    handoff: {odd.at:%H:%M}
    turn: {odd.days} days
    calendar: office
    backup: next
urgency: [{{ name: all, otherwise: urgent }}]
escalation:
  urgent: {{ steps: {{ to: regular, wait: 5m }} }}
  normal: {{ office_hours: {{ to: regular, by: sms }} }}
"""


@cache
def walked(name: str) -> dict[datetime, Truth]:
    """Return what the walk saw around everything that happens there, and at 200 instants by lot."""
    place = PLACES[name]
    holders = [Holders(plan) for plan in place.plans]
    door = Door(place.weekly, holidays.country_holidays(COUNTRIES[name]))
    minutes = int((place.end - place.start) / MINUTE)
    by_lot = random.Random(name)
    wanted = {place.start + by_lot.randrange(minutes) * MINUTE for _ in range(200)}
    seen: dict[datetime, Truth] = {}
    before: tuple[object, ...] = ()
    last: tuple[datetime, Truth] | None = None
    follow = False
    for instant, reading in readings(place.zone, place.start, place.end):
        truth = Truth(*(holder.read(reading) for holder in holders), is_open=door.read(reading))
        now = (
            truth,
            instant.astimezone(place.zone).utcoffset() if instant.minute % 30 == 0 else before[1],
        )
        changed = now != before
        if (changed or follow) or instant in wanted:
            seen[instant] = truth
            if last is not None:
                seen[last[0]] = last[1]
        before, last, follow = now, (instant, truth), changed
    return seen


@cache
def policy_of(name: str) -> tuple[Policy, str]:
    text = policy_text(name, PLACES[name])
    return parse(text).policy, text


def as_truth(standing: Standing | None) -> Truth:
    assert standing is not None
    regular, odd = standing.duties
    assert regular.is_open == odd.is_open
    return Truth(regular.holder, odd.holder, regular.is_open)


@pytest.mark.parametrize("name", PLACES)
def test_the_slow_way_agrees_with_the_walk(name: str) -> None:
    roster = Roster(policy_of(name)[0])

    wrong = [
        at
        for at, truth in walked(name).items()
        if as_truth(compiling.standing(roster, at)) != truth
    ]

    assert wrong == []
    assert len(walked(name)) > 2000


@pytest.mark.parametrize("name", PLACES)
def test_the_quick_way_gives_the_very_same_answer(name: str) -> None:
    policy, text = policy_of(name)
    roster = Roster(policy)
    plain = compiling.work_out(Roster(policy), text, "", PLACES[name].start + YEAR)
    quick = Compiled(json.loads(json.dumps(plain)))

    wrong = [at for at in walked(name) if quick.standing(at) != compiling.standing(roster, at)]

    assert wrong == []


def test_outside_its_span_the_quick_way_gives_no_answer() -> None:
    policy, text = policy_of("Europe/Bucharest")
    now = datetime(2026, 6, 1, tzinfo=UTC)
    quick = Compiled(compiling.work_out(Roster(policy), text, "", now))

    assert quick.standing(now - compiling.SPAN) is not None
    assert quick.standing(now - compiling.SPAN - MINUTE) is None
    assert quick.standing(now + compiling.SPAN - MINUTE) is not None
    assert quick.standing(now + compiling.SPAN) is None


def test_a_rotation_that_has_not_started_says_when_it_will() -> None:
    policy, _ = policy_of("Europe/Bucharest")
    words = in_words(compiling.standing(Roster(policy), datetime(2026, 1, 1, tzinfo=UTC)))

    assert "regular: nobody yet; the first turn starts Mon 05 Jan 2026 09:00" in words


def test_a_time_without_an_offset_is_the_wall_clock_of_the_company() -> None:
    assert moment("2026-12-25 03:00", BUCHAREST).instant == datetime(2026, 12, 25, 1, tzinfo=UTC)


def test_a_time_with_an_offset_stands_as_it_is() -> None:
    assert moment("2026-12-25T03:00:00Z", BUCHAREST).instant == datetime(
        2026, 12, 25, 3, tzinfo=UTC
    )


def test_a_repeated_time_is_taken_for_the_first_and_says_so() -> None:
    asked = moment("2026-10-25 03:30", BUCHAREST)

    assert asked.instant == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert asked.remark == (
        "the clocks show 03:30 twice that day; taken as the first, 03:30 (00:30 UTC)"
    )


def test_a_skipped_time_is_taken_for_the_jump_and_says_so() -> None:
    asked = moment("2026-03-29 03:30", BUCHAREST)

    assert asked.instant == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert asked.remark == (
        "the clocks skip 03:30 that day; taken as 04:00 (01:00 UTC), when they jump"
    )


@pytest.mark.parametrize(
    "text", ["tomorrow", "2026-13-01 03:00", "", "1815-06-18 12:00", "2500-01-01 00:00"]
)
def test_what_is_no_time_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        moment(text, BUCHAREST)
