"""Who may sign in and how: invites, sessions that can be revoked, passwords. Shows no page and reads no cookie."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from oncall import attempts, timeline
from oncall.app import App
from oncall.attempts import Limit
from oncall.clock import wall_clock
from oncall.errors import NotFound
from oncall.policy.model import Person, Policy, Role
from oncall.tables import Account, Invite, WebSession

INVITE_LIVES = timedelta(days=3)
IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""`seen_at` is written no more often than this: reading a page should not cost a write."""

PER_ACCOUNT = Limit(5, timedelta(minutes=15), timedelta(seconds=5), timedelta(minutes=1))
"""Short at its worst, so that a stranger's guesses cannot keep the holder out at night."""
PER_ADDRESS = Limit(10, timedelta(minutes=15), timedelta(seconds=10), timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a live session."""

    person: str
    name: str
    role: Role
    language: str | None
    """What they chose on the page, else what the policy file says, else None."""
    theme: str
    session_id: int
    has_password: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A sign-in that may go ahead: compare the password with `kept`, outside the transaction."""

    person: str | None
    kept: str | None


@dataclass(frozen=True, slots=True)
class TooSoon:
    """A sign-in that has to wait."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the admin's page."""

    person: str
    name: str
    role: Role
    has_password: bool
    last_seen: datetime | None
    sessions: int
    disabled: bool
    may_sign_in: bool


def now_for(app: App) -> datetime:
    """Return the instant sign-in counts with; visitors who move the demo's clock must not be signed out by it."""
    return wall_clock() if app.demo_clock else app.clock()


def invite(session: Session, app: App, person: str, now: datetime) -> str:
    """Return the path of a one-time sign-in link for `person`, alive for 3 days; raises `NotFound`.

    `now` comes from `now_for`. The letters are shown once: only their SHA-256 is kept.
    """
    _known(app.shelf.current, person, now)
    letters = secrets.token_urlsafe(32)
    session.add(
        Invite(
            person=person, digest=_digest(letters), created_at=now, expires_at=now + INVITE_LIVES
        )
    )
    timeline.audit(session, now, "", "account.invited", person=person)
    return f"/welcome/{letters}"


def invited(session: Session, app: App, letters: str, now: datetime) -> str:
    """Return whom a sign-in link is for, changing nothing; raises `NotFound` when it is used, old or unknown."""
    found = session.scalar(select(Invite).where(Invite.digest == _digest(letters)))
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise NotFound("this sign-in link was used already or is too old")
    _known(app.shelf.current, found.person, now)
    _not_disabled(session, found.person)
    return found.person


def accept_invite(session: Session, app: App, letters: str, now: datetime) -> str:
    """Use up a sign-in link and return whom it was for; raises `NotFound` as `invited` does."""
    person = invited(session, app, letters, now)
    # The row count decides between two browsers that press at the same moment.
    used: CursorResult[tuple[()]] = session.execute(  # type: ignore[assignment]
        update(Invite)
        .where(Invite.digest == _digest(letters), Invite.used_at.is_(None))
        .values(used_at=now)
    )
    if used.rowcount != 1:
        raise NotFound("this sign-in link was used already")
    return person


def try_sign_in(
    session: Session, app: App, *, who: str, address: str, now: datetime
) -> Tried | TooSoon:
    """Count a sign-in by `who` (short name or mail) from `address`, or say how long it has to wait.

    Counted before the password is looked at: many guesses at once must not slip through together.
    """
    person = find_person(app.shelf.current, who)
    buckets = (
        (_account_bucket(who, person), PER_ACCOUNT),
        (_address_bucket(address), PER_ADDRESS),
    )
    wait = max(attempts.pause(session, bucket, limit, now) for bucket, limit in buckets)
    if wait > timedelta(0):
        return TooSoon(wait)
    for bucket, _ in buckets:
        attempts.count(session, bucket, now)
    account = session.get(Account, person) if person else None
    usable = account is not None and account.disabled_at is None and _is_here(app, person, now)
    return Tried(person, account.password_hash if account and usable else None)


def signed_in(session: Session, *, person: str, address: str, now: datetime) -> None:
    """Forget the counted tries of somebody whose password was right."""
    attempts.forget(session, _account_bucket(person, person))
    attempts.forget(session, _address_bucket(address))


def start_session(session: Session, person: str, now: datetime) -> str:
    """Return the secret of a new session for `person` and make sure they have an account."""
    token = secrets.token_urlsafe(32)
    _account(session, person, now)
    session.add(
        WebSession(
            digest=_digest(token),
            person=person,
            created_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    timeline.audit(session, now, person, "account.signed_in", person=person)
    return token


def whose_session(session: Session, app: App, token: str, now: datetime) -> SignedIn | None:
    """Return who is behind a session's secret; None when it is unknown, ended, idle, or its person may not sign in."""
    row = session.scalar(select(WebSession).where(WebSession.digest == _digest(token)))
    if row is None or row.revoked_at or now >= row.expires_at or now - row.seen_at >= IDLE:
        return None
    account = session.get(Account, row.person)
    if account is None or account.disabled_at is not None or not _is_here(app, row.person, now):
        return None
    someone = app.shelf.current.people[row.person]
    return SignedIn(
        person=row.person,
        name=someone.name,
        role=someone.role,
        language=account.language or someone.language,
        theme=account.theme,
        session_id=row.id,
        has_password=account.password_hash is not None,
    )


def seen(session: Session, session_id: int, now: datetime) -> None:
    """Note that a session is in use, at most every 5 minutes."""
    session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.seen_at <= now - SEEN_EVERY)
        .values(seen_at=now)
    )


def is_due_to_be_seen(session: Session, session_id: int, now: datetime) -> bool:
    """Say whether `seen` would write anything."""
    row = session.get(WebSession, session_id)
    return row is not None and row.seen_at <= now - SEEN_EVERY


def sign_out(session: Session, session_id: int, now: datetime) -> None:
    """End one session at once."""
    session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def sign_out_everywhere(session: Session, person: str, now: datetime) -> None:
    """End every session of `person` at once."""
    session.execute(
        update(WebSession)
        .where(WebSession.person == person, WebSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    timeline.audit(session, now, person, "account.signed_out_everywhere", person=person)


def set_password(session: Session, person: str, kept: str, now: datetime) -> None:
    """Store `kept` (`passwords.keep`, made before the transaction: hashing is slow) as the password of `person`."""
    _account(session, person, now).password_hash = kept
    timeline.audit(session, now, person, "account.password_set", person=person)


def password_of(session: Session, person: str) -> str | None:
    """Return the kept form of a person's password, None when there is none."""
    account = session.get(Account, person)
    return account.password_hash if account else None


def prefer(session: Session, person: str, *, language: str | None, theme: str | None) -> None:
    """Store the language or theme a person chose; None leaves it as it was."""
    account = session.get_one(Account, person)
    account.language = language or account.language
    account.theme = theme or account.theme


def disable(session: Session, person: str, *, by: str, now: datetime) -> None:
    """Keep `person` out from this moment on; every session ends."""
    _account(session, person, now).disabled_at = now
    sign_out_everywhere(session, person, now)
    timeline.audit(session, now, by, "account.disabled", person=person)


def enable(session: Session, person: str, *, by: str, now: datetime) -> None:
    """Let `person` in again."""
    _account(session, person, now).disabled_at = None
    timeline.audit(session, now, by, "account.enabled", person=person)


def lines(session: Session, app: App, now: datetime) -> tuple[Line, ...]:
    """Return everybody of the policy file with the state of their account, in the file's order."""
    accounts = {row.person: row for row in session.scalars(select(Account))}
    live: dict[str, list[datetime]] = {}
    for row in session.scalars(
        select(WebSession).where(WebSession.revoked_at.is_(None), WebSession.expires_at > now)
    ):
        live.setdefault(row.person, []).append(row.seen_at)
    return tuple(
        _line(short, person, accounts.get(short), live.get(short, []), _is_here(app, short, now))
        for short, person in app.shelf.current.people.items()
    )


def is_shut_out(session: Session, app: App, person: str, now: datetime) -> bool:
    """Say whether nothing of `person` opens anything any more: they left, or an admin closed their account."""
    account = session.get(Account, person)
    closed = account is not None and account.disabled_at is not None
    return closed or not _is_here(app, person, now)


def names_of(app: App, person: str) -> tuple[str, ...]:
    """Return the words a person's password must not be made of."""
    someone = app.shelf.current.people[person]
    return (person, someone.name, someone.email or "", app.shelf.current.company.name)


def find_person(policy: Policy, who: str) -> str | None:
    """Return the short name of the person `who` names, by short name or mail address; None for nobody."""
    wanted = who.strip().casefold()
    for short, person in policy.people.items():
        if wanted in (short.casefold(), (person.email or short).casefold()):
            return short
    return None


def _line(
    short: str, person: Person, account: Account | None, seen_at: list[datetime], is_here: bool
) -> Line:
    return Line(
        person=short,
        name=person.name,
        role=person.role,
        has_password=bool(account and account.password_hash),
        last_seen=max(seen_at, default=None),
        sessions=len(seen_at),
        disabled=bool(account and account.disabled_at),
        may_sign_in=is_here,
    )


def _account(session: Session, person: str, now: datetime) -> Account:
    account = session.get(Account, person)
    if account is None:
        account = Account(person=person, created_at=now, theme="auto")
        session.add(account)
        session.flush()
    return account


def _known(policy: Policy, person: str, now: datetime) -> Person:
    if person not in policy.people:
        raise NotFound(f'there is no person called "{person}" in the policy file')
    if not _has_not_left(policy, person, now):
        raise NotFound(f'"{person}" has left, says "until" in the policy file')
    return policy.people[person]


def _not_disabled(session: Session, person: str) -> None:
    account = session.get(Account, person)
    if account is not None and account.disabled_at is not None:
        raise NotFound("an admin has closed this account")


def _is_here(app: App, person: str | None, now: datetime) -> bool:
    policy = app.shelf.current
    return person in policy.people and _has_not_left(policy, str(person), now)


def _has_not_left(policy: Policy, person: str, now: datetime) -> bool:
    until = policy.people[person].until
    return until is None or now.astimezone(policy.company.timezone).date() <= until


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _account_bucket(who: str, person: str | None) -> str:
    return f"sign-in:account:{person or _digest(who.strip().casefold())[:32]}"


def _address_bucket(address: str) -> str:
    return f"sign-in:address:{address}"
