"""Two addresses for machines that watch us: can we still wake somebody, and are we ready to serve. Tells no secret."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response

from oncall import pulse
from web import core

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer 200 while database, engine and pages are in time, else 503 and say which is not."""
    checks = pulse.checks(core.app(), core.now())
    return _answer(
        {check.name: {"ok": check.ok, "seconds": check.age} for check in checks},
        all(c.ok for c in checks),
    )


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer 200 when the database can be reached and has the shape this version needs, else 503."""
    checks = pulse.readiness(core.app())
    return _answer({check.name: {"ok": check.ok} for check in checks}, all(c.ok for c in checks))


def _answer(checks: dict[str, dict[str, object]], ok: bool) -> Response:
    body = jsonify({"ok": ok, "checks": checks})
    return make_response(body, 200 if ok else 503)
