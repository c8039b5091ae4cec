"""Mail through any SMTP server. Words nothing and remembers nothing."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from notifiers import sms_text
from notifiers.base import Channel, Message, NotifierError, Receipt
from notifiers.codes import Blame
from notifiers.settings import MailSettings


class SmtpMail:
    """The `email` channel. Opens one connection per mail; blocks up to the settings' time limits."""

    channel = Channel.EMAIL
    can_look_up = False

    def __init__(self, settings: MailSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock

    def send(self, message: Message) -> Receipt:
        """Hand the mail to the server; `NotifierError`. The same token makes the same Message-ID."""
        with _Patience(self._settings.patience) as patience:
            with _translated(unknown=False):
                mail = self._written(message)
                server = self._connected(patience)
            try:
                # Once the mail is on the line, a broken line says nothing about whether it was taken.
                with _translated(unknown=True):
                    server.send_message(mail)
            finally:
                with suppress(OSError):
                    server.quit()
        return Receipt(mail["Message-ID"], "accepted")

    def look_up(self, message: Message, since: datetime) -> tuple[Receipt, ...]:
        """A mail server keeps no list. The same Message-ID lets the reader's program show a repeat once."""
        return ()

    def cancel(self, provider_id: str) -> None:
        """A mail cannot be called back."""

    def _written(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._settings.sender
        mail["To"] = message.to
        mail["Subject"] = sms_text.one_line(message.subject)
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{message.token}@{self._settings.domain()}>"
        mail["Content-Language"] = message.language
        # RFC 3834: keeps holiday replies from answering an alarm.
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(sms_text.clean(message.text))
        return mail

    def _connected(self, patience: _Patience) -> smtplib.SMTP:
        settings = self._settings
        host, port = settings.address()
        # Naming ourselves spares a look-up of this machine's name that can hang for long.
        name = settings.domain()
        server: smtplib.SMTP
        if settings.tls == "tls":
            server = smtplib.SMTP_SSL(
                host, port, name, timeout=settings.patience, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, name, timeout=settings.patience)
        patience.watch(server)
        try:
            self._signed_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _signed_in(self, server: smtplib.SMTP) -> None:
        if self._settings.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self._settings.user is not None:
            server.login(self._settings.user, self._settings.password or "")


class _Patience:
    """Ends a whole exchange when its time is over: smtplib's own limit begins anew with every word of the server."""

    def __init__(self, seconds: float) -> None:
        self._server: smtplib.SMTP | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Patience:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, server: smtplib.SMTP) -> None:
        """Cut this line when the time is over."""
        self._server = server

    def _cut(self) -> None:
        line = self._server and self._server.sock
        if line:
            # Whoever waits for a word on it hears that the line is dead.
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@contextmanager
def _translated(*, unknown: bool) -> Iterator[None]:
    """Raise what smtplib raises as a `NotifierError`; `unknown` is what a broken line means here."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        # RFC 5321, 4.2.3: no such mail box. Elsewhere the same numbers mean something else.
        blame = Blame.CONTACT if code in (550, 551, 553) else Blame.NOBODY
        raise _refusal(code, text, blame) from error
    except smtplib.SMTPServerDisconnected as error:
        raise _broken(error, unknown=unknown) from error
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal(error.smtp_code, error.smtp_error, Blame.ACCOUNT) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise _impossible(error) from error
    except OSError as error:
        # Also every other error of smtplib, and a certificate that is not trusted.
        raise _broken(error, unknown=unknown) from error
    except ValueError as error:
        raise _impossible(error) from error


def _refusal(code: int, text: bytes | str, blame: Blame = Blame.NOBODY) -> NotifierError:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return NotifierError(
        f"the mail server refused: {code} {words}",
        permanent=code >= 500,
        code=str(code),
        blame=blame,
    )


def _impossible(error: Exception) -> NotifierError:
    return NotifierError(f"the mail cannot be sent: {error}", permanent=True)


def _broken(error: Exception, *, unknown: bool) -> NotifierError:
    return NotifierError(
        f"the mail server cannot be reached: {error}", permanent=False, unknown=unknown
    )


def open_channel(settings: MailSettings, clock: Callable[[], datetime]) -> SmtpMail:
    """Return the channel over a mail server; `clock` dates the mails."""
    return SmtpMail(settings, clock)
