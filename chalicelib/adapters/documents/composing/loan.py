"""The claims and the facts of a loan complaint: the contract, written as the form asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing import liability
from chalicelib.adapters.documents.composing.people import names
from chalicelib.adapters.documents.views.common import BLANK
from chalicelib.adapters.documents.views.court import LoanClaims, LoanFacts
from chalicelib.adapters.documents.wording import DAY_COUNTS, day, percent
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.contract import Compounding, CompoundRate
from chalicelib.domain.loan.lpr import Tenor
from chalicelib.domain.loan.rates import FixedRate, Rate, Reset
from chalicelib.domain.loan.schedule import EVERY_MONTH, LAST_OF_QUARTER, ExplicitDays
from chalicelib.domain.money import ZERO
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chalicelib.domain.loan.contract import LoanContract
    from chalicelib.domain.loan.rates import LprRate, RateTerm
    from chalicelib.domain.loan.statement import Statement
    from chalicelib.use_cases.papers import PaperSources

CONTRACT_NAME: Final = "借款合同"
_TENORS: Final[Mapping[Tenor, str]] = {Tenor.ONE_YEAR: "一年期", Tenor.FIVE_YEARS: "五年期以上"}
_RESETS: Final[Mapping[Reset, str]] = {
    Reset.NEVER: "合同期内不重新定价",
    Reset.NEW_YEAR: "每年1月1日重新定价",
    Reset.ANNIVERSARY: "每满一年对月对日重新定价",
}


def claims(sources: PaperSources, contract: LoanContract, statement: Statement) -> LoanClaims:
    """Return the claims."""
    claim = sources.case.claim
    accelerated = contract.accelerated_on
    return LoanClaims(
        as_of=claim.as_of,
        principal=claim.principal,
        interest=claim.interest,
        compound_interest=claim.compound_interest,
        penalty_interest=claim.penalty_interest,
        method=f"期内按合同利率，逾期按罚息利率，计息基础为{DAY_COUNTS[statement.day_count]}，分段计算详见计算说明",
        acceleration=f"宣布借款于{day(accelerated)}提前到期" if accelerated else BLANK,
        security=liability.claimed(sources) or BLANK,
        costs=claim.fees,
        other=liability.owed_together(sources),
    )


def facts(sources: PaperSources, contract: LoanContract, statement: Statement) -> LoanFacts:
    """Return the facts; the contract's name, and where and when it was signed, are not known."""
    paid = statement.paid
    return LoanFacts(
        contract_name=None,
        contract_number=sources.case.contract_number,
        signed_on=None,
        signed_at=None,
        lender=names(sources, Side.APPLICANT),
        borrower=liability.borrowers(sources),
        agreed=contract.agreed_amount,
        disbursed=contract.principal,
        term_from=contract.opens,
        term_until=contract.maturity,
        rate="；".join(map(_term, contract.rates)),
        overdue_rate=f"在合同利率基础上加收{percent(contract.overdue_markup_percent)}",
        compound_rate=_compound(contract),
        penalty_rate=_penalty(contract),
        rate_clauses=None,
        disbursed_on=contract.opens,
        repayment_method=_repayment(contract),
        repaid_principal=paid.principal,
        repaid_interest=paid.interest + paid.compound_interest + paid.penalty_interest,
        interest_paid_until=_interest_paid_until(statement),
        overdue_since=statement.overdue_since,
        overdue_days=statement.overdue_days,
        matured=contract.maturity <= sources.case.claim.as_of,
        security=liability.security(sources),
    )


def _term(term: RateTerm) -> str:
    since = f"自{day(term.starts)}起"
    if isinstance(term, FixedRate):
        return f"{since}年利率{percent(term.annual_percent)}（固定利率）"
    return f"{since}{_floating(term)}"


def _floating(term: LprRate) -> str:
    spread = f"{'加' if term.spread_bp >= 0 else '减'}{abs(term.spread_bp)}个基点"
    return f"按{day(term.priced_on)}适用的{_TENORS[term.tenor]}LPR{spread}，{_RESETS[term.reset]}"


def _penalty(contract: LoanContract) -> str:
    only = contract.rates[0]
    if len(contract.rates) == 1 and isinstance(only, FixedRate):
        raised = Rate(percent=only.annual_percent).marked_up(contract.overdue_markup_percent)
        overdue = f"逾期罚息年利率{percent(raised.percent)}"
    else:
        overdue = f"逾期罚息利率为合同利率加收{percent(contract.overdue_markup_percent)}"
    if contract.misuse_markup_percent is None:
        return overdue
    return f"{overdue}；挪用借款的，罚息利率为合同利率加收{percent(contract.misuse_markup_percent)}"


def _compound(contract: LoanContract) -> str:
    if contract.compounding is Compounding.NONE:
        return "不计收复利"
    base = "未按时支付的利息"
    if contract.compounding is Compounding.ON_INTEREST_AND_PENALTY:
        base += "和罚息"
    if contract.compound_rate is CompoundRate.PENALTY_THROUGHOUT:
        return f"对{base}按罚息利率计收复利"
    return f"对{base}，借款到期前按合同利率、到期后按罚息利率计收复利"


def _repayment(contract: LoanContract) -> str:
    schedule = contract.interest_due
    principal = "分期归还本金" if contract.instalments else "到期归还本金"
    if isinstance(schedule, ExplicitDays):
        if not schedule.days:
            return f"{principal}，利随本清" if contract.instalments else "到期一次性还本付息"
        return f"按合同约定日期付息，{principal}"
    regular = {EVERY_MONTH: "按月付息", LAST_OF_QUARTER: "按季付息"}
    return f"{regular.get(tuple(sorted(schedule.months)), '定期付息')}，{principal}"


def _interest_paid_until(statement: Statement) -> date | None:
    """Return the day up to which whole interest periods are paid; None if no interest was paid."""
    left = statement.paid.interest
    if left == ZERO:
        return None
    periods = sorted(statement.of(Component.INTEREST), key=lambda part: part.end)
    until = periods[0].start
    for part in periods:
        left -= part.amount
        if left < ZERO:
            break
        until = part.end
    return until
