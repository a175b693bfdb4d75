"""What is written down names kinds and places, never contents; tracing is there only if asked for."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

import pytest

from chalicelib.domain.errors import CaseNotFound
from chalicelib.observability import EmfMetrics, log, log_failure


def test_an_error_is_logged_without_its_message() -> None:
    def fail() -> None:
        raise CaseNotFound("张三 350902199003070016")

    handler = log.registered_handler
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
    assert (blob["stage"], blob["CasesFiled"]) == ("dev", [3.0])


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
