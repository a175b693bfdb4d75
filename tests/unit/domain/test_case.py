"""The case in single stories: what a command changes, what refuses it, and what it leaves alone."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given

from chalicelib.domain import lifecycle
from chalicelib.domain.case import Case
from chalicelib.domain.claim import WayIn
from chalicelib.domain.commands import (
    Accept,
    Appoint,
    Correct,
    Decline,
    Extend,
    Fail,
    GiveConsent,
    RefuseConsent,
    Retransfer,
    Screen,
)
from chalicelib.domain.confirmation_commands import RecordApplicationReceipt
from chalicelib.domain.court_commands import Expire, RecordReceipt
from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import DeclineReason, FailureReason
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.settlement_commands import AcceptOffer, Sign
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Dispatch, Transfer, dispatch_of
from tests.support.atlas import LIMITS, atlas
from tests.support.builders import (
    CASE_ID,
    FILER,
    START,
    claim_of,
    context_of,
    details_of,
    filed,
    filing_of,
    filings,
    insiders,
    instants,
)

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.commands import Command, FileDispute

OTHERS_REASONS: Final = {
    FailureReason.TIME_LIMIT,
    FailureReason.CONSENT_SILENCE,
    FailureReason.AGREEMENT_DEFAULTED,
    FailureReason.CONFIRMATION_REJECTED,
}


def actor(case: Case, role: Role) -> Actor:
    """Return the case's own actor of a role."""
    return next(a for a in insiders(case) if a.role is role)


def act(case: Case, command: Command, role: Role = Role.SYSTEM, **how: Any) -> Case:
    """Apply a command, a minute after the last."""
    at = how.pop("at", case.updated_at + timedelta(minutes=1))
    return lifecycle.apply(case, command, context_of(actor(case, role), at, limits=LIMITS, **how)).case


def in_stage(stage: Stage, **fields: Any) -> Case:
    """Return a state of the atlas in this stage with these field values."""
    return next(
        case
        for case in atlas().states
        if case.stage is stage and all(getattr(case, name) == value for name, value in fields.items())
    )


@given(filings, instants)
def test_filing_opens_a_case_in_which_the_institution_has_consented(
    filing: FileDispute, at: datetime
) -> None:
    """The first event is the filing; the applicants' consent is the filing itself (TY11)."""
    change = lifecycle.file(filing, CASE_ID, context_of(FILER, at, channel=Channel.IN_PERSON))
    case, event = change.case, change.event
    assert (case.stage, case.step, case.version, case.entered_at_version) == (
        Stage.FILED,
        Step.SCREENING,
        1,
        1,
    )
    assert case.consents == case.applicant_ids
    assert (case.uniqueness, case.claim, case.parties) == (
        (filing.institution_id, case.uniqueness[1], filing.instalment_scope),
        filing.claim,
        filing.parties,
    )
    assert (event.type, event.role, event.channel) == (
        EventType.CASE_FILED,
        Role.INSTITUTION,
        Channel.IN_PERSON,
    )
    assert event.facts["claim_total"] == str(filing.claim.total)
    assert case.deadline is not None
    assert case.deadline > at == case.filed_at == case.updated_at
    assert change.records == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"parties": filing_of("a1", "r1").parties[:1], "details": (details_of("a1"),)}, "either side"),
        ({"parties": filing_of("a1", "r1").parties[1:], "details": (details_of("r1"),)}, "either side"),
        ({"details": (details_of("a1"),)}, "details"),
        ({"details": (details_of("a1"), details_of("r1"), details_of("r2"))}, "details"),
        ({"parties": (*filing_of("a1", "r1").parties, filing_of("a1", "r1").parties[1])}, "id of its own"),
    ],
)
def test_a_filing_that_no_dossier_could_be_made_of_is_refused(change: dict[str, Any], why: str) -> None:
    """One party at least on either side, ids once each, details for all of them and nobody else."""
    with pytest.raises(ValueError, match=why):
        replace(filing_of("a1", "r1"), **change)


def test_a_party_may_refuse_the_mediation_after_it_consented() -> None:
    """Consent binds nobody before mediation begins; refusing the appointee is refusing too (TY12)."""
    case = act(filed().case, GiveConsent(party_id="r1", online=True), Role.BORROWER)
    case = act(act(case, Screen()), Appoint(mediator_id="m1", judge_id="j1"), Role.CENTRE)
    refused = act(case, RefuseConsent(party_id="r1"), Role.BORROWER)
    assert (refused.stage, refused.failure) == (Stage.UNRESOLVED, FailureReason.PARTY_REFUSES)


def test_a_party_that_has_consented_or_signed_is_not_asked_again() -> None:
    """The action is no longer offered to it, while others still see it."""
    case = act(filed("a1", "r1", "r2").case, GiveConsent(party_id="r1", online=True), Role.BORROWER)
    first, second = (a for a in insiders(case) if a.role is Role.BORROWER)
    assert Action.CONSENT not in lifecycle.allowed_actions(case, context_of(first))
    assert Action.CONSENT in lifecycle.allowed_actions(case, context_of(second))
    with pytest.raises(RuleViolated, match="consent_is_new"):
        act(case, GiveConsent(party_id="r1", online=True), Role.BORROWER)


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.CENTRE])
def test_others_record_a_partys_word_only_if_given_in_person(role: Role) -> None:
    """Nobody consents or signs for somebody else over the wire; the trip is counted by its channel."""
    case = in_stage(Stage.SETTLED, signatures=frozenset())
    with pytest.raises(RuleViolated, match="own_party"):
        act(case, Sign(party_id="r1"), role)
    with pytest.raises(RuleViolated, match="own_party"):
        act(case, Sign(party_id="a1"), role, channel=Channel.IN_PERSON)
    recorded = act(case, Sign(party_id="r1"), role, channel=Channel.IN_PERSON)
    assert [(each.action, each.party_id) for each in recorded.pending] == [("sign", "r1")]
    assert recorded.signatures == frozenset()


def test_an_extension_needs_every_party_and_the_same_days() -> None:
    """Another number is a counter-proposal; it extends when all have agreed, each for itself."""
    case = in_stage(Stage.IN_MEDIATION, extension=None, extended_days=0)
    case = act(case, Extend(side=Side.APPLICANT, days=2), Role.INSTITUTION)
    case = act(case, Extend(side=Side.APPLICANT, days=2), Role.INSTITUTION)
    assert case.extended_days == 0
    case = act(case, Extend(side=Side.RESPONDENT, party_id="r1", days=1), Role.BORROWER)
    assert (case.extended_days, case.extension and case.extension.days) == (0, 1)
    before = case.deadline
    case = act(case, Extend(side=Side.APPLICANT, days=1), Role.INSTITUTION)
    assert (case.extended_days, case.deadline) == (0, before)
    second = next(a for a in insiders(case) if a.party_in(case.case_id) == "r2")
    soon = case.updated_at + timedelta(minutes=1)
    agree = Extend(side=Side.RESPONDENT, party_id="r2", days=1)
    case = lifecycle.apply(case, agree, context_of(second, soon, limits=LIMITS)).case
    assert (case.extended_days, case.extension) == (1, None)
    assert before is not None
    assert case.deadline is not None
    assert before < case.deadline


def test_one_side_cannot_agree_for_the_other() -> None:
    """Not the institution for the borrower, nor the mediator for anybody who is not in the room."""
    case = in_stage(Stage.IN_MEDIATION, extension=None)
    for role in (Role.INSTITUTION, Role.MEDIATOR):
        with pytest.raises(RuleViolated, match="own_side"):
            act(case, Extend(side=Side.RESPONDENT, days=1), role)
    with pytest.raises(RuleViolated, match="speaks_for_itself"):
        act(case, Extend(side=Side.RESPONDENT, days=1), Role.MEDIATOR, channel=Channel.IN_PERSON)
    said = Extend(side=Side.RESPONDENT, party_id="r2", days=1)
    with pytest.raises(RuleViolated, match="speaks_for_itself"):
        act(case, said, Role.BORROWER)
    recorded = act(case, said, Role.MEDIATOR, channel=Channel.IN_PERSON)
    assert act(recorded, said, Role.CENTRE, channel=Channel.IN_PERSON).extension


@pytest.mark.parametrize("stage", [Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED])
@pytest.mark.parametrize("reason", FailureReason)
def test_a_mediator_states_only_its_own_reasons(stage: Stage, reason: FailureReason) -> None:
    """Time limits are the hub's to record; refusing to sign is the one reason once there is an agreement."""
    case = next(c for c in atlas().states if c.stage is stage and c.accepted_at is not None)
    fits = reason not in OTHERS_REASONS and (reason is FailureReason.REFUSES_TO_SIGN) == (
        stage is Stage.SETTLED
    )
    if fits:
        assert act(case, Fail(reason=reason), Role.MEDIATOR).failure is reason
    else:
        with pytest.raises(RuleViolated, match="reason"):
            act(case, Fail(reason=reason), Role.MEDIATOR)


def test_declining_frees_the_case_for_another_mediator() -> None:
    """Consents and the guiding judge stay; the reason is recorded."""
    case = act(act(filed().case, Screen()), Appoint(mediator_id="m1", judge_id="j1"), Role.CENTRE)
    change = lifecycle.apply(
        case, Decline(reason=DeclineReason.NEAR_RELATIVE), context_of(actor(case, Role.MEDIATOR))
    )
    assert (change.case.stage, change.case.mediator_id) == (Stage.SCREENED, None)
    assert change.event.facts == {"reason": "near_relative"}
    again = act(change.case, Appoint(mediator_id="m2", judge_id="j1"), Role.CENTRE)
    assert act(again, Accept(), Role.MEDIATOR).step is Step.CONSENT


def test_time_alone_decides_by_stage() -> None:
    """Each silence has its legal meaning (OL12, OL25, TY11); elsewhere it is only recorded."""
    reasons = set()
    for case in atlas().states:
        if case.stage.terminal or case.step is Step.PERFORMANCE:
            continue  # an agreement in force is looked at, it does not expire
        after = act(case, Expire(), at=case.deadline)
        if case.objection is not None:
            # The limit is the centre's: its silence takes nothing from a party.
            names = ("stage", "objection", "failure", "outcome", "mediator_id", "ended_at")
            assert [getattr(after, name) for name in names] == [getattr(case, name) for name in names]
        elif after.stage is Stage.UNRESOLVED:
            reasons.add((case.step, after.failure))
            assert after.ended_at == case.deadline
        elif case.step is Step.ACCEPTANCE:
            assert (after.stage, after.mediator_id) == (Stage.SCREENED, None)
        elif case.stage not in {Stage.UNRESOLVED, Stage.DEFAULTED}:
            assert (after.stage, after.failure) == (case.stage, case.failure)
            assert after.deadline is not None
            assert case.deadline is not None
            assert after.deadline > case.deadline
    assert reasons == {
        (Step.CONSENT, FailureReason.CONSENT_SILENCE),
        (Step.MEDIATION, FailureReason.TIME_LIMIT),
        (Step.SIGNING, FailureReason.REFUSES_TO_SIGN),
    }


def test_a_correction_replaces_only_what_it_names() -> None:
    """The claim, or parties' details, which live beside the case; the event tells which, not what."""
    case = in_stage(Stage.RETURNED)
    by_claim = lifecycle.apply(case, Correct(claim=claim_of(5)), context_of(actor(case, Role.INSTITUTION)))
    assert by_claim.case.claim == claim_of(5)
    assert by_claim.event.facts == {"claim_total": str(claim_of(5).total), "parties": []}
    by_party = lifecycle.apply(
        case, Correct(details=(details_of("r1"),)), context_of(actor(case, Role.INSTITUTION))
    )
    assert by_party.case.claim == case.claim
    assert by_party.event.facts == {"claim_total": None, "parties": ["r1"]}


def test_commands_about_a_transfer_need_one() -> None:
    """The table never offers them without; called past it, they fail loudly."""
    case = filed().case
    with pytest.raises(LookupError, match="after a transfer"):
        RecordReceipt(transfer_id="T", receipt_id="R").changes(case, context_of())
    with pytest.raises(LookupError, match="after a transfer"):
        Retransfer().changes(case, context_of())


def test_commands_about_an_agreement_need_one() -> None:
    """The table never offers them without; called past it, they fail loudly."""
    case = filed().case
    with pytest.raises(LookupError, match="in force"):
        RecordApplicationReceipt(transfer_id="C", receipt_id="R").changes(case, context_of())
    with pytest.raises(LookupError, match="open"):
        AcceptOffer(side=Side.APPLICANT).changes(case, context_of())


def test_a_transfers_id_names_its_case_and_attempt() -> None:
    """So that a retry can't make two, and each message can be led back to what caused it."""
    second = Transfer(transfer_id=f"{CASE_ID}-T2", attempt=2)
    assert (second.case_id, second.replaces) == (CASE_ID, f"{CASE_ID}-T1")
    for step in atlas().steps:
        for owed in step.change.of(Dispatch):
            assert owed == dispatch_of(owed.case_id, owed.sequence, owed.kind, owed.transfer_id)
            assert owed.sequence == step.change.event.sequence


def test_a_limit_passes_at_its_very_instant() -> None:
    """A microsecond before it nothing has expired and an extension is still possible."""
    case = in_stage(Stage.IN_MEDIATION, extension=None, extended_days=0)
    assert case.deadline is not None
    just_before = case.deadline - timedelta(microseconds=1)
    with pytest.raises(RuleViolated, match="limit_passed"):
        act(case, Expire(), at=just_before)
    assert act(case, Expire(), at=case.deadline).failure is FailureReason.TIME_LIMIT
    assert act(case, Extend(side=Side.APPLICANT, days=1), Role.INSTITUTION, at=just_before).extension
    with pytest.raises(RuleViolated, match="within_limit"):
        act(case, Extend(side=Side.APPLICANT, days=1), Role.INSTITUTION, at=case.deadline)


def test_the_events_actor_is_who_acted() -> None:
    """Role, subject, channel and instant of the context are what the chain keeps."""
    event = lifecycle.apply(filed().case, Screen(), context_of(SYSTEM, START, channel=Channel.ONLINE)).event
    assert (event.role, event.subject, event.at, event.channel) == (Role.SYSTEM, "hub", START, Channel.ONLINE)


STAYS_IN_A_NEW_ROUND: Final = {
    *("case_id", "institution_id", "court_id", "case_type", "contract_number", "instalment_scope", "parties"),
    *("online", "filed_at", "track", "mediator_id", "judge_id", "consents", "failure", "transfer", "talk"),
    *("as_stored", "case_number"),
}
"""Who disputes about what stays, who mediates, and what the court was told."""
MOVED_BY_EVERY_ACT: Final = {
    *(
        "stage",
        "updated_at",
        "version",
        "sequence",
        "last_event_hash",
        "step",
        "entered_at_version",
        "deadline",
        *("recorded", "held_until", "challenge", "interruption", "disclosures", "choice", "way_in"),
    ),
}


def test_each_field_of_a_case_begins_anew_in_another_round_or_stays() -> None:
    """A field that is added says which; what an earlier round left behind would count in the next one."""
    anew = filed().case.next_round(claim_of(), START).keys()
    assert anew.isdisjoint(STAYS_IN_A_NEW_ROUND | MOVED_BY_EVERY_ACT)
    assert anew | STAYS_IN_A_NEW_ROUND | MOVED_BY_EVERY_ACT == {field.name for field in fields(Case)}


@pytest.mark.parametrize(
    ("number", "other"),
    [
        ("JC-2026-000123", "jc-2026-000123"),
        ("JC-2026-000123", "ＪＣ－２０２６－０００１２３"),
        ("（2024）蕉农商借字第0123号", "(2024) 蕉农商借字第 0123 号"),
    ],
)
def test_a_contract_has_one_number_in_every_case_and_width(number: str, other: str) -> None:
    """So the same debt is not filed twice; another number is another contract."""
    keys = [replace(filed().case, contract_number=each).uniqueness for each in (number, other, f"{number}-1")]
    assert keys[0] == keys[1] != keys[2]


def test_a_case_knows_how_it_came_to_the_hub() -> None:
    """What an earlier release stored is an institution's own application, as nothing else existed."""
    case = filed().case
    assert (case.way_in, case.came_by) == (None, "application")
    assert replace(case, way_in=WayIn.APPLICATION).came_by == "application"
    assert replace(case, way_in=WayIn.ENTRUSTED).came_by == "entrusted"
