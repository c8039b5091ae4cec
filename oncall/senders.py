"""The threads that hand claimed pages to providers, and what they heard until the engine stores it. Claims nothing."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from oncall.claims import Outcome
from oncall.wakeup import Wakeup

MOST = 8
"""Requests to providers at once."""


class Senders:
    """Whoever claims pages first reserves as many senders: a lease must not run out in a queue.

    Safe to use from any thread. Closed until an engine opens it, and then nobody gets a sender.
    """

    def __init__(self, wakeup: Wakeup, most: int = MOST) -> None:
        self._wakeup = wakeup
        self._most = most
        self._reserved = 0
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._jobs: SimpleQueue[Callable[[], Outcome] | None] = SimpleQueue()
        self._is_open = False
        self._heard: deque[Outcome] = deque()

    @property
    def is_busy(self) -> bool:
        """Whether every sender is at work; the next one to finish rings the bell."""
        return self._reserved >= self._most

    def open(self, *, inline: bool = False) -> None:
        """Start the threads; `inline` runs every job in the thread that starts it, so that a test sees each effect."""
        if not inline:
            self._threads = [
                threading.Thread(target=self._work, name=f"sender-{number}", daemon=True)
                for number in range(self._most)
            ]
        for thread in self._threads:
            thread.start()
        self._is_open = True

    def close(self) -> None:
        """Give no sender away any more, and wait for those at work."""
        with self._lock:
            self._is_open = False
            threads, self._threads = self._threads, []
            for _ in threads:
                self._jobs.put(None)
        for thread in threads:
            thread.join()

    def reserve(self, most: int = MOST) -> int:
        """Take up to `most` senders and return how many; each must be started or given back."""
        with self._lock:
            if not self._is_open:
                return 0
            taken = min(most, self._most - self._reserved)
            self._reserved += taken
            return taken

    def give_back(self, count: int) -> None:
        """Give back reserved senders that found nothing to do."""
        with self._lock:
            self._reserved -= count

    def start(self, job: Callable[[], Outcome]) -> None:
        """Run `job` on a reserved sender."""
        with self._lock:
            if self._threads:
                self._jobs.put(job)
                return
        # Also when they closed after the page was claimed: then whoever claimed it sends it.
        self._run(job)

    def heard(self) -> tuple[Outcome, ...]:
        """Return what providers said and nobody stored yet, oldest first."""
        return tuple(self._heard)

    def forget(self, count: int) -> None:
        """Drop the `count` oldest words: they are stored."""
        for _ in range(count):
            self._heard.popleft()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._run(job)

    def _run(self, job: Callable[[], Outcome]) -> None:
        try:
            self._heard.append(job())
        finally:
            self.give_back(1)
            self._wakeup.set()
