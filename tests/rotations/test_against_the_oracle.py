"""Two years, minute by minute, in four zones: the library and the walk agree on every one of them."""

from __future__ import annotations

import pytest

from rotations.hours import OpenHours
from rotations.turns import Cadence, RoundRobin
from tests.rotations.oracle import Door, Holders, Plan, readings
from tests.rotations.places import PLACES, Place


def round_robin(place: Place, plan: Plan) -> RoundRobin:
    return RoundRobin(Cadence(place.zone, plan.first_day, plan.at, plan.days), plan.order)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_holder_and_hours_are_right_in_every_minute(place: Place) -> None:
    regular, odd = (round_robin(place, plan).turn_at for plan in place.plans)
    regular_walk, odd_walk = (Holders(plan).read for plan in place.plans)
    is_open = OpenHours(place.zone, place.weekly, place.closed).is_open
    is_open_walk = Door(place.weekly, place.closed).read
    wrong = []

    for instant, reading in readings(place.zone, place.start, place.end):
        turn, odd_turn = regular(instant), odd(instant)
        answer = (turn and turn.person, odd_turn and odd_turn.person, is_open(instant))
        if answer != (regular_walk(reading), odd_walk(reading), is_open_walk(reading)):
            wrong.append(instant)

    assert wrong == []
