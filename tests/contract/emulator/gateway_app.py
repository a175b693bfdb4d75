"""An app for the local gateway to serve, the words it refuses in, and a client that keeps its connection."""

import http.client
import json
import threading
from typing import Any

from chalice.app import AuthRequest, AuthResponse, AuthRoute, Chalice, Request, Response

PROBLEMS: dict[int, dict[str, object]] = {
    status: {"code": code, "status": status, "request_id": "$context.requestId"}
    for status, code in {
        400: "bad_request",
        401: "unauthenticated",
        403: "not_permitted",
        404: "not_found",
        413: "request_too_large",
        500: "internal_error",
        504: "gateway_timeout",
    }.items()
}
ASKED: list[str] = []


def make_app() -> Chalice:
    """Make an app whose routes answer with what they were given."""
    app = Chalice("test", configure_logs=False)
    _add_open_routes(app)
    _add_odd_answers(app)
    _add_guarded_routes(app, app.authorizer(name="authorizer")(_authorize))
    return app


def _authorize(request: AuthRequest) -> Any:
    ASKED.append(request.token)
    match request.token.removeprefix("Bearer "):
        case "good":
            told: Any = {"role": "judge", "admin": True}
            return AuthResponse(["*"], "someone", context=told)
        case "list" | "map" as kind:
            odd: Any = {"list": ["C-1"], "map": {"court": "x"}}[kind]
            return AuthResponse(["*"], "someone", context={"role": "judge", "more": odd})
        case "narrow":
            return AuthResponse([AuthRoute("/v1/me", ["GET"])], "someone")
        case "denied":
            return {
                "principalId": "nobody",
                "policyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": "*"}],
                },
                "context": {"reason": "expired", "detail": "The token has expired"},
            }
        case "broken":
            raise RuntimeError("a secret of the token")
        case "nothing":
            return None
        case _:
            raise PermissionError("Unauthorized")


def _request(app: Chalice) -> Request:
    assert app.current_request is not None
    return app.current_request


def _add_open_routes(app: Chalice) -> None:
    @app.route("/v1/echo", methods=["GET", "POST"], content_types=[])
    def echo() -> Any:
        return _request(app).to_original_event()

    @app.route("/v1/cases/{case_id}/events/{number}")
    def event(case_id: str, number: str) -> Any:
        return {"case_id": case_id, "number": number}

    @app.route("/v1/cases/search")
    def search() -> Any:
        return {"searched": True}

    @app.route("/v1/cases/{case_id}")
    def case(case_id: str) -> Any:
        return {"case_id": case_id}


def _add_guarded_routes(app: Chalice, authorizer: Any) -> None:
    @app.route("/v1/me", authorizer=authorizer)
    def me() -> Any:
        return _request(app).context["authorizer"]

    @app.route("/v1/me/others", authorizer=authorizer)
    def others() -> Any:
        return {}


def _add_odd_answers(app: Chalice) -> None:
    @app.route("/v1/document")
    def document() -> Any:
        headers: Any = {"Content-Type": "application/octet-stream", "Set-Cookie": ["a=1", "b=2"]}
        return Response(b"\x00\xff", headers=headers)

    @app.route("/v1/huge")
    def huge() -> Any:
        return {"huge": "x" * (6 * 1024 * 1024)}

    @app.route("/v1/quotes/{count}")
    def quotes(count: str) -> Any:
        return {"quotes": '"' * int(count)}

    @app.route("/v1/nothing")
    def nothing() -> Any:
        return Response("", status_code=204)

    barrier = threading.Barrier(4)

    @app.route("/v1/slow/{name}")
    def slow(name: str) -> Any:
        barrier.wait(10)
        return {"asked": name, "seen": (_request(app).uri_params or {})["name"]}


class Client:
    """One connection that stays open."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)

    def __call__(
        self, method: str, target: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, http.client.HTTPMessage]:
        """Ask; returns status, body (parsed where it is JSON) and headers."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, target, body, sent)
        answer = self.connection.getresponse()
        text = answer.read()
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status, json.loads(text) if is_json and text else text, answer.headers
