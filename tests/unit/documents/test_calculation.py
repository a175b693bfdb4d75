"""The calculation statement says what the arithmetic said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents.templates.calculation import calculation_1
from chalicelib.adapters.documents.views.calculation import Calculation
from chalicelib.adapters.documents.wording import day, figures
from chalicelib.domain.loan.card import MissedMinimum
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.lpr import LprPublication, LprTable, Tenor
from chalicelib.domain.loan.rates import LprRate, Reset
from chalicelib.domain.money import Money
from tests.unit.documents.people import MADE_ON
from tests.unit.documents.samples import statement
from tests.unit.domain.loan.support import card, g1, g2, pay

if TYPE_CHECKING:
    from chalicelib.domain.loan.statement import Statement


def _text(of: Statement, *, card: bool = False) -> str:
    view = Calculation(
        number="1", contract_number="2", lender="行", borrower="人", statement=of, made_on=MADE_ON, card=card
    )
    return "\n".join(outlines.texts(calculation_1(view)))


def test_golden_case_two_is_shown_to_the_fen() -> None:
    """Each component of golden case 2 and its total stand in the statement."""
    text = _text(assess_loan(g2(), (), date(2025, 6, 30)))
    for amount in ("2,223.33", "316.79", "9,574.83", "164,338.28", "壹拾陆万肆仟叁佰叁拾捌元贰角捌分"):
        assert amount in text
    assert "年利率8.12%\n（加收40%）" in text
    assert "没有还款。" in text
    assert "费用和违约金" not in text


def test_every_segment_payment_and_rule_is_shown() -> None:
    """No line of the arithmetic is left out."""
    of = statement()
    text = _text(of)
    for segment in of.segments:
        assert f"{segment.start}\n至{segment.end}" in text
        assert figures(segment.amount) in text
        assert segment.line.rule.summary_zh in text
    for part in of.payments:
        assert part.payment.reference in text
        assert figures(part.payment.amount) in text
    for charge in of.charges:
        assert day(charge.on) in text


def test_what_was_paid_too_much_is_shown() -> None:
    """An overpaid amount stands with the payment it came from."""
    text = _text(assess_loan(g2(), (pay("2025-06-01", "999999"),), date(2025, 6, 30)))
    assert "多付：" in text


def test_a_floating_rate_names_its_quote() -> None:
    """An LPR rate shows the quote, the spread and what they make."""
    quoted = LprTable(
        (LprPublication(on=date(2024, 3, 20), one_year=Decimal("3.45"), five_years=Decimal("3.95")),)
    )
    rate = LprRate(
        starts=date(2024, 3, 20),
        priced_on=date(2024, 3, 20),
        tenor=Tenor.ONE_YEAR,
        spread_bp=155,
        reset=Reset.NEVER,
        lookback_days=0,
    )
    text = _text(assess_loan(g2(rates=(rate,)), (), date(2024, 9, 20), lpr=quoted))
    assert "年利率5%\n（LPR 3.45%，+155个基点）" in text


def test_a_card_shows_its_daily_rate_and_breach_fee() -> None:
    """A card's statement speaks of daily rates and lists its breach fees."""
    missed = (MissedMinimum(due=date(2024, 2, 25), unpaid=Money(50000), reference="二月账单"),)
    text = _text(assess_card(card(missed_minimums=missed), (), date(2024, 6, 30)), card=True)
    assert "日利率0.05%" in text
    assert "违约金" in text
    assert "违约金、手续费和其他费用" in text
    assert [word for word in ("罚息", "借款", "贷款", "期内利息") if word in text] == []


def test_a_debt_not_yet_overdue_says_nothing_of_it() -> None:
    """Before the first due day nothing is overdue."""
    text = _text(assess_loan(g1(), (), date(2021, 6, 30)))
    assert "逾期\n" not in text
