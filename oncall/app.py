"""The composition root: the one value that holds everything a view, pass or command needs. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session, sessionmaker

from notifiers.base import Channel, Notifier
from notifiers.settings import TwilioSettings
from notifiers.simulator import Simulator
from oncall.clock import Clock, MovingClock
from oncall.leave.fetching import Fetcher
from oncall.policy.shelf import Shelf
from oncall.senders import Senders
from oncall.wakeup import Wakeup


@dataclass(frozen=True, slots=True)
class App:
    """Everything a running program holds; made once by `oncall.start`."""

    shelf: Shelf
    """The policy in force and its earlier versions."""
    sessions: sessionmaker[Session]
    notifiers: Mapping[Channel, Notifier]
    clock: Clock
    wakeup: Wakeup
    senders: Senders
    """Threads for the providers; closed where no engine runs."""
    secret: bytes
    """Key of the links and cookies (ONCALL_SECRET_KEY)."""
    twilio: TwilioSettings | None = None
    """The account whose signed requests we believe; None when Twilio is not set up."""
    simulator: Simulator | None = None
    """The simulated phones; None when a real provider is configured."""
    demo_clock: MovingClock | None = None
    """The clock visitors may move; None outside the demo."""
    calendars: Fetcher = field(default_factory=Fetcher)
    """Fetches people's own calendars from the web."""
