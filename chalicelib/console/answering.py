"""From a page to what API Gateway sends: compressed for whoever takes it.

Promise: a page of any size is a fifth on its way to an old phone. Why not API Gateway's own compression: it
would compress the API's papers too, whose `Content-Digest` is of the bytes as they are (RFC 9530).
"""

from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING, Any, Final

from chalice.app import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.serving import Reply

_SMALLEST: Final = 1000
"""Bytes below which compressing saves nothing."""
_LEVEL: Final = 6


def response(reply: Reply, headers: Mapping[str, str]) -> Response:
    """Return what Chalice hands to API Gateway; `headers` are the request's, in whatever case."""
    accepted = next((value for name, value in headers.items() if name.lower() == "accept-encoding"), "")
    codings = {coding.partition(";")[0].strip().lower() for coding in accepted.split(",")}
    told = {**reply.headers, "Vary": "Accept-Encoding"}
    if not str(reply.headers.get("Content-Type", "text/")).startswith("text/"):
        return _Bytes(body=reply.body, headers=told, status_code=reply.status)
    if "gzip" not in codings or len(reply.body) < _SMALLEST:
        return Response(body=reply.body.decode(), headers=told, status_code=reply.status)
    told["Content-Encoding"] = "gzip"
    return _Bytes(body=gzip.compress(reply.body, _LEVEL, mtime=0), headers=told, status_code=reply.status)


class _Bytes(Response):
    """An answer in bytes that are not text."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """Return Lambda's answer: the body in base64, with the flag that says so."""
        text = base64.b64encode(self.body).decode()
        plain = Response(body=text, headers=self.headers, status_code=self.status_code)
        answer: dict[str, Any] = plain.to_dict(binary_types)
        return {**answer, "isBase64Encoded": True}
