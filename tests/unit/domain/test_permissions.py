"""Who may do what, and on whose cases: the rules behind the table, checked for every role and action."""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import CaseNotFound, HubError, NotPermitted, PolicyNotFound
from chalicelib.domain.permissions import authorise, authorise_on, check_policy_of, may, sees
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.stages import Action
from chalicelib.domain.transitions import TRANSITIONS
from tests.support.atlas import LIMITS, atlas
from tests.support.builders import CASE_ID, attempt, commands_for, context_of, filed, insiders, strangers

PAIRS: Final = list(product(Role, Action))
CHANGES: Final = frozenset({row.action for row in TRANSITIONS})


@pytest.mark.parametrize(("role", "action"), PAIRS)
def test_every_pair_is_decided_the_same_everywhere(role: Role, action: Action) -> None:
    """`may`, `authorise` and, on a visible case, every command of the action agree with the table."""
    permitted = role in action.roles
    case = next(c for c in atlas().states if c.mediator_id and not c.stage.terminal)
    actor = next(a for a in insiders(case) if a.role is role)
    assert sees(actor, case)
    assert may(actor, action) is permitted
    if permitted:
        authorise(actor, action)
    else:
        with pytest.raises(NotPermitted) as refused:
            authorise(actor, action)
        assert (refused.value.role, refused.value.action) == (role, action)
    _commands_agree(actor, action, permitted=permitted)


def _commands_agree(actor: Actor, action: Action, *, permitted: bool) -> None:
    refused, accepted = set(), False
    for case in atlas().states[::7]:
        own = next(a for a in insiders(case) if a.role is actor.role)
        if not sees(own, case):
            continue
        for command in commands_for(case, LIMITS):
            if command.action is action:
                answer = attempt(case, command, context_of(own, case.updated_at))
                refused.add(type(answer))
                accepted |= not isinstance(answer, HubError)
    if action in CHANGES:
        assert (NotPermitted in refused) is not permitted
        assert permitted or not accepted


def test_every_action_is_decided() -> None:
    """No action is without a row, and none is nobody's."""
    assert all(action.roles for action in Action)


@pytest.mark.parametrize(
    "stranger", strangers(filed().case), ids=lambda actor: f"{actor.role}-{actor.subject}"
)
def test_a_strangers_case_does_not_exist(stranger: Actor) -> None:
    """For every action the answer is the one for an unknown case, and nothing is offered."""
    for case in (filed().case, next(c for c in atlas().states if c.mediator_id)):
        assert not sees(stranger, case)
        assert lifecycle.allowed_actions(case, context_of(stranger)) == ()
        for action in Action:
            with pytest.raises(CaseNotFound):
                authorise_on(stranger, action, case)


def test_nobody_is_appointed_to_a_fresh_case() -> None:
    """A mediator or judge without an id does not match a case without one."""
    case = filed().case
    assert (case.mediator_id, case.judge_id) == (None, None)
    for role in (Role.MEDIATOR, Role.JUDGE):
        assert not sees(Actor(role=role, subject="x", court_id=case.court_id), case)


def test_the_hubs_own_acts_are_nobody_elses() -> None:
    """Time limits, receipts and the second hand-over are the hub's alone; it reads nobody's data."""
    assert Action.EXPIRE.roles == Action.RECORD_RECEIPT.roles == {Role.SYSTEM}
    assert Action.RETRANSFER.roles == {Role.SYSTEM}
    assert not any(may(SYSTEM, action) for action in (Action.READ, Action.READ_PARTIES, Action.LIST))


def test_who_watches_changes_nothing() -> None:
    """Judges and operators act on no case, and operators see no party."""
    for role in (Role.JUDGE, Role.OPS):
        assert not any(role in action.roles for action in CHANGES)
    assert Role.OPS not in Action.READ_PARTIES.roles


def test_only_a_court_says_what_a_court_decided() -> None:
    """Docketing, refusal and ruling come from the court; the dossier is for it alone."""
    for action in (
        Action.RECORD_DOCKETING,
        Action.RECORD_REFUSAL,
        Action.RECORD_RULING,
        Action.READ_DOSSIER,
        Action.RECEIVE_CALLBACK,
    ):
        assert action.roles == {Role.COURT}


def test_a_borrower_who_is_two_parties_acts_as_the_same_one_each_time() -> None:
    """The answer does not depend on the order in which a set happens to be walked."""
    entries = [f"{CASE_ID}:r{n}" for n in range(1, 9)]
    twice = Actor(role=Role.BORROWER, subject="b", case_ids=frozenset(entries))
    assert twice.party_in(CASE_ID) == "r1"
    assert twice.party_in("C-000") is None


def test_a_borrower_is_no_party_of_a_case_with_a_longer_id() -> None:
    """Ids are compared whole: "C-1" is not "C-10"."""
    borrower = Actor(role=Role.BORROWER, subject="b", case_ids=frozenset({"C-10:r1"}))
    assert borrower.party_in("C-1") is None
    assert borrower.party_in("C-10") == "r1"


def test_policies_are_read_where_offers_are_made_and_published_by_their_own_bank() -> None:
    """Neither a borrower nor a court reads tiers; another bank's policy does not exist."""
    assert Action.READ_POLICY.roles == {Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE}
    assert Action.PUBLISH_POLICY.roles == {Role.INSTITUTION}
    for role in (Role.MEDIATOR, Role.CENTRE):
        check_policy_of(Actor(role=role, subject="x", court_id="court-1"), "bank-1")
    check_policy_of(Actor(role=Role.INSTITUTION, subject="x", institution_id="bank-1"), "bank-1")
    for stranger in ("bank-2", None):
        with pytest.raises(PolicyNotFound):
            check_policy_of(Actor(role=Role.INSTITUTION, subject="x", institution_id=stranger), "bank-1")
