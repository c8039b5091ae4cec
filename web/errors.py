"""Error pages in the dress and language of every other page; an API caller gets its own form elsewhere."""

from __future__ import annotations

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from oncall.errors import NotFound
from web import api, reader
from web.language import gettext as _


def configure(flask_app: Flask) -> None:
    """Show our own page for every refusal and failure."""
    flask_app.register_error_handler(HTTPException, _refused)
    flask_app.register_error_handler(CSRFError, _too_old)
    flask_app.register_error_handler(NotFound, _not_found)


def page(status: int, title: str, text: str, *, retry_after: int | None = None) -> Response:
    """Return an error page; `retry_after` in seconds becomes the header of that name."""
    response = make_response(
        render_template("error.html", status=status, title=title, text=text), status
    )
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refused(error: HTTPException) -> Response | HTTPException:
    if isinstance(error, InternalServerError):
        # Whatever broke may break again while we look for the reader: this page must need nothing.
        # Flask has written the stack to the log already.
        reader.forget_for_now()
    if request.path.startswith(f"{api.PREFIX}/"):
        return api.refuse_http(error)
    # A request for a host that is not ours has no addresses to draw a page with; redirects need no page.
    if error.code is None or error.code < 400 or _is_for_another_host():
        return error
    title, text = _words(error.code)
    response = page(error.code, title, text)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _not_found(_error: NotFound) -> Response:
    return page(404, *_words(404))


def _too_old(_error: CSRFError) -> Response:
    return page(
        400,
        _("This form is no longer valid"),
        _("Nothing was changed. Go back, reload the page and press the button again."),
    )


def _is_for_another_host() -> bool:
    routing = request.routing_exception
    return routing is not None and routing.code == 400


def _words(status: int) -> tuple[str, str]:
    words = {
        403: (
            _("You may not do this"),
            _("Your role does not allow it. If it should, ask an admin to change your role."),
        ),
        404: (
            _("There is no such page"),
            _("Check the address, or start again from the home page."),
        ),
        405: (
            _("This page does not work that way"),
            _("Start again from the home page."),
        ),
        413: (
            _("That was too much at once"),
            _("We take at most 256 KB. Please send less text."),
        ),
        429: (
            _("Too many tries"),
            _("Please wait a minute, then try again."),
        ),
        500: (
            _("Something broke on our side"),
            _("It is written in the log. The phone itself goes on ringing people; please try this page again."),
        ),
    }  # fmt: skip
    if status in words:
        return words[status]
    return words[500] if status > 500 else (_("That did not work"), _("Please try it another way."))
