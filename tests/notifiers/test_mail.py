"""Mail, against a server that takes it or does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from notifiers.base import Message, NotifierError
from notifiers.mail import SmtpMail
from notifiers.settings import MailSettings
from tests.notifiers.smtp_server import MailServer

NIGHT = datetime(2026, 1, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[MailServer]:
    running = MailServer()
    yield running
    running.close()


def mail_through(address: str, **more: object) -> SmtpMail:
    given = {"server": address, "sender": "On call <oncall@example.com>", "tls": "none"}
    return SmtpMail(MailSettings(**(given | {"patience": 1.0} | more)), lambda: NIGHT)  # type: ignore[arg-type]


def a_mail(**more: object) -> Message:
    given = {
        "token": "tok1",
        "to": "ana@example.com",
        "language": "tr",
        "subject": "Kapı çalışmıyor",
    }
    return Message(**(given | {"text": "Misafirler dışarıda.\n.\nhttp://oc.example/a/x"} | more))  # type: ignore[arg-type]


def test_a_mail_arrives_as_it_was_written(server: MailServer) -> None:
    receipt = mail_through(server.address).send(a_mail())

    [mail] = server.mails
    assert (mail["From"], mail["To"]) == ("On call <oncall@example.com>", "ana@example.com")
    assert mail["Subject"] == "Kapı çalışmıyor"
    assert mail.get_content().splitlines() == ["Misafirler dışarıda.", ".", "http://oc.example/a/x"]
    assert mail["Message-ID"] == receipt.provider_id == "<tok1@example.com>"
    assert mail["Date"] == "Sat, 10 Jan 2026 01:00:00 +0000"


def test_no_machine_answers_an_alarm(server: MailServer) -> None:
    mail_through(server.address).send(a_mail())

    assert server.mails[0]["Auto-Submitted"] == "auto-generated"


def test_words_of_others_cannot_add_a_header(server: MailServer) -> None:
    mail_through(server.address).send(a_mail(subject="Fire\r\nBcc: everyone@example.com"))

    assert server.mails[0]["Bcc"] is None
    assert server.mails[0]["Subject"] == "Fire Bcc: everyone@example.com"


def test_a_password_is_shown_to_the_server(server: MailServer) -> None:
    server.answers = {"EHLO": "250-example.com\r\n250 AUTH PLAIN", "AUTH": "235 welcome"}

    mail_through(server.address, user="oncall", password="secret").send(a_mail())

    assert any(line.startswith("AUTH PLAIN") for line in server.commands)


@pytest.mark.parametrize(
    ("word", "answer", "permanent"),
    [
        ("CONNECT", "554 not you", True),
        ("CONNECT", "421 too busy", False),
        ("MAIL", "550 not from here", True),
        ("RCPT", "550 no such person", True),
        ("RCPT", "451 greylisted", False),
        ("DATA", "452 no room", False),
        ("END", "554 spam", True),
        ("END", "451 try later", False),
    ],
)
def test_a_refusal_says_whether_trying_again_can_help(
    server: MailServer, word: str, answer: str, permanent: bool
) -> None:
    server.answers = {word: answer}

    with pytest.raises(NotifierError) as refused:
        mail_through(server.address).send(a_mail())

    assert (refused.value.permanent, refused.value.unknown, refused.value.code) == (
        permanent,
        False,
        answer[:3],
    )


def test_a_wrong_password_is_refused_for_good(server: MailServer) -> None:
    server.answers = {"EHLO": "250-example.com\r\n250 AUTH PLAIN", "AUTH": "535 wrong"}

    with pytest.raises(NotifierError) as refused:
        mail_through(server.address, user="oncall", password="wrong").send(a_mail())

    assert (refused.value.permanent, refused.value.code) == (True, "535")


def test_a_server_without_encryption_is_refused_when_the_settings_want_it(
    server: MailServer,
) -> None:
    with pytest.raises(NotifierError) as refused:
        mail_through(server.address, tls="starttls").send(a_mail())

    assert refused.value.permanent
    assert server.mails == []


def test_a_server_that_is_away_may_be_asked_again(server: MailServer) -> None:
    server.close()

    with pytest.raises(NotifierError) as refused:
        mail_through(server.address).send(a_mail())

    assert (refused.value.permanent, refused.value.unknown) == (False, False)


def test_nobody_knows_what_became_of_a_mail_whose_line_broke(server: MailServer) -> None:
    server.cuts = {"END"}

    with pytest.raises(NotifierError) as refused:
        mail_through(server.address).send(a_mail())

    assert (refused.value.permanent, refused.value.unknown) == (False, True)


@pytest.mark.parametrize("farewell", ["421 going down", "500 what"])
def test_a_rude_farewell_does_not_undo_a_mail_that_was_taken(
    server: MailServer, farewell: str
) -> None:
    server.answers = {"QUIT": farewell}

    assert mail_through(server.address).send(a_mail()).provider_id == "<tok1@example.com>"


def test_an_impossible_address_is_refused_for_good(server: MailServer) -> None:
    with pytest.raises(NotifierError) as refused:
        mail_through(server.address).send(a_mail(to="ana@example.com\nBcc: x@example.com"))

    assert refused.value.permanent


@pytest.mark.parametrize(
    ("server_name", "tls", "address"),
    [
        ("smtp.example.com:2525", "starttls", ("smtp.example.com", 2525)),
        ("smtp.example.com", "starttls", ("smtp.example.com", 587)),
        ("smtp.example.com", "tls", ("smtp.example.com", 465)),
        ("smtp.example.com", "none", ("smtp.example.com", 25)),
        ("[::1]:25", "none", ("::1", 25)),
    ],
)
def test_a_server_is_found_under_its_usual_port(
    server_name: str, tls: str, address: tuple[str, int]
) -> None:
    settings = MailSettings(server=server_name, sender="a@example.com", tls=tls)  # type: ignore[arg-type]

    assert settings.address() == address


def test_secrets_are_not_shown(server: MailServer) -> None:
    assert "hunter2" not in repr(MailSettings("h", "a@example.com", "u", "hunter2"))
