"""Machines that watch us learn within two minutes that nobody would be woken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from oncall.tables import Page
from tests.site import Site
from tests.world import World


def health(site: Site, path: str = "/healthz") -> tuple[int, dict[str, Any]]:
    answer = site.get(path)
    return answer.status_code, answer.get_json()["checks"]


def test_healthy_means_database_engine_and_pages_are_in_time(site: Site, world: World) -> None:
    world.engine.run_once()

    status, checks = health(site)

    assert status == 200
    assert all(check["ok"] for check in checks.values())


def test_a_silent_engine_is_unhealthy_after_two_minutes(site: Site, world: World) -> None:
    world.engine.run_once()
    world.clock.forward(timedelta(seconds=119))
    assert health(site)[0] == 200

    world.clock.forward(timedelta(seconds=1))
    status, checks = health(site)

    assert status == 503
    assert checks["engine"] == {"ok": False, "seconds": 120}


def test_a_page_that_does_not_leave_is_unhealthy_after_two_minutes(
    site: Site, world: World
) -> None:
    with world.app.sessions.begin() as session:
        session.add(
            Page(
                kind="alert",
                person="ana",
                channel="sms",
                due_at=world.clock(),
                planned_for=world.clock(),
                token="x",
                address="",
                text="",
            )
        )
    world.clock.forward(timedelta(minutes=2))

    status, checks = health(site)

    assert status == 503
    assert not checks["pages"]["ok"]


def test_a_page_that_is_not_due_yet_is_no_alarm(site: Site, world: World) -> None:
    world.ticket()

    assert health(site)[1]["pages"]["ok"]


def test_a_database_without_its_tables_is_neither_healthy_nor_ready(
    site: Site, world: World
) -> None:
    with world.app.sessions.begin() as session:
        session.execute(text("drop table engine_beats"))
        session.execute(text("update alembic_version set version_num = 'from the future'"))

    assert health(site) == (503, {"database": {"ok": False, "seconds": None}})
    assert health(site, "/readyz") == (503, {"database": {"ok": True}, "schema": {"ok": False}})


def test_a_migrated_database_is_ready_before_any_engine_ran(site: Site) -> None:
    assert health(site, "/readyz") == (200, {"database": {"ok": True}, "schema": {"ok": True}})
