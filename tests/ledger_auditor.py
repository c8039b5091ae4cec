"""Counts a whole ledger again from four exported files and says where it differs. Imports nothing of the product.

python tests/ledger_auditor.py FOLDER    with ledger.csv, schedule.json, pages.csv and rules.json in it
"""

from __future__ import annotations

import csv
import json
import sys
from bisect import bisect_left
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = 7 * 86_400
EPOCH_MONDAY = datetime(1970, 1, 5)  # noqa: DTZ001 (what a wall clock shows)
EARNED = ("earned", "holiday", "night", "reversal")


def second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def milli(text: str) -> int:
    whole, _, part = text.lstrip("-").partition(".")
    return (int(whole) * 1000 + int(part)) * (-1 if text.startswith("-") else 1)


def midnight(day: date, zone: ZoneInfo) -> int:
    # fold=0 is the first of two readings, and in a gap the reading before it: both are where the day begins.
    return int(datetime.combine(day, time(), zone).timestamp())


def joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def shared(start: int, end: int, others: list[tuple[int, int]]) -> int:
    return sum(max(0, min(end, b) - max(start, a)) for a, b in joined(others))


def worth(per_week: int, start: int, end: int, zone: ZoneInfo) -> int:
    def wall(at: int) -> int:
        shown = datetime.fromtimestamp(at, zone).replace(tzinfo=None)
        return (shown - EPOCH_MONDAY) // timedelta(seconds=1)

    first, last = wall(start), wall(end)
    weeks = round((last - first) / WEEK)
    if weeks and abs(last - first - weeks * WEEK) <= 7200:
        return weeks * per_week
    return (2 * per_week * last + WEEK) // (2 * WEEK) - (2 * per_week * first + WEEK) // (2 * WEEK)


def dealt(total: int, held: list[int]) -> list[int]:
    whole = sum(held)
    if not whole:
        return [0] * len(held)
    shares = [total * one // whole for one in held]
    left = [total * one % whole for one in held]
    for party in sorted(range(len(held)), key=lambda one: (-left[one], one))[: total - sum(shares)]:
        shares[party] += 1
    return shares


class Audit:
    """One version of the rules over the whole schedule."""

    def __init__(self, rules: dict, schedule: list[dict], pages: dict[str, list[int]]) -> None:
        self.rules, self.pages = rules, pages
        self.order = {name: place for place, name in enumerate(rules["rotations"])}
        self.shifts = [
            one for one in schedule if one["role"] != "shadow" and one["rotation"] in self.order
        ]
        covers: dict[tuple, int] = defaultdict(int)
        for one in self.shifts:
            one["s"], one["e"] = second(one["start"]), second(one["end"])
            covers[self.cover(one)] += one["e"] - one["s"]
        self.by_turn: dict[tuple, list[dict]] = defaultdict(list)
        self.by_person: dict[str, list[dict]] = defaultdict(list)
        for one in self.shifts:
            helps = one["override"] is not None and one["planned"] not in (None, one["person"])
            is_small = helps and covers[self.cover(one)] < rules["small_help_seconds"]
            one["to"] = one["planned"] if is_small else one["person"]
            self.by_turn[one["rotation"], one["turn_start"]].append(one)
            self.by_person[one["to"]].append(one)
        for mine in self.by_person.values():
            mine.sort(key=lambda one: one["s"])
        self.starts = {who: [one["s"] for one in mine] for who, mine in self.by_person.items()}
        self.turns: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for (rotation, text), here in self.by_turn.items():
            self.turns[rotation].append((second(text), second(here[0]["turn_end"]), text))
        for turns in self.turns.values():
            turns.sort()
        self.extras = self.count_extras()

    def cover(self, one: dict) -> tuple:
        return one["rotation"], one["turn_start"], one["role"], one["person"], one["override"]

    def near(self, who: str, start: int, end: int) -> list[dict]:
        """The shifts of `who` that touch [start, end); no shift is longer than the longest turn."""
        mine = self.by_person[who]
        upto = bisect_left(self.starts[who], end)
        found = []
        for one in reversed(mine[:upto]):
            if one["e"] > start:
                found.append(one)
            elif one["s"] < start - 60 * 86_400:
                break
        return found

    def rank(self, one: dict) -> tuple[bool, int]:
        return one["role"] == "backup", self.order[one["rotation"]]

    def shares(self, turn: dict) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        zone = ZoneInfo(self.rules["zones"][turn["rotation"]])
        for role, rate in (("holder", "per_week"), ("backup", "backup_per_week")):
            claims: dict[tuple[str, str], list[int]] = {}
            here = [
                one for one in self.by_turn[turn["rotation"], turn["start"]] if one["role"] == role
            ]
            for one in sorted(here, key=lambda one: (one["s"], one["to"])):
                before = [
                    (o["s"], o["e"])
                    for o in self.near(one["to"], one["s"], one["e"])
                    if self.rank(o) < self.rank(one)
                ]
                twice = shared(one["s"], one["e"], before)
                terms = self.rules["people"].get(one["to"])
                kind = "" if terms and terms["earns"] else "contract"
                for how, held in ((kind, one["e"] - one["s"] - twice), ("twice", twice)):
                    if held:
                        claims.setdefault((one["to"], how), [one["s"], 0])[1] += held
            parties = sorted(claims, key=lambda who: (claims[who][0], who[0], who[1]))
            total = worth(self.rules[rate], second(turn["start"]), second(turn["end"]), zone)
            for (who, how), share in zip(
                parties, dealt(total, [claims[p][1] for p in parties]), strict=True
            ):
                found[who] += share if not how else 0
        return found

    def count_extras(self) -> dict[tuple[str, str, str], int]:
        """(person, rotation, turn start) -> milli-days, after the weekly cap."""
        found: dict[tuple[str, str, str], int] = defaultdict(int)
        for who, terms in self.rules["people"].items():
            if not terms["earns"]:
                continue
            zone, left = ZoneInfo(terms["zone"]), {}
            for at, _kind, amount, home in sorted(
                [*self.holidays(who, terms, zone), *self.nights(who, terms, zone)]
            ):
                week = datetime.fromtimestamp(at, zone).isocalendar()[:2]
                given = min(amount, left.setdefault(week, terms["most_extras"]))
                left[week] -= given
                found[who, *home] += given
        return found

    def holidays(self, who: str, terms: dict, zone: ZoneInfo):
        if who not in self.by_person:
            return
        for text in terms["holidays"]:
            day = date.fromisoformat(text)
            start, end = midnight(day, zone), midnight(day + DAY, zone)
            held = [one for one in self.near(who, start, end) if one["role"] == "holder"]
            need = -(-(end - start) // 2)
            for a, b in joined([(max(start, one["s"]), min(end, one["e"])) for one in held]):
                if b - a >= need:
                    at = a + need - 1
                    home = min(
                        (o for o in held if o["s"] <= at < o["e"]),
                        key=lambda o: self.order[o["rotation"]],
                    )
                    yield (
                        at,
                        "holiday",
                        terms["per_holiday"],
                        (home["rotation"], home["turn_start"]),
                    )
                    break
                need -= b - a

    def nights(self, who: str, terms: dict, zone: ZoneInfo):
        begin, end = terms["night"]
        seen = set()
        for at in sorted(self.pages.get(who, ())):
            shown = datetime.fromtimestamp(at, zone)
            minute = shown.hour * 60 + shown.minute
            is_night = begin <= minute < end if begin < end else minute >= begin or minute < end
            night = shown.date() - DAY if begin > end and minute < end else shown.date()
            home = self.home(who, at)
            if not is_night or night in seen:
                continue
            seen.add(night)
            if home:
                yield at, "night", terms["per_night"], home

    def home(self, who: str, at: int) -> tuple[str, str] | None:
        mine = self.near(who, at, at + 1) if who in self.by_person else []
        if mine:
            best = min(mine, key=self.rank)
            return best["rotation"], best["turn_start"]
        for rotation in self.order:
            turns = self.turns[rotation]
            start, end, text = turns[max(0, bisect_left(turns, (at + 1,)) - 1)]
            if start <= at < end:
                return rotation, text
        return None


def audit(folder: Path) -> list[str]:
    """Return one line per fault; nothing when every balance is right."""
    rules = json.loads((folder / "rules.json").read_text(encoding="utf-8"))
    schedule = json.loads((folder / "schedule.json").read_text(encoding="utf-8"))
    pages: dict[str, list[int]] = defaultdict(list)
    with (folder / "pages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pages[row["person_id"]].append(second(row["answered_at"]))
    audits = {
        name: Audit(one, [dict(s) for s in schedule], pages)
        for name, one in rules["versions"].items()
    }
    due: dict[tuple[str, str, str], int] = defaultdict(int)
    for turn in rules["turns"]:
        counted = audits[turn["version"]]
        for who, amount in counted.shares(turn).items():
            due[who, turn["start"], turn["end"]] += amount
        for (who, rotation, start), amount in counted.extras.items():
            if (rotation, start) == (turn["rotation"], turn["start"]):
                due[who, turn["start"], turn["end"]] += amount
    return differences(folder, due)


def differences(folder: Path, due: dict[tuple[str, str, str], int]) -> list[str]:
    written: dict[tuple[str, str, str], int] = defaultdict(int)
    balances: dict[str, int] = defaultdict(int)
    counted: dict[str, int] = defaultdict(int)
    with (folder / "ledger.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            balances[row["person_id"]] += milli(row["days"])
            if row["kind"] in EARNED:
                written[row["person_id"], row["shift_start"], row["shift_end"]] += milli(
                    row["days"]
                )
            else:
                counted[row["person_id"]] += milli(row["days"])
    faults = [
        f"{who}, {start} to {end}: written {written.get((who, start, end), 0)}, counted {due.get((who, start, end), 0)}"
        for who, start, end in sorted({*written, *due})
        if written.get((who, start, end), 0) != due.get((who, start, end), 0)
    ]
    for (who, _start, _end), amount in due.items():
        counted[who] += amount
    faults += [
        f"{who}: balance {balances.get(who, 0)}, counted {counted.get(who, 0)}"
        for who in sorted({*balances, *counted})
        if balances.get(who, 0) != counted.get(who, 0)
    ]
    return faults


if __name__ == "__main__":
    found = audit(Path(sys.argv[1]))
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.stdout.write(f"{len(found)} differences\n")
    sys.exit(1 if found else 0)
