"""The JSON API for ticket sources. Checks the token and the shape, makes one call, answers after the commit."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal

from flask import Response, current_app, g, make_response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from notifiers.sms_text import clean
from oncall import intake, sources, store, tickets
from oncall.app import App
from oncall.errors import NotFound, UnknownTeam

PREFIX = "/api/v1"
PROBLEM_TYPE = "application/problem+json"
Answer = Response | tuple[dict[str, Any], int]
TICKETS = Tag(name="tickets", description="Hand over customer matters; the rules decide who wakes.")


def _whole(value: Any) -> Any:
    """Half an emoji, as a helpdesk that cuts its texts sends it, must not cost the ticket."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _clean(value: str) -> str:
    return clean(value).strip()


def _cut(most: int) -> AfterValidator:
    """A text that is too long is cut, never refused: whoever waits behind it must not wait in vain."""
    return AfterValidator(lambda value: value if len(value) <= most else f"{value[: most - 3]}...")


# Lengths are checked on what was sent; what is stored has lost its control characters.
Line = Annotated[str, BeforeValidator(_whole)]
CleanLine = Annotated[Line, AfterValidator(_clean)]


class Model(BaseModel):
    """Base of every body: an unknown field is an error that names it."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CustomerIn(Model):
    """Who is in trouble."""

    name: Annotated[CleanLine, _cut(200)] = Field(default="", examples=["Hotel Astoria"])
    phone: CleanLine = Field(default="", max_length=40, examples=["+12025550111"])
    email: CleanLine = Field(default="", max_length=254, examples=["desk@example.com"])


class TicketIn(Model):
    """A customer matter as its source knows it."""

    subject: Annotated[Line, Field(min_length=1), AfterValidator(_clean), _cut(300)] = Field(
        description="What does not work; cut after 300 letters.",
        examples=["Door system down, guests locked out"],
    )
    body: Annotated[CleanLine, _cut(20000)] = Field(
        default="", description="The rest of the story; cut after 20,000 letters."
    )
    customer: CustomerIn = CustomerIn()
    source: Annotated[Line, Field(max_length=64), AfterValidator(_clean)] | None = Field(
        default=None,
        description="Name of the source; when given it must be the token's own.",
    )
    source_id: Annotated[Line, Field(max_length=200), AfterValidator(_clean)] | None = Field(
        default=None,
        description="The source's own id. Sent again, it returns the first ticket instead of opening a second.",
    )
    priority: Annotated[CleanLine, _cut(40)] = Field(default="", examples=["urgent"])
    type: Annotated[CleanLine, _cut(80)] = Field(
        default="", description="What kind of matter it is; some types have ladders of their own."
    )
    team: CleanLine = Field(
        default="",
        max_length=64,
        description="Whose matter it is: a team of the policy, in any case. An unknown one is refused.",
        examples=["support"],
    )
    tags: list[Annotated[Line, Field(max_length=80), AfterValidator(_clean)]] = Field(
        default=[], max_length=50
    )
    link: CleanLine = Field(
        default="",
        max_length=2000,
        pattern=r"^(https?://\S+)?$",
        description="Where the ticket lives at its source.",
    )


class TicketOut(BaseModel):
    """The ticket as stored."""

    id: int = Field(examples=[412])
    urgency: Literal["urgent", "normal"]
    state: Literal["open", "acknowledged", "resolved"]
    url: str = Field(description="The ticket's page, for people who can sign in.")


class FieldError(BaseModel):
    """One field that was refused."""

    field: str = Field(examples=["customer.phone"])
    message: str


class Problem(BaseModel):
    """RFC 9457: what was refused and what to do about it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


class TicketPath(BaseModel):
    """Which ticket."""

    ticket_id: int = Field(ge=1, le=2**31 - 1)


REFUSALS: dict[Any, Any] = {
    status: Problem for status in (400, 401, 403, 404, 405, 413, 415, 422, 500)
}
api = APIBlueprint(
    "api",
    __name__,
    url_prefix=PREFIX,
    abp_tags=[TICKETS],
    abp_security=[{"source": []}],
)


@api.before_request
def recognise_source() -> Response | None:
    """Refuse a request without a live token before anything of its body is looked at."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    with store.reading(_core().sessions) as session:
        source = sources.source_of(session, token.strip()) if scheme.lower() == "bearer" else None
    if source is None:
        refusal = problem(
            401,
            "The token is missing, unknown or revoked. Send a live one: Authorization: Bearer oct_...",
        )
        refusal.headers["WWW-Authenticate"] = 'Bearer realm="tickets"'
        return refusal
    g.source = source
    # Reads the body now, so that bad JSON is a 400 and a wrong content type a 415.
    if request.method == "POST":
        request.get_json()
    return None


@api.post(
    "/tickets",
    summary="Open a ticket",
    responses={201: TicketOut, 200: TicketOut, **REFUSALS},
)
def open_ticket(body: TicketIn) -> Answer:
    """Store the ticket and wake whom the policy names; 200 instead of 201 when the source's id was known already."""
    if body.source is not None and body.source != g.source:
        wrong = FieldError(field="source", message=f"this token speaks for {g.source!r} only")
        return problem(403, "Use the other source's own token, or leave `source` out.", [wrong])
    core = _core()
    try:
        opened = intake.take_in(core, _new_ticket(body))
    except UnknownTeam as unknown:
        wrong = FieldError(field="team", message=str(unknown))
        return problem(422, "One field was refused; nothing was stored.", [wrong])
    out = TicketOut(
        id=opened.ticket_id,
        urgency=opened.urgency.value,
        state=_state(opened.state),
        url=f"{core.shelf.current.company.url}/tickets/{opened.ticket_id}",
    )
    return out.model_dump(), HTTPStatus.CREATED if opened.created else HTTPStatus.OK


@api.get(
    "/tickets/<int:ticket_id>",
    summary="How a ticket stands",
    responses={200: TicketOut, **REFUSALS},
)
def show_ticket(path: TicketPath) -> Answer:
    """Return one of the source's own tickets."""
    core = _core()
    with store.reading(core.sessions) as session:
        try:
            found = tickets.of_source(session, path.ticket_id, g.source)
        except NotFound as missing:
            return problem(404, str(missing))
    url = f"{core.shelf.current.company.url}/tickets/{found.ticket_id}"
    out = TicketOut(
        id=found.ticket_id, urgency=found.urgency.value, state=_state(found.state), url=url
    )
    return out.model_dump(), HTTPStatus.OK


def problem(status: int, detail: str, errors: list[FieldError] | None = None) -> Response:
    """Return an RFC 9457 answer."""
    body = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors or []
    )
    answer = make_response(body.model_dump(), status)
    answer.content_type = PROBLEM_TYPE
    return answer


def refuse_invalid(error: ValidationError) -> Response:
    """Answer a body or path that does not fit: every field by name."""
    errors = [
        FieldError(field=".".join(map(str, found["loc"])) or "body", message=_message(found))
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    count = "One field was" if len(errors) == 1 else f"{len(errors)} fields were"
    return problem(422, f"{count} refused; nothing was stored.", errors)


def _message(found: ErrorDetails) -> str:
    """Say what to send instead; the library's own words only where they already do."""
    if found["type"] == "string_pattern_mismatch":
        return "must start with https:// or http://"
    return MESSAGES.get(found["type"], found["msg"])


def refuse_http(error: HTTPException) -> Response:
    """Answer any HTTP error under the API's prefix in the API's own form, keeping headers such as Allow."""
    status = error.code or 500
    answer = problem(status, DETAILS.get(status) or HTTPStatus(status).phrase)
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            answer.headers[name] = value
    return answer


MESSAGES = {
    "extra_forbidden": "there is no such field; /api/v1/openapi.json lists them",
    "missing": "is required",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "list_type": "must be a list",
    "model_type": "must be a JSON object",
    "dict_type": "must be a JSON object",
}

DETAILS = {
    400: "The body is not JSON. Nothing was stored.",
    404: "There is nothing at this address; /api/v1/openapi.json lists what there is.",
    405: "This address does not take that method; the Allow header lists those it takes.",
    413: "The body is larger than 256 KB. Send the ticket without its attachments.",
    415: "Send JSON with Content-Type: application/json.",
    500: "Something broke on our side and nothing was stored. Send it again.",
}
"""What each refusal tells the sender to do."""

OPTIONS: dict[str, Any] = {
    "security_schemes": {"source": {"type": "http", "scheme": "bearer"}},
    "validation_error_model": Problem,
    "validation_error_callback": refuse_invalid,
}
"""What the application object must be made with for the API to answer and document itself."""


def document_problems(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI document, saying that refusals are `application/problem+json`, as they are sent."""
    for path, methods in spec["paths"].items():
        if not path.startswith(PREFIX):
            continue
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(status) >= 400 and "application/json" in content:
                    content[PROBLEM_TYPE] = content.pop("application/json")
    return spec


def document_teams(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI document with the teams of the policy in force."""
    team = spec["components"]["schemas"]["TicketIn"]["properties"]["team"]
    team["enum"] = ["", *_core().shelf.current.teams]
    return spec


def _new_ticket(body: TicketIn) -> tickets.NewTicket:
    return tickets.NewTicket(
        source=g.source,
        subject=body.subject or "(no subject)",
        body=body.body,
        source_id=body.source_id or None,
        customer_name=body.customer.name,
        customer_phone=body.customer.phone,
        customer_email=body.customer.email,
        priority=body.priority,
        type=body.type,
        team=body.team,
        tags=tuple(tag for tag in body.tags if tag),
        link=body.link,
    )


def _state(value: str) -> Literal["open", "acknowledged", "resolved"]:
    return value  # type: ignore[return-value]


def _core() -> App:
    core: App = current_app.extensions["oncall"]
    return core
