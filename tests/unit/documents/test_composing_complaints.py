"""What a complaint says is what claim, contract and statement say; what nobody said is left open."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.adapters.documents.composing import compose, loan
from chalicelib.adapters.documents.composing.people import given
from chalicelib.domain.loan.contract import Compounding, CompoundRate, Instalment
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.lpr import Tenor
from chalicelib.domain.loan.rates import FixedRate, LprRate, Reset
from chalicelib.domain.loan.schedule import ExplicitDays, MonthDay, monthly
from chalicelib.domain.money import ZERO
from chalicelib.domain.papers import PaperKind
from tests.unit.documents.cases import (
    CARD,
    CARD_STATEMENT,
    CASES,
    DETAILS,
    of_a_card,
    sources,
)
from tests.unit.documents.composed import answers, laid_out, text
from tests.unit.domain.loan.support import day, g2, pay, yuan

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from chalicelib.use_cases.papers import PaperSources

_COMPLAINTS: Final = ("complaint-on-a-loan", "complaint-on-a-card")


@pytest.mark.parametrize("name", _COMPLAINTS)
def test_a_complaint_claims_what_the_case_claims(name: str) -> None:
    """To the fen, whatever the contract would give."""
    known = CASES[name][1]
    claim = replace(known.case.claim, principal=yuan("99999.99"), fees=yuan("123.45"))
    said = answers(PaperKind.COMPLAINT, replace(known, case=replace(known.case, claim=claim)))
    assert f"{claim.total.fen // 100:,}.{claim.total.fen % 100:02d}元" in said["标的总额"]
    assert "123.45元" in said["是否主张实现债权的费用"]


@pytest.mark.parametrize("name", _COMPLAINTS)
def test_what_nobody_said_is_left_open(name: str) -> None:
    """Security, guarantees, forum and demands are unticked; where it was signed is room to write."""
    said = answers(*CASES[name])
    open_ones = [question for question, answer in said.items() if answer == "是☐　否☐"]
    assert {"有无仲裁、法院管辖约定", "是否申请财产保全措施", "是否主张担保权利"} <= set(open_ones)
    assert {"是否主张诉讼费用", "是否了解调解作为非诉讼纠纷解决方式", "是否考虑先行调解"} <= set(open_ones)
    assert "是否签订保证合同" in open_ones
    assert "是否接受电子送达" in open_ones
    assert "　　年　　月　　日" in text(name)


@pytest.mark.parametrize("name", _COMPLAINTS)
def test_no_row_is_filled_in_that_nobody_answered(name: str) -> None:
    """No 无, no voucher that nobody named, no wish of the plaintiff's that nobody heard."""
    kind, known = CASES[name]
    asked = replace(known.case, claim=replace(known.case.claim, fees=yuan("80")))
    said = answers(kind, replace(known, case=asked))
    assert (said["第三人"], said["其他请求"], said["其他需要说明的内容（可另附页）"]) == ("", "", "")
    assert said["是否主张实现债权的费用"].endswith("费用明细：")
    (interest,) = (answer for asked, answer in said.items() if asked.startswith("利息"))
    assert interest.endswith("是否请求支付至实际清偿之日止：是☐　否☐")
    assert said["证据清单（可另附页）"].count("\n") == 1
    assert said["证据清单（可另附页）"].endswith("2.计算说明")
    older = laid_out(compose(kind, known), f"{name.rpartition('-')[2]}_complaint/2024")
    assert "诉讼费用由被告负担" not in older


def test_a_loan_is_told_as_its_contract_has_it() -> None:
    """Amounts, term, rates, payments and lateness."""
    said = answers(*CASES["complaint-on-a-loan"])
    assert said["合同签订情况（名称、编号、签订时间、地点）"].startswith("合同名称：\n合同编号：（2024）")
    assert said["借款期限"] == "是否到期：是☑　否☐\n约定期限：2024年3月20日起至2024年9月20日止"
    assert "自2024年3月20日起年利率5.8%（固定利率）" in said["借款利率"]
    assert "逾期罚息年利率8.12%" in said["借款利率"]
    assert said["还款情况"] == "已还本金：6.90元\n已还利息：7,493.10元\n还息至：2024年7月1日"
    assert said["是否请求提前还款或解除合同"] == "是☐　否☐"
    assert "逾期283天" in said["是否存在逾期还款"]


def _told(**terms: Any) -> dict[str, str]:
    return answers(PaperKind.COMPLAINT, sources(contract=g2(**terms)))


def test_every_kind_of_term_has_its_words() -> None:
    """Floating and changing rates, misuse, compounding, schedules, acceleration."""
    floating = LprRate(
        starts=day("2024-03-20"),
        priced_on=day("2024-03-19"),
        tenor=Tenor.ONE_YEAR,
        spread_bp=-15,
        reset=Reset.NEW_YEAR,
        lookback_days=0,
    )
    fixed = FixedRate(starts=day("2024-06-20"), annual_percent=Decimal("6.00"))
    rates = _told(
        rates=(floating, fixed),
        misuse_markup_percent=Decimal(100),
        compounding=Compounding.ON_INTEREST_AND_PENALTY,
        compound_rate=CompoundRate.PENALTY_THROUGHOUT,
    )["借款利率"]
    assert "按2024年3月19日适用的一年期LPR减15个基点，每年1月1日重新定价；自2024年6月20日起年利率6%" in rates
    assert "合同利率加收40%；挪用借款的，罚息利率为合同利率加收100%" in rates
    assert "对未按时支付的利息和罚息按罚息利率计收复利" in rates
    assert "不计收复利" in _told(compounding=Compounding.NONE)["借款利率"]
    parts = (Instalment(on=day("2024-06-20"), amount=yuan("1000")),)
    assert _told(interest_due=ExplicitDays())["还款方式"] == "到期一次性还本付息"
    assert _told(interest_due=ExplicitDays(), instalments=parts)["还款方式"] == "分期归还本金，利随本清"
    listed = ExplicitDays((day("2024-06-20"),))
    assert _told(interest_due=listed)["还款方式"] == "按合同约定日期付息，到期归还本金"
    assert _told(interest_due=monthly(20))["还款方式"] == "按月付息，到期归还本金"
    assert _told(interest_due=MonthDay(20, (6, 12)))["还款方式"] == "定期付息，到期归还本金"
    asked = _told(accelerated_on=day("2024-08-01"))["是否请求提前还款或解除合同"]
    assert asked == "是☑　否☐\n内容：宣布借款于2024年8月1日提前到期"


def test_interest_is_paid_until_the_last_period_covered_whole() -> None:
    """Nothing paid: never; part of the first period: not beyond its start; all: to its end."""

    def until(*payments: Any) -> date | None:
        statement = assess_loan(g2(), payments, day("2025-06-30"))
        return loan.facts(sources(), g2(), statement).interest_paid_until

    assert until() is None
    assert until(pay("2024-06-20", "100")) == day("2024-03-20")
    assert until(pay("2024-06-20", "2223.33")) == day("2024-06-20")
    assert until(pay("2025-06-29", "200000")) == day("2024-09-20")


def test_a_card_is_told_as_its_contract_has_it() -> None:
    """Number, rate, breach fee, payments; a fee of the card is no cost of enforcing."""
    said = answers(*CASES["complaint-on-a-card"])
    assert said["信用卡办理情况"].startswith("信用卡卡号：6217000000000000004\n登记权利人：龑䶮某")
    assert "违约金为最低还款额未还部分的5%，最低5.00元" in said["信用卡合约的主要约定"]
    assert said["被告已还款金额"].endswith("还款明细：2024年4月1日偿还800.00元")
    owed = replace(CARD_STATEMENT, owed=replace(CARD_STATEMENT.owed, fees=yuan("30")))
    claim = replace(CARD_STATEMENT.claim(), fees=yuan("130"))
    known = of_a_card(
        statement=owed,
        case=replace(of_a_card().case, claim=claim),
        details=(DETAILS[0], *_without_accounts()),
    )
    said = answers(PaperKind.COMPLAINT, known)
    assert "手续费：30.00元" in said["利息、罚息、复利、违约金、手续费"]
    assert "100.00元" in said["是否主张实现债权的费用"]
    assert said["信用卡办理情况"].startswith(f"信用卡卡号：{known.case.contract_number}")


def _without_accounts() -> Any:
    return tuple(replace(entry, account=None) for entry in DETAILS[1:])


@pytest.mark.parametrize(
    ("gather", "payable_until", "since", "days"),
    [(sources, "2024-09-20", "2024年9月21日", 283), (of_a_card, "2024-02-25", "2024年2月26日", 491)],
)
def test_complaint_and_calculation_call_the_same_day_the_first_overdue(
    gather: Callable[[], PaperSources], payable_until: str, since: str, days: int
) -> None:
    """The day after the last day to pay, of a loan and of a card; until 30 June 2025, which is counted."""
    known = gather()
    statement = given(known.statement)
    assert statement.oldest_due == day(payable_until)
    sued = answers(PaperKind.COMPLAINT, known)
    late = sued.get("是否存在逾期还款") or sued["被告逾期未还款情况"]
    assert f"逾期时间：{since}起，至今已逾期{days}天" in late
    assert answers(PaperKind.CALCULATION, known)["逾期"] == f"自{since}起，共{days}日"


def test_a_card_with_other_terms() -> None:
    """No lowest breach fee, no compounding; many payments are counted, none leaves no line."""
    plain = replace(CARD, breach_fee_low=ZERO, compounding=False)
    many = replace(CARD_STATEMENT, payments=CARD_STATEMENT.payments * 13)
    said = answers(PaperKind.COMPLAINT, of_a_card(contract=plain, statement=many))
    assert "最低还款额未还部分的5%" in said["信用卡合约的主要约定"]
    assert "最低5.00元" not in said["信用卡合约的主要约定"]
    assert "不计收复利" in said["信用卡合约的主要约定"]
    assert said["被告已还款金额"].endswith("还款明细：共13笔，详见计算说明")
    unpaid = answers(PaperKind.COMPLAINT, of_a_card(statement=replace(CARD_STATEMENT, payments=())))
    assert unpaid["被告已还款金额"].endswith("还款明细：")
