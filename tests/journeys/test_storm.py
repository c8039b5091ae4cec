"""When everything breaks at once: every ticket is stored, and whoever holds the phone can still read and answer."""

from __future__ import annotations

from sqlalchemy import func, select

from oncall import store
from oncall.tables import Page, Ticket
from tests.night import Night
from tests.world import World


def storm(world: World, count: int, *, gap: float = 0.12) -> list[int]:
    numbers = []
    for number in range(count):
        numbers.append(world.ticket(subject=f"Guests locked out {number}"))
        world.forward(seconds=gap)
    return numbers


def in_state(world: World, state: str) -> int:
    with store.reading(world.app.sessions) as session:
        counted = select(func.count()).select_from(Ticket).where(Ticket.state == state)
        return session.scalar(counted) or 0


def test_twenty_tickets_in_a_few_seconds_are_a_handful_of_texts(world: World) -> None:
    storm(world, 20)
    world.forward(seconds=50)

    texts = world.texts("ana")
    assert in_state(world, "open") == 20
    assert len(texts) <= 5
    assert "URGENT waiting" in texts[3]


def test_the_first_bundle_leaves_within_two_seconds_of_the_ticket_it_begins_with(
    world: World,
) -> None:
    storm(world, 4, gap=0)

    world.forward(seconds=1.9)

    assert len(world.texts("ana")) == 4


def test_a_bundle_says_how_many_wait_which_and_since_when(world: World) -> None:
    storm(world, 9)
    world.forward(seconds=62)

    assert world.texts("ana")[-1].startswith("9 URGENT waiting (#1 #2 #3 +6), oldest 0 min.")


def test_one_reply_takes_all_and_each_colleague_hears_of_it_once(world: World) -> None:
    storm(world, 9)
    world.forward(minutes=8)
    before = len(world.texts("maria"))

    world.reply("ana", "1")

    assert in_state(world, "acknowledged") == 9
    assert world.texts("ana")[-1].startswith("You have all 9 (#1 #2 #3 +6)")
    assert len(world.texts("maria")) == before + 1
    assert "9 tichete" in world.texts("maria")[-1]


def test_one_key_takes_all(world: World) -> None:
    storm(world, 6)
    world.forward(minutes=1)
    world.phones.decline(world.ringing("ana").id)  # type: ignore[union-attr]
    world.forward(minutes=2.5)

    said = world.press("ana", "1")

    assert said.startswith("All 6 are yours")
    assert in_state(world, "acknowledged") == 6


def test_after_one_answer_no_page_of_the_storm_leaves_any_more(world: World) -> None:
    storm(world, 9)
    world.forward(seconds=62)
    world.reply("ana", "1")
    texts, calls = len(world.texts("ana")), len(world.calls("ana"))

    world.forward(minutes=60)

    assert (len(world.texts("ana")), len(world.calls("ana"))) == (texts, calls)


def test_nobody_answers_and_the_whole_storm_climbs_as_one_ticket_would(world: World) -> None:
    storm(world, 9)

    world.forward(minutes=30)

    assert in_state(world, "open") == 9
    for person in ("ana", "maria", "bora", "omar"):
        assert 0 < len(world.texts(person)) + len(world.calls(person)) < 40, person


def test_every_page_of_a_storm_ends_as_sent_or_not_needed_any_more(world: World) -> None:
    storm(world, 8)
    world.forward(minutes=5)
    world.reply("ana", "1")
    world.forward(minutes=5)

    with store.reading(world.app.sessions) as session:
        left = session.scalars(
            select(Page.state).where(Page.state.in_(("planned", "bundled", "sending")))
        ).all()
    assert left == []


def test_a_single_taken_out_of_a_bundle_that_waits_is_not_counted(world: World) -> None:
    numbers = storm(world, 7)
    world.reply("ana", f"1 {numbers[0]}")

    world.forward(seconds=62)

    assert world.texts("ana")[-1].startswith("6 URGENT waiting (#2 #3 #4 +3)")


def test_the_text_of_a_bundle_is_found_after_a_lost_answer(night: Night) -> None:
    night.twilio.lose()
    world = night.world
    for number in range(6):
        world.ticket(subject=f"Fire {number}")
    night.twilio.fail_after_taking(world.number("ana"), times=1)

    night.forward(minutes=0.9)

    assert len(night.phone("ana").texts) == 4
    assert all(
        page.state == "accepted"
        for number in range(1, 7)
        for page in world.pages(number)
        if page.channel == "sms"
    )


def test_after_a_long_outage_each_reader_gets_what_waits_once(night: Night) -> None:
    people = ("ana", "bora", "maria", "omar")
    for person in people:
        night.twilio.refuse(night.world.number(person), 503)
    first, second = night.ticket(), night.ticket(subject="Fire")
    night.forward(minutes=45)

    for person in people:
        night.twilio.relieve(night.world.number(person))
    night.forward(minutes=2)

    heard = {p: len(night.phone(p).texts) + len(night.phone(p).calls) for p in people}
    assert all(0 < count <= 4 for count in heard.values()), heard
    assert {night.world.state(first)[0], night.world.state(second)[0]} == {"open"}


def test_when_the_call_of_a_bundle_is_over_it_is_over_for_all_who_joined_it(world: World) -> None:
    storm(world, 6)
    world.forward(minutes=1)
    world.phones.decline(world.ringing("ana").id)  # type: ignore[union-attr]
    world.forward(minutes=2.5)

    world.phones.decline(world.ringing("ana").id)  # type: ignore[union-attr]
    world.engine.run_until_quiet()

    with store.reading(world.app.sessions) as session:
        ends = session.execute(
            select(Page.bundle_id, Page.ended_at).where(
                Page.channel == "call", Page.person == "ana", Page.state == "accepted"
            )
        ).all()
    assert any(one.bundle_id for one in ends)
    assert all(one.ended_at for one in ends)
