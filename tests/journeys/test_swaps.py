"""Hours change hands: covers, trades, taking over; by a named yes, told to everybody, and undone if need be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from oncall import chores, rota
from oncall.errors import Conflict
from oncall.example import example_policy
from oncall.roster import Roster, Span
from oncall.swaps import answering, asking, takeover
from oncall.swaps.answering import Overtaken
from oncall.swaps.asking import Question, Refused
from oncall.swaps.rules import Take
from oncall.tables import ShiftRequest
from rotations.schedule import Shift
from tests.world import World, a_world

PHONE = "emergency-phone"
HOUR = timedelta(hours=1)


def roster(world: World) -> Roster:
    with world.app.sessions() as session:
        return rota.roster_at(session, world.app.shelf.current)


def holder(world: World, at: datetime) -> str:
    shift = roster(world).holder_at(PHONE, at)
    assert shift is not None
    return shift.person


def next_week_of(world: World, person: str) -> Span:
    shift = roster(world).next_shift_of(person, world.clock())
    assert shift is not None
    return (shift.start, shift.end)


def ask(world: World, asker: str, *give: Span, by: str | None = None, **more: object) -> int:
    question = Question(PHONE, asker, give, **more)  # type: ignore[arg-type]
    with world.app.sessions.begin() as session:
        number = asking.ask(session, world.app, question, by=by or asker, now=world.clock())
    world.engine.run_until_quiet()
    return number


def say_yes(world: World, number: int, person: str, choice: int = 0) -> str:
    with world.app.sessions.begin() as session:
        state = answering.accept(
            session, world.app, number, person=person, now=world.clock(), choice=choice
        )
    world.engine.run_until_quiet()
    return state


def say_no(world: World, number: int, person: str) -> None:
    with world.app.sessions.begin() as session:
        answering.decline(session, world.app, number, person=person, now=world.clock())
    world.engine.run_until_quiet()


def state_of(world: World, number: int) -> str:
    with world.app.sessions() as session:
        return session.get_one(ShiftRequest, number).state


def by_day(world: World) -> World:
    """The same Saturday at noon: nobody is asleep."""
    world.forward(minutes=9 * 60)
    return world


def test_a_whole_week_changes_hands_with_the_first_yes(world: World) -> None:
    by_day(world)
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    [question] = world.texts("ana")
    assert question.startswith("Bora asks: hold the phone Mon 12 Jan 09:00 to Mon 19 Jan 09:00?")
    assert "/s/" in question
    assert holder(world, week[0]) == "bora", "you hold it until someone has said yes"

    assert say_yes(world, number, "maria") == "done"

    assert {holder(world, week[0]), holder(world, week[1] - HOUR)} == {"maria"}
    assert any("telefonu Maria tasiyor" in text for text in world.texts("bora"))
    assert world.texts("ana")[-1].startswith("Solved: Maria took the phone of Bora Mon 12 Jan")


def test_whoever_comes_second_is_told_kindly_and_nothing_moves(world: World) -> None:
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    say_yes(world, number, "maria")

    with pytest.raises(Overtaken) as refusal:
        say_yes(world, number, "ana")

    assert (refusal.value.state, refusal.value.taker) == ("done", "maria")
    assert holder(world, week[0]) == "maria"


def test_one_evening_is_covered_and_the_rest_of_the_week_stays(world: World) -> None:
    week = next_week_of(world, "bora")
    evening = (week[0] + 57 * HOUR, week[0] + 72 * HOUR)
    number = ask(world, "bora", evening)

    say_yes(world, number, "ana")

    assert holder(world, evening[0] - HOUR) == "bora"
    assert holder(world, evening[0]) == holder(world, evening[1] - HOUR) == "ana"
    assert holder(world, evening[1]) == "bora"


def test_at_night_a_question_waits_for_the_morning(world: World) -> None:
    ask(world, "bora", next_week_of(world, "bora"))
    assert world.texts("maria") == []

    world.forward(minutes=5 * 60 + 1)

    assert len(world.texts("maria")) == 1


def test_when_everybody_says_no_the_asker_hears_that_it_is_still_theirs(world: World) -> None:
    number = ask(world, "maria", next_week_of(world, "maria"))
    say_no(world, number, "ana")
    assert state_of(world, number) == "open"

    say_no(world, number, "bora")

    assert state_of(world, number) == "declined"
    assert any("Telefonul ramane la tine" in text for text in world.texts("maria"))


def test_a_question_nobody_answers_expires_and_the_lead_hears_of_it(world: World) -> None:
    week = next_week_of(world, "bora")
    number = ask(world, "bora", (week[0] + 96 * HOUR, week[1]))

    world.forward(minutes=72 * 60)
    chores.run(world.app)
    world.engine.run_until_quiet()

    assert state_of(world, number) == "expired"
    assert any("Bora nu a gasit inlocuitor" in text for text in world.texts("maria"))
    with pytest.raises(Overtaken):
        say_yes(world, number, "ana")


def test_a_part_is_offered_and_the_asker_takes_it(world: World) -> None:
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    part = (week[0], week[0] + 48 * HOUR)
    with world.app.sessions.begin() as session:
        answering.offer_part(session, world.app, number, part, person="ana", now=world.clock())
    assert holder(world, week[0]) == "bora"

    with world.app.sessions.begin() as session:
        answering.accept_part(
            session, world.app, number, person="ana", by="bora", now=world.clock()
        )

    assert holder(world, part[1] - HOUR) == "ana"
    assert holder(world, part[1]) == "bora"


def test_a_part_that_is_too_small_is_refused_with_the_least(world: World) -> None:
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)

    with (
        pytest.raises(Conflict, match="at least 4 hours"),
        world.app.sessions.begin() as session,
    ):
        answering.offer_part(
            session,
            world.app,
            number,
            (week[0], week[0] + 2 * HOUR),
            person="ana",
            now=world.clock(),
        )


def test_two_weeks_are_traded(world: World) -> None:
    mine, yours = next_week_of(world, "bora"), next_week_of(world, "maria")
    number = ask(world, "bora", mine, choices=((Take("maria", yours),),))
    assert world.texts("ana") == [], "only the owner of the wanted week is asked"

    say_yes(world, number, "maria", choice=1)

    assert holder(world, mine[0]) == "maria"
    assert holder(world, yours[0]) == "bora"


def test_a_trade_says_which_of_several_weeks_was_chosen(world: World) -> None:
    mine, first = next_week_of(world, "bora"), next_week_of(world, "maria")
    later = (first[0] + 21 * 24 * HOUR, first[1] + 21 * 24 * HOUR)
    number = ask(world, "bora", mine, choices=((Take("maria", first),), (Take("maria", later),)))

    say_yes(world, number, "maria", choice=2)

    assert holder(world, first[0]) == "maria"
    assert holder(world, later[0]) == "bora"


def test_either_side_undoes_it_within_half_an_hour_and_both_are_told(world: World) -> None:
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    say_yes(world, number, "ana")
    world.forward(minutes=29)

    with world.app.sessions.begin() as session:
        answering.undo(session, world.app, number, by="ana", now=world.clock())
    world.engine.run_until_quiet()

    assert holder(world, week[0]) == "bora"
    assert state_of(world, number) == "undone"
    assert "took the change of Mon 12 Jan" in world.texts("ana")[-1]


def test_undoing_too_late_says_what_to_do_instead(world: World) -> None:
    number = ask(world, "bora", next_week_of(world, "bora"))
    say_yes(world, number, "ana")
    world.forward(minutes=31)

    with (
        pytest.raises(Conflict, match="new request"),
        world.app.sessions.begin() as session,
    ):
        answering.undo(session, world.app, number, by="ana", now=world.clock())


def test_shortly_before_the_start_the_asker_taps_once_more(world: World) -> None:
    world.forward(minutes=52 * 60 + 30)
    week = next_week_of(world, "bora")
    assert week[0] - world.clock() < 2 * HOUR
    number = ask(world, "bora", week)

    assert say_yes(world, number, "maria") == "waiting"
    assert holder(world, week[0]) == "bora"
    with world.app.sessions.begin() as session:
        assert answering.confirm(session, world.app, number, by="bora", now=world.clock()) == "done"

    assert holder(world, week[0]) == "maria"


@pytest.fixture
def approving(database_url: str) -> Iterator[World]:
    text = example_policy().replace(
        "    # limits:                        # what",
        "    swaps: { approval: lead }\n    # limits:                        # what",
    )
    with a_world(database_url, text=text) as whole:
        yield whole


def test_where_a_lead_approves_nothing_moves_before(approving: World) -> None:
    world = approving
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)

    assert say_yes(world, number, "ana") == "waiting"
    assert holder(world, week[0]) == "bora"
    with world.app.sessions.begin() as session:
        answering.decide(session, world.app, number, by="maria", ok=True, now=world.clock())

    assert holder(world, week[0]) == "ana"


def test_a_silent_lead_has_agreed(approving: World) -> None:
    world = approving
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    say_yes(world, number, "ana")

    world.forward(minutes=24 * 60)
    chores.run(world.app)

    assert holder(world, week[0]) == "ana"


def test_a_lead_never_decides_about_her_own_hours(approving: World) -> None:
    world = approving
    number = ask(world, "maria", next_week_of(world, "maria"))
    say_yes(world, number, "ana")

    with (
        pytest.raises(Conflict, match="nobody decides about their own"),
        world.app.sessions.begin() as session,
    ):
        answering.decide(session, world.app, number, by="maria", ok=True, now=world.clock())
    with world.app.sessions.begin() as session:
        answering.decide(
            session, world.app, number, by="omar", ok=False, why="too short", now=world.clock()
        )

    assert state_of(world, number) == "refused"


def test_a_lead_asks_in_the_name_of_somebody_ill_and_says_why(world: World) -> None:
    week = next_week_of(world, "bora")
    with pytest.raises(Conflict, match="write why"):
        ask(world, "bora", week, by="maria")

    number = ask(world, "bora", week, by="maria", reason="Bora is ill")
    say_yes(world, number, "ana")

    assert holder(world, week[0]) == "ana"


def test_nobody_gives_away_what_is_not_theirs(world: World) -> None:
    week = next_week_of(world, "bora")

    with pytest.raises(Refused, match="not-yours"):
        ask(world, "ana", week)
    with pytest.raises(Conflict, match="only the holder or a lead"):
        ask(world, "bora", week, by="ana", reason="for him")


def test_hours_that_have_passed_are_refused_with_the_next_ones(world: World) -> None:
    now = world.clock()

    with pytest.raises(Refused, match="past") as refusal:
        ask(world, "ana", (now - 48 * HOUR, now - 24 * HOUR))

    assert isinstance(refusal.value.instead, Shift)
    assert refusal.value.instead.person == "ana"


def test_somebody_on_leave_is_not_asked_and_cannot_say_yes(world: World) -> None:
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    with world.app.sessions.begin() as session:
        rota.add_leave(session, "ana", week, actor="ana", now=world.clock())

    with pytest.raises(Refused, match="away"):
        say_yes(world, number, "ana")
    second = ask(world, "bora", (week[0], week[0] + 24 * HOUR))
    with pytest.raises(Conflict, match="not asked"):
        say_yes(world, second, "ana")


def test_a_swap_that_would_move_nothing_is_not_even_asked(world: World) -> None:
    now = world.clock()
    with (
        pytest.raises(Refused, match="no-effect"),
        world.app.sessions.begin() as session,
    ):
        takeover.take_over(session, world.app, PHONE, by="ana", now=now)


def test_the_phone_is_taken_over_at_once_and_its_next_ticket_rings_there(world: World) -> None:
    with world.app.sessions.begin() as session:
        takeover.take_over(session, world.app, PHONE, by="bora", now=world.clock())
    world.engine.run_until_quiet()
    assert world.texts("ana")[-1].startswith("Bora has the emergency phone from now until")

    ticket = world.ticket()

    assert world.minutes_of_pages(ticket)[0] == (0, "bora", "sms")


def test_the_former_holder_keeps_the_phone_with_one_tap(world: World) -> None:
    with world.app.sessions.begin() as session:
        takeover.take_over(session, world.app, PHONE, by="bora", now=world.clock())
    world.forward(minutes=3)

    with world.app.sessions.begin() as session:
        takeover.hand_back(session, world.app, PHONE, by="ana", now=world.clock())

    assert holder(world, world.clock()) == "ana"
    assert holder(world, world.clock() - HOUR / 60 * 2) == "bora", "what happened stays written"


def test_a_phone_that_is_kept_is_one_shift_again_to_the_end_of_the_turn(world: World) -> None:
    until = world.clock() + 5 * HOUR
    with world.app.sessions.begin() as session:
        takeover.take_over(session, world.app, PHONE, by="bora", now=world.clock(), until=until)
    world.forward(minutes=3)

    with world.app.sessions.begin() as session:
        shift = takeover.hand_back(session, world.app, PHONE, by="ana", now=world.clock())

    assert shift.end == shift.turn_end


def test_a_take_over_ends_when_it_was_said_to(world: World) -> None:
    until = world.clock() + 5 * HOUR
    with world.app.sessions.begin() as session:
        takeover.take_over(session, world.app, PHONE, by="bora", now=world.clock(), until=until)

    assert holder(world, until - HOUR) == "bora"
    assert holder(world, until) == "ana"


def test_a_question_is_cancelled_with_a_message_when_the_rota_beneath_it_changes(
    world: World,
) -> None:
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    part = (week[0], week[0] + 24 * HOUR)
    evening = ask(world, "bora", part)
    say_yes(world, evening, "ana")

    assert state_of(world, number) == "cancelled"
    assert any(text.startswith("The rota changed") for text in world.texts("ana"))


def test_those_who_are_silent_are_reminded_three_days_before(world: World) -> None:
    by_day(world)
    week = next_week_of(world, "maria")
    world.forward(minutes=60 * 24 * 5)
    ask(world, "maria", week)
    asked = len(world.texts("ana"))

    world.forward(minutes=60 * 24)
    chores.run(world.app)
    world.engine.run_until_quiet()

    assert len(world.texts("ana")) == asked + 1
    assert "Maria still needs somebody" in world.texts("ana")[-1]


def test_texting_a_and_the_number_says_yes(world: World) -> None:
    by_day(world)
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    assert f"A{number}/N{number}" in world.texts("ana")[-1]

    world.reply("ana", f"a{number}")

    assert holder(world, week[0]) == "ana"


def test_texting_n_and_the_number_says_no_and_is_thanked(world: World) -> None:
    by_day(world)
    number = ask(world, "bora", next_week_of(world, "bora"))

    world.reply("ana", f"N {number}")

    assert "Thank you for the answer" in world.texts("ana")[-1]
    assert state_of(world, number) == "open"


def test_texting_yes_too_late_says_so_and_moves_nothing(world: World) -> None:
    by_day(world)
    week = next_week_of(world, "bora")
    number = ask(world, "bora", week)
    say_yes(world, number, "maria")

    world.reply("ana", f"A{number}")

    assert "nothing was changed" in world.texts("ana")[-1]
    assert holder(world, week[0]) == "maria"


def test_texting_take_takes_the_phone_when_no_ticket_waits(world: World) -> None:
    world.reply("bora", "TAKE")

    assert holder(world, world.clock()) == "bora"
    assert any("Bora has the emergency phone from now" in text for text in world.texts("ana"))


def test_texting_take_takes_the_ticket_when_one_waits(world: World) -> None:
    ticket = world.ticket()
    world.forward(minutes=12)

    world.reply("bora", "take")

    assert world.state(ticket) == ("acknowledged", "bora")
    assert holder(world, world.clock()) == "ana"


def lay_an_hour(session: Session, person: str, now: datetime) -> None:
    change = rota.change(session, "takeover", rotation=PHONE, actor=person, now=now)
    rota.lay(session, change, rotation=PHONE, person=person, hours=(now, now + HOUR))


def test_somebody_the_policy_of_a_ticket_does_not_know_stops_no_ticket(world: World) -> None:
    now = world.clock()
    with world.app.sessions.begin() as session:
        lay_an_hour(session, "dara", now)

    assert roster(world).reach(PHONE, now) == ()
    number = world.ticket()
    world.forward(minutes=30)

    assert world.minutes_of_pages(number)


def test_a_change_that_was_rolled_back_is_in_nobody_s_rota(world: World) -> None:
    now = world.clock()
    with world.app.sessions() as session:
        lay_an_hour(session, "bora", now)
        rota.roster_at(session, world.app.shelf.current)
        session.rollback()

    with world.app.sessions.begin() as session:
        lay_an_hour(session, "maria", now)

    assert holder(world, now) == "maria"


def test_the_phone_is_not_handed_back_to_somebody_on_leave(world: World) -> None:
    by_day(world)
    now = world.clock()
    with world.app.sessions.begin() as session:
        takeover.take_over(session, world.app, PHONE, by="bora", now=now)
        rota.add_leave(session, "ana", (now, now + 48 * HOUR), actor="ana", now=now)

    with pytest.raises(Refused), world.app.sessions.begin() as session:
        takeover.hand_back(session, world.app, PHONE, by="bora", now=now + HOUR)

    assert holder(world, now + HOUR) == "bora"


def test_hours_that_were_given_on_cannot_be_undone_beneath_whoever_has_them(world: World) -> None:
    by_day(world)
    week = next_week_of(world, "bora")
    first = ask(world, "bora", week, whom=("maria",))
    say_yes(world, first, "maria")
    say_yes(world, ask(world, "maria", week, whom=("ana",)), "ana")

    with pytest.raises(Conflict), world.app.sessions.begin() as session:
        answering.undo(session, world.app, first, by="bora", now=world.clock())

    assert (state_of(world, first), holder(world, week[0])) == ("done", "ana")


def test_a_question_about_the_running_shift_ends_with_its_hours(world: World) -> None:
    now = world.clock()
    number = ask(world, "ana", (now, now + 6 * HOUR), whom=("maria",))

    world.forward(minutes=6 * 60 + 1)
    chores.run(world.app)

    assert state_of(world, number) == "expired"


def test_a_yes_that_was_never_confirmed_ends_with_its_hours_and_the_taker_hears(
    world: World,
) -> None:
    now = world.clock()
    number = ask(world, "ana", (now, now + 6 * HOUR), whom=("maria",))
    assert say_yes(world, number, "maria") == "waiting"

    world.forward(minutes=6 * 60 + 1)
    chores.run(world.app)
    world.engine.run_until_quiet()

    assert state_of(world, number) == "expired"
    assert any("Ana a retras cererea" in text for text in world.texts("maria"))
