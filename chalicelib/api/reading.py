"""From a gateway's event to what the API works with: headers, query, body, and who is asking.

Promise: every shape an event comes in (API Gateway, Chalice's local server, a test) is read into one
`Incoming`; a body is JSON without ambiguities or a refusal, whatever its bytes. Downside: the body is
held in memory as bytes and as parsed JSON.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from chalicelib.api.languages import Language, negotiate
from chalicelib.api.refusals import BodyTooLarge, BodyUnreadable, MediaTypeRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

JSON_TYPE: Final = "application/json"
_CORRELATION_ID: Final = "[A-Za-z0-9._-]{1,64}"
_UTF_8: Final = frozenset({"utf-8", "utf8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One request, whatever carried it. Header names are in lower case."""

    headers: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    path_parameters: Mapping[str, str]
    authorizer: Mapping[str, object]
    raw: bytes
    request_id: str

    @property
    def correlation_id(self) -> str:
        """The caller's own id for a chain of requests, if it is well-formed, else the request's id."""
        offered = self.headers.get("x-correlation-id", "")
        return offered if re.fullmatch(_CORRELATION_ID, offered) else self.request_id

    @property
    def language(self) -> Language:
        """The language of the answer."""
        return negotiate(self.headers.get("accept-language"))


def incoming(event: Mapping[str, Any], own_request_id: str) -> Incoming:
    """Read an API Gateway proxy event; `own_request_id` is used where the gateway gave none."""
    context = event.get("requestContext") or {}
    return Incoming(
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        query=_query(event),
        path_parameters=event.get("pathParameters") or {},
        authorizer=context.get("authorizer") or {},
        raw=_bytes(event),
        request_id=context.get("requestId") or own_request_id,
    )


def json_object(request: Incoming, *, limit: int, optional: bool) -> dict[str, Any]:
    """Read the body as one JSON object of at most `limit` bytes; an absent optional one is empty.

    Raises BodyTooLarge, MediaTypeRefused or BodyUnreadable.
    """
    if len(request.raw) > limit:
        raise BodyTooLarge(limit)
    if optional and not request.raw:
        return {}
    if request.raw:
        _check_media_type(request.headers.get("content-type", ""))
    try:
        value = json.loads(
            request.raw.decode(), parse_constant=_no_constant, object_pairs_hook=_without_duplicates
        )
    except (ValueError, RecursionError):
        # ValueError: not UTF-8, not JSON, a number of endless length. `from None`: it may quote the body.
        raise BodyUnreadable("not one unambiguous JSON value") from None
    if not isinstance(value, dict):
        raise BodyUnreadable("not an object")
    return value


def _check_media_type(content_type: str) -> None:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    if media_type != JSON_TYPE or not _UTF_8.issuperset(charsets):
        raise MediaTypeRefused(media_type)


def _no_constant(_name: str) -> NoReturn:
    raise BodyUnreadable("NaN and Infinity are not JSON")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BodyUnreadable("a name occurs twice")
    return value


def _bytes(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or b""
    if event.get("isBase64Encoded"):
        return base64.b64decode(body)
    # A lone surrogate is not valid UTF-8: it is passed on, and refused later like any body that is no JSON.
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")


def _query(event: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    several = event.get("multiValueQueryStringParameters")
    if several:
        return dict(several)
    return {name: [value] for name, value in (event.get("queryStringParameters") or {}).items()}
