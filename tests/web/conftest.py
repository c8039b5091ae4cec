"""What the page tests ask for: the pages of a world at Saturday 03:00, and one that somebody is signed in to."""

from __future__ import annotations

import pytest

from tests.site import Site
from tests.world import World


@pytest.fixture
def site(world: World) -> Site:
    """Nobody has signed in."""
    return Site(world)


@pytest.fixture
def ana(site: Site) -> Site:
    """Ana, who holds the phone, is signed in."""
    return site.sign_in("ana")


@pytest.fixture
def omar(site: Site) -> Site:
    """Omar, the admin, is signed in in a browser of his own."""
    return site.another_browser().sign_in("omar")
