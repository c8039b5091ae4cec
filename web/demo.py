"""`oncall demo`: the whole product on this machine with four people, simulated phones and a clock to move."""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import click

from oncall import accounts, sources
from oncall.app import App
from oncall.clock import MovingClock, wall_clock
from oncall.example import example_policy
from oncall.running import engine_lock, running_engine
from oncall.start import Settings, assemble
from oncall.telling import configure_logs
from web.commands import host_option, listen, port_option, serve_pages

SOURCE = "demo"


class KeptClock(MovingClock):
    """A demo clock that stands where it was left when the program starts again."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        ahead = float(kept.read_text(encoding="ascii")) if kept.exists() else 0.0
        super().__init__(wall_clock() + timedelta(seconds=ahead), runs_on=wall_clock)

    def move_to(self, instant: datetime) -> None:
        """Set the clock and remember how far from the wall it stands."""
        super().move_to(instant)
        ahead = (instant - wall_clock()).total_seconds()
        self._kept.write_text(f"{ahead:.3f}", encoding="ascii")


@click.command()
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".demo"),
    show_default=True,
    help="Where the demo keeps its policy, database and secrets.",
)
@host_option
@port_option
def demo(directory: Path, host: str, port: int) -> None:
    """Play with four simulated phones and a clock you can move; nothing leaves this machine."""
    configure_logs(quiet=True)
    settings = Settings.read(
        _config_in(directory, f"http://{host}:{port}"), _environment_in(directory)
    )
    with engine_lock(settings):
        app = assemble(settings, demo_clock=KeptClock(directory / "clock"), author="demo")
        server = listen(app, host, port)
        _print_welcome(app, directory)
        with running_engine(app):
            serve_pages(server, f"http://{host}:{port}")


def _config_in(directory: Path, url: str) -> Path:
    """Return the demo's policy file, written from the example the first time; its address is this one."""
    directory.mkdir(parents=True, exist_ok=True)
    config = directory / "config.yaml"
    text = config.read_text(encoding="utf-8") if config.exists() else example_policy()
    config.write_text(re.sub(r"(?m)^(\s+url:) \S+", rf"\1 {url}", text, count=1), encoding="utf-8")
    return config


def _environment_in(directory: Path) -> dict[str, str]:
    """Return an environment that touches nothing but the demo's own folder."""
    key = directory / "secret"
    if not key.exists():
        _write_secret(key, secrets.token_urlsafe(32))
    return {"ONCALL_SECRET_KEY": key.read_text(encoding="ascii")}


def _print_welcome(app: App, directory: Path) -> None:
    url = app.shelf.current.company.url
    token = directory / "token"
    now = accounts.now_for(app)
    with app.sessions.begin() as session:
        if not token.exists():
            _write_secret(token, sources.add(session, SOURCE, by="demo", now=now))
        invites = {
            person: accounts.invite(session, app, person, now)
            for person in app.shelf.current.people
        }
    click.echo(f"\n  The phones:  {url}/simulator\n")
    click.echo("  Wake the holder from another terminal:\n")
    click.echo(f'    curl {url}/api/v1/tickets -H "Authorization: Bearer $(cat {token})" \\')
    click.echo('      --json \'{"subject": "Door system down, guests locked out"}\'\n')
    click.echo("  Sign in (each link works once):\n")
    for person, path in invites.items():
        who = app.shelf.current.people[person]
        click.echo(f"    {who.name:<16} {who.role:<6} {url}{path}")
    click.echo("")


def _write_secret(path: Path, secret: str) -> None:
    # Created private: a file that is narrowed afterwards was readable for a moment.
    with open(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secret)
