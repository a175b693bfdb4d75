"""Offers: the sides take turns, within the policy and in time; the terms stay beside the case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreement.errors import (
    DueDatesInvalid,
    OfferAccepted,
    OfferExpired,
    OfferUnknown,
    OtherSideAnswers,
    ValidityOutOfBounds,
)
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.agreement.schedules import LumpSum
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    NotPermitted,
    RuleViolated,
)
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import Side
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.answer_offer import answer_offer
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.make_offer import make_offer
from chalicelib.use_cases.preview_offers import preview_offers
from tests.support.desk import Desk, driven
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, OPS, borrower
from tests.support.gates import calls_of
from tests.support.settling import accepts, instalments, lump_sum, offers, today
from tests.unit.use_cases.agreements import events_of, nothing_personal

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub

STRANGER = replace(INSTITUTION, institution_id="bank-2")


def talking() -> tuple[Desk, str]:
    """Bring a case into mediation."""
    desk = Desk()
    return desk, desk.reach(Stage.IN_MEDIATION)


def answers(desk: Desk, case_id: str, actor: Actor, side: Side, reply: Reply, number: int = 1) -> None:
    """Let a side answer."""
    version = desk.case(case_id).version
    answer_offer(desk.hub, actor, case_id, side, number, reply, expected_version=version)


def states(desk: Desk, case_id: str) -> list[str]:
    """Return where each offer stands."""
    negotiation = settlement_of(desk.hub, desk.case(case_id)).negotiation
    now = desk.hub.clock.now()
    return [str(negotiation.state_of(offer.number, now)) for offer in negotiation.offers]


def unchanged(desk: Desk, case_id: str) -> object:
    """Return what a refusal must leave as it was."""
    case = desk.case(case_id)
    return case, settlement_of(desk.hub, case), len(events_of(desk.hub, case_id)), dict(desk.hub.memory.due)


def test_a_case_without_an_offer_negotiates_about_its_claim() -> None:
    """Nothing is stored before the first offer."""
    desk, case_id = talking()
    case = desk.case(case_id)
    assert desk.hub.settlements.get(case) is None
    assert settlement_of(desk.hub, case).negotiation.owed.total == case.claim.total
    assert settlement_of(desk.hub, case).negotiation.offers == ()


def test_offer_counter_offer_and_acceptance() -> None:
    """The bank offers, the borrower counters, the bank accepts: three events without a word of the terms."""
    desk, case_id = talking()
    offers(desk.hub, case_id)
    standing = desk.case(case_id).offer
    assert standing is not None
    assert (standing.number, standing.side, standing.accepted) == (1, Side.APPLICANT, False)
    counter = make_offer(
        desk.hub,
        borrower(case_id),
        case_id,
        Side.RESPONDENT,
        instalments(desk.hub),
        valid_days=3,
        expected_version=desk.case(case_id).version,
    )
    assert counter.offer is not None
    assert (counter.offer.number, counter.offer.side) == (2, Side.RESPONDENT)
    assert states(desk, case_id) == ["countered", "open"]
    answers(desk, case_id, INSTITUTION, Side.APPLICANT, Reply.ACCEPTED, 2)
    assert states(desk, case_id) == ["countered", "accepted"]
    last = desk.case(case_id).offer
    assert last is not None
    assert last.accepted
    told = events_of(desk.hub, case_id)[-3:]
    assert [event.type for event in told] == ["offer_made", "offer_made", "offer_accepted"]
    assert [dict(event.facts) for event in told] == [{}, {}, {}]
    nothing_personal(desk.hub, case_id)
    desk.run()
    assert driven(desk.hub, case_id) == "", "the mediation's step goes on as before"


@pytest.mark.parametrize(
    ("actor", "side", "reply"),
    [("borrower", Side.RESPONDENT, Reply.DECLINED), ("bank", Side.APPLICANT, Reply.WITHDRAWN)],
)
def test_what_was_declined_or_withdrawn_is_gone(actor: str, side: Side, reply: Reply) -> None:
    """Another offer may follow, by the same side."""
    desk, case_id = talking()
    offers(desk.hub, case_id)
    who = borrower(case_id) if actor == "borrower" else INSTITUTION
    answers(desk, case_id, who, side, reply)
    assert desk.case(case_id).offer is None
    assert states(desk, case_id) == [str(reply)]
    offers(desk.hub, case_id)
    assert states(desk, case_id) == [str(reply), "open"]


@pytest.mark.parametrize("reply", [Reply.ACCEPTED, Reply.DECLINED])
def test_nobody_answers_its_own_offer(reply: Reply) -> None:
    """Nothing changes."""
    desk, case_id = talking()
    offers(desk.hub, case_id)
    before = unchanged(desk, case_id)
    with pytest.raises(OtherSideAnswers):
        answers(desk, case_id, INSTITUTION, Side.APPLICANT, reply)
    assert unchanged(desk, case_id) == before


def test_an_expired_offer_can_not_be_accepted() -> None:
    """On its last instant it is open, at the next it is not."""
    desk, case_id = talking()
    offers(desk.hub, case_id)
    standing = desk.case(case_id).offer
    assert standing is not None
    desk.hub.clock.set(standing.expires_at)
    before = unchanged(desk, case_id)
    with pytest.raises(OfferExpired):
        accepts(desk.hub, case_id)
    assert unchanged(desk, case_id) == before
    desk.hub.clock.set(standing.expires_at - timedelta(seconds=1))
    assert accepts(desk.hub, case_id).offer is not None


def test_after_an_acceptance_nothing_is_offered_and_nothing_withdrawn() -> None:
    """It binds both."""
    desk, case_id = talking()
    offers(desk.hub, case_id)
    accepts(desk.hub, case_id)
    before = unchanged(desk, case_id)
    for act in (
        lambda: offers(desk.hub, case_id),
        lambda: answers(desk, case_id, INSTITUTION, Side.APPLICANT, Reply.WITHDRAWN),
        lambda: answers(desk, case_id, borrower(case_id), Side.RESPONDENT, Reply.DECLINED),
    ):
        with pytest.raises(OfferAccepted):
            act()
    assert unchanged(desk, case_id) == before


def test_a_policy_and_a_plan_refuse_what_they_do_not_allow() -> None:
    """A validity of no day, a due date in the past, an offer nobody made: nothing changes."""
    desk, case_id = talking()
    before = unchanged(desk, case_id)
    version = desk.case(case_id).version
    past = replace(lump_sum(desk.hub), schedule=LumpSum(today(desk.hub) - timedelta(days=1)))
    for terms, days, error in (
        (lump_sum(desk.hub), 0, ValidityOutOfBounds),
        (lump_sum(desk.hub), 16, ValidityOutOfBounds),
        (past, 3, DueDatesInvalid),
    ):
        with pytest.raises(error):
            make_offer(
                desk.hub,
                INSTITUTION,
                case_id,
                Side.APPLICANT,
                terms,
                valid_days=days,
                expected_version=version,
            )
    assert unchanged(desk, case_id) == before
    offers(desk.hub, case_id)
    with pytest.raises(OfferUnknown):
        answers(desk, case_id, borrower(case_id), Side.RESPONDENT, Reply.ACCEPTED, 2)
    assert states(desk, case_id) == ["open"]


def test_an_offer_expires_with_the_mediation_at_the_latest() -> None:
    """On the last day of a mediation an offer of fifteen days is open until that day is over."""
    desk, case_id = talking()
    deadline = desk.case(case_id).deadline
    assert deadline is not None
    desk.hub.clock.set(deadline - timedelta(hours=2))
    case = make_offer(
        desk.hub,
        INSTITUTION,
        case_id,
        Side.APPLICANT,
        lump_sum(desk.hub),
        valid_days=15,
        expected_version=desk.case(case_id).version,
    )
    assert case.offer is not None
    assert case.offer.expires_at == deadline


def test_who_may_not_offer_learns_nothing() -> None:
    """A court's people may not, another bank finds no case, a borrower acts for its own side only."""
    desk, case_id = talking()
    version, terms = desk.case(case_id).version, lump_sum(desk.hub)
    for actor, side, error in (
        (COURT, Side.APPLICANT, NotPermitted),
        (OPS, Side.APPLICANT, NotPermitted),
        (STRANGER, Side.APPLICANT, CaseNotFound),
        (borrower("C-9"), Side.RESPONDENT, CaseNotFound),
        (borrower(case_id), Side.APPLICANT, RuleViolated),
        (MEDIATOR, Side.APPLICANT, RuleViolated),  # a mediator speaks for a side only where it was seen
    ):
        with pytest.raises(error):
            make_offer(desk.hub, actor, case_id, side, terms, valid_days=3, expected_version=version)
        if error is RuleViolated:
            continue  # nothing is offered yet that it could answer for the other side
        with pytest.raises(error):
            answer_offer(desk.hub, actor, case_id, side, 1, Reply.ACCEPTED, expected_version=version)
    assert calls_of(desk.hub, lambda hub: _refused(hub, case_id)) == [], "refused before anything is read"


def _refused(hub: Hub, case_id: str) -> None:
    terms = lump_sum(Desk().hub)
    with pytest.raises(NotPermitted):
        make_offer(hub, OPS, case_id, Side.APPLICANT, terms, valid_days=3, expected_version=1)
    with pytest.raises(NotPermitted):
        answer_offer(hub, OPS, case_id, Side.APPLICANT, 1, Reply.ACCEPTED, expected_version=1)


def test_nobody_answers_for_the_other_side() -> None:
    """A borrower can't accept a bank's offer in the guise of the bank, nor its own."""
    desk, case_id = talking()
    make_offer(
        desk.hub,
        borrower(case_id),
        case_id,
        Side.RESPONDENT,
        lump_sum(desk.hub),
        valid_days=3,
        expected_version=desk.case(case_id).version,
    )
    before = unchanged(desk, case_id)
    with pytest.raises(RuleViolated, match="own_side"):
        answers(desk, case_id, borrower(case_id), Side.APPLICANT, Reply.ACCEPTED)
    assert unchanged(desk, case_id) == before


def test_mediator_and_centre_together_record_what_a_respondent_offers_in_person() -> None:
    """The first record is no offer yet; other terms are another act; the event tells the channel."""
    desk, case_id = talking()
    for actor, days in ((MEDIATOR, 10), (CENTRE, 9), (CENTRE, 10)):
        assert desk.case(case_id).offer is None
        make_offer(
            desk.hub,
            actor,
            case_id,
            Side.RESPONDENT,
            lump_sum(desk.hub, days),
            valid_days=3,
            expected_version=desk.case(case_id).version,
            channel=Channel.IN_PERSON,
        )
    assert states(desk, case_id) == ["open"]
    assert [event.channel for event in events_of(desk.hub, case_id)[-3:]] == [Channel.IN_PERSON] * 3


@pytest.mark.parametrize("stage", [Stage.SCREENED, Stage.SETTLED, Stage.PERFORMING, Stage.PAID])
def test_offers_are_made_in_a_mediation(stage: Stage) -> None:
    """Neither before nor after."""
    desk = Desk()
    case_id = desk.reach(stage)
    before = unchanged(desk, case_id)
    with pytest.raises(ActionNotAvailable):
        offers(desk.hub, case_id)
    assert unchanged(desk, case_id) == before


def test_the_terms_are_shown_to_nobody_who_prints_them() -> None:
    """Neither an offer nor the settlement has a telling repr, and the court was told nothing."""
    desk, case_id = talking()
    offers(desk.hub, case_id)
    settlement = settlement_of(desk.hub, desk.case(case_id))
    shown = repr(settlement) + repr(settlement.negotiation)
    assert "lump" not in shown
    assert json.dumps([dict(event.facts) for event in events_of(desk.hub, case_id)]).count("lump") == 0
    assert desk.hub.court.calls == 0


def test_a_preview_shows_no_figure_in_a_log() -> None:
    """Nor may a court or somebody else's bank have it."""
    desk, case_id = talking()
    (previewed,) = preview_offers(desk.hub, INSTITUTION, case_id, lump_sum(desk.hub).schedule)
    assert repr(previewed) == "Preview(...)"
    with pytest.raises(NotPermitted):
        preview_offers(desk.hub, COURT, case_id, lump_sum(desk.hub).schedule)
    with pytest.raises(CaseNotFound):
        preview_offers(desk.hub, STRANGER, case_id, lump_sum(desk.hub).schedule)
