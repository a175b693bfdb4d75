"""From what passed the meter to what is billed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from infra.bench import cases
from infra.bench.cases import Course, api_requests, figures_of, invocations_of, transitions, usage_of
from infra.bench.meter import Reading
from infra.bench.prices import Usage, total
from infra.bench.units import WriteUnits

HISTORY = [
    "ExecutionStarted",
    "ChoiceStateEntered",
    "ChoiceStateExited",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskSucceeded",
    "TaskStateExited",
    "SucceedStateEntered",
    "ExecutionSucceeded",
]
READING = Reading(
    requests=Counter(
        {
            "sqs.SendMessage": 3,
            "sqs.ReceiveMessage": 3,
            "sqs.DeleteMessage": 3,
            "kms.Decrypt": 2,
            "kms.Sign": 1,
            "secretsmanager.GetSecretValue": 1,
            "s3.PUT": 2,
            "s3.GET": 4,
            "dynamodb.GetItem": 5,
        }
    ),
    received=Counter({"workflow": 2, "court": 1}),
    write_units=WriteUnits(10, 4),
    read_units=2.5,
    inserting=3,
)
REQUESTS = Counter({"POST /v1/filings": 1, "GET /v1/health": 1, "POST /v1/court/callbacks": 2})


def line(**fields: Any) -> bytes:
    """Return a line of the hub's log."""
    return json.dumps(fields).encode() + b"\n"


def course(name: str = "docketed") -> Course:
    """Return a course with the reading above."""
    invocations = invocations_of(READING, REQUESTS)
    return Course(
        name=name,
        case_id="C-1",
        reading=READING,
        api_requests=REQUESTS,
        invocations=invocations,
        warm=usage_of(READING, invocations, transitions(HISTORY), 1000),
        starts=dict.fromkeys(invocations, 2.0) | {"relay": 1.0},
    )


def test_api_requests_are_counted_by_route_from_the_log() -> None:
    """Metrics, other lines and other text are no requests."""
    log = (
        line(message="request", method="GET", route="/v1/cases/{case_id}")
        + line(message="request", method="GET", route="/v1/cases/{case_id}")
        + line(message="message failed")
        + line(_aws={})
        + b"Traceback\n"
    )
    assert api_requests(log) == {"GET /v1/cases/{case_id}": 2}


def test_every_request_with_a_token_asks_the_authorizer() -> None:
    """A signed callback and an open route do not; an insert wakes the relay, a message its consumer."""
    assert invocations_of(READING, REQUESTS) == {
        "api_handler": 4,
        "authorizer": 1,
        "relay": 3,
        "workflow": 2,
        "court": 1,
        "callbacks": 0,
        "notices": 0,
    }


def test_a_start_and_each_state_entered_is_a_transition() -> None:
    """Exits and tasks are not."""
    assert transitions(HISTORY) == 4


def test_usage_is_what_is_billed() -> None:
    """Nine SQS requests for three messages; a secret is opened by KMS; the platform logs beside the hub."""
    invocations = invocations_of(READING, REQUESTS)
    usage = usage_of(READING, invocations, moves=4, log_bytes=1000)
    assert replace(usage, lambda_gb_seconds=0) == Usage(
        api_requests=4,
        lambda_invocations=11,
        dynamodb_write_units=14,
        dynamodb_read_units=2.5,
        sqs_requests=9,
        state_transitions=4,
        kms_requests=3,
        kms_signatures=1,
        secret_requests=1,
        s3_writes=2,
        s3_reads=4,
        log_bytes=1000 + 11 * 400 + 4 * 400,
    )


def test_an_invocation_is_billed_at_its_functions_memory() -> None:
    """Fifty milliseconds of it."""
    usage = usage_of(READING, {"api_handler": 2, "relay": 1}, moves=0, log_bytes=0)
    memory = 2 * cases.memory_gb("api_handler") + cases.memory_gb("relay")
    assert usage.lambda_gb_seconds == pytest.approx(0.05 * memory)


def test_memory_is_the_configured_one() -> None:
    """In GB of 1,024 MB."""
    assert (cases.memory_gb("api_handler"), cases.memory_gb("relay")) == (1, 0.5)


def test_a_new_container_pays_its_start_and_asks_for_its_keys() -> None:
    """Eleven starts, three of them the relay's; five data keys, and three secrets, each opened by KMS.

    Keys are for four API requests and a message to the court; secrets for two callbacks and that message.
    """
    assert course().cold == Usage(
        lambda_gb_seconds=8 * 2.0 + 3 * 1.0, dynamodb_read_units=5, kms_requests=5 + 3, secret_requests=3
    )


def test_a_tenth_of_the_starts_is_cold() -> None:
    assert course().usage == course().warm + course().cold * 0.1
    assert course().usage.lambda_gb_seconds == pytest.approx(course().warm.lambda_gb_seconds + 1.9)


def test_a_start_costs_the_same_at_any_memory() -> None:
    """A second of CPU: at 1,769 MB it lasts a second, at 512 MB three and a half."""
    assert cases.start_gb_seconds(1.0) == pytest.approx(1769 / 1024)


def test_the_prices_stand_beside_their_budgets() -> None:
    """Those of a case as it is billed; the bounds, of no start or every start cold, beside nothing."""
    figures = {figure.name: figure for figure in figures_of(course(), course("settled"))}
    assert {name: figure.budget for name, figure in figures.items() if figure.budget is not None} == {
        "docketed": 0.70,
        "docketed: state transitions": 8,
        "settled": 0.75,
    }
    assert figures["docketed"].value == pytest.approx(total(course().usage))
    bounds = [figures["docketed, no start cold"].value, figures["docketed, every start cold"].value]
    assert bounds[0] < figures["docketed"].value < bounds[1]
    assert figures["docketed: AWS requests"].value == sum(READING.requests.values())
    assert figures["settled: reads of the table"].value == 5


def test_json_holds_requests_and_prices() -> None:
    """By name, so that two runs can be compared."""
    found = json.loads(json.dumps(course().as_json()))
    assert found["aws_requests"]["kms.Decrypt"] == 2
    assert found["write_units"] == {"table": 10, "indexes": 4}
    assert sum(found["usd_per_thousand"].values()) == pytest.approx(total(course().usage))
