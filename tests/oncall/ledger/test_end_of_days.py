"""Days run out with a warning in time; what then happens to them is the policy's word, or an admin's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from oncall import store
from oncall.errors import NotAllowed
from oncall.ledger import acts, expiring
from oncall.ledger.acts import Payout
from oncall.ledger.asking import Refusal, Refused
from tests.ledger_world import Books, local, policy_text
from tests.world import a_world


@contextmanager
def company(
    folder: Path, change: Callable[[str], str] = lambda text: text, at: str = "2026-01-05 12:00"
) -> Iterator[Books]:
    url = f"sqlite:///{folder / 'oncall.db'}"
    with a_world(url, text=policy_text(change), at=local(at)) as world:
        yield Books(world)


def ends(then: str) -> Callable[[str], str]:
    return lambda text: text.replace("then: ask_admin }", f"then: {then} }}")


def test_days_that_will_run_out_are_announced_twice(tmp_path: Path) -> None:
    with company(tmp_path) as books:
        books.go_to("2026-01-12 09:01")
        before = len(books.world.texts("ana"))

        # They last until 12 July: 60 days before is 13 May, 14 days before is 28 June.
        for day in ("2026-05-12", "2026-05-13", "2026-05-14", "2026-06-28", "2026-06-29"):
            books.go_to(f"{day} 09:00")
            books.world.forward(minutes=2)

        told = [text for text in books.world.texts("ana")[before:] if "run out" in text]
        assert told[0].startswith("1.5 of your comp days run out on Sun 12 Jul.")
        assert sum("Sun 12 Jul" in text for text in told) == 2


@pytest.mark.parametrize(
    ("then", "line"), [("lose", ("expired", "-1.500")), ("pay", ("paid", "-1.500"))]
)
def test_the_day_after_the_last_they_are_settled_as_the_policy_says(
    tmp_path: Path, then: str, line: tuple[str, str]
) -> None:
    with company(tmp_path, ends(then)) as books:
        books.go_to("2026-01-12 09:01")
        books.go_to("2026-07-12 23:00")
        on_the_day = books.lines("ana")
        books.go_to("2026-07-13 09:00")

        assert line not in on_the_day
        assert line in books.lines("ana")


def test_kept_days_move_into_a_lot_of_their_own_and_the_sum_stays(tmp_path: Path) -> None:
    with company(tmp_path, ends("keep")) as books:
        books.go_to("2026-01-12 09:01")
        books.go_to("2026-07-13 09:00")

        carried = [entry for entry in books.entries("ana") if entry.kind.value == "carried"]
        assert [entry.amount for entry in carried] == [-1500, 1500]
        assert carried[1].expires is not None
        assert carried[1].expires.isoformat() == "2027-01-13"


def test_an_admin_is_asked_once_and_nothing_happens_until_they_answer(tmp_path: Path) -> None:
    with company(tmp_path) as books:
        books.go_to("2026-01-12 09:01")
        for day in ("2026-07-13", "2026-07-14"):
            books.go_to(f"{day} 09:00")
            books.world.forward(minutes=2)
        asked = [text for text in books.world.texts("omar") if text.startswith("Ana Popescu: 1.5")]

        with store.reading(books.world.app.sessions) as session:
            [ended] = [
                one
                for one in expiring.preview(session, books.world.app, books.world.clock())
                if one.person == "ana"
            ]

        assert len(asked) == 1
        assert (ended.amount, ended.ended_on.isoformat()) == (1500, "2026-07-12")
        settled = ("expired", "paid", "carried")
        assert [line for line in books.lines("ana") if line[0] in settled] == []


def test_at_the_turn_of_the_year_what_is_beyond_the_carry_over_goes(tmp_path: Path) -> None:
    def carry(text: str) -> str:
        text = text.replace("# carry_over: 3 ", "carry_over: 1 ")
        text = text.replace("# carry_over_until:", "carry_over_until:")
        return ends("lose")(text)

    with company(tmp_path, carry, at="2026-10-05 12:00") as books:
        books.go_to("2026-12-31 20:00")
        balance = Decimal(books.balance("ana"))
        books.go_to("2027-01-01 09:00")

        assert balance > 1
        assert books.balance("ana") == "1.000"
        last = {entry.expires for entry in books.entries("ana") if entry.amount > 0}
        assert max(str(day) for day in last) <= "2027-03-31"


def test_a_balance_above_the_ceiling_is_said_to_both_and_goes_on_earning(tmp_path: Path) -> None:
    with company(
        tmp_path, lambda text: text.replace("highest_balance: 6", "highest_balance: 1")
    ) as books:
        books.go_to("2026-01-12 09:01")
        books.go_to("2026-01-13 09:00")
        books.world.forward(minutes=2)

        assert "You have 1.5 comp days, more than 1." in books.world.texts("ana")[-1]
        assert "Ana are 1,5 zile libere" in books.world.texts("maria")[-1]
        books.go_to("2026-02-02 09:01")
        assert books.balance("ana") == "2.500"


def test_a_leaver_is_paid_by_an_admin_and_never_by_themselves(tmp_path: Path) -> None:
    with company(tmp_path) as books:
        books.go_to("2026-01-12 09:01")
        app, now = books.world.app, books.world.clock()

        with app.sessions.begin() as session:
            payout = Payout(1411, Decimal(80), "2026-02")
            money = acts.pay_out(session, app, "ana", payout, by="omar", now=now)
        with pytest.raises(NotAllowed), app.sessions.begin() as session:
            acts.pay_out(session, app, "omar", payout, by="omar", now=now)
        with pytest.raises(NotAllowed), app.sessions.begin() as session:
            acts.adjust(session, app, "ana", 1000, reason="Because I can", by="maria", now=now)

        assert money == Decimal("112.88")
        assert books.balance("ana") == "0.089"


@pytest.mark.parametrize(
    ("payout", "why"),
    [
        (Payout(0, Decimal(80), "2026-02"), Refusal.NOT_POSITIVE),
        (Payout(1000, Decimal(0), "2026-02"), Refusal.NO_RATE),
        (Payout(1000, Decimal("0.001"), "2026-02"), Refusal.NO_RATE),
        (Payout(1000, Decimal(80), "soon"), Refusal.NO_MONTH),
        (Payout(9000, Decimal(80), "2026-02"), Refusal.TOO_FEW_DAYS),
    ],
)
def test_a_payout_that_makes_no_sense_is_refused(
    tmp_path: Path, payout: Payout, why: Refusal
) -> None:
    with company(tmp_path) as books:
        books.go_to("2026-01-12 09:01")
        app = books.world.app

        with pytest.raises(Refused) as caught, app.sessions.begin() as session:
            acts.pay_out(session, app, "ana", payout, by="omar", now=books.world.clock())

        assert caught.value.why is why


def test_after_a_broken_night_the_person_starts_late_and_the_lead_knows(tmp_path: Path) -> None:
    with company(tmp_path, at="2026-01-05 12:00") as books:
        books.go_to("2026-01-08 02:09")
        ticket = books.world.ticket()
        books.world.forward(minutes=1)
        books.world.press("ana", "1")
        books.go_to("2026-01-08 03:50")
        books.world.reply("ana", "3")
        books.world.forward(minutes=2)
        books.world.forward(minutes=1)
        at_once = books.world.texts("ana")[-1]
        books.go_to("2026-01-08 08:30")

        assert books.world.state(ticket)[0] == "resolved"
        assert "start work at Thu 8 Jan 14:50, not earlier" in at_once
        assert "14:50" in books.world.texts("maria")[-1]
        assert books.balance("ana") == "0.000"
