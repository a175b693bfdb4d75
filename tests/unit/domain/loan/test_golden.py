"""The golden cases of the domain, to the fen: with these numbers the arithmetic is accepted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import Proposal, Repayment
from chalicelib.domain.loan.concession_policy import PolicyBook
from chalicelib.domain.loan.contract import Compounding, CompoundRate
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.loan_terms import assess_loan
from tests.unit.domain.loan.support import G1_CUT_OFF, G2_CUT_OFF, day, g1, g2, nonzero, rows, yuan

if TYPE_CHECKING:
    from chalicelib.domain.loan.concession import Concession
    from chalicelib.domain.loan.concession_policy import ConcessionPolicy


@pytest.mark.parametrize(
    ("day_count", "interest", "penalty", "compound", "total"),
    [
        (DayCount.ACT_360, "7330.56", "5830.21", "427.39", "113588.16"),
        (DayCount.ACT_365, "7230.14", "5750.34", "415.76", "113396.24"),
        (DayCount.THIRTY_360, "7229.86", "5709.38", "412.78", "113352.02"),
    ],
)
def test_g1(day_count: DayCount, interest: str, penalty: str, compound: str, total: str) -> None:
    """One period, nothing paid: interest, penalty and compound interest under each day count."""
    statement = assess_loan(g1(day_count), [], G1_CUT_OFF)
    assert nonzero(statement.owed) == {
        "principal": "100000.00",
        "interest": interest,
        "penalty_interest": penalty,
        "compound_interest": compound,
    }
    assert str(statement.claim().total) == str(statement.owed.total) == total


def test_g1_day_by_day() -> None:
    """Every number of the first case stands in the statement, with its days and rate."""
    statement = assess_loan(g1(), [], G1_CUT_OFF)
    assert rows(statement, Component.INTEREST) == [
        ("2021-03-22", "2022-03-21", 364, "100000.00", Decimal("7.25"), "7330.56")
    ]
    assert rows(statement, Component.PENALTY_INTEREST) == [
        ("2022-03-21", "2022-09-30", 193, "100000.00", Decimal("10.875"), "5830.21")
    ]
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2022-03-21", "2022-09-30", 193, "7330.56", Decimal("10.875"), "427.39")
    ]
    assert [segment.line.rule.name for segment in statement.segments] == [
        "compound_at_penalty_rate",
        "overdue_penalty",
        "contract_interest",
    ]
    assert (statement.overdue_since, statement.overdue_days) == (day("2022-03-22"), 193)


def _default_policy() -> ConcessionPolicy:
    return PolicyBook("bank-1").published(day("2020-05-01"), None).in_force(day("2022-10-01"))


def _conceded(repayment: Repayment, payments: int) -> Concession:
    owed = assess_loan(g1(), [], G1_CUT_OFF).owed
    proposal = Proposal(repayment=repayment, days=360, payments=payments)
    return _default_policy().concede(repayment.value, proposal, owed)


def test_g1_lump_sum() -> None:
    """All penalty and compound interest waived."""
    concession = _conceded(Repayment.LUMP_SUM, 1)
    assert concession.waived == Amounts(penalty_interest=yuan("5830.21"), compound_interest=yuan("427.39"))
    assert str(concession.kept.total) == "107330.56"


def test_g1_instalments() -> None:
    """Half of both waived: the waived half gets the odd fen."""
    concession = _conceded(Repayment.INSTALMENTS, 12)
    assert concession.waived == Amounts(penalty_interest=yuan("2915.11"), compound_interest=yuan("213.70"))
    assert str(concession.kept.penalty_interest) == "2915.10"
    assert str(concession.kept.compound_interest) == "213.69"
    assert str(concession.kept.total) == "110459.35"


def test_g2() -> None:
    """Two periods unpaid: compounding in term at the contract rate, after maturity at the penalty rate."""
    statement = assess_loan(g2(), [], G2_CUT_OFF)
    assert rows(statement, Component.INTEREST) == [
        ("2024-03-20", "2024-06-20", 92, "150000.00", Decimal("5.80"), "2223.33"),
        ("2024-06-20", "2024-09-20", 92, "150000.00", Decimal("5.80"), "2223.33"),
    ]
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2024-06-20", "2024-09-20", 92, "2223.33", Decimal("5.80"), "32.95"),
        ("2024-09-20", "2025-06-30", 283, "2223.33", Decimal("8.12"), "141.92"),
        ("2024-09-20", "2025-06-30", 283, "2223.33", Decimal("8.12"), "141.92"),
    ]
    assert rows(statement, Component.PENALTY_INTEREST) == [
        ("2024-09-20", "2025-06-30", 283, "150000.00", Decimal("8.12"), "9574.83")
    ]
    assert str(statement.owed.compound_interest) == "316.79"
    assert str(statement.owed.total) == "164338.28"
    assert [segment.line.due for segment in statement.of(Component.COMPOUND_INTEREST)] == [
        day("2024-06-20"),
        day("2024-06-20"),
        day("2024-09-20"),
    ]
    assert [segment.line.rule.name for segment in statement.of(Component.COMPOUND_INTEREST)] == [
        "compound_in_term",
        "compound_at_penalty_rate",
        "compound_at_penalty_rate",
    ]


def test_g2_read_literally() -> None:
    """The penalty rate throughout makes one segment of what were two."""
    contract = g2(compound_rate=CompoundRate.PENALTY_THROUGHOUT)
    statement = assess_loan(contract, [], G2_CUT_OFF)
    assert rows(statement, Component.COMPOUND_INTEREST) == [
        ("2024-06-20", "2025-06-30", 375, "2223.33", Decimal("8.12"), "188.06"),
        ("2024-09-20", "2025-06-30", 283, "2223.33", Decimal("8.12"), "141.92"),
    ]
    assert statement.owed.interest == assess_loan(g2(), [], G2_CUT_OFF).owed.interest


def test_g2_without_compounding() -> None:
    """A contract without a compounding clause yields no compound interest and changes nothing else."""
    plain = assess_loan(g2(compounding=Compounding.NONE), [], G2_CUT_OFF).owed
    usual = assess_loan(g2(), [], G2_CUT_OFF).owed
    assert plain == usual - Amounts(compound_interest=yuan("316.79"))


def test_g2_with_compounding_on_penalty_interest() -> None:
    """Penalty interest settled on each due day compounds from there, where the contract says so."""
    contract = g2(compounding=Compounding.ON_INTEREST_AND_PENALTY)
    statement = assess_loan(contract, [], G2_CUT_OFF)
    assert rows(statement, Component.PENALTY_INTEREST) == [
        ("2024-09-20", "2024-12-20", 91, "150000.00", Decimal("8.12"), "3078.83"),
        ("2024-12-20", "2025-03-20", 90, "150000.00", Decimal("8.12"), "3045.00"),
        ("2025-03-20", "2025-06-20", 92, "150000.00", Decimal("8.12"), "3112.67"),
        ("2025-06-20", "2025-06-30", 10, "150000.00", Decimal("8.12"), "338.33"),
    ]
    on_penalty = [
        segment
        for segment in statement.of(Component.COMPOUND_INTEREST)
        if segment.line.source is Component.PENALTY_INTEREST
    ]
    told = [(part.line.due, str(part.line.base), part.days, str(part.amount)) for part in on_penalty]
    assert told == [
        (day("2024-12-20"), "3078.83", 192, "133.33"),
        (day("2025-03-20"), "3045.00", 102, "70.06"),
        (day("2025-06-20"), "3112.67", 10, "7.02"),
    ]
    assert str(statement.owed.compound_interest) == "527.20"
