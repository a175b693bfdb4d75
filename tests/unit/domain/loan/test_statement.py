"""A statement tells everything needed to write the calculation down, as data."""

from __future__ import annotations

from chalicelib.domain.claim import Claim
from chalicelib.domain.loan import legal
from chalicelib.domain.loan.card import MissedMinimum, ServiceFee
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.charges import cost
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.legal import LegalBasis
from chalicelib.domain.loan.loan_terms import assess_loan
from tests.unit.domain.loan.support import G2_CUT_OFF, card, day, g2, pay, yuan

BASES = [basis for basis in vars(legal).values() if isinstance(basis, LegalBasis)]


def test_the_claim_is_made_of_the_same_amounts() -> None:
    """Each line of the claim is the statement's, and so is the total."""
    costs = [cost(day("2025-04-01"), yuan("500"), "lawyer")]
    statement = assess_loan(g2(), [pay("2025-03-01", "700")], G2_CUT_OFF, costs=costs)
    owed = statement.owed
    assert statement.claim() == Claim(
        principal=owed.principal,
        interest=owed.interest,
        penalty_interest=owed.penalty_interest,
        compound_interest=owed.compound_interest,
        fees=owed.costs,
        as_of=G2_CUT_OFF,
    )
    assert Amounts.from_claim(statement.claim()) == owed


def test_a_claim_has_no_line_for_a_cards_own_fees() -> None:
    """Service fees join the costs, breach fees the penalty interest; the total stays."""
    contract = card(
        fees=(ServiceFee(on=day("2024-01-10"), amount=yuan("30"), reference="f"),),
        missed_minimums=(MissedMinimum(due=day("2024-02-25"), unpaid=yuan("1000"), reference="m"),),
    )
    costs = [cost(day("2024-03-01"), yuan("7"), "c")]
    statement = assess_card(contract, [], day("2024-03-05"), costs=costs)
    assert (statement.owed.fees, statement.owed.costs) == (yuan("30"), yuan("7"))
    assert statement.claim().fees == yuan("37")
    assert (statement.owed.breach_fee, statement.owed.penalty_interest) == (yuan("50"), yuan("0"))
    assert statement.claim().penalty_interest == yuan("50")
    assert statement.claim().total == statement.owed.total


def test_segments_stand_by_component_then_by_day() -> None:
    """So that a reader follows one component from its first day to the last."""
    statement = assess_loan(g2(), [pay("2025-01-01", "700")], G2_CUT_OFF)
    order = [
        (segment.line.component, segment.line.due, segment.start.isoformat())
        for segment in statement.segments
    ]
    first, second = day("2024-06-20"), day("2024-09-20")
    assert order == [
        (Component.COMPOUND_INTEREST, first, "2024-06-20"),
        (Component.COMPOUND_INTEREST, first, "2024-09-20"),
        (Component.COMPOUND_INTEREST, first, "2025-01-01"),
        (Component.COMPOUND_INTEREST, second, "2024-09-20"),
        (Component.COMPOUND_INTEREST, second, "2025-01-01"),
        (Component.PENALTY_INTEREST, None, "2024-09-20"),
        (Component.PENALTY_INTEREST, None, "2025-01-01"),
        (Component.INTEREST, None, "2024-03-20"),
        (Component.INTEREST, None, "2024-06-20"),
    ]
    assert {segment.day_count for segment in statement.segments} == {statement.day_count}
    assert statement.day_count is DayCount.ACT_360


def test_overdue_counts_from_the_oldest_unpaid_due_day() -> None:
    """Paying the oldest interest moves it on; days are counted as they are, whatever the day count."""
    contract = g2(day_count=DayCount.THIRTY_360)
    assert assess_loan(contract, [], G2_CUT_OFF).overdue_days == 375
    paid = assess_loan(contract, [pay("2024-06-20", "3000")], G2_CUT_OFF)
    assert (paid.overdue_since, paid.overdue_days) == (day("2024-09-21"), 283)


def test_every_legal_basis_is_complete_and_named_once() -> None:
    """Name, article and both summaries are there; the name is the constant's."""
    assert len({basis.name for basis in BASES}) == len(BASES)
    for name, basis in vars(legal).items():
        if isinstance(basis, LegalBasis):
            assert basis.name == name.lower()
            assert all((basis.article, basis.summary, basis.summary_zh))
            assert any("\u4e00" <= letter <= "\u9fff" for letter in basis.summary_zh)
            assert basis.summary.isascii()


def test_amounts_name_every_component_once() -> None:
    """Nothing else adds to a total, and no component is left out."""
    for component in Component:
        amounts = Amounts.of({component: yuan("1.23")})
        assert amounts[component] == amounts.total == yuan("1.23")
        assert sum(amounts[other].fen for other in Component) == 123
        assert amounts + amounts - amounts == amounts
