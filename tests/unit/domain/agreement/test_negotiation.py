"""Negotiation: whose turn it is, what lapses, what binds, under whose policy, and that no court sees it."""

from __future__ import annotations

import inspect
import json
from collections import abc
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.domain import dossier
from chalicelib.domain.agreement.errors import (
    AgreementError,
    AgreementRefused,
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
from chalicelib.domain.agreement.offer import Figures, Offer, OfferTerms
from chalicelib.domain.agreement.plan import Plan
from chalicelib.domain.agreement.schedules import (
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
)
from chalicelib.domain.calendar import end_of
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import Concession, Repayment, Tier, Waiver
from chalicelib.domain.loan.errors import AmountOutOfBounds, LoanError, PolicyNotInForce, TierNotApplicable
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.parties import Side
from chalicelib.domain.transfer import Transfer
from tests.support.builders import CASE_ID, details_of, filed
from tests.unit.domain.agreement.support import (
    BOOK,
    LUMP,
    MONTHLY,
    NOON,
    OWED,
    PARTS,
    SIGNED,
    debts,
    refuses,
    rules_out,
    schedules,
)
from tests.unit.domain.loan.support import day, yuan
from tests.unit.domain.test_dossier import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from chalicelib.domain.errors import HubError
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


# --- any sequence ----------------------------------------------------------------------------------


class Bargaining(RuleBasedStateMachine):
    """Two sides who try anything at any time."""

    @initialize(owed=debts)
    def begin(self, owed: Amounts) -> None:
        """Nothing was offered yet."""
        self.at, self.negotiation = NOON, Negotiation(owed=owed)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        """Offers expire."""
        self.at += timedelta(hours=hours)

    @rule(side=st.sampled_from(Side), schedule=schedules(), days=st.integers(0, 16))
    def somebody_offers(self, side: Side, schedule: Any, days: int) -> None:
        """Take an offer only without an acceptance and without an open one of the same side."""
        terms = OfferTerms(tier=schedule.repayment.value, schedule=schedule)
        waiting = self.negotiation.open_offer(self.at)
        before = self.negotiation
        answer = self._try(lambda: offered(before, side, terms, self.at, days))
        assert isinstance(answer, OfferAccepted) is (before.accepted is not None)
        assert isinstance(answer, OwnOfferOpen) is (waiting is not None and waiting.side is side)
        if not isinstance(answer, Negotiation):
            return
        self.negotiation = answer
        assert self.negotiation.offers[:-1] == before.offers
        assert self.negotiation.open_offer(self.at) == self.negotiation.offers[-1]
        if waiting:
            assert self.negotiation.state_of(waiting.number, self.at) is OfferState.COUNTERED

    @rule(
        side=st.sampled_from(Side),
        act=st.sampled_from([accept, decline, withdraw]),
        number=st.integers(-1, 6),
        latest=st.booleans(),
    )
    def somebody_answers(self, side: Side, act: Any, number: int, latest: bool) -> None:
        """Take answers to the open offer only: a withdrawal from its side, all else from the other."""
        number = len(self.negotiation.offers) if latest else number
        before, waiting = self.negotiation, self.negotiation.open_offer(self.at)
        fits = waiting is not None and waiting.number == number
        fits = fits and waiting is not None and (waiting.side is side) is (act is withdraw)
        answer = self._try(lambda: act(before, side, number, self.at))
        assert isinstance(answer, Negotiation) is fits
        if not isinstance(answer, Negotiation):
            assert isinstance(answer, OfferUnknown | AgreementRefused)
            return
        self.negotiation = answer
        assert self.negotiation.answers[:-1] == before.answers
        assert self.negotiation.open_offer(self.at) is None

    @invariant()
    def one_open_offer_at_most(self) -> None:
        """Only the latest offer can be open, never an expired one; an acceptance leaves none."""
        if not hasattr(self, "negotiation"):
            return
        states = [self.negotiation.state_of(offer.number, self.at) for offer in self.negotiation.offers]
        assert OfferState.OPEN not in states[:-1]
        if OfferState.OPEN in states:
            assert self.at < self.negotiation.offers[-1].expires_at
            assert self.negotiation.accepted is None
        assert states.count(OfferState.ACCEPTED) == (1 if self.negotiation.accepted else 0)
        for offer in self.negotiation.offers:
            self._fair(offer)

    def _fair(self, offer: Offer) -> None:
        figures, conceded = offer.figures, offer.concession
        for line in conceded.lines:
            assert line.waived + line.kept == line.original == self.negotiation.owed[line.component]
        assert figures.owed == self.negotiation.owed.total == conceded.kept.total + figures.waived
        assert figures.total == conceded.kept.total + figures.interest
        assert figures.saving == figures.waived - figures.interest
        assert offer.made_at < offer.expires_at <= end_of(figures.first_due)

    def _try(self, act: Callable[[], Negotiation]) -> Negotiation | HubError:
        try:
            return act()
        except (AgreementError, AgreementRefused, LoanError) as refusal:
            return refusal


Bargaining.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestBargaining = Bargaining.TestCase


# --- confidential by type --------------------------------------------------------------------------

CONFIDENTIAL: Final = {Offer, OfferTerms, Negotiation, Answer, Figures, Concession, Plan}


def _hints(thing: Any) -> dict[str, Any]:
    return get_type_hints(thing, localns={**vars(abc), **names()})


def _reachable(*roots: Any) -> set[Any]:
    queue, met = list(roots), set()
    while queue:
        current = queue.pop()
        if current in met:
            continue
        met.add(current)
        queue.extend(get_args(current))
        if isinstance(current, type) and is_dataclass(current):
            hints = _hints(current)
            queue.extend(hints[entry.name] for entry in fields(current))
    return met


def test_no_path_leads_from_an_offer_into_a_dossier() -> None:
    """No type of the dossier and no argument of any of its functions can hold anything negotiated (TY22)."""
    functions = [each for _, each in inspect.getmembers(dossier, inspect.isfunction)]
    own = [each for each in functions if each.__module__ == dossier.__name__]
    assert dossier.documents in own
    roots: list[Any] = [dossier.DossierFacts, dossier.ChainSeal, dossier.DossierDocument]
    for function in own:
        roots += _hints(function).values()
    held = _reachable(*roots)
    assert Amounts not in held
    assert not CONFIDENTIAL & held
    assert _reachable(Negotiation, OfferTerms, Figures, Plan) >= CONFIDENTIAL  # the walk goes deep


@given(st.lists(st.tuples(schedules(), st.booleans()), min_size=1, max_size=4), debts)
def test_nothing_negotiated_is_told_to_a_court(drawn: list[tuple[Any, bool]], owed: Amounts) -> None:
    """Whatever was offered, the dossier's figures are the claim's alone, and no repr tells an offer."""
    negotiation = Negotiation(owed=owed)
    for number, (schedule, declined) in enumerate(drawn):
        terms = OfferTerms(tier=schedule.repayment.value, schedule=schedule)
        side = (BANK, BORROWER)[number % 2]
        try:
            negotiation = offered(negotiation, side, terms, NOON + timedelta(minutes=number))
        except AgreementError:
            continue
        if declined:
            negotiation = decline(negotiation, _other(side), len(negotiation.offers), NOON)
    case = replace(filed().case, transfer=Transfer(transfer_id=f"{CASE_ID}-T1", attempt=1))
    facts = dossier.facts_for_court(case, [details_of("a1"), details_of("r1")])
    seal = dossier.ChainSeal(events=1, handed_over_at=NOON, head="0" * 64)
    written = b"".join(each.content for each in dossier.documents(facts, seal)).decode()
    claimed = set(dossier.claim_figures(case.claim).values())
    for secret in _secrets(negotiation) - claimed:
        assert f'"{secret}"' not in written
        assert secret not in repr(negotiation)
    assert all(key not in written for key in ("offer", "waived", "concession", "tier", "plan"))


def _other(side: Side) -> Side:
    return BORROWER if side is BANK else BANK


def _secrets(negotiation: Negotiation) -> set[str]:
    amounts = {amount for offer in negotiation.offers for amount in _amounts(offer)}
    return {str(amount) for amount in amounts if amount > yuan("1000")}


def _amounts(offer: Offer) -> Iterator[Money]:
    yield from (offer.figures.total, offer.figures.waived, offer.figures.monthly_burden)
    yield from (line.amount for line in offer.plan.lines)
    yield from (line.waived for line in offer.concession.lines)


def test_no_repr_tells_what_was_offered() -> None:
    """An offer in a log line is a number."""
    negotiation = decline(offered(), BORROWER, 1, NOON)
    texts = [repr(each) for each in (negotiation, *negotiation.offers, *negotiation.answers, LUMP)]
    assert texts == ["Negotiation(1 offers, ...)", "Offer(1, ...)", "Answer(1, ...)", "OfferTerms(...)"]
    assert json.dumps(texts)


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
