"""Two hundred colleagues say yes to one question at the same moment: one has it, everybody else is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import func, select

from oncall import rota
from oncall.swaps import answering, asking, waiting
from oncall.swaps.answering import Overtaken
from oncall.swaps.asking import Question
from oncall.tables import Override, Page
from tests.world import World, a_world

HELPERS = 200
AT_ONCE = 20
POLICY = """
company: {{ name: Acme, timezone: Europe/Bucharest }}
people:
{people}
calendars:
  office: {{ open: {{ mon-fri: "09:00-18:00" }} }}
rotations:
  phone: {{ order: [{names}], starts: "2026-01-05", handoff: mon 09:00, calendar: office }}
urgency: [{{ name: all, otherwise: urgent }}]
escalation:
  urgent: {{ steps: {{ to: phone, wait: 5m }} }}
  normal: {{ office_hours: {{ to: phone, by: sms }} }}
"""


def a_crowd() -> str:
    names = [f"p{number}" for number in range(HELPERS + 1)]
    people = "\n".join(
        f'  {name}: {{ name: {name.upper()} Person, phone: "+1202{5550100 + number:07}", role: admin }}'
        for number, name in enumerate(names)
    )
    return POLICY.format(people=people, names=", ".join(names))


def test_of_200_who_say_yes_together_exactly_one_has_it(any_database_url: str) -> None:
    with a_world(any_database_url, text=a_crowd()) as world:
        number, week = ask(world)
        start = threading.Barrier(AT_ONCE)

        def say_yes(helper: int) -> str:
            if helper <= AT_ONCE:
                start.wait(timeout=30)
            try:
                with world.app.sessions.begin() as session:
                    return answering.accept(
                        session, world.app, number, person=f"p{helper}", now=world.clock()
                    )
            except Overtaken as late:
                return late.state

        with ThreadPoolExecutor(AT_ONCE) as crowd:
            said = list(crowd.map(say_yes, range(1, HELPERS + 1)))

        assert said == ["done"] * HELPERS
        with world.app.sessions() as session:
            assert session.scalar(select(func.count(Override.id))) == 1
            holder = rota.roster_at(session, world.app.shelf.current).holder_at("phone", week[0])
            told = session.scalars(
                select(Page.person).where(
                    Page.kind == "notice", Page.fact["text"].as_string() == "swap-solved"
                )
            ).all()
        assert holder is not None
        assert len(told) == len(set(told)) == HELPERS - 1
        assert holder.person not in told


def ask(world: World) -> tuple[int, tuple[datetime, datetime]]:
    with world.app.sessions.begin() as session:
        roster = rota.roster_at(session, world.app.shelf.current)
        shift = roster.holder_at("phone", world.clock())
        assert shift is not None
        week = (world.clock() + timedelta(hours=5), shift.end)
        number = asking.ask(
            session, world.app, Question("phone", "p0", (week,)), by="p0", now=world.clock()
        )
    return number, week


def test_engines_that_remind_at_the_same_moment_remind_once(any_database_url: str) -> None:
    with a_world(any_database_url) as world:
        with world.app.sessions.begin() as session:
            roster = rota.roster_at(session, world.app.shelf.current)
            shift = roster.next_shift_of("bora", world.clock())
            assert shift is not None
            question = Question("emergency-phone", "bora", ((shift.start, shift.end),))
            asking.ask(session, world.app, question, by="bora", now=world.clock())
        later = world.clock() + timedelta(hours=8)
        start = threading.Barrier(4)

        def remind(_engine: int) -> None:
            start.wait(timeout=30)
            waiting.remind(world.app, later)

        with ThreadPoolExecutor(4) as engines:
            list(engines.map(remind, range(4)))

        with world.app.sessions() as session:
            reminded = session.scalars(
                select(Page.person).where(
                    Page.kind == "notice", Page.fact["text"].as_string() == "swap-remind"
                )
            ).all()
        assert sorted(reminded) == ["ana", "maria"]
