"""Coming in: one-time links that survive a preview, passwords, limits, sessions that end when told to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oncall import accounts, passwords
from tests.site import Site, csrf_token
from tests.world import World

GOOD = "correct ladder moonlight"


@pytest.fixture
def site_with_password(site: Site) -> Site:
    with site.world.app.sessions.begin() as session:
        accounts.set_password(session, "ana", passwords.keep(GOOD), site.world.clock())
    return site


def test_a_stranger_is_sent_to_the_sign_in_page_and_back_where_they_wanted_to_go(
    site_with_password: Site,
) -> None:
    site = site_with_password
    site.world.ticket()
    away = site.get("/tickets/1")
    assert away.headers["Location"] == "/sign-in?next=/tickets/1"

    answer = site.send(
        "/sign-in", away.headers["Location"], who="ana", password=GOOD, next="/tickets/1"
    )

    assert answer.headers["Location"] == "/tickets/1"
    assert site.get("/tickets/1").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\n/evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(site_with_password: Site, elsewhere: str) -> None:
    answer = site_with_password.send("/sign-in", who="ana", password=GOOD, next=elsewhere)

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("who", "password"), [("ana", "wrong password 1"), ("mallory", GOOD), ("omar", "")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    site_with_password: Site, who: str, password: str
) -> None:
    answer = site_with_password.send("/sign-in", who=who, password=password)

    assert answer.status_code == 401
    assert "Name or password is not right." in answer.text


def test_after_many_wrong_tries_the_page_says_how_long_to_wait(site_with_password: Site) -> None:
    for _ in range(5):
        site_with_password.send("/sign-in", who="ana", password="wrong password 1")

    answer = site_with_password.send("/sign-in", who="ana", password=GOOD)

    assert answer.status_code == 429
    assert "Please try again in 5 seconds." in answer.text
    assert answer.headers["Retry-After"] == "6"


def test_waiting_lets_the_right_password_in(site_with_password: Site) -> None:
    for _ in range(5):
        site_with_password.send("/sign-in", who="ana", password="wrong password 1")
    site_with_password.world.clock.forward(timedelta(seconds=6))

    assert site_with_password.send("/sign-in", who="ana", password=GOOD).status_code == 302


def test_a_preview_of_a_one_time_link_does_not_burn_it(site: Site) -> None:
    path = site.invite("ana")
    for _ in range(3):
        site.another_browser().get(path)
        site.another_browser().client.head(path)

    assert site.send(path, skip="yes").status_code == 302
    assert site.get("/").status_code == 200


def test_a_one_time_link_works_once(site: Site) -> None:
    path = site.invite("ana")
    token = csrf_token(site.get(path).text)
    other = site.another_browser()
    other_token = csrf_token(other.get(path).text)
    site.client.post(path, data={"csrf_token": token, "skip": "yes"})

    answer = other.client.post(path, data={"csrf_token": other_token, "skip": "yes"})

    assert answer.status_code == 404
    assert "does not work any more" in answer.text
    assert other.get("/").status_code == 302


def test_the_link_page_names_its_person_and_sets_a_password(site: Site) -> None:
    path = site.invite("ana")
    assert "Ana Popescu" in site.read(path)

    site.send(path, password=GOOD)

    other = site.another_browser()
    assert other.send("/sign-in", who="ana@example.com", password=GOOD).headers["Location"] == "/"


def test_a_weak_password_leaves_the_link_alive(site: Site) -> None:
    path = site.invite("ana")

    refused = site.send(path, password="password1234")

    assert refused.status_code == 422
    assert "Too many people use this password." in refused.text
    assert site.send(path, password=GOOD).status_code == 302


def test_signing_in_gives_the_browser_a_new_cookie_and_drops_the_old_one(site: Site) -> None:
    path = site.invite("ana")
    token = csrf_token(site.get(path).text)
    before = site.client.get_cookie("oncall")
    site.client.post(path, data={"csrf_token": token, "skip": "yes"})
    after = site.client.get_cookie("oncall")

    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_a_stolen_cookie_is_dead_after_signing_out(ana: Site) -> None:
    cookie = ana.client.get_cookie("oncall")
    assert cookie is not None
    ana.send("/sign-out", "/me")
    thief = ana.another_browser()
    thief.client.set_cookie("oncall", cookie.value)

    assert thief.get("/").status_code == 302


def test_signing_out_everywhere_reaches_the_other_browser(ana: Site) -> None:
    laptop = ana.another_browser().sign_in("ana")
    ana.send("/me/sign-out-everywhere", "/me")

    assert laptop.get("/").status_code == 302


def test_a_session_nobody_uses_ends_after_twelve_hours(ana: Site, world: World) -> None:
    world.clock.forward(timedelta(hours=12))

    assert ana.get("/").status_code == 302


def test_reading_pages_keeps_a_session_alive(ana: Site, world: World) -> None:
    for _ in range(3):
        world.clock.forward(timedelta(hours=11))
        assert ana.get("/").status_code == 200


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(site: Site) -> None:
    site.sign_in("ana", GOOD)
    laptop = site.another_browser()
    laptop.send("/sign-in", who="ana", password=GOOD)
    new = "seven quiet harbours"

    refused = site.send("/me/password", "/me", old="not the old one", password=new)
    accepted = site.send("/me/password", "/me", old=GOOD, password=new)

    assert refused.status_code == 422
    assert accepted.status_code == 302
    assert site.get("/").status_code == 200
    assert laptop.get("/").status_code == 302


def test_a_form_without_its_token_changes_nothing(ana: Site) -> None:
    answer = ana.client.post("/me/sign-out-everywhere")

    assert answer.status_code == 400
    assert "This form is no longer valid" in answer.text
    assert ana.get("/").status_code == 200
