"""Put the product together from a policy file and the environment. Runs nothing by itself."""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine as Database
from sqlalchemy.engine import make_url

from notifiers import build
from notifiers.base import Channel, Notifier
from notifiers.settings import MailSettings, Services, TwilioSettings
from notifiers.simulator import Simulator
from oncall import migrate, store
from oncall.app import App
from oncall.clock import Clock, MovingClock, SteadyClock
from oncall.errors import SettingsError, StoreBusy, StoreError
from oncall.policy import secrets
from oncall.policy.load import Loaded, load
from oncall.policy.model import Email, Policy, Twilio
from oncall.policy.shelf import Shelf
from oncall.rota_mark import database_url
from oncall.senders import Senders
from oncall.wakeup import Wakeup

SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line and the environment say before anything is opened."""

    config: Path
    database_url: str
    environ: Mapping[str, str]

    @classmethod
    def read(cls, config: Path, environ: Mapping[str, str]) -> Settings:
        """Return the settings for the policy file `config`."""
        return cls(config, database_url(config, environ), environ)


def assemble(
    settings: Settings,
    *,
    clock: Clock | None = None,
    demo_clock: MovingClock | None = None,
    author: str = "start",
) -> App:
    """Load the policy, open and migrate the database and build the channels.

    Raises `PolicyError` with all findings, `SettingsError` naming what the environment lacks, or `StoreError`.
    Nothing is written before the policy was accepted.
    """
    loaded = load(settings.config)
    now = clock or demo_clock or SteadyClock()
    _demand_environment(loaded.policy, settings.environ)
    secret = _secret_key(settings.environ)
    services = services_of(loaded.policy, settings.environ, now)
    simulator = None if services.twilio else Simulator(now)
    # Without Twilio the simulator takes every channel that is missing.
    notifiers = {**(simulator.notifiers() if simulator else {}), **build(services)}
    database = store.open_engine(settings.database_url)
    migrate.upgrade(database)
    if isinstance(now, SteadyClock):
        store.set_clock(now, database)
    return compose(
        loaded,
        database,
        notifiers,
        clock=now,
        secret=secret,
        author=author,
        twilio=services.twilio,
        simulator=simulator,
        demo_clock=demo_clock,
    )


def compose(
    loaded: Loaded,
    database: Database,
    notifiers: Mapping[Channel, Notifier],
    *,
    clock: Clock,
    secret: bytes,
    author: str,
    **more: Any,
) -> App:
    """Return the `App` over an open, migrated database; the policy becomes the version in force."""
    wakeup = Wakeup()
    sessions = store.open_sessions(database, wakeup)
    shelf = Shelf(loaded.text, loaded.policy)
    with sessions.begin() as session:
        shelf.accept(session, author=author, now=clock())
        shelf.refresh(session)
    return App(shelf, sessions, notifiers, clock, wakeup, Senders(wakeup), secret, **more)


def services_of(policy: Policy, environ: Mapping[str, str], clock: Clock) -> Services:
    """Return the outside services the policy sets up, their secrets taken from `environ`."""
    twilio, email = policy.integrations.twilio, policy.integrations.email
    return Services(
        clock=clock,
        twilio=_twilio(twilio, policy.company.url, environ) if twilio else None,
        mail=_mail(email, environ) if email else None,
    )


def _twilio(section: Twilio, public_url: str, environ: Mapping[str, str]) -> TwilioSettings:
    return TwilioSettings(
        account=secrets.reveal(section.account, environ),
        token=secrets.reveal(section.token, environ),
        public_url=public_url,
        sms_from=section.sms_from,
        call_from=section.call_from,
        plain_letters=section.sms_letters == "plain",
        api_base=section.api_base,
    )


def _mail(section: Email, environ: Mapping[str, str]) -> MailSettings:
    return MailSettings(
        server=section.smtp,
        sender=section.sender,
        user=section.user and secrets.reveal(section.user, environ),
        password=section.password and secrets.reveal(section.password, environ),
        tls=section.tls,
    )


def hold_engine_lock(database_url: str) -> IO[str] | None:
    """Make this process the only engine of an SQLite file; keep the returned file open for as long.

    Raises `StoreBusy` when another engine holds it. PostgreSQL needs no lock: returns None.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    try:
        lock = Path(f"{url.database}-lock").open("w")  # noqa: SIM115 (held open on purpose)
    except OSError as error:
        raise StoreError(
            f"cannot write beside the database {url.database}: {error.strerror}; its folder must be writable"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StoreBusy(
            f"another engine already serves {url.database}; stop it first, or use PostgreSQL for several machines"
        ) from None
    return lock


def _demand_environment(policy: Policy, environ: Mapping[str, str]) -> None:
    missing = [*secrets.unset(policy, environ)]
    if missing:
        names = ", ".join(missing)
        raise SettingsError(
            f"not set in this environment: {names}. The policy file names them; set them and start again"
        )


def _secret_key(environ: Mapping[str, str]) -> bytes:
    key = environ.get("ONCALL_SECRET_KEY", "")
    if len(key) < SHORTEST_KEY:
        raise SettingsError(
            "ONCALL_SECRET_KEY must hold at least 16 letters; it signs links and cookies. Make one with:"
            ' python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return key.encode()
