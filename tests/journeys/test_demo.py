"""The demo's courses: each ends as it should, and no function may do more than it does."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
import urllib3

from infra.local.court.clock import day_in_china
from infra.local.demo import figures
from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.driver import COURT_ID, Driver, plan_courses
from infra.local.demo.outcomes import read_outcomes
from infra.local.demo.papers import Papers
from infra.local.demo.phones import Phones
from infra.local.demo.scripts import SCRIPTS, SETTLED
from infra.local.passing import Passing
from infra.local.resources import lose_workflows
from infra.local.stack import running
from infra.template.chalice_config import functions
from infra.template.functions import role_logical_id
from tests.support.packaged import template

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infra.local.demo.driver import Course
    from infra.local.demo.outcomes import Outcomes
    from infra.local.stack import Stack

pytestmark = pytest.mark.xdist_group("demo")

_PATIENCE_SECONDS = 1800.0
"""After which a run has got stuck; time waits for whoever is late, so it says nothing of speed."""
PUT_OFF: Final = {(name, "sqs:ChangeMessageVisibility", name) for name in ("court", "notices")}
"""Asked for while the other side is down."""
REPAIRS: Final = {
    ("reconcile", "dynamodb:Query", "table"),
    ("reconcile", "sqs:SendMessage", "queues"),
    ("reconcile", "states:DescribeExecution", "states"),
    ("reconcile", "states:SendTaskFailure", "states"),
    ("reconcile", "states:SendTaskSuccess", "states"),
    ("reconcile", "states:StartExecution", "states"),
}
"""What the sweep asks for depends on what was lost; `tests/unit/use_cases/test_reconcile.py` loses each.

It queries the table for one case alone: when the limit of a default passes, which no course waits for.
"""
UNSEEN: Final = {
    # Here the process that enrolled the banks serves everything and keeps their keys; another one decrypts.
    ("api_handler", "kms:Decrypt", "key"),
}
"""What a function needs though no course of the caseload shows it."""
BY_LAMBDA_ITSELF: Final = {
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}
"""With the function's role, but not by its code: writing its log, reading its queue or the stream."""
ON_FAILURE: Final = {"Fn::GetAtt": ["RelayDlq", "Arn"]}
"""Where Lambda sends what the relay could not handle."""
RESOURCES: Final = {
    "MediationStateMachine": "states",
    "PartnersSecret": "secretsmanager",
    "SigningKey": "signing",
    "Table": "table",
    "Key": "key",
}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run a stack of its own, on which all courses are open at once."""
    with running(
        virtual=True,
        court_knobs={"pace_seconds": 0.02},
        logs=tmp_path_factory.mktemp("logs"),
    ) as stack:
        yield stack


@dataclass(frozen=True)
class Lived:
    """A finished caseload: where it ended, and what its papers were."""

    courses: Sequence[Course]
    outcomes: Outcomes
    papers: Papers
    rung: int


@pytest.fixture(scope="module")
def lived(calm: Stack) -> Lived:
    """Live through every script; court and phones fail until something waits, then workflows are lost."""
    with urllib3.PoolManager(maxsize=4) as http:
        return _live_through(calm, HubClient(calm.hub_url, Issuer(calm.issuer_url, http), http), http)


def _live_through(stack: Stack, hub: HubClient, http: urllib3.PoolManager) -> Lived:
    confirmed = [script for script in SETTLED if script.name.startswith("confirmation")]
    courses = plan_courses([*SCRIPTS, *confirmed], 7, day_in_china(stack.clock.now()))
    papers, phones = Papers(hub), Phones(stack.sms_url, http)
    driver = Driver(
        hub,
        phones,
        papers,
        courses,
        now=stack.clock.now,
        passing=Passing.of(stack, http),
        run=uuid.uuid4().hex[:12],
        in_flight=len(courses),
    )
    _outage(stack, http, down=True)
    down = True
    for _ in driver.rounds(_PATIENCE_SECONDS):
        stack.check()
        if down and asked_of_aws(stack) >= PUT_OFF:
            lose_workflows(stack.aws_url)
            _outage(stack, http, down=False)
            down = False
    for role in ("institution", "mediator", "centre"):
        for path in ("/v1/cases", "/v1/cases?stage=performed"):
            assert hub.get(courses[0].claims(role), path).status == 200
    judge = {"role": "judge", "sub": "judge-system", "court_id": COURT_ID, "judge_id": "j-001"}
    assert hub.get(judge, "/v1/cases").body["items"]
    return Lived(courses, read_outcomes(hub, courses), papers, driver.rung)


def _outage(stack: Stack, http: urllib3.PoolManager, *, down: bool) -> None:
    for url in (stack.court_url, stack.sms_url):
        http.request("PUT", f"{url}/control", json={"outage": down})


def asked_of_aws(stack: Stack) -> set[tuple[str, str, str]]:
    """Read which function has asked for which action on what so far."""
    lines = (stack.logs / "aws-calls.jsonl").read_text(encoding="utf-8").splitlines()
    return {
        (function, action, _short(action, resource.removeprefix("jiefen-hub-local-")))
        for function, action, resource in map(json.loads, lines)
    }


def test_every_course_ends_as_it_should(lived: Lived) -> None:
    """Each script's end is one of its own; papers are as their ids say; money balances to the fen."""
    assert {course.script.name: course.wrong for course in lived.courses if course.wrong} == {}
    assert (lived.outcomes.unread, lived.papers.faults) == ([], [])
    assert figures.balance(lived.outcomes)[1] == 0
    names = {name for name, _, count in figures.kinds(lived.outcomes) if count}
    assert lived.rung > 0, "who has no mobile number is rung"
    own = [course for course in lived.courses if course.view and course.view["way_in"] == "own_application"]
    assert len(own) == 1, "one borrower applied itself"
    assert names >= {"defaulted, enforced", "confirmed, performed", "defaulted, sued for the rest"}


def test_each_function_may_do_what_it_does_and_nothing_else(calm: Stack, lived: Lived) -> None:
    """What every function asked of AWS while the caseload lived is what its packaged policy allows."""
    assert lived.courses
    asked = asked_of_aws(calm)
    allowed = {
        (function, action, resource)
        for function in functions()
        for action, resource in _allowed(role_logical_id(function))
    }
    assert asked - allowed == set(), "a function needs what its policy does not allow"
    assert allowed - asked <= REPAIRS | UNSEEN, "a policy allows what its function does not need"


def _allowed(role: str) -> Iterator[tuple[str, str]]:
    """Yield what a role's own code may do: actions, each with the resource as the recorder names it."""
    for policy in template("prod")["Resources"][role]["Properties"].get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            # What a service does with the key on the function's behalf, no call of the function shows.
            if "kms:ViaService" in json.dumps(statement.get("Condition", {})):
                continue
            for action in _many(statement["Action"]):
                for resource in _many(statement["Resource"]):
                    if action not in BY_LAMBDA_ITSELF and resource != ON_FAILURE:
                        yield action, _short(action, _named(resource))


def _short(action: str, resource: str) -> str:
    """Say "queues" for a queue that is sent to; which ones, the table of consumers says."""
    return "queues" if action == "sqs:SendMessage" else resource


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(resource: Any) -> str:
    """Return the recorder's name of a resource of the template."""
    text = json.dumps(resource)
    folder = re.search(r"Bucket.Arn}/(\w+)/", text)
    index = re.search(r"/(index/\w+)", text)
    queue = re.search(r'"(\w+)Queue"', text)
    if folder or index or queue:
        found = folder or index or queue
        assert found
        return found[1].lower()
    for name, known in RESOURCES.items():
        if name in text:
            return known
    raise LookupError(text)
