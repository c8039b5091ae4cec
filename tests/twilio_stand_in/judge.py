"""Judges requests by Twilio's own OpenAPI document, which nobody of ours wrote. Knows no state."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

HOST = "https://api.twilio.com"
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
PATHS = tuple(
    f"{ACCOUNT}/{path}"
    for path in ("Messages.json", "Messages/{Sid}.json", "Calls.json", "Calls/{Sid}.json")
)
FORM = "application/x-www-form-urlencoded"
DOCUMENT = (
    Path(__file__).parents[2]
    / "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request as it came over the wire."""

    method: str
    path: str
    form: Mapping[str, list[str]]
    query: Mapping[str, list[str]]
    authorization: str = ""

    def field(self, name: str) -> str:
        """Return the one value of a form field, empty when it was not sent."""
        return self.form.get(name, [""])[0]


class _Judged:
    """`ApiRequest` in the words of openapi-core."""

    content_type = FORM
    host_url = HOST

    def __init__(self, request: ApiRequest) -> None:
        self.path = request.path
        self.method = request.method.lower()
        self.body = urlencode(request.form, doseq=True).encode()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(
                [(name, value) for name, values in request.query.items() for value in values]
            ),
            header=Headers({"Authorization": request.authorization}),
        )


class Judge:
    """Finds what is wrong with a request. Safe to share between threads."""

    def __init__(self, document: Path = DOCUMENT) -> None:
        if not document.exists():
            raise FileNotFoundError(
                f"{document} is missing; fetch it with: npm ci --ignore-scripts"
            )
        whole = json.loads(document.read_text())
        # The document has 100 more paths; these load in a tenth of the time.
        self._paths: dict[str, Any] = {path: whole["paths"][path] for path in PATHS}
        self._openapi = OpenAPI.from_dict({**whole, "paths": self._paths})
        self._lock = threading.Lock()

    def fault(self, request: ApiRequest) -> str:
        """Return what is wrong with `request`, empty when nothing is."""
        with self._lock:
            try:
                self._openapi.validate_request(_Judged(request))
            except OpenAPIError as error:
                return f"{error}: {error.__cause__ or ''}"
        unknown = request.form.keys() - self._fields(request)
        return f"unknown parameters: {', '.join(sorted(unknown))}" if unknown else ""

    def _fields(self, request: ApiRequest) -> set[str]:
        """The form fields Twilio knows for this request; its document lets others pass in silence."""
        parts = request.path.removesuffix(".json").split("/")
        named = "Messages" if "Messages" in parts else "Calls"
        path = f"{ACCOUNT}/{named}{'' if parts[-1] == named else '/{Sid}'}.json"
        body = self._paths[path].get(request.method.lower(), {}).get("requestBody")
        return set(body["content"][FORM]["schema"]["properties"]) if body else set()
