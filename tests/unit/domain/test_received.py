"""Payments outside an agreement in force, in sums counted by hand: what remains, too much, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain import received
from chalicelib.domain.agreement.confirmation import Confirmation
from chalicelib.domain.agreement.errors import OverpaymentDiffers, PaymentDateImpossible
from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.performance import DefaultDeclared, Reversal
from chalicelib.domain.agreement.schedules import LumpSum
from chalicelib.domain.agreement.settlement import (
    BeforeSuit,
    Settlement,
    begun_anew,
    owed_again,
    put_in_force,
    unsigned,
)
from chalicelib.domain.agreement.signing import Signature, Signing, SigningRefusal
from chalicelib.domain.claim import Claim
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.money import ZERO
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import OfferStanding
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import Transfer
from tests.support.builders import filed
from tests.unit.domain.agreement.support import OWED, agreed, day, paid, refuses, yuan
from tests.unit.domain.loan.support import g1, nonzero, pay

if TYPE_CHECKING:
    from chalicelib.domain.agreement.performance import Entry
    from chalicelib.domain.case import Case

CLAIM: Final = Claim(
    principal=yuan("1000"),
    interest=yuan("100"),
    penalty_interest=yuan("20"),
    compound_interest=yuan("3"),
    fees=yuan("50"),
    as_of=date(2026, 3, 2),
)
"""1,173.00 in all."""
CASE: Final = replace(filed().case, stage=Stage.IN_MEDIATION, claim=CLAIM)
SENT: Final = replace(CASE, stage=Stage.SUBMITTED, transfer=Transfer(transfer_id="T1", attempt=1))
TODAY: Final = date(2026, 4, 20)
NOON: Final = datetime(2026, 4, 20, 4, tzinfo=UTC)
A, B, C = paid("2026-04-10", "60", "a"), paid("2026-04-12", "20", "b"), paid("2026-04-14", "7", "c")
LOAN: Final = Debt(contract=g1())
"""Golden case 1: 100,000 of principal and 7,330.56 of interest are due on 2022-03-21."""


def settlement(*entries: Entry, **fields: Any) -> Settlement:
    """Return a round about golden case 1 in which this was recorded."""
    return Settlement(negotiation=Negotiation(owed=OWED), entries=entries, **fields)


def test_what_was_paid_comes_off_the_claim_in_the_order_of_the_law() -> None:
    """60.00: 50.00 of costs, 3.00 of compound interest, 7.00 of penalty interest (Civil Code 561)."""
    assert received.owed_now(CASE, settlement(), TODAY) == Amounts.from_claim(CLAIM)
    owed = received.owed_now(CASE, settlement(A), TODAY)
    assert nonzero(owed) == {"penalty_interest": "13.00", "interest": "100.00", "principal": "1000.00"}
    back = settlement(A, Reversal(reference="a", on=TODAY))
    assert received.owed_now(CASE, back, TODAY) == Amounts.from_claim(CLAIM)


def test_with_the_debt_known_a_payment_counts_from_its_day() -> None:
    """The interest paid when it was due bears none; penalty of 193 days on 100,000: 5,830.21."""
    on = day("2022-09-30")
    once = settlement(pay("2022-03-21", "7330.56"))
    assert nonzero(received.owed_now(CASE, once, on, LOAN)) == {
        "penalty_interest": "5830.21",
        "principal": "100000.00",
    }
    assert received.outstanding(CASE, once, on, LOAN) == yuan("105830.21")
    assert received.owed_now(CASE, settlement(), on, LOAN) == Amounts.from_claim(CLAIM)


def _in_force(case: Case) -> Case:
    return replace(case, confirmation=Confirmation(in_force_at=NOON))


def test_what_remains_is_of_the_claim_of_the_agreement_or_of_the_suit() -> None:
    """Of the claim 1,173.00 - 60.00 - 20.00; of the agreement 107,330.56 - 80.00; of what was sued for.

    A suit claims what is left: with 60.00 taken off before, 1,173.00 is what the court was asked for, and
    20.00 come off that. If the 60.00 bounce, they are owed as well.
    """
    agreement = agreed(LumpSum(day("2026-04-15")))
    with_both = settlement(A, B, agreement=agreement)
    assert received.outstanding(CASE, with_both, TODAY) == yuan("1093")
    assert received.outstanding(_in_force(CASE), with_both, TODAY) == yuan("107250.56")
    assert received.outstanding(SENT, with_both, TODAY) == yuan("1093")
    taken_off = replace(with_both, deducted=1)
    assert received.outstanding(SENT, taken_off, TODAY) == yuan("1153")
    assert received.outstanding(_in_force(SENT), taken_off, TODAY) == yuan("1153")
    bounced = replace(taken_off, entries=(A, B, Reversal(reference="a", on=TODAY)))
    assert received.outstanding(SENT, bounced, TODAY) == yuan("1213")
    more = settlement(paid("2026-04-10", "1173.01", "all"))
    assert received.outstanding(SENT, more, TODAY) == ZERO


@pytest.mark.parametrize(
    ("case", "expected"), [(CASE, True), (_in_force(CASE), False), (SENT, False), (_in_force(SENT), False)]
)
def test_a_rest_of_the_claim_is_neither_of_an_agreement_nor_of_a_suit(case: Case, expected: bool) -> None:
    assert received.of_the_claim(case) is expected


def test_a_case_is_paid_up_when_nothing_remains_nor_falls_due() -> None:
    """A loan with nothing due yet is not paid up; 107,330.56 on the day it is due are everything."""
    assert not received.paid_up(CASE, settlement(paid("2026-04-10", "1172.99")), TODAY, None)
    assert received.paid_up(CASE, settlement(paid("2026-04-10", "1173")), TODAY, None)
    early = settlement(pay("2021-04-01", "100"))
    assert not received.paid_up(CASE, early, day("2021-06-01"), LOAN)
    whole = settlement(pay("2022-03-21", "107330.56"))
    assert received.paid_up(CASE, whole, day("2022-09-30"), LOAN)
    short = settlement(pay("2022-03-21", "107330.55"))
    assert not received.paid_up(CASE, short, day("2022-09-30"), LOAN)


@pytest.mark.parametrize(
    ("amount", "stated", "excess"),
    [
        ("1113", "0", None),
        ("1113.01", "0", "0.01"),
        ("1113.01", "0.01", None),
        ("1113", "0.01", "0.00"),
        ("2000", "886.99", "887.00"),
    ],
)
def test_more_than_remains_is_said_to_the_fen(amount: str, stated: str, excess: str | None) -> None:
    """60.00 of 1,173.00 are paid: what is beyond 1,113.00 has to be stated, neither more nor less."""
    before, more = settlement(A), paid("2026-04-20", amount, "b")
    if excess is None:
        after = received.receive(CASE, before, more, yuan(stated), TODAY, None)
        assert after == settlement(A, more)
        return
    with refuses(OverpaymentDiffers, "overpayment"):
        received.receive(CASE, before, more, yuan(stated), TODAY, None)
    with pytest.raises(OverpaymentDiffers) as refused:
        received.receive(CASE, before, more, yuan(stated), TODAY, None)
    assert str(refused.value.values["excess"]) == excess


def test_with_the_debt_known_more_than_remains_today_is_said() -> None:
    """105,830.21 remain on 2022-09-30, as above, and not what was claimed."""
    on = day("2022-09-30")
    before, more = settlement(pay("2022-03-21", "7330.56", "a")), pay("2022-09-30", "105830.22", "b")
    assert received.receive(CASE, before, more, yuan("0.01"), on, LOAN).entries[-1] == more
    with refuses(OverpaymentDiffers, "overpayment"):
        received.receive(CASE, before, more, ZERO, on, LOAN)


def test_a_payment_is_made_between_the_first_day_of_the_debt_and_today() -> None:
    """The loan was paid out on 2021-03-22; a day before that, and a day to come, are slips."""
    first, slip = pay("2021-03-22", "100", "a"), pay("2021-03-21", "100", "a")
    received.check_day(slip, None)
    assert received.receive(CASE, settlement(), first, ZERO, TODAY, LOAN).entries == (first,)
    with refuses(PaymentDateImpossible, "on"):
        received.receive(CASE, settlement(), slip, ZERO, TODAY, LOAN)
    with pytest.raises(PaymentDateImpossible) as refused:
        received.check_day(slip, LOAN)
    assert refused.value.values == {"given": date(2021, 3, 21), "bounds": ">= 2021-03-22"}
    with refuses(PaymentDateImpossible, "on"):
        received.receive(CASE, settlement(), paid("2026-04-21", "1"), ZERO, TODAY, None)


def test_a_payment_is_taken_back_on_the_day_in_china() -> None:
    """At 16:00 UTC the next day begins there."""
    before = settlement(A, B)
    for at, on in (
        (datetime(2026, 4, 20, 15, 59, tzinfo=UTC), 20),
        (datetime(2026, 4, 20, 16, tzinfo=UTC), 21),
    ):
        back = Reversal(reference="a", on=date(2026, 4, on))
        assert received.take_back(before, "a", at) == settlement(A, B, back)


def test_what_an_offer_that_stands_deducts_is_deducted() -> None:
    """Beside what earlier rounds had; an offer that is over deducts nothing any more."""
    round_two = settlement(A, B, carried=(C,), deducted=1)
    offer = OfferStanding(number=1, side=Side.APPLICANT, expires_at=datetime(2026, 4, 21, tzinfo=UTC))
    assert received.deducted_now(replace(CASE, offer=offer), round_two, NOON) == (C, A)
    assert received.deducted_now(CASE, round_two, NOON) == (C,)
    assert received.deducted_now(replace(CASE, offer=offer), round_two, offer.expires_at) == (C,)
    undeducted = settlement(A, B)
    assert (undeducted.taken_off, undeducted.of_the_offer) == ((), ())


def test_a_suit_takes_off_everything_and_remembers_how_it_was() -> None:
    """Where nothing was recorded, nothing changes."""
    assert received.deducted(CASE, settlement()) is None
    before = settlement(A, B, deducted=1)
    after = received.deducted(CASE, before)
    assert after == replace(before, deducted=2, before_suit=BeforeSuit(claim=CLAIM, deducted=1))
    assert after is not None
    assert (after.taken_off, after.of_the_offer) == ((A, B), (A,))


def test_a_case_that_comes_back_from_the_court_has_its_claim_again() -> None:
    """A payment since then comes off it as any other."""
    sued = received.deducted(CASE, settlement(A, deducted=1))
    assert sued is not None
    smaller = replace(
        SENT, claim=replace(CLAIM, fees=ZERO, compound_interest=ZERO, penalty_interest=yuan("13"))
    )
    since = replace(sued, entries=(*sued.entries, B))
    assert received.given_back(smaller, since) == (settlement(A, B, deducted=1), CLAIM)
    assert received.given_back(replace(smaller, transfer=None), since) == (since, smaller.claim)
    nothing = settlement(B)
    assert received.given_back(smaller, nothing) == (nothing, smaller.claim)


def test_what_an_earlier_release_deducted_stays_deducted() -> None:
    """It did not store how it was: the payment is one of an earlier round, and the claim is what is left."""
    smaller = replace(
        SENT, claim=replace(CLAIM, fees=ZERO, compound_interest=ZERO, penalty_interest=yuan("13"))
    )
    old = settlement(A, B, carried=(C,), deducted=1)
    left = Negotiation(owed=Amounts.from_claim(smaller.claim))
    expected = Settlement(negotiation=left, entries=(B,), carried=(C, A))
    assert received.given_back(smaller, old) == (expected, smaller.claim)
    sued = settlement(A, B, deducted=1, before_suit=BeforeSuit(claim=CLAIM))
    assert sued.carried_over() == settlement(B, carried=(A,))


def test_who_objects_to_its_signature_is_asked_again() -> None:
    """Its word is gone and so is what rested on it, a default; what others signed and what was paid stays."""
    signatures = tuple(
        Signature(
            party_id=party, at=NOON, channel=Channel.ONLINE, document_sha256="d" * 64, code_verified=True
        )
        for party in ("a1", "r1")
    )
    signing = Signing(document_sha256="d" * 64, party_ids=frozenset({"a1", "r1"}), signatures=signatures)
    before = settlement(A, DefaultDeclared(line=1, on=TODAY), B, agreement=agreed(), signing=signing)
    after = unsigned(before, "r1")
    assert after == replace(before, entries=(A, B), signing=replace(signing, signatures=signatures[:1]))
    assert after.to_sign.awaited == {"r1"}
    refusal = SigningRefusal(party_id="r1", at=NOON)
    refused = replace(before, signing=replace(signing, signatures=signatures[:1], refusal=refusal))
    assert unsigned(refused, "r1") == after


def test_what_was_paid_since_the_offer_was_paid_under_the_agreement() -> None:
    """And what the offer had deducted is a payment of before."""
    signed = settlement(A, B, agreement=agreed(), carried=(C,), deducted=1)
    after = put_in_force(signed)
    assert (after.entries, after.carried, after.deducted) == ((B,), (C, A), None)


def test_what_is_owed_again_runs_on_if_the_debt_is_known() -> None:
    """The waiver ends with the agreement: golden case 1 to 2022-09-30, less the interest paid when due."""
    before = settlement(pay("2022-03-21", "7330.56"), agreement=agreed())
    owed = owed_again(before, day("2022-09-30"), LOAN)
    assert nonzero(owed) == {"penalty_interest": "5830.21", "principal": "100000.00"}


def test_a_round_that_begins_anew_keeps_what_was_paid() -> None:
    """About what is owed, or, where that is not known, what was negotiated about."""
    before = settlement(A, B, Reversal(reference="a", on=TODAY), carried=(C,), agreement=agreed(), deducted=2)
    again = begun_anew(before, Amounts.from_claim(CLAIM))
    assert again == Settlement(negotiation=Negotiation(owed=Amounts.from_claim(CLAIM)), carried=(C, B))
    assert begun_anew(before) == Settlement(negotiation=Negotiation(owed=OWED), carried=(C, B))
