"""The engine: a visible list of passes, run when something is due, on every commit that rings, and on a slow tick."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from oncall import answers, bundles, chores, paging, sending, settling, store
from oncall.app import App
from oncall.claims import Claim, Outcome
from oncall.clock import MOST_DRIFT, SteadyClock, since_boot
from oncall.errors import NotFound
from oncall.ledger.keeper import Keeper
from oncall.policy import edits
from oncall.tables import EngineBeat, Page, Ticket

log = structlog.get_logger()

TICK = timedelta(seconds=5)
"""The safety net when no bell rings: how often the passes run anyway."""
BEAT_EVERY = timedelta(seconds=10)
CLOCK_EVERY = 60.0
"""Seconds between looks at the clock of the database."""
AFTER_A_FAULT = 1.0
"""Seconds before a round that went wrong is tried again."""


AGENDA = select(
    select(func.min(Ticket.due_at)).where(Ticket.state == "open").scalar_subquery(),
    select(func.min(Page.due_at)).where(Page.state == "planned").scalar_subquery(),
    select(func.min(Page.lease_until)).where(Page.state == "sending").scalar_subquery(),
    select(func.count(Page.id))
    .where(Page.hang_up, Page.state == "accepted", Page.ended_at.is_(None))
    .scalar_subquery(),
    edits.VERSION.scalar_subquery(),
)
"""Everything the engine ever waits for, and whether somebody changed how they are reached, in one question."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What waits: when the next thing is due, and how many calls ring in vain."""

    next_due: datetime | None
    needless_calls: int

    def is_due(self, now: datetime) -> bool:
        """Say whether something is due by `now`."""
        return self.next_due is not None and self.next_due <= now


class Engine:
    """Runs the passes. `inline` sends in the calling thread, so that a test sees every effect at once."""

    def __init__(self, app: App, *, inline: bool = False, tick: timedelta = TICK) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._inline = inline
        if inline:
            app.senders.open(inline=True)
        self._tick = tick
        self._stopping = threading.Event()
        self._stuck_tickets = 0
        self._hanger_up = ThreadPoolExecutor(1, thread_name_prefix="hanger-up")
        self._hanging_up: Future[None] | None = None
        self._thread = threading.Thread(target=self._loop, name="engine", daemon=True)
        self._keeper = Keeper(app)
        self._book_keeper = ThreadPoolExecutor(1, thread_name_prefix="book-keeper")
        self._keeping: Future[None] | None = None
        self._metronome = BackgroundScheduler(timezone="UTC")
        self._started_at = app.clock()
        self._beat_at: datetime | None = None
        self._clock_set_at = since_boot()
        self.passes: tuple[Callable[[Agenda], None], ...] = (
            self._set_clock,
            self._settle_simulated_phones,
            self._settle_plan_and_claim,
            self._hang_up_needless_calls,
            self._beat,
            self._keep_the_ledger,
        )
        """What one round does, in this order."""

    def run_once(self, *, rang: bool = False) -> Agenda:
        """Run every pass once on what waits now; return what waited.

        After a ring there is work for sure: it is done at once, and looked at again afterwards.
        """
        agenda = Agenda(self.app.clock(), needless_calls=0) if rang else self._look()
        for one_pass in self.passes:
            one_pass(agenda)
        return agenda

    def run_until_quiet(self, rounds: int = 1000) -> None:
        """Run the passes until nothing is due now; raises `RuntimeError` when that never comes."""
        for _ in range(rounds):
            agenda = self.run_once()
            if (
                not self.app.senders.heard()
                and not agenda.is_due(self.app.clock())
                and not agenda.needless_calls
            ):
                return
        raise RuntimeError("the passes never come to rest")

    def next_due(self) -> datetime | None:
        """Return when the next ticket, page or simulated ring is due; None when nothing waits."""
        return self._look().next_due

    def _look(self) -> Agenda:
        with store.reading(self.app.sessions) as session:
            *due, needless_calls, contacts = session.execute(AGENDA).one()
            self.app.shelf.refresh(session, seen=int(contacts or 0))
        if self.app.simulator is not None:
            due.append(self.app.simulator.next_change())
        next_due = min((instant for instant in due if instant is not None), default=None)
        return Agenda(next_due, needless_calls)

    def start(self) -> None:
        """Start the thread and its metronome."""
        self._metronome.add_job(
            self.app.wakeup.set,
            "interval",
            seconds=self._tick.total_seconds(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._metronome.add_job(
            chores.run,
            "interval",
            args=(self.app,),
            seconds=chores.EVERY.total_seconds(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._metronome.start()
        self.app.senders.open()
        self._thread.start()

    def stop(self) -> None:
        """Stop after the pass that runs; what a provider says until then is stored."""
        self._stopping.set()
        self.app.wakeup.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)
        if self._metronome.running:
            self._metronome.shutdown(wait=False)
        self.app.senders.close()
        self._hanger_up.shutdown(wait=True)
        self._book_keeper.shutdown(wait=True)
        self._settle_last_outcomes()

    def _loop(self) -> None:
        rang = False
        while not self._stopping.is_set():
            try:
                pause = self._pause_after(self.run_once(rang=rang))
            except SQLAlchemyError:
                # The database is away or full: the rows wait, and so do we. The beat stops, which is the alarm.
                log.exception("engine.database_failed")
                pause = AFTER_A_FAULT
            except Exception:
                # The thread must outlive any fault in a pass; without it nobody would be woken at all.
                log.exception("engine.pass_failed")
                pause = AFTER_A_FAULT
            rang = self.app.wakeup.wait(pause)

    def _pause_after(self, agenda: Agenda) -> float:
        """Seconds until the next round: none after one that found work, since that may have made more."""
        tick = self._tick.total_seconds()
        if self.app.senders.heard():
            return 0.0
        if self.app.senders.is_busy or agenda.next_due is None:
            # The next sender to finish, or the next commit, rings the bell.
            return tick
        if self._stuck_tickets:
            # They stay due, and trying them again without a pause would help nobody.
            return AFTER_A_FAULT
        return min(tick, max(0.0, (agenda.next_due - self.app.clock()).total_seconds()))

    def _set_clock(self, _agenda: Agenda) -> None:
        """Now and then go by the database's clock again, and say when this machine's own has been moved."""
        clock, at = self.app.clock, since_boot()
        if not isinstance(clock, SteadyClock) or at - self._clock_set_at < CLOCK_EVERY:
            return
        self._clock_set_at = at
        store.set_clock(clock, self.app.sessions.kw["bind"])
        if abs(clock.drift()) > MOST_DRIFT:
            log.error("clock.drifted", seconds=round(clock.drift().total_seconds()))

    def _settle_simulated_phones(self, _agenda: Agenda) -> None:
        if self.app.simulator is None:
            return
        for token, delivery in self.app.simulator.drain():
            with self.app.sessions.begin() as session:
                try:
                    answers.delivered(session, self.app, token, delivery)
                except NotFound:
                    log.warning("simulator.unknown_token")

    def _settle_plan_and_claim(self, agenda: Agenda) -> None:
        """Three passes in one transaction, since each commit costs a write to the disk."""
        now = self.app.clock()
        said = self.app.senders.heard()
        had_stuck_tickets, self._stuck_tickets = self._stuck_tickets > 0, 0
        if not said and not agenda.is_due(now):
            return
        free = self.app.senders.reserve()
        claims: list[Claim] = []
        try:
            claims = self._in_one_transaction(said, now, free, each_apart=had_stuck_tickets)
        finally:
            self.app.senders.give_back(free - len(claims))
        # Only what is safely stored is forgotten.
        self.app.senders.forget(len(said))
        for taken in claims:
            self.app.senders.start(partial(sending.deliver, self.app, taken))

    def _in_one_transaction(
        self, said: Sequence[Outcome], now: datetime, free: int, *, each_apart: bool
    ) -> list[Claim]:
        try:
            return self._one_transaction(said, now, free, each_apart=each_apart)
        except Exception:
            if each_apart:
                raise
            # What one ticket broke is rolled back for all; the second time it breaks alone.
            log.warning("engine.plans_each_apart", exc_info=True)
            return self._one_transaction(said, now, free, each_apart=True)

    def _one_transaction(
        self, said: Sequence[Outcome], now: datetime, free: int, *, each_apart: bool
    ) -> list[Claim]:
        with self.app.sessions.begin() as session:
            for outcome in sorted(said, key=lambda outcome: outcome.claim.page_id):
                settling.settle(session, self.app, outcome, now)
            self._stuck_tickets = paging.plan(session, self.app, now, each_apart=each_apart)
            bundles.release(session, now)
            return sending.claim(session, self.app, now, limit=free) if free else []

    def _settle_last_outcomes(self) -> None:
        now = self.app.clock()
        said = self.app.senders.heard()
        if not said:
            return
        with self.app.sessions.begin() as session:
            for outcome in said:
                settling.settle(session, self.app, outcome, now)
        self.app.senders.forget(len(said))

    def _hang_up_needless_calls(self, agenda: Agenda) -> None:
        if self._hanging_up is not None:
            if not self._hanging_up.done():
                return
            # A fault in it counts as one in this round.
            done, self._hanging_up = self._hanging_up, None
            done.result()
        if agenda.needless_calls:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._inline:
            sending.hang_up(self.app)
            return
        # A provider that answers slowly must not keep new pages waiting.
        self._hanging_up = self._hanger_up.submit(sending.hang_up, self.app)

    def _beat(self, _agenda: Agenda) -> None:
        now = self.app.clock()
        if self._beat_at is not None and abs(now - self._beat_at) < BEAT_EVERY:
            return
        self._beat_at = now
        with self.app.sessions.begin() as session:
            session.merge(EngineBeat(engine=self.name, started_at=self._started_at, beat_at=now))

    def _keep_the_ledger(self, _agenda: Agenda) -> None:
        now = self.app.clock()
        if not self._keeper.is_due(now) or (self._keeping and not self._keeping.done()):
            return
        if self._inline:
            self._keeper.run(now)
            return
        # Nobody's page waits for somebody's day off.
        self._keeping = self._book_keeper.submit(self._keeper.run, now)
