"""Run every bench and print one table: product, yardstick, goal. Judges nothing by itself."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from oncall.policy.load import parse
from oncall.roster import roster_of
from tests.bench import pages, planning, processes, schedule
from tests.bench.load import Figures, measure
from tests.postgres import private_cluster
from tests.world import EXAMPLE

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
IMPORTS = (
    "import web.commands, notifiers.sms, notifiers.voice, notifiers.mail, holidays.countries;"
    " import apscheduler.schedulers.background;"
    " import time; time.sleep(60)"
)


def main() -> None:
    """Run the benches one after the other."""
    say(f"Bench: {os.cpu_count()} cores, {SECONDS:.0f} s per load")
    loads()
    idle()
    command_line()
    library()
    schedule.main()
    pages.main()
    planning.main()


def loads() -> None:
    """Urgent ticket POST to provider request, at 2/s and 50/s, beside the yardstick of the same minute."""
    with tempfile.TemporaryDirectory() as name, private_cluster(durable=True) as cluster:
        folder = Path(name)
        for rate in (2, 50):
            say(f"\nPOST to provider request at {rate}/s")
            with yardstick(folder / f"yard-{rate}.db") as (port, vendor):
                rod = measure(port, vendor, rate=rate, seconds=SECONDS, token="none")
            say(f"  yardstick   {rod}")
            urls = {
                "sqlite": f"sqlite:///{folder / f'bench-{rate}.db'}",
                "postgresql": cluster.new_database(),
            }
            for kind, url in urls.items():
                with product(folder, url, recipients=round(rate * SECONDS)) as running:
                    figures = measure(
                        running.port,
                        running.vendor_port,
                        rate=rate,
                        seconds=SECONDS,
                        token=running.token,
                    )
                show(kind, figures, rod)


def show(kind: str, figures: Figures, rod: Figures) -> None:
    """Print a line with the ratio to the yardstick."""
    ratios = f"x{figures.p50 / rod.p50:.1f} / x{figures.p99 / rod.p99:.1f} of the yardstick"
    say(f"  {kind:<11} {figures}   {ratios}")


def idle() -> None:
    """Processor and memory of `oncall serve` with nothing to do, beside a process that only imports."""
    with (
        tempfile.TemporaryDirectory() as name,
        product(Path(name), f"sqlite:///{name}/idle.db") as running,
    ):
        with processes.running("-c", IMPORTS) as imports_pid:
            time.sleep(5)
            imports = processes.resident_mb(imports_pid)
        before, start = processes.cpu_seconds(running.pid), time.monotonic()
        time.sleep(SECONDS)
        share = 100 * (processes.cpu_seconds(running.pid) - before) / (time.monotonic() - start)
        say("\nIdle `oncall serve`")
        resident = processes.resident_mb(running.pid)
        say(
            f"  {share:.2f} % of a core, {resident:.0f} MB resident; imports alone {imports:.0f} MB"
        )


def command_line() -> None:
    """Wall time of commands, each as a whole process; the median of nine after one warm-up."""
    say("\nCommands, wall ms (median of 9)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, "-m", "oncall", "init", name], check=True, capture_output=True
        )
        for words in ("--version", "--help", "who", "check", "people list", "sources list"):
            times = [wall_ms(words.split(), folder) for _ in range(10)][1:]
            say(f"  oncall {words:<14} {statistics.median(times):6.0f}")


def wall_ms(words: list[str], folder: Path) -> float:
    """Return how long one command took, in milliseconds."""
    env = {**os.environ, "ONCALL_CONFIG": str(folder / "config.yaml")}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "oncall", *words], env=env, check=True, capture_output=True
    )
    return 1000 * (time.perf_counter() - start)


def library() -> None:
    """Who holds at T, as a library call."""
    roster = roster_of(parse(EXAMPLE.read_text(encoding="utf-8")).policy)
    first = datetime(2026, 2, 1, tzinfo=UTC)
    instants = [first + timedelta(minutes=37 * number) for number in range(10_000)]
    roster.watch_at("emergency-phone", instants[-1])
    start = time.perf_counter()
    for instant in instants:
        roster.watch_at("emergency-phone", instant)
    say(f"\nWho holds at T: {len(instants) / (time.perf_counter() - start):,.0f} calls/s")


@dataclass(frozen=True, slots=True)
class Running:
    """A running product: its port, its provider's port, its process and a source's token."""

    port: int
    vendor_port: int
    pid: int
    token: str


@contextmanager
def product(folder: Path, database_url: str, recipients: int = 0) -> Iterator[Running]:
    """Run `oncall serve` on the bench company, where so many tickets have a recipient of their own."""
    port, vendor_port = processes.free_port(), processes.free_port()
    config = processes.write_company(
        folder, port=port, vendor_port=vendor_port, recipients=recipients
    )
    env = processes.environment(config, database_url)
    # The token comes first, as an admin would do it: the program that serves finds its database ready.
    made = subprocess.run(
        [sys.executable, "-m", "oncall", "sources", "add", "bench"],
        env={**os.environ, **env},
        check=True,
        capture_output=True,
        text=True,
    )
    serve = ("-m", "oncall", "serve", "--port", str(port))
    with vendor(vendor_port), processes.running(*serve, ready=port, env=env, path="/readyz") as pid:
        yield Running(port, vendor_port, pid, made.stdout.strip())


@contextmanager
def yardstick(database: Path) -> Iterator[tuple[int, int]]:
    """Run the yardstick; yield its port and the provider's."""
    port, vendor_port = processes.free_port(), processes.free_port()
    module = ("-m", "tests.bench.yardstick", str(port), str(vendor_port), str(database))
    with vendor(vendor_port), processes.running(*module, ready=port, path="/readyz"):
        yield port, vendor_port


@contextmanager
def vendor(port: int) -> Iterator[None]:
    """Run the provider that answers at once."""
    with processes.running("-m", "tests.bench.vendor", str(port), ready=port, path="/arrivals"):
        yield


def say(line: str) -> None:
    """Print at once: a bench is watched while it runs."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
