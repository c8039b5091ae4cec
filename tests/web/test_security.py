"""What every answer carries: headers, cookies, limits, and no word for a foreign host."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.site import Site, link_in
from tests.world import EXAMPLE, World, a_world
from web.permissions import RULES


@pytest.mark.parametrize(
    "path", ["/sign-in", "/nope", "/healthz", "/static/style.css", "/a/AAAAAAAAAA"]
)
def test_every_answer_forbids_foreign_scripts_frames_and_sniffing(site: Site, path: str) -> None:
    headers = site.get(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/tickets", "/me", "/people", "/simulator", "/sign-in"])
def test_no_page_is_kept_by_a_cache(omar: Site, path: str) -> None:
    assert omar.get(path).headers["Cache-Control"] == "no-store"


def test_no_page_carries_inline_script_or_style(omar: Site, world: World) -> None:
    world.ticket()
    for path in ("/", "/tickets", "/tickets/1", "/people", "/me", "/simulator"):
        html = omar.read(path)

        assert " style=" not in html
        assert "<style" not in html
        assert "onclick" not in html
        assert html.count("<script") == 1


def test_over_https_cookies_are_bound_to_this_host(database_url: str) -> None:
    policy = EXAMPLE.read_text(encoding="utf-8").replace(
        "http://127.0.0.1:8080", "https://oncall.example.com"
    )
    with a_world(database_url, text=policy) as world:
        answer = Site(world).client.get("/sign-in", base_url="https://oncall.example.com")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-oncall=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_over_plain_http_the_cookie_is_still_hidden_from_scripts(site: Site) -> None:
    cookie = site.get("/sign-in").headers["Set-Cookie"]

    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Lax"))


def test_the_cookie_of_a_signed_in_person_says_nothing_about_them(ana: Site) -> None:
    with ana.client.session_transaction() as session:
        kept = dict(session)

    assert "ana" not in str({key: value for key, value in kept.items() if key != "_user_id"})
    assert len(kept["_user_id"]) >= 43


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_a_foreign_host_name_is_refused(site: Site, host: str) -> None:
    assert site.client.get("/sign-in", base_url=f"http://{host}").status_code == 400


def test_a_body_over_256_kilobytes_is_refused_in_our_own_dress(ana: Site) -> None:
    answer = ana.client.post("/sign-out", data={"x": "y" * (256 * 1024 + 1)})

    assert answer.status_code == 413
    assert "256 KB" in answer.text


def test_a_database_that_is_away_still_gets_an_error_page_of_ours(ana: Site, world: World) -> None:
    with world.app.sessions.begin() as session:
        session.execute(text("drop table web_sessions"))

    answer = ana.get("/")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "web_sessions" not in answer.text


def test_what_customers_write_is_shown_and_never_run(ana: Site, world: World) -> None:
    world.ticket(
        "<script>alert(1)</script> fire", body="<img src=x onerror=alert(1)>", customer_name="<b>x"
    )

    for path in ("/", "/tickets", "/tickets/1", "/simulator", link_in(world.texts("ana")[0])):
        html = ana.read(path)
        assert "<script>alert" not in html
        assert "<img" not in html
        assert "<b>x" not in html


def test_the_api_document_is_served_and_its_playground_is_not(site: Site) -> None:
    assert site.get("/api/v1/openapi.json").json["openapi"] == "3.1.0"  # type: ignore[index]
    assert not [endpoint for endpoint in RULES if "swagger" in endpoint]
    assert site.get("/api/v1/").status_code == 404


def test_pages_stay_under_60_kilobytes(omar: Site, world: World) -> None:
    for _ in range(5):
        world.ticket()
    world.forward(minutes=40)

    for path in ("/", "/tickets", "/tickets/1", "/people", "/me", "/simulator"):
        assert len(omar.get(path).data) < 60_000, path
    assert len(omar.get("/static/style.css").data) < 60_000
