"""The handoff note on the page: five fields filled as far as known, one tap when nothing is open, read with one."""

from __future__ import annotations

from tests.site import Site
from tests.world import World

NOTE = "/handoff/emergency-phone/2026-01-12T07:00:00+00:00"


def test_a_note_is_filled_written_and_read(site: Site, world: World) -> None:
    world.ticket(customer_name="Hotel Astoria")
    ana = site.sign_in("ana")
    assert "#1 Door system down" in ana.read(NOTE)

    ana.send(NOTE, feel="2", line="Two bad nights", tickets="#1 waits for parts", watch="Door")
    bora = site.another_browser().sign_in("bora")
    page = bora.read(NOTE)
    bora.send(f"{NOTE}/read", NOTE)

    assert "#1 waits for parts" in page
    assert "bad nights" in page
    assert "Read by Bora" in ana.read(NOTE)


def test_nothing_open_is_one_tap(ana: Site) -> None:
    ana.send(NOTE, feel="5", deed="nothing", tickets="left over from the form")

    assert "left over" not in ana.read(NOTE)
    assert "very good" in ana.read("/handoff")


def test_others_see_the_note_and_no_form(site: Site) -> None:
    maria = site.sign_in("maria")

    page = maria.read(NOTE)

    assert "<textarea" not in page
    assert maria.send(NOTE, "/me", line="not mine").status_code == 303
    assert "not mine" not in maria.read(NOTE)


def test_home_reminds_of_the_note_shortly_before_the_handoff(ana: Site, world: World) -> None:
    assert "Two lines for" not in ana.read("/")

    # Monday 06:30 in Bucharest, two and a half hours before the handoff.
    world.forward(minutes=(2 * 24 + 3) * 60 + 30)

    ana.sign_in("ana")
    assert "Two lines for Bora" in ana.read("/")


def test_a_handoff_that_never_is_is_not_found(ana: Site) -> None:
    assert ana.get("/handoff/emergency-phone/2026-01-13T07:00:00+00:00").status_code == 404
    assert ana.get("/handoff/another-phone/2026-01-12T07:00:00+00:00").status_code == 404
    assert ana.get("/handoff/emergency-phone/soon").status_code == 404
