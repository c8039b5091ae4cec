"""The engine: a visible list of passes, run when something is due, on every commit that rings, and on a slow tick."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from oncall import answers, paging, sending, store
from oncall.app import App
from oncall.errors import NotFound
from oncall.tables import EngineBeat, Page, Ticket

log = structlog.get_logger()

SENDERS = 8
"""Requests to providers at once."""
TICK = timedelta(seconds=5)
"""The safety net when no bell rings: how often the passes run anyway."""
BEAT_EVERY = timedelta(seconds=10)


class Engine:
    """Runs the passes. `inline` sends in the calling thread, so that a test sees every effect at once."""

    def __init__(self, app: App, *, inline: bool = False, tick: timedelta = TICK) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._inline = inline
        self._tick = tick
        self._stopping = threading.Event()
        self._free = threading.Semaphore(SENDERS)
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self._thread = threading.Thread(target=self._loop, name="engine", daemon=True)
        self._metronome = BackgroundScheduler(timezone="UTC")
        self._started_at = app.clock()
        self._beat_at: datetime | None = None
        self._all_senders_busy = False
        self.passes: tuple[Callable[[], None], ...] = (
            self._settle_simulated_phones,
            self._plan_due_tickets,
            self._send_due_pages,
            self._hang_up_needless_calls,
            self._beat,
        )
        """What one round does, in this order."""

    def run_once(self) -> None:
        """Run every pass once."""
        for one_pass in self.passes:
            one_pass()

    def run_until_quiet(self, rounds: int = 1000) -> None:
        """Run the passes until nothing is due now; raises `RuntimeError` when that never comes."""
        for _ in range(rounds):
            self.run_once()
            due = self.next_due()
            if due is None or due > self.app.clock():
                return
        raise RuntimeError("the passes never come to rest")

    def next_due(self) -> datetime | None:
        """Return when the next ticket, page or simulated ring is due; None when nothing waits."""
        with store.reading(self.app.sessions) as session:
            candidates = [
                session.scalar(select(func.min(Ticket.due_at)).where(Ticket.state == "open")),
                session.scalar(select(func.min(Page.due_at)).where(Page.state == "planned")),
                session.scalar(select(func.min(Page.lease_until)).where(Page.state == "sending")),
            ]
        if self.app.simulator is not None:
            candidates.append(self.app.simulator.next_change())
        return min((due for due in candidates if due is not None), default=None)

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
        self._metronome.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop after the pass that runs; pages under way are finished."""
        self._stopping.set()
        self.app.wakeup.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)
        if self._metronome.running:
            self._metronome.shutdown(wait=False)
        self._senders.shutdown(wait=True)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self.run_once()
                pause = self._pause()
            except SQLAlchemyError:
                # The database is away or full: the rows wait, and so do we. The beat stops, which is the alarm.
                log.exception("engine.database_failed")
                pause = 1.0
            except Exception:
                # The thread must outlive any fault in a pass; without it nobody would be woken at all.
                log.exception("engine.pass_failed")
                pause = 1.0
            self.app.wakeup.wait(pause)

    def _pause(self) -> float:
        tick = self._tick.total_seconds()
        due = None if self._all_senders_busy else self.next_due()
        if due is None:
            # With every sender busy the next one to finish rings the bell.
            return tick
        return min(tick, max(0.0, (due - self.app.clock()).total_seconds()))

    def _settle_simulated_phones(self) -> None:
        if self.app.simulator is None:
            return
        for token, delivery in self.app.simulator.drain():
            with self.app.sessions.begin() as session:
                try:
                    answers.delivered(session, self.app, token, delivery)
                except NotFound:
                    log.warning("simulator.unknown_token")

    def _plan_due_tickets(self) -> None:
        while self._is_due(
            select(Ticket.id).where(Ticket.state == "open", Ticket.due_at <= self.app.clock())
        ):
            if paging.plan(self.app) == 0:
                return

    def _send_due_pages(self) -> None:
        if self._inline:
            for taken in sending.claim(self.app, limit=SENDERS):
                sending.deliver(self.app, taken)
            return
        free = self._take_free_senders()
        claims = sending.claim(self.app, limit=free) if free else []
        for _ in range(free - len(claims)):
            self._free.release()
        for taken in claims:
            self._senders.submit(self._send, taken)

    def _send(self, taken: sending.Claim) -> None:
        try:
            sending.deliver(self.app, taken)
        finally:
            self._free.release()
            self.app.wakeup.set()

    def _take_free_senders(self) -> int:
        now = self.app.clock()
        ready = (Page.state == "planned") & (Page.due_at <= now)
        expired = (Page.state == "sending") & (Page.lease_until <= now)
        self._all_senders_busy = False
        if not self._is_due(select(Page.id).where(ready | expired)):
            return 0
        free = 0
        while free < SENDERS and self._free.acquire(blocking=False):
            free += 1
        self._all_senders_busy = free == 0
        return free

    def _hang_up_needless_calls(self) -> None:
        if self._is_due(select(Page.id).where(Page.hang_up)):
            sending.hang_up(self.app)

    def _is_due(self, question: Select[int]) -> bool:
        """Ask without taking the write lock: most ticks find nothing."""
        with store.reading(self.app.sessions) as session:
            return session.scalar(question.limit(1)) is not None

    def _beat(self) -> None:
        now = self.app.clock()
        if self._beat_at is not None and abs(now - self._beat_at) < BEAT_EVERY:
            return
        self._beat_at = now
        with self.app.sessions.begin() as session:
            session.merge(EngineBeat(engine=self.name, started_at=self._started_at, beat_at=now))
