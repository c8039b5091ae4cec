"""The ledger as files: a CSV for payroll, and everything an auditor needs to count it all again. Decides nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import rota
from oncall.app import App
from oncall.ledger import answers, book, extras, terms
from oncall.ledger.earning import Rules, Terms
from oncall.ledger.entries import Entry, Kind, days_text, hours_of
from oncall.policy.model import Policy
from oncall.tables import PostedTurn
from rotations.schedule import Shift

COLUMNS = (
    "person_id", "name", "date", "kind", "days", "hours", "lot", "expires", "shift_start", "shift_end",
    "reason", "rule_version", "approved_by",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(entries: Iterable[Entry], policy: Policy) -> str:
    """Return entries as a CSV with a header line; dates are local to each person, shifts in UTC."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        own = terms.own(policy, entry.person)
        writer.writerow(
            (
                entry.person,
                _harmless(entry.name),
                entry.at.astimezone(own.zone).date().isoformat(),
                entry.kind.value,
                days_text(entry.amount),
                f"{hours_of(entry.amount, own.workday_hours):.2f}",
                entry.lot,
                entry.expires.isoformat() if entry.expires else "",
                _instant(entry.turn_start),
                _instant(entry.turn_end),
                _harmless(reason_of(entry)),
                entry.rule_version,
                entry.actor,
            )
        )
    return text.getvalue()


def reason_of(entry: Entry) -> str:
    """Return why an entry is there in a few English words."""
    return _REASONS[entry.kind](entry)


def audit_files(session: Session, app: App) -> dict[str, str]:
    """Return the files (name -> content) from which somebody else can count the whole ledger again."""
    turns = session.scalars(select(PostedTurn).order_by(PostedTurn.ends_at)).all()
    start = min((turn.starts_at for turn in turns), default=app.clock()) - extras.LOOK_BACK
    end = max((turn.ends_at for turn in turns), default=app.clock())
    shifts = rota.roster_at(session, app.shelf.current).final_schedule(start, end)
    versions = {turn.policy_version_id for turn in turns}
    rules = {
        str(version): plain_rules(
            terms.rules_of(app.shelf.version(session, version)), start.date(), end.date()
        )
        for version in sorted(versions)
    }
    posted = [
        (turn.rotation, turn.starts_at, turn.ends_at, turn.policy_version_id) for turn in turns
    ]
    return {
        "ledger.csv": as_csv(book.entries(session), app.shelf.current),
        "schedule.json": as_json([plain_shift(shift) for shift in shifts]),
        "pages.csv": pages_csv(answers.between(session, start, end)),
        "rules.json": as_json({"versions": rules, "turns": [plain_turn(*one) for one in posted]}),
    }


def as_json(plain: Any) -> str:
    """Return plain values as readable JSON."""
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def pages_csv(answered: Iterable[extras.Answer]) -> str:
    """Return who answered pages when, as a CSV."""
    lines = [f"{one.person},{_instant(one.at)}" for one in answered]
    return "\n".join(["person_id,answered_at", *lines]) + "\n"


def plain_turn(rotation: str, start: datetime, end: datetime, version: int) -> dict[str, Any]:
    """Return a posted turn as plain values."""
    return {
        "rotation": rotation,
        "start": _instant(start),
        "end": _instant(end),
        "version": str(version),
    }


def plain_shift(shift: Shift) -> dict[str, Any]:
    """Return a shift of the final schedule as plain values."""
    return {
        "rotation": shift.rotation,
        "role": shift.role,
        "person": shift.person,
        "start": _instant(shift.start),
        "end": _instant(shift.end),
        "turn_start": _instant(shift.turn_start),
        "turn_end": _instant(shift.turn_end),
        "planned": shift.planned,
        "override": shift.override,
    }


def plain_rules(rules: Rules, first: date, last: date) -> dict[str, Any]:
    """Return the rules of one version as plain values, with every holiday from `first` to `last` written out."""
    return {
        "per_week": rules.per_week,
        "backup_per_week": rules.backup_per_week,
        "small_help_seconds": int(rules.small_help.total_seconds()),
        "rotations": list(rules.rotations),
        "zones": {name: str(zone) for name, zone in rules.zones.items()},
        "people": {person: _plain_terms(own, first, last) for person, own in rules.terms.items()},
    }


def _plain_terms(own: Terms, first: date, last: date) -> dict[str, Any]:
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return {
        "zone": str(own.zone),
        "earns": own.earns,
        "holidays": [day.isoformat() for day in days if day in own.holidays],
        "per_holiday": own.per_holiday,
        "per_night": own.per_night,
        "most_extras": own.most_extras,
        "night": list(own.night),
    }


def _instant(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}" if instant else ""


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking what somebody wrote for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _held(entry: Entry) -> str:
    hours, whole = (int(entry.facts.get(key, 0)) / 3600 for key in ("seconds", "of"))
    others = ", ".join(
        f"{who} {int(seconds) / 3600:.2f} h" for who, seconds, _ in entry.facts.get("others", ())
    )
    role = "backup for" if entry.role == "backup" else "held"
    return f"{role} {hours:.2f} of {whole:.2f} h of {entry.rotation}" + (
        f"; {others}" if others else ""
    )


def _capped(entry: Entry, text: str) -> str:
    return f"{text} (weekly cap)" if "capped_from" in entry.facts else text


_REASONS: dict[Kind, Callable[[Entry], str]] = {
    Kind.EARNED: _held,
    Kind.HOLIDAY: lambda entry: _capped(entry, f"public holiday {entry.day} held"),
    Kind.NIGHT: lambda entry: _capped(entry, f"night of {entry.day} broken by a page"),
    Kind.ADJUSTMENT: lambda entry: entry.reason,
    Kind.TAKEN: lambda entry: f"day off from {entry.day} to {entry.facts.get('last', entry.day)}",
    Kind.EXPIRED: lambda entry: f"ran out on {entry.day}",
    Kind.PAID: lambda entry: " ".join(
        ("paid", entry.facts.get("month", ""), "at", entry.facts.get("rate", "-"), "a day")
    ),
    Kind.CARRIED: lambda entry: f"kept beyond {entry.day}",
    Kind.REVERSAL: lambda entry: f"reverses entry {entry.reverses}: hours changed after posting",
}
