"""An exported chain is checked offline, and any alteration of it shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from chalicelib.domain import lifecycle
from chalicelib.domain.events import Event
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.stages import EventType
from infra.ops import chain
from infra.ops.__main__ import app
from tests.support.builders import context_of
from tests.support.courses import act, done, in_mediation
from tests.support.deals import SETTLEMENT, answers, offer, offers
from tests.support.fakes.hub import FakeHub
from tests.support.fakes.samples import COURT, MEDIATOR
from tests.support.http import Api
from tests.support.journey import file, mediated_case

if TYPE_CHECKING:
    from pathlib import Path

    from chalicelib.domain.events import Link
    from chalicelib.domain.roles import Actor


@pytest.fixture
def export() -> str:
    hub = FakeHub()
    return chain.to_json(hub.cases.events(mediated_case(hub), after=0, limit=100))


def verify(tmp_path: Path, text: str, *options: str) -> Any:
    exported = tmp_path / "case.json"
    exported.write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["verify-chain", str(exported), *options])


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


def test_a_history_whose_end_was_cut_off_is_found(tmp_path: Path, export: str) -> None:
    """By the version that the case is known to have, or by the hash of an event that is known."""
    events = json.loads(export)
    version, head = len(events), events[-1]["hash"]
    shortened = json.dumps(events[:-3])
    assert verify(tmp_path, shortened).exit_code == 0, "nobody can see it without knowing more"
    for options in (["--version", str(version)], ["--head", head]):
        assert verify(tmp_path, export, *options).exit_code == 0
        result = verify(tmp_path, shortened, *options)
        assert (result.exit_code, "BROKEN" in result.output) == (1, True)
        assert str(len(events) - 3) in result.output


def test_a_history_that_went_on_holds_what_was_known_before(tmp_path: Path, export: str) -> None:
    events = json.loads(export)
    assert verify(tmp_path, export, "--version", "2", "--head", events[1]["hash"]).exit_code == 0


def test_an_event_that_changed_nothing_does_not_count_as_a_version(tmp_path: Path) -> None:
    """A fact is recorded behind the filing: the version is still 1."""
    hub = FakeHub()
    case_id = file(hub)
    case = hub.cases.get(case_id)
    context = context_of(SYSTEM)
    hub.cases.save(lifecycle.record(case, EventType("something_seen"), {}, context), context.at)
    text = chain.to_json(hub.cases.events(case_id, after=0))
    assert verify(tmp_path, text, "--version", "1").exit_code == 0
    assert verify(tmp_path, text, "--version", "2").exit_code == 1


def test_stubs_may_be_acts(tmp_path: Path) -> None:
    """A court can't tell whether what it does not see was an act: each stub counts as one."""
    answer, case_id = told_to(COURT)
    count = len(answer["items"])
    assert verify(tmp_path, json.dumps(answer), "--case", case_id, "--version", str(count)).exit_code == 0
    answer["items"] = answer["items"][:-1]
    assert verify(tmp_path, json.dumps(answer), "--case", case_id, "--version", str(count)).exit_code == 1


def test_answers_of_the_api_are_checked_page_by_page(tmp_path: Path) -> None:
    """All pages in their order are one history; a page behind which there are more is none."""
    answer, case_id = told_to(COURT)
    first, rest = tmp_path / "1.json", tmp_path / "2.json"
    first.write_text(json.dumps({"items": answer["items"][:4], "next": "cursor"}))
    rest.write_text(json.dumps({"items": answer["items"][4:], "next": None}))
    command = ["verify-chain", "--case", case_id]
    assert CliRunner().invoke(app, [*command, str(first), str(rest)]).exit_code == 0
    assert CliRunner().invoke(app, [*command, str(rest), str(first)]).exit_code != 0
    alone = CliRunner().invoke(app, [*command, str(first)])
    assert (alone.exit_code, "next" in alone.stderr) == (2, True)


@pytest.mark.parametrize("change", ["altered", "missing", "none"])
def test_the_log_of_talk_is_checked_with_the_events_that_name_it(tmp_path: Path, change: str) -> None:
    api = Api()
    case_id = in_mediation(api)
    for number in (1, 2):
        body = {"text": f"note {number}", "shared": False}
        noted = api.post(f"/v1/cases/{case_id}/notes", body, MEDIATOR, Idempotency_Key=f"note-{number}")
        assert noted.status == 201, noted.body
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    entries = json.loads(chain.to_json(api.hub.talk.entries(case_id)))
    assert len(entries) == 2
    if change == "altered":
        entries[0]["subject"] = "somebody"
    elif change == "missing":
        entries.pop()
    talk = tmp_path / "talk.json"
    talk.write_text(json.dumps(entries))
    result = verify(tmp_path, chain.to_json(api.hub.cases.events(case_id, after=0)), "--talk", str(talk))
    assert (result.exit_code, "BROKEN" in result.output) == ((0, False) if change == "none" else (1, True))


@pytest.mark.parametrize("text", ["{}", "[1]", '[{"at": 1}]', "[", '[{"at": "2026-01-01", "role": "x"}]'])
def test_what_is_no_log_of_talk_is_refused_as_such(tmp_path: Path, export: str, text: str) -> None:
    talk = tmp_path / "talk.json"
    talk.write_text(text)
    assert verify(tmp_path, export, "--talk", str(talk)).exit_code == 2


@pytest.mark.parametrize(
    ("field", "value"), [("salt", 1), ("chain_version", "2"), ("facts", 3), ("at", 7), ("sequence", "1")]
)
def test_a_field_of_another_type_is_no_traceback(
    tmp_path: Path, export: str, field: str, value: object
) -> None:
    events = json.loads(export)
    events[0][field] = value
    result = verify(tmp_path, json.dumps(events))
    assert result.exit_code in {1, 2}
    assert len((result.output or result.stderr).splitlines()) == 1
