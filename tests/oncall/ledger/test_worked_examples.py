"""The ten worked examples of the comp-day rules, by their numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from oncall.ledger import earning, extras, lots, rest, statement
from oncall.ledger.earning import Credit, Rules, Terms, TurnId
from oncall.ledger.entries import Entry, Kind, days_text, hours_of, money_of
from oncall.ledger.extras import Answer
from rotations.schedule import BACKUP, HOLDER, Shift

BUCHAREST = ZoneInfo("Europe/Bucharest")
PHONE = "emergency-phone"
ROMANIAN = frozenset({date(2026, 11, 30), date(2026, 12, 1)})
ANA = Terms(BUCHAREST, holidays=ROMANIAN)
BORA = Terms(ZoneInfo("Europe/Istanbul"), holidays=frozenset({date(2026, 10, 29)}))
RULES = Rules(
    per_week=1000,
    rotations=(PHONE, "servers"),
    zones={PHONE: BUCHAREST, "servers": BUCHAREST},
    terms={"ana": ANA, "bora": BORA, "maria": Terms(BUCHAREST)},
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUCHAREST).astimezone(UTC)


def shift(person: str, start: str, end: str, turn: TurnId, **more: object) -> Shift:
    values: dict[str, object] = {"rotation": turn.rotation, "role": HOLDER, "planned": "ana"}
    return Shift(
        person=person,
        start=local(start),
        end=local(end),
        turn_start=turn.start,
        turn_end=turn.end,
        **{**values, **more},  # type: ignore[arg-type]
    )


def turn_of(start: str, end: str, rotation: str = PHONE) -> TurnId:
    return TurnId(rotation, local(start), local(end))


WEEK = turn_of("2026-12-07 09:00", "2026-12-14 09:00")


def days(credits_: tuple[Credit, ...]) -> dict[str, str]:
    return {one.person: days_text(one.amount) for one in credits_}


def test_w1_a_whole_week_is_one_day() -> None:
    held = (shift("ana", "2026-12-07 09:00", "2026-12-14 09:00", WEEK),)

    assert days(earning.shares_of(WEEK, held, RULES)) == {"ana": "1.000"}


def test_w2_a_night_of_cover_moves_its_share() -> None:
    held = (
        shift("ana", "2026-12-07 09:00", "2026-12-09 18:00", WEEK),
        shift("bora", "2026-12-09 18:00", "2026-12-10 09:00", WEEK, override=1),
        shift("ana", "2026-12-10 09:00", "2026-12-14 09:00", WEEK),
    )

    assert days(earning.shares_of(WEEK, held, RULES)) == {"ana": "0.911", "bora": "0.089"}


def test_w3_a_swap_in_mid_week_pays_both_for_what_they_hold() -> None:
    held = (
        shift("ana", "2026-12-07 09:00", "2026-12-10 12:00", WEEK),
        shift("bora", "2026-12-10 12:00", "2026-12-14 09:00", WEEK, override=1),
    )

    assert days(earning.shares_of(WEEK, held, RULES)) == {"ana": "0.446", "bora": "0.554"}


def test_w4_the_milli_day_left_over_goes_to_whoever_held_first() -> None:
    held = (
        shift("maria", "2026-12-07 09:00", "2026-12-09 17:00", WEEK),
        shift("ana", "2026-12-09 17:00", "2026-12-12 01:00", WEEK),
        shift("bora", "2026-12-12 01:00", "2026-12-14 09:00", WEEK),
    )

    assert days(earning.shares_of(WEEK, held, RULES)) == {
        "maria": "0.334",
        "ana": "0.333",
        "bora": "0.333",
    }


def test_w5_a_week_in_which_the_clocks_change_is_still_one_day() -> None:
    spring = turn_of("2026-03-23 09:00", "2026-03-30 09:00")
    autumn = turn_of("2026-10-19 09:00", "2026-10-26 09:00")
    held = (
        shift("ana", "2026-03-23 09:00", "2026-03-28 18:00", spring),
        shift("bora", "2026-03-28 18:00", "2026-03-29 09:00", spring, override=1),
        shift("ana", "2026-03-29 09:00", "2026-03-30 09:00", spring),
    )
    whole = (shift("ana", "2026-10-19 09:00", "2026-10-26 09:00", autumn),)

    assert spring.end - spring.start == timedelta(hours=167)
    assert days(earning.shares_of(spring, held, RULES)) == {"ana": "0.916", "bora": "0.084"}
    assert autumn.end - autumn.start == timedelta(hours=169)
    assert days(earning.shares_of(autumn, whole, RULES)) == {"ana": "1.000"}


def test_w6_public_holidays_of_the_persons_own_country_add_half_a_day_each() -> None:
    week = turn_of("2026-11-30 09:00", "2026-12-07 09:00")
    by_ana = (shift("ana", "2026-11-30 09:00", "2026-12-07 09:00", week),)
    by_bora = tuple(replace(one, person="bora", planned="bora") for one in by_ana)

    bonus = extras.extras_of(week, by_ana, (), RULES)

    assert [(one.day, one.amount) for one in bonus] == [
        (date(2026, 11, 30), 500),
        (date(2026, 12, 1), 500),
    ]
    total = sum(one.amount for one in (*earning.shares_of(week, by_ana, RULES), *bonus))
    assert days_text(total) == "2.000"
    assert extras.extras_of(week, by_bora, (), RULES) == ()
    assert days(earning.shares_of(week, by_bora, RULES)) == {"bora": "1.000"}


def test_w7_a_broken_night_counts_once_and_the_rest_stays_out_of_the_balance() -> None:
    held = (shift("ana", "2026-12-07 09:00", "2026-12-14 09:00", WEEK),)
    answers = [Answer("ana", local("2026-12-09 02:12")), Answer("ana", local("2026-12-09 03:11"))]
    wakes = [
        rest.Wake(local("2026-12-09 02:12"), local("2026-12-09 02:25")),
        rest.Wake(local("2026-12-09 03:11"), local("2026-12-09 03:50")),
    ]

    [night] = extras.extras_of(WEEK, held, answers, RULES)
    [late] = rest.rests_of(wakes, BUCHAREST, ANA.night, timedelta(hours=11))

    assert (night.kind, night.day, night.amount) == (Kind.NIGHT, date(2026, 12, 8), 100)
    assert late.until == local("2026-12-09 14:50")
    assert rest.late_minutes(late, local("2026-12-09 09:00")) == 350


def entry(amount: int, kind: Kind, lot: str = "lot", **more: object) -> Entry:
    values: dict[str, object] = {
        "id": 1,
        "at": local("2026-02-01 09:00"),
        "person": "ana",
        "name": "Ana Popescu",
        "expires": None,
        "rule_version": 1,
    }
    return Entry(amount=amount, kind=kind, lot=lot, **{**values, **more})  # type: ignore[arg-type]


def test_w8_the_lot_that_ends_first_is_used_first() -> None:
    purse = lots.purse_of(
        [
            entry(911, Kind.EARNED, "two", expires=date(2026, 8, 31)),
            entry(1000, Kind.EARNED, "one", expires=date(2026, 6, 30)),
        ]
    )

    uses = lots.spend(purse, lots.Booking(date(2026, 5, 4), 1500))

    assert uses == (("one", 1000), ("two", 500))
    left = lots.after(purse, [lots.Booking(date(2026, 5, 4), 1500)])
    assert [(lot.key, lot.left) for lot in left.lots] == [("two", 411)]


def test_w9_the_statement_of_a_year_adds_up() -> None:
    year = (local("2026-01-01 00:00"), local("2027-01-01 00:00"))
    book = [
        entry(500, Kind.EARNED, at=local("2025-12-15 09:00")),
        entry(2000, Kind.EARNED),
        entry(1000, Kind.HOLIDAY),
        entry(89, Kind.EARNED, "cover"),
        entry(250, Kind.ADJUSTMENT, "gift"),
        entry(-2500, Kind.TAKEN),
    ]

    found = statement.statement_of("ana", book, *year)

    sums = dict(found.sums)
    assert (found.opening, sums["earned"], sums["extras"]) == (500, 2089, 1000)
    assert (sums["adjustments"], sums["taken"]) == (250, -2500)
    assert days_text(found.closing) == "1.339"
    assert found.adds_up


def test_w10_a_leaver_is_paid_and_a_short_workday_has_fewer_hours() -> None:
    assert money_of(1411, Decimal(80)) == Decimal("112.88")
    assert hours_of(500, Decimal("7.5")) == Decimal("3.75")


def test_a_backup_earns_its_own_rate_and_nothing_without_one() -> None:
    held = (
        shift("ana", "2026-12-07 09:00", "2026-12-14 09:00", WEEK),
        shift("bora", "2026-12-07 09:00", "2026-12-14 09:00", WEEK, role=BACKUP, planned="bora"),
    )
    paid = replace(RULES, backup_per_week=250)

    assert [one.amount for one in earning.shares_of(WEEK, held, RULES)] == [1000, 0]
    assert [one.amount for one in earning.shares_of(WEEK, held, paid)] == [1000, 250]


def test_a_cover_shorter_than_small_help_stays_with_whoevers_turn_it_is() -> None:
    rules = replace(RULES, small_help=timedelta(hours=4))
    held = (
        shift("ana", "2026-12-07 09:00", "2026-12-09 18:00", WEEK),
        shift("bora", "2026-12-09 18:00", "2026-12-09 21:00", WEEK, override=1),
        shift("ana", "2026-12-09 21:00", "2026-12-14 09:00", WEEK),
    )

    [share] = earning.shares_of(WEEK, held, rules)

    assert (share.person, share.amount, share.facts["helped"]) == ("ana", 1000, 3 * 3600)


def test_hours_in_two_rotations_count_once() -> None:
    other = turn_of("2026-12-07 09:00", "2026-12-14 09:00", "servers")
    held = (
        shift("ana", "2026-12-07 09:00", "2026-12-14 09:00", WEEK),
        shift("ana", "2026-12-07 09:00", "2026-12-10 21:00", other),
        shift("maria", "2026-12-10 21:00", "2026-12-14 09:00", other),
    )

    found = earning.shares_of(other, held, RULES)

    assert [(one.person, one.amount, one.counts) for one in found] == [
        ("ana", 500, False),
        ("maria", 500, True),
    ]
    assert [one.counts for one in earning.shares_of(WEEK, held, RULES)] == [True]


def test_a_contract_that_earns_pay_holds_its_share_without_a_day() -> None:
    rules = replace(RULES, terms={**RULES.terms, "bora": replace(BORA, earns=False)})
    held = (
        shift("ana", "2026-12-07 09:00", "2026-12-10 21:00", WEEK),
        shift("bora", "2026-12-10 21:00", "2026-12-14 09:00", WEEK, override=1),
    )

    found = earning.shares_of(WEEK, held, rules)

    assert [(one.person, one.amount, one.counts) for one in found] == [
        ("ana", 500, True),
        ("bora", 500, False),
    ]


def test_extras_stop_at_the_weekly_cap() -> None:
    rules = replace(RULES, terms={"ana": replace(ANA, most_extras=600)})
    week = turn_of("2026-11-30 09:00", "2026-12-07 09:00")
    held = (shift("ana", "2026-11-30 09:00", "2026-12-07 09:00", week),)
    night = [Answer("ana", local("2026-12-03 23:00"))]

    found = extras.extras_of(week, held, night, rules)

    assert [(one.kind, one.amount) for one in found] == [
        (Kind.HOLIDAY, 500),
        (Kind.HOLIDAY, 100),
        (Kind.NIGHT, 0),
    ]


def test_seven_turns_of_a_day_sum_to_a_week() -> None:
    rules = replace(RULES, per_week=1000)
    amounts = []
    for day in range(7, 14):
        turn = turn_of(f"2026-12-{day:02} 09:00", f"2026-12-{day + 1:02} 09:00")
        held = (shift("ana", f"2026-12-{day:02} 09:00", f"2026-12-{day + 1:02} 09:00", turn),)
        amounts += [one.amount for one in earning.shares_of(turn, held, rules)]

    assert set(amounts) == {142, 143}
    assert sum(amounts) == 1000
