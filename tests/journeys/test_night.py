"""One urgent ticket on a Saturday night, from the first text to the last step of the ladder."""

from __future__ import annotations

import re

import pytest

from oncall.tickets import Result, Verb
from tests.world import EXAMPLE, World, a_world


def test_an_urgent_ticket_wakes_the_holder_at_once(world: World) -> None:
    ticket = world.ticket(customer_name="Hotel Astoria", customer_phone="+12025550111")

    [text] = world.texts("ana")
    assert text.startswith(f"URGENT #{ticket} Hotel Astoria: Door system down, guests locked out.")
    assert "Caller +12025550111" in text
    assert "Next: Maria 03:07" in text
    assert "/a/" in text.split()[-1]


def test_unanswered_it_climbs_from_holder_to_backup_to_team_to_admin(world: World) -> None:
    ticket = world.ticket()

    world.forward(minutes=16.5)

    assert world.minutes_of_pages(ticket)[:13] == [
        (0, "ana", "sms"),
        (1, "ana", "call"),
        (3, "ana", "call"),
        (7, "maria", "sms"),
        (8, "maria", "call"),
        (10, "maria", "call"),
        (12, "ana", "sms"),
        (12, "bora", "sms"),
        (12, "maria", "sms"),
        (13, "ana", "call"),
        (13, "bora", "call"),
        (13, "maria", "call"),
        (15, "ana", "call"),
    ]
    assert (15, "omar", "sms") in world.minutes_of_pages(ticket)


def test_nobody_answering_tells_the_admin_after_two_rounds_and_never_ends(world: World) -> None:
    ticket = world.ticket()

    world.forward(minutes=41)
    assert [text for text in world.texts("omar") if text.startswith("NOBODY TOOK")] == [
        text for text in world.texts("omar") if f"#{ticket} in 40 min" in text
    ]
    assert ("nobody", "") in world.story(ticket)

    world.forward(minutes=80)
    assert [kind for kind, _ in world.story(ticket)].count("nobody") == 3
    assert world.state(ticket) == ("open", None)


def test_pressing_one_takes_the_ticket_and_stops_the_ladder(world: World) -> None:
    ticket = world.ticket(customer_phone="+12025550111")
    world.forward(minutes=1)

    said = world.press("ana", "1")
    pages = len(world.pages(ticket))
    world.forward(minutes=60)

    assert said.startswith("It is yours. The caller's number is + 1 2 0 2")
    assert world.state(ticket) == ("acknowledged", "ana")
    assert [page.person for page in world.pages(ticket)[pages:]] == []
    assert world.texts("ana")[-1].startswith(f"You have #{ticket} (03:01).")
    assert world.texts("maria") == []


def test_when_the_backup_takes_it_the_holder_is_told_to_sleep(world: World) -> None:
    ticket = world.ticket()
    world.forward(minutes=8)

    world.press("maria", "1")

    assert (
        world.texts("ana")[-1]
        == f"#{ticket} taken by Maria 03:08. Nothing for you to do. Sleep well."
    )


def test_a_ringing_call_is_hung_up_when_a_colleague_takes_the_ticket(world: World) -> None:
    ticket = world.ticket()
    world.forward(minutes=13)
    assert all(world.ringing(person) for person in ("ana", "bora", "maria"))

    world.press("bora", "1")

    assert world.ringing("ana") is None
    assert world.ringing("maria") is None
    assert world.calls("ana")[-1].ended == "cancelled"
    assert world.state(ticket) == ("acknowledged", "bora")


def test_a_voicemail_that_takes_the_call_takes_nothing(world: World) -> None:
    ticket = world.ticket()
    world.forward(minutes=1)
    call = world.ringing("ana")
    assert call is not None

    world.phones.answer(call.id)
    world.phones.hang_up(call.id)
    world.forward(minutes=7)

    assert world.state(ticket) == ("open", None)
    assert world.texts("maria")[0].startswith(f"URGENT #{ticket}, Ana tace.")


def test_whoever_presses_second_hears_who_was_first(world: World) -> None:
    world.ticket()
    world.forward(minutes=13)
    ana = world.ringing("ana")
    assert ana is not None
    world.phones.answer(ana.id)
    world.press("bora", "1")

    said = world.press("ana", "1")

    assert said == "Bora took this at 03:13. Go back to sleep."


def test_pressing_zero_says_it_again_and_takes_nothing(world: World) -> None:
    ticket = world.ticket()
    world.forward(minutes=1)

    said = world.press("ana", "0")

    assert said.startswith("Hello Ana, Acme emergency phone. Urgent.")
    assert world.state(ticket) == ("open", None)


def test_passing_on_wakes_the_next_person_at_once(world: World) -> None:
    ticket = world.ticket()
    world.forward(minutes=1)

    said = world.press("ana", "2")

    assert said == "Passed on to Maria. Goodbye."
    assert world.texts("maria")[0].startswith(f"URGENT #{ticket} de la Ana.")
    world.forward(minutes=4)
    assert len(world.calls("ana")) == 1


def test_whoever_passes_on_at_the_end_of_the_ladder_is_not_asked_again_at_once(
    database_url: str,
) -> None:
    alone = EXAMPLE.read_text(encoding="utf-8")
    for step in (".backup, wait: 5m", "support, wait: 3m", "omar, wait: 5m"):
        alone = re.sub(rf"      - {{ to: \S*{step} }}.*\n", "", alone)
    with a_world(database_url, text=alone) as world:
        ticket = world.ticket()

        world.act("ana", Verb.PASS_ON, ticket)

        assert len(world.texts("ana")) == 1
        world.forward(minutes=2)
        assert len(world.texts("ana")) == 2


def test_a_ticket_taken_and_then_passed_on_goes_on_climbing(world: World) -> None:
    ticket = world.ticket()
    world.reply("ana", "1")

    world.reply("ana", "2")

    assert world.state(ticket) == ("open", None)
    assert len(world.texts("maria")) == 1


@pytest.mark.parametrize(
    "word",
    [
        "1",
        " 1. ",
        '"1"',
        "۱",
        "4",
        "ok",
        "OK",
        "evet",
        "Da",
        "بله",
        "yes",
        "1 please",
        "I take it",
        "on it",
        "#1 1",
    ],
)
def test_a_reply_takes_the_ticket_in_any_of_the_usual_words(world: World, word: str) -> None:
    ticket = world.ticket()

    world.reply("ana", word)

    assert world.state(ticket) == ("acknowledged", "ana")


def test_three_marks_it_solved(world: World) -> None:
    ticket = world.ticket()
    world.reply("ana", "1")

    world.reply("ana", "3")

    assert world.state(ticket) == ("resolved", "ana")
    assert world.texts("ana")[-1] == f"#{ticket} is solved. Thank you."


def test_a_reply_that_names_a_ticket_means_that_one(world: World) -> None:
    first = world.ticket("guests locked out, first")
    second = world.ticket("guests locked out, second")

    world.reply("ana", f"1 #{first}")

    assert world.state(first) == ("acknowledged", "ana")
    assert world.state(second) == ("open", None)


def test_an_unknown_word_gets_help_five_times_in_a_row_and_then_silence(world: World) -> None:
    world.ticket()

    for _ in range(8):
        world.reply("ana", "what is this about?")

    helps = [text for text in world.texts("ana") if "not understood" in text]
    assert len(helps) == 5
    world.reply("ana", "1")
    world.reply("ana", "hm?")
    assert len([text for text in world.texts("ana") if "not understood" in text]) == 6


def test_a_text_that_the_provider_repeats_counts_once(world: World) -> None:
    ticket = world.ticket()
    number = world.number("ana")

    world.reply_from(number, "1", "SM1")
    world.reply_from(number, "1", "SM1")

    assert [kind for kind, _ in world.story(ticket)].count("reply") == 1


def test_a_stranger_cannot_take_a_ticket_by_text(world: World) -> None:
    ticket = world.ticket()

    world.reply_from("+12025550199", "1")

    assert world.state(ticket) == ("open", None)


def test_taking_on_the_page_is_told_to_the_others_too(world: World) -> None:
    ticket = world.ticket()

    outcome = world.act("bora", Verb.TAKE, ticket)

    assert outcome.result is Result.DONE
    assert world.texts("ana")[-1].startswith(f"#{ticket} taken by Bora")


def test_only_one_of_two_people_gets_the_ticket(world: World) -> None:
    ticket = world.ticket()
    world.act("ana", Verb.TAKE, ticket)

    late = world.act("bora", Verb.TAKE, ticket)

    assert (late.result, late.owner) == (Result.TAKEN_BY_OTHER, "ana")


@pytest.mark.parametrize(
    "words",
    ["not me", "1 or 2?", "I can't take it", "please 2 3", "what is this about, I was asleep"],
)
def test_a_text_that_denies_or_means_two_things_moves_nothing_and_stands_in_the_story(
    world: World, words: str
) -> None:
    ticket = world.ticket()

    world.reply("ana", words)

    assert world.state(ticket) == ("open", None)
    assert "not understood" in world.texts("ana")[-1]
    assert ("reply", "ana") in world.story(ticket)


def test_one_phone_is_rung_by_one_call_at_a_time(world: World) -> None:
    first = world.ticket("guests locked out, first")
    world.ticket("guests locked out, second")
    world.forward(minutes=1)
    assert [call.state for call in world.calls("ana")] == ["ringing"]

    world.forward(seconds=40)

    assert [call.state for call in world.calls("ana")] == ["ended", "ringing"]
    assert world.press("ana", "2").startswith("Passed on")
    assert world.state(first) == ("open", None)


def test_what_decided_a_ticket_stays_written_on_its_page(world: World) -> None:
    ticket = world.ticket()
    world.reply("ana", "1")
    world.reply("ana", "3")

    for late in ("2", "Take", "۱"):
        world.reply("ana", late)

    assert [page.answered for page in world.pages(ticket) if page.answered] == ["1", "3"]


def test_whoever_has_a_ticket_is_told_when_a_colleague_solves_it(world: World) -> None:
    ticket = world.ticket()
    world.reply("ana", "1")

    world.act("maria", Verb.RESOLVE, ticket)

    assert world.texts("ana")[-1] == f"#{ticket} is already solved. Nothing for you to do."
