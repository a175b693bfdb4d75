"""A settlement as the parties and their mediator see it: offers, agreement, signatures, payments.

Promise: every amount of a debt is shown by component with its total, every plan line with what was paid
of it; the account to pay to is masked. None of it is ever an answer to a court (TY22).
Downside: the figures are computed for the instant of reading; an offer that expires later is still open here.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from chalicelib.api.schemas.base import (
    AmountText,
    Answer,
    CapitalsText,
    DayText,
    InOrder,
    InstantText,
    Written,
    within,
)
from chalicelib.api.schemas.performance_views import (
    PaymentOut,
    PerformanceOut,
    payments_out,
    performance_out,
)
from chalicelib.domain.agreement.draft import Agreement
from chalicelib.domain.agreement.negotiation import Negotiation, OfferState
from chalicelib.domain.agreement.plan import Method
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
from chalicelib.domain.agreement.signing import Signing
from chalicelib.domain.calendar import local_date
from chalicelib.domain.events import Channel
from chalicelib.domain.money import Money
from chalicelib.domain.parties import Side, mask_account
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.use_cases.read_settlement import SettlementView


class AmountsOut(Answer):
    """Amounts of a debt in yuan, by component."""

    costs: AmountText
    fees: AmountText
    compound_interest: AmountText
    penalty_interest: AmountText
    breach_fee: AmountText
    interest: AmountText
    principal: AmountText
    total: AmountText


class PlanLineOut(Answer):
    """A payment of a plan."""

    number: int
    due: DayText
    capital: AmountText
    interest: AmountText
    amount: AmountText


class PlanOut(Answer):
    """A repayment plan; the lines add up to the totals, to the fen."""

    method: Method
    annual_percent: Annotated[str, Written(Decimal, str)]
    lines: list[PlanLineOut]
    capital: AmountText
    interest: AmountText
    total: AmountText
    total_in_capitals: CapitalsText = within("total")


class FiguresOut(Answer):
    """What an offer comes to; `saving` is against the full claim, negative if interest exceeds it."""

    owed: AmountText
    waived: AmountText
    total: AmountText
    interest: AmountText
    saving: Annotated[str, Written(Money, str)]
    monthly_burden: AmountText
    payments: int
    months: int
    first_due: DayText
    last_due: DayText


class OfferOut(Answer):
    """An offer, where it stands, and what it comes to."""

    number: int
    side: Side
    made_by: Annotated[list[str], InOrder]
    made_to: Annotated[list[str], InOrder] = Field(description="All of them have to accept · 受要约人")
    accepted_by: Annotated[list[str], InOrder]
    state: OfferState
    made_at: InstantText
    expires_at: InstantText
    tier: str = within("concession", "tier")
    policy_version: int = within("concession", "version")
    waived: AmountsOut = within("concession", "waived")
    kept: AmountsOut = within("concession", "kept")
    plan: PlanOut
    figures: FiguresOut


class PreviewedOut(Answer):
    """What a way of paying would come to under one tier, if it were offered now."""

    tier: str = within("concession", "tier")
    policy_version: int = within("concession", "version")
    plan: PlanOut
    figures: FiguresOut


class PreviewsOut(Answer):
    """Every tier that fits, in the policy's order."""

    items: list[PreviewedOut]


class DefaultClauseOut(Answer):
    """What happens when a payment stays out."""

    grace_days: int
    clawback: bool
    acceleration: bool
    tolerance: AmountText = Field(description="What may be short without a default · 尾差容忍额")
    resumes: bool = Field(description="Interest and penalties run again · 恢复计收利息、罚息")


class PayeeAccountOut(Answer):
    """Where to pay; the number masked, the document has it in full."""

    holder: str
    number: str
    bank: str


class AgreementOut(Answer):
    """The agreement's terms (调解协议)."""

    outcome: SettlementOutcome
    agreed_on: DayText
    waived: AmountsOut
    kept: AmountsOut
    plan: PlanOut
    account: PayeeAccountOut | None
    default_clause: DefaultClauseOut
    confirmation_wanted: bool
    receipt_reference: str | None = within("receipt_ref")


class SignatureOut(Answer):
    """Who signed when, how, and whether by a verified code."""

    party_id: str
    at: InstantText
    channel: Channel
    code_verified: bool


class SigningOut(Answer):
    """What is to be signed, until when, who has and who has not."""

    document_sha256: str
    sign_by: DayText | None
    signatures: list[SignatureOut]
    awaited: Annotated[list[str], InOrder]
    refused_by: str | None
    in_force_at: InstantText | None


class SettlementOut(Answer):
    """A case's present round of settlement: confidential (TY22)."""

    case_id: str
    round: int
    owed: AmountsOut
    offers: list[OfferOut]
    agreement: AgreementOut | None
    signing: SigningOut | None
    performance: PerformanceOut | None
    outstanding: AmountText = Field(
        description="What remains after every payment recorded: of the claim, under the agreement in force, "
        "or of what the court was asked for · 尚欠金额"
    )
    payments: list[PaymentOut] = Field(
        description="Every payment recorded in this round, under an agreement or not · 已登记的还款"
    )


class SigningCodeOut(Answer):
    """A code is on its way to the party's phone."""

    party_id: str
    expires_at: InstantText


def settlement_out(view: SettlementView) -> SettlementOut:
    """Show a settlement."""
    settlement = view.settlement
    return SettlementOut(
        case_id=view.case.case_id,
        round=view.case.round,
        owed=AmountsOut.of(settlement.negotiation.owed),
        offers=list(_offers(settlement.negotiation, view)),
        agreement=_agreement(settlement.agreement, view.account),
        signing=_signing(settlement.signing),
        performance=_performance(settlement, local_date(view.at)),
        outstanding=str(view.outstanding),
        payments=payments_out(settlement.entries),
    )


def _offers(negotiation: Negotiation, view: SettlementView) -> Iterable[OfferOut]:
    for offer in negotiation.offers:
        yield OfferOut.of(
            offer,
            state=negotiation.state_of(offer.number, view.at),
            accepted_by=negotiation.accepted_by(offer.number),
        )


def _agreement(agreement: Agreement | None, account: PayeeAccount | None) -> AgreementOut | None:
    if agreement is None:
        return None
    # The number is masked here and nowhere else.
    masked = account and PayeeAccountOut.of(account, number=mask_account(account.number))
    return AgreementOut.of(agreement, account=masked)


def _signing(signing: Signing | None) -> SigningOut | None:
    if signing is None:
        return None
    return SigningOut.of(signing, refused_by=signing.refusal.party_id if signing.refusal else None)


def _performance(settlement: Settlement, today: date) -> PerformanceOut | None:
    signing = settlement.signing
    if settlement.agreement is None or signing is None or signing.in_force_at is None:
        return None
    return performance_out(settlement.performance, today)
