"""Times as people read them: in their own zone, relative and absolute, never promising more than there is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.site import Site
from web import filters


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(seconds=47), "in 47 seconds"),
        (timedelta(minutes=5, seconds=58), "in 6 minutes"),
        (timedelta(minutes=6), "in 6 minutes"),
        (timedelta(hours=2, minutes=59), "in 2 hours"),
        (timedelta(days=2, hours=6), "in 2 days"),
        (-timedelta(minutes=5, seconds=58), "5 minutes ago"),
        (-timedelta(hours=25), "1 day ago"),
    ],
)
def test_a_distance_is_told_in_its_largest_whole_unit(
    site: Site, away: timedelta, words: str
) -> None:
    with site.app.test_request_context():
        assert filters.until(site.world.clock() + away) == words


def test_waiting_is_rounded_down(site: Site) -> None:
    with site.app.test_request_context():
        assert filters.span(site.world.clock() - timedelta(minutes=5, seconds=58)) == "5 minutes"


def test_a_pause_is_never_told_shorter_than_it_is(site: Site) -> None:
    with site.app.test_request_context():
        assert filters.duration(timedelta(seconds=4, milliseconds=1)) == "5 seconds"


def test_today_needs_no_date_and_another_day_does(site: Site) -> None:
    with site.app.test_request_context():
        today = filters.moment(site.world.clock() + timedelta(minutes=7)).striptags()
        monday = filters.moment(site.world.clock() + timedelta(days=2)).striptags()

    assert today == "03:07"
    assert monday == "Mon 12 Jan 03:00"


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("en", "Sat 10 Jan"),
        ("tr", "10 Oca Cmt"),
        ("ro", "sâm., 10 ian."),
        ("fa", "شنبه ۱۰ ژانویه (۲۰ دی)"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(site: Site, language: str, date: str) -> None:
    with site.app.test_request_context(headers={"Accept-Language": language}):
        assert filters.day(site.world.clock()).striptags() == date


@pytest.mark.parametrize(
    ("name", "short"),
    [("Ana Popescu", "AP"), ("Omar", "O"), ("Anna Maria de la Cruz", "AC"), ("علی رضایی", "عر")],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name: str, short: str) -> None:
    assert filters.initials(name) == short


def test_only_our_own_addresses_become_links(site: Site) -> None:
    with site.app.test_request_context():
        html = filters.with_links(
            "<b> see http://127.0.0.1:8080/a/Abc and http://evil.example/a/Abc"
        )

    assert html.count("<a ") == 1
    assert 'href="/a/Abc"' in html
    assert "&lt;b&gt;" in html
