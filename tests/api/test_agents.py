"""Agents over HTTP: a lawyer's token reaches its party's case, and as far as its authority."""

from typing import Any

import pytest

from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import filing
from tests.support.courses import APPOINTMENT, act, done
from tests.support.deals import identified
from tests.support.fakes.samples import CENTRE, INSTITUTION_ID, MEDIATOR
from tests.support.http import Api
from tests.support.settling import agrees

AGENTS = [{"name": "林试", "authority": "general"}, {"name": "郑试", "authority": "special"}]


def lawyer(role: Role, place: str) -> Actor:
    """Make an agent of a party of the first case."""
    bank = INSTITUTION_ID if role is Role.INSTITUTION else None
    return Actor(role=role, subject="lawyer-1", institution_id=bank, agent_of=frozenset({f"C-0001:{place}"}))


GENERAL, SPECIAL = (lawyer(Role.BORROWER, f"r1:{agent}") for agent in ("g1", "g2"))
BANK_GENERAL, BANK_SPECIAL = (lawyer(Role.INSTITUTION, f"a1:{agent}") for agent in ("g1", "g2"))


@pytest.fixture
def api() -> Api:
    """Bring a case into mediation, for whose debtor an agent with general authority consents."""
    api = Api()
    body = filing(applicant__agents=AGENTS, respondents__0__agents=[{**a, "name": "吴试"} for a in AGENTS])
    assert api.post("/v1/filings", body, Idempotency_Key="one").status == 201
    api.hub.run()
    done(act(api, "C-0001", "assignment", APPOINTMENT, CENTRE))
    done(act(api, "C-0001", "assignment", {"action": "accept"}, MEDIATOR))
    done(act(api, "C-0001", "consents", {"party_id": "r1", "given": True, "online": True}, GENERAL))
    return api


OFFER: dict[str, Any] = {
    "tier": "lump_sum",
    "schedule": {"kind": "lump_sum", "by": "2026-03-12"},
    "valid_days": 3,
}


@pytest.mark.parametrize(
    ("general", "special", "side"),
    [(GENERAL, SPECIAL, "respondent"), (BANK_GENERAL, BANK_SPECIAL, "applicant")],
)
def test_only_special_authority_settles(api: Api, general: Actor, special: Actor, side: str) -> None:
    """What is refused names the rule, and is offered to nobody who may not."""
    offered = "offer" in api.get("/v1/cases/C-0001", general).body["allowed_actions"]
    refused = act(api, "C-0001", "offers", OFFER | {"side": side}, general)
    assert (offered, refused.status, refused.body["rule"]) == (False, 409, "within_authority")
    assert "offer" in api.get("/v1/cases/C-0001", special).body["allowed_actions"]
    assert act(api, "C-0001", "offers", OFFER | {"side": side}, special).status == 200


def test_an_agent_signs_for_its_own_party_with_the_partys_code(api: Api) -> None:
    """The code goes to the party's phone; the agent signs for nobody else."""
    agrees(api.hub, "C-0001")
    identified(api, "C-0001")
    refused = api.post("/v1/cases/C-0001/signing-codes", {"party_id": "r1"}, GENERAL)
    assert (refused.status, refused.body["rule"]) == (409, "within_authority")
    assert api.post("/v1/cases/C-0001/signing-codes", {"party_id": "r1"}, SPECIAL).status == 202
    other = api.post("/v1/cases/C-0001/signing-codes", {"party_id": "a1"}, SPECIAL)
    assert (other.status, other.body["rule"]) == (409, "own_party")


def test_a_banks_lawyer_is_not_the_bank(api: Api) -> None:
    """It files nothing, lists nothing, looks up nobody, and doesn't see the bank's other cases."""
    assert (
        api.post("/v1/filings", filing(contract_number="B"), BANK_SPECIAL, Idempotency_Key="b").status == 403
    )
    assert api.get("/v1/cases", BANK_SPECIAL).status == 403
    assert api.post("/v1/case-searches", {"id_number": "11010519491231002X"}, BANK_SPECIAL).status == 403
    assert api.post("/v1/filings", filing(contract_number="C"), Idempotency_Key="c").status == 201
    assert api.get("/v1/cases/C-0002", BANK_SPECIAL).status == 404
    assert api.get("/v1/cases/C-0001", BANK_SPECIAL).status == 200


def test_an_act_of_an_agent_sent_again_is_answered_as_done(api: Api) -> None:
    """Known by the agent, not by the party: the party's own is another act."""
    body = OFFER | {"side": "respondent"}
    version = f'"{api.hub.cases.get("C-0001").version}"'
    first = api.post("/v1/cases/C-0001/offers", body, SPECIAL, If_Match=version)
    again = api.post("/v1/cases/C-0001/offers", body, SPECIAL, If_Match=version)
    assert (first.status, again.status) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    another = lawyer(Role.BORROWER, "r1:g1")
    assert api.post("/v1/cases/C-0001/offers", body, another, If_Match=version).status in {409, 412}
