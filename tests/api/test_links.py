"""The centre issues links on paper and revokes links."""

from __future__ import annotations

import pytest

from chalicelib.use_cases.sign_in_by_link import sign_in_by_link
from tests.support.bodies import filing
from tests.support.courses import file_case
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api


def test_the_centre_issues_a_link_on_paper() -> None:
    """Token and code are in the answer, the same for the same key, and who did it is on record."""
    api = Api()
    case_id = file_case(api)
    path = f"/v1/cases/{case_id}/links"
    first = api.post(path, {"party_id": "r1"}, CENTRE, Idempotency_Key="k-1")
    assert first.status == 201, first.raw
    again = api.post(path, {"party_id": "r1"}, CENTRE, Idempotency_Key="k-1")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    actor = sign_in_by_link(api.hub, first.body["token"], first.body["code"])
    assert actor is not None
    assert actor.case_ids == {f"{case_id}:r1"}
    (act,) = api.get(path, CENTRE).body["items"]
    assert (act["done"], act["party_id"], act["subject"]) == ("issued", "r1", CENTRE.subject)
    assert api.post(path, {"party_id": "r1"}, CENTRE, Idempotency_Key="k-1").body["code"] is None
    soon = api.post(path, {"party_id": "r1"}, CENTRE, Idempotency_Key="k-2")
    assert (soon.status, soon.body["code"]) == (429, "code_requested_too_soon")


@pytest.mark.parametrize("phone", ["13800001234", "0593-2881234"])
def test_a_paper_handed_over_in_a_partys_name_is_told_to_the_party(phone: str) -> None:
    """At the number on record, or the centre rings; once, and not the one that got the paper's code."""
    api = Api()
    assert api.post("/v1/filings", filing(respondents__0__phone=phone), Idempotency_Key="one").status == 201
    api.hub.run()
    api.hub.gateway.sent.clear()
    api.hub.memory.calls.clear()
    for _ in range(2):
        issued = api.post("/v1/cases/C-0001/links", {"party_id": "r1"}, CENTRE, Idempotency_Key="k-1")
        assert issued.status == 201
    api.hub.run()
    told = [(str(each.kind), dict(each.values)) for each in api.hub.gateway.inbox(phone)]
    rung = [(call.party_id, str(call.kind)) for call in api.hub.memory.calls.values()]
    mobile = phone.startswith("1")
    assert told == ([("act_recorded", {"act": "issue_link"})] if mobile else [])
    assert rung == ([] if mobile else [("r1", "act_recorded")])


def test_the_centre_revokes_a_partys_links() -> None:
    """Twice does no harm."""
    api = Api()
    case_id = file_case(api)
    issued = api.post(f"/v1/cases/{case_id}/links", {"party_id": "r1"}, CENTRE, Idempotency_Key="k-1").body
    for _ in range(2):
        done = api.post(f"/v1/cases/{case_id}/link-revocations", {"party_id": "r1"}, CENTRE)
        assert (done.status, done.body) == (200, {"party_id": "r1"})
    assert sign_in_by_link(api.hub, issued["token"], issued["code"]) is None


@pytest.mark.parametrize("party_id", ["a1", "r9"])
def test_only_respondents_have_links(party_id: str) -> None:
    """The bank's people have accounts."""
    api = Api()
    case_id = file_case(api)
    key = {"Idempotency_Key": "k-1"}
    for path, headers in (("links", key), ("link-revocations", {})):
        refused = api.post(f"/v1/cases/{case_id}/{path}", {"party_id": party_id}, CENTRE, **headers)
        assert (refused.status, refused.body["rule"]) == (409, "known_party")


def test_nobody_else_may_and_another_courts_case_is_no_case() -> None:
    """A bank with a borrower's link would be the borrower."""
    api = Api()
    case_id = file_case(api)
    for actor in (INSTITUTION, MEDIATOR, borrower(case_id)):
        refused = api.post(f"/v1/cases/{case_id}/links", {"party_id": "r1"}, actor, Idempotency_Key="k-1")
        assert refused.status == 403
    missing = api.post("/v1/cases/C-none/links", {"party_id": "r1"}, CENTRE, Idempotency_Key="k-1")
    assert missing.status == 404
