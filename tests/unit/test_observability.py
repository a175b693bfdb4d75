"""What is written down names kinds and places, never contents; tracing is there only if asked for."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import CaseNotFound
from chalicelib.observability import EmfMetrics, about, log, log_event, log_failure
from tests.support.builders import filed

if TYPE_CHECKING:
    from collections.abc import Callable


def test_an_error_is_logged_without_its_message() -> None:
    def fail() -> None:
        raise CaseNotFound("张三 350902199003070016")

    handler = log.handlers[0]  # the others are pytest's
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written := io.StringIO())
    try:
        fail()
    except CaseNotFound as error:
        log_failure("message failed", error, case_id="c1")
    finally:
        handler.setStream(before)
    line = json.loads(written.getvalue())
    assert (line["error"], line["code"], line["case_id"]) == ("CaseNotFound", "case_not_found", "c1")
    assert line["at"][-1].startswith("fail:")
    assert "张三" not in written.getvalue().encode().decode("unicode_escape")
    assert "350902" not in written.getvalue()


def test_a_counter_has_the_stage_as_its_only_dimension(capsys: pytest.CaptureFixture[str]) -> None:
    EmfMetrics("dev").count("CasesFiled", 3)
    blob = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert blob["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["stage"]]
    assert (blob["stage"], blob["CasesFiled"]) == ("dev", 3)


@pytest.mark.parametrize(("switch", "loaded"), [("on", True), ("off", False)])
def test_tracing_costs_nothing_unless_it_is_switched_on(switch: str, *, loaded: bool) -> None:
    """In a process of its own, since patching clients for tracing can't be undone."""
    program = (
        "import sys\n"
        "from chalicelib.bootstrap import LiveHub\n"
        "from chalicelib.settings import Settings\n"
        f"LiveHub(Settings.from_environment({{'HUB_STAGE': 's', 'HUB_TRACING': '{switch}'}}))\n"
        "print('aws_xray_sdk.core' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    assert done.stdout.strip() == str(loaded)


def written_by(act: Callable[[], None]) -> list[dict[str, Any]]:
    """Return the lines that something logs."""
    handler = log.handlers[0]  # the others are pytest's
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written := io.StringIO())
    try:
        act()
    finally:
        handler.setStream(before)
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_carries_the_keys_of_the_blocks_around_it_and_of_no_other() -> None:
    def act() -> None:
        with about(function="court", case_id="c1"):
            with about(case_id="c2", correlation_id="x"):
                log.info("inner")
            log.info("outer")
            with about(case_id=None):
                log.info("of no case", extra={"function": "said by the line"})
        log.info("outside")

    names = ("message", "function", "case_id", "correlation_id")
    assert [tuple(line.get(name) for name in names) for line in written_by(act)] == [
        ("inner", "court", "c2", "x"),
        ("outer", "court", "c1", None),
        ("of no case", "said by the line", None, None),
        ("outside", None, None, None),
    ]


def test_threads_do_not_see_each_others_keys() -> None:
    """As the functions of the local stack, which share a process."""
    both = threading.Barrier(2)

    def handle(case_id: str) -> None:
        with about(case_id=case_id):
            both.wait(10)
            log.info(case_id)
            both.wait(10)

    def act() -> None:
        threads = [threading.Thread(target=handle, args=(case_id,)) for case_id in ("c1", "c2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    lines = written_by(act)
    assert sorted((line["message"], line["case_id"]) for line in lines) == [("c1", "c1"), ("c2", "c2")]


def test_an_event_is_told_by_its_role_and_never_by_its_person() -> None:
    change = filed()
    (line,) = written_by(lambda: log_event(change.event))
    assert {name: line[name] for name in ("message", "case_id", "event", "sequence", "role")} == {
        "message": "event",
        "case_id": change.case.case_id,
        "event": "case_filed",
        "sequence": 1,
        "role": "institution",
    }
    assert change.event.subject not in json.dumps(line)


@pytest.mark.parametrize(
    ("error", "counts"), [("ValueError('350902')", True), ("CourtUnavailable(5)", False)]
)
def test_a_release_is_judged_by_the_failures_that_have_no_code(error: str, *, counts: bool) -> None:
    """The line names the version that Lambda runs, and a code only if the domain knows the failure."""
    program = (
        "from chalicelib.domain.errors import CourtUnavailable\n"
        "from chalicelib.observability import log_failure\n"
        f"log_failure('message failed', {error})\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program; Lambda sets the variable before the process starts
        [sys.executable, "-c", program],
        env={**os.environ, "AWS_LAMBDA_FUNCTION_VERSION": "12"},
        check=True,
        capture_output=True,
        text=True,
    )
    line = json.loads(done.stdout or done.stderr)
    assert (line["version"], line["level"]) == ("12", "ERROR")
    assert ("code" not in line) == counts
