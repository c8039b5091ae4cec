"""Who may sign in: one-time links, sessions that end, people of the policy file and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from oncall import accounts, passwords
from oncall.accounts import SignedIn, TooSoon, Tried
from oncall.errors import NotFound
from oncall.policy.model import Role
from oncall.tables import AuditEntry, Invite, WebSession
from tests.world import EXAMPLE, SATURDAY_NIGHT, World, a_world

NOW = SATURDAY_NIGHT
GOOD = "correct ladder moonlight"


def letters(session: Session, world: World, person: str = "ana") -> str:
    return accounts.invite(session, world.app, person, NOW).removeprefix("/welcome/")


def who(
    session: Session, world: World, token: str, after: timedelta = timedelta(0)
) -> SignedIn | None:
    return accounts.whose_session(session, world.app, token, NOW + after)


def test_a_sign_in_link_works_once(world: World) -> None:
    with world.app.sessions.begin() as session:
        link = letters(session, world)

        assert accounts.accept_invite(session, world.app, link, NOW) == "ana"
        with pytest.raises(NotFound):
            accounts.accept_invite(session, world.app, link, NOW)


def test_looking_at_a_sign_in_link_does_not_use_it_up(world: World) -> None:
    with world.app.sessions.begin() as session:
        link = letters(session, world)
        for _ in range(3):
            accounts.invited(session, world.app, link, NOW)

        assert accounts.accept_invite(session, world.app, link, NOW) == "ana"


def test_a_sign_in_link_dies_after_three_days(world: World) -> None:
    with world.app.sessions.begin() as session:
        link = letters(session, world)

        with pytest.raises(NotFound):
            accounts.invited(session, world.app, link, NOW + timedelta(days=3))


def test_only_people_of_the_policy_file_can_be_invited(world: World) -> None:
    with world.app.sessions.begin() as session, pytest.raises(NotFound):
        accounts.invite(session, world.app, "mallory", NOW)


def test_somebody_who_left_can_neither_be_invited_nor_stay_signed_in(database_url: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace(
        "    name: Omar Aziz\n", '    name: Omar Aziz\n    until: "2026-01-10"\n'
    )
    with a_world(database_url, text=text) as world, world.app.sessions.begin() as session:
        token = accounts.start_session(session, "omar", NOW)
        next_day = timedelta(days=1)

        assert who(session, world, token)
        assert who(session, world, token, timedelta(hours=11)), "his last day is his"
        accounts.seen(session, 1, NOW + timedelta(hours=20))
        assert who(session, world, token, next_day) is None
        with pytest.raises(NotFound):
            accounts.invite(session, world.app, "omar", NOW + next_day)


def test_the_database_holds_no_secret_that_signs_in(world: World) -> None:
    with world.app.sessions.begin() as session:
        link = letters(session, world)
        token = accounts.start_session(session, "ana", NOW)
        session.flush()

        kept = [
            *session.scalars(select(Invite.digest)),
            *session.scalars(select(WebSession.digest)),
        ]

    assert link not in kept
    assert token not in kept
    assert all(len(digest) == 64 for digest in kept)


def test_a_session_tells_who_it_belongs_to(world: World) -> None:
    with world.app.sessions.begin() as session:
        token = accounts.start_session(session, "omar", NOW)

        found = who(session, world, token)

        assert found is not None
        assert (found.person, found.name, found.role) == ("omar", "Omar Aziz", Role.ADMIN)
        assert who(session, world, "another") is None


def test_a_session_ends_when_nobody_used_it_for_twelve_hours(world: World) -> None:
    with world.app.sessions.begin() as session:
        token = accounts.start_session(session, "ana", NOW)

        assert who(session, world, token, timedelta(hours=11, minutes=59))
        assert who(session, world, token, timedelta(hours=12)) is None


def test_a_session_ends_after_seven_days_even_when_used(world: World) -> None:
    with world.app.sessions.begin() as session:
        token = accounts.start_session(session, "ana", NOW)
        for hours in range(10, 24 * 7, 10):
            found = who(session, world, token, timedelta(hours=hours))
            assert found is not None
            accounts.seen(session, found.session_id, NOW + timedelta(hours=hours))

        assert who(session, world, token, timedelta(days=7)) is None


def test_signing_out_ends_that_session_only(world: World) -> None:
    with world.app.sessions.begin() as session:
        phone, laptop = (accounts.start_session(session, "ana", NOW) for _ in range(2))
        found = who(session, world, phone)
        assert found is not None
        accounts.sign_out(session, found.session_id, NOW)

        assert who(session, world, phone) is None
        assert who(session, world, laptop) is not None


def test_signing_out_everywhere_ends_every_session_of_that_person(world: World) -> None:
    with world.app.sessions.begin() as session:
        phone, laptop = (accounts.start_session(session, "ana", NOW) for _ in range(2))
        omars = accounts.start_session(session, "omar", NOW)
        accounts.sign_out_everywhere(session, "ana", NOW)

        assert who(session, world, phone) is who(session, world, laptop) is None
        assert who(session, world, omars) is not None


def test_a_closed_account_is_out_at_once_and_its_links_are_dead(world: World) -> None:
    with world.app.sessions.begin() as session:
        token, link = accounts.start_session(session, "ana", NOW), letters(session, world)
        accounts.disable(session, "ana", by="omar", now=NOW)

        assert who(session, world, token) is None
        with pytest.raises(NotFound):
            accounts.invited(session, world.app, link, NOW)


def test_a_reopened_account_may_sign_in_again_but_old_sessions_stay_dead(world: World) -> None:
    with world.app.sessions.begin() as session:
        token = accounts.start_session(session, "ana", NOW)
        accounts.disable(session, "ana", by="omar", now=NOW)
        accounts.enable(session, "ana", by="omar", now=NOW)

        assert who(session, world, token) is None
        assert who(session, world, accounts.start_session(session, "ana", NOW)) is not None


def guess(
    session: Session, world: World, name: str, address: str, seconds: int = 0
) -> Tried | TooSoon:
    now = NOW + timedelta(seconds=seconds)
    return accounts.try_sign_in(session, world.app, who=name, address=address, now=now)


def test_a_try_by_short_name_or_mail_finds_the_kept_password(world: World) -> None:
    with world.app.sessions.begin() as session:
        accounts.set_password(session, "ana", passwords.keep(GOOD), NOW)

        for name in ("ana", " ANA ", "Ana@Example.com"):
            tried = guess(session, world, name, "192.0.2.1")
            assert isinstance(tried, Tried)
            assert tried.person == "ana"
            assert passwords.fits(tried.kept, GOOD)


def test_guessing_at_one_account_from_many_places_is_slowed_down(world: World) -> None:
    with world.app.sessions.begin() as session:
        for number in range(5):
            assert isinstance(guess(session, world, "ana", f"192.0.2.{number}"), Tried)

        blocked = guess(session, world, "ana", "192.0.2.99")

        assert isinstance(blocked, TooSoon)
        assert blocked.wait == timedelta(seconds=5)


def test_the_holder_is_never_kept_out_for_longer_than_a_minute(world: World) -> None:
    with world.app.sessions.begin() as session:
        for second in range(600):
            guess(session, world, "ana", f"192.0.2.{second % 200}", second)

        waited = guess(session, world, "ana", "198.51.100.1", 599)

        assert isinstance(waited, TooSoon)
        assert waited.wait <= timedelta(minutes=1)


def test_guessing_at_many_accounts_from_one_place_is_slowed_down(world: World) -> None:
    with world.app.sessions.begin() as session:
        for number in range(10):
            guess(session, world, f"nobody{number}", "192.0.2.1")

        assert isinstance(guess(session, world, "omar", "192.0.2.1"), TooSoon)
        assert isinstance(guess(session, world, "omar", "192.0.2.2"), Tried)


def test_a_right_password_forgets_the_wrong_tries(world: World) -> None:
    with world.app.sessions.begin() as session:
        for _ in range(5):
            guess(session, world, "ana", "192.0.2.1")
        accounts.signed_in(session, person="ana", address="192.0.2.1", now=NOW)

        assert isinstance(guess(session, world, "ana", "192.0.2.1"), Tried)


def test_a_closed_account_has_no_password_to_try(world: World) -> None:
    with world.app.sessions.begin() as session:
        accounts.set_password(session, "ana", passwords.keep(GOOD), NOW)
        accounts.disable(session, "ana", by="omar", now=NOW)

        tried = guess(session, world, "ana", "192.0.2.1")

        assert tried == Tried("ana", None)


def test_the_admins_list_names_everybody_of_the_file_in_its_order(world: World) -> None:
    with world.app.sessions.begin() as session:
        accounts.start_session(session, "maria", NOW)
        accounts.disable(session, "bora", by="omar", now=NOW)

        lines = {line.person: line for line in accounts.lines(session, world.app, NOW)}

    assert list(lines) == ["ana", "bora", "maria", "omar"]
    assert lines["maria"].sessions == 1
    assert lines["maria"].last_seen == NOW
    assert lines["bora"].disabled
    assert lines["ana"].last_seen is None


def test_the_audit_log_names_who_invited_closed_and_signed_in(world: World) -> None:
    with world.app.sessions.begin() as session:
        letters(session, world)
        accounts.start_session(session, "ana", NOW)
        accounts.disable(session, "ana", by="omar", now=NOW)

        actions = session.execute(select(AuditEntry.action, AuditEntry.actor)).all()

    assert ("account.invited", "") in [tuple(line) for line in actions]
    assert ("account.signed_in", "ana") in [tuple(line) for line in actions]
    assert ("account.disabled", "omar") in [tuple(line) for line in actions]
