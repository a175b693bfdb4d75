"""Offers: their figures, the policy that bounds them, whose turn it is, what lapses and what binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain.agreement.errors import (
    AmountTooSmall,
    ConcessionBeyondPolicy,
    DueDatesInvalid,
    NotYourOffer,
    OfferAccepted,
    OfferClosed,
    OfferExpired,
    OfferUnknown,
    OtherSideAnswers,
    OwnOfferOpen,
    ValidityOutOfBounds,
)
from chalicelib.domain.agreement.negotiation import (
    LIMITS,
    Answer,
    Negotiation,
    OfferState,
    Reply,
    accept,
    decline,
    make_offer,
    withdraw,
)
from chalicelib.domain.agreement.offer import OfferTerms
from chalicelib.domain.agreement.schedules import (
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
)
from chalicelib.domain.calendar import end_of
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import Repayment, Tier, Waiver
from chalicelib.domain.loan.errors import AmountOutOfBounds, PolicyNotInForce, TierNotApplicable
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.parties import Side
from tests.unit.domain.agreement.support import (
    BOOK,
    LUMP,
    MONTHLY,
    NOON,
    OWED,
    PARTS,
    SIGNED,
    refuses,
    rules_out,
)
from tests.unit.domain.loan.support import day, yuan

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.loan.concession_policy import PolicyBook

BANK, BORROWER = Side.APPLICANT, Side.RESPONDENT
NEW: Final = Negotiation(owed=OWED)


def offered(
    negotiation: Negotiation = NEW,
    side: Side = BANK,
    terms: OfferTerms = LUMP,
    at: datetime = NOON,
    valid_days: int = 7,
    **more: Any,
) -> Negotiation:
    """Make an offer."""
    book: PolicyBook = more.pop("book", BOOK)
    return make_offer(negotiation, side, terms, book, at=at, valid_days=valid_days, **more)


# --- figures ---------------------------------------------------------------------------------------


def test_golden_lump_sum() -> None:
    """Golden case 1: all penalty and compound interest waived, 107,330.56 to pay."""
    offer = offered().offer(1)
    assert str(offer.figures.total) == str(offer.figures.monthly_burden) == "107330.56"
    assert str(offer.figures.saving) == str(offer.figures.waived) == "6257.60"
    assert str(offer.figures.owed) == "113588.16"
    assert (offer.figures.payments, offer.figures.months, offer.lump_sum) == (1, 1, True)
    assert offer.figures.first_due == offer.figures.last_due == day("2026-03-31")
    assert (offer.concession.version, offer.concession.tier) == (1, "lump_sum")


def test_golden_instalments() -> None:
    """Golden case 1 in twelve parts: half waived, 110,459.35 to pay, at most 9,205.01 in a month."""
    offer = offered(terms=PARTS).offer(1)
    assert str(offer.figures.total) == "110459.35"
    assert str(offer.figures.saving) == "3128.81"
    assert str(offer.concession.waived.penalty_interest) == "2915.11"
    assert str(offer.concession.waived.compound_interest) == "213.70"
    assert str(offer.figures.monthly_burden) == "9205.01"
    assert {str(line.amount) for line in offer.plan.lines[:-1]} == {"9204.94"}
    assert (offer.figures.payments, offer.figures.months, offer.lump_sum) == (12, 12, False)
    assert (offer.figures.first_due, offer.figures.last_due) == (day("2026-04-15"), day("2027-03-15"))


def test_interest_of_the_plan_eats_up_the_saving() -> None:
    schedule = EqualPayment(dates=MONTHLY, annual_percent=Decimal(24))
    figures = offered(terms=OfferTerms(tier="instalments", schedule=schedule)).offer(1).figures
    assert figures.saving == figures.waived - figures.interest < ZERO


# --- the policy ------------------------------------------------------------------------------------


def test_less_than_the_policy_allows_may_be_waived_but_not_more() -> None:
    """The tier is the cap, component by component."""
    less = Amounts(penalty_interest=yuan("5830.21"), compound_interest=yuan("400"))
    offer = offered(terms=replace(LUMP, waived=less)).offer(1)
    assert offer.concession.waived == less
    assert str(offer.figures.total) == "107357.95"
    for component in (Component.PENALTY_INTEREST, Component.PRINCIPAL):
        beyond = less + Amounts.of({component: Money(1)})
        with refuses(ConcessionBeyondPolicy, f"waived.{component}"):
            offered(terms=replace(LUMP, waived=beyond))
    with pytest.raises(AmountOutOfBounds, match=r"waived\.interest"):
        offered(terms=replace(LUMP, waived=Amounts(interest=Money(-1))))


def test_a_case_keeps_the_version_it_was_first_offered_under() -> None:
    """A policy published later, or one that has ended, changes nothing for offers that follow."""
    stingy = Tier(name="lump_sum", repayment=Repayment.LUMP_SUM, waivers=())
    first = offered(valid_days=1)
    book = BOOK.published(day("2026-03-03"), None, (stingy,))
    later = NOON + timedelta(days=5)
    second = offered(first, BORROWER, LUMP, later, book=book)
    assert [offer.concession.version for offer in second.offers] == [1, 1]
    assert offered(at=later, book=book).offer(1).concession.version == 2
    assert offered(at=later, book=book).offer(1).concession.waived.total == ZERO


def test_without_a_policy_in_force_nothing_is_offered() -> None:
    with pytest.raises(PolicyNotInForce):
        offered(at=NOON - timedelta(days=365 * 10))


@pytest.mark.parametrize(
    ("terms", "condition"),
    [
        (replace(LUMP, tier="instalments"), "repayment"),
        (replace(LUMP, tier="none"), "tier"),
        (OfferTerms(tier="quick", schedule=LumpSum(day("2026-03-13"))), "paid_within_days"),
        (replace(PARTS, tier="year"), "instalments_up_to"),
    ],
)
def test_a_tiers_conditions_are_kept(terms: OfferTerms, condition: str) -> None:
    """Paid within ten days; no 13th instalment where twelve are the most."""
    quick = Tier(name="quick", repayment=Repayment.LUMP_SUM, waivers=(), paid_within_days=10)
    year = Tier(name="year", repayment=Repayment.INSTALMENTS, waivers=(), instalments_up_to=12)
    book = BOOK.published(day("2026-01-01"), None, (*BOOK.version(1).tiers, quick, year))
    if condition == "instalments_up_to":
        offered(terms=terms, book=book)
        terms = replace(terms, schedule=EqualPrincipal(dates=replace(MONTHLY, count=13)))
    with pytest.raises(TierNotApplicable) as refused:
        offered(terms=terms, book=book)
    assert refused.value.field == condition
    offered(terms=OfferTerms(tier="quick", schedule=LumpSum(day("2026-03-12"))), book=book)


def test_an_offer_may_be_paid_on_the_day_it_is_made() -> None:
    """On the spot, that is: zero days is no time in the past."""
    offer = offered(terms=replace(LUMP, schedule=LumpSum(SIGNED))).offer(1)
    assert offer.figures.last_due == SIGNED


def test_a_repr_names_the_offer_and_nothing_in_it() -> None:
    assert repr(PARTS) == "OfferTerms(...)"
    assert repr(offered().offer(1)) == "Offer(1, ...)"


def test_an_offer_to_pay_in_the_past_or_nothing() -> None:
    """Dates before today are refused, and a waiver of everything."""
    with refuses(DueDatesInvalid, "schedule"):
        offered(terms=OfferTerms(tier="lump_sum", schedule=LumpSum(day("2026-03-01"))))
    mixed = CustomInstalments(
        (DatedAmount(day("2026-03-01"), yuan("110000")), DatedAmount(day("2026-05-01"), yuan("459.35")))
    )
    with refuses(DueDatesInvalid, "lines"):
        offered(terms=OfferTerms(tier="instalments", schedule=mixed))
    everything = Tier(
        name="all",
        repayment=Repayment.LUMP_SUM,
        waivers=tuple(Waiver(component, Decimal(100)) for component in Component),
    )
    book = BOOK.published(day("2026-01-01"), None, (everything,))
    with refuses(AmountTooSmall, "waived"):
        offered(terms=replace(LUMP, tier="all"), book=book)


# --- turns and time --------------------------------------------------------------------------------


def test_an_offer_lapses_at_the_end_of_its_last_day() -> None:
    """Valid for 7 days from 2 March: to the end of 9 March in China, and not an instant longer."""
    negotiation = offered()
    ends = end_of(day("2026-03-09"))
    assert negotiation.offer(1).expires_at == ends
    assert accept(negotiation, BORROWER, 1, ends - timedelta(microseconds=1)).accepted
    assert negotiation.state_of(1, ends) is OfferState.EXPIRED
    for act in (accept, decline):
        with rules_out(OfferExpired):
            act(negotiation, BORROWER, 1, ends)
    assert negotiation.answers == ()
    again = offered(negotiation, BANK, LUMP, ends)
    assert again.state_of(1, ends) is OfferState.EXPIRED


def test_an_offer_lapses_with_the_mediation_and_before_its_first_payment() -> None:
    """Whatever comes first; a lump sum may still be accepted on the day it is due, instalments before it."""
    closes = NOON + timedelta(hours=1)
    assert offered(closes_at=closes).offer(1).expires_at == closes
    assert offered(closes_at=NOON + timedelta(days=90)).offer(1).expires_at == end_of(day("2026-03-09"))
    soon = OfferTerms(tier="lump_sum", schedule=LumpSum(day("2026-03-04")))
    assert offered(terms=soon).offer(1).expires_at == end_of(day("2026-03-04"))
    parts = EqualPrincipal(dates=replace(MONTHLY, month=3, day=4))
    parted = offered(terms=replace(PARTS, schedule=parts))
    assert parted.offer(1).expires_at == end_of(day("2026-03-03"))
    with refuses(ValidityOutOfBounds, "valid_days"):
        offered(closes_at=NOON)
    today = EqualPrincipal(dates=replace(MONTHLY, month=3, day=2))
    with refuses(ValidityOutOfBounds, "valid_days"):
        offered(terms=replace(PARTS, schedule=today))


def test_validity_has_bounds() -> None:
    assert (LIMITS.valid_days_low, LIMITS.valid_days_high) == (1, 15)
    for days in (0, 16):
        with refuses(ValidityOutOfBounds, "valid_days"):
            offered(valid_days=days)
    assert offered(valid_days=1).offer(1).expires_at == end_of(SIGNED + timedelta(days=1))
    assert offered(valid_days=15).offer(1).expires_at == end_of(SIGNED + timedelta(days=15))


def test_turns() -> None:
    """Nobody answers their own offer, withdraws the other's, or bids against themselves."""
    negotiation = offered()
    with rules_out(OwnOfferOpen):
        offered(negotiation, BANK)
    for act in (accept, decline):
        with rules_out(OtherSideAnswers):
            act(negotiation, BANK, 1, NOON)
    with rules_out(NotYourOffer):
        withdraw(negotiation, BORROWER, 1, NOON)
    for number in (-1, 0, 2):
        with refuses(OfferUnknown, "number"):
            accept(negotiation, BORROWER, number, NOON)
    assert negotiation.open_offer(NOON) == negotiation.offer(1)
    assert NEW.open_offer(NOON) is None


def test_a_counter_offer_is_an_answer() -> None:
    """After it the first offer is closed for good, even if the counter-offer is withdrawn."""
    countered = offered(offered(), BORROWER, PARTS)
    assert countered.state_of(1, NOON) is OfferState.COUNTERED
    withdrawn = withdraw(countered, BORROWER, 2, NOON)
    assert withdrawn.state_of(2, NOON) is OfferState.WITHDRAWN
    for negotiation in (countered, withdrawn):
        with rules_out(OfferClosed):
            accept(negotiation, BORROWER, 1, NOON)
    assert len(offered(withdrawn, BORROWER, PARTS).offers) == 3


def test_an_acceptance_binds() -> None:
    """No offer, answer or withdrawal comes after it, nor does it ever expire."""
    bound = accept(offered(), BORROWER, 1, NOON)
    assert bound.accepted == bound.offer(1)
    assert bound.answers == (Answer(number=1, reply=Reply.ACCEPTED, side=BORROWER, at=NOON),)
    for side in Side:
        with rules_out(OfferAccepted):
            offered(bound, side)
        for act in (accept, decline, withdraw):
            with rules_out(OfferAccepted):
                act(bound, side, 1, NOON + timedelta(days=90))
    assert bound.state_of(1, NOON + timedelta(days=90)) is OfferState.ACCEPTED


def test_after_a_refusal_anybody_may_offer_again() -> None:
    declined = decline(offered(), BORROWER, 1, NOON)
    assert declined.accepted is None
    assert declined.state_of(1, NOON) is OfferState.DECLINED
    assert {offered(declined, side).offers[-1].side for side in Side} == set(Side)
