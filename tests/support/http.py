"""The API as its callers see it: the real routes on a Chalice app, with a hub in memory behind them.

Promise: a request is a Lambda proxy event as API Gateway sends it, the authorizer's context included; every
answer is checked against the OpenAPI document (status, media type, schema, headers) before a test sees it,
so an undocumented answer fails any test that gets it. Downside: API Gateway itself is not part of it.
"""

import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
from chalice.app import AuthRequest, AuthResponse, Chalice
from chalice.local import LocalChalice, RouteMatcher

from chalicelib.adapters import signatures
from chalicelib.adapters.identity import Principal
from chalicelib.api import register
from chalicelib.api.routes import document
from chalicelib.domain.roles import Actor
from chalicelib.use_cases.ports import Hub
from tests.support.fakes import COURT_ID, FakeHub
from tests.support.fakes.samples import INSTITUTION

COURT_KEY = "whsec_" + base64.b64encode(b"a key of the court for tests only").decode()


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is parsed where it is JSON."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """The parsed JSON."""
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        """The problem's code."""
        return str(self.body["code"])

    @property
    def faults(self) -> dict[str, str]:
        """The problem's faults: code by pointer."""
        return {entry["pointer"]: entry["code"] for entry in self.body["errors"]}


@dataclass
class LambdaContext:
    """What Lambda tells a function about its invocation."""

    aws_request_id: str = "lambda-request"


@dataclass
class Api:
    """The API and its hub."""

    hub: FakeHub = field(default_factory=FakeHub)
    keys: dict[str, list[str]] = field(default_factory=lambda: {COURT_ID: [COURT_KEY]})

    def __post_init__(self) -> None:
        self.app = make_app(
            lambda: self.hub, lambda court_id: self.keys.get(court_id, []), self.hub.clock.now
        )
        self.matcher = RouteMatcher(list(self.app.routes))

    def get(self, url: str, actor: Actor | None = INSTITUTION, /, **headers: str) -> Answer:
        """GET a resource."""
        return self.request("GET", url, actor, None, _named(headers))

    def post(self, url: str, body: Any, actor: Actor | None = INSTITUTION, /, **headers: str) -> Answer:
        """POST JSON; header names are written with underscores."""
        return self.request("POST", url, actor, json.dumps(body), {**_JSON, **_named(headers)})

    def call_back(self, body: Any, message_id: str = "msg-1", key: str = COURT_KEY) -> Answer:
        """POST a callback, signed now."""
        raw = json.dumps(body, ensure_ascii=False)
        signed = signatures.sign(message_id, self.hub.clock.now(), raw.encode(), [key])
        return self.request("POST", "/v1/court/callbacks", None, raw, {**_JSON, **signed})

    def request(
        self,
        method: str,
        url: str,
        actor: Actor | Mapping[str, str] | None,
        body: str | bytes | None,
        headers: Mapping[str, str],
        *,
        binary: bool = False,
        query: Mapping[str, str] | None = None,
        path_parameters: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send any request, as base64 if `binary`; the answer is checked against the document."""
        split = urlsplit(url)
        matched = self.matcher.match_route(split.path)
        event = {
            "resource": matched.route,
            "path": split.path,
            "httpMethod": method,
            "headers": dict(headers),
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": _query(split.query, query) or None,
            "pathParameters": dict(path_parameters or matched.captured) or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": matched.route,
                "httpMethod": method,
                "requestId": str(uuid.uuid4()),
                "path": split.path,
                "identity": {"sourceIp": "127.0.0.1"},
                "authorizer": authorizer_context(actor),
            },
            "body": base64.b64encode(_bytes(body)).decode() if binary else body,
            "isBase64Encoded": binary,
        }
        sent = self.app(event, LambdaContext())
        raw = sent["body"].encode()
        if sent.get("isBase64Encoded"):
            raw = base64.b64decode(raw)
        answer = Answer(sent["statusCode"], sent["headers"], raw)
        if method.lower() in document()["paths"][matched.route]:
            check(answer, matched.route, method.lower())
        return answer


def make_app(
    hub: Callable[[], Hub],
    callback_keys: Callable[[str], Sequence[str]],
    real_now: Callable[[], datetime],
) -> Chalice:
    """Put the API on a new app, with an authorizer that is not called here."""
    # LocalChalice gives each thread its own current request. `env={}`, since each app adds a name to its
    # environment's AWS_EXECUTION_ENV, which botocore sends: after a thousand apps the header is too long.
    app = LocalChalice(app_name="test", configure_logs=False, env={})

    @app.authorizer(name="authorizer")
    def authorizer(_request: AuthRequest) -> AuthResponse:
        return AuthResponse(routes=["*"], principal_id="test")

    register(
        app,
        authorizer,
        hub=hub,
        callback_keys=callback_keys,
        real_now=real_now,
    )
    return app


def authorizer_context(actor: Actor | Mapping[str, str] | None) -> dict[str, str]:
    """Return what the authorizer hands to the API for this actor; a mapping is handed over as it is."""
    if isinstance(actor, Actor):
        return {**Principal(actor, "issuer").context, "principalId": actor.subject}
    return dict(actor or {})


def check(answer: Answer, route: str, method: str) -> None:
    """Fail unless the document lists this answer for this route."""
    documented = document()["paths"][route][method]["responses"]
    assert str(answer.status) in documented, f"{answer.status} is not documented: {answer.raw.decode()}"
    foreseen = _resolved(documented[str(answer.status)])
    media_type = answer.headers["Content-Type"]
    assert media_type in foreseen["content"], f"{media_type} is not documented"
    if media_type in {"application/json", "application/problem+json"}:
        validator_of(foreseen["content"][media_type].get("schema", {})).validate(answer.body)
    for name, header in foreseen["headers"].items():
        assert not _resolved(header)["required"] or name in answer.headers, f"{name} is missing"


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: Any = document()
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def validator_of(schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Return a validator of a schema that may refer to the document's components."""
    return _validator(json.dumps(schema))


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    # In Rust: every answer of every test is checked, which in Python took longer than to give the answers.
    return jsonschema_rs.Draft202012Validator({**json.loads(schema), "components": document()["components"]})


def _query(text: str, more: Mapping[str, str] | None) -> dict[str, list[str]]:
    return {
        **parse_qs(text, keep_blank_values=True),
        **{name: [value] for name, value in (more or {}).items()},
    }


def _bytes(body: str | bytes | None) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""


_JSON = {"Content-Type": "application/json"}


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
