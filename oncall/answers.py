"""What comes back from a page: keys, texts, links, delivery reports. Only a human's answer moves a ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from notifiers.base import Channel, Delivery
from oncall import bundles, failover, links, messages, phone_tests, store, tickets, timeline
from oncall.app import App
from oncall.errors import NotFound
from oncall.messages import Envelope, PageKind
from oncall.tables import Page, Ticket
from oncall.texts import spoken_language
from oncall.tickets import Outcome, Result, Verb, Via
from oncall.verbs import KEYS, western

LINK_LIVES = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Said:
    """What the call says next. `asks_for_key` keeps the line open for another key."""

    text: str
    language: str
    asks_for_key: bool


def press(session: Session, app: App, token: str, digit: str) -> Said:
    """Act on a key pressed in the call of page `token` ('' = nothing was pressed). Raises `NotFound`."""
    digit = western(digit)[:1]
    try:
        page, ticket = _page_and_ticket(session, token)
    except NotFound:
        return _press_in_test(session, app, token, digit)
    now = app.clock()
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
    if verb is not Verb.RESOLVE and bundles.is_bundle(session, page.id):
        count = answer_bundle(session, app, page, verb, via=Via.KEY, answer=digit)
        text = "call-taken-all" if verb is Verb.TAKE else "call-passed"
        return _say(app, page, text, {"count": count})
    outcome = tickets.act(
        session, app, ticket.id, verb, by=page.person, via=Via.KEY, page_id=page.id
    )
    mark_answered(page, outcome, digit)
    name, fact = _spoken_answer(verb, outcome, page, ticket)
    return _say(app, page, name, fact)


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
        page.doubt_since = None
    if delivery.ended:
        page.ended_at, page.hang_up = now, False
    if page.rank == 0:
        session.flush()
        # Also that it ended: a call that is over keeps no other waiting.
        bundles.reported(session, page, now)
    if delivery.ended:
        _follow(session, app, page, delivery, now)
    kind = _event_of(delivery)
    if kind:
        timeline.record_page(
            session, page, now, kind, status=delivery.status, code=delivery.error_code
        )


def _follow(session: Session, app: App, page: Page, delivery: Delivery, now: datetime) -> None:
    """What did not arrive is sent another way; a call nobody answered has reached a phone."""
    channel = Channel(page.channel)
    if delivery.failed and delivery.status in ("failed", "undelivered"):
        failover.report_failed(session, app, page, now)
    elif delivery.status in ("delivered", "read"):
        failover.mend(session, channel, page.address)


def answer_bundle(
    session: Session, app: App, page: Page, verb: Verb, *, via: Via, answer: str
) -> int:
    """Apply `verb` to everything that waits for the reader of a bundle; return how many tickets it moved."""
    waiting = bundles.waiting_for(session, page.person, app.clock())
    moved = tickets.act_on_all(
        session, app, waiting.ids, verb, by=page.person, via=via, page_id=page.id
    )
    if moved:
        page.answered = answer[:16]
    return len(moved)


def waiting_behind_link(session: Session, app: App, letters: str) -> tuple[int, ...]:
    """Return the tickets that one tap on a bundle's link takes, none for the link of a single page; `NotFound`."""
    page = _page_of_link(session, app, letters)
    if not bundles.is_bundle(session, page.id):
        return ()
    return bundles.waiting_for(session, page.person, app.clock()).ids


def take_all_on_link(session: Session, app: App, letters: str) -> int:
    """Take everything that waits for the person a bundle was sent to; return how many tickets. `NotFound`."""
    page = _page_of_link(session, app, letters)
    return answer_bundle(session, app, page, Verb.TAKE, via=Via.LINK, answer=Verb.TAKE.value)


def ticket_of_link(session: Session, app: App, letters: str) -> tuple[int, str]:
    """Return (ticket id, short name) of an alert link that is alive; raises `NotFound`. Changes nothing."""
    page = _page_of_link(session, app, letters)
    if page.ticket_id is None:
        raise NotFound("this link leads nowhere")
    return page.ticket_id, page.person


def mark_answered(page: Page, outcome: Outcome, answer: str) -> None:
    """Note on a page the answer that moved its ticket; what came too late does not overwrite it."""
    if outcome.result is Result.DONE:
        page.answered = answer[:16]


def act_on_link(session: Session, app: App, letters: str, verb: Verb) -> Outcome:
    """Apply `verb` for the person the link was sent to; raises `NotFound` when the link is not alive."""
    page = _page_of_link(session, app, letters)
    if page.ticket_id is None:
        raise NotFound("this link leads nowhere")
    outcome = tickets.act(
        session, app, page.ticket_id, verb, by=page.person, via=Via.LINK, page_id=page.id
    )
    mark_answered(page, outcome, verb.value)
    return outcome


def _press_in_test(session: Session, app: App, token: str, digit: str) -> Said:
    name = phone_tests.press(session, app, token, digit)
    page = session.scalars(select(Page).where(Page.token == token)).one()
    said = _say(app, page, name, {"first": messages.name_of(app.shelf.current, page.person)})
    return replace(said, asks_for_key=name == "call-test")


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
    words = messages.answer_text(
        policy, name, page.person, {"company": policy.company.name, **fact}
    )
    return Said(words, language, asks_for_key=False)


def _spoken_answer(
    verb: Verb, outcome: Outcome, page: Page, ticket: Ticket
) -> tuple[str, dict[str, Any]]:
    if outcome.result is Result.ALREADY_RESOLVED:
        return "call-already-solved", {}
    if outcome.result is Result.TAKEN_BY_OTHER:
        return "call-already-taken", who_and_when(outcome)
    if verb is Verb.TAKE:
        return "call-taken", {"digits": messages.spelled(ticket.customer_phone)}
    if verb is Verb.PASS_ON:
        return "call-passed", {"next_name": page.fact.get("next_name", "")}
    return "call-solved", {}


def who_and_when(outcome: Outcome) -> dict[str, Any]:
    return {"name": outcome.owner or "", "time": outcome.at.isoformat() if outcome.at else ""}


def _event_of(delivery: Delivery) -> str:
    if delivery.failed:
        return "page_failed"
    if delivery.status == "in-progress":
        return "call_answered"
    return "page_delivered" if delivery.status == "delivered" else ""
