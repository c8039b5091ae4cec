"""The page behind an alert link: no sign-in, looking is harmless, the button acts, dead links say what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.site import Site, link_in
from tests.world import World


@pytest.fixture
def link(world: World) -> str:
    """The link in Ana's alert."""
    world.ticket("Fire alarm", customer_name="Hotel Astoria", customer_phone="+12025550111")
    return link_in(world.texts("ana")[-1])


def test_the_link_shows_the_ticket_and_one_big_button(site: Site, link: str) -> None:
    html = site.read(link)

    assert "Hotel Astoria: Fire alarm" in html
    assert "Take it" in html
    assert "You act as Ana Popescu." in html


def test_scanners_and_previews_take_nothing(site: Site, link: str, world: World) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        site.client.open(link, method=method)

    assert world.state(1) == ("open", None)


def test_the_button_works_on_a_phone_that_keeps_no_cookies(
    site: Site, link: str, world: World
) -> None:
    answer = site.another_browser().client.post(link, data={"verb": "take"})

    assert answer.status_code == 303
    assert world.state(1) == ("acknowledged", "ana")
    assert "It is yours" in site.read(link)


def test_solving_ends_the_link_with_a_word_of_thanks(site: Site, link: str, world: World) -> None:
    answer = site.client.post(link, data={"verb": "resolve"})

    assert answer.status_code == 200
    assert "#1 is solved. Thank you." in answer.text
    assert world.state(1)[0] == "resolved"
    assert site.get(link).status_code == 404


def test_the_link_tells_the_first_person_to_sleep_once_somebody_else_took_it(
    site: Site, link: str, world: World
) -> None:
    world.forward(minutes=7)
    second = link_in(world.texts("maria")[-1])
    site.client.post(second, data={"verb": "take"})

    assert "Maria Ionescu took it" in site.read(link)
    assert "Sleep well." in site.read(link)


def test_the_page_speaks_the_language_of_whom_it_was_sent_to(
    site: Site, link: str, world: World
) -> None:
    world.forward(minutes=7)

    html = site.read(link_in(world.texts("maria")[-1]))

    assert '<html lang="ro" dir="ltr"' in html
    assert "Preia" in html


def test_at_night_the_page_is_dark(site: Site, link: str, world: World) -> None:
    assert 'data-theme="dark"' in site.read(link)

    world.clock.forward(timedelta(hours=7))

    assert 'data-theme="auto"' in site.read(link)


def test_wrong_and_dead_letters_look_the_same(site: Site, link: str, world: World) -> None:
    wrong = site.get("/a/AAAAAAAAAA")
    world.clock.forward(timedelta(hours=13))
    dead = site.get(link)

    assert wrong.status_code == dead.status_code == 404
    assert wrong.text.split("</head>")[1].replace("/a/AAAAAAAAAA", "") == dead.text.split(
        "</head>"
    )[1].replace(link, "")
    assert "This link does not work any more" in wrong.text


def test_no_search_engine_keeps_the_page(site: Site, link: str) -> None:
    for path in (link, "/a/AAAAAAAAAA"):
        assert "noindex" in site.get(path).headers["X-Robots-Tag"]


def test_guessing_letters_is_stopped_after_ten_tries_a_minute(
    site: Site, link: str, world: World
) -> None:
    for number in range(10):
        assert site.get(f"/a/AAAAAAAA{number:02}").status_code == 404

    stopped = site.get(link)
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) <= 61
    assert site.client.post(link, data={"verb": "take"}).status_code == 429
    assert world.state(1) == ("open", None)

    world.clock.forward(timedelta(seconds=61))
    assert site.get(link).status_code == 200


def test_the_right_link_may_be_opened_as_often_as_one_likes(site: Site, link: str) -> None:
    assert {site.get(link).status_code for _ in range(15)} == {200}


@pytest.fixture
def bundle(world: World) -> str:
    """The link in the text that reached Ana after five tickets at once."""
    for number in range(5):
        world.ticket(f"Fire alarm {number}")
    world.forward(seconds=2)
    return link_in(world.texts("ana")[-1])


def test_the_link_of_a_bundle_shows_what_waits_and_one_button_for_all(
    site: Site, bundle: str
) -> None:
    html = site.read(bundle)

    assert "5 urgent tickets wait for you" in html
    assert "#1 #2 #3 #4 #5" in html
    assert "Take all 5" in html


def test_one_tap_takes_all(site: Site, bundle: str, world: World) -> None:
    answer = site.another_browser().client.post(f"{bundle}/all")

    assert answer.status_code == 303
    assert [world.state(number) for number in range(1, 6)] == [("acknowledged", "ana")] * 5
    assert "Take all" not in site.read(bundle)


def test_looking_at_the_address_of_the_big_button_takes_nothing(
    site: Site, bundle: str, world: World
) -> None:
    site.client.get(f"{bundle}/all")

    assert world.state(1) == ("open", None)


def test_a_dead_link_takes_nothing(site: Site, bundle: str, world: World) -> None:
    answer = site.client.post(f"{bundle[:-10]}AAAAAAAAAA/all")

    assert answer.status_code == 404
    assert world.state(1) == ("open", None)
