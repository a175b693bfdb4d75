"""Measures whether each read asks the same of a table with SMALL cases and of one with LARGE.

How: one case that went the whole way to the court is copied until all lists are full of copies with the same
institution, court, mediator and judge, which is the worst case. Then the API's handler serves every
read route in this process, and the calls to DynamoDB and the items they evaluated are counted at both sizes.
Run as a child by `measure`. SMALL is above what a filtered page may evaluate in all of a list's partitions:
below that, a page may end because the list does.

Downside: copies of the case itself only; a case with more events, or a person with more cases, costs more.
"""

from __future__ import annotations

import json
import math
import sys
import time
import uuid
from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import boto3

from chalicelib.domain.roles import Actor, Role
from infra.bench.children import HUB, BenchError, ask, reply
from infra.bench.emulator import TABLE, clients
from infra.bench.figures import Figure, Section
from infra.bench.player import INSTITUTION_ACTOR
from infra.local.resources import create
from infra.local.stack import COURT_ID
from infra.template import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from chalicelib.domain.case import Case
    from infra.bench.calling import Request

SMALL, LARGE = 1_000, 2_000
_LIMIT: Final = 5
_BATCH: Final = 25
_OK: Final = (200, 201)
_REFUSED: Final = {"/guidance/draft": 409, "/minutes": 404, "/joining": 404, "/invitation.ics": 404}
"""Requests by their ends, with the refusal that is measured: the case is at the court, and had no session."""
_ROLES: Final = {
    "institution": INSTITUTION_ACTOR,
    "mediator": Actor(role=Role.MEDIATOR, subject="m", mediator_id="m-001", court_id=COURT_ID),
    "judge": Actor(role=Role.JUDGE, subject="j", judge_id="j-001", court_id=COURT_ID),
    "centre": Actor(role=Role.CENTRE, subject="c", court_id=COURT_ID),
}
_DATA_PROTECTION: Final = Actor(role=Role.DATA_PROTECTION, subject="d", court_id=COURT_ID)
_COURT: Final = Actor(role=Role.COURT, subject="court", court_id=COURT_ID)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request asked of DynamoDB, and the CPU time it took to serve."""

    requests: int
    evaluated: int
    cpu_seconds: float = 0.0


def measure(
    aws_url: str,
    case_id: str,
    id_number: str,
    progress: Callable[[str], None],
    sizes: tuple[int, int] = (SMALL, LARGE),
) -> list[Figure]:
    """Measure on the emulator where a case went to the court before; raises BenchError."""
    progress(f"reads: {sizes[0]} and {sizes[1]} cases")
    where = {**HUB, "AWS_ENDPOINT_URL": aws_url}
    resources = create(build("dev"), clients(aws_url), stage="local")
    question = {"case_id": case_id, "id_number": id_number, "sizes": sizes}
    found = ask("infra.bench.reads", question, {**where, **resources.environment})
    return [_figure(name, *(Cost(*cost) for cost in costs)) for name, costs in found.items()]


def _figure(name: str, small: Cost, large: Cost) -> Figure:
    return Figure(
        section=Section.READS,
        name=name,
        value=growth(small, large),
        unit="x",
        budget=1.0,
        note=f"requests {large.requests}, items {large.evaluated}, CPU {large.cpu_seconds * 1000:.0f} ms",
    )


def growth(small: Cost, large: Cost) -> float:
    """Return the factor by which requests or items grew, whichever is larger; inf if they grew from 0."""
    return max(_factor(small.requests, large.requests), _factor(small.evaluated, large.evaluated))


def _factor(small: int, large: int) -> float:
    if small == 0:
        return 1.0 if large == 0 else math.inf
    return large / small


def costs_at(sizes: Sequence[int], case_id: str, id_number: str) -> dict[str, list[Cost]]:
    """Fill the table to each size and read; returns the cost of each route at each size."""
    from chalicelib import bootstrap  # noqa: PLC0415 - the hub's modules belong to the child alone

    counter = _Counter()
    counter.register()
    case = bootstrap.hub().cases.get(case_id)
    costs: dict[str, list[Cost]] = {}
    for there, size in pairwise([0, *sizes]):
        _copy(case, there, size)
        for name, request in _plan(case, id_number):
            _serve(request)  # served once before, so that the keys are cached
            counter.cost, began = Cost(0, 0), time.thread_time()
            _serve(request)
            cost = replace(counter.cost, cpu_seconds=time.thread_time() - began)
            costs.setdefault(name, []).append(cost)
    check_complete(costs)
    return costs


def check_complete(costs: Iterable[str]) -> None:
    """Raise BenchError for read routes that have no cost here; names are the route, or the route and more."""
    from chalicelib.api.routes import operations  # noqa: PLC0415 - see `costs_at`

    measured = {name.partition(",")[0] for name in costs}
    reads = {f"GET {operation.path}" for operation in operations() if operation.method == "GET"}
    if missing := sorted(reads - measured):
        raise BenchError(f"no reading of {', '.join(missing)}: add it to the plan")


def _copy(case: Case, begin: int, end: int) -> None:
    """Put copies of the case into the table, filed a second apart before it, in its lists and no other."""
    from chalicelib.adapters.dynamo.stored_case import case_record  # noqa: PLC0415 - see `costs_at`

    copies = [
        replace(
            case,
            case_id=uuid.UUID(int=number).hex,
            contract_number=f"copy-{number}",
            filed_at=case.filed_at - timedelta(seconds=number),
        )
        for number in range(begin, end)
    ]
    client = boto3.client("dynamodb")
    for start in range(0, len(copies), _BATCH):
        batch = copies[start : start + _BATCH]
        writes: Any = [{"PutRequest": {"Item": case_record(copy).serialize()}} for copy in batch]
        client.batch_write_item(RequestItems={TABLE: writes})


def _plan(case: Case, id_number: str) -> Iterator[tuple[str, Request]]:
    from infra.bench.calling import request  # noqa: PLC0415 - see `costs_at`

    for name, actor in _ROLES.items():
        path = f"/v1/cases?limit={_LIMIT}"
        first = request(actor, "GET", path)
        yield f"GET /v1/cases, {name}", first
        following = json.loads(_serve(first)["body"])["next"]
        yield f"GET /v1/cases, {name}, page 2", request(actor, "GET", f"{path}&cursor={following}")
        yield f"GET /v1/cases, {name}, no match", request(actor, "GET", f"{path}&stage=filed")
        yield f"GET /v1/work, {name}", request(actor, "GET", f"/v1/work?limit={_LIMIT}")
    centre = _ROLES["centre"]
    one, transfer = f"/v1/cases/{case.case_id}", f"/v1/court/transfers/{_transfer_of(case)}"
    contacts = request(centre, "GET", f"{one}/contacts?purpose=serve_papers")
    for _ in range(_LIMIT):
        _serve(contacts)  # each look is recorded, so that pages of looks are full at either size
    yield "GET /v1/cases/{case_id}", request(INSTITUTION_ACTOR, "GET", one)
    yield "GET /v1/cases/{case_id}/events", request(INSTITUTION_ACTOR, "GET", f"{one}/events")
    made = _serve(request(INSTITUTION_ACTOR, "POST", f"{one}/documents", {"kind": "calculation"}))
    for part in ("settlement", "statement", "documents", "notes", "defences", "messages"):
        yield f"GET /v1/cases/{{case_id}}/{part}", request(INSTITUTION_ACTOR, "GET", f"{one}/{part}")
    mediator, judge = _ROLES["mediator"], _ROLES["judge"]
    yield "GET /v1/cases/{case_id}/guidance", request(mediator, "GET", f"{one}/guidance")
    yield "GET /v1/cases/{case_id}/draft-consents", request(mediator, "GET", f"{one}/draft-consents")
    yield "GET /v1/cases/{case_id}/guidance/draft", request(judge, "GET", f"{one}/guidance/draft")
    yield "GET /v1/guidance", request(judge, "GET", f"/v1/guidance?limit={_LIMIT}")
    for part in ("links", "notices", "recommendations", "appointments", "disclosures", "sessions"):
        yield f"GET /v1/cases/{{case_id}}/{part}", request(centre, "GET", f"{one}/{part}")
    for part in ("minutes", "joining", "invitation.ics"):
        path = f"sessions/{case.case_id}/{part}"
        yield (
            f"GET /v1/cases/{{case_id}}/sessions/{{session_id}}/{part}",
            request(mediator, "GET", f"{one}/{path}"),
        )
    paper = f"{one}/documents/{json.loads(made['body'])['document_id']}"
    yield "GET /v1/cases/{case_id}/documents/{document_id}", request(INSTITUTION_ACTOR, "GET", paper)
    policy = "/v1/institutions/{institution_id}/concession-policy"
    book = policy.replace("{institution_id}", case.institution_id)
    yield f"GET {policy}", request(INSTITUTION_ACTOR, "GET", book)
    yield "GET /v1/institutions", request(centre, "GET", "/v1/institutions")
    own = f"/v1/institutions/{case.institution_id}"
    yield "GET /v1/institutions/{institution_id}", request(INSTITUTION_ACTOR, "GET", own)
    yield from _of_applications(id_number)
    yield "GET /v1/calls", request(centre, "GET", f"/v1/calls?limit={_LIMIT}")
    yield "GET /v1/roster", request(centre, "GET", f"/v1/roster?limit={_LIMIT}")
    yield from _of_mediators(case.court_id)
    yield "GET /v1/roster/{person_id}", request(centre, "GET", f"/v1/roster/{case.mediator_id}")
    yield "GET /v1/cases/{case_id}/contacts", contacts
    for path in ("/v1/cases/{case_id}/contact-looks", "/v1/contact-looks"):
        looks = path.replace("{case_id}", case.case_id)
        yield f"GET {path}", request(_DATA_PROTECTION, "GET", f"{looks}?limit={_LIMIT}")
    body = {"id_number": id_number}
    yield "POST /v1/case-searches", request(INSTITUTION_ACTOR, "POST", "/v1/case-searches", body)
    yield "GET /v1/court/transfers/{transfer_id}", request(_COURT, "GET", transfer)
    document = "/v1/court/transfers/{transfer_id}/documents/{document_id}"
    yield f"GET {document}", request(_COURT, "GET", f"{transfer}/documents/complaint")
    for path in ("/v1/health", "/v1/openapi.json"):
        yield f"GET {path}", request(INSTITUTION_ACTOR, "GET", path)


def _of_mediators(court_id: str) -> Iterator[tuple[str, Request]]:
    from infra.bench.calling import request  # noqa: PLC0415 - see `costs_at`

    for part in ("mediators", "mediators/export"):
        named = f"/v1/{part}?court_id={court_id}"
        yield f"GET /v1/{part}", request(_ROLES["centre"], "GET", named)
        public = f"/v1/public/courts/{court_id}/{part}"
        yield f"GET /v1/public/courts/{{court_id}}/{part}", request(_ROLES["centre"], "GET", public)


def _of_applications(id_number: str) -> Iterator[tuple[str, Request]]:
    from infra.bench.calling import request  # noqa: PLC0415 - see `costs_at`

    centre = _ROLES["centre"]
    entered = {"phone": "13800001234", "name": "张三", "id_number": id_number}
    wish = {"lender": "示例农商银行", "asks": ["other"]}
    key = {"Idempotency-Key": "application-1"}
    applied = _serve(request(centre, "POST", "/v1/counter-applications", entered | wish, key))
    application = f"/v1/applications/{json.loads(applied['body'])['application_id']}"
    yield "GET /v1/applications", request(centre, "GET", f"/v1/applications?limit={_LIMIT}")
    yield "GET /v1/applications/{application_id}", request(centre, "GET", application)
    yield "GET /v1/application-figures", request(centre, "GET", "/v1/application-figures?month=2026-11")


def _transfer_of(case: Case) -> str:
    if case.transfer is None:
        raise BenchError(f"{case.case_id} was never transferred")
    return case.transfer.transfer_id


def _serve(request: Request) -> dict[str, Any]:
    answer = request.serve()
    path = request.event["path"]
    as_measured = [status for end, status in _REFUSED.items() if path.endswith(end)]
    if answer["statusCode"] not in (*_OK, *as_measured):
        raise BenchError(f"{path} was answered {answer['statusCode']}: {answer['body']}")
    return answer


class _Counter:
    """Counts what is asked of DynamoDB and how many items it evaluated for it."""

    def __init__(self) -> None:
        self.cost = Cost(0, 0)

    def register(self) -> None:
        """Count for every client of boto3's default session, made from now on."""
        boto3.setup_default_session()
        events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]  # set up in the line before
        events.register("after-call.dynamodb.*", self._note)

    def _note(self, model: Any, parsed: Mapping[str, Any], **_: Any) -> None:
        together = sum(len(items) for items in parsed.get("Responses", {}).values())
        evaluated = together or parsed.get("ScannedCount", 1 if model.name == "GetItem" else 0)
        self.cost = Cost(self.cost.requests + 1, self.cost.evaluated + evaluated)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    found = costs_at(asked["sizes"], asked["case_id"], asked["id_number"])
    reply({name: [astuple(cost) for cost in costs] for name, costs in found.items()})
