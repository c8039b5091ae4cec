"""What people are told around their shifts, each thing once: reminders, the test, who has the phone. Moves no shift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import handoff, messages, notices, phone_tests, rota
from oncall.app import App
from oncall.duties import Duty, duties
from oncall.errors import NotFound
from oncall.readiness import ALARM_BEFORE
from oncall.roster import Roster
from oncall.swaps.leads import leads_of
from oncall.tables import PhoneTest, ShiftNotice
from rotations.schedule import BACKUP

NEAR = timedelta(hours=3)
"""A reminder so short before a shift asks for the charger, not for cover."""
LATE = timedelta(hours=3)
"""After a standstill of the program, what is so late is not said any more."""
ANSWER_TIME = timedelta(minutes=20)
"""A test has at least so long before a lead hears of its silence."""
NOTE_BEFORE = timedelta(hours=2)
SHORT = timedelta(hours=12)
"""Whoever held the phone for less is not asked for a note."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to say about one duty. `kind` tells it apart from the others."""

    kind: str
    duty: Duty

    @property
    def key(self) -> tuple[str, datetime, str, str]:
        """What makes it the same saying."""
        return (self.duty.rotation, self.duty.start, self.duty.person, self.kind)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that went out, for whoever follows the link in it."""

    kind: str
    rotation: str
    start: datetime
    person: str


def look(app: App, now: datetime) -> int:
    """Say everything that is due by `now` and was not said yet; return how much that was."""
    with app.sessions() as session:
        roster = rota.roster_at(session, app.shelf.current)
        due = [one for name in app.shelf.current.rotations for one in _due(roster, name, now)]
        said = _said(session, due)
        due = [one for one in due if one.key not in said]
        due = [one for one in due if one.kind != "test-alarm" or _is_silent(session, app, one, now)]
        due = [one for one in due if one.kind != "note" or not _has_note(session, one)]
    return sum(_say(app, roster, one, now) for one in due)


def told(session: Session, notice_id: int) -> Told:
    """Return what notice `notice_id` was about; raises `NotFound`."""
    row = session.get(ShiftNotice, notice_id)
    if row is None:
        raise NotFound("there is no such notice")
    return Told(row.kind, row.rotation, row.starts_at, row.person)


def _due(roster: Roster, rotation: str, now: datetime) -> Iterator[Saying]:
    rules = roster.policy.rotations[rotation]
    ahead = max((*rules.reminders, rules.readiness_test, NOTE_BEFORE))
    for duty in duties(roster, rotation, now - LATE, now + ahead + timedelta(seconds=1)):
        yield from _before(duty, rules.reminders, rules.readiness_test, now)
        yield from _around(duty, now)


def _before(
    duty: Duty, reminders: tuple[timedelta, ...], test: timedelta, now: datetime
) -> Iterator[Saying]:
    left = duty.start - now
    if left <= timedelta(0):
        return
    # Of several that are due only the last one helps; and who took a shift just now knows of it.
    passed = [before for before in reminders if left <= before]
    if passed and min(passed) - left <= min(LATE * 4, min(passed) / 2):
        yield Saying(f"reminder:{min(passed) // timedelta(seconds=1)}", duty)
    if test and left <= test:
        yield Saying("test", duty)
    if test and left <= ALARM_BEFORE:
        yield Saying("test-alarm", duty)


def _around(duty: Duty, now: datetime) -> Iterator[Saying]:
    if duty.before and timedelta(0) <= now - duty.start < LATE and now < duty.end:
        yield Saying("begins", duty)
    if duty.after and timedelta(0) <= now - duty.end < LATE:
        yield Saying("ended", duty)
    if duty.after and duty.length >= SHORT and timedelta(0) < duty.end - now <= NOTE_BEFORE:
        yield Saying("note", duty)


def _said(session: Session, due: list[Saying]) -> set[tuple[str, datetime, str, str]]:
    if not due:
        return set()
    rows = session.execute(
        select(
            ShiftNotice.rotation, ShiftNotice.starts_at, ShiftNotice.person, ShiftNotice.kind
        ).where(ShiftNotice.starts_at.in_({one.duty.start for one in due}))
    )
    return {(row.rotation, row.starts_at, row.person, row.kind) for row in rows}


def _is_silent(session: Session, app: App, saying: Saying, now: datetime) -> bool:
    test = session.scalars(
        select(PhoneTest).where(
            PhoneTest.person == saying.duty.person,
            PhoneTest.rotation == saying.duty.rotation,
            PhoneTest.starts_at == saying.duty.start,
        )
    ).first()
    if test is None:
        # Without a number no test goes out, and nothing will wake.
        return not messages.address_of(app.shelf.current, saying.duty.person, Channel.CALL)
    return test.answered_at is None and now - test.sent_at >= ANSWER_TIME


def _has_note(session: Session, saying: Saying) -> bool:
    return handoff.exists(session, saying.duty.rotation, saying.duty.end)


def _say(app: App, roster: Roster, saying: Saying, now: datetime) -> bool:
    """Say one thing, in a transaction of its own; False when another engine was quicker."""
    duty, (kind, _, _) = saying.duty, saying.kind.partition(":")
    try:
        with app.sessions.begin() as session:
            row = ShiftNotice(
                rotation=duty.rotation,
                starts_at=duty.start,
                person=duty.person,
                kind=saying.kind,
                at=now,
            )
            session.add(row)
            session.flush()
            _SAYINGS[kind](_Telling(session, app, roster, duty, f"/n/{row.id}", now, saying.kind))
    except IntegrityError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Telling:
    session: Session
    app: App
    roster: Roster
    duty: Duty
    path: str
    now: datetime
    kind: str

    @property
    def backup(self) -> str:
        shift = self.roster.holder_at(self.duty.rotation, self.duty.start, BACKUP)
        return shift.person if shift else ""

    def awake(self, latest: datetime) -> datetime:
        """Return now, or the morning of whoever is told where that is before `latest`."""
        due = notices.when_awake(self.app.shelf.current, self.duty.person, self.now)
        return due if due < latest else self.now

    def tell(self, person: str, text: str, due: datetime, **facts: str) -> None:
        notices.tell(self.session, self.app, person, text, now=due, path=self.path, **facts)


def _remind(telling: _Telling) -> None:
    duty = telling.duty
    before = timedelta(seconds=int(telling.kind.partition(":")[2]))
    if before <= NEAR:
        telling.tell(
            duty.person,
            "turn-near",
            telling.now,
            start=duty.start.isoformat(),
            backup=telling.backup,
        )
        return
    telling.tell(
        duty.person,
        "turn-reminder",
        telling.awake(duty.start),
        start=duty.start.isoformat(),
        end=duty.end.isoformat(),
    )


def _test(telling: _Telling) -> None:
    duty = telling.duty
    due = telling.awake(duty.start - ALARM_BEFORE)
    shift = phone_tests.Shift(duty.rotation, duty.start)
    phone_tests.send(telling.session, telling.app, duty.person, now=due, shift=shift)


def _test_alarm(telling: _Telling) -> None:
    duty = telling.duty
    for lead in leads_of(telling.app.shelf.current, duty.rotation, but=(duty.person,)):
        telling.tell(
            lead,
            "test-unanswered",
            telling.now,
            name=duty.person,
            start=duty.start.isoformat(),
        )


def _begins(telling: _Telling) -> None:
    duty = telling.duty
    has_note = handoff.exists(telling.session, duty.rotation, duty.start)
    telling.tell(
        duty.person,
        "turn-begins",
        telling.now,
        end=duty.end.isoformat(),
        backup=telling.backup,
        open=str(handoff.open_tickets(telling.session)),
        name=(duty.before or "") if has_note else "",
    )


def _ended(telling: _Telling) -> None:
    duty = telling.duty
    wants_note = duty.length >= SHORT and not handoff.exists(
        telling.session, duty.rotation, duty.end
    )
    due = notices.when_awake(telling.app.shelf.current, duty.person, telling.now)
    notices.tell(
        telling.session,
        telling.app,
        duty.person,
        "turn-ended",
        now=due,
        name=duty.after or "",
        path=telling.path if wants_note else "",
    )


def _note(telling: _Telling) -> None:
    duty = telling.duty
    telling.tell(
        duty.person,
        "note-due",
        telling.now,
        start=duty.end.isoformat(),
        name=duty.after or "",
    )


_SAYINGS: dict[str, Callable[[_Telling], None]] = {
    "reminder": _remind,
    "test": _test,
    "test-alarm": _test_alarm,
    "begins": _begins,
    "ended": _ended,
    "note": _note,
}
