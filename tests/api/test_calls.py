"""The list of people whom the centre has to ring: only the centre's, of its own court, without a number."""

from __future__ import annotations

import pytest

from chalicelib.domain.notices import NoticeKind, Outcome, call_for, notice_of
from chalicelib.domain.roles import Actor
from tests.support.courses import file_case
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, INSTITUTION, MEDIATOR, OPS
from tests.support.http import Api


def owed_calls(api: Api, number: int) -> list[str]:
    """File a case, of which messages do not reach the borrower; return the calls' ids."""
    case_id = file_case(api)
    case = api.hub.cases.get(case_id)
    ids = []
    for sequence in range(20, 20 + number):
        notice = notice_of(case_id, sequence, "r1", NoticeKind.INVITED, {})
        api.hub.memory.owe(notice, api.hub.clock.now())
        call = call_for(notice, "r1", case.court_id, "调〔2026〕1号", api.hub.clock.now())
        api.hub.notices.ended(notice, {"r1": Outcome.NOT_REACHABLE}, (call,), api.hub.clock.now())
        ids.append(call.call_id)
    return ids


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def test_the_centre_reads_whom_to_ring_page_by_page(api: Api) -> None:
    """What about, of which case; the number is read with the contacts."""
    ids = owed_calls(api, 3)
    page = api.get("/v1/calls?limit=2", CENTRE)
    rest = api.get(f"/v1/calls?limit=2&cursor={page.body['next']}", CENTRE)
    shown = [*page.body["items"], *rest.body["items"]]
    assert [item["call_id"] for item in shown] == ids
    assert rest.body["next"] is None
    assert {item["kind"] for item in shown} == {"invited"}
    assert {item["case_number"] for item in shown} == {"调〔2026〕1号"}
    assert BORROWER_DETAILS.phone not in str(shown)


def test_a_call_that_was_made_leaves_the_list(api: Api) -> None:
    """The same request again changes nothing."""
    first, second = owed_calls(api, 2)
    for _ in range(2):
        assert api.post("/v1/calls/ended", {"call_id": first}, CENTRE).status == 200
    assert [item["call_id"] for item in api.get("/v1/calls", CENTRE).body["items"]] == [second]


def test_another_court_has_a_list_of_its_own(api: Api) -> None:
    """Its centre sees none of these calls and ends none."""
    (call_id,) = owed_calls(api, 1)
    other = Actor(role=CENTRE.role, subject="centre-2", court_id="court-2")
    assert api.get("/v1/calls", other).body["items"] == []
    api.post("/v1/calls/ended", {"call_id": call_id}, other)
    assert len(api.get("/v1/calls", CENTRE).body["items"]) == 1


@pytest.mark.parametrize("actor", [INSTITUTION, MEDIATOR, OPS])
def test_nobody_else_reads_or_ends_calls(api: Api, actor: Actor) -> None:
    """Who handles the case is told by its own messages."""
    assert api.get("/v1/calls", actor).code == "not_permitted"
    assert api.post("/v1/calls/ended", {"call_id": "x"}, actor).code == "not_permitted"


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    """And so is what is no call's id."""
    assert api.get("/v1/calls?cursor=x", CENTRE).status == 400
    assert api.post("/v1/calls/ended", {"call_id": "a b"}, CENTRE).status == 422
