"""Ask colleagues to take hours of the phone, or to exchange them; take the question back. Moves no shift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from oncall import links, messages, notices, rota, timeline
from oncall.app import App
from oncall.errors import Conflict
from oncall.policy.model import Swaps
from oncall.roster import Roster, Span
from oncall.swaps import rules, store
from oncall.swaps.gains import gains
from oncall.swaps.leads import is_lead
from oncall.swaps.rules import Concern, Take
from oncall.tables import RequestAnswer, RequestHours, ShiftRequest
from rotations.schedule import HOLDER, Shift


class Refused(Conflict):
    """It cannot be done as things stand: `concerns` says why, `instead` may name hours for which it could."""

    def __init__(self, concerns: Iterable[Concern], instead: Shift | None = None) -> None:
        self.concerns = tuple(concerns)
        self.instead = instead
        super().__init__(", ".join(concern.code for concern in self.concerns), "refused")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `give` are the asker's hours; with `choices` it is a trade for one of them.

    A choice is one colleague's hours that would be taken in return, all of them together. `whom` empty: everyone who
    can; for a trade the people whose hours are among the choices.
    """

    rotation: str
    asker: str
    give: tuple[Span, ...]
    choices: tuple[tuple[Take, ...], ...] = ()
    whom: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague who could be asked, with what speaks against it."""

    person: str
    concerns: tuple[Concern, ...]

    @property
    def is_able(self) -> bool:
        """Whether nothing forbids it."""
        return not rules.blocks(self.concerns)


def candidates(
    roster: Roster, rotation: str, asker: str, hours: Sequence[Span], now: datetime
) -> tuple[Candidate, ...]:
    """Return everybody of the rota but the asker, those with the least against them first."""
    found = [
        Candidate(
            person,
            rules.concerns(roster, rotation, tuple(Take(person, one) for one in hours), now),
        )
        for person in roster.crew(rotation)
        if person != asker
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_able, len(one.concerns))))


def ask(session: Session, app: App, question: Question, *, by: str, now: datetime) -> int:
    """Store the question and tell everybody asked; return the request's id.

    `by` is the asker or a lead in their name, who says why. Raises `Refused`, or `Conflict` with words.
    """
    rota.lock(session)
    roster = rota.roster_at(session, app.shelf.current)
    _demand_right(app, question, by)
    _demand_hours(roster, question, now)
    whom = _whom(roster, question, now)
    settings = roster.policy.rotations[question.rotation].swaps
    span = (min(start for start, _ in question.give), max(end for _, end in question.give))
    row = ShiftRequest(
        kind="trade" if question.choices else "cover",
        rotation=question.rotation,
        asker=question.asker,
        made_by=by,
        reason=question.reason.strip(),
        to_everyone=not question.whom and not question.choices,
        made_at=now,
        expires_at=_expiry(now, span, settings),
    )
    session.add(row)
    session.flush()
    _store_hours(session, row.id, question)
    for person in whom:
        _ask_one(session, app, row, person, now)
    timeline.audit(
        session, now, by, "swap.asked", request=row.id, kind=row.kind, asker=question.asker
    )
    return row.id


def withdraw(session: Session, app: App, request_id: int, *, by: str, now: datetime) -> None:
    """Take a question back; those who were asked are told. Raises `Conflict` when it is answered already."""
    row = store.locked(session, request_id)
    _demand_own(app, row, by)
    if row.state not in store.LIVING:
        raise Conflict("this question is closed already; nothing was changed", "closed")
    store.close(session, row, "withdrawn", by=by, now=now)
    for person in store.asked(session, row.id):
        notices.tell(
            session, app, person, "swap-gone", now=now, name=row.asker, **store.facts(session, row)
        )
    timeline.audit(session, now, by, "swap.withdrawn", request=row.id)


def _demand_right(app: App, question: Question, by: str) -> None:
    if by == question.asker:
        return
    if not is_lead(app.shelf.current, by):
        raise Conflict("only the holder or a lead may ask for these hours", "not-your-hours")
    if len(question.reason.strip()) < 3:
        raise Conflict(
            "write why you ask in somebody else's name; they will read it", "why-for-another"
        )


def _demand_own(app: App, row: ShiftRequest, by: str) -> None:
    if by not in (row.asker, row.made_by) and not is_lead(app.shelf.current, by):
        raise Conflict("only whoever asked, or a lead, may do that", "only-asker")


def _demand_hours(roster: Roster, question: Question, now: datetime) -> None:
    """Everything asked about must be held by whom it is said to be, and lie ahead."""
    instead = roster.next_shift_of(question.asker, now)
    gives = [Take(question.asker, hours) for hours in question.give]
    wants = [take for choice in question.choices for take in choice]
    if not gives:
        raise Conflict("choose the hours you want to give away", "no-hours")
    for take in (*gives, *wants):
        if take.hours[1] <= now or take.hours[0] >= take.hours[1]:
            code = "past" if take.hours[1] <= now else "no-time"
            raise Refused([Concern(code, take.person, True, *take.hours)], instead)
        if not holds_all(roster, question.rotation, take, now):
            raise Refused([Concern("not-yours", take.person, True, *take.hours)], instead)


def holds_all(roster: Roster, rotation: str, take: Take, now: datetime) -> bool:
    """Say whether `take.person` holds every hour of it that is still to come."""
    start = max(take.hours[0], now)
    shifts = [
        shift
        for shift in roster.final_schedule(start, take.hours[1], rotation)
        if shift.role == HOLDER
    ]
    return bool(shifts) and all(shift.person == take.person for shift in shifts)


def _whom(roster: Roster, question: Question, now: datetime) -> tuple[str, ...]:
    if question.choices:
        return _traders(roster, question, now)
    able = [
        one
        for one in candidates(roster, question.rotation, question.asker, question.give, now)
        if not question.whom or one.person in question.whom
    ]
    chosen = tuple(one.person for one in able if one.is_able)
    if not chosen:
        raise Refused([concern for one in able for concern in rules.blocks(one.concerns)][:6])
    return chosen


def _traders(roster: Roster, question: Question, now: datetime) -> tuple[str, ...]:
    people: dict[str, None] = {}
    for choice in question.choices:
        if len({take.person for take in choice}) != 1:
            raise Conflict("one choice is the hours of one colleague", "mixed-choice")
        found = rules.concerns(roster, question.rotation, crossed(question, choice), now)
        if rules.blocks(found):
            raise Refused(rules.blocks(found))
        people[choice[0].person] = None
    return tuple(people)


def crossed(question: Question, choice: tuple[Take, ...]) -> tuple[Take, ...]:
    """Return who would hold what if the owner of `choice` agreed."""
    other = choice[0].person
    return (
        *(Take(other, hours) for hours in question.give),
        *(Take(question.asker, take.hours) for take in choice),
    )


def _expiry(now: datetime, span: Span, settings: Swaps) -> datetime:
    latest = span[0] - settings.lock_before
    # Asked shortly before, or while the shift runs: until it would be too late for anybody.
    return min(now + settings.offer_open_for, latest if latest > now else span[1])


def _store_hours(session: Session, request_id: int, question: Question) -> None:
    for start, end in question.give:
        session.add(
            RequestHours(
                request_id=request_id,
                choice=0,
                person=question.asker,
                starts_at=start,
                ends_at=end,
            )
        )
    for number, choice in enumerate(question.choices, 1):
        for take in choice:
            session.add(
                RequestHours(
                    request_id=request_id,
                    choice=number,
                    person=take.person,
                    starts_at=take.hours[0],
                    ends_at=take.hours[1],
                )
            )
    session.flush()


def _ask_one(session: Session, app: App, row: ShiftRequest, person: str, now: datetime) -> None:
    token = links.new_token()
    letters = links.letters_of(app.secret, token)
    session.add(
        RequestAnswer(
            request_id=row.id, person=person, token=token, link_digest=links.digest_of(letters)
        )
    )
    session.flush()
    facts = {**store.facts(session, row, person), "path": f"/s/{letters}"}
    takes = tuple(Take(person, hours) for hours in store.gives(session, row.id))
    if row.kind == "cover":
        brings = gains(session, app, row.rotation, takes).get(person, 0)
        facts["days"] = f"{brings / 1000:.2f}" if brings > 0 else ""
    if messages.can_reply(app.shelf.current, person):
        facts["codes"] = f"A{row.id}/N{row.id}"
    text = "trade-ask" if row.kind == "trade" else "cover-ask"
    due = notices.when_awake(app.shelf.current, person, now)
    begins = datetime.fromisoformat(facts["start"])
    # What begins before the morning cannot wait for it.
    due = now if due >= min(begins, row.expires_at) else due
    notices.tell(
        session,
        app,
        person,
        text,
        now=due,
        name=row.asker,
        until=row.expires_at.isoformat(),
        **facts,
    )
