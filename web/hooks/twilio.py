"""The door for Twilio: delivery reports, keys pressed in calls, texts sent to us. Reads nothing that is not signed."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from notifiers import twilio_reports, twiml
from notifiers.settings import TwilioSettings
from oncall import answers, replies, texts
from oncall.errors import NotFound
from web import core

log = structlog.get_logger()

blueprint = Blueprint("twilio", __name__, url_prefix="/hooks/twilio")


@blueprint.before_request
def _admit() -> None:
    """Let nobody in but Twilio."""
    twilio = core.app().twilio
    if twilio is None:
        abort(404)
    address, form = _address(twilio), request.form
    if not any(
        twilio_reports.is_signed(address, form, request.headers, secret)
        for secret in twilio.signing_secrets()
    ):
        log.warning("twilio.not_signed", endpoint=request.endpoint)
        abort(403)


@blueprint.post("/status/<token>")
def status(token: str) -> tuple[str, int]:
    """Take what became of the text or call of page `token`."""
    try:
        report = twilio_reports.delivery_of(request.form)
    except ValueError:
        abort(400)
    app = core.app()
    try:
        with app.sessions.begin() as session:
            answers.delivered(session, app, token, report)
    except NotFound:
        abort(404)
    return "", 204


@blueprint.post("/key/<token>")
def key(token: str) -> Response:
    """Act on a key pressed in the call of page `token` and say what came of it."""
    app = core.app()
    try:
        with app.sessions.begin() as session:
            said = answers.press(session, app, token, request.form.get("Digits", ""))
    except NotFound:
        return _say("call-gone", asks_for_key=False)
    except SQLAlchemyError as error:
        # Its text holds what was to be written; the log gets the kind alone.
        log.error("twilio.key_not_saved", error=type(error).__name__)
        return _say("call-not-saved", asks_for_key=True)
    return _spoken(said)


@blueprint.post("/sms")
def sms() -> Response:
    """Take a text somebody sent us; what it comes to goes out as a page of its own."""
    if not all(request.form.get(name) for name in ("From", "MessageSid")):
        abort(400)
    app = core.app()
    with app.sessions.begin() as session:
        replies.reply(
            session,
            app,
            sender=request.form["From"],
            text=request.form.get("Body", ""),
            provider_id=request.form["MessageSid"],
        )
    return _xml(twiml.NOTHING)


def _address(twilio: TwilioSettings) -> str:
    """The address Twilio was given for this request: a request's own headers prove nothing."""
    query = request.environ.get("QUERY_STRING", "")
    return twilio.public_url.rstrip("/") + request.path + (f"?{query}" if query else "")


def _say(name: str, *, asks_for_key: bool) -> Response:
    # The call's language came along in the address: it is known even when the database is not there.
    language = texts.spoken_language(request.args.get("language", ""))
    text = texts.fill(texts.wording(core.app().shelf.current, name, language), {})
    return _spoken(answers.Said(text, language, asks_for_key))


def _spoken(said: answers.Said) -> Response:
    twilio = core.app().twilio
    key_url = _address(twilio) if twilio and said.asks_for_key else None
    return _xml(twiml.answer(said.text, said.language, key_url))


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
