"""My days, team days, the ledger and fairness: what the pages say, and what they refuse."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest

from tests.ledger_world import Books, local, policy_text
from tests.oncall.ledger.test_posting import without_comp_days
from tests.site import Site
from tests.world import a_world


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    """Monday 12 January, 10:00: Ana has earned 0.911 and half a day for a holiday, Bora 0.089 for a night of cover."""
    with a_world(database_url, at=local("2026-01-05 12:00")) as world:
        books = Books(world)
        books.lay("bora", "2026-01-07 18:00", "2026-01-08 09:00")
        books.go_to("2026-01-12 10:00")
        yield books


def as_person(books: Books, person: str) -> Site:
    return Site(books.world).sign_in(person)


def words(html: str) -> str:
    """What a person reads: no tags, single spaces."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_my_days_tells_the_balance_the_reason_and_the_end(books: Books) -> None:
    page = words(as_person(books, "ana").read("/days"))

    assert "You can take 1.411 days" in page
    assert "Held the phone for 153 h of the 168 h of the turn" in page
    assert "Bora Yıldız: 15 h, 0.089 days." in page
    assert "until Sun 12 Jul 2026" in page


def test_what_is_coming_is_shown_before_it_is_posted(books: Books) -> None:
    books.lay("omar", "2026-01-14 18:00", "2026-01-15 09:00")

    page = words(as_person(books, "omar").read("/days"))

    assert "+0.089 on Mon 19 Jan now" in page
    assert "0.089 for 15 h of 168 h" in page


def test_a_day_off_goes_from_asking_to_a_yes_and_back(books: Books) -> None:
    ana, maria = as_person(books, "ana"), as_person(books, "maria")

    asked = ana.send("/days/ask", form_on="/days", day="2026-01-21", length="1000", note="Skiing")
    waiting = words(maria.read("/days/team"))
    maria.send("/days/1/decide", form_on="/days/team", answer="yes")
    approved = words(ana.read("/days"))
    ana.send("/days/1/cancel", form_on="/days")

    assert asked.status_code == 302
    assert re.search(r"Ana Popescu: mie\.,? 21 ian\.", waiting)
    assert "Skiing" in waiting
    assert "Wed 21 Jan approved 1 day Maria Ionescu" in approved
    assert "You can take 1.411 days" in words(ana.read("/days"))


@pytest.mark.parametrize(
    ("day", "length", "said"),
    [
        ("2026-01-26", "1000", "The phone is held in those hours"),
        ("2026-01-13", "1000", "The first day you can ask for is Thu 15 Jan"),
        ("2026-01-24", "1000", "is no working day"),
        ("2026-01-21", "2000", "There is not enough left: 1.411 days at most."),
        ("2026-01-21", "-1000", "Please choose more than nothing."),
        ("2026-01-21", "333", "Days off come in steps of 0.5 days."),
        ("2026-01-21", "one", "That is not a number of days."),
        ("yesterday", "1000", "Please choose a day."),
    ],
)
def test_a_bad_request_is_refused_in_words_and_keeps_what_was_typed(
    books: Books, day: str, length: str, said: str
) -> None:
    ana = as_person(books, "ana")

    answer = ana.send("/days/ask", form_on="/days", day=day, length=length, note="Skiing")

    assert answer.status_code == 422
    assert said in words(answer.text)
    assert 'value="Skiing"' in answer.text


def test_nobody_answers_their_own_request_and_staff_answer_none(books: Books) -> None:
    books.ask("ana", "2026-01-21")

    for person in ("ana", "bora"):
        site = as_person(books, person)
        answer = site.send("/days/1/decide", form_on="/days", answer="yes")
        assert answer.status_code == 403


def test_the_statement_of_a_month_adds_up(books: Books) -> None:
    page = words(as_person(books, "ana").read("/days/statement?period=2026-01"))

    assert "Comp days of Ana Popescu, January 2026" in page
    assert "At the beginning 0 Earned by holding the phone +0.911" in page
    assert "Public holidays and broken nights +0.5 At the end 1.411" in page
    assert "It adds up" in page


def test_staff_read_only_their_own_statement(books: Books) -> None:
    bora, maria = as_person(books, "bora"), as_person(books, "maria")

    assert bora.get("/days/statement?person=ana").status_code == 403
    assert "1,411" in words(maria.read("/days/statement?person=ana&period=2026"))


def test_an_admin_adjusts_with_a_reason_that_the_person_reads(books: Books) -> None:
    omar = as_person(books, "omar")

    short = omar.send(
        "/days/admin/adjust", form_on="/days/admin", person="ana", days="0,25", reason="ok"
    )
    done = omar.send(
        "/days/admin/adjust",
        form_on="/days/admin",
        person="ana",
        days="0,25",
        reason="Carried servers on a Sunday",
    )

    assert (short.status_code, done.status_code) == (422, 302)
    assert "at least 10 letters" in words(short.text)
    assert "Omar Aziz: “Carried servers on a Sunday”" in words(
        as_person(books, "ana").read("/days")
    )
    assert books.balance("ana") == "1.661"


def test_nobody_writes_in_their_own_book(books: Books) -> None:
    omar = as_person(books, "omar")

    answer = omar.send(
        "/days/admin/adjust",
        form_on="/days/admin",
        person="omar",
        days="5",
        reason="I deserve it all",
    )

    assert answer.status_code == 422
    assert "Nobody writes in their own book" in words(answer.text)
    assert books.balance("omar") == "0.000"


def test_a_payout_names_rate_month_and_money(books: Books) -> None:
    omar = as_person(books, "omar")

    too_much = omar.send(
        "/days/admin/pay", form_on="/days/admin", person="ana", days="2", rate="80", month="2026-01"
    )
    omar.send(
        "/days/admin/pay",
        form_on="/days/admin",
        person="ana",
        days="1.411",
        rate="80",
        month="2026-01",
    )

    assert "There is not enough left: 1.411 days at most." in words(too_much.text)
    assert books.balance("ana") == "0.000"
    page = words(as_person(books, "ana").read("/days"))
    assert "Paid with the payroll of 2026-01: 112.88, at 80.00 a day." in page


def test_days_that_ran_out_wait_for_an_admin_who_keeps_pays_or_drops_them(books: Books) -> None:
    books.go_to("2026-07-13 10:00")
    omar = as_person(books, "omar")

    page = omar.read("/days/admin")
    lot = re.search(r'name="lot" value="([^"]+)"', page)
    assert lot is not None
    answer = omar.send(
        "/days/admin/settle", form_on="/days/admin", person="ana", lot=lot[1], then="lose"
    )

    assert "Ana Popescu: 1.411 days" in words(page)
    assert answer.status_code == 302
    assert ("expired", "-1.411") in books.lines("ana")


def test_the_file_for_payroll_has_its_columns_and_harmless_cells(books: Books) -> None:
    omar = as_person(books, "omar")
    omar.send(
        "/days/admin/adjust",
        form_on="/days/admin",
        person="ana",
        days="0.5",
        reason='=HYPERLINK("http://x")',
    )

    answer = omar.get("/days/admin/export.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert ",".join(rows[0]) == (
        "person_id,name,date,kind,days,hours,lot,expires,shift_start,shift_end,reason,rule_version,approved_by"
    )
    ana = [row for row in rows if row["person_id"] == "ana"]
    assert [(row["kind"], row["days"], row["hours"]) for row in ana] == [
        ("earned", "0.911", "7.29"),
        ("holiday", "0.500", "4.00"),
        ("adjustment", "0.500", "4.00"),
    ]
    assert ana[2]["reason"].startswith("'=")
    assert ana[2]["approved_by"] == "omar"


def test_fairness_shows_everybody_beside_the_mean(books: Books) -> None:
    page = words(as_person(books, "ana").read("/days/fairness"))

    assert "How the phone was shared in 2026" in page
    assert "Weeks Mean:" in page
    assert "Ana 0.91" in page


def test_a_statement_outlives_its_person(books: Books, database_url: str) -> None:
    gone = policy_text(
        lambda text: text.replace("[ana, bora, maria]", "[bora, maria]").replace(
            text[text.index("  ana:\n") : text.index("  bora:\n")], ""
        )
    )
    with a_world(database_url, text=gone, at=local("2026-01-13 10:00")) as world:
        page = words(Site(world).sign_in("omar").read("/days/statement?person=ana&period=2026-01"))

    assert "Comp days of Ana Popescu" in page
    assert "At the end 1.411" in page


def test_without_comp_days_there_are_no_pages_and_no_tab(database_url: str) -> None:
    with a_world(database_url, text=policy_text(without_comp_days)) as world:
        site = Site(world).sign_in("ana")

        assert site.get("/days").status_code == 404
        assert "/days" not in site.read("/")
