"""What every answer carries against attackers: cookies, CSRF, hosts and headers. Knows no person and no page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from oncall.accounts import LONGEST
from oncall.app import App

LARGEST_BODY = 256 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

csrf = CSRFProtect()

View = TypeVar("View", bound=Callable[..., object])


def configure(flask_app: Flask, app: App) -> None:
    """Set the cookie, host, size and CSRF rules of `flask_app` and add the headers to each of its answers."""
    url = urlsplit(app.shelf.current.company.url)
    is_https = url.scheme == "https"
    flask_app.config.update(
        SECRET_KEY=app.secret,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        TRUSTED_HOSTS=[host for host in (url.hostname, *LOOPBACK) if host],
        # __Host- ties the cookie to this very host and to https; browsers refuse the prefix without it.
        SESSION_COOKIE_NAME="__Host-oncall" if is_https else "oncall",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LONGEST,
        # A form left open over night must still work; the token dies with its session.
        WTF_CSRF_TIME_LIMIT=None,
        # Our own Referrer-Policy makes browsers leave out the header that this check would demand on https.
        WTF_CSRF_SSL_STRICT=False,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    csrf.init_app(flask_app)
    flask_app.after_request(_guard_https if is_https else _guard)


def without_csrf(view: View) -> View:
    """Let a view take forms without a CSRF token; the reason belongs beside each use."""
    csrf.exempt(view)
    return view


def _guard(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _guard_https(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return _guard(response)
