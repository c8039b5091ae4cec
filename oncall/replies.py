"""What people text back: read, acted on, and always answered. Only a known person's own number moves a ticket."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifiers.base import Channel
from oncall import answers, bundles, failover, messages, outbox, phone_tests, tickets, timeline
from oncall.app import App
from oncall.messages import PageKind
from oncall.swaps import texting
from oncall.tables import InboundText, Page, Ticket
from oncall.tickets import Outcome, Result, Verb, Via
from oncall.verbs import read_reply

MOST_HELP_ANSWERS = 5
"""Help answers in a row to one number; after that a robot at the other end is left alone."""


def reply(session: Session, app: App, *, sender: str, text: str, provider_id: str) -> None:
    """Act on an SMS from `sender` (E.164); the answer goes out as a page. A repeated `provider_id` changes nothing."""
    seen = session.scalar(select(InboundText.id).where(InboundText.provider_id == provider_id))
    person = _person_of(app, sender)
    if seen is not None:
        return
    wish = texting.read(text)
    verb, ref = read_reply(text)
    inbound = InboundText(
        provider_id=provider_id,
        at=app.clock(),
        sender=sender,
        person=person or "",
        text=text[:1000],
        understood=verb is not None or wish is not None,
    )
    session.add(inbound)
    session.flush()
    # Whoever sent STOP and then writes again has let us back in.
    failover.mend(session, Channel.SMS, sender)
    if person is None:
        return
    if wish is not None and not _means_a_ticket(session, person, verb):
        found = texting.act(session, app, person, wish)
        if found is not None:
            _answer(session, app, person, inbound, None, *found)
        return
    if verb is None:
        _note_riddle(session, app, person, inbound)
        if _help_answers_in_a_row(session, sender) <= MOST_HELP_ANSWERS:
            _answer(session, app, person, inbound, None, "help-answer", {})
        return
    _act_on_reply(session, app, person, inbound, verb, ref)


def _act_on_reply(
    session: Session, app: App, person: str, inbound: InboundText, verb: Verb, ref: int | None
) -> None:
    page, ticket = _meant(session, person, verb, ref) or (None, None)
    if verb is Verb.TAKE and ref is None and _answers_test(session, app, person, page, ticket):
        name = messages.name_of(app.shelf.current, person)
        _answer(session, app, person, inbound, None, "test-answer", {"first": name})
        return
    if page is None or ticket is None:
        _answer(session, app, person, inbound, None, "nothing-open-answer", {})
        return
    tickets.hold(session, ticket.id)
    _note(session, app, ticket.id, page.id, person, inbound)
    if ref is None and verb is not Verb.RESOLVE and bundles.is_bundle(session, page.id):
        count = answers.answer_bundle(session, app, page, verb, via=Via.SMS, answer=inbound.text)
        if verb is Verb.PASS_ON:
            _answer(session, app, person, inbound, ticket, "passed-many-answer", {"count": count})
        return
    outcome = tickets.act(session, app, ticket.id, verb, by=person, via=Via.SMS, page_id=page.id)
    answers.mark_answered(page, outcome, inbound.text)
    answer = _written_answer(verb, outcome, ticket)
    if answer is not None:
        _answer(session, app, person, inbound, ticket, *answer)


def _means_a_ticket(session: Session, person: str, verb: Verb | None) -> bool:
    """Say whether a text that could be about a shift is about a ticket: one that waits goes first."""
    _page, ticket = (verb and _meant(session, person, verb, None)) or (None, None)
    return verb is not None and ticket is not None and _can_move(ticket, person, verb)


def _answers_test(
    session: Session, app: App, person: str, page: Page | None, ticket: Ticket | None
) -> bool:
    """Say whether a bare `1` answered a test: one that came after the last page of a ticket still open."""
    is_open = page is not None and ticket is not None and ticket.state == "open"
    return phone_tests.answer_text(
        session, person, after=page.id if page and is_open else 0, now=app.clock()
    )


def _note_riddle(session: Session, app: App, person: str, inbound: InboundText) -> None:
    """Show a text nobody understood in the story of the ticket it probably means."""
    page, ticket = _meant(session, person, Verb.TAKE, None) or (None, None)
    if page is not None and ticket is not None and ticket.state != "resolved":
        _note(session, app, ticket.id, page.id, person, inbound)


def _note(
    session: Session, app: App, ticket_id: int, page_id: int, person: str, inbound: InboundText
) -> None:
    timeline.record(
        session,
        ticket_id,
        app.clock(),
        "reply",
        actor=person,
        page_id=page_id,
        text=inbound.text[:40],
        understood=inbound.understood,
    )


def _meant(
    session: Session, person: str, verb: Verb, ref: int | None
) -> tuple[Page, Ticket] | None:
    """The page a reply means: the last one sent to that person, one that the verb can still move before others."""
    wanted = [Ticket.id == ref] if ref is not None else []
    rows = session.execute(
        select(Page, Ticket)
        .join(Ticket, Page.ticket_id == Ticket.id)
        .where(
            Page.person == person,
            Page.kind.in_((*outbox.ASKING, PageKind.CONFIRM.value)),
            # Sent at least once, even where nobody knows whether the provider took it.
            Page.tries > 0,
            *wanted,
        )
        .order_by(Page.id.desc())
        .limit(50)
    ).all()
    candidates = [(page, ticket) for page, ticket in rows]
    movable = [pair for pair in candidates if _can_move(pair[1], person, verb)]
    found = next(iter(movable or candidates), None)
    if found is None:
        return None
    # Whoever answers by text answers the text, though a call may have come after it.
    same_ticket = [pair for pair in candidates if pair[1].id == found[1].id]
    by_text = [pair for pair in same_ticket if pair[0].channel == Channel.SMS.value]
    return next(iter(by_text), found)


def _can_move(ticket: Ticket, person: str, verb: Verb) -> bool:
    if ticket.state == "open":
        return verb is not Verb.RESOLVE
    return ticket.state == "acknowledged" and ticket.owner == person and verb is not Verb.TAKE


def _answer(
    session: Session,
    app: App,
    person: str,
    inbound: InboundText,
    ticket: Ticket | None,
    name: str,
    fact: dict[str, Any],
) -> None:
    notice = outbox.Notice(
        PageKind.ANSWER,
        person,
        {**fact, "text": name},
        address=inbound.sender,
        serial=inbound.id,
    )
    outbox.tell(session, ticket, notice, now=app.clock())


def _help_answers_in_a_row(session: Session, sender: str) -> int:
    """How many texts of this sender in a row, the newest included, were not understood."""
    latest = session.scalars(
        select(InboundText.understood)
        .where(InboundText.sender == sender)
        .order_by(InboundText.id.desc())
        .limit(MOST_HELP_ANSWERS + 1)
    ).all()
    return next((count for count, understood in enumerate(latest) if understood), len(latest))


def _person_of(app: App, sender: str) -> str | None:
    people = app.shelf.current.people.items()
    return next((name for name, person in people if person.phone == sender), None)


def _written_answer(
    verb: Verb, outcome: Outcome, ticket: Ticket
) -> tuple[str, dict[str, Any]] | None:
    """The text that answers a reply; None when taking already sent one of its own."""
    if outcome.result is Result.ALREADY_RESOLVED:
        return "already-solved-answer", {}
    if outcome.result is Result.TAKEN_BY_OTHER:
        return "already-taken-answer", answers.who_and_when(outcome)
    if verb is Verb.TAKE:
        return (
            None
            if outcome.result is Result.DONE
            else ("confirm-sms", answers.who_and_when(outcome))
        )
    return ("passed-answer" if verb is Verb.PASS_ON else "solved-answer"), {}
