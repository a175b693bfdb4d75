"""Notes on a case: who writes, who reads, and what a note leaves as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.courses import act, done, in_mediation
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from tests.support.http import Answer

TEXT = "借款人周三以后\n才有空接电话"
WRITERS = ["institution", "borrower", "mediator", "centre"]


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def actor(role: str, case_id: str) -> Actor:
    """Return who plays a role in the case."""
    everyone = {
        "institution": INSTITUTION,
        "mediator": MEDIATOR,
        "centre": CENTRE,
        "judge": JUDGE,
        "court": COURT,
        "ops": OPS,
    }
    return borrower(case_id) if role == "borrower" else everyone[role]


def write(api: Api, case_id: str, role: str, *, key: str = "k-1", **body: Any) -> Answer:
    """Write a note."""
    return api.post(
        f"/v1/cases/{case_id}/notes", {"text": TEXT, **body}, actor(role, case_id), Idempotency_Key=key
    )


def read(api: Api, case_id: str, role: str) -> list[str]:
    """Return the texts of the notes that a role reads."""
    answer = api.get(f"/v1/cases/{case_id}/notes", actor(role, case_id))
    assert answer.status == 200
    return [note["text"] for note in answer.body["items"]]


READERS = {
    # author: (who reads it unshared, who reads it shared)
    "institution": ({"institution", "mediator", "centre"}, {"institution", "borrower", "mediator", "centre"}),
    "borrower": ({"borrower", "mediator", "centre"}, {"institution", "borrower", "mediator", "centre"}),
    "mediator": ({"mediator", "centre"}, {"institution", "borrower", "mediator", "centre"}),
    "centre": ({"mediator", "centre"}, {"institution", "borrower", "mediator", "centre"}),
}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("author", READERS)
def test_a_note_is_read_by_those_written_out_here(api: Api, author: str, shared: bool) -> None:
    """By nobody else; the mediator and the centre read all."""
    case_id = in_mediation(api)
    assert write(api, case_id, author, shared=shared).status == 201
    assert {role for role in WRITERS if read(api, case_id, role)} == READERS[author][shared]


@pytest.mark.parametrize("role", ["judge", "court", "ops"])
def test_a_judge_a_court_and_an_operator_neither_write_nor_read(api: Api, role: str) -> None:
    """Not even a shared note: it is talk (TY22)."""
    case_id = in_mediation(api)
    write(api, case_id, "mediator", shared=True)
    assert api.get(f"/v1/cases/{case_id}/notes", actor(role, case_id)).body["code"] == "not_permitted"
    assert write(api, case_id, role).body["code"] == "not_permitted"


def test_a_note_leaves_version_and_events_as_they_are(api: Api) -> None:
    """An act on the version that was read before the note succeeds."""
    case_id = in_mediation(api)
    before = api.get(f"/v1/cases/{case_id}", MEDIATOR)
    events = api.get(f"/v1/cases/{case_id}/events", MEDIATOR).body
    answer = write(api, case_id, "institution")
    assert answer.body["text"] == TEXT
    assert api.get(f"/v1/cases/{case_id}/events", MEDIATOR).body == events
    reason = {"reason": "differences_too_large"}
    failed = api.post(f"/v1/cases/{case_id}/failure", reason, MEDIATOR, If_Match=before.headers["ETag"])
    assert failed.status == 200


def test_the_next_event_carries_the_head_of_the_talk(api: Api) -> None:
    """So that no note can be changed or taken away unseen."""
    case_id = in_mediation(api)
    write(api, case_id, "institution", key="k-1")
    write(api, case_id, "mediator", key="k-2")
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    last = api.get(f"/v1/cases/{case_id}/events?limit=100", INSTITUTION).body["items"][-1]
    assert last["talk"] == api.hub.memory.talk[case_id][-1].hash
    assert [entry.sequence for entry in api.hub.memory.talk[case_id]] == [1, 2]


def test_an_ended_case_still_takes_notes(api: Api) -> None:
    """A final stage ends the procedure, not the talk."""
    case_id = in_mediation(api)
    done(act(api, case_id, "withdrawal", {}))
    assert write(api, case_id, "centre").status == 201
    assert read(api, case_id, "centre") == [TEXT]


def test_the_same_key_stores_one_note(api: Api) -> None:
    """The same text again gives the same note; another text, or another case, is refused."""
    case_id, other = in_mediation(api), in_mediation(api, "LOAN-2")
    first, again = write(api, case_id, "centre"), write(api, case_id, "centre")
    assert (first.body, again.headers["Idempotent-Replayed"]) == (again.body, "true")
    assert "Idempotent-Replayed" not in first.headers
    assert read(api, case_id, "centre") == [TEXT]
    for refused in (write(api, case_id, "centre", text="anders"), write(api, other, "centre")):
        assert (refused.status, refused.body["code"]) == (422, "idempotency_key_reused")
    assert write(api, case_id, "mediator").status == 201, "another caller's key is another key"


def test_pages_go_on_past_notes_that_are_not_the_readers(api: Api) -> None:
    """A page may be empty and still continue; following `next` shows every note of the reader's once."""
    case_id = in_mediation(api)
    for number in range(7):
        role = "institution" if number in {2, 6} else "mediator"
        assert write(api, case_id, role, key=f"k-{number}", text=f"note {number}").status == 201
    found, path = [], f"/v1/cases/{case_id}/notes?limit=2"
    for _ in range(5):
        page = api.get(path, INSTITUTION).body
        found += [note["text"] for note in page["items"]]
        if page["next"] is None:
            break
        path = f"/v1/cases/{case_id}/notes?limit=2&cursor={page['next']}"
    assert found == ["note 2", "note 6"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"text": ""}, "/text", "too_short"),
        ({"text": "x" * 2001}, "/text", "too_long"),
        ({"text": " x"}, "/text", "text_format"),
        ({"text": "a\u202eb"}, "/text", "text_format"),
        ({"text": 7}, "/text", "string_expected"),
        ({"shared": "yes"}, "/shared", "boolean_expected"),
        ({"to": "all"}, "/to", "unknown_field"),
    ],
)
def test_a_faulty_note_is_refused_by_field_and_nothing_is_stored(
    api: Api, body: dict[str, Any], pointer: str, code: str
) -> None:
    """The answer names the field; no note is there afterwards."""
    case_id = in_mediation(api)
    refused = write(api, case_id, "centre", **body)
    assert [(fault["pointer"], fault["code"]) for fault in refused.body["errors"]] == [(pointer, code)]
    assert read(api, case_id, "centre") == []


def test_a_stranger_does_not_learn_that_the_case_exists(api: Api) -> None:
    """404, as for every other route of the case."""
    case_id = in_mediation(api)
    for answer in (
        api.get(f"/v1/cases/{case_id}/notes", borrower("C-9")),
        write(api, "C-9", "institution"),
    ):
        assert (answer.status, answer.body["code"]) == (404, "case_not_found")


def test_what_is_no_place_in_a_log_is_no_cursor(api: Api) -> None:
    """A cursor of another list is refused."""
    case_id = in_mediation(api)
    for number in range(3):
        assert write(api, case_id, "centre", key=f"k-{number}").status == 201
    cursor = api.get(f"/v1/cases/{case_id}/notes?limit=1", CENTRE).body["next"]
    assert api.get(f"/v1/cases/{case_id}/events?cursor={cursor}", CENTRE).status == 400
