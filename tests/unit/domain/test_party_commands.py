"""Corrections and agents: any number of them, in any order, among other acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Correct
from chalicelib.domain.errors import HubError, RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import (
    PartyDetails,
    acts_for_another_side,
    held_by_another,
    numbered_as,
    with_agent,
    without_agent,
)
from chalicelib.domain.party_commands import ConfirmAgent, CorrectDetails, RecordAgent, RevokeAgent
from chalicelib.domain.permissions import own_parties, sees, within_authority
from chalicelib.domain.reasons import CorrectionReason
from chalicelib.domain.representatives import Authority, Mandate, Representative, RepresentativeKind
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.second_record import fingerprint, for_code
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.transitions import TRANSITIONS
from tests.support.builders import attempt, commands_for, context_of, details_of, filed, insiders, party
from tests.support.examples import examples

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.commands import Command

WHY = CorrectionReason.FOUND_ON_CHECKING
OPEN = {
    "filed",
    "screened",
    "assigned",
    "in_mediation",
    "settled",
    "performing",
    "defaulted",
    "unresolved",
    "transferring",
    "submitted",
    "returned",
    "corrected",
}
"""Every stage that is not the end of a case."""


@pytest.fixture
def case() -> Case:
    """File a case against two."""
    return filed("a1", "r1", "r2").case


def by(case: Case, role: Role, subject: str = "") -> Actor:
    """Return the case's actor of a role, or somebody else of that role."""
    actor = next(actor for actor in insiders(case) if actor.role is role)
    return replace(actor, subject=subject or actor.subject)


@pytest.mark.parametrize("action", ["correct_details", "record_agent", "confirm_agent", "revoke_agent"])
def test_parties_can_change_at_every_open_stage_and_the_case_stays_where_it_is(action: str) -> None:
    rows = [row for row in TRANSITIONS if row.action == action]
    assert {str(row.source) for row in rows} == OPEN
    assert all(row.target is row.source and not row.renews and row.dispatches is None for row in rows)


def test_only_another_phone_leaves_a_mark_on_the_party(case: Case) -> None:
    """Who put it there and since which version; nothing else of the case changes."""
    for fields, set_by in ((("name", "address"), None), (("name", "phone"), "centre-1")):
        command = CorrectDetails(party_id="r1", fields=fields, reason=WHY)
        after = lifecycle.apply(case, command, context_of(by(case, Role.CENTRE))).case
        (_, corrected, other) = after.parties
        assert (corrected.phone_set_by, corrected.phone_since) == (set_by, 2 if set_by else None)
        assert other == case.parties[2]
        assert (
            replace(
                after,
                parties=case.parties,
                version=1,
                sequence=1,
                last_event_hash=case.last_event_hash,
            )
            == case
        )


def named_by_the_bank(case: Case) -> Case:
    """Return a case whose bank named two agents for the first respondent."""
    mandates = tuple(Mandate(agent_id=f"g{n}", authority=Authority.SPECIAL, confirmed=False) for n in (1, 2))
    parties = (replace(p, agents=mandates) if p.party_id == "r1" else p for p in case.parties)
    return replace(case, parties=tuple(parties))


def _check_by_whose_word(before: Case, after: Case, context: Context) -> None:
    """Check that an agent gets to act by its party, or by the centre with a second record, and else not."""
    for was, now in zip(before.parties, after.parties, strict=True):
        if {each.agent_id for each in now.acting_agents} <= {each.agent_id for each in was.acting_agents}:
            continue
        role, side = context.actor.role, str(now.side)
        own = (role, side) in {(Role.INSTITUTION, "applicant"), (Role.BORROWER, "respondent")}
        recorded = role is Role.CENTRE and context.channel is Channel.IN_PERSON
        assert own or (recorded and context.code_verified)


@settings(max_examples=examples(60))
@given(data=st.data())
def test_whatever_is_changed_in_whatever_order_a_token_never_fits_another_agent(data: st.DataObject) -> None:
    """Any actor, any command: an id that was revoked is never given again, and nobody has three agents."""
    case, revoked = named_by_the_bank(filed("a1", "r1").case), set[tuple[str, str]]()
    met: dict[tuple[str, str], Authority] = {}
    for _ in range(data.draw(st.integers(1, 25), "acts")):
        actor = data.draw(st.sampled_from(insiders(case)), "actor")
        several = [
            each
            for each in commands_for(case, context_of().limits)
            if each.action
            in {
                Action.RECORD_AGENT,
                Action.CONFIRM_AGENT,
                Action.REVOKE_AGENT,
                Action.CORRECT_DETAILS,
                Action.SCREEN,
            }
        ]
        command = data.draw(st.sampled_from(several), "command")
        if isinstance(command, RecordAgent):
            command = replace(command, authority=data.draw(st.sampled_from(Authority), "authority"))
        channel = data.draw(st.sampled_from(Channel), "channel")
        context = replace(
            context_of(actor, case.updated_at + timedelta(minutes=1), channel=channel),
            code_verified=data.draw(st.booleans(), "code"),
        )
        answer = attempt(case, command, context)
        if isinstance(answer, HubError):
            continue
        now = {(p.party_id, a.agent_id): a.authority for p in answer.case.parties for a in p.agents}
        before = {(p.party_id, a.agent_id) for p in case.parties for a in p.agents}
        revoked |= before - now.keys()
        assert not revoked & now.keys()
        assert all(len(p.acting_agents) <= 2 for p in answer.case.parties)
        _check_by_whose_word(case, answer.case, context)
        assert all(met.setdefault(place, authority) is authority for place, authority in now.items())
        assert {p.party_id for p in answer.case.parties} == {"a1", "r1"}
        case = answer.case


@pytest.mark.parametrize("stage", [stage for stage in Stage if not stage.terminal])
def test_an_agent_reaches_what_its_authority_does_from_its_record_to_its_revocation(
    case: Case, stage: Stage
) -> None:
    """At each open stage, and not a moment longer."""
    case = replace(case, stage=stage)
    actor = Actor(role=Role.BORROWER, subject="lawyer", agent_of=frozenset({f"{case.case_id}:r1:g1"}))
    assert not sees(actor, case)
    record = RecordAgent(party_id="r1", authority=Authority.GENERAL, letter_number="8")
    own = context_of(by(case, Role.BORROWER))
    recorded = lifecycle.apply(case, record, own).case
    assert sees(actor, recorded)
    assert within_authority(actor, Action.CONSENT, recorded)
    assert not within_authority(actor, Action.SIGN, recorded)
    assert own_parties(recorded, actor) == frozenset()
    revoked = lifecycle.apply(recorded, RevokeAgent(party_id="r1", agent_id="g1"), own).case
    assert not sees(actor, revoked)


def test_whom_the_bank_named_reaches_the_case_from_the_confirmation_on(case: Case) -> None:
    """Not by a link either; who is named beside it still doesn't."""
    case = named_by_the_bank(case)
    g1, g2 = (
        Actor(role=Role.BORROWER, subject="lawyer", agent_of=frozenset({f"{case.case_id}:r1:{each}"}))
        for each in ("g1", "g2")
    )
    own = context_of(by(case, Role.BORROWER))
    assert (sees(g1, case), sees(g2, case)) == (False, False)
    assert lifecycle.allowed_actions(case, context_of(g1)) == ()
    assert Action.CONFIRM_AGENT in lifecycle.allowed_actions(case, own)
    after = lifecycle.apply(case, ConfirmAgent(party_id="r1", agent_id="g1"), own).case
    assert (sees(g1, after), sees(g2, after)) == (True, False)
    assert [each.confirmed for each in after.parties[1].agents] == [True, False]
    again = attempt(after, ConfirmAgent(party_id="r1", agent_id="g1"), own)
    assert isinstance(again, RuleViolated)
    assert again.rule == "agent_named_by_another"
    # The other respondent has nobody to confirm.
    other = Actor(role=Role.BORROWER, subject="x", case_ids=frozenset({f"{case.case_id}:r2"}))
    assert Action.CONFIRM_AGENT not in lifecycle.allowed_actions(case, context_of(other))


def test_a_code_to_an_earlier_number_fits_nothing_any_more(case: Case) -> None:
    """Each correction of the phone gives the party's codes another purpose; other parties' stay."""
    centre, purposes = context_of(by(case, Role.CENTRE)), []
    for _ in range(3):
        purposes.append(for_code(case, "r1", "document"))
        assert for_code(case, "r2", "document") == "document"
        correct = CorrectDetails(party_id="r1", fields=("phone",), reason=WHY)
        case = lifecycle.apply(case, correct, centre).case
    assert purposes[0] == "document"
    assert len(set(purposes)) == 3


def test_a_second_record_is_about_the_same_agent(case: Case) -> None:
    """Of another letter, authority or party it is another act."""
    first = RecordAgent(party_id="r1", authority=Authority.GENERAL, letter_number="8")
    others: list[Command] = [
        replace(first, letter_number="9"),
        replace(first, authority=Authority.SPECIAL),
        replace(first, party_id="r2"),
        RevokeAgent(party_id="r1", agent_id="g1"),
        RevokeAgent(party_id="r1", agent_id="g2"),
    ]
    assert len({fingerprint(case, each) for each in [first, *others]}) == 6
    assert fingerprint(case, replace(first)) == fingerprint(case, first)


def test_an_agent_keeps_its_number_when_another_is_revoked() -> None:
    """The next one gets a number that nobody has had, from records of earlier releases as well."""
    mandates = tuple(Mandate(agent_id=f"g{n}", authority=Authority.GENERAL) for n in (1, 2))
    represented = replace(party("r1"), agents=mandates)
    left = without_agent(represented, "g2")
    assert [agent.agent_id for agent in left.agents] == ["g1"]
    assert [agent.agent_id for agent in with_agent(left, Authority.SPECIAL).agents] == ["g1", "g3"]
    assert with_agent(party("r1"), Authority.SPECIAL).agents == (
        Mandate(agent_id="g1", authority=Authority.SPECIAL),
    )


def agent(name: str = "林试", phone: str | None = None, agent_id: str | None = None) -> Representative:
    """Make an agent."""
    return Representative(kind=RepresentativeKind.AGENT, name=name, phone=phone, agent_id=agent_id)


def test_an_agent_is_known_on_the_other_side_by_name_and_phone() -> None:
    """On its own side it may act for several; a relative of the same name is no agent."""
    parties = [party("a1"), party("r1"), party("r2")]
    relative = Representative(kind=RepresentativeKind.RELATIVE, name="李试", relation="配偶")
    details = [
        replace(details_of("a1"), representatives=(agent(phone="1"),)),
        replace(details_of("r1"), representatives=(relative,)),
        details_of("r2"),
    ]
    assert acts_for_another_side(parties, details, "r2", agent(phone="1"))
    assert not acts_for_another_side(parties, details, "r2", agent(phone="2"))
    assert not acts_for_another_side(parties, details, "a1", agent(phone="1"))
    assert not acts_for_another_side(parties, details, "a1", agent("李试"))


@pytest.mark.parametrize(
    ("known", "other", "same"),
    [
        ({"phone": "1", "firm": "甲所"}, {"phone": "2", "firm": "甲所"}, True),
        ({"phone": "1", "letter_number": "授1"}, {"phone": "2", "letter_number": "授1"}, True),
        ({"phone": "1", "firm": "甲所"}, {"phone": "2", "firm": "乙所"}, False),
        ({"phone": "1"}, {"phone": "2"}, False),
        ({"phone": "1", "firm": "甲所"}, {"phone": "2", "firm": "甲所", "name": "郑试"}, False),
    ],
)
def test_another_phone_makes_no_other_lawyer(
    known: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    """Who has the same name and firm, or the same letter of authority, is the same person."""
    details = [replace(details_of("a1"), representatives=(replace(agent(), **known),)), details_of("r1")]
    found = acts_for_another_side([party("a1"), party("r1")], details, "r1", replace(agent(), **other))
    assert found is same


def test_a_number_is_one_partys() -> None:
    """A party's own number is no other's."""
    details = [details_of("a1"), details_of("r1")]
    assert not held_by_another(details, details[1])
    assert held_by_another(details, replace(details[1], id_number=details[0].id_number))


def test_corrected_agents_have_the_numbers_of_the_case() -> None:
    """A court's return is answered with whole parties, whose agents are numbered from one."""
    known = replace(party("r1"), agents=(Mandate(agent_id="g3", authority=Authority.SPECIAL),))
    relative = Representative(kind=RepresentativeKind.RELATIVE, name="李试", relation="配偶")
    given_ = replace(details_of("r1"), representatives=(agent(agent_id="g1"), relative))
    assert [each.agent_id for each in numbered_as(known, given_).representatives] == ["g3", None]
    assert isinstance(numbered_as(known, given_), PartyDetails)


def test_a_correction_without_anything_is_none(case: Case) -> None:
    """Neither of the court's kind nor of this one."""
    context = context_of(by(case, Role.INSTITUTION))
    for command in (CorrectDetails(party_id="r1", fields=(), reason=WHY), Correct()):
        assert isinstance(attempt(case, command, context), HubError)
