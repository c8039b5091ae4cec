"""The bell that tells the engine thread that there is work. Carries no message: the rows are the message."""

from __future__ import annotations

import threading


class Wakeup:
    """A bell that stays rung until somebody answered it."""

    def __init__(self) -> None:
        self._bell = threading.Event()

    def set(self) -> None:
        """Ring."""
        self._bell.set()

    def wait(self, seconds: float) -> bool:
        """Wait up to `seconds` for the bell, silence it, and say whether it rang."""
        rang = self._bell.wait(seconds)
        self._bell.clear()
        return rang
