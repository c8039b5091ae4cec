"""Home and Rota, served to a signed-in person of a company of 200, with no history and with five years of it."""

from __future__ import annotations

import http.client
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import waitress
from flask import Flask, render_template_string
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from oncall import accounts
from oncall.tables import (
    Leave,
    Override,
    PublishedTurn,
    RequestAnswer,
    RequestHours,
    RotaChange,
    ShiftRequest,
    Ticket,
)
from tests.serving import running, serving
from tests.site import csrf_token
from tests.world import World, a_world

PEOPLE = 200
YEARS = 5
CALLS = 300
NOW = datetime(2031, 1, 11, 1, tzinfo=UTC)
PAGES = ("/", "/rota", "/rota?view=year")
WEEK = timedelta(weeks=1)
COMPANY = """
company: {{ name: Acme, timezone: Europe/Bucharest }}
people:
{people}
teams:
  support: {{ members: [{names}] }}
calendars:
  office: {{ open: {{ mon-fri: "09:00-18:00" }}, holidays: {{ country: RO }} }}
rotations:
  phone: {{ team: support, order: [{names}], starts: "2026-01-05", handoff: mon 09:00, calendar: office }}
urgency: [{{ name: all, otherwise: urgent }}]
escalation:
  urgent: {{ steps: {{ to: phone, wait: 5m }} }}
  normal: {{ office_hours: {{ to: phone, by: sms }} }}
"""
YARDSTICK = """<!doctype html><title>{{ rows|length }}</title><ul>
{% for row in rows %}<li class="row"><a href="/x/{{ row }}"><b>{{ row }}</b> <span>{{ "Name %s"|format(row) }}</span>
</a></li>
{% endfor %}</ul>"""


@dataclass(frozen=True, slots=True)
class Served:
    """One page as it was served: milliseconds, bytes, questions to the database."""

    p50: float
    p99: float
    size: int
    questions: int


def main() -> None:
    """Print a line per page: without history, with five years of it, and the yardstick page of the same run."""
    say(f"\nPages of a company of {PEOPLE}, ms per request ({CALLS} each)")
    rod = yardstick()
    say(f"  yardstick page        p50 {rod.p50:5.1f}  p99 {rod.p99:5.1f}")
    young, old = (served(fill) for fill in (lambda _world: None, five_years))
    for path in PAGES:
        for name, found in (("no history", young[path]), (f"{YEARS} years", old[path])):
            say(
                f"  {path:<16} {name:<11} p50 {found.p50:5.1f}  p99 {found.p99:5.1f}"
                f"  {found.size / 1000:4.0f} KB  {found.questions} questions"
            )
        say(f"  {path:<16} x{old[path].p50 / young[path].p50:.2f} with history")


def served(fill: Callable[[World], None]) -> dict[str, Served]:
    """Serve the pages of a company after `fill` gave it its history."""
    names = [f"p{number}" for number in range(PEOPLE)]
    people = "\n".join(
        f'  {name}: {{ name: {name.upper()} Person, phone: "+1202{5550100 + number:07}", role: admin }}'
        for number, name in enumerate(names)
    )
    policy = COMPANY.format(people=people, names=", ".join(names))
    with (
        tempfile.TemporaryDirectory() as folder,
        a_world(f"sqlite:///{Path(folder) / 'pages.db'}", text=policy, at=NOW) as world,
    ):
        fill(world)
        with serving(world.app) as url, browser(url) as client:
            sign_in(world, client)
            return {path: timed(world, client, path) for path in PAGES}


def timed(world: World, client: Client, path: str) -> Served:
    for _ in range(5):
        client.get(path)
    with counted(world) as questions:
        size = len(client.get(path))
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        client.get(path)
        times.append(1000 * (time.perf_counter() - start))
    return Served(statistics.median(times), sorted(times)[int(CALLS * 0.99)], size, len(questions))


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """Yield the statements that reach the database meanwhile."""
    found: list[str] = []
    engine = world.app.sessions.kw["bind"]

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


class Client:
    """A browser that keeps its connection and its cookie."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
        self.cookie = ""

    def get(self, path: str) -> str:
        return self._ask("GET", path)

    def post(self, path: str, body: str) -> str:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        words = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).partition(";")[0]
        return words


@contextmanager
def browser(url: str) -> Iterator[Client]:
    client = Client(url)
    yield client
    client.connection.close()


def sign_in(world: World, client: Client) -> None:
    with world.app.sessions.begin() as session:
        path = accounts.invite(session, world.app, "p3", accounts.now_for(world.app))
    token = csrf_token(client.get(path))
    client.post(path, f"csrf_token={token}&skip=yes")


def five_years(world: World) -> None:
    """Write down five years: published turns, two covers a week, questions, leave, solved tickets."""
    lot = random.Random(5)
    first = datetime(2026, 1, 5, 7, tzinfo=UTC)
    weeks = [first + number * WEEK for number in range(YEARS * 52 + 26)]
    with world.app.sessions.begin() as session:
        world.app.shelf.accept(session, author="bench", now=world.clock())
        session.execute(
            insert(RotaChange),
            [
                {"id": 1 + n, "at": week, "actor": "p0", "kind": "cover", "rotation": "phone"}
                for n, week in enumerate(weeks * 2)
            ],
        )
        turns(session, weeks)
        covers(session, weeks, lot)
        questions(session, weeks)
        away(session, lot, first)
        solved(session, world, weeks)
        session.execute(text("analyze"))


def turns(session: Session, weeks: list[datetime]) -> None:
    session.execute(
        insert(PublishedTurn),
        [
            {
                "rotation": "phone",
                "starts_at": week,
                "ends_at": week + WEEK,
                "holder": f"p{number % PEOPLE}",
                "reason": {"primary": f"p{number % PEOPLE} holds it"},
                "change_id": 1,
            }
            for number, week in enumerate(weeks)
        ],
    )


def covers(session: Session, weeks: list[datetime], lot: random.Random) -> None:
    session.execute(
        insert(Override),
        [
            {
                "rotation": "phone",
                "role": "holder",
                "person": f"p{lot.randrange(PEOPLE)}",
                "starts_at": week + timedelta(hours=lot.randrange(60)),
                "ends_at": week + timedelta(hours=60 + lot.randrange(100)),
                "change_id": 1,
            }
            for week in weeks[: YEARS * 52]
            for _ in range(2)
        ],
    )


def questions(session: Session, weeks: list[datetime]) -> None:
    for number, week in enumerate(weeks[: YEARS * 52], 1):
        row = ShiftRequest(
            id=number,
            kind="cover",
            rotation="phone",
            asker=f"p{number % PEOPLE}",
            made_by=f"p{number % PEOPLE}",
            state="done",
            made_at=week,
            expires_at=week,
        )
        session.add(row)
        session.flush()
        session.add(
            RequestHours(request_id=number, person=row.asker, starts_at=week, ends_at=week + WEEK)
        )
        session.execute(
            insert(RequestAnswer),
            [
                {
                    "request_id": number,
                    "person": f"p{other}",
                    "token": f"{number}-{other}",
                    "link_digest": f"{number}-{other}",
                    "state": "asked",
                }
                for other in range(0, PEOPLE, 10)
            ],
        )


def away(session: Session, lot: random.Random, first: datetime) -> None:
    session.execute(
        insert(Leave),
        [
            {
                "person": f"p{person}",
                "starts_at": (start := first + timedelta(days=lot.randrange(YEARS * 365))),
                "ends_at": start + timedelta(days=lot.randrange(1, 15)),
                "kind": "leave",
                "made_at": first,
                "made_by": f"p{person}",
            }
            for person in range(PEOPLE)
            for _ in range(YEARS * 4)
        ],
    )


def solved(session: Session, world: World, weeks: list[datetime]) -> None:
    policy = world.app.shelf.current_id()
    session.execute(
        insert(Ticket),
        [
            {
                "source": "bench",
                "source_id": str(number),
                "subject": "Door system down",
                "urgency": "urgent",
                "rule": "all",
                "policy_version_id": policy,
                "state": "resolved",
                "round_started_at": week,
                "opened_at": week,
                "resolved_at": week + timedelta(hours=1),
                "resolved_by": "p1",
            }
            for number, week in enumerate(weeks[: YEARS * 52] * 8)
        ],
    )


def yardstick() -> Served:
    """A page of 40 rows in the plainest Flask: one question, one template, the same server and client."""

    flask_app = Flask("yardstick")

    @flask_app.get("/")
    def show() -> str:
        with world.app.sessions() as session:
            session.execute(text("select 1")).all()
        return render_template_string(YARDSTICK, rows=range(40))

    with (
        tempfile.TemporaryDirectory() as folder,
        a_world(f"sqlite:///{Path(folder) / 'yard.db'}") as world,
    ):
        server = waitress.create_server(flask_app, host="127.0.0.1", port=0, threads=4)
        with running(server) as port, browser(f"http://127.0.0.1:{port}") as client:
            return timed(world, client, "/")


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
