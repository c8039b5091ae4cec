"""Rotations drawn at random, as the oracle's rules, and the schedule that must agree with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from rotations.hours import OpenHours
from rotations.schedule import BACKUP, HOLDER, SHADOW, Override, Published, Schedule
from rotations.turns import Cadence, RoundRobin
from tests.rotations.schedule_oracle import Over, Rules, Turn

PEOPLE = ("ana", "bora", "maria", "omar", "lea", "sam")
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)


def schedule_of(rules: Rules, name: str = "phone") -> Schedule:
    """Return the schedule under judgement that follows `rules`."""
    (_, at), *further = rules.handoffs
    cadence = Cadence(rules.zone, rules.first_day, at, rules.days, tuple(further))
    return Schedule(
        name,
        RoundRobin(cadence, rules.order),
        backup=rules.backup
        if isinstance(rules.backup, str)
        else schedule_of(rules.backup, "behind"),
        published=[Published(*one) for one in rules.published],
        overrides=[Override(*one) for one in rules.overrides],
        cover=None if rules.weekly is None else OpenHours(rules.zone, rules.weekly),
        learners=rules.learners,
    )


def draw(random: Random, zone: ZoneInfo, middle: datetime, *, nested: bool = True) -> Rules:
    """Draw rules whose handoffs, published turns and overrides crowd around `middle`."""
    day = middle.astimezone(zone).date()
    days = random.choice((1, 1, 2, 3, 7))
    backups = ["none", "previous", "next", random.choice(PEOPLE)]
    own = draw(random, zone, middle, nested=False) if nested and random.random() < 0.25 else None
    return Rules(
        order=_order(random),
        zone=zone,
        first_day=_first_day(random, day, days),
        handoffs=_handoffs(random, days),
        days=days,
        backup=own or random.choice(backups),
        published=_published(random, middle),
        overrides=_overrides(random, middle),
        weekly=_weekly(random) if random.random() < 0.3 else None,
        learners=tuple(random.sample(PEOPLE, random.choice((0, 0, 1, 2, 3)))),
    )


def _order(random: Random) -> tuple[str, ...]:
    """Somebody may stand in the order twice, or alone."""
    return tuple(random.choice(PEOPLE) for _ in range(random.choice((1, 2, 3, 4, 5))))


def _first_day(random: Random, day: date, days: int) -> date:
    """Mostly long before, sometimes just now or soon."""
    return day - timedelta(days=random.choice((days * random.randrange(3, 20), 1, 0, -1)))


def _handoffs(random: Random, days: int) -> tuple[tuple[int, time], ...]:
    """One to three handoffs in the first two thirds of a period, six hours apart at least."""
    slots = random.sample(range(max(4, days * 3)), random.choice((1, 1, 2, 3)))
    walls = [
        (slot // 4, time(slot % 4 * 6 + random.randrange(3), _minute(random))) for slot in slots
    ]
    first = min(walls)[0]
    return tuple((offset - first, at) for offset, at in sorted(walls))


def _minute(random: Random) -> int:
    return random.choice((0, 0, 15, 30, 45))


def _instant(random: Random, middle: datetime) -> datetime:
    """An instant within three days of `middle`, often within hours, on a quarter of an hour."""
    reach = random.choice((12, 12, 288))
    quarter = datetime.fromtimestamp(middle.timestamp() // 900 * 900, UTC)
    return quarter + random.randrange(-reach, reach) * QUARTER


def _published(random: Random, middle: datetime) -> tuple[Turn, ...]:
    found = []
    for _ in range(random.choice((0, 0, 1, 3))):
        start = _instant(random, middle)
        holder = random.choice((*PEOPLE, None))
        backup = random.choice((*PEOPLE[:3], None, None, None))
        found.append(Turn(start, start + random.randrange(1, 200) * QUARTER, holder, backup))
    return tuple(found)


def _overrides(random: Random, middle: datetime) -> tuple[Over, ...]:
    found = []
    for number in range(random.choice((0, 1, 3, 6))):
        start = _instant(random, middle)
        role = random.choice((HOLDER, HOLDER, HOLDER, BACKUP, SHADOW))
        end = start + random.randrange(1, 150) * QUARTER
        found.append(Over(number + 1, role, random.choice(PEOPLE), start, end))
    random.shuffle(found)
    return tuple(found)


def _weekly(random: Random) -> tuple[tuple[tuple[int, int], ...], ...]:
    return tuple(
        tuple(
            (start * 15, end * 15)
            for start, end in random.choice(
                (((0, 96),), ((0, 24), (72, 96)), ((8, 12), (12, 20)), ((9, 11),), ())
            )
        )
        for _ in range(7)
    )
