"""The home page names the right holder and hours at every handoff, opening, closing and clock change."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from oncall import board, store
from tests.oncall.test_who import policy_text, walked
from tests.rotations.places import CAST, PLACES
from tests.site import Site
from tests.world import World, a_world

EVERY = 40
"""Of the instants walked, one in so many is read off the rendered page; the value behind it is compared at all."""


@pytest.mark.parametrize("name", PLACES)
def test_the_home_page_agrees_with_the_walk(name: str, tmp_path: Path) -> None:
    place, truths = PLACES[name], walked(name)
    text = policy_text(name, place)
    with a_world(f"sqlite:///{tmp_path / 'home.db'}", text=text, at=place.start) as world:
        # With a clock that visitors may move, sessions count by the wall: nobody is signed out by a jump of months.
        app = replace(world.app, demo_clock=world.clock)
        site = Site(World(app, world.clock, world.phones)).sign_in(CAST[0])
        wrong = []
        with store.reading(world.app.sessions) as session:
            for number, (at, truth) in enumerate(sorted(truths.items())):
                world.clock.move_to(at)
                home = board.home(session, app, CAST[0], at)
                holders = [holding.holder and holding.holder.short for holding in home.holdings]
                if (holders, home.is_open) != ([truth.regular, truth.odd], truth.is_open):
                    wrong.append(at)
                if number % EVERY == 0 and not _page_says(site.read("/"), holders, home.is_open):
                    wrong.append(at)

    assert wrong == []


def _page_says(html: str, holders: list[str | None], is_open: bool) -> bool:
    names = re.findall(r'<p class="name">([^<]+)</p>', html)
    on_duty = html.count("Holds the emergency phone now")
    nobody = "Nobody is planned yet" if is_open else "Nobody holds the phone"
    held = [holder for holder in holders if holder]
    expected = [holder or nobody for holder in holders]
    return names == expected and on_duty == (0 if is_open else len(held))
