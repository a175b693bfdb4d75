"""The gateway's own answers, in the words it was given.

A refusal without words of its own takes those of 400 or 500, as API Gateway's DEFAULT_4XX and DEFAULT_5XX do.
Downside: headers of the template's gateway responses are repeated here by the caller, not read from it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

Body = Mapping[str, Any]

REQUEST_ID = "$context.requestId"
"""API Gateway's variable, which it fills in wherever a body has it."""

_AUTHORIZER = "$context.authorizer."

PROBLEM_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; a header with several values has a list."""

    status: int
    headers: Mapping[str, str | list[str]]
    body: bytes


class RefusedError(Exception):
    """The gateway refuses a request with this status; `told` is the authorizer's context, if it denied it."""

    def __init__(self, status: int, told: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.told = told


@dataclass(frozen=True, slots=True)
class Refusals:
    """The words by HTTP status; without words the body has only the status.

    `denied` words a denial of the authorizer and gives it its status, as ACCESS_DENIED does; without it that
    is 403.
    """

    bodies: Mapping[int, Body] = field(default_factory=dict)
    headers: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    denied: Body | None = None

    def denial(self, told: Mapping[str, str], request_id: str) -> Answer:
        """Return the answer for a denial; the words' variables are filled from the authorizer's context."""
        if self.denied is None:
            return self.answer(HTTPStatus.FORBIDDEN, request_id)
        status = int(self.denied["status"])
        words = {name: _filled(value, told) for name, value in self.denied.items()}
        return replace(self, bodies={status: words}).answer(status, request_id)

    def answer(self, status: int, request_id: str) -> Answer:
        """Return the answer for a refusal."""
        default = (
            HTTPStatus.BAD_REQUEST
            if status < HTTPStatus.INTERNAL_SERVER_ERROR
            else HTTPStatus.INTERNAL_SERVER_ERROR
        )
        words = (
            self.bodies.get(status)
            or self.bodies.get(default)
            or {"type": "about:blank", "title": _phrase(status)}
        )
        text = json.dumps({**words, "status": status}, ensure_ascii=False).replace(REQUEST_ID, request_id)
        headers = {
            "Content-Type": PROBLEM_TYPE,
            "x-amzn-RequestId": request_id,
            **self.headers.get(status, {}),
        }
        return Answer(status, headers, text.encode())


def _filled(value: Any, told: Mapping[str, str]) -> Any:
    for name, text in told.items():
        if value == f"{_AUTHORIZER}{name}":
            return text
    return value


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return str(status)
