"""Which AWS actions each function of the local hub asks for, and of what.

Promise: a line for each function, action and resource, written when it is first seen (JSON, one array a
line); a resource is a name of this stack (table, index, queue, folder of the bucket), never a key or a value.
Why: `tests/journeys/test_demo.py` compares them with the policies that are packaged. Downside: what a service
does on a function's behalf, such as decrypting a bucket's objects, is not seen.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import boto3

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PREFIXES: Final = {"stepfunctions": "states", "sfn": "states"}
_SAME_ACTION: Final = {"SendMessageBatch": "SendMessage", "HeadObject": "GetObject"}
_running: ContextVar[str | None] = ContextVar("running_function", default=None)


@contextmanager
def running_as(function: str) -> Iterator[None]:
    """Count what the block asks of AWS as this function's."""
    before = _running.set(function)
    try:
        yield
    finally:
        _running.reset(before)


def running_function() -> str | None:
    """Return the function that is running here; None outside of all."""
    return _running.get()


def record_to(path: Path) -> None:
    """Record the calls of every client that is made from now on with boto3's default session."""
    seen: set[tuple[str, str, str]] = set()
    lock = threading.Lock()

    def observe(params: Mapping[str, Any], model: Any, **_: Any) -> None:
        function = running_function()
        if function is None:
            return  # the stack's own calls
        service = model.service_model.service_name
        with lock:
            for action, resource in _asked(service, model.name, params):
                entry = (function, action, resource)
                if entry not in seen:
                    seen.add(entry)
                    with path.open("a", encoding="utf-8") as lines:
                        lines.write(json.dumps(entry) + "\n")

    path.write_text("", encoding="utf-8")
    boto3.DEFAULT_SESSION = session = boto3.Session()
    session.events.register("before-parameter-build", observe)


def _asked(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    prefix = _PREFIXES.get(service, service)
    if operation == "TransactWriteItems":
        for write in params["TransactItems"]:
            (kind,) = write
            yield f"dynamodb:{kind}Item", "table"
        return
    action = f"{prefix}:{_SAME_ACTION.get(operation, operation.removesuffix('Batch'))}"
    yield action, _resource(prefix, params)


def _resource(prefix: str, params: Mapping[str, Any]) -> str:
    match prefix:
        case "dynamodb":
            return f"index/{params['IndexName']}" if "IndexName" in params else "table"
        case "s3":
            return str(params["Key"]).partition("/")[0]
        case "sqs":
            return str(params["QueueUrl"]).rpartition("/")[2]
        case "kms":
            return "signing" if params["KeyId"] == os.environ.get("HUB_SIGNING_KEY_ID") else "key"
    return prefix
