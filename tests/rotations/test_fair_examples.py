"""Teams one can picture: the plain rotation, Christmas, people alike, and problems at the edge."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.planning_checker import objective, violations
from tests.planning_problems import document, names, person, team, weeks
from tests.rotations.drawn import planned, rows

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]


def holders(answer: Json) -> list[str | None]:
    return [row["primary"] for row in rows(answer)]


def plain(people: int, count: int, **more: Any) -> Json:
    return document(weeks(count), [person(name) for name in names(people)], **more)


@pytest.mark.parametrize("people", [1, 2, 6, 13, 26])
def test_without_absences_and_holidays_the_plan_is_the_plain_rotation(people: int) -> None:
    answer = planned(plain(people, 156, holiday_balance="off"))

    assert holders(answer) == [names(people)[slot % people] for slot in range(156)]


def test_the_rotation_follows_the_order_given_and_goes_on_where_it_stopped() -> None:
    problem = plain(3, 9, holiday_balance="off", order=["p002", "p000", "p001"])
    for one, last in zip(problem["people"], (-1, -3, -2), strict=True):
        one["last_turn"] = last

    assert holders(planned(problem)) == ["p001", "p002", "p000"] * 3


def test_the_backup_is_always_the_next_holder_while_nobody_is_absent() -> None:
    problem = plain(6, 52, roles=["primary", "backup"], chain=True, holiday_balance="off")
    answer = planned(problem)

    assert all(
        now["backup"] == after["primary"]
        for now, after in zip(rows(answer), rows(answer)[1:], strict=False)
    )


@pytest.mark.parametrize("people", [13, 26])
def test_nobody_has_christmas_twice_while_somebody_has_it_never(people: int) -> None:
    problem = plain(people, 156)
    answer = planned(problem)

    majors = [one["majors"] for one in answer["accounts"]]
    assert sum(majors) == sum(slot["holiday"] == 2 for slot in problem["slots"])
    assert max(majors) <= 1


def test_who_had_christmas_last_season_does_not_have_it_again() -> None:
    problem = plain(6, 52)
    for one in problem["people"][:3]:
        one |= {"major_history": 1, "last_major_year": -1}
    answer = planned(problem)

    christmas = {
        name
        for name, slot in zip(holders(answer), problem["slots"], strict=True)
        if slot["holiday"] == 2
    }
    assert christmas.isdisjoint({"p000", "p001", "p002"})


def test_mode_rotation_keeps_the_order_and_moves_only_what_leave_makes_impossible() -> None:
    problem = plain(6, 52, mode="rotation", holiday_balance="off", min_gap=2)
    problem["people"][2]["unavailable"] = [14]
    answer = planned(problem)

    expected = [names(6)[slot % 6] for slot in range(52)]
    changed = [slot for slot in range(52) if holders(answer)[slot] != expected[slot]]
    assert changed == [14]
    assert violations(problem, answer) == []


def test_mode_rotation_sees_to_christmas_by_swaps() -> None:
    answer = planned(plain(13, 156, mode="rotation"))

    assert max(one["majors"] for one in answer["accounts"]) == 1
    assert {one["held"] for one in answer["accounts"]} == {12}


def test_part_time_people_hold_their_part() -> None:
    problem = document(weeks(50), [person("ana"), person("bora"), person("maria", weight=50)])
    answer = planned(problem)

    assert {one["person"]: one["held"] for one in answer["accounts"]} == {
        "ana": 20,
        "bora": 20,
        "maria": 10,
    }


def test_leave_does_not_lower_the_share_and_a_long_absence_does() -> None:
    on_leave = plain(4, 40)
    on_leave["people"][0]["unavailable"] = list(range(20))
    paused = plain(4, 40)
    paused["people"][0]["paused"] = list(range(20))

    assert planned(on_leave)["accounts"][0]["due"] == 10
    assert planned(paused)["accounts"][0]["due"] == 5


def test_a_weight_that_changes_counts_as_leaving_and_joining_on_one_day() -> None:
    changing = document(
        weeks(40),
        [person("ana", to=19), person("ana-part", weight=50, **{"from": 20}), person("bora")],
    )
    due = {one["person"]: one["due"] for one in planned(changing)["accounts"]}

    assert due["ana"] == 10
    assert due["ana-part"] == pytest.approx(20 / 3, abs=0.001)


@pytest.mark.parametrize(
    "problem",
    [
        document(weeks(5), []),
        document([], []),
        document([], [person("ana")]),
        document(weeks(5), [person("ana")]),
        document(weeks(5), [person("ana")], roles=["primary", "backup"], chain=True),
        document(weeks(5), [person("ana"), person("bora")], min_gap=99),
        document(weeks(5), [person("ana", unavailable=[0, 1, 2, 3, 4])]),
        document(weeks(5), [person("ana"), person("bora")], max_per_year=0, max_per_quarter=0),
        document(weeks(5), [person("ana", to=-1)]),
        document(weeks(5), [person("ana", **{"from": 90})]),
        document([{"date": "whenever"}], [person("ana")]),
        document(weeks(5), [person("ana")], previous_plan=[{"primary": "somebody gone"}]),
    ],
    ids=[
        "nobody", "nothing", "no slots", "one person", "one person, two roles", "gap beyond the horizon",
        "all on leave", "caps of nothing", "left before", "joins after", "a date that is none",
        "a previous holder nobody knows",
    ],
)  # fmt: skip
def test_a_problem_at_the_edge_has_a_clean_answer(problem: Json) -> None:
    answer = planned(problem)

    assert violations(problem, answer) == []
    assert answer["objective"]["uncovered"] == objective(problem, answer)["uncovered"]
    assert len(answer["reasons"]) == len(problem["slots"]) * len(problem["roles"])


def test_a_year_of_53_weeks_is_planned_to_its_end() -> None:
    problem = plain(6, 53)

    assert None not in holders(planned(problem))


def test_a_tight_team_is_covered_as_far_as_people_can() -> None:
    problem = plain(4, 26, min_gap=3)
    for number, one in enumerate(problem["people"]):
        one["unavailable"] = [5 * number + 2, 5 * number + 3]
    answer = planned(problem)

    assert answer["objective"]["uncovered"] == answer["bounds"]["uncovered"] == 0


def test_half_years_with_carried_credit_end_as_fair_as_a_year_at_once() -> None:
    once = planned(team(7, 11, 104, gap=3, turnover=0))
    carried: dict[str, int] = {}
    problem = team(7, 11, 104, gap=3, turnover=0)
    for start in range(0, 104, 26):
        part = half_year(problem, start, carried)
        answer = planned(part)
        carried = {one["person"]: -round(one["credit"] * 1000) for one in answer["accounts"]}
        assert abs(sum(carried.values())) <= abs(sum(one["carry"] for one in part["people"])) + 11

    assert max(map(abs, carried.values())) / 1000 <= once["objective"]["largest_deviation"] + 0.25


def half_year(problem: Json, start: int, carried: dict[str, int]) -> Json:
    people = []
    for one in problem["people"]:
        here = {
            key: [slot - start for slot in one[key] if start <= slot < start + 26]
            for key in ("unavailable", "wanted", "unwanted")
        }
        carry = carried.get(one["id"], one["carry"])
        people.append({**one, **here, "carry": carry, "last_turn": None, "from": 0, "to": 25})
    return document(problem["slots"][start : start + 26], people, min_gap=3)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "77", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Tehran"},
    ],
    ids=["one seed", "another seed, locale and zone"],
)
def test_another_process_hash_seed_locale_and_zone_give_the_same_bytes(
    environment: dict[str, str], tmp_path: Path
) -> None:
    problem = team(3, 12, 52, gap=3, two_roles=True)
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem), encoding="utf-8")
    there = subprocess.run(
        [sys.executable, "-m", "oncall", "plan", "--problem", path, "--format", "json"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        check=True,
    )

    assert json.loads(there.stdout) == json.loads(json.dumps(planned(problem)))
