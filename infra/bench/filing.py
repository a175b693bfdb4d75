"""What a filing costs the hub itself: its CPU time, and its calls to AWS. Run as a child by `measure`.

How: the API's handler files disputes in this process, from the gateway's event to the gateway's answer. Only
the wire is replaced: botocore's last hook before a socket is answered at once by a table that takes every
write and by a key service with one key. The clock is the thread's CPU time. "Own" is all of it but what
passes inside botocore between a call's first and last hook: routing, validation, domain, sealing, records,
logs and metrics, whoever wrote them.

Downside: CPU time of a developer's machine; Lambda's at 1,024 MB is about 0.6 of one vCPU.
"""

from __future__ import annotations

import base64
import json
import statistics
import sys
import time
from collections import Counter
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from infra.bench.children import HUB, ask, reply
from infra.bench.figures import Figure, Section, percentile
from infra.local.demo.people import filing
from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infra.bench.calling import Request

OWN_BUDGET_MS: Final = 5.0
CALLS_BUDGET: Final = 2
TRANSACTIONS_BUDGET: Final = 1
RUNS: Final = 300
_WARM_UP: Final = 20
_KEPT: Final = ("KEY#", "INSTITUTIONS")
_KEY_SERVICE: Final = frozenset({"GenerateDataKey", "Decrypt"})
_CREATED: Final = 201
_TRANSACTION: Final = "TransactWriteItems"


class StandIn:
    """Replaces AWS: answers botocore before it opens a socket, counts calls and the CPU time inside them."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.inside_seconds = 0.0
        self._began = 0.0
        self.items: list[dict[str, Any]] = []
        """What is enrolled of the institution, and its data key."""

    def register(self) -> None:
        """Answer for every client of boto3's default session, made from now on."""
        boto3.setup_default_session()
        events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]  # set up in the line before
        events.register_first("provide-client-params.*.*", self._begin)
        events.register("before-send.*.*", self._answer)
        events.register_last("after-call.*.*", self._end)

    def _begin(self, **_: Any) -> None:
        self._began = time.thread_time()

    def _end(self, **_: Any) -> None:
        self.inside_seconds += time.thread_time() - self._began

    def _answer(self, request: Any, **_: Any) -> Any:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.calls[operation] += 1
        body = json.dumps(self._said(operation, request.body)).encode()
        return AWSResponse(request.url, 200, HTTPHeaders(), Body(body))

    def _said(self, operation: str, body: bytes) -> dict[str, Any]:
        asked = json.loads(body)
        match operation:
            case "PutItem":
                self._keep(asked["Item"])
            case "TransactWriteItems":
                for write in asked["TransactItems"]:
                    self._keep(write.get("Put", {}).get("Item", {}))
            case "Query":
                return {"Items": []}
            case "BatchGetItem":
                return {
                    "Responses": {
                        table: self._there(keys["Keys"]) for table, keys in asked["RequestItems"].items()
                    }
                }
            case "GenerateDataKey" | "Decrypt":
                key = base64.b64encode(bytes(32)).decode()
                return {"Plaintext": key, "CiphertextBlob": key, "KeyId": "bench"}
        return {}

    def _keep(self, item: dict[str, Any]) -> None:
        if item.get("PK", {}).get("S", "").startswith(_KEPT):
            self.items.append(item)

    def _there(self, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [item for item in self.items if {"PK": item["PK"], "SK": item["SK"]} in keys]


class Body:
    """A raw answer, as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        """Return it whole."""
        return [self._content]


def measure(progress: Callable[[str], None]) -> list[Figure]:
    """Measure in a child of its own; raises BenchError."""
    progress("filing: own CPU")
    return figures_for(ask("infra.bench.filing", {"runs": RUNS}, HUB))


def figures_for(found: Mapping[str, Any]) -> list[Figure]:
    """Return what `measured` found beside the budgets."""
    own, whole = ([seconds * 1000 for seconds in found[name]] for name in ("own", "whole"))
    figures = [
        _figure(
            "own CPU of a filing",
            statistics.median(own),
            "ms",
            OWN_BUDGET_MS,
            f"median of {len(own)}; 95 % below {percentile(own, 0.95):.1f} ms",
        ),
        _figure("the same with botocore", statistics.median(whole), "ms", None, "without the network"),
    ]
    transactions = 0
    for when, calls in found["calls"].items():
        transactions = max(transactions, calls[_TRANSACTION])
        listed = ", ".join(f"{name} {count}" for name, count in calls.items())
        asked = sum(count for name, count in calls.items() if name not in _KEY_SERVICE)
        figures.append(_figure(f"DynamoDB calls, {when}", asked, "", CALLS_BUDGET, listed))
    return [*figures, _figure("transactions, at most", transactions, "", TRANSACTIONS_BUDGET)]


def _figure(name: str, value: float, unit: str, budget: float | None, note: str = "") -> Figure:
    return Figure(section=Section.FILING, name=name, value=value, unit=unit, budget=budget, note=note)


def enrolled() -> StandIn:
    """Enrol the institution at a stand-in of AWS; the next request is a new container's first."""
    from chalicelib import bootstrap  # noqa: PLC0415 - the hub's modules belong to the child alone
    from infra.bench.calling import enrolment  # noqa: PLC0415

    aws = StandIn()
    aws.register()
    _serve(enrolment())
    bootstrap.hub.cache_clear()
    return aws


def measured(runs: int) -> dict[str, Any]:
    """File `runs` disputes and more in this process; return CPU seconds of each and the calls by occasion."""
    aws = enrolled()
    numbers = iter(range(10**9))
    calls: dict[str, Counter[str]] = {}
    for when in ("new container", "warm"):
        aws.calls.clear()
        _serve(filing_request(next(numbers)))
        calls[when] = Counter(aws.calls)
    for _ in range(_WARM_UP):
        _serve(filing_request(next(numbers)))
    whole, own = [], []
    for _ in range(runs):
        request = filing_request(next(numbers))
        aws.inside_seconds = 0.0
        seconds = _serve(request)
        whole.append(seconds)
        own.append(seconds - aws.inside_seconds)
    return {"whole": whole, "own": own, "calls": calls}


def filing_request(number: int) -> Request:
    """Build the request of a filing of its own."""
    from infra.bench.calling import request  # noqa: PLC0415 - loads the hub, which only the child may
    from infra.bench.player import INSTITUTION_ACTOR  # noqa: PLC0415

    body = filing(Random(number), number, COURT_ID, date(2026, 1, 5))  # noqa: S311 - a filing is no secret
    # What every revision takes, since a build before is sent it too: it knew neither agents nor guarantors.
    for party in (body["applicant"], *body["respondents"]):
        for more in ("representative", "agents", "liability"):
            party.pop(more, None)
    return request(INSTITUTION_ACTOR, "POST", "/v1/filings", body, {"Idempotency-Key": f"bench-{number}"})


def _serve(request: Request) -> float:
    began = time.thread_time()
    answer = request.serve()
    seconds = time.thread_time() - began
    if answer["statusCode"] != _CREATED:
        raise RuntimeError(f"{request.event['path']} was answered {answer['statusCode']}: {answer['body']}")
    return seconds


if __name__ == "__main__":
    question = json.load(sys.stdin)
    # `infra.bench.posts` asks for the gateway's events of filings, to send them to others as well.
    events = [filing_request(number).event for number in range(question.get("events", 0))]
    # They find the institution enrolled.
    reply({"events": events, "items": enrolled().items} if events else measured(question["runs"]))
