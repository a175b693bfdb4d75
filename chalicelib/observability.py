"""Logs, metrics and traces, with nothing personal in any of them.

Promise: a log line is an event name with ids and codes; an error is logged by its class, code and
place, never by its message, because messages of parsers and databases quote values. Metrics have one
dimension, the stage. What a line is about (function, case, correlation id) is set for a block of code, in its
own thread, and ends with it: no line carries another case's keys. Tracing is off unless switched on (Lambda's
X-Ray is missing in some regions).
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.domain.events import Event

CORRELATION_ID: Final = "correlation_id"
"""The name under which the id is stored with a record and sent with a message."""
NAMESPACE: Final = "JiefenHub"
_FRAMES: Final = 4

_about: Final[ContextVar[Mapping[str, Any]]] = ContextVar("about")


class _About(logging.Filter):
    """Adds to a line what the present block is about, where the line does not say it itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass."""
        for name, value in _about.get({}).items():
            record.__dict__.setdefault(name, value)
        return True


class _Line(logging.Formatter):
    """Writes a record as one line of JSON: what happened, when, and what it is about.

    Takes a third of the CPU of Powertools' logger: the relay writes a line for each message.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"
    _OF_LOGGING: Final = frozenset(logging.makeLogRecord({}).__dict__)

    def __init__(self) -> None:
        super().__init__()
        # A release is judged by what the new build logs. Lambda sets it; no settings are read by then.
        version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self._of_process = {"service": "jiefen-hub", **({"version": version} if version else {})}
        self._encode = json.JSONEncoder(default=str).encode

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a key without a value is left out."""
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": self.formatTime(record),
        }
        about = {
            name: value
            for name, value in record.__dict__.items()
            if name not in self._OF_LOGGING and value is not None
        }
        return self._encode({**line, **about, **self._of_process})


def _logger() -> logging.Logger:
    # A line names neither, and `logging` would ask the system for both each time.
    logging.logProcesses = logging.logMultiprocessing = False
    logger = logging.getLogger(__name__)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addFilter(_About())
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Line())
    logger.addHandler(handler)
    return logger


log: Final = _logger()


@contextmanager
def about(**keys: Any) -> Iterator[None]:
    """Let every line of a block carry these keys, beside those of the blocks around it; None carries none."""
    known = {**_about.get({}), **keys}
    before = _about.set({name: value for name, value in known.items() if value is not None})
    try:
        yield
    finally:
        _about.reset(before)


def correlation_id() -> str | None:
    """Return the id of the chain of requests and messages that the present block belongs to."""
    found: str | None = _about.get({}).get("correlation_id")
    return found


def log_event(event: Event) -> None:
    """Log that an event was committed: what happened to which case, and in which role, never by whom."""
    log.info(
        "event",
        extra={
            "case_id": event.case_id,
            "event": str(event.type),
            "sequence": event.sequence,
            "role": str(event.role),
        },
    )


class EmfMetrics:
    """Counters in CloudWatch's embedded metric format, each written out at once.

    Takes a tenth of the CPU of Powertools' metrics, which every function would have to load.
    """

    def __init__(self, stage: str) -> None:
        self._stage = stage

    def count(self, name: str, value: int = 1) -> None:
        """Add to a counter."""
        metric = {
            "Namespace": NAMESPACE,
            "Dimensions": [["stage"]],
            "Metrics": [{"Name": name, "Unit": "Count"}],
        }
        about_it = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metric]}
        sys.stdout.write(json.dumps({"_aws": about_it, "stage": self._stage, name: value}) + "\n")


def log_failure(message: str, error: BaseException, **ids: Any) -> None:
    """Log an error's class, code and place; `ids` may hold ids and codes only."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    log.error(
        message,
        extra={
            **ids,
            "error": type(error).__name__,
            "code": getattr(error, "code", None),
            "at": [f"{frame.name}:{frame.lineno}" for frame in frames],
        },
    )


def switch_on_tracing() -> None:
    """Trace AWS and HTTP calls."""
    from aws_lambda_powertools import Tracer  # noqa: PLC0415 - loads the X-Ray SDK, which few stages need

    Tracer(service="jiefen-hub", auto_patch=True)
