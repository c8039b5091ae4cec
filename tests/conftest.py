"""What every test may ask for: a database that is gone afterwards, and the whole product on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.night import Night, a_night
from tests.postgres import Cluster, private_cluster
from tests.world import World, a_world


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One private PostgreSQL for the whole run."""
    with private_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind we promise to run on."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'oncall.db'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.new_database()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """An empty SQLite file."""
    return f"sqlite:///{tmp_path / 'oncall.db'}"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Saturday 03:00; Ana holds the phone."""
    with a_world(database_url) as whole:
        yield whole


@pytest.fixture
def night(database_url: str) -> Iterator[Night]:
    """Saturday 03:00 with Twilio set up; its phones ring through the real client."""
    with a_night(database_url) as whole:
        yield whole
