"""What waits for the office, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime

from oncall.tickets import Verb
from tests.world import EXAMPLE, THURSDAY_NOON, World, a_world


def test_a_normal_ticket_at_night_waits_until_the_office_opens(world: World) -> None:
    ticket = world.ticket("How do I change my address?")

    world.forward(minutes=60 * 24)
    assert [world.mails(person) for person in ("ana", "bora", "maria")] == [[], [], []]

    world.forward(minutes=60 * 31)
    assert world.clock() > datetime(2026, 1, 12, 7, tzinfo=UTC)
    assert world.minutes_of_pages(ticket) == [
        (54 * 60, "ana", "email"),
        (54 * 60, "bora", "email"),
        (54 * 60, "maria", "email"),
    ]


def test_a_normal_ticket_in_open_hours_is_mailed_at_once(database_url: str) -> None:
    with a_world(database_url, at=THURSDAY_NOON) as world:
        ticket = world.ticket("How do I change my address?")

        assert world.mails("bora") == [f"#{ticket} How do I change my address?"]
        assert world.texts("bora") == []


def test_an_urgent_ticket_in_open_hours_walks_the_office_ladder_when_there_is_one(
    database_url: str,
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace(
        "    repeat: 2",
        "    office_hours: [{ to: support, by: [sms now], wait: 10m }]\n    repeat: 2",
    )
    with a_world(database_url, text=text, at=THURSDAY_NOON) as world:
        ticket = world.ticket()
        assert sorted(page.person for page in world.pages(ticket)) == ["ana", "bora", "maria"]

        world.forward(minutes=10)
        assert len(world.pages(ticket)) == 6


def test_without_an_office_ladder_the_holder_is_woken_by_day_too(database_url: str) -> None:
    with a_world(database_url, at=THURSDAY_NOON) as world:
        world.ticket()

        assert len(world.texts("ana")) == 1
        assert world.texts("bora") == []


def test_an_empty_step_is_skipped_at_once_and_the_timeline_says_so(database_url: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("backup: previous", "backup: none")
    with a_world(database_url, text=text) as world:
        ticket = world.ticket()
        world.forward(minutes=7)

        assert ("skipped", "") in world.story(ticket)
        assert len(world.texts("bora")) == 1


def test_nobody_is_told_of_their_own_silence(database_url: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("backup: previous", "backup: none")
    with a_world(database_url, text=text) as world:
        world.ticket()
        world.forward(minutes=7)

        assert "Ana silent" not in world.texts("ana")[-1]
        assert "Ana yanitsiz" in world.texts("bora")[-1]


def test_the_policy_a_ticket_started_with_stays_with_it(database_url: str) -> None:
    with a_world(database_url) as world:
        ticket = world.ticket()
    faster = EXAMPLE.read_text(encoding="utf-8").replace("wait: 7m", "wait: 2m")
    with a_world(database_url, text=faster) as world:
        world.forward(minutes=3)

        assert world.texts("maria") == []
        newer = world.ticket()
        world.forward(minutes=2)
        assert [page.person for page in world.pages(newer) if page.kind == "alert"][-1] == "maria"
        assert all(page.person == "ana" for page in world.pages(ticket))


def test_a_normal_ticket_taken_and_passed_on_is_offered_to_the_others_again(
    database_url: str,
) -> None:
    with a_world(database_url, at=THURSDAY_NOON) as world:
        ticket = world.ticket("The printer is empty")
        before = {person: len(world.mails(person)) for person in ("ana", "bora", "maria")}
        world.act("ana", Verb.TAKE, ticket)

        world.act("ana", Verb.PASS_ON, ticket)

        after = {person: len(world.mails(person)) for person in ("ana", "bora", "maria")}
        # One mail each that Ana has it, one that asks again; nobody asks Ana.
        assert after == {"ana": 1, "bora": before["bora"] + 2, "maria": before["maria"] + 2}


def test_a_normal_ticket_that_everybody_passed_on_is_told_to_those_who_are_told_last(
    database_url: str,
) -> None:
    with a_world(database_url, at=THURSDAY_NOON) as world:
        ticket = world.ticket("The printer is empty")

        for person in ("ana", "bora", "maria", "omar", "omar"):
            world.act(person, Verb.PASS_ON, ticket)

        assert world.texts("omar")[0].startswith(f"NOBODY TOOK #{ticket}")
        assert world.state(ticket) == ("open", None)


def test_a_normal_ticket_that_reaches_nobody_may_be_passed_on_and_the_engine_runs_on(
    database_url: str,
) -> None:
    left = EXAMPLE.read_text(encoding="utf-8").replace(
        "name: Bora Yıldız", 'name: Bora Yıldız\n    until: "2026-01-06"'
    )
    left = left.replace("{ to: support, by: [email now] }", "{ to: bora }")
    with a_world(database_url, text=left, at=THURSDAY_NOON) as world:
        ticket = world.ticket("The printer is empty")

        for _ in range(3):
            world.act("omar", Verb.PASS_ON, ticket)

        told = [text for text in world.texts("omar") if text.startswith("NOBODY TOOK")]
        assert len(told) == 4
