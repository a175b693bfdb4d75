"""The runbook: each alarm has its row, and each command in it can be carried out as it stands."""

from __future__ import annotations

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from cryptography.hazmat.primitives import serialization
from typer.testing import CliRunner

from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.signing import sign
from chalicelib.adapters.documents.views.mediation import ServiceAddressConfirmation
from infra.ops.__main__ import app
from infra.template.alarms import all_alarms
from infra.template.chalice_config import ROOT
from infra.template.stages import STAGES
from tests.contract.ops.test_commands import ENROLMENT, PEOPLE, screened
from tests.support.signers import signer_of
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from tests.contract.ops.conftest import Deployed

RUNBOOK: Final = (ROOT / "docs" / "runbooks" / "operations.md").read_text(encoding="utf-8")
ROWS: Final = [line for line in RUNBOOK.splitlines() if line.startswith("| `…-")]
_COMMAND: Final = re.compile(r"`python -m infra\.ops ([^`]+)`")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def patterns(row: str) -> list[str]:
    """Return the names of alarms in a row's first cell; `*` stands for any text."""
    return re.findall(r"`…-([a-z0-9*-]+)`", row.split("|")[1])


def test_every_alarm_has_a_row_and_every_row_an_alarm() -> None:
    """The longest pattern decides, so that one alarm of a family may have a row of its own."""
    names = {alarm.name for alarm in all_alarms(STAGES["prod"])}
    named = [pattern for row in ROWS for pattern in patterns(row)]
    without = sorted(name for name in names if not any(fnmatch(name, pattern) for pattern in named))
    assert without == []
    assert [pattern for pattern in named if not any(fnmatch(name, pattern) for name in names)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: patterns(row)[0])
def test_a_row_says_what_the_alarm_means_in_both_languages(row: str) -> None:
    means = row.split("|")[2]
    assert _CHINESE.search(means)
    assert re.search("[a-z]", means)


def test_every_command_of_the_runbook_can_be_carried_out(deployed: Deployed) -> None:
    """On a stack with a case and a dead letter, in the order of reading; the next reads what one prints."""
    case_id = screened(deployed)
    dead = json.dumps({"kind": "changed", "case_id": case_id, "sequence": 1})
    boto3.client("sqs").send_message(QueueUrl=deployed.url("workflow-dlq"), MessageBody=dead)
    Path("people.json").write_text(json.dumps(PEOPLE), encoding="utf-8")
    Path("bank-rcb.json").write_text(json.dumps(ENROLMENT | {"institution_id": "bank-rcb"}), encoding="utf-8")
    signer, authority = signer_of("ec")
    paper = render(SAMPLES[ServiceAddressConfirmation], "pdf").content
    Path("agreement.pdf").write_bytes(sign(paper, signer, reason="r", location="l"))
    Path("authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    commands = dict.fromkeys(_COMMAND.findall(RUNBOOK))
    assert {command.split()[0] for command in commands} >= {
        "redrive",
        "follow",
        "sweep",
        "reemit",
        "enrol",
        "enter-people",
        "verify-paper",
    }
    for command in commands:
        wanted, _, file = (
            command.replace("CASE", case_id)
            .replace("COURT", "court-jc")
            .replace("YEAR", "2026")
            .replace("jiefen-hub-prod", deployed.name)
            .partition(" > ")
        )
        result: Any = CliRunner().invoke(app, shlex.split(wanted))
        assert result.exit_code == 0, (command, result.output, result.exception)
        if file:
            Path(file).write_text(result.stdout, encoding="utf-8")
