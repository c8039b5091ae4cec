"""Whatever people do to the rota in whatever order: one holder at every hour, by a named act, and everybody told."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from oncall import planning, publishing, rota
from oncall.errors import Conflict
from oncall.roster import Roster, Span
from oncall.swaps import answering, asking, takeover
from oncall.swaps.asking import Question
from oncall.swaps.rules import Take
from oncall.tables import Leave, Override, Page, PublishedTurn, RotaChange, ShiftRequest
from tests.world import World, a_world

PHONE = "emergency-phone"
HOUR = timedelta(hours=1)
WEEKS = 8
PEOPLE = ("ana", "bora", "maria")
SEEDS = range(40)
STEPS = 25


class Company:
    """People who do things to the rota at random, and a slow reading of what they left in the database."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.lot = random.Random(seed)
        self.done = 0

    def roster(self) -> Roster:
        with self.world.app.sessions() as session:
            return rota.roster_at(session, self.world.app.shelf.current)

    def hours(self) -> list[datetime]:
        start = self.world.clock().replace(minute=30)
        return [start + number * HOUR for number in range(WEEKS * 168)]

    def final(self) -> dict[datetime, str]:
        roster, found = self.roster(), {}
        for at in self.hours():
            shift = roster.holder_at(PHONE, at)
            assert shift is not None, f"nobody holds at {at}"
            found[at] = shift.person
        return found

    def replayed(self) -> dict[datetime, str]:
        """Read the published turns, then lay every override that still counts, in the order they were made."""
        with self.world.app.sessions() as session:
            turns = session.scalars(select(PublishedTurn)).all()
            overrides = session.scalars(
                select(Override).where(Override.ended_by.is_(None)).order_by(Override.id)
            ).all()
            found = {}
            for at in self.hours():
                [turn] = [one for one in turns if one.starts_at <= at < one.ends_at]
                found[at] = turn.holder or ""
                for one in overrides:
                    if one.starts_at <= at < one.ends_at:
                        found[at] = one.person
        return found

    def step(self) -> None:
        deed: Callable[[], None] = self.lot.choice(
            [self.cover, self.cover, self.trade, self.take_over, self.hand_back, self.undo,
             self.leave, self.back_from_leave, self.replan, self.wait]
        )  # fmt: skip
        try:
            deed()
            self.done += 1
        except Conflict:
            pass

    def some_hours(self, person: str) -> Span:
        shift = self.roster().next_shift_of(person, self.world.clock())
        assert shift is not None
        length = int((shift.end - shift.start) / HOUR)
        start = self.lot.randrange(length)
        end = self.lot.randrange(start + 1, length + 1)
        if self.lot.random() < 0.4:
            start, end = 0, length
        return (shift.start + start * HOUR, shift.start + end * HOUR)

    def cover(self) -> None:
        asker = self.lot.choice(PEOPLE)
        helper = self.lot.choice([one for one in PEOPLE if one != asker])
        hours = self.some_hours(asker)
        now = self.world.clock()
        with self.world.app.sessions.begin() as session:
            number = asking.ask(
                session, self.world.app, Question(PHONE, asker, (hours,)), by=asker, now=now
            )
        with self.world.app.sessions.begin() as session:
            answering.accept(session, self.world.app, number, person=helper, now=now)

    def trade(self) -> None:
        one, other = self.lot.sample(PEOPLE, 2)
        now = self.world.clock()
        question = Question(
            PHONE,
            one,
            (self.some_hours(one),),
            choices=((Take(other, self.some_hours(other)),),),
        )
        with self.world.app.sessions.begin() as session:
            number = asking.ask(session, self.world.app, question, by=one, now=now)
        with self.world.app.sessions.begin() as session:
            answering.accept(session, self.world.app, number, person=other, now=now, choice=1)

    def take_over(self) -> None:
        now = self.world.clock()
        until = now + self.lot.randrange(1, 200) * HOUR
        with self.world.app.sessions.begin() as session:
            takeover.take_over(
                session, self.world.app, PHONE, by=self.lot.choice(PEOPLE), now=now, until=until
            )

    def hand_back(self) -> None:
        with self.world.app.sessions.begin() as session:
            takeover.hand_back(
                session, self.world.app, PHONE, by=self.lot.choice(PEOPLE), now=self.world.clock()
            )

    def undo(self) -> None:
        with self.world.app.sessions.begin() as session:
            newest = session.scalar(
                select(func.max(ShiftRequest.id)).where(ShiftRequest.state == "done")
            )
            if newest:
                answering.undo(session, self.world.app, newest, by="maria", now=self.world.clock())

    def leave(self) -> None:
        person = self.lot.choice(PEOPLE)
        start = self.world.clock() + self.lot.randrange(1, WEEKS * 160) * HOUR
        hours = (start, start + self.lot.randrange(12, 24 * 10) * HOUR)
        with self.world.app.sessions.begin() as session:
            rota.add_leave(session, person, hours, actor=person, now=self.world.clock())

    def back_from_leave(self) -> None:
        with self.world.app.sessions.begin() as session:
            found = session.scalars(select(Leave.id).where(Leave.cancelled_at.is_(None))).all()
            if found:
                rota.cancel_leave(
                    session, self.lot.choice(found), actor="maria", now=self.world.clock()
                )

    def replan(self) -> None:
        proposal = planning.propose(self.roster(), PHONE, self.world.clock())
        if any(change.after is None for change in proposal.moved):
            return
        with self.world.app.sessions.begin() as session:
            publishing.publish(
                session, self.world.app, proposal, actor="omar", now=self.world.clock()
            )

    def wait(self) -> None:
        self.world.clock.move_to(self.world.clock() + self.lot.randrange(1, 30) * HOUR)

    def last_notice(self) -> int:
        with self.world.app.sessions() as session:
            return session.scalar(select(func.max(Page.id))) or 0

    def told_since(self, page_id: int) -> set[str]:
        with self.world.app.sessions() as session:
            return set(
                session.scalars(select(Page.person).where(Page.kind == "notice", Page.id > page_id))
            )

    def last_actor(self) -> str:
        with self.world.app.sessions() as session:
            actor = session.scalar(select(RotaChange.actor).order_by(RotaChange.id.desc()).limit(1))
            return actor or ""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rota_people_see_is_what_a_slow_reading_of_their_deeds_says(seed: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        a_world(f"sqlite:///{Path(folder) / 'x.db'}") as world,
    ):
        company = Company(world, seed)
        company.replan()
        before, told_before = company.final(), company.last_notice()
        for _ in range(STEPS):
            company.step()

            after = company.final()
            assert after == company.replayed()
            moved = {at for at in after if at in before and before[at] != after[at]}
            if moved:
                assert company.last_actor() in ("ana", "bora", "maria", "omar")
                affected = {name for at in moved for name in (before[at], after[at])}
                untold = affected - company.told_since(told_before) - {company.last_actor()}
                assert untold == set(), "moved and not told"
            before, told_before = after, company.last_notice()
        assert company.done >= STEPS / 4, "most of what was tried was refused"
