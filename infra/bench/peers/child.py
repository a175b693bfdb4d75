"""Serves requests in this process with the wire cut below botocore; run by `infra.bench.posts`.

Reads {"paths", "handler", "events", "items"} from its input and writes {"ready", "own", "whole"} to its
error stream, in CPU seconds: from the process's start to the first answer, and of each later request without
and with botocore's part. Only the standard library and what lies on the paths can be imported.
"""

from __future__ import annotations

import base64
import importlib
import json
import resource
import sys
import time
from types import SimpleNamespace
from typing import Any

question = json.load(sys.stdin)
sys.path[:0] = question["paths"]

import botocore.client  # noqa: E402 - what is measured lies on these paths
import botocore.httpsession  # noqa: E402
from botocore.awsrequest import AWSResponse  # noqa: E402
from botocore.compat import HTTPHeaders  # noqa: E402

KEY = base64.b64encode(bytes(32)).decode()
FLAGS = {"ten_percent_off_campaign": {"default": False}, "premium_features": {"default": False}}
stored: list[Any] = question["items"]
inside = 0.0


class Body:
    """An answer's bytes, as botocore reads them."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        """Return them whole."""
        return [self._content]

    def read(self, _amount: int | None = None) -> bytes:
        """Return them once."""
        content, self._content = self._content, b""
        return content


def there(keys: list[Any]) -> list[Any]:
    """Return the items that are stored under these keys."""
    return [item for item in stored if {"PK": item.get("PK"), "SK": item.get("SK")} in keys]


def said(target: str, url: str, body: Any) -> dict[str, Any]:
    """Answer as a table that has the items and takes every write, or as another service."""
    operation = target.rpartition(".")[2]
    if operation == "GetItem":
        found = there([json.loads(body)["Key"]])
        return {"Item": found[0]} if found else {}
    if operation == "BatchGetItem":
        asked = json.loads(body)["RequestItems"]
        return {"Responses": {table: there(keys["Keys"]) for table, keys in asked.items()}}
    if operation in {"GenerateDataKey", "Decrypt"}:
        return {"Plaintext": KEY, "CiphertextBlob": KEY, "KeyId": "bench"}
    if url.partition("?")[0].endswith("/configuration"):
        return {"countries": ["CN"], "features": FLAGS}
    return {"InitialConfigurationToken": "bench"} if "configurationsessions" in url else {}


def send(_session: Any, request: Any) -> Any:
    """Answer a request at once."""
    target = request.headers.get("X-Amz-Target", b"")
    text = target.decode() if isinstance(target, bytes) else target
    headers = HTTPHeaders()
    headers["Next-Poll-Configuration-Token"] = "bench"
    return AWSResponse(
        request.url, 200, headers, Body(json.dumps(said(text, request.url, request.body)).encode())
    )


real_call = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - botocore's one entrance


def timed_call(*arguments: Any) -> Any:
    """Count the CPU time inside botocore."""
    global inside  # noqa: PLW0603 - a program of one page
    began = time.process_time()
    try:
        return real_call(*arguments)
    finally:
        inside += time.process_time() - began


botocore.httpsession.URLLib3Session.send = send  # type: ignore[assignment, method-assign]
botocore.client.BaseClient._make_api_call = timed_call  # type: ignore[attr-defined]  # noqa: SLF001

context = SimpleNamespace(
    aws_request_id="bench",
    function_name="api",
    memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws-cn:lambda:cn-north-1:000000000000:function:api",
    get_remaining_time_in_millis=lambda: 29_000,
)
module, _, name = question["handler"].partition(":")
handler = getattr(importlib.import_module(module), name)


def serve(event: dict[str, Any]) -> float:
    """Let the handler answer; return the CPU seconds. Exits if it refuses."""
    began = time.process_time()
    answer = handler(event, context)
    seconds = time.process_time() - began
    if answer["statusCode"] not in {200, 201}:
        sys.exit(f"answered {answer['statusCode']}: {answer['body']}")
    return seconds


first, *rest = question["events"]
serve(first)
ready = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
own, whole = [], []
for event in rest:
    inside = 0.0
    seconds = serve(event)
    whole.append(seconds)
    own.append(seconds - inside)
sys.stderr.write("\n" + json.dumps({"ready": ready, "own": own, "whole": whole}))
