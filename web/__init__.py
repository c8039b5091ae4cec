"""Pages, JSON API and provider webhooks: parse, make one call into `oncall`, render. No query, rule or clock."""

from __future__ import annotations

from flask import Blueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from oncall import __version__
from oncall.app import App
from web import (
    api,
    core,
    day_words,
    errors,
    filters,
    language,
    permissions,
    reader,
    security,
    wording,
)
from web.hooks import twilio
from web.pages import (
    alert,
    calendar,
    contact,
    days,
    days_admin,
    days_team,
    handoff,
    health,
    home,
    leave,
    log,
    me,
    people,
    phone_test,
    publish,
    readiness,
    requests,
    rota,
    sign_in,
    simulator,
    tickets,
)

PAGES: tuple[Blueprint, ...] = (
    home.blueprint,
    rota.blueprint,
    requests.blueprint,
    days.blueprint,
    days_team.blueprint,
    days_admin.blueprint,
    publish.blueprint,
    log.blueprint,
    tickets.blueprint,
    alert.blueprint,
    simulator.blueprint,
    sign_in.blueprint,
    me.blueprint,
    contact.blueprint,
    calendar.blueprint,
    leave.blueprint,
    handoff.blueprint,
    readiness.blueprint,
    phone_test.blueprint,
    people.blueprint,
    health.blueprint,
)
"""Everything people look at, and the two addresses for machines that watch us."""

DOORS: tuple[Blueprint, ...] = (twilio.blueprint,)
"""Where outside services knock. Each verifies its sender itself, so none of them carries a CSRF token."""


def create_app(app: App) -> OpenAPI:
    """Return the WSGI application that serves `app`."""
    flask_app = OpenAPI(
        __name__,
        info=Info(title="Emergency phone", version=__version__),
        doc_ui=False,
        **api.OPTIONS,
    )
    core.attach(flask_app, app)
    security.configure(flask_app, app)
    for configure in (
        language.configure,
        reader.configure,
        permissions.configure,
        filters.configure,
        wording.configure,
        day_words.configure,
        errors.configure,
    ):
        configure(flask_app)
    for blueprint in (*PAGES, *DOORS):
        flask_app.register_blueprint(blueprint)
    for door in (*DOORS, api.api):
        security.csrf.exempt(door)
    flask_app.register_api(api.api)
    document = api.document_problems(flask_app.api_doc)
    flask_app.add_url_rule(
        f"{api.PREFIX}/openapi.json", "openapi", lambda: api.document_teams(document)
    )
    return flask_app
