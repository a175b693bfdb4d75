"""Statements of defence: who states one, who reads it, and when the court gets it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import OTHER_NUMBER, filing
from tests.support.courses import act, done, in_mediation
from tests.support.fakes.samples import (
    BORROWER_DETAILS,
    CENTRE,
    COURT,
    INSTITUTION,
    JUDGE,
    MEDIATOR,
    OPS,
    borrower,
)
from tests.support.http import Api

if TYPE_CHECKING:
    from tests.support.http import Answer

TEXT: Final = "已还款五千元未计入，\n罚息利率与合同不符。"


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def states(api: Api, case_id: str, *, key: str = "k-1", actor: Actor | None = None, **body: Any) -> Answer:
    """Let the borrower state its defence."""
    path = f"/v1/cases/{case_id}/defences"
    return api.post(path, {"text": TEXT, **body}, actor or borrower(case_id), Idempotency_Key=key)


def read(api: Api, case_id: str, reader: Actor) -> list[str]:
    """Return the texts that somebody reads."""
    answer = api.get(f"/v1/cases/{case_id}/defences", reader)
    assert answer.status == 200
    return [each["text"] for each in answer.body["items"]]


def sued(api: Api, case_id: str) -> dict[str, bytes]:
    """Let the mediation fail and the bank sue; return the dossier's documents."""
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    done(act(api, case_id, "transfer", {"insists": True}))
    api.hub.run()
    (submission,) = api.hub.court.submissions.values()
    store, transfer_id = api.hub.dossier_store, submission.transfer_id
    names = [each["document_id"] for each in submission.body["manifest"]]
    return {name: store.get(transfer_id, name) for name in names}


def confirms(api: Api, case_id: str) -> None:
    """Let the borrower confirm the agent whom the bank named for it."""
    body = {"action": "confirm", "party_id": "r1", "agent_id": "g1"}
    done(act(api, case_id, "agents", body, borrower(case_id)))


def test_a_party_hears_of_what_its_agent_stated(api: Api) -> None:
    """By message, though the statement is no event; of its own statement it hears nothing."""
    body = filing(respondents__0__agents=[{"name": "吴试", "authority": "general"}])
    assert api.post("/v1/filings", body, Idempotency_Key="one").status == 201
    confirms(api, "C-0001")
    agent = Actor(role=Role.BORROWER, subject="lawyer-1", agent_of=frozenset({"C-0001:r1:g1"}))
    assert states(api, "C-0001", key="k-0").status == 201
    assert states(api, "C-0001", actor=agent).status == 201
    assert states(api, "C-0001", actor=agent).headers["Idempotent-Replayed"] == "true"
    api.hub.run()
    inbox = api.hub.gateway.inbox(BORROWER_DETAILS.phone)
    acts = [dict(each.values) for each in inbox if each.kind is NoticeKind.AGENT_ACTED]
    assert acts == [{"act": "state_defence"}]


def test_bank_mediator_and_centre_read_what_a_party_said(api: Api) -> None:
    """And the party itself; the case's version and events stay as they are."""
    case_id = in_mediation(api)
    before = api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"]
    answer = states(api, case_id)
    assert (answer.status, answer.body["party_id"], answer.body["for_court"]) == (201, "r1", False)
    for reader in (INSTITUTION, MEDIATOR, CENTRE, borrower(case_id)):
        assert read(api, case_id, reader) == [TEXT]
    assert api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"] == before


@pytest.mark.parametrize("reader", [JUDGE, COURT, OPS], ids=lambda reader: str(reader.role))
def test_who_judges_or_operates_reads_none(api: Api, reader: Actor) -> None:
    """What the court gets it gets with the dossier."""
    case_id = in_mediation(api)
    states(api, case_id, for_court=True)
    answer = api.get(f"/v1/cases/{case_id}/defences", reader)
    assert (answer.status, answer.body["code"]) == (403, "not_permitted")


@pytest.mark.parametrize("actor", [INSTITUTION, MEDIATOR, CENTRE, COURT], ids=lambda actor: str(actor.role))
def test_nobody_states_a_defence_for_a_party(api: Api, actor: Actor) -> None:
    """Its own words are stated with its own token."""
    case_id = in_mediation(api)
    assert states(api, case_id, actor=actor).body["code"] == "not_permitted"
    assert read(api, case_id, CENTRE) == []


@pytest.mark.parametrize("authority", ["general", "special"])
def test_an_agent_states_a_defence_for_its_own_party(api: Api, authority: str) -> None:
    """General authority is enough, as a defence gives nothing up; the statement says which agent it was."""
    agents = [{"name": "林试", "authority": authority}]
    filed = api.post("/v1/filings", filing(respondents__0__agents=agents), INSTITUTION, Idempotency_Key="a")
    case_id = filed.body["case_id"]
    confirms(api, case_id)
    agent = Actor(role=Role.BORROWER, subject="agent-1", agent_of=frozenset({f"{case_id}:r1:g1"}))
    stated = states(api, case_id, actor=agent)
    assert (stated.status, stated.body["party_id"], stated.body["agent_id"]) == (201, "r1", "g1")
    assert states(api, case_id, key="k-2", text="本人的意见").body["agent_id"] is None
    for reader in (borrower(case_id), agent, INSTITUTION, CENTRE):
        assert read(api, case_id, reader) == [TEXT, "本人的意见"]


def test_who_is_no_agent_of_the_party_states_no_defence_for_it(api: Api) -> None:
    """Neither an agent that was never recorded nor one of the other side."""
    filed = api.post(
        "/v1/filings",
        filing(applicant__agents=[{"name": "林试", "authority": "special"}]),
        INSTITUTION,
        Idempotency_Key="a",
    )
    case_id = filed.body["case_id"]
    never = Actor(role=Role.BORROWER, subject="agent-1", agent_of=frozenset({f"{case_id}:r1:g1"}))
    assert states(api, case_id, actor=never).body["code"] == "case_not_found"
    of_the_bank = replace(INSTITUTION, agent_of=frozenset({f"{case_id}:a1:g1"}))
    assert states(api, case_id, actor=of_the_bank).body["code"] == "not_permitted"
    assert read(api, case_id, CENTRE) == []


def test_a_respondent_reads_its_own_statements_only(api: Api) -> None:
    """What another respondent says is for bank, mediator and centre."""
    respondents = filing()["respondents"]
    other = {**respondents[0], "name": "李四测", "id_number": OTHER_NUMBER, "phone": "13800005678"}
    body = {**filing(), "respondents": [*respondents, other]}
    answer = api.post("/v1/filings", body, INSTITUTION, Idempotency_Key="two")
    assert answer.status == 201, answer.body
    case_id = answer.body["case_id"]
    second = borrower(case_id, "r2")
    assert states(api, case_id, key="k-1").status == 201
    assert states(api, case_id, key="k-2", actor=second, text="我只是保证人").body["party_id"] == "r2"
    assert read(api, case_id, borrower(case_id)) == [TEXT]
    assert read(api, case_id, second) == ["我只是保证人"]
    assert read(api, case_id, INSTITUTION) == [TEXT, "我只是保证人"]


def test_another_case_has_no_statement_of_this_one(api: Api) -> None:
    """A stranger's token does not find the case."""
    case_id = in_mediation(api)
    stranger = borrower("C-9999")
    assert states(api, case_id, actor=stranger).body["code"] == "case_not_found"
    elsewhere = replace(INSTITUTION, institution_id="bank-2")
    assert api.get(f"/v1/cases/{case_id}/defences", elsewhere).body["code"] == "case_not_found"


def test_a_defence_is_in_the_dossier_if_its_party_asks_for_it(api: Api) -> None:
    """Word for word, under the party's id; it stands in the manifest like every document."""
    case_id = in_mediation(api)
    states(api, case_id, for_court=True)
    stated = json.loads(sued(api, case_id)["defence-r1"])
    assert (stated["party_id"], stated["text"]) == ("r1", TEXT)


def test_a_defence_is_in_no_dossier_otherwise(api: Api) -> None:
    """Nor is any word of it."""
    case_id = in_mediation(api)
    states(api, case_id)
    documents = sued(api, case_id)
    assert "defence-r1" not in documents
    read_by_the_court = b"\n".join(documents.values()).decode("utf-8", "replace")
    assert "罚息利率与合同不符" not in read_by_the_court


@pytest.mark.parametrize("last", [True, False])
def test_a_partys_last_statement_counts(api: Api, *, last: bool) -> None:
    """For what the court reads, and for whether it reads anything; all stay readable here."""
    case_id = in_mediation(api)
    states(api, case_id, key="k-1", for_court=not last)
    states(api, case_id, key="k-2", for_court=last, text="最后的意见")
    documents = sued(api, case_id)
    found = {json.loads(documents[name])["text"] for name in documents if name.startswith("defence")}
    assert found == ({"最后的意见"} if last else set())
    assert read(api, case_id, MEDIATOR) == [TEXT, "最后的意见"]


def test_the_same_key_states_once(api: Api) -> None:
    """The same text again gives the same statement; another is refused."""
    case_id = in_mediation(api)
    first, again = states(api, case_id), states(api, case_id)
    assert (first.body, again.headers["Idempotent-Replayed"]) == (again.body, "true")
    assert "Idempotent-Replayed" not in first.headers
    refused = states(api, case_id, for_court=True)
    assert (refused.status, refused.body["code"]) == (422, "idempotency_key_reused")
    assert read(api, case_id, CENTRE) == [TEXT]


def test_statements_come_in_pages(api: Api) -> None:
    """Following `next` shows each once, in order."""
    case_id = in_mediation(api)
    for number in range(3):
        assert states(api, case_id, key=f"k-{number}", text=f"第{number}次").status == 201
    first = api.get(f"/v1/cases/{case_id}/defences?limit=2", CENTRE).body
    rest = api.get(f"/v1/cases/{case_id}/defences?limit=2&cursor={first['next']}", CENTRE).body
    assert [each["text"] for each in first["items"] + rest["items"]] == ["第0次", "第1次", "第2次"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"text": ""}, "/text", "too_short"),
        ({"text": "x" * 5001}, "/text", "too_long"),
        ({"text": "a\u202eb"}, "/text", "text_format"),
        ({"for_court": "yes"}, "/for_court", "boolean_expected"),
        ({"party_id": "r2"}, "/party_id", "unknown_field"),
    ],
)
def test_a_wrong_statement_is_told_what_is_wrong(
    api: Api, body: dict[str, Any], pointer: str, code: str
) -> None:
    """Nobody states anything in another party's name."""
    answer = states(api, in_mediation(api), **body)
    assert answer.status == 422
    assert [(each["pointer"], each["code"]) for each in answer.body["errors"]] == [(pointer, code)]
