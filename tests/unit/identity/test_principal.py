"""From claims to an actor, and through API Gateway's context and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.identity import Principal, Refusal, Unauthorized, actor_from_context
from chalicelib.adapters.identity.principal import actor_from_claims
from chalicelib.domain.roles import Actor, Role
from tests.unit.identity.support import BORROWER, EVERYONE, INSTITUTION, MEDIATOR

_ID = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
_CASES = st.lists(st.builds("{}:{}".format, _ID, _ID), min_size=1, max_size=50)
_KEYS = {
    "subject", "role", "institution_id", "mediator_id", "judge_id", "court_id", "case_ids", "agent_of",
    "let_in_by", "issuer",
}  # fmt: skip
_ACTORS = {
    Role.INSTITUTION: Actor(role=Role.INSTITUTION, subject="bank-client", institution_id="bank-1"),
    Role.MEDIATOR: Actor(role=Role.MEDIATOR, subject="m-1", mediator_id="m-1", court_id="court-1"),
    Role.CENTRE: Actor(role=Role.CENTRE, subject="c-1", court_id="court-1"),
    Role.JUDGE: Actor(role=Role.JUDGE, subject="j-1", judge_id="j-1", court_id="court-1"),
    Role.COURT: Actor(role=Role.COURT, subject="court-system", court_id="court-1"),
    Role.BORROWER: Actor(role=Role.BORROWER, subject="b-1", case_ids=frozenset({"case-1:r1", "case-2:r2"})),
    Role.OPS: Actor(role=Role.OPS, subject="o-1", court_id="court-1"),
    Role.DATA_PROTECTION: Actor(role=Role.DATA_PROTECTION, subject="d-1", court_id="court-1"),
}


@pytest.mark.parametrize("claims", EVERYONE, ids=lambda claims: str(claims["role"]))
def test_each_role_gets_its_own_ids_and_no_others(claims: dict[str, Any]) -> None:
    """A token full of other roles' claims yields the same actor as one without them."""
    everything = {**{name: value for other in EVERYONE for name, value in other.items()}, **claims}
    assert actor_from_claims(claims) == actor_from_claims(everything) == _ACTORS[Role(claims["role"])]


AGENTS = [
    {"role": "institution", "sub": "lawyer-1", "institution_id": "bank-1", "agent_of": ["case-1:a1:g1"]},
    {"role": "borrower", "sub": "lawyer-2", "agent_of": ["case-1:r1:g1", "case-2:r2:g2"]},
]


@pytest.mark.parametrize("claims", AGENTS, ids=lambda claims: str(claims["role"]))
def test_an_agents_token_names_case_party_and_agent(claims: dict[str, Any]) -> None:
    """It is the agent's alone, whatever else it claims to be, and comes back from the context."""
    actor = actor_from_claims({**claims, "case_ids": ["case-9:r1"]})
    assert (actor.agent_of, actor.case_ids) == (frozenset(claims["agent_of"]), frozenset())
    assert actor_from_context(Principal(actor=actor, issuer="i").context) == actor
    party, agent = claims["agent_of"][0].split(":")[1:]
    assert (actor.party_in("case-1"), actor.agent_in("case-1")) == (party, agent)
    assert (actor.party_in("case-9"), actor.agent_in("case-9")) == (None, None)


@pytest.mark.parametrize("bad", [[], "case-1:a1:g1", ["case-1:a1"], ["case-1:a1:"], ["a:b:c:d"], [7], {}])
@pytest.mark.parametrize("claims", AGENTS, ids=lambda claims: str(claims["role"]))
def test_an_agents_claim_is_right_or_refused(claims: dict[str, Any], bad: object) -> None:
    """A slip must not turn a lawyer's token into a whole bank's."""
    with pytest.raises(Unauthorized) as caught:
        actor_from_claims({**claims, "agent_of": bad})
    assert caught.value.reason is Refusal.ROLE_CLAIM_MALFORMED


def test_only_parties_have_agents() -> None:
    """Of any other role the claim is dropped, like those of other roles."""
    assert actor_from_claims({**MEDIATOR, "agent_of": ["case-1:a1:g1"]}) == _ACTORS[Role.MEDIATOR]


def test_every_role_but_system_can_come_from_a_token() -> None:
    """The examples above cover the whole enum, so a new role needs its claims decided."""
    assert set(_ACTORS) == set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize("claims", EVERYONE, ids=lambda claims: str(claims["role"]))
def test_each_of_a_roles_claims_is_required(claims: dict[str, Any]) -> None:
    """Leaving out any one of them refuses the token."""
    for name in claims:
        with pytest.raises(Unauthorized):
            actor_from_claims({key: value for key, value in claims.items() if key != name})


@pytest.mark.parametrize(
    "bad", ["", " ", "a,b", "a#b", "a/b", "-a", "a b", "a\n", "贷款", "a" * 65, 7, None, ["a"]]
)
def test_an_id_must_be_well_formed(bad: object) -> None:
    """What could break a storage key, a context or a log line is no id."""
    for claims, name in ((INSTITUTION, "institution_id"), (MEDIATOR, "mediator_id"), (MEDIATOR, "court_id")):
        with pytest.raises(Unauthorized) as caught:
            actor_from_claims({**claims, name: bad})
        assert caught.value.reason is Refusal.ROLE_CLAIM_MALFORMED


@pytest.mark.parametrize(
    "bad",
    [
        None, 7, "case-1:r1", {"case-1:r1": 1}, [], ["case-1"], ["case-1:r1", "case-2"],
        ["case-1:r1,case-2:r1"], [7], ["a:b:c"], [f"case-{number}:r1" for number in range(51)],
    ],
)  # fmt: skip
def test_a_borrowers_cases_must_be_a_list_of_parties(bad: object) -> None:
    """One to fifty entries of `<case_id>:<party_id>`, each well-formed."""
    with pytest.raises(Unauthorized) as caught:
        actor_from_claims({**BORROWER, "case_ids": bad})
    assert caught.value.reason is Refusal.ROLE_CLAIM_MALFORMED


@given(st.sampled_from(EVERYONE), _ID, _CASES)
def test_the_context_carries_the_actor_whole(claims: dict[str, Any], an_id: str, cases: list[str]) -> None:
    """Strings only, always the same keys, and the same actor at the other end."""
    varied = {name: an_id if name.endswith("_id") else value for name, value in claims.items()}
    actor = actor_from_claims({**varied, "case_ids": cases})
    context = Principal(actor=actor, issuer="https://issuer.example").context
    assert set(context) == _KEYS
    assert {type(value) for value in context.values()} == {str}
    assert actor_from_context({**context, "principalId": "x", "integrationLatency": 7}) == actor


@given(st.dictionaries(st.sampled_from(sorted(_KEYS)), st.none() | st.integers() | st.text()))
def test_a_context_nobody_wrote_is_refused(context: dict[str, object]) -> None:
    """A route without an authorizer, or a malformed context, fails closed."""
    with pytest.raises(Unauthorized):
        actor_from_context(context)


def test_system_never_comes_through_the_context() -> None:
    """The hub's own actor can't be impersonated from outside."""
    context = Principal(actor=_ACTORS[Role.COURT], issuer="https://issuer.example").context
    with pytest.raises(Unauthorized) as caught:
        actor_from_context({**context, "role": "system"})
    assert caught.value.reason is Refusal.ROLE_REFUSED
