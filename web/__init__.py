"""Pages, JSON API and provider webhooks: parse, make one call into `oncall`, render. No query, rule or clock."""

from __future__ import annotations

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from oncall.app import App


def create_app(core: App) -> OpenAPI:
    """Return the WSGI application that serves `core`."""
    flask_app = OpenAPI(
        __name__, info=Info(title="Emergency phone", version="1"), doc_prefix="/api/v1"
    )
    flask_app.extensions["oncall"] = core
    return flask_app
