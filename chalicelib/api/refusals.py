"""Errors that the API raises itself, before it calls a use case; they too derive from `HubError`.

Promise: each class has a stable `code`; status and wording stand in `problem_table`, like those of every
other error. Downside: API Gateway refuses some of these earlier, in its own words but with the same codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from chalicelib.domain.errors import Fault, HubError

if TYPE_CHECKING:
    from collections.abc import Mapping

Part = Literal["body", "query", "path", "header"]

FIELD_NAME: Final = "[A-Za-z_][A-Za-z0-9_-]{0,63}"
"""What looks like a field's name; anything else in a name's place is not repeated to the caller."""


@dataclass(frozen=True)
class RequestFault(Fault):
    """A fault of a request: its part, and the limits and numbers that its wording needs (no text sent)."""

    message: str = ""
    part: Part = "body"
    values: Mapping[str, object] = field(default_factory=dict)


class RequestRefused(HubError):
    """The request can't be taken as it is."""

    code = "bad_request"


class BodyUnreadable(RequestRefused):
    """The body is not one JSON object in UTF-8 without ambiguities; `fault` says why and where."""

    code = "malformed_json"

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(why)
        self.fault = RequestFault("", why, values=values)


class BodyTooLarge(RequestRefused):
    """The body is larger than this route takes."""

    code = "request_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit_bytes = limit


class MediaTypeRefused(RequestRefused):
    """The body is not declared as JSON in UTF-8."""

    code = "unsupported_media_type"


class IdempotencyKeyRequired(RequestRefused):
    """The header that makes a repeated creation harmless is missing or malformed."""

    code = "idempotency_key_required"


class IfMatchRequired(RequestRefused):
    """A change must say which version it is based on."""

    code = "if_match_required"


class IfMatchUnusable(RequestRefused):
    """`If-Match` is there, but does not name one version."""

    code = "if_match_unusable"


class CursorRefused(RequestRefused):
    """The cursor is not one this caller got for this list."""

    code = "cursor_refused"


class RouteNotFound(RequestRefused):
    """No resource has this address."""

    code = "route_not_found"


class MethodNotAllowed(RequestRefused):
    """The resource does not know this method."""

    code = "method_not_allowed"
