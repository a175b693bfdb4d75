"""A pytest plugin that writes down each answer of the API; `python -m infra.answers record` loads it.

Promise: it imports nothing of the hub and changes nothing a test sees, so it runs with the tests of any
revision. It listens in two places: where Lambda enters the Chalice app, for tests in one process, and at
urllib3, for journeys that ask a running hub. Downside: the mock court's requests to the hub are not recorded.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
import urllib3
from chalice.app import Chalice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER: Final = "ANSWERS_FOLDER"
"""The environment variable that names the folder to write to; each process writes a file of its own."""

_lock = threading.Lock()
_patches = pytest.MonkeyPatch()
_test = ""


def pytest_configure() -> None:
    """Start recording."""
    call, urlopen = Chalice.__call__, urllib3.PoolManager.urlopen

    def heard_call(app: Chalice, event: Any, context: Any) -> Any:
        answer = call(app, event, context)
        if "httpMethod" in event:
            _write_call(event, answer)
        return answer

    def heard_urlopen(pool: urllib3.PoolManager, method: str, url: str, *rest: Any, **more: Any) -> Any:
        answer = urlopen(pool, method, url, *rest, **more)
        if urlsplit(url).path.startswith("/v1/"):
            _write_http(method, url, more.get("headers") or {}, answer)
        return answer

    _patches.setattr(Chalice, "__call__", heard_call)
    _patches.setattr(urllib3.PoolManager, "urlopen", heard_urlopen)


def pytest_unconfigure() -> None:
    """Stop recording."""
    _patches.undo()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Remember which test is running, its fixtures included."""
    global _test  # noqa: PLW0603 - threads of the test write under its name too
    _test = item.nodeid
    return (yield)


def _write_call(event: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    body = answer.get("body") or ""
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    headers = {**answer.get("headers", {}), **answer.get("multiValueHeaders", {})}
    query = event.get("multiValueQueryStringParameters") or {}
    asked = "&".join(f"{name}={value}" for name, values in sorted(query.items()) for value in values)
    path = f"{event['path']}?{asked}" if asked else event["path"]
    caller = event["requestContext"].get("authorizer") or {}
    _write(event["httpMethod"], path, caller, answer["statusCode"], headers, raw, over_http=False)


def _write_http(method: str, url: str, sent: Mapping[str, str], answer: urllib3.BaseHTTPResponse) -> None:
    split = urlsplit(url)
    path = f"{split.path}?{split.query}" if split.query else split.path
    caller = _claims(sent.get("Authorization", ""))
    _write(method, path, caller, answer.status, dict(answer.headers), answer.data, over_http=True)


def _write(
    method: str,
    path: str,
    caller: Mapping[str, Any],
    status: int,
    headers: Mapping[str, Any],
    raw: bytes,
    *,
    over_http: bool,
) -> None:
    if not _test:
        return  # asked while the tests were being collected
    entry = {
        "test": _test,
        "over_http": over_http,
        "concurrent": threading.current_thread() is not threading.main_thread(),
        "method": method,
        "path": path,
        "caller": str(caller.get("role", "")),
        "status": status,
        "headers": {name.lower(): value for name, value in headers.items()},
        "body": _readable(raw),
    }
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with _lock, (Path(os.environ[FOLDER]) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(line)


def _readable(raw: bytes) -> Any:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return "<bytes>"
    try:
        return json.loads(text)
    except ValueError:
        return text


def _claims(authorization: str) -> Mapping[str, Any]:
    """Return a bearer token's claims; the signature is left to the hub to check."""
    parts = authorization.removeprefix("Bearer ").split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, claims and signature of a JWT
        return {}
    claims: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    return claims
