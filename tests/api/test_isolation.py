"""Tenants: whatever route, a case of somebody else is the same as a case that does not exist."""

import re
from typing import Any

import pytest

from chalicelib.api.operations import Access, Operation
from chalicelib.api.routes import operations
from chalicelib.api.schemas.settlements import OFFER_EXAMPLE
from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import filing
from tests.support.courses import submitted
from tests.support.deals import SETTLEMENT
from tests.support.http import Answer, Api

STRANGERS = {
    Role.INSTITUTION: Actor(role=Role.INSTITUTION, subject="s", institution_id="bank-9"),
    Role.MEDIATOR: Actor(role=Role.MEDIATOR, subject="s", mediator_id="m-9", court_id="court-jc"),
    Role.CENTRE: Actor(role=Role.CENTRE, subject="s", court_id="court-9"),
    Role.JUDGE: Actor(role=Role.JUDGE, subject="s", judge_id="j-9", court_id="court-jc"),
    Role.COURT: Actor(role=Role.COURT, subject="s", court_id="court-9"),
    Role.OPS: Actor(role=Role.OPS, subject="s", court_id="court-9"),
    Role.DATA_PROTECTION: Actor(role=Role.DATA_PROTECTION, subject="s", court_id="court-9"),
    Role.BORROWER: Actor(role=Role.BORROWER, subject="s", case_ids=frozenset({"C-9999:r1", "C-0001:r9"})),
}
BODIES: dict[str, Any] = {
    "issue": {"party_id": "r1"},
    "revoke": {"party_id": "r1"},
    "writeNote": {"text": "a note"},
    "stateADefence": {"text": "a defence"},
    "sendMessage": {"text": "a message", "thread": "joint"},
    "askOrAdvise": {"text": "a question"},
    "consentToShowDraft": {"document_sha256": "ab" * 32},
    "scheduleASession": {"kind": "video", "starts_at": "2036-03-02T02:00:00Z", "minutes": 60},
    "moveSession": {"kind": "video", "starts_at": "2036-03-02T02:00:00Z", "minutes": 60},
    "cancelSession": None,
    "recordAttendance": {"attendance": [{"party_id": "r1", "came": "online", "identity": "asked"}]},
    "draftMinutes": {"text": "minutes"},
    "requestMinutesCode": None,
    "signMinutes": {"party_id": "r1", "sha256": "a" * 64},
    "setJointThread": {"open": True},
    "markParty": {"party_id": "r1", "need": "dialect"},
    "assign": {"action": "appoint", "mediator_id": "m-1", "judge_id": "j-1"},
    "replaceJudge": {"judge_id": "j-2", "ground": "unable"},
    "replaceMediator": {"mediator_id": "m-2", "ground": "unable"},
    "consent": {"party_id": "r1", "given": True},
    "extend": {"side": "applicant", "days": 5},
    "offer": OFFER_EXAMPLE,
    "preview": {"schedule": OFFER_EXAMPLE["schedule"]},
    "answer": {"side": "respondent", "reply": "accepted"},
    "conclude": SETTLEMENT,
    "sendSigningCode": {"party_id": "a1"},
    "sign": {"party_id": "a1", "document_sha256": "ab" * 32, "code": "123456"},
    "refuseSigning": {"party_id": "a1"},
    "repay": {"reference": "PAY-1", "on": "2026-03-02", "amount": "1.00"},
    "reverse": {"reference": "PAY-1"},
    "applyForConfirmation": {"side": "applicant", "party_id": "a1"},
    "mediateAgain": {},
    "enforce": {},
    "fail": {"reason": "other"},
    "raiseObjection": {"party_id": "r1", "act": 7},
    "decideOnObjection": {"reason": "not_said"},
    "checkIdentity": {"party_id": "r1", "how": "video"},
    "endMediation": {"party_id": "r1"},
    "challenge": {"party_id": "r1", "ground": "near_relative"},
    "disclose": {"mediator_id": "m-1", "ground": "other_relation", "text": "旧相识。"},
    "waive": {"party_id": "r1", "mediator_id": "m-1", "ground": "other_relation"},
    "decideOnChallenge": {"reason": "not_shown"},
    "withdraw": {},
    "transfer": {"insists": True},
    "makeCaseDocument": {"kind": "calculation"},
    "correctParty": {"party_id": "r1", "reason": "changed_since", "name": "张更正"},
    "changeAgents": {"action": "revoke", "party_id": "r1", "agent_id": "g1"},
    "correct": {"parties": [filing()["respondents"][0] | {"party_id": "r1"}]},
}
ASSIGNS: dict[Role, Any] = {
    Role.MEDIATOR: {"action": "accept"},
    Role.INSTITUTION: {"action": "choose", "party_id": "a1", "mediator_id": "m-1"},
    Role.BORROWER: {"action": "choose", "party_id": "r1", "mediator_id": "m-1"},
}
"""What a role other than the centre may do to a case's assignment."""
ABOUT_ONE_CASE = [
    operation
    for operation in operations()
    if "{case_id}" in operation.path or "{transfer_id}" in operation.path
]


def at(operation: Operation) -> str:
    """Put some id in each place of a path."""
    return re.sub(r"\{[a-z_]+\}", "C-1", operation.path)


def permitted(operation: Operation) -> set[Role]:
    return {role for action in operation.actions for role in action.roles} - {Role.SYSTEM}


def ask(api: Api, operation: Operation, actor: Actor, case_id: str) -> Answer:
    url = operation.path.format(
        case_id=case_id,
        transfer_id=f"{case_id}-T1",
        document_id="complaint",
        session_id="0" * 32,
        number=1,
    )
    if operation.method == "GET":
        asked = "?purpose=serve_papers" if "purpose" in operation.query_parameters else ""
        return api.get(url + asked, actor)
    version = {"If_Match": '"1"'} if operation.takes("if_match") else {}
    if operation.takes("idempotency_key"):
        version["Idempotency_Key"] = "k-1"
    body = BODIES[operation.name]
    if operation.name == "assign":
        body = ASSIGNS.get(actor.role, body)
    return api.post(url, body, actor, **version)


def without_ids(answer: Answer) -> str:
    return re.sub(r'"request_id":"[^"]+"', "", answer.raw.decode())


@pytest.mark.parametrize("operation", ABOUT_ONE_CASE, ids=lambda operation: operation.name)
def test_another_tenants_case_is_no_case(operation: Operation) -> None:
    """For every role that may call the route: 404, byte for byte as for an id nobody uses, and no change."""
    api = Api()
    case_id = submitted(api)
    before = api.hub.cases.get(case_id)
    for role in sorted(permitted(operation)):
        theirs = ask(api, operation, STRANGERS[role], case_id)
        nobodys = ask(api, operation, STRANGERS[role], "C-8888")
        assert theirs.status == 404, f"{role}: {theirs.raw.decode()}"
        assert without_ids(theirs) == without_ids(nobodys)
    assert api.hub.cases.get(case_id) == before


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_a_role_without_the_permission_is_refused_before_anything_is_read(operation: Operation) -> None:
    """403 for a case that exists and for one that doesn't alike."""
    if operation.access is not Access.TOKEN or not operation.actions:
        return
    api = Api()
    for role in set(STRANGERS) - permitted(operation):
        url = at(operation)
        actor = STRANGERS[role]
        answer = api.get(url, actor) if operation.method == "GET" else api.post(url, {}, actor)
        assert (answer.status, answer.code, answer.body["role"]) == (403, "not_permitted", role)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_nobody_gets_in_without_proof(operation: Operation) -> None:
    """Who reads no public page wants a token or a signature; a bent context is no proof.

    Whoever applies without an account is judged by what it sends: nothing gets it nothing.
    """
    api = Api()
    url = at(operation)
    for context in (None, {"role": "system", "subject": "hub"}, {"role": "institution", "subject": "s"}):
        headers = {"Content-Type": "application/json"}
        answer = api.request(operation.method, url, context, "{}", headers)
        if operation.access is Access.OPEN and operation.takes("body"):
            assert answer.code in {"invalid_input", "idempotency_key_required"}
        else:
            assert answer.status == (200 if operation.access is Access.OPEN else 401)


def test_lists_and_searches_show_a_tenants_own(api_with_case: tuple[Api, str]) -> None:
    """A stranger's list is empty, whatever its role."""
    api, _ = api_with_case
    for role in (Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE, Role.JUDGE, Role.COURT, Role.OPS):
        assert api.get("/v1/cases", STRANGERS[role]).body == {"items": [], "unreadable": [], "next": None}


@pytest.fixture
def api_with_case() -> tuple[Api, str]:
    api = Api()
    return api, submitted(api)
