"""Logs, metrics and traces, with nothing personal in any of them.

Promise: a log line is an event name with ids and codes; an error is logged by its class, code and
place, never by its message, because messages of parsers and databases quote values. Metrics have one
dimension, the stage. Tracing is off unless switched on (Lambda's X-Ray is missing in some regions).
"""

from __future__ import annotations

import traceback
from typing import Any, Final

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE: Final = "JiefenHub"
_FRAMES: Final = 4

log: Final = Logger(service="jiefen-hub", log_record_order=["level", "message"])


class EmfMetrics:
    """Counters in CloudWatch's embedded metric format, each written out at once."""

    def __init__(self, stage: str) -> None:
        self._dimensions = {"stage": stage}

    def count(self, name: str, value: int = 1) -> None:
        """Add to a counter."""
        with single_metric(
            name=name,
            unit=MetricUnit.Count,
            value=value,
            namespace=NAMESPACE,
            default_dimensions=dict(self._dimensions),
        ):
            pass


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
