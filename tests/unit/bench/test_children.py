"""Child processes."""

from __future__ import annotations

import os

import pytest

from infra.bench.children import BenchError, ask, environment, run


@pytest.fixture(autouse=True)
def caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the caller what a child must not inherit."""
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("HUB_TABLE", "production")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


def test_a_child_inherits_nothing_of_aws_or_the_hub() -> None:
    """And keeps its byte code warm."""
    given = environment({"HUB_STAGE": "bench"})
    assert not {"AWS_PROFILE", "HUB_TABLE", "PYTHONDONTWRITEBYTECODE"} & given.keys()
    assert given["HUB_STAGE"] == "bench"
    assert given["AWS_REGION"]
    assert given["PATH"] == os.environ["PATH"]


def test_a_failing_child_says_why() -> None:
    """With the end of what it wrote to its error stream."""
    with pytest.raises(BenchError, match=r"(?s)ended with 1.*ZeroDivisionError"):
        run(["-c", "1 / 0"], {})


def test_a_child_is_asked_and_answers_past_its_output() -> None:
    """The hub logs to standard output, which must not spoil the answer."""
    assert ask("tests.unit.bench.echo", {"number": 1}, {}) == {"heard": {"number": 1}}
