"""What payments are applied to, in which order, and what is left of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.domain.loan.charges import Charge, cost
from chalicelib.domain.loan.components import STATUTORY_ORDER, Amounts, Component
from chalicelib.domain.loan.errors import AmountOutOfBounds, DuplicateReference, PaymentBeforeDisbursement
from chalicelib.domain.loan.legal import COSTS_OF_ENFORCING
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.money import ZERO
from tests.unit.domain.loan.support import G2_CUT_OFF, day, g1, g2, nonzero, pay, refuses, rows, yuan

PRINCIPAL_FIRST = (
    Component.PRINCIPAL,
    Component.INTEREST,
    Component.COSTS,
    Component.FEES,
    Component.COMPOUND_INTEREST,
    Component.PENALTY_INTEREST,
    Component.BREACH_FEE,
)


def test_the_statutory_order() -> None:
    """Costs, then interest (compound, penalty, contract), then principal (Civil Code 561)."""
    assert STATUTORY_ORDER == (
        Component.COSTS,
        Component.FEES,
        Component.COMPOUND_INTEREST,
        Component.PENALTY_INTEREST,
        Component.BREACH_FEE,
        Component.INTEREST,
        Component.PRINCIPAL,
    )


@pytest.mark.parametrize(
    ("amount", "applied"),
    [
        ("800", {"costs": "800.00"}),
        ("1100", {"costs": "1000.00", "compound_interest": "100.00"}),
        ("1500", {"costs": "1000.00", "compound_interest": "316.79", "penalty_interest": "183.21"}),
        (
            "15000",
            {
                "costs": "1000.00",
                "compound_interest": "316.79",
                "penalty_interest": "9574.83",
                "interest": "4108.38",
            },
        ),
        (
            "20000",
            {
                "costs": "1000.00",
                "compound_interest": "316.79",
                "penalty_interest": "9574.83",
                "interest": "4446.66",
                "principal": "4661.72",
            },
        ),
    ],
)
def test_a_partial_payment_fills_one_component_after_the_other(amount: str, applied: dict[str, str]) -> None:
    costs = [cost(day("2025-06-01"), yuan("1000"), "lawyer")]
    statement = assess_loan(g2(), [pay("2025-06-30", amount)], G2_CUT_OFF, costs=costs)
    (payment,) = statement.payments
    assert nonzero(payment.applied) == applied
    assert payment.prepaid == Amounts()
    assert payment.overpaid == ZERO
    assert payment.rule.name == "statutory_allocation"


def test_an_agreed_order_replaces_the_statutory_one() -> None:
    """Principal first, as some agreements say; the statement says that it was agreed."""
    contract = g2(allocation_order=PRINCIPAL_FIRST)
    statement = assess_loan(contract, [pay("2025-06-30", "152000")], G2_CUT_OFF)
    (payment,) = statement.payments
    assert nonzero(payment.applied) == {"principal": "150000.00", "interest": "2000.00"}
    assert payment.rule.name == "agreed_allocation"


def test_interest_paid_late_stops_compounding() -> None:
    """The oldest interest first; what is left of it compounds on from the payment day."""
    statement = assess_loan(g2(), [pay("2024-07-20", "1010.75")], day("2024-09-20"))
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2024-06-20", "2024-07-20", 30, "2223.33", Decimal("5.80"), "10.75"),
        ("2024-07-20", "2024-09-20", 62, "1223.33", Decimal("5.80"), "12.22"),
    ]
    assert nonzero(statement.paid) == {"compound_interest": "10.75", "interest": "1000.00"}
    assert nonzero(statement.owed) == {
        "compound_interest": "12.22",
        "interest": "3446.66",
        "principal": "150000.00",
    }


def test_a_payment_on_the_due_day_is_in_time() -> None:
    """Interest due on a day and paid on it is never overdue."""
    statement = assess_loan(g2(), [pay("2024-06-20", "2223.33")], day("2024-09-19"))
    assert (nonzero(statement.owed), statement.of(Component.COMPOUND_INTEREST)) == ({}, ())


def test_what_is_due_comes_before_what_is_not() -> None:
    """In mid-period: first the interest overdue, then interest accrued so far, then principal in advance."""
    statement = assess_loan(g2(), [pay("2024-07-20", "52958.08")], day("2024-09-20"))
    (payment,) = statement.payments
    assert nonzero(payment.applied) == {"compound_interest": "10.75", "interest": "2223.33"}
    assert nonzero(payment.prepaid) == {"interest": "725.00", "principal": "49999.00"}
    assert rows(statement, Component.INTEREST)[1:] == [
        ("2024-06-20", "2024-07-20", 30, "150000.00", Decimal("5.80"), "725.00"),
        ("2024-07-20", "2024-09-20", 62, "100001.00", Decimal("5.80"), "998.90"),
    ]
    assert nonzero(statement.owed) == {"interest": "998.90", "principal": "100001.00"}


def test_a_payment_beyond_everything_is_reported() -> None:
    """The rest is overpaid: not applied, not lost, and nothing accrues any more."""
    statement = assess_loan(g1(), [pay("2022-03-21", "107330.57")], day("2023-01-01"))
    assert str(statement.overpaid) == "0.01"
    assert str(statement.paid.total) == "107330.56"
    assert nonzero(statement.owed) == {}


def test_two_payments_of_one_day_are_one_payment() -> None:
    """They add up whatever their order; by reference it is always the same one."""
    parts = [pay("2025-01-01", "5000", "b"), pay("2025-01-01", "3000", "a")]
    statement = assess_loan(g2(), parts, G2_CUT_OFF)
    whole = assess_loan(g2(), [pay("2025-01-01", "8000")], G2_CUT_OFF)
    assert [payment.payment.reference for payment in statement.payments] == ["a", "b"]
    assert (statement.owed, statement.segments) == (whole.owed, whole.segments)


def test_entries_are_taken_by_day_before_reference() -> None:
    """A reference says nothing of time: the earlier payment and the earlier cost come first."""
    payments = [pay("2024-08-20", "100", "a"), pay("2024-07-20", "1500", "b")]
    costs = [cost(day("2025-01-01"), yuan("1"), "a"), cost(day("2024-10-01"), yuan("1"), "b")]
    statement = assess_loan(g2(), payments, G2_CUT_OFF, costs=costs)
    assert [payment.payment.on.isoformat() for payment in statement.payments] == ["2024-07-20", "2024-08-20"]
    assert [charge.reference for charge in statement.charges] == ["b", "a"]
    earlier = assess_loan(g2(), payments, day("2024-07-20"))
    assert [payment.reference for payment in earlier.later_payments] == ["a"]
    assert [nonzero(payment.applied) for payment in earlier.payments] == [
        {"compound_interest": "10.75", "interest": "1489.25"}
    ]


def test_the_cut_off_day_counts_and_later_days_are_listed() -> None:
    """Entries of the cut-off day count; those after it are shown, not counted."""
    payments = [pay("2025-06-30", "100"), pay("2025-07-01", "200")]
    costs = [cost(day("2025-06-30"), yuan("40"), "a"), cost(day("2025-07-01"), yuan("50"), "b")]
    statement = assess_loan(g2(), payments, G2_CUT_OFF, costs=costs)
    assert [payment.payment for payment in statement.payments] == payments[:1]
    assert statement.later_payments == (payments[1],)
    assert (statement.charges, statement.later_charges) == ((costs[0],), (costs[1],))
    assert nonzero(statement.paid) == {"costs": "40.00", "compound_interest": "60.00"}


def test_costs_are_owed_but_bear_no_interest() -> None:
    statement = assess_loan(
        g2(),
        [],
        G2_CUT_OFF,
        costs=[cost(day("2024-10-01"), yuan("30"), "b"), cost(day("2024-09-01"), yuan("70"), "a")],
    )
    assert statement.segments == assess_loan(g2(), [], G2_CUT_OFF).segments
    assert str(statement.owed.costs) == str(statement.claim().fees) == "100.00"
    assert [charge.reference for charge in statement.charges] == ["a", "b"]
    assert {charge.rule for charge in statement.charges} == {COSTS_OF_ENFORCING}


def test_a_payment_before_the_disbursement_is_refused() -> None:
    assess_loan(g2(), [pay("2024-03-20", "1")], G2_CUT_OFF)
    with refuses(PaymentBeforeDisbursement, "payments.on"):
        assess_loan(g2(), [pay("2024-03-19", "1")], G2_CUT_OFF)


def test_a_cost_before_the_disbursement_is_refused() -> None:
    assess_loan(g2(), [], G2_CUT_OFF, costs=[cost(day("2024-03-20"), yuan("1"), "a")])
    with refuses(PaymentBeforeDisbursement, "charges.on"):
        assess_loan(g2(), [], G2_CUT_OFF, costs=[cost(day("2024-03-19"), yuan("1"), "a")])


def test_the_same_reference_twice_is_refused() -> None:
    """It is probably the same payment, recorded twice."""
    with refuses(DuplicateReference, "payments.reference"):
        assess_loan(g2(), [pay("2024-06-20", "1", "x"), pay("2024-06-21", "1", "x")], G2_CUT_OFF)
    with refuses(DuplicateReference, "charges.reference"):
        assess_loan(g2(), [], G2_CUT_OFF, costs=[cost(day("2024-06-20"), yuan("1"), "x")] * 2)


@pytest.mark.parametrize("amount", ["0", "-0.01"])
def test_an_amount_that_is_not_positive_is_refused(amount: str) -> None:
    with refuses(AmountOutOfBounds, "payments.amount"):
        pay("2024-06-20", amount)
    with refuses(AmountOutOfBounds, "charges.amount"):
        Charge(
            on=day("2024-06-20"),
            component=Component.COSTS,
            amount=yuan(amount),
            reference="x",
            rule=COSTS_OF_ENFORCING,
        )
