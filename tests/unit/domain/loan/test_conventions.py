"""Conventions that a few days or fen hang on, each with an example computed by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.loan.card import Overdraft
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.contract import Disbursement, Instalment, LoanContract, Prepayment
from chalicelib.domain.loan.errors import InvalidSchedule
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.rates import FixedRate
from chalicelib.domain.loan.schedule import monthly
from tests.unit.domain.loan.support import card, day, g1, nonzero, pay, refuses, yuan


def _monthly(**changes: object) -> LoanContract:
    """120,000 at 6 % paid out on 1 January, 10,000 of it and the interest due on the 28th of each month."""
    opened = day("2025-01-01")
    months = [day(f"2025-{month:02}-28") for month in range(1, 12)]
    contract = g1(
        agreed_amount=yuan("120000"),
        disbursements=(Disbursement(on=opened, amount=yuan("120000")),),
        maturity=day("2025-12-28"),
        rates=(FixedRate(starts=opened, annual_percent=Decimal(6)),),
        interest_due=monthly(28),
        instalments=tuple(Instalment(on=on, amount=yuan("10000")) for on in months),
    )
    return replace(contract, **changes)  # type: ignore[arg-type]


EARLY = pay("2025-01-27", "10520")
"""A day early: the interest accrued in 26 days (520.00), then 10,000.00 of principal."""


def test_who_pays_a_day_early_is_not_overdue() -> None:
    """The 10,000 meets what is due next; one day's interest on 110,000 (18.33) is left for the 28th."""
    statement = assess_loan(_monthly(), [EARLY], day("2025-01-29"))
    assert nonzero(statement.payments[0].prepaid) == {"interest": "520.00", "principal": "10000.00"}
    assert nonzero(statement.owed) == {"interest": "18.33"}
    assert str(statement.not_yet_due.principal) == "110000.00"
    later = assess_loan(_monthly(), [EARLY, pay("2025-01-28", "18.33")], day("2025-02-27"))
    assert nonzero(later.owed) == {}
    march = assess_loan(_monthly(), [EARLY, pay("2025-01-28", "18.33")], day("2025-02-28"))
    assert str(march.owed.principal) == "10000.00"


def test_what_is_paid_ahead_meets_several_dues_in_their_order() -> None:
    """15,000 of principal ahead: nothing of January's, 5,000 of February's, all of March's is due."""
    paid = [pay("2025-01-01", "15000")]
    dues = [assess_loan(_monthly(), paid, day(on)).owed for on in ("2025-01-28", "2025-02-28", "2025-03-28")]
    assert [str(owed.principal) for owed in dues] == ["0.00", "5000.00", "15000.00"]


@pytest.mark.parametrize(
    ("term", "january", "november", "december"),
    [
        (Prepayment.NEXT_DUES, "0.00", "80000.00", "90000.00"),
        # from the end: December's and two more before it are gone
        (Prepayment.LAST_DUES, "10000.00", "90000.00", "90000.00"),
        # each of twelve dues has become 7,500
        (Prepayment.RE_SPREAD, "7500.00", "82500.00", "90000.00"),
    ],
)
def test_the_contract_says_which_dues_a_prepayment_meets(
    term: Prepayment, january: str, november: str, december: str
) -> None:
    """30,000 ahead of 120,000 in twelve dues, then nothing more."""
    contract = _monthly(prepayment=term)
    dues = [
        assess_loan(contract, [pay("2025-01-01", "30000")], day(on)).owed.principal
        for on in ("2025-01-28", "2025-11-28", "2025-12-28")
    ]
    assert list(map(str, dues)) == [january, november, december]


def test_a_second_prepayment_spreads_what_is_left() -> None:
    """7,500 each after 30,000; 11,000 more on the first due day leave 71,500 in eleven dues."""
    contract = _monthly(prepayment=Prepayment.RE_SPREAD)
    paid = [pay("2025-01-01", "30000"), pay("2025-01-28", "7905"), pay("2025-01-28", "11000", "more")]
    assert nonzero(assess_loan(contract, paid, day("2025-01-28")).payments[1].applied) == {
        "interest": "405.00",
        "principal": "7500.00",
    }
    # 82,500 - 11,000 = 71,500 in eleven dues
    assert str(assess_loan(contract, paid, day("2025-02-28")).owed.principal) == "6500.00"


def test_a_card_long_overdue_pays_principal_first() -> None:
    """155.00 of interest billed, then principal, on day 30; principal alone on day 140."""
    contract = card(
        overdrafts=(Overdraft(posted=day("2024-01-05"), due=day("2024-01-25"), amount=yuan("10000")),),
        compounding=False,
    )
    paid = [pay("2024-02-24", "2000"), pay("2024-06-13", "3000")]
    statement = assess_card(contract, paid, day("2024-07-05"))
    assert nonzero(statement.owed) == {"interest": "600.24", "principal": "5155.00"}
    assert [(each.rule.name, nonzero(each.applied)) for each in statement.payments] == [
        ("statutory_allocation", {"interest": "155.00", "principal": "1845.00"}),
        ("card_principal_first", {"principal": "3000.00"}),
    ]
    never = assess_card(replace(contract, principal_first_after_days=None), paid, day("2024-07-05"))
    assert str(never.owed.principal) == "5665.91"


@pytest.mark.parametrize(
    ("on", "first"),
    [("2024-05-25", "statutory_allocation"), ("2024-05-26", "card_principal_first")],
)
def test_principal_comes_first_from_day_91(on: str, first: str) -> None:
    """Due on 25 February; the 90th day after it is 25 May."""
    (payment,) = assess_card(card(), [pay(on, "1")], day("2024-06-01")).payments
    assert payment.rule.name == first
    shorter = card(principal_first_after_days=0)
    (early,) = assess_card(shorter, [pay("2024-02-26", "1")], day("2024-06-01")).payments
    assert early.rule.name == "card_principal_first"


def test_days_below_zero_are_refused() -> None:
    with refuses(InvalidSchedule, "principal_first_after_days"):
        card(principal_first_after_days=-1)


@pytest.mark.parametrize("as_of", ["2024-03-20", "2024-03-21"])
def test_the_cut_off_is_no_billing_day(as_of: str) -> None:
    """3,000 on 20 March meets 275.00 of billed interest and 2,725.00 of principal, whatever is asked for."""
    statement = assess_card(card(compounding=False), [pay("2024-03-20", "3000")], day(as_of))
    assert str(statement.owed.principal) == "7275.00"
    assert nonzero(statement.paid) == {"interest": "275.00", "principal": "2725.00"}


def test_an_overdraft_repaid_early_is_not_due_again() -> None:
    """A (1,000) was repaid with its interest (2.50); of B nothing is due before 25 March."""
    contract = card(
        overdrafts=(
            Overdraft(posted=day("2024-01-10"), due=day("2024-02-25"), amount=yuan("1000")),
            Overdraft(posted=day("2024-02-10"), due=day("2024-03-25"), amount=yuan("5000")),
        )
    )
    statement = assess_card(contract, [pay("2024-01-15", "1002.50")], day("2024-03-01"))
    assert nonzero(statement.owed) == {}
    assert nonzero(statement.not_yet_due) == {"interest": "50.00", "principal": "5000.00"}
    assert statement.overdue_since is None


@pytest.mark.parametrize(
    ("as_of", "since", "days", "owed", "later"),
    [
        (
            "2024-02-20",
            None,
            0,
            {},
            {"compound_interest": "0.98", "interest": "205.00", "principal": "10000.00"},
        ),
        (
            "2024-02-25",
            None,
            0,
            {"interest": "130.00", "principal": "10000.00"},
            {"compound_interest": "1.30", "interest": "100.00"},
        ),
        (
            "2024-02-26",
            "2024-02-26",
            1,
            {"compound_interest": "1.37", "interest": "235.00", "principal": "10000.00"},
            {},
        ),
    ],
)
def test_a_card_is_overdue_from_the_day_after_its_payment_day(
    as_of: str, since: str | None, days: int, owed: dict[str, str], later: dict[str, str]
) -> None:
    """Billed on the 5th, payable until the 25th; from the 26th on the claim has interest to the day."""
    statement = assess_card(card(), [], day(as_of))
    assert statement.overdue_since == (day(since) if since else None)
    assert statement.overdue_days == days
    assert (nonzero(statement.owed), nonzero(statement.not_yet_due)) == (owed, later)


def test_the_days_overdue_count_from_the_payment_day() -> None:
    """640 days from 25 February 2024 to 26 November 2025, not 660 from the statement day."""
    assert assess_card(card(), [], day("2025-11-26")).overdue_days == 640


def test_a_bill_of_the_payment_day_is_payable_on_it() -> None:
    """Statement day and payment day are both the 25th: 75.00 of interest is due on it, late on the 26th."""
    contract = card(statement_day=25)
    assert nonzero(assess_card(contract, [], day("2024-01-25")).owed) == {"interest": "75.00"}
    assert assess_card(contract, [], day("2024-01-25")).overdue_since is None
    assert assess_card(contract, [], day("2024-01-26")).overdue_since == day("2024-01-26")


def test_what_is_paid_out_on_a_due_day_is_spread_with_the_rest() -> None:
    """60,000 on 1 January and on the 28th; of 120,000 30,000 are paid ahead: 7,500 of each 10,000 are due."""
    second = (
        Disbursement(on=day("2025-01-01"), amount=yuan("60000")),
        Disbursement(on=day("2025-01-28"), amount=yuan("60000")),
    )
    contract = _monthly(prepayment=Prepayment.RE_SPREAD, disbursements=second)
    owed = assess_loan(contract, [pay("2025-01-01", "30000")], day("2025-01-28")).owed
    assert str(owed.principal) == "7500.00"


def test_each_segment_says_what_it_is_reckoned_on() -> None:
    """Golden case 1: interest and penalty on the principal, compound interest on the interest."""
    segments = assess_loan(g1(), [], day("2022-09-30")).segments
    found = {(each.line.component.value, each.line.source.value) for each in segments}
    assert found == {
        ("interest", "principal"),
        ("penalty_interest", "principal"),
        ("compound_interest", "interest"),
    }
