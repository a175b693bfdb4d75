"""The benchmarks that need the whole stack: one case to the court under the meter, then every read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import boto3
import pytest

from chalicelib import bootstrap
from infra.bench import cases, reads, sweep
from infra.bench.children import HUB
from infra.bench.emulator import clients, emulator
from infra.local.resources import create
from infra.template import build
from infra.template.chalice_config import functions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infra.bench.cases import Course

pytestmark = pytest.mark.xdist_group("bench-on-the-stack")


@pytest.fixture(scope="module")
def environment() -> Iterator[None]:
    """Bring back what the stack changes in this process."""
    before, session = dict(os.environ), boto3.DEFAULT_SESSION
    yield
    os.environ.clear()
    os.environ.update(before)
    bootstrap.hub.cache_clear()
    boto3.DEFAULT_SESSION = session


@pytest.fixture(scope="module")
def aws_url(environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run an emulator that outlives the stack."""
    del environment
    with emulator(tmp_path_factory.mktemp("aws")) as url:
        yield url


@pytest.fixture(scope="module")
def course(aws_url: str, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Live one case to the court."""
    logs: Path = tmp_path_factory.mktemp("logs") / "stack"
    with cases.metered_hub(aws_url, logs, dict.fromkeys(functions(), 0.0)) as live:
        return live(cases.TO_THE_COURT, 1)


def test_a_case_to_the_court_is_metered_whole(course: Course) -> None:
    """One filing, one execution, one submission of three data files and three papers; the budget is kept."""
    requests = course.reading.requests
    assert course.api_requests["POST /v1/filings"] == 1
    assert requests["states.StartExecution"] == 1
    assert requests["s3.PUT"] == 6
    assert course.invocations["court"] == 1
    assert requests["sqs.SendMessage"] == len(course.reading.messages) == course.usage.sqs_requests / 3
    # Every step of the way is entered once, and left through the choice.
    assert course.usage.state_transitions == 8
    assert all(figure.kept is not False for figure in cases.figures_of(course, course))


def be_hub(aws_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be a hub on the emulator."""
    for name, value in {
        **HUB,
        **create(build("dev"), clients(aws_url), stage="local").environment,
        "AWS_ENDPOINT_URL": aws_url,
    }.items():
        monkeypatch.setenv(name, value)
    bootstrap.hub.cache_clear()


def test_every_read_costs_the_same_in_a_larger_table(
    course: Course, aws_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, and with few cases: a page of five is full in each partition at forty."""
    be_hub(aws_url, monkeypatch)
    respondent = cases.filing_of(1)["respondents"][0]
    costs = reads.costs_at([40, 80], course.case_id, respondent["id_number"])
    for name, (small, large) in costs.items():
        assert small.requests == large.requests, name
        if "no match" not in name:  # what filters is not at its bound yet
            assert small.evaluated == large.evaluated, name
    # Of four shards two records each, a page's share and one, and then only what five cases still lack.
    assert 4 * 2 <= costs["GET /v1/cases, centre"][0].evaluated <= 4 * 2 + 3 * 2
    assert costs["GET /v1/cases, judge"][0].evaluated == 6 + 5


def test_the_sweep_asks_little_for_each_open_case(aws_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its execution lives, and together with others everything else."""
    be_hub(aws_url, monkeypatch)
    found = sweep.measured(100)
    assert found["calls"]["DescribeExecution"] == 100
    assert set(found["calls"]) == {"DescribeExecution", "Query", "BatchGetItem", "TransactWriteItems"}
    assert all(figure.kept is not False for figure in sweep.figures_of(found))
