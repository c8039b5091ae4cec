"""A rota is planned, published and changed: by a named person, and everybody it moves is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oncall import chores, planning, publishing, rota
from oncall.errors import Conflict
from oncall.example import example_policy
from oncall.planning import Proposal
from oncall.roster import Roster
from tests.world import World, a_world

PHONE = "emergency-phone"
WEEK = timedelta(weeks=1)


def roster(world: World) -> Roster:
    with world.app.sessions() as session:
        return rota.roster_at(session, world.app.shelf.current)


def proposal(world: World) -> Proposal:
    return planning.propose(roster(world), PHONE, world.clock())


def publish(world: World, found: Proposal | None = None) -> publishing.Published:
    with world.app.sessions.begin() as session:
        done = publishing.publish(
            session, world.app, found or proposal(world), actor="omar", now=world.clock()
        )
    world.engine.run_until_quiet()
    return done


def go_on_leave(world: World, person: str, turn: int) -> None:
    slot = proposal(world).slots[turn]
    with world.app.sessions.begin() as session:
        rota.add_leave(
            session, person, (slot.start, slot.end), actor=person, now=world.clock(), note="away"
        )


def holders(world: World, weeks: int = 12) -> list[str]:
    shifts = roster(world).final_schedule(world.clock(), world.clock() + weeks * WEEK, PHONE)
    return [shift.person for shift in shifts if shift.role == "holder"]


def test_the_first_publication_tells_nobody_and_moves_nothing_people_saw(world: World) -> None:
    before = holders(world)

    done = publish(world)

    assert (done.fresh, done.moved) == (27, 0)
    assert holders(world) == before
    assert world.texts("ana") == []


def test_a_published_turn_keeps_the_reason_why_it_went_to_whom_it_went(world: World) -> None:
    publish(world)

    texts = [planning.reason_of(proposal(world).plan, slot, 0) for slot in range(5)]
    assert all("due" in text and "holds" in text for text in texts)


def test_leave_in_a_published_week_is_repaired_by_a_named_act_and_both_are_told(
    world: World,
) -> None:
    publish(world)
    week = holders(world).index("bora")
    go_on_leave(world, "bora", week)
    assert holders(world)[week] == "bora", "nobody acted yet"

    found = proposal(world)
    assert (found.moved[0].before, found.moved[0].kind) == ("bora", "repair")
    done = publish(world, found)

    new = holders(world)[week]
    assert done.moved == len(found.moved)
    assert new != "bora"
    assert new == "ana"
    assert any("artik sizde degil" in text for text in world.texts("bora"))
    assert any("You hold the emergency phone Mon 12 Jan 09:00" in text for text in world.texts(new))


def test_while_a_holder_is_away_and_nobody_repaired_it_holder_and_backup_are_rung_together(
    world: World,
) -> None:
    publish(world)
    go_on_leave(world, "ana", 0)

    ticket = world.ticket()

    assert {person for minute, person, _ in world.minutes_of_pages(ticket) if minute == 0} == {
        "ana",
        "maria",
    }


def test_a_proposal_somebody_else_overtook_is_not_published(world: World) -> None:
    publish(world)
    week = holders(world).index("maria")
    go_on_leave(world, "maria", week)
    stale = proposal(world)
    go_on_leave(world, "ana", week + 1)

    with pytest.raises(Conflict, match="changed meanwhile"):
        publish(world, stale)

    assert holders(world)[week] == "maria"


def test_what_people_agreed_on_survives_every_later_plan(world: World) -> None:
    publish(world)
    slot = proposal(world).slots[6]
    other = next(name for name in ("ana", "bora", "maria") if name != slot.holder)
    with world.app.sessions.begin() as session:
        change_id = rota.change(session, "cover", rotation=PHONE, actor=other, now=world.clock())
        rota.lay(session, change_id, rotation=PHONE, person=other, hours=(slot.start, slot.end))

    go_on_leave(world, "maria", 9)
    publish(world)

    shift = roster(world).holder_at(PHONE, slot.start)
    assert shift is not None
    assert (shift.person, shift.planned) == (other, slot.holder)


def test_turns_that_time_brings_near_are_published_without_moving_any(world: World) -> None:
    publish(world)
    before = holders(world, weeks=26)
    world.clock.move_to(world.clock() + 3 * WEEK)

    chores.run(world.app)

    turns = roster(world).turns(PHONE, world.clock(), world.clock() + 26 * WEEK)
    assert all(turn.is_published for turn in turns)
    assert holders(world, weeks=23)[:20] == before[3:23]


def test_a_rota_nobody_published_is_left_alone(world: World) -> None:
    chores.run(world.app)

    assert not roster(world).laid.published


def test_hours_that_were_held_stay_written_when_their_holder_leaves_the_rota(
    database_url: str,
) -> None:
    with a_world(database_url) as world:
        publish(world)
        assert holders(world)[0] == "ana"
    without_ana = example_policy().replace("order: [ana, bora, maria]", "order: [bora, maria]")
    with a_world(database_url, text=without_ana) as world:
        world.forward(minutes=60)

        publish(world)

        now = world.clock()
        before = roster(world).holder_at(PHONE, now - timedelta(minutes=30))
        after = roster(world).holder_at(PHONE, now)
        assert before is not None
        assert after is not None
        assert before.person == "ana"
        assert after.person in ("bora", "maria")
