"""An exported chain is checked offline, and any alteration of it shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from chalicelib.domain.events import Event
from infra.ops import chain
from infra.ops.__main__ import app
from tests.support.courses import act, done, in_mediation
from tests.support.deals import SETTLEMENT, answers, offer, offers
from tests.support.fakes.hub import FakeHub
from tests.support.fakes.samples import COURT, MEDIATOR
from tests.support.http import Api
from tests.support.journey import mediated_case

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.domain.events import Link
    from chalicelib.domain.roles import Actor


@pytest.fixture
def export() -> str:
    hub = FakeHub()
    return chain.to_json(hub.cases.events(mediated_case(hub), after=0, limit=100))


def verify(tmp_path: Path, text: str, *options: str) -> Any:
    file = tmp_path / "case.json"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["verify-chain", str(file), *options])


def events_of(links: list[Link]) -> list[Event]:
    assert all(isinstance(link, Event) for link in links)
    return [link for link in links if isinstance(link, Event)]


def test_an_export_reads_back_as_it_was(export: str) -> None:
    assert chain.to_json(events_of(chain.from_json(export))) == export


def test_an_export_of_the_release_before_chain_version_2_is_intact(tmp_path: Path) -> None:
    """It has neither salt nor chain version nor talk."""
    event = {
        "case_id": "C-1",
        "sequence": 1,
        "type": "case_screened",
        "at": "2026-03-02T01:30:00+00:00",
        "role": "system",
        "subject": "hub",
        "channel": "online",
        "facts": {},
        "previous": "0" * 64,
        "hash": "dac18cf91d4c575176fc4fd8be42fc1bf3083bca03b7c6878ac2ab3ba9aec91c",
    }
    result = verify(tmp_path, json.dumps([event]))
    assert (result.exit_code, "1 events" in result.output) == (0, True)


@pytest.mark.parametrize("options", [[], ["--case", "C-9"]])
def test_an_answer_of_the_api_is_checked_for_the_case_it_is_about(tmp_path: Path, options: list[str]) -> None:
    """Without the case's id it can't be read; with another's it does not verify."""
    answer, case_id = told_to(COURT)
    found = verify(tmp_path, json.dumps(answer), "--case", case_id)
    assert (found.exit_code, "7 of them stubs" in found.output) == (0, True)
    wrong = verify(tmp_path, json.dumps(answer), *options)
    assert wrong.exit_code == (1 if options else 2)


def test_an_altered_stub_is_found(tmp_path: Path) -> None:
    """At the link behind it, or at the head that its reader keeps."""
    answer, case_id = told_to(COURT)
    first = next(entry for entry in answer["items"] if "type" not in entry)
    first["hash"] = "1" * 64
    assert verify(tmp_path, json.dumps(answer), "--case", case_id).exit_code == 1


def told_to(reader: Actor) -> tuple[dict[str, Any], str]:
    """Return the events of a case that lived through three offers, as a reader is told of them."""
    api = Api()
    case_id = in_mediation(api)
    for number, (party_id, reply) in enumerate(
        [("a1", "withdrawn"), ("r1", "declined"), ("r1", "accepted")], 1
    ):
        done(offers(api, case_id, offer(api, party_id="a1"), "a1"))
        done(answers(api, case_id, reply, party_id, number))
    done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))
    done(act(api, case_id, "failure", {"reason": "refuses_to_sign"}, MEDIATOR))
    return api.get(f"/v1/cases/{case_id}/events?limit=100", reader).body, case_id


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
