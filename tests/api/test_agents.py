"""Agents over HTTP: a lawyer's token reaches its party's case, and as far as its authority."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import filing
from tests.support.courses import APPOINTMENT, act, done
from tests.support.deals import identified
from tests.support.fakes.samples import (
    BORROWER_DETAILS,
    CENTRE,
    INSTITUTION,
    INSTITUTION_ID,
    MEDIATOR,
    borrower,
)
from tests.support.http import Api
from tests.support.settling import agrees

AGENTS = [{"name": "林试", "authority": "general"}, {"name": "郑试", "authority": "special"}]


def lawyer(role: Role, place: str) -> Actor:
    """Make an agent of a party of the first case."""
    bank = INSTITUTION_ID if role is Role.INSTITUTION else None
    return Actor(role=role, subject="lawyer-1", institution_id=bank, agent_of=frozenset({f"C-0001:{place}"}))


GENERAL, SPECIAL = (lawyer(Role.BORROWER, f"r1:{agent}") for agent in ("g1", "g2"))
BANK_GENERAL, BANK_SPECIAL = (lawyer(Role.INSTITUTION, f"a1:{agent}") for agent in ("g1", "g2"))


def confirmation(agent_id: str, **more: Any) -> dict[str, Any]:
    """Make the request that confirms an agent of the first respondent."""
    return {"action": "confirm", "party_id": "r1", "agent_id": agent_id, **more}


@pytest.fixture
def api() -> Api:
    """Bring a case into mediation; the debtor has confirmed its agents, one of general authority consents."""
    api = Api()
    body = filing(applicant__agents=AGENTS, respondents__0__agents=[{**a, "name": "吴试"} for a in AGENTS])
    assert api.post("/v1/filings", body, Idempotency_Key="one").status == 201
    api.hub.run()
    for agent in ("g1", "g2"):
        done(act(api, "C-0001", "agents", confirmation(agent), borrower("C-0001")))
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


NAMED = {"name": "吴试", "phone": "13900000007"}


@pytest.fixture
def named() -> Api:
    """File a case in which the bank names two agents of its debtor, and let it be screened."""
    api = Api()
    body = filing(respondents__0__agents=[{**agent, **NAMED} for agent in AGENTS], applicant__agents=AGENTS)
    assert api.post("/v1/filings", body, Idempotency_Key="one").status == 201
    api.hub.run()
    return api


def agents(api: Api, party: int = 1) -> list[tuple[str, bool]]:
    """Return a party's agents as the case shows them, and whether each may act."""
    shown = api.get("/v1/cases/C-0001", CENTRE).body["parties"][party]["agents"]
    return [(each["agent_id"], each["acts"]) for each in shown]


def test_whom_the_bank_names_for_its_debtor_can_do_and_see_nothing_until_the_debtor_confirms(
    named: Api,
) -> None:
    """民法典 165, 171: nobody is an agent by what the opponent says; the bank's own agents act at once."""
    consent = {"party_id": "r1", "given": True, "online": True}
    assert agents(named) == [("g1", False), ("g2", False)]
    assert agents(named, 0) == [("g1", True), ("g2", True)]
    assert named.get("/v1/cases/C-0001", SPECIAL).status == 404
    assert act(named, "C-0001", "consents", consent, SPECIAL).status == 404
    assert act(named, "C-0001", "agents", confirmation("g2"), SPECIAL).status in {403, 404}
    done(act(named, "C-0001", "agents", confirmation("g2"), borrower("C-0001")))
    assert agents(named) == [("g1", False), ("g2", True)]
    assert named.get("/v1/cases/C-0001", GENERAL).status == 404
    done(act(named, "C-0001", "assignment", APPOINTMENT, CENTRE))
    done(act(named, "C-0001", "assignment", {"action": "accept"}, MEDIATOR))
    assert "consent" in named.get("/v1/cases/C-0001", SPECIAL).body["allowed_actions"]
    done(act(named, "C-0001", "consents", consent, SPECIAL))


def test_who_names_an_agent_for_its_opponent_can_not_confirm_it(named: Api) -> None:
    """Nor can the mediator; the centre alone does not either: its record waits for a second one."""
    for actor in (INSTITUTION, MEDIATOR):
        assert act(named, "C-0001", "agents", confirmation("g1"), actor).status in {403, 404, 409}, actor.role
    refused = act(named, "C-0001", "agents", confirmation("g1"), CENTRE)
    assert (refused.status, refused.body["rule"]) == (409, "own_party")
    done(act(named, "C-0001", "agents", confirmation("g1", channel="in_person"), CENTRE))
    assert agents(named)[0] == ("g1", False)
    colleague = replace(CENTRE, subject="centre-2")
    done(act(named, "C-0001", "agents", confirmation("g1", channel="in_person"), colleague))
    assert agents(named)[0] == ("g1", True)


def test_the_debtor_hears_that_somebody_was_named_for_it_and_the_named_one_hears_nothing(
    named: Api,
) -> None:
    """Once the case is screened; no message and no link goes to the telephone that the bank stated."""
    sent = named.hub.gateway.sent.values()
    kinds = {str(each.kind) for each in sent if each.phone == BORROWER_DETAILS.phone}
    assert {"invited", "agent_named"} <= kinds
    assert NAMED["phone"] not in {each.phone for each in sent}


def test_whom_the_debtor_does_not_want_is_gone(named: Api) -> None:
    """It is revoked before it ever acted, and can't be confirmed any more."""
    own = borrower("C-0001")
    done(act(named, "C-0001", "agents", {"action": "revoke", "party_id": "r1", "agent_id": "g1"}, own))
    assert agents(named) == [("g2", False)]
    refused = act(named, "C-0001", "agents", confirmation("g1"), own)
    assert (refused.status, refused.body["rule"]) == (409, "agent_named_by_another")


def test_the_act_is_offered_while_somebody_waits_for_it(named: Api) -> None:
    """To the debtor and to the centre; a bank's own agents need none."""
    own = borrower("C-0001")
    for actor, offered in ((own, True), (CENTRE, True), (INSTITUTION, False), (BANK_SPECIAL, False)):
        shown = named.get("/v1/cases/C-0001", actor).body["allowed_actions"]
        assert ("confirm_agent" in shown) is offered, actor.role
    for agent_id in ("g1", "g2"):
        done(act(named, "C-0001", "agents", confirmation(agent_id), own))
    assert "confirm_agent" not in named.get("/v1/cases/C-0001", own).body["allowed_actions"]


def test_whom_the_bank_names_takes_no_place_of_those_whom_the_debtor_chooses(named: Api) -> None:
    """Two agents act at most, whoever named them (民事诉讼法 61)."""
    own = borrower("C-0001")
    chosen = {"action": "record", "party_id": "r1", "authority": "special", "letter_number": "8"}
    for name in ("林一试", "林二试"):
        done(act(named, "C-0001", "agents", chosen | {"name": name}, own))
    assert agents(named) == [("g1", False), ("g2", False), ("g3", True), ("g4", True)]
    assert "confirm_agent" not in named.get("/v1/cases/C-0001", own).body["allowed_actions"]
    refused = act(named, "C-0001", "agents", confirmation("g1"), own)
    assert (refused.status, refused.body["rule"]) == (409, "two_agents_at_most")
    done(act(named, "C-0001", "agents", {"action": "revoke", "party_id": "r1", "agent_id": "g3"}, own))
    done(act(named, "C-0001", "agents", confirmation("g1"), own))
    assert agents(named) == [("g1", True), ("g2", False), ("g4", True)]


def test_whom_the_bank_named_for_its_debtor_it_can_not_make_its_own_agent(named: Api) -> None:
    """民法典 168, also before the debtor confirms."""
    ours = {"action": "record", "party_id": "a1", "authority": "special", "letter_number": "9"}
    revoked = {"action": "revoke", "party_id": "a1", "agent_id": "g1"}
    done(act(named, "C-0001", "agents", revoked, INSTITUTION))
    refused = act(named, "C-0001", "agents", ours | NAMED, INSTITUTION)
    assert (refused.status, refused.body["rule"]) == (409, "agent_of_one_side")
