"""What all pumps have in common: threads that survive errors of the source and of the handler.

Downside: errors show in the log only.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws_calls import running_as
from infra.local.pumps.events import Event, LambdaContext

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any], Any], Any]

_PAUSE_AFTER_TROUBLE_SECONDS = 1.0


class HandlerFailedError(Exception):
    """A handler raised; its error is logged already."""


class Pump:
    """Threads that each repeat one step until they are told to stop. Use `start` and `stop`, or `with`."""

    def __init__(self, handler: Handler, *, name: str | None = None, workers: int = 1) -> None:
        self.name = name or _name_of(handler)
        self._handler = handler
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"{self.name}-{number}", daemon=True)
            for number in range(workers)
        ]

    def start(self) -> None:
        """Start the threads; a pump can be started once only."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the steps that are running, then end."""
        self._stopping.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._step()
            except (BotoCoreError, ClientError) as error:
                # The service is down, or its data was deleted meanwhile: it may be back soon.
                logger.warning("%s: the source failed: %s", self.name, _kind(error))
                self._stopping.wait(_PAUSE_AFTER_TROUBLE_SECONDS)

    def _step(self) -> None:
        raise NotImplementedError

    def _call(self, event: Event) -> Any:
        """Call the handler; raises HandlerFailedError instead of whatever it raised."""
        try:
            with running_as(self.name):
                return self._handler(event, LambdaContext(function_name=self.name))
        except Exception as error:
            logger.error("%s: the handler failed: %s", self.name, _kind(error))  # noqa: TRY400 - a traceback ends with the message, which may hold personal data
            raise HandlerFailedError from error


def stop_all(pumps: Iterable[Pump]) -> None:
    """Stop several pumps in the time of the slowest."""
    stopping = list(pumps)
    for pump in stopping:
        pump._stopping.set()  # noqa: SLF001 - of this module's own class
    for pump in stopping:
        pump.stop()


def failures(answer: Any, ids: list[str]) -> set[str]:
    """Return which of a batch's ids a handler's answer reports as failed.

    As in Lambda, no answer, no `batchItemFailures` or an empty list means none; an unreadable entry or an id
    that is not in the batch means all.
    """
    reported = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    try:
        named = {entry["itemIdentifier"] for entry in reported or []}
    except (KeyError, TypeError):
        return set(ids)
    return named if named.issubset(ids) else set(ids)


def _name_of(handler: Handler) -> str:
    # Chalice wraps a function in an object that has it as `func`.
    return str(getattr(getattr(handler, "func", handler), "__name__", "handler"))


def _kind(error: Exception) -> str:
    """Name an error without its message, which may hold what it failed on."""
    code = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else ""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__} {code}".strip() + place
