"""An objection is decided: what rests on the act is undone with the terms, and no payment is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.errors import PaymentDeducted
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.calendar import local_date
from chalicelib.domain.commands import Accept, Appoint, GiveConsent
from chalicelib.domain.errors import NotPermitted, RuleViolated, StaleVersion
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from chalicelib.domain.objection_commands import EndMediation, Object
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import ObjectionFinding
from chalicelib.domain.received import given_back
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action, Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.answer_offer import answer_offer
from chalicelib.use_cases.decide_objection import decide_objection
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.read_settlement import read_settlement
from chalicelib.use_cases.record_repayment import reverse_repayment
from chalicelib.use_cases.request_transfer import request_transfer
from chalicelib.use_cases.sign_agreement import refuse_to_sign, sign_agreement
from tests.support.desk import Desk
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.settling import agrees, all_sign, offers, pays, signs, today

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor

OTHER: Final = replace(CENTRE, subject="centre-9")
"""Who has recorded nothing."""
NOT_SAID: Final = ObjectionFinding.NOT_SAID
RIGHTLY: Final = ObjectionFinding.RECORDED_RIGHTLY
PAID: Final = Money(100_00)


def agreed() -> tuple[Desk, str]:
    """Bring a case to an agreement that only the bank has signed."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    agrees(desk.hub, case_id)
    signs(desk.hub, case_id, "a1")
    desk.run()
    return desk, case_id


def signed_in_its_name() -> tuple[Desk, str]:
    """Let mediator and centre sign for the borrower, which puts the agreement in force."""
    desk, case_id = agreed()
    for recorder in (MEDIATOR, CENTRE):
        case = desk.case(case_id)
        sign_agreement(
            desk.hub,
            recorder,
            case_id,
            "r1",
            case.agreement_sha256 or "",
            code=None,
            expected_version=case.version,
            channel=Channel.IN_PERSON,
        )
    desk.run()
    assert desk.case(case_id).stage is Stage.PERFORMING
    return desk, case_id


def objects(desk: Desk, case_id: str) -> Case:
    """Let the borrower object to the last act in its name."""
    number = desk.case(case_id).recorded[-1].number
    return act_on_case(desk.hub, borrower(case_id), case_id, Object(party_id="r1", act=number))


def decides(desk: Desk, case_id: str, reason: ObjectionFinding, actor: Actor = OTHER) -> Case:
    """Let the centre decide, and the hub run."""
    case = decide_objection(desk.hub, actor, case_id, reason, expected_version=desk.case(case_id).version)
    desk.run()
    return case


@pytest.mark.parametrize("days", [0, 1, 2])
def test_a_payment_outlives_the_signature_under_which_it_was_made(days: int) -> None:
    """A new round begins about the rest: what was paid is kept, once, and taken off what is owed."""
    desk, case_id = signed_in_its_name()
    before = desk.case(case_id)
    desk.hub.clock.advance(days=days)
    pays(desk.hub, case_id, PAID, "PAY-1")
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.stage, case.round, case.signatures) == (Stage.IN_MEDIATION, 2, frozenset())
    assert (case.outcome, case.confirmation, case.agreement_sha256) == (None, None, None)
    assert case.claim.total == before.claim.total - PAID
    assert (case.accepted_at, case.held_days, case.extended_days) == (case.updated_at, None, 0)
    terms = settlement_of(desk.hub, case)
    assert terms.carried == (Payment(on=today(desk.hub), amount=PAID, reference="PAY-1"),)
    assert (terms.agreement, terms.entries) == (None, ())
    assert terms.negotiation.owed.total == case.claim.total


def test_the_parties_agree_anew_after_an_upheld_objection() -> None:
    """The new round is as any other: agreed, signed, in force, and the payment still counts."""
    desk, case_id = signed_in_its_name()
    pays(desk.hub, case_id, PAID, "PAY-1")
    objects(desk, case_id)
    decides(desk, case_id, NOT_SAID)
    agrees(desk.hub, case_id)
    desk.hub.clock.advance(hours=1)
    case = all_sign(desk.hub, case_id)
    assert (case.stage, case.round) == (Stage.PERFORMING, 2)
    assert [payment.reference for payment in settlement_of(desk.hub, case).carried] == ["PAY-1"]


def test_without_a_payment_only_the_signature_is_missing_again() -> None:
    """The document stays the same, the bank's signature stands, and the borrower signs by its own code."""
    desk, case_id = signed_in_its_name()
    before = desk.case(case_id)
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.stage, case.round, case.signatures) == (Stage.SETTLED, 1, frozenset({"a1"}))
    assert (case.agreement_sha256, case.outcome) == (before.agreement_sha256, before.outcome)
    terms = settlement_of(desk.hub, case)
    assert ([each.party_id for each in terms.to_sign.signatures], terms.entries) == (["a1"], ())
    assert signs(desk.hub, case_id, "r1").stage is Stage.PERFORMING


def test_who_did_not_refuse_to_sign_may_sign() -> None:
    """The refusal is undone with the end of the mediation; agreement and the other's signature stand."""
    desk, case_id = agreed()
    before = desk.case(case_id)
    for recorder in (MEDIATOR, CENTRE):
        refuse_to_sign(
            desk.hub,
            recorder,
            case_id,
            "r1",
            expected_version=desk.case(case_id).version,
            channel=Channel.IN_PERSON,
        )
    desk.run()
    assert desk.case(case_id).stage is Stage.UNRESOLVED
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.stage, case.failure, case.signatures) == (Stage.SETTLED, None, frozenset({"a1"}))
    assert (case.agreement_sha256, case.outcome) == (before.agreement_sha256, before.outcome)
    assert signs(desk.hub, case_id, "r1").stage is Stage.PERFORMING


def accepted_in_its_name() -> tuple[Desk, str]:
    """Let mediator and centre accept the bank's offer for the borrower."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    offers(desk.hub, case_id)
    for recorder in (MEDIATOR, CENTRE):
        answer_offer(
            desk.hub,
            recorder,
            case_id,
            Side.RESPONDENT,
            1,
            Reply.ACCEPTED,
            expected_version=desk.case(case_id).version,
            channel=Channel.IN_PERSON,
        )
    desk.run()
    return desk, case_id


def test_an_acceptance_that_was_not_said_begins_the_talks_anew() -> None:
    """Nothing is offered yet in the new round, about the same claim."""
    desk, case_id = accepted_in_its_name()
    before = desk.case(case_id)
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.stage, case.round, case.offer, case.claim) == (
        Stage.IN_MEDIATION,
        2,
        None,
        before.claim,
    )
    assert settlement_of(desk.hub, case).negotiation.offers == ()
    assert agrees(desk.hub, case_id).stage is Stage.SETTLED


def test_a_consent_that_was_not_given_is_asked_for_again() -> None:
    """Before the talks nothing else rests on it: the case waits where it stood, and there are no terms."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    for recorder in (CENTRE, replace(CENTRE, subject="centre-8")):
        consent = GiveConsent(party_id="r1", online=True)
        act_on_case(desk.hub, recorder, case_id, consent, channel=Channel.IN_PERSON)
    assert desk.case(case_id).consents == {"a1", "r1"}
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.stage, case.round, set(case.consents)) == (Stage.SCREENED, 1, {"a1"})
    assert desk.hub.settlements.get(case) is None


def test_a_dismissed_objection_leaves_the_terms_as_they_are() -> None:
    """The case goes on where it stood, and the act may not be objected to again."""
    desk, case_id = signed_in_its_name()
    before = desk.case(case_id)
    terms = settlement_of(desk.hub, before)
    objects(desk, case_id)
    case = decides(desk, case_id, RIGHTLY)
    assert (case.stage, case.signatures, case.recorded) == (Stage.PERFORMING, before.signatures, ())
    assert settlement_of(desk.hub, case) == terms


@pytest.mark.parametrize("reason", [NOT_SAID, RIGHTLY])
def test_who_recorded_the_act_decides_nothing(reason: ObjectionFinding) -> None:
    """Nor does the borrower, nor anybody who read an older version; nothing is stored."""
    desk, case_id = signed_in_its_name()
    objects(desk, case_id)
    before = desk.case(case_id)
    with pytest.raises(RuleViolated, match="decided_by_another"):
        decides(desk, case_id, reason, CENTRE)
    for actor in (borrower(case_id), INSTITUTION, MEDIATOR):
        with pytest.raises(NotPermitted):
            decides(desk, case_id, reason, actor)
    with pytest.raises(StaleVersion):
        decide_objection(desk.hub, OTHER, case_id, reason, expected_version=before.version - 1)
    assert desk.case(case_id) == before


def test_an_objection_is_decided_once() -> None:
    """A second decision finds no objection that waits."""
    desk, case_id = signed_in_its_name()
    objects(desk, case_id)
    decides(desk, case_id, RIGHTLY)
    with pytest.raises(RuleViolated, match="objection_waits"):
        decides(desk, case_id, NOT_SAID)


def test_the_days_a_case_stood_still_lengthen_the_mediation_of_its_round_only() -> None:
    """Led back after some days, the case has as much time as when the act was recorded."""
    desk, case_id = accepted_in_its_name()
    ends = desk.case(case_id).deadline
    assert ends is not None
    objects(desk, case_id)
    desk.hub.clock.advance(days=1)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.held_days, case.deadline) == (1, ends + timedelta(days=1))
    assert local_date(ends) > today(desk.hub)
    assert case.next_round(case.claim, ends)["held_days"] is None


def test_a_payment_outlives_an_agreement_that_was_not_in_force_yet() -> None:
    """Signed by the borrower alone, in its name: what was paid during the talks is taken off all the same."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    claimed = desk.case(case_id).claim.total
    pays(desk.hub, case_id, PAID, "PAY-1")
    agrees(desk.hub, case_id)
    for recorder in (MEDIATOR, CENTRE):
        case = desk.case(case_id)
        sign_agreement(
            desk.hub,
            recorder,
            case_id,
            "r1",
            case.agreement_sha256 or "",
            code=None,
            expected_version=case.version,
            channel=Channel.IN_PERSON,
        )
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    terms = settlement_of(desk.hub, case)
    assert (case.stage, case.round, case.claim.total) == (Stage.IN_MEDIATION, 2, claimed - PAID)
    assert ([each.reference for each in terms.carried], terms.entries) == (["PAY-1"], ())


def test_what_was_taken_off_a_suits_claim_stays_taken_off_when_the_case_comes_back() -> None:
    """The claim is less by it already; what was paid since is still to be deducted."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    pays(desk.hub, case_id, PAID, "PAY-1")
    version = desk.case(case_id).version
    case = request_transfer(desk.hub, INSTITUTION, case_id, expected_version=version)
    pays(desk.hub, case_id, Money(7), "PAY-2")
    stored = replace(settlement_of(desk.hub, case), before_suit=None)
    back, claim = given_back(case, stored)
    assert ([each.reference for each in back.carried], back.deducted) == (["PAY-1"], None)
    assert [each.reference for each in back.payments] == ["PAY-2"]
    assert (back.negotiation.owed.total, claim) == (case.claim.total, case.claim)


def ended_in_its_name() -> tuple[Desk, str]:
    """Let mediator and centre end the talks in the borrower's name.

    PAID came before the bank's offer, 1.00 after it.
    """
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    pays(desk.hub, case_id, PAID, "PAY-1")
    offers(desk.hub, case_id)
    pays(desk.hub, case_id, Money(1_00), "PAY-2")
    for recorder in (MEDIATOR, CENTRE):
        act_on_case(desk.hub, recorder, case_id, EndMediation(party_id="r1"), channel=Channel.IN_PERSON)
    desk.run()
    assert desk.case(case_id).stage is Stage.UNRESOLVED
    return desk, case_id


def listed(desk: Desk, case_id: str) -> bool:
    """Tell whether the bank is shown that it may take a payment back."""
    return Action.REVERSE_REPAYMENT in read_case(desk.hub, INSTITUTION, case_id).allowed_actions


def sues(desk: Desk, case_id: str) -> None:
    """Let the bank insist on a suit."""
    request_transfer(desk.hub, INSTITUTION, case_id, expected_version=desk.case(case_id).version)


def test_a_case_that_comes_back_from_its_way_to_the_court_is_as_it_was() -> None:
    """Claim, offer and payments; what the suit took off can be taken back again."""
    desk, case_id = ended_in_its_name()
    before, terms = desk.case(case_id), settlement_of(desk.hub, desk.case(case_id))
    sues(desk, case_id)
    assert desk.case(case_id).claim.total == before.claim.total - PAID - Money(1_00)
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.stage, case.claim, case.transfer) == (Stage.IN_MEDIATION, before.claim, None)
    assert settlement_of(desk.hub, case) == terms
    assert listed(desk, case_id)
    with pytest.raises(PaymentDeducted):
        reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-1")
    reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-2")
    assert not listed(desk, case_id)
    desk.hub.clock.advance(days=16)
    assert listed(desk, case_id), "the offer has lapsed"
    reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-1")
    assert read_settlement(desk.hub, INSTITUTION, case_id).outstanding == before.claim.total


def test_what_bounced_on_the_way_to_the_court_is_owed_when_the_case_comes_back() -> None:
    """Not a fen is lost by where the case stood when the payment was taken back."""
    desk, case_id = ended_in_its_name()
    filed = desk.case(case_id).claim
    sues(desk, case_id)
    reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-2")
    assert read_settlement(desk.hub, INSTITUTION, case_id).outstanding == filed.total - PAID
    objects(desk, case_id)
    decides(desk, case_id, NOT_SAID)
    assert read_settlement(desk.hub, INSTITUTION, case_id).outstanding == filed.total - PAID


def test_an_offer_that_may_come_back_keeps_what_it_deducts() -> None:
    """Who refused may object for three working days; then the payment is taken back as any other."""
    desk, case_id = ended_in_its_name()
    with pytest.raises(PaymentDeducted):
        reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-1")
    reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-2")
    assert not listed(desk, case_id)
    desk.hub.clock.advance(days=6)
    assert listed(desk, case_id)
    reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-1")
    assert not listed(desk, case_id)


def test_a_new_round_is_about_the_whole_debt_when_what_was_deducted_has_bounced() -> None:
    """The offer that deducted it was withdrawn, so the next talks begin without the payment."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    for recorder in (CENTRE, replace(CENTRE, subject="centre-8")):
        consent = GiveConsent(party_id="r1", online=True)
        act_on_case(desk.hub, recorder, case_id, consent, channel=Channel.IN_PERSON)
    desk.act(case_id, Role.CENTRE, Appoint(mediator_id="m-1", judge_id="j-1"))
    desk.act(case_id, Role.MEDIATOR, Accept())
    filed = desk.case(case_id).claim
    pays(desk.hub, case_id, PAID, "PAY-1")
    version = offers(desk.hub, case_id).version
    answer_offer(
        desk.hub,
        INSTITUTION,
        case_id,
        Side.APPLICANT,
        1,
        Reply.WITHDRAWN,
        expected_version=version,
    )
    reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-1")
    objects(desk, case_id)
    case = decides(desk, case_id, NOT_SAID)
    assert (case.stage, case.round, case.claim.total) == (Stage.ASSIGNED, 2, filed.total)
    assert settlement_of(desk.hub, case).negotiation.owed.total == filed.total
