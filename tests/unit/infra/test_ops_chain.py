"""An exported chain is checked offline, and any alteration of it shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from infra.ops import chain
from infra.ops.__main__ import app
from tests.support.fakes.hub import FakeHub
from tests.support.journey import mediated_case

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def export() -> str:
    hub = FakeHub()
    return chain.to_json(hub.cases.events(mediated_case(hub), after=0, limit=100))


def verify(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "case.json"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["verify-chain", str(file)])


def test_an_export_reads_back_as_it_was(export: str) -> None:
    assert chain.to_json(chain.from_json(export)) == export


def test_an_intact_chain_is_said_to_be_intact(tmp_path: Path, export: str) -> None:
    result = verify(tmp_path, export)
    assert result.exit_code == 0
    assert f"{len(json.loads(export))} events" in result.output


@pytest.mark.parametrize("field", ["subject", "type", "at", "facts", "hash", "previous", "channel", "role"])
def test_an_altered_event_is_found(tmp_path: Path, export: str, field: str) -> None:
    events = json.loads(export)
    others = {"type": "case_withdrawn", "at": "2020-01-01T00:00:00+00:00", "facts": {"x": 1}, "role": "ops"}
    events[1][field] = others.get(field, "in_person" if field == "channel" else "0" * 64)
    result = verify(tmp_path, json.dumps(events))
    assert (result.exit_code, "event 2" in result.output) == (1, True)


def test_a_missing_event_is_found(tmp_path: Path, export: str) -> None:
    events = json.loads(export)
    del events[1]
    assert verify(tmp_path, json.dumps(events)).exit_code == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '[{"case_id": "c"}]', '["x"]'])
def test_what_is_no_export_is_refused_as_such(tmp_path: Path, text: str) -> None:
    assert verify(tmp_path, text).exit_code == 2
