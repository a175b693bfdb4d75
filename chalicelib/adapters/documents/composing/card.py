"""The claims and the facts of a credit-card complaint.

Downside: a claim has one amount for fees and costs; up to that amount, the statement's fees count as fees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing import liability
from chalicelib.adapters.documents.composing.people import details_of, names
from chalicelib.adapters.documents.views.common import BLANK
from chalicelib.adapters.documents.views.court import CardClaims, CardFacts
from chalicelib.adapters.documents.wording import day, percent, yuan
from chalicelib.domain.money import ZERO
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from chalicelib.domain.loan.card import CardContract
    from chalicelib.domain.loan.statement import Statement
    from chalicelib.use_cases.papers import PaperSources

_MOST_LISTED: Final = 12


def claims(sources: PaperSources, contract: CardContract, statement: Statement) -> CardClaims:
    """Return the claims. A card's charge for lateness is its breach fee, so penalty interest is zero."""
    claim = sources.case.claim
    service_fee = min(statement.owed.fees, claim.fees)
    return CardClaims(
        as_of=claim.as_of,
        principal=claim.principal,
        interest=claim.interest,
        penalty_interest=ZERO,
        compound_interest=claim.compound_interest,
        breach_fee=claim.penalty_interest,
        service_fee=service_fee,
        method=f"{_rate(contract)}，分段计算详见计算说明",
        security=liability.claimed(sources) or BLANK,
        costs=claim.fees - service_fee,
        other=liability.owed_together(sources),
    )


def facts(sources: PaperSources, contract: CardContract, statement: Statement) -> CardFacts:
    """Return the facts; the hub does not know when the card was opened and what was demanded."""
    details = details_of(sources, liability.first_debtor(sources).party_id)
    return CardFacts(
        card_number=details.account or sources.case.contract_number,
        holder=details.name,
        opened_on=None,
        issuer=names(sources, Side.APPLICANT),
        holder_obligations=f"账单日为每月{contract.statement_day}日；持卡人应当在到期还款日前偿还"
        "不低于最低还款额的款项",
        rate=_rate(contract),
        breach_fee_rate=_breach_fee(contract),
        rate_clauses=None,
        notice_of_terms=BLANK,
        repaid=sum((part.payment.amount for part in statement.payments), ZERO),
        repayments=_repayments(statement),
        overdue_since=statement.overdue_since,
        overdue_days=statement.overdue_days,
        demands=BLANK,
        security=liability.security(sources),
    )


def _rate(contract: CardContract) -> str:
    compounding = "按月计收复利" if contract.compounding else "不计收复利"
    return f"自交易入账日起按日利率{percent(contract.daily_percent)}计息，{compounding}"


def _breach_fee(contract: CardContract) -> str:
    least = f"，最低{yuan(contract.breach_fee_low)}" if contract.breach_fee_low > ZERO else ""
    return f"违约金为最低还款额未还部分的{percent(contract.breach_fee_percent)}{least}"


def _repayments(statement: Statement) -> str | None:
    payments = [part.payment for part in statement.payments]
    if len(payments) > _MOST_LISTED:
        return f"共{len(payments)}笔，详见计算说明"
    return "；".join(f"{day(payment.on)}偿还{yuan(payment.amount)}" for payment in payments) or None
