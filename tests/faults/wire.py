"""Failures on the wire: what a call to AWS may meet between the hub and the service.

Promise: each call of a hub's clients is numbered in the order in which it is made, and fails as the plan
says; botocore's own repeats are off, so a failure reaches the hub's code. Downside: it knows moto's stubber,
which answers in this process instead of a socket.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from moto.core.models import botocore_stubber

from infra.local.aws_calls import running_function

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse


class Crash(BaseException):
    """The process died here: no error handling may catch this."""


class Fault(StrEnum):
    """What happens to a call."""

    THROTTLED = "throttled"
    """The service refuses it; nothing was changed."""
    UNREACHABLE = "unreachable"
    """No connection; nothing was changed, but whoever called can't know."""
    LOST = "lost"
    """It takes effect, and its answer is lost."""
    DIED = "died"
    """It takes effect, and the process dies."""
    REPEATED = "repeated"
    """It takes effect, its answer is lost, and botocore sends it again."""


CHANGING: Final = frozenset(
    {
        "dynamodb.PutItem",
        "dynamodb.TransactWriteItems",
        "dynamodb.UpdateItem",
        "s3.PutObject",
        "sfn.SendTaskFailure",
        "sfn.SendTaskSuccess",
        "sfn.StartExecution",
        "sqs.ChangeMessageVisibility",
        "sqs.SendMessage",
        "sqs.SendMessageBatch",
    }
)
"""The operations that change something at the service."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call to AWS: its number in the story, who made it, and how often that function asked for that."""

    number: int
    function: str
    operation: str
    occurrence: int

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What can happen to it; whether the answer to a question is refused or lost is all the same."""
        return tuple(Fault) if self.operation in CHANGING else (Fault.UNREACHABLE, Fault.DIED)

    def __str__(self) -> str:
        return f"{self.number} {self.function} {self.operation} #{self.occurrence}"


Plan = Callable[[Call], Fault | None]


def undisturbed(_call: Call) -> Fault | None:
    """Let every call pass."""
    return None


@dataclass
class Wire:
    """The clients of all hubs; numbers the calls of one story and lets some fail."""

    settle: Callable[[], None]
    """Waits until what a call has set going elsewhere rests, so that the next call always meets the same."""
    plan: Plan = undisturbed
    calls: list[Call] = field(default_factory=list)
    failed: list[tuple[Call, Fault]] = field(default_factory=list)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _clients: dict[str, Any] = field(default_factory=dict)

    def begin(self, plan: Plan) -> None:
        """Begin a story; the clients stay, since making them takes longer than the story."""
        self.plan, self.calls, self.failed = plan, [], []
        self._counts.clear()

    def client(self, service: str, make: Callable[[str], Any]) -> Any:
        """Return the client of a service, whose calls are watched and never repeated by botocore."""
        if service not in self._clients:
            made = make(service)
            name = made.meta.service_model.service_id.hyphenize()
            made.meta.events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")
            made.meta.events.unregister("before-send", botocore_stubber)
            made.meta.events.register("before-send", self._send)
            self._clients[service] = made
        return self._clients[service]

    def _send(self, event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        function, operation = str(running_function()), event_name.removeprefix("before-send.")
        self._counts[function, operation] += 1
        call = Call(len(self.calls) + 1, function, operation, self._counts[function, operation])
        self.calls.append(call)
        fault = self.plan(call)
        try:
            if fault is None:
                return botocore_stubber("before-send", request)
            self.failed.append((call, fault))
            return _meets(fault, operation, request)
        finally:
            self.settle()


def _meets(fault: Fault, operation: str, request: AWSPreparedRequest) -> AWSResponse | None:
    if fault is Fault.THROTTLED:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, operation)
    if fault is Fault.UNREACHABLE:
        raise EndpointConnectionError(endpoint_url=request.url)
    body: Any = request.body
    if hasattr(body, "read"):
        request.body = body.read()  # moto reads a stream once only
    answer = botocore_stubber("before-send", request)
    if fault is Fault.DIED:
        raise Crash
    if fault is Fault.LOST:
        raise ReadTimeoutError(endpoint_url=request.url)
    if operation.endswith(".TransactWriteItems"):
        return answer  # botocore's token makes AWS give the first answer again; moto knows no such token
    return botocore_stubber("before-send", request)
