"""What happened to a loan: drawdowns, instalments, misuse, acceleration; each by hand, to the fen."""

from __future__ import annotations

from decimal import Decimal

from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.contract import Disbursement, Instalment
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.schedule import ExplicitDays, quarterly
from tests.unit.domain.loan.support import day, g1, g2, nonzero, pay, rows, yuan


def test_principal_is_what_was_really_paid_out() -> None:
    """Interest withheld from the disbursement is not principal (Civil Code 670)."""
    withheld = Disbursement(on=day("2021-03-22"), amount=yuan("100000"), withheld=yuan("7250"))
    statement = assess_loan(g1(disbursements=(withheld,)), [], day("2022-03-21"))
    assert str(statement.owed.principal) == "92750.00"
    assert rows(statement, Component.INTEREST)[0][3:] == ("92750.00", Decimal("7.25"), "6799.09")
    assert [(part.on, part.amount, part.rule.article) for part in statement.drawdowns] == [
        (day("2021-03-22"), yuan("92750"), "民法典 670")
    ]


def test_each_drawdown_bears_interest_from_its_own_day() -> None:
    """A second pay-out within the term; listed in any order, told by day."""
    second = Disbursement(on=day("2021-06-20"), amount=yuan("40000"))
    first = Disbursement(on=day("2021-03-22"), amount=yuan("60000"))
    contract = g1(disbursements=(second, first))
    statement = assess_loan(contract, [], day("2021-12-20"))
    assert rows(statement, Component.INTEREST) == [
        ("2021-03-22", "2021-06-20", 90, "60000.00", Decimal("7.25"), "1087.50"),
        ("2021-06-20", "2021-12-20", 183, "100000.00", Decimal("7.25"), "3685.42"),
    ]
    assert [part.on for part in statement.drawdowns] == [day("2021-03-22"), day("2021-06-20")]
    assert (contract.opens, contract.principal) == (day("2021-03-22"), yuan("100000"))


def test_a_drawdown_after_the_cut_off_does_not_count() -> None:
    second = Disbursement(on=day("2021-06-20"), amount=yuan("40000"))
    first = Disbursement(on=day("2021-03-22"), amount=yuan("60000"))
    statement = assess_loan(g1(disbursements=(first, second)), [], day("2021-06-19"))
    assert len(statement.drawdowns) == 1
    assert statement.not_yet_due == Amounts(principal=yuan("60000"), interest=yuan("1075.42"))
    on_its_day = assess_loan(g1(disbursements=(first, second)), [], day("2021-06-20"))
    assert on_its_day.not_yet_due == Amounts(principal=yuan("100000"), interest=yuan("1087.50"))


def test_before_a_due_day_nothing_can_be_demanded() -> None:
    """Interest of the running period is accrued, not due; on the due day it is due, not yet overdue."""
    before = assess_loan(g2(), [], day("2024-06-19"))
    assert (nonzero(before.owed), before.overdue_since, before.overdue_days) == ({}, None, 0)
    assert before.not_yet_due == Amounts(principal=yuan("150000"), interest=yuan("2199.17"))
    on_it = assess_loan(g2(), [], day("2024-06-20"))
    assert nonzero(on_it.owed) == {"interest": "2223.33"}
    assert (on_it.overdue_since, on_it.overdue_days) == (None, 0)
    after = assess_loan(g2(), [], day("2024-06-21"))
    assert (after.overdue_since, after.overdue_days) == (day("2024-06-21"), 1)


def test_a_missed_instalment_bears_penalty_and_the_rest_interest() -> None:
    """From its due day, the instalment bears the penalty rate; the principal not due bears interest."""
    contract = g2(instalments=(Instalment(on=day("2024-06-20"), amount=yuan("50000")),))
    statement = assess_loan(contract, [], day("2024-09-20"))
    assert rows(statement, Component.INTEREST) == [
        ("2024-03-20", "2024-06-20", 92, "150000.00", Decimal("5.80"), "2223.33"),
        ("2024-06-20", "2024-09-20", 92, "100000.00", Decimal("5.80"), "1482.22"),
    ]
    assert rows(statement, Component.PENALTY_INTEREST) == [
        ("2024-06-20", "2024-09-20", 92, "50000.00", Decimal("8.12"), "1037.56"),
    ]
    assert str(statement.owed.principal) == "150000.00"


def test_a_plan_may_list_its_last_instalment_too() -> None:
    """What instalments do not cover is due at maturity, so the last may be listed or left out."""
    listed = (
        Instalment(on=day("2024-06-20"), amount=yuan("50000")),
        Instalment(on=day("2024-09-20"), amount=yuan("100000")),
    )
    for cut_off in (day("2024-06-20"), day("2024-09-20"), day("2025-06-30")):
        in_full = assess_loan(g2(instalments=listed), [], cut_off)
        assert in_full == assess_loan(g2(instalments=listed[:1]), [], cut_off)


def test_in_term_compounding_does_not_end_with_a_missed_instalment() -> None:
    """Only the end of the term brings the penalty rate on unpaid interest."""
    contract = g2(instalments=(Instalment(on=day("2024-06-20"), amount=yuan("50000")),))
    statement = assess_loan(contract, [], day("2024-09-20"))
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2024-06-20", "2024-09-20", 92, "2223.33", Decimal("5.80"), "32.95")
    ]


def test_an_instalment_in_mid_period_splits_the_interest() -> None:
    """The period's interest is the sum of its segments and falls due as one."""
    contract = g2(instalments=(Instalment(on=day("2024-04-19"), amount=yuan("50000")),))
    statement = assess_loan(contract, [], day("2024-06-20"))
    assert rows(statement, Component.INTEREST) == [
        ("2024-03-20", "2024-04-19", 30, "150000.00", Decimal("5.80"), "725.00"),
        ("2024-04-19", "2024-06-20", 62, "100000.00", Decimal("5.80"), "998.89"),
    ]
    assert str(statement.owed.interest) == "1723.89"


def test_misused_principal_bears_penalty_instead_of_interest() -> None:
    """+100 % from the day of misuse on, in term; after maturity the higher of both additions."""
    contract = g1(misuse_markup_percent=Decimal(100), misused_since=day("2021-09-22"))
    statement = assess_loan(contract, [], day("2022-09-30"))
    assert rows(statement, Component.INTEREST) == [
        ("2021-03-22", "2021-09-22", 184, "100000.00", Decimal("7.25"), "3705.56")
    ]
    penalty = statement.of(Component.PENALTY_INTEREST)
    assert rows(statement, Component.PENALTY_INTEREST) == [
        ("2021-09-22", "2022-03-21", 180, "100000.00", Decimal("14.50"), "7250.00"),
        ("2022-03-21", "2022-09-30", 193, "100000.00", Decimal("14.50"), "7773.61"),
    ]
    assert [part.line.rule.name for part in penalty] == ["misuse_penalty", "higher_penalty"]
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2022-03-21", "2022-09-30", 193, "3705.56", Decimal("14.50"), "288.06")
    ]


def test_misuse_after_maturity_raises_the_rate_from_its_day() -> None:
    """Never both: the overdue rate ends where the higher one begins."""
    contract = g1(misuse_markup_percent=Decimal(60), misused_since=day("2022-06-21"))
    statement = assess_loan(contract, [], day("2022-09-30"))
    assert [row[:5] for row in rows(statement, Component.PENALTY_INTEREST)] == [
        ("2022-03-21", "2022-06-21", 92, "100000.00", Decimal("10.875")),
        ("2022-06-21", "2022-09-30", 101, "100000.00", Decimal("11.600")),
    ]


def test_an_equal_addition_for_misuse_changes_nothing_after_maturity() -> None:
    """The overdue rule stays the reason as long as misuse brings no higher rate."""
    contract = g1(misuse_markup_percent=Decimal(50), misused_since=day("2022-06-21"))
    assert assess_loan(contract, [], day("2022-09-30")) == assess_loan(g1(), [], day("2022-09-30"))


def test_acceleration_makes_everything_due() -> None:
    """On its day interest and principal fall due; from then on the term is over (提前到期)."""
    contract = g2(accelerated_on=day("2024-08-01"))
    assert contract.falls_due == day("2024-08-01")
    statement = assess_loan(contract, [], day("2024-10-01"))
    assert rows(statement, Component.INTEREST) == [
        ("2024-03-20", "2024-06-20", 92, "150000.00", Decimal("5.80"), "2223.33"),
        ("2024-06-20", "2024-08-01", 42, "150000.00", Decimal("5.80"), "1015.00"),
    ]
    assert rows(statement, Component.PENALTY_INTEREST) == [
        ("2024-08-01", "2024-10-01", 61, "150000.00", Decimal("8.12"), "2063.83")
    ]
    assert [row[:5] for row in rows(statement, Component.COMPOUND_INTEREST)] == [
        ("2024-06-20", "2024-08-01", 42, "2223.33", Decimal("5.80")),
        ("2024-08-01", "2024-10-01", 61, "2223.33", Decimal("8.12")),
        ("2024-08-01", "2024-10-01", 61, "1015.00", Decimal("8.12")),
    ]


def test_listed_days_and_the_quarterly_schedule_agree() -> None:
    """The same due days, however the contract names them."""
    listed = ExplicitDays((day("2024-06-20"), day("2024-09-20")))
    for cut_off in (day("2024-07-01"), day("2025-06-30")):
        assert assess_loan(g2(interest_due=listed), [], cut_off) == (
            assess_loan(g2(interest_due=quarterly(20)), [], cut_off)
        )


def test_a_repaid_loan_bears_nothing_any_more() -> None:
    """After the last payment no line runs; the cut-off makes no difference."""
    payments = [pay("2024-06-20", "2223.33"), pay("2024-09-20", "152223.33")]
    for cut_off in (day("2024-09-20"), day("2030-01-01")):
        statement = assess_loan(g2(), payments, cut_off)
        assert (nonzero(statement.owed), nonzero(statement.not_yet_due)) == ({}, {})
        assert str(statement.charged.total) == "154446.66"
        assert statement.overdue_since is None
