"""The final schedule: who holds at an instant, and a year of a hundred rotations with covers laid over them.

Run alone: `python -m tests.bench.schedule`.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from rotations.schedule import HOLDER, Override, Schedule
from rotations.turns import Cadence, RoundRobin

START = datetime(2026, 1, 5, 7, tzinfo=UTC)
YEAR = timedelta(days=365)
PEOPLE = ("ana", "bora", "maria", "omar", "lea", "sam", "tom", "ida")
ROTATIONS, COVERS, LOOKUPS = 100, 40, 200_000


def rotations(backup: str, seed: int) -> list[Schedule]:
    """Rotations by the week that nobody has asked anything yet, each with covers of two hours to three days."""
    random = Random(seed)
    cadence = Cadence(ZoneInfo("Europe/Bucharest"), date(2026, 1, 5), clock(9))
    return [
        Schedule(
            f"phone-{number}",
            RoundRobin(cadence, PEOPLE),
            backup=backup,
            overrides=[_cover(random, number) for number in range(COVERS)],
        )
        for number in range(ROTATIONS)
    ]


def _cover(random: Random, number: int) -> Override:
    start = START + timedelta(minutes=random.randrange(365 * 1440))
    end = start + timedelta(hours=random.choice((2, 12, 24, 72)))
    return Override(number, HOLDER, random.choice(PEOPLE), start, end)


def final_schedules(backup: str) -> tuple[float, int]:
    """Return milliseconds for a year of all rotations, asked for the first time (median of 7), and the shifts."""
    times, shifts = [], 0
    for seed in range(7):
        asked = rotations(backup, seed)
        start = time.perf_counter()
        shifts = sum(len(one.final_schedule(START, START + YEAR)) for one in asked)
        times.append(1000 * (time.perf_counter() - start))
    return median(times), shifts


def lookups() -> float:
    """Return how often a second `holder_at` answers, all over a year of one rotation with its covers."""
    schedule = rotations("previous", 0)[0]
    instants = [START + YEAR * number / LOOKUPS for number in range(LOOKUPS)]
    schedule.final_schedule(START, START + YEAR)
    start = time.perf_counter()
    for instant in instants:
        schedule.holder_at(instant)
    return LOOKUPS / (time.perf_counter() - start)


def main() -> None:
    """Print the figures."""
    say(f"\nThe final schedule, {ROTATIONS} rotations x 1 year x {COVERS} covers (goal 150 ms)")
    for backup in ("none", "previous"):
        milliseconds, shifts = final_schedules(backup)
        say(f"  backup {backup:<8} {milliseconds:6.0f} ms, {shifts:,} shifts")
    say(f"  holder_at {lookups():,.0f} lookups/s (goal 200,000)")


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
