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
from chalicelib.api.refusals import FIELD_NAME, BodyTooLarge, BodyUnreadable, MediaTypeRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

JSON_TYPE: Final = "application/json"
# Neither a number of an identity card nor of a mobile phone: it is logged and handed on.
_CORRELATION_ID: Final = r"(?!.*\d{17}[\dXx])(?!.*(?<!\d)1[3-9]\d{9}(?!\d))[A-Za-z0-9._-]{1,64}"
_BLANKS: Final = " \t\r\n"
_CLOSING: Final = ("}", "]")
_NOT_OF_JSON: Final = frozenset("“”‘’＂＇'，：｛｝［］、；")
"""What stands in a text that was typed or changed by a word processor instead of JSON's own punctuation."""
_WIDE: Final = 4
"""In so many characters of a JSON text in UTF-16 or UTF-32 that is read as UTF-8 there is a null."""
_TEXT: Final = r'"(?:[^"\\]|\\.)*"'
_TOKENS: Final = re.compile(rf"[][{{}}]|(?P<name>{_TEXT})(?=[ \t\r\n]*:)|{_TEXT}")
"""In JSON: what opens and closes, the names, and the other texts, which may hold any of these."""
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
    source: str = ""
    """The address that the gateway saw; it is in no log."""

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
        source=str((context.get("identity") or {}).get("sourceIp") or ""),
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
    value = _json(_text(request.raw))
    if not isinstance(value, dict):
        raise BodyUnreadable("json_no_object")
    return value


def _text(raw: bytes) -> str:
    """Decode UTF-8, with or without a byte order mark, which Windows programs write (RFC 8259, 8.1)."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # `from None`, here and below: an error of a parser quotes the body.
        raise BodyUnreadable("body_not_utf_8", byte=error.start + 1) from None
    if "\0" in text[:_WIDE]:
        raise BodyUnreadable("body_not_utf_8", byte=text.index("\0") + 1)
    if not text.strip(_BLANKS):
        raise BodyUnreadable("body_missing")
    return text


def _json(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except _NameTwiceError:
        raise _twice(text) from None
    except json.JSONDecodeError as error:
        raise _syntax(text, error) from None
    except RecursionError:
        raise BodyUnreadable("json_too_deep") from None
    except ValueError:
        raise BodyUnreadable("json_number_too_long") from None


def _syntax(text: str, error: json.JSONDecodeError) -> BodyUnreadable:
    at: dict[str, Any] = {"line": error.lineno, "column": error.colno}
    if error.msg.startswith("Extra data"):
        return BodyUnreadable("json_more_than_one_value", **at)
    if error.msg.startswith("Invalid control character"):
        return BodyUnreadable("json_control_character", **at)
    if (character := text[error.pos : error.pos + 1]) in _NOT_OF_JSON:
        return BodyUnreadable("json_punctuation", character=character, **at)
    # Python before 3.13 points behind a trailing comma, and says that it expected another value.
    comma = (
        len(text[: error.pos].rstrip(_BLANKS)) - 1
        if text[error.pos : error.pos + 1] in _CLOSING
        else error.pos
    )
    if text[comma : comma + 1] == "," and text[comma + 1 :].lstrip(_BLANKS)[:1] in _CLOSING:
        line, column = _place(text, comma)
        return BodyUnreadable("json_trailing_comma", line=line, column=column)
    return BodyUnreadable("json_syntax", **at)


def _check_media_type(content_type: str) -> None:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    if media_type != JSON_TYPE or not _UTF_8.issuperset(charsets):
        raise MediaTypeRefused(media_type)


def _no_constant(name: str) -> NoReturn:
    raise BodyUnreadable("json_no_number", constant=name)


def _place(text: str, position: int) -> tuple[int, int]:
    """Return line and column of a position, each counted from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


class _NameTwiceError(Exception):
    """An object has a name twice."""


def _twice(text: str) -> BodyUnreadable:
    """Return the refusal with the place of the first name that comes again in its object.

    The parser tells an object when it ends, without its place. Up to there the text is JSON.
    """
    open_objects: list[set[str] | None] = []
    for token in _TOKENS.finditer(text):
        match token[0][0]:
            case "{":
                open_objects.append(set())
            case "[":
                open_objects.append(None)
            case "}" | "]":
                open_objects.pop()
            case _:
                names = open_objects[-1]
                name = json.loads(token["name"]) if token["name"] else None
                if names is None or name is None:
                    continue
                if name in names:
                    line, column = _place(text, token.start())
                    # What does not look like a field's name is not repeated: it may be anything that was
                    # typed there.
                    shown = name if re.fullmatch(FIELD_NAME, name) else "…"
                    return BodyUnreadable("json_name_twice", name=shown, line=line, column=column)
                names.add(name)
    raise AssertionError("no name occurs twice")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _NameTwiceError
    return value


# `json.loads` would make a decoder for each body.
_DECODER: Final = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_without_duplicates)


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
