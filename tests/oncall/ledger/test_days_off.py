"""Days off are asked for, reserved, decided by somebody else, taken; what cannot be had is refused with its reason."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from oncall import rota, store
from oncall.errors import NotAllowed
from oncall.ledger.asking import Refusal, Refused
from tests.ledger_world import Books, local, policy_text
from tests.world import a_world

WEDNESDAY = "2026-01-21"
"""Maria holds that week; Ana and Bora are free."""


def ready(books: Books) -> Books:
    """Ana has earned 1.5, Bora holds: Monday 12 January, 10:00."""
    books.go_to("2026-01-12 10:00")
    return books


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    with a_world(database_url, at=local("2026-01-05 12:00")) as world:
        yield ready(Books(world))


@pytest.fixture
def anywhere(any_database_url: str) -> Iterator[Books]:
    with a_world(any_database_url, at=local("2026-01-05 12:00")) as world:
        yield ready(Books(world))


def leave_of(books: Books, person: str) -> list[tuple[str, str]]:
    now = books.world.clock()
    with store.reading(books.world.app.sessions) as session:
        found = rota.leaves(session, now, now + timedelta(days=90), person)
    return [(one.kind, one.start.isoformat()) for one in found]


def test_a_request_reserves_and_the_leads_yes_makes_it_leave(books: Books) -> None:
    request = books.ask("ana", WEDNESDAY)
    reserved = books.available("ana")

    books.decide(request, "maria")
    books.world.forward(minutes=1)

    assert (reserved, books.balance("ana")) == ("0.500", "1.500")
    assert leave_of(books, "ana") == [("comp_day", "2026-01-20T22:00:00+00:00")]
    assert books.world.texts("maria")[-1].startswith("Ana cere liber: mie. 21 ian. (1)")
    assert books.world.texts("ana")[-1] == (
        "Your day off Wed 21 Jan is approved. Balance after: 0.5 days."
    )


def test_the_day_leaves_the_balance_when_it_begins(books: Books) -> None:
    request = books.ask("ana", WEDNESDAY)
    books.decide(request, "maria")

    books.go_to("2026-01-21 00:01")

    assert books.lines("ana")[-1] == ("taken", "-1.000")
    assert books.request(request).state == "taken"
    assert (books.balance("ana"), books.available("ana")) == ("0.500", "0.500")


def test_silence_is_a_yes_after_three_days_and_the_lead_reads_so(books: Books) -> None:
    request = books.ask("ana", WEDNESDAY)

    books.go_to("2026-01-15 09:59")
    waiting = books.request(request).state
    books.go_to("2026-01-15 10:01")
    books.world.forward(minutes=1)

    assert (waiting, books.request(request).state) == ("asked", "approved")
    assert "nimeni nu a raspuns" in sms(books, "maria")


def test_silence_is_a_yes_half_way_when_the_day_off_is_near(books: Books) -> None:
    request = books.ask("ana", "2026-01-15")

    assert request.decide_at == local("2026-01-13 17:00")


def test_a_no_gives_the_days_back_and_says_why(books: Books) -> None:
    request = books.ask("ana", WEDNESDAY)

    books.decide(request, "maria", yes=False, why="We move office that day.")
    books.world.forward(minutes=1)

    assert books.available("ana") == "1.500"
    assert "We move office that day" in books.world.texts("ana")[-1]


def test_nobody_decides_their_own_and_staff_decide_nobodys(books: Books) -> None:
    request = books.ask("ana", WEDNESDAY)

    for who in ("ana", "bora", "nobody"):
        with pytest.raises(NotAllowed):
            books.decide(request, who)

    assert books.request(request).state == "asked"


def test_a_leads_request_goes_to_the_admin_when_there_is_no_other_lead(books: Books) -> None:
    books.go_to("2026-01-26 10:00")
    request = books.ask("maria", "2026-02-04")
    books.world.forward(minutes=1)

    assert books.world.texts("omar")[-1].startswith("Maria asks for a day off")
    assert books.decide(request, "omar").state == "approved"


def test_alone_a_request_waits_and_is_never_a_silent_yes(database_url: str) -> None:
    alone = policy_text(
        lambda text: (
            text.replace("    role: lead\n", "")
            .replace("    role: admin\n", "")
            .replace(", lead: maria }", " }")
        )
    )
    with a_world(database_url, text=alone, at=local("2026-01-05 12:00")) as world:
        books = ready(Books(world))
        request = books.ask("ana", WEDNESDAY)
        books.go_to("2026-01-20 23:00")
        waiting = books.request(request)
        books.go_to("2026-01-21 08:01")
        world.forward(minutes=1)

        assert (waiting.state, waiting.decide_at) == ("asked", None)
        assert books.request(request).state == "lapsed"
        assert (books.balance("ana"), books.available("ana")) == ("1.500", "1.500")
        assert "Nobody decided about your day off" in world.texts("ana")[-1]


def test_until_it_begins_a_day_off_can_be_cancelled_and_then_not(books: Books) -> None:
    request = books.ask("ana", WEDNESDAY)
    books.decide(request, "maria")
    with pytest.raises(NotAllowed):
        books.cancel(request, "bora")

    books.cancel(request, "ana")

    assert books.available("ana") == "1.500"
    assert leave_of(books, "ana") == []
    again = books.ask("ana", WEDNESDAY)
    books.decide(again, "maria")
    books.go_to("2026-01-21 00:01")
    assert books.cancel(again, "ana").state == "taken"


@pytest.mark.parametrize(
    ("day", "amount", "half", "why"),
    [
        (WEDNESDAY, 0, "", Refusal.NOT_POSITIVE),
        (WEDNESDAY, -1000, "", Refusal.NOT_POSITIVE),
        (WEDNESDAY, 250, "", Refusal.NOT_A_STEP),
        (WEDNESDAY, 10**9, "", Refusal.TOO_LONG),
        (WEDNESDAY, 500, "", Refusal.HALF_MISSING),
        (WEDNESDAY, 2000, "", Refusal.TOO_FEW_DAYS),
        ("2026-01-12", 1000, "", Refusal.PAST),
        ("2025-11-05", 1000, "", Refusal.PAST),
        ("2026-01-14", 1000, "", Refusal.TOO_SOON),
        ("2027-03-03", 1000, "", Refusal.TOO_FAR),
        ("2026-01-24", 1000, "", Refusal.NO_WORKDAY),
        ("2026-05-01", 1000, "", Refusal.NO_WORKDAY),
        ("2026-01-28", 1000, "", Refusal.ON_DUTY),
        ("2026-08-12", 1000, "", Refusal.RUNS_OUT_BEFORE),
    ],
)
def test_what_cannot_be_had_is_refused_with_its_reason(
    books: Books, day: str, amount: int, half: str, why: Refusal
) -> None:
    refused = books.refusal("ana", day, amount, half)

    assert refused.why is why
    assert books.available("ana") == "1.500"


def test_the_first_day_that_can_be_asked_for_is_named(books: Books) -> None:
    assert books.refusal("ana", "2026-01-14").day == date(2026, 1, 15)


def test_a_day_that_was_asked_for_already_is_refused(books: Books) -> None:
    books.ask("ana", WEDNESDAY, 500, "morning")

    assert books.refusal("ana", WEDNESDAY).why is Refusal.ALREADY_OFF


def test_two_halves_of_one_day_are_two_requests(books: Books) -> None:
    books.ask("ana", WEDNESDAY, 500, "morning")

    books.ask("ana", WEDNESDAY, 500, "afternoon")

    assert books.available("ana") == "0.500"


def test_a_day_and_a_half_ends_at_noon_or_begins_there(books: Books) -> None:
    morning = books.ask("ana", "2026-01-22", 1500, "morning")
    books.cancel(morning, "ana")
    afternoon = books.ask("ana", "2026-01-22", 1500, "afternoon")

    assert (morning.start, morning.end) == (local("2026-01-22 00:00"), local("2026-01-23 13:00"))
    assert (afternoon.start, afternoon.end) == (
        local("2026-01-22 13:00"),
        local("2026-01-24 00:00"),
    )


def test_days_off_step_over_the_weekend(books: Books) -> None:
    assert books.ask("ana", "2026-01-23", 500, "morning").last == date(2026, 1, 23)
    books.go_to("2026-02-09 09:01")

    assert books.ask("bora", "2026-02-13", 1500, "morning").last == date(2026, 2, 16)


def test_somebody_of_the_rotation_stays(books: Books) -> None:
    now = books.world.clock()
    with books.world.app.sessions.begin() as session:
        for person in ("bora", "maria"):
            hours = (local("2026-02-11 00:00"), local("2026-02-12 00:00"))
            rota.add_leave(session, person, hours, actor=person, now=now)

    refused = books.refusal("ana", "2026-02-11", 500, "morning")

    assert (refused.why, refused.names) == (Refusal.NOBODY_LEFT, ("bora", "maria"))


def test_a_yes_is_refused_when_the_person_holds_the_phone_by_then(books: Books) -> None:
    request = books.ask("ana", WEDNESDAY)
    books.lay("ana", "2026-01-21 18:00", "2026-01-22 09:00")

    with pytest.raises(Refused) as caught:
        books.decide(request, "maria")

    assert caught.value.why is Refusal.ON_DUTY
    assert books.request(request).state == "asked"


def test_of_two_requests_for_the_same_half_day_one_wins(anywhere: Books) -> None:
    anywhere.ask("ana", WEDNESDAY)
    came_to: list[str] = []
    start = threading.Barrier(2)

    def ask(day: str) -> None:
        start.wait()
        try:
            anywhere.ask("ana", day, 500, "morning")
        except Refused as refused:
            came_to.append(refused.why.value)
        else:
            came_to.append("granted")

    threads = [threading.Thread(target=ask, args=(day,)) for day in ("2026-02-11", "2026-02-12")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(came_to) == ["granted", "too_few_days"]
    assert anywhere.available("ana") == "0.000"


def test_a_day_ahead_needs_a_published_week(database_url: str) -> None:
    ahead = policy_text(lambda text: text.replace("# lowest_balance: 0 ", "lowest_balance: -1 "))
    with a_world(database_url, text=ahead, at=local("2026-01-05 12:00")) as world:
        books = ready(Books(world))

        assert books.refusal("ana", WEDNESDAY, 2000).why is Refusal.NO_WEEK_AHEAD
        assert books.refusal("ana", WEDNESDAY, 3000).why is Refusal.TOO_FEW_DAYS


def sms(books: Books, person: str) -> str:
    return "\n".join(books.world.texts(person))
