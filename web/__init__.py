"""Pages, JSON API and provider webhooks: parse, make one call into `oncall`, render. No query, rule or clock."""

from __future__ import annotations

from flask import Blueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from oncall.app import App
from web import api, core, errors, filters, language, permissions, reader, security, wording
from web.hooks import twilio
from web.pages import alert, health, home, me, people, sign_in, simulator, tickets

PAGES: tuple[Blueprint, ...] = (
    home.blueprint,
    tickets.blueprint,
    alert.blueprint,
    simulator.blueprint,
    sign_in.blueprint,
    me.blueprint,
    people.blueprint,
    health.blueprint,
)
"""Every page of the product."""

MACHINES: tuple[Blueprint, ...] = (twilio.blueprint,)
"""Every door for a machine; each proves its sender by a signature, so none needs a form's token."""


def create_app(app: App) -> OpenAPI:
    """Return the WSGI application that serves `app`."""
    flask_app = OpenAPI(
        __name__, info=Info(title="Emergency phone", version="1"), doc_ui=False, **api.OPTIONS
    )
    core.attach(flask_app, app)
    security.configure(flask_app, app)
    language.configure(flask_app)
    reader.configure(flask_app)
    permissions.configure(flask_app)
    filters.configure(flask_app)
    errors.configure(flask_app)
    flask_app.jinja_env.globals["words"] = wording
    for blueprint in PAGES:
        flask_app.register_blueprint(blueprint)
    for blueprint in MACHINES:
        flask_app.register_blueprint(blueprint)
        security.csrf.exempt(blueprint)
    flask_app.register_api(api.api)
    security.csrf.exempt(api.api)
    flask_app.extensions["twilio_door"] = twilio.door_of(app.twilio)
    document = api.document_problems(flask_app.api_doc)
    flask_app.add_url_rule(
        f"{api.PREFIX}/openapi.json", endpoint="openapi", view_func=lambda: document
    )
    return flask_app
