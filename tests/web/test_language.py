"""Every page in the reader's language, running the right way, with the digits and dates people there use."""

from __future__ import annotations

from datetime import date

import pytest

from tests.site import Site
from tests.world import World
from web import catalogs
from web.jalali import jalali


def test_no_translation_is_missing_fuzzy_or_left_over() -> None:
    used = catalogs.texts_in_use()

    assert [
        fault for language in catalogs.LANGUAGES for fault in catalogs.faults(language, used)
    ] == []


def test_a_missing_a_fuzzy_and_a_broken_translation_are_found() -> None:
    used = catalogs.texts_in_use()
    used.add("A text nobody translated")

    assert "tr: missing: 'A text nobody translated'" in list(catalogs.faults("tr", used))


@pytest.mark.parametrize(
    ("asked", "language", "direction"),
    [
        ("tr", "tr", "ltr"),
        ("ro-RO,ro;q=0.9", "ro", "ltr"),
        ("fa-IR", "fa", "rtl"),
        ("de", "en", "ltr"),
        ("", "en", "ltr"),
    ],
)
def test_a_visitor_reads_the_language_of_the_browser(
    site: Site, asked: str, language: str, direction: str
) -> None:
    html = site.get("/sign-in", headers={"Accept-Language": asked}).text

    assert f'<html lang="{language}" dir="{direction}"' in html


def test_a_person_reads_the_language_of_the_policy_file_until_they_choose(site: Site) -> None:
    site.sign_in("bora")
    before = site.read("/")
    site.send("/preferences", "/me", language="ro", next="/me")

    assert '<html lang="tr"' in before
    assert '<html lang="ro"' in site.read("/")
    assert '<html lang="ro"' in site.another_browser().sign_in("bora").read("/")


def test_a_visitor_may_choose_a_language_without_signing_in(site: Site) -> None:
    site.send("/preferences", "/sign-in", language="fa", next="/sign-in")

    assert "ورود" in site.read("/sign-in")


def test_a_language_the_company_does_not_offer_is_not_taken(site: Site) -> None:
    site.send("/preferences", "/sign-in", language="xx", next="/sign-in")

    assert '<html lang="en"' in site.read("/sign-in")


def test_the_chosen_theme_is_on_every_page(ana: Site) -> None:
    ana.send("/preferences", "/me", theme="dark", next="/me")

    assert 'data-theme="dark"' in ana.read("/")


def test_persian_pages_use_persian_digits_but_latin_phones_and_references(
    ana: Site, world: World
) -> None:
    world.ticket(customer_phone="+12025550111")
    ana.send("/preferences", "/me", language="fa", next="/me")

    html = ana.read("/tickets/1")

    assert "۰۳:۰۷" in html
    assert '<bdi dir="ltr" class="number">+1 202-555-0111</bdi>' in html
    assert '<bdi dir="ltr" class="ref">#1</bdi>' in html


def test_persian_dates_carry_the_iranian_date(site: Site) -> None:
    site.sign_in("omar").send("/preferences", "/me", language="fa", next="/me")

    assert "۲۲ دی" in site.read("/"), "12 January 2026 is 22 Dey 1404"


@pytest.mark.parametrize(
    ("day", "iranian"),
    [
        (date(2021, 3, 20), (1399, 12, 30)),
        (date(2021, 3, 21), (1400, 1, 1)),
        (date(2024, 3, 20), (1403, 1, 1)),
        (date(2025, 3, 20), (1403, 12, 30)),
        (date(2025, 3, 21), (1404, 1, 1)),
        (date(2026, 1, 12), (1404, 10, 22)),
        (date(2026, 9, 22), (1405, 6, 31)),
        (date(2026, 9, 23), (1405, 7, 1)),
        (date(2029, 3, 20), (1408, 1, 1)),
    ],
)
def test_a_date_is_converted_to_the_iranian_calendar(
    day: date, iranian: tuple[int, int, int]
) -> None:
    assert jalali(day) == iranian


@pytest.mark.parametrize("language", ["tr", "ro", "fa"])
def test_error_pages_speak_the_language_too(site: Site, language: str) -> None:
    html = site.get("/nope", headers={"Accept-Language": language}).text

    assert f'<html lang="{language}"' in html
    assert "There is no such page" not in html
