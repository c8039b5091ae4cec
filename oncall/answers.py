"""What comes back from a page: keys, texts, links, delivery reports. Only a human's answer moves a ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifiers.base import Channel, Delivery
from oncall import links, messages, outbox, store, tickets, timeline
from oncall.app import App
from oncall.errors import NotFound
from oncall.messages import Envelope, PageKind
from oncall.tables import InboundText, Page, Ticket
from oncall.texts import spoken_language
from oncall.tickets import Outcome, Result, Verb, Via
from oncall.urgency import plain

LINK_LIVES = timedelta(hours=12)
MOST_HELP_ANSWERS = 5
"""Help answers in a row to one number; after that a robot at the other end is left alone."""

# 4 and 6 are what PagerDuty's and GoAlert's users press without thinking.
KEYS = {"1": Verb.TAKE, "4": Verb.TAKE, "2": Verb.PASS_ON, "3": Verb.RESOLVE, "6": Verb.RESOLVE}
_WORDS = {
    Verb.TAKE: (
        "take",
        "ok",
        "okay",
        "ack",
        "al",
        "aldim",
        "evet",
        "tamam",
        "da",
        "preiau",
        "بله",
        "باشه",
    ),
    Verb.PASS_ON: ("pass", "devret", "pas", "pasez", "رد"),
    Verb.RESOLVE: ("solved", "done", "cozuldu", "rezolvat", "gata", "حل شد"),
}
WORDS = {plain(word): verb for verb, words in _WORDS.items() for word in words}
_REPLY = re.compile(r"(?P<word>\d|[^\W\d_]+(?: [^\W\d_]+)?)(?:\s+#?(?P<ref>\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Said:
    """What the call says next. `asks_for_key` keeps the line open for another key."""

    text: str
    language: str
    asks_for_key: bool


def press(session: Session, app: App, token: str, digit: str) -> Said:
    """Act on a key pressed in the call of page `token` ('' = nothing was pressed). Raises `NotFound`."""
    page, ticket = _page_and_ticket(session, token)
    now = app.clock()
    digit = _western(digit)[:1]
    page.answered = digit or page.answered
    timeline.record(
        session,
        ticket.id,
        now,
        "key" if digit else "no_key",
        actor=page.person,
        page_id=page.id,
        key=digit,
    )
    verb = KEYS.get(digit)
    if verb is None:
        return _say_again(app, page, ticket, unknown=digit not in ("", "0"))
    outcome = tickets.act(
        session, app, ticket.id, verb, by=page.person, via=Via.KEY, page_id=page.id
    )
    name, fact = _spoken_answer(verb, outcome, page, ticket)
    return _say(app, page, name, fact)


def reply(session: Session, app: App, *, sender: str, text: str, provider_id: str) -> None:
    """Act on an SMS from `sender` (E.164); the answer goes out as a page. A repeated `provider_id` changes nothing."""
    seen = session.scalar(select(InboundText.id).where(InboundText.provider_id == provider_id))
    person = _person_of(app, sender)
    if seen is not None:
        return
    verb, ref = read_reply(text)
    inbound = InboundText(
        provider_id=provider_id,
        at=app.clock(),
        sender=sender,
        person=person or "",
        text=text[:1000],
        understood=verb is not None,
    )
    session.add(inbound)
    session.flush()
    if person is None:
        return
    if verb is None:
        if _help_answers_in_a_row(session, sender) <= MOST_HELP_ANSWERS:
            _answer(session, app, person, inbound, None, "help-answer", {})
        return
    _act_on_reply(session, app, person, inbound, verb, ref)


def read_reply(text: str) -> tuple[Verb | None, int | None]:
    """Return the verb an SMS means and the ticket it names, if any: `1`, ` "۱" `, `ok`, `evet`, `2 412`."""
    words = plain(_western(text)).strip(" \t\r\n\"'`.,!«»“”()#")
    match = _REPLY.fullmatch(words)
    if match is None:
        return None, None
    verb = KEYS.get(match["word"]) or WORDS.get(match["word"])
    return verb, int(match["ref"]) if verb and match["ref"] else None


def delivered(session: Session, app: App, token: str, delivery: Delivery) -> None:
    """Store what the provider says became of page `token`; late and repeated reports change nothing.

    Raises `NotFound` for a token we never minted.
    """
    page = session.scalars(select(Page).where(Page.token == token).with_for_update()).first()
    if page is None:
        raise NotFound("no page has this token")
    if delivery.rank <= page.provider_rank:
        return
    now = app.clock()
    page.provider_rank, page.provider_status = delivery.rank, delivery.status
    # A report may overtake the answer to our own request: it proves that the provider took the message.
    page.provider_id = page.provider_id or delivery.provider_id
    page.error_code = delivery.error_code or page.error_code
    if page.state in ("planned", "cancelled") and page.tries:
        # Its receipt got lost: now we know that it is out, and that it rings in vain if it was called off since.
        page.hang_up = page.state == "cancelled" and page.channel == Channel.CALL.value
        page.state, page.accepted_at, page.ended_at = "accepted", now, None
        store.wake(session)
    if delivery.ended:
        page.ended_at, page.hang_up = now, False
    kind = _event_of(delivery)
    if kind and page.ticket_id is not None:
        timeline.record(
            session,
            page.ticket_id,
            now,
            kind,
            actor=page.person,
            page_id=page.id,
            channel=page.channel,
            status=delivery.status,
            code=delivery.error_code,
        )


def ticket_of_link(session: Session, app: App, letters: str) -> tuple[int, str]:
    """Return (ticket id, short name) of an alert link that is alive; raises `NotFound`. Changes nothing."""
    page = _page_of_link(session, app, letters)
    if page.ticket_id is None:
        raise NotFound("this link leads nowhere")
    return page.ticket_id, page.person


def act_on_link(session: Session, app: App, letters: str, verb: Verb) -> Outcome:
    """Apply `verb` for the person the link was sent to; raises `NotFound` when the link is not alive."""
    page = _page_of_link(session, app, letters)
    if page.ticket_id is None:
        raise NotFound("this link leads nowhere")
    outcome = tickets.act(
        session, app, page.ticket_id, verb, by=page.person, via=Via.LINK, page_id=page.id
    )
    page.answered = verb.value
    return outcome


def _page_and_ticket(session: Session, token: str) -> tuple[Page, Ticket]:
    row = session.execute(
        select(Page, Ticket).join(Ticket, Page.ticket_id == Ticket.id).where(Page.token == token)
    ).first()
    if row is None:
        raise NotFound("no page has this token")
    return row[0], tickets.hold(session, row[1].id)


def _page_of_link(session: Session, app: App, letters: str) -> Page:
    page = session.scalars(select(Page).where(Page.link_digest == links.digest_of(letters))).first()
    if page is None or app.clock() > page.due_at + LINK_LIVES or _is_resolved(session, page):
        raise NotFound("this link is not valid any more")
    return page


def _is_resolved(session: Session, page: Page) -> bool:
    state = session.scalar(select(Ticket.state).where(Ticket.id == page.ticket_id))
    return state == "resolved"


def _say_again(app: App, page: Page, ticket: Ticket, *, unknown: bool) -> Said:
    envelope = Envelope(
        PageKind(page.kind), page.person, Channel.CALL, page.token, "", page.fact, page.address
    )
    again = messages.word(app.shelf.current, envelope, messages.matter_of(ticket))
    opening = (
        messages.answer_text(app.shelf.current, "call-unknown-key", page.person, {})
        if unknown
        else ""
    )
    return Said(f"{opening} {again.text}".strip(), again.language, asks_for_key=True)


def _say(app: App, page: Page, name: str, fact: dict[str, Any]) -> Said:
    policy = app.shelf.current
    language = spoken_language(policy.language_of(page.person))
    return Said(messages.answer_text(policy, name, page.person, fact), language, asks_for_key=False)


def _spoken_answer(
    verb: Verb, outcome: Outcome, page: Page, ticket: Ticket
) -> tuple[str, dict[str, Any]]:
    if outcome.result is Result.ALREADY_RESOLVED:
        return "call-already-solved", {}
    if outcome.result is Result.TAKEN_BY_OTHER:
        return "call-already-taken", _who_and_when(outcome)
    if verb is Verb.TAKE:
        return "call-taken", {"digits": messages.spelled(ticket.customer_phone)}
    if verb is Verb.PASS_ON:
        return "call-passed", {"next_name": page.fact.get("next_name", "")}
    return "call-solved", {}


def _written_answer(
    verb: Verb, outcome: Outcome, ticket: Ticket
) -> tuple[str, dict[str, Any]] | None:
    """The text that answers a reply; None when taking already sent one of its own."""
    if outcome.result is Result.ALREADY_RESOLVED:
        return "already-solved-answer", {}
    if outcome.result is Result.TAKEN_BY_OTHER:
        return "already-taken-answer", _who_and_when(outcome)
    if verb is Verb.TAKE:
        return None if outcome.result is Result.DONE else ("confirm-sms", _who_and_when(outcome))
    return ("passed-answer" if verb is Verb.PASS_ON else "solved-answer"), {}


def _who_and_when(outcome: Outcome) -> dict[str, Any]:
    return {"name": outcome.owner or "", "time": outcome.at.isoformat() if outcome.at else ""}


def _act_on_reply(
    session: Session, app: App, person: str, inbound: InboundText, verb: Verb, ref: int | None
) -> None:
    page, ticket = _meant(session, person, verb, ref) or (None, None)
    if page is None or ticket is None:
        _answer(session, app, person, inbound, None, "nothing-open-answer", {})
        return
    tickets.hold(session, ticket.id)
    timeline.record(
        session,
        ticket.id,
        app.clock(),
        "reply",
        actor=person,
        page_id=page.id,
        text=inbound.text[:40],
    )
    page.answered = inbound.text[:16]
    outcome = tickets.act(session, app, ticket.id, verb, by=person, via=Via.SMS, page_id=page.id)
    answer = _written_answer(verb, outcome, ticket)
    if answer is not None:
        _answer(session, app, person, inbound, ticket, *answer)


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


def _western(text: str) -> str:
    """Persian and Arabic digits as 0-9."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)


def _event_of(delivery: Delivery) -> str:
    if delivery.failed:
        return "page_failed"
    if delivery.status == "in-progress":
        return "call_answered"
    return "page_delivered" if delivery.status == "delivered" else ""
