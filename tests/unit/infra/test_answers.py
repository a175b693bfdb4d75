"""Recorded answers: what counts as a change of the API, and what does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from infra.answers.__main__ import main
from infra.answers.comparing import Rules, differences
from infra.answers.recording import normalised, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TREE: Final = '''
"""One test that asks an app in its own process and a server over HTTP."""

import json
import threading
import uuid
from datetime import datetime, UTC
from http.server import BaseHTTPRequestHandler, HTTPServer

import urllib3
from chalice.app import Chalice, Response

def answer():
    return {
        "request_id": str(uuid.uuid4()), "case_id": uuid.uuid4().hex if SERVED else "C-0001",
        "filed_at": datetime.now(UTC).isoformat() if SERVED else "2026-03-02", "stage": "STAGE",
    }

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(answer()).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

def test_in_one_process():
    global SERVED
    SERVED = False
    app = Chalice("app", configure_logs=False)
    app.route("/v1/cases/{case_id}")(lambda case_id: answer())
    context = {"resourcePath": "/v1/cases/{case_id}", "httpMethod": "GET", "authorizer": {"role": "centre"}}
    event = {
        "path": "/v1/cases/C-0001", "pathParameters": {"case_id": "C-0001"}, "httpMethod": "GET",
        "headers": {},
        "multiValueHeaders": {}, "multiValueQueryStringParameters": None, "requestContext": context,
        "body": None, "isBase64Encoded": False, "stageVariables": None, "queryStringParameters": None,
    }
    assert app(event, None)["statusCode"] == 200

def test_over_http():
    global SERVED
    SERVED = True
    with HTTPServer(("127.0.0.1", 0), Handler) as server, urllib3.PoolManager() as http:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert http.request("GET", f"{url}/v1/cases/{uuid.uuid4().hex}").status == 200
        assert http.request("GET", f"{url}/elsewhere").status == 200
        server.shutdown()
'''


@pytest.fixture(autouse=True)
def _quick_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no installed plugin: the trees recorded here need none."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def _tree(folder: Path, stage: str = "filed", schema: str = "Case") -> Path:
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "openapi.json").write_text(json.dumps({"components": {"schemas": {schema: {}}}}))
    (folder / "test_tree.py").write_text(_TREE.replace("STAGE", stage))
    return folder


def _heard(
    body: Any, *, path: str = "/v1/cases/C-1", over_http: bool = False, **more: Any
) -> Mapping[str, Any]:
    return {
        "test": "tests/test_a.py::test_b",
        "over_http": over_http,
        "concurrent": False,
        "method": "GET",
        "path": path,
        "caller": "centre",
        "status": 200,
        "headers": {"date": "now"},
        "body": body,
        **more,
    }


def _told(before: list[Any], after: list[Any], rules: Rules = Rules()) -> list[str]:  # noqa: B008 - frozen
    return list(differences(normalised(map(dict, before)), normalised(map(dict, after)), rules))


def test_two_recordings_of_one_tree_are_equal_and_a_changed_answer_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ids and times differ from run to run; the stage is a change, in one process and over HTTP."""
    first, again, changed = (tmp_path / f"{name}.jsonl" for name in ("first", "again", "changed"))
    same = str(_tree(tmp_path / "same"))
    other = str(_tree(tmp_path / "other", stage="screened", schema="Dispute"))
    for tree, out in ((same, first), (same, again), (other, changed)):
        assert main(["record", "--tree", tree, "--out", str(out), "--", "test_tree.py"]) == 0
    assert [(entry["method"], entry["path"], entry["caller"]) for entry in read(first)] == [
        ("GET", "/v1/cases/C-0001", "centre"),
        ("GET", "/v1/cases/<id>", ""),
        ("FILE", "docs/openapi.json", ""),
    ]
    assert main(["compare", str(first), str(again)]) == 0
    capsys.readouterr()
    assert main(["compare", str(first), str(changed)]) == 1
    told = capsys.readouterr().out
    assert told.count('/body/stage: "filed" -> "screened"') == 2
    assert "/body/components/schemas/Case: {} -> (nothing)" in told
    allowed = ["--ignore", "stage", "--ignore", "Case", "--ignore", "Dispute"]
    assert main(["compare", str(first), str(changed), *allowed]) == 0


def test_a_tree_whose_tests_fail_is_not_recorded(tmp_path: Path) -> None:
    """Its answers would say nothing."""
    (tmp_path / "test_fails.py").write_text("def test_fails():\n    assert False\n")
    out = tmp_path / "out.jsonl"
    assert main(["record", "--tree", str(tmp_path), "--out", str(out), "--", "test_fails.py"]) == 2
    assert not out.exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"stage": "filed"}, {"stage": "paid"}),
        ({"stage": "filed"}, {"stage": "filed", "step": None}),
        ({"items": [1, 2]}, {"items": [2, 1]}),
        ({"total": "1.00"}, {"total": 1.0}),
        ({"filed_at": "2026-03-02"}, {"filed_at": "2026-03-03"}),
    ],
    ids=["value", "member", "order of a list", "type", "day in a test with its own clock"],
)
def test_a_change_is_told(before: Any, after: Any) -> None:
    assert len(_told([_heard(before)], [_heard(after)])) == 1


def test_status_and_headers_count() -> None:
    """But not those of the connection."""
    assert _told([_heard({})], [_heard({}, headers={"date": "later"})]) == []
    assert len(_told([_heard({})], [_heard({}, status=201)])) == 1
    assert len(_told([_heard({})], [_heard({}, headers={"etag": '"2"'})])) == 1


def test_the_order_of_answers_does_not_matter_but_their_number_does() -> None:
    one, two = _heard({"number": 1}), _heard({"number": 2})
    assert _told([one, two], [two, one]) == []
    assert len(_told([one, one], [one])) == 1


def test_a_journey_may_wait_longer_and_on_another_day() -> None:
    """The read that ends the waiting counts, and no day of the clock."""
    before = [
        _heard({"stage": stage, "filed_at": f"2026-03-0{day}"}, over_http=True)
        for day, stage in enumerate(("filed", "filed", "screened"), start=1)
    ]
    assert _told(before, before[1:]) == []
    assert len(_told(before, before[:2])) == 1


def test_of_concurrent_requests_the_names_of_what_both_runs_saw_count() -> None:
    """Which case comes to what is left to chance; a member that is renamed is not."""
    case = _heard({"stage": "filed", "offer": {"number": 1}}, over_http=True, concurrent=True)
    no_offer = _heard({"stage": "paid", "offer": None}, path="/v1/cases/C-2", over_http=True, concurrent=True)
    renamed = _heard({"state": "filed", "offer": None}, over_http=True, concurrent=True)
    assert _told([case, no_offer], [no_offer]) == []
    assert len(_told([case], [renamed])) == 1


def test_a_test_may_move_but_not_vanish() -> None:
    """It is known by its name."""
    moved = _heard({}, test="tests/test_moved.py::test_b")
    assert _told([_heard({})], [moved]) == []
    (told,) = _told([_heard({})], [])
    assert "only in the first" in told


def test_rules_allow_a_member_wherever_it_is_named_and_a_stub() -> None:
    """In an answer, in the OpenAPI document's list of what is required, and as an element of a list."""
    event = {"sequence": 1, "type": "case_filed"}
    stub = {"sequence": 2, "previous": "a", "hash": "b"}
    before = [_heard({"items": [event], "required": ["type"]})]
    after = [_heard({"items": [{**event, "salt": "s"}, stub], "required": ["type", "salt"]})]
    rules = Rules(frozenset({"salt"}), frozenset({frozenset(stub)}))
    assert _told(before, after, rules) == []
    assert len(_told(before, after)) == 1
    assert len(_told(before, [_heard({"items": [], "required": ["type"]})], rules)) == 1
