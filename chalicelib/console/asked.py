"""From a gateway's event to what the console works with: segments, query, form, cookies, where it is served.

Promise: any event is read; what can't be a form is an empty one, and what is too much is refused.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from chalicelib.console import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST_FORM: Final = 256 * 1024
MOST_FIELDS: Final = 2_000
_LONG_TEXT: Final = 30
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


class FormTooLargeError(Exception):
    """A form is larger than any page's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request of a browser. Header names are in lower case."""

    method: str
    segments: tuple[str, ...]
    query: Mapping[str, str]
    form: Mapping[str, Sequence[str]]
    cookies: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    request_id: str
    base: str
    """What stands before `/console`: the stage's name where the API has no domain of its own."""
    source: str = field(default="", repr=False)
    """The address that the gateway saw; it is in no log."""

    @property
    def origin(self) -> str:
        """The origin that the browser has in its address bar."""
        scheme = "http" if self.on_loopback else "https"
        return f"{scheme}://{self.headers.get('host', '')}"

    @property
    def on_loopback(self) -> bool:
        """Whether the hub is served over plain http on this machine, where no cookie can be `Secure`."""
        host = self.headers.get("host", "")
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        return name in _LOOPBACK and self.headers.get("x-forwarded-proto", "http") != "https"

    @property
    def home(self) -> str:
        """The path of the console's start page."""
        return self.base + PREFIX

    @property
    def here(self) -> str:
        """The path of this page within the console, percent-encoded."""
        return "/".join(quote(segment, safe="") for segment in self.segments)

    def link(self, path: str = "") -> str:
        """Return the address of a page; `path` is percent-encoded already."""
        return f"{self.home}/{path}" if path and not path.startswith("?") else self.home + path

    @property
    def kept_query(self) -> str:
        """The query without the choice of a language, for the same page in another one."""
        return urlencode({name: value for name, value in self.query.items() if name != "lang"})

    def typed(self, name: str) -> str:
        """Return what a field of the form holds; empty if it is not there."""
        return next(iter(self.form.get(name, ())), "")

    @property
    def long_texts(self) -> tuple[str, ...]:
        """What the form holds that took somebody some time to write."""
        texts = (value for values in self.form.values() for value in values)
        return tuple(text for text in texts if len(text) >= _LONG_TEXT)


def asked_of(event: Mapping[str, Any], own_request_id: str) -> Asked:
    """Read a request. Raises FormTooLargeError."""
    context = event.get("requestContext") or {}
    parts = event.get("pathParameters") or {}
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    whole = str(context.get("path") or "")
    return Asked(
        method=str(event.get("httpMethod")),
        segments=tuple(value for _, value in sorted(parts.items())),
        query={name: values[-1] for name, values in _query(event).items()},
        form=_form(event, headers.get("content-type", "")),
        cookies=_cookies(headers.get("cookie", "")),
        headers=headers,
        request_id=context.get("requestId") or own_request_id,
        base=whole.partition(PREFIX)[0] if PREFIX in whole else "",
        source=str((context.get("identity") or {}).get("sourceIp") or ""),
    )


def _query(event: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    several = event.get("multiValueQueryStringParameters")
    if several:
        return {name: list(values) or [""] for name, values in several.items()}
    return {name: [value] for name, value in (event.get("queryStringParameters") or {}).items()}


def _form(event: Mapping[str, Any], content_type: str) -> Mapping[str, Sequence[str]]:
    body = event.get("body") or ""
    raw = _decoded(body) if event.get("isBase64Encoded") else str(body).encode("utf-8", "surrogatepass")
    if len(raw) > LARGEST_FORM:
        raise FormTooLargeError
    if content_type.partition(";")[0].strip().lower() != _FORM_TYPE:
        return {}
    try:
        pairs = parse_qsl(
            raw.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            encoding="utf-8",
            errors="replace",
        )
    except ValueError:
        raise FormTooLargeError from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        # A browser sends the ends of lines as CR LF; the API takes LF.
        form.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return form


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode(body)
    except (binascii.Error, ValueError):
        return b""


def _cookies(header: str) -> dict[str, str]:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in cookies.items()}
