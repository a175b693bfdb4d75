"""A settlement as the parties and their mediator see it: offers, agreement, signatures, payments.

Promise: every amount of a debt is told by component with its total, every plan line by line with what was
paid of it; the account to pay to is masked. None of it is ever an answer to a court (TY22).
Downside: the figures are computed for the instant of reading; an offer that expires later is still open here.
"""

from collections.abc import Iterable
from datetime import date

from chalicelib.api.schemas.base import AmountText, Answer, DayText, InstantText, instant
from chalicelib.api.schemas.performance_views import PerformanceOut
from chalicelib.domain.agreement.draft import Agreement
from chalicelib.domain.agreement.negotiation import Negotiation, OfferState
from chalicelib.domain.agreement.offer import Figures, Offer
from chalicelib.domain.agreement.plan import Method, Plan
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
from chalicelib.domain.agreement.signing import Signing
from chalicelib.domain.calendar import local_date
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.capitals import in_capitals
from chalicelib.domain.loan.components import Amounts, Component
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

    @classmethod
    def of(cls, amounts: Amounts) -> "AmountsOut":
        """Show amounts with their total."""
        each = {component.value: str(amounts[component]) for component in Component}
        return cls(**each, total=str(amounts.total))


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
    annual_percent: str
    lines: list[PlanLineOut]
    capital: AmountText
    interest: AmountText
    total: AmountText
    total_in_capitals: str

    @classmethod
    def of(cls, plan: Plan) -> "PlanOut":
        """Show a plan."""
        return cls(
            method=plan.method,
            annual_percent=str(plan.annual_percent),
            lines=[
                PlanLineOut(
                    number=line.number,
                    due=line.due.isoformat(),
                    capital=str(line.capital),
                    interest=str(line.interest),
                    amount=str(line.amount),
                )
                for line in plan.lines
            ],
            capital=str(plan.capital),
            interest=str(plan.interest),
            total=str(plan.total),
            total_in_capitals=in_capitals(plan.total),
        )


class FiguresOut(Answer):
    """What an offer comes to; `saving` is against the full claim, negative if interest exceeds it."""

    owed: AmountText
    waived: AmountText
    total: AmountText
    interest: AmountText
    saving: str
    monthly_burden: AmountText
    payments: int
    months: int
    first_due: DayText
    last_due: DayText

    @classmethod
    def of(cls, figures: Figures) -> "FiguresOut":
        """Show the figures."""
        return cls(
            owed=str(figures.owed),
            waived=str(figures.waived),
            total=str(figures.total),
            interest=str(figures.interest),
            saving=str(figures.saving),
            monthly_burden=str(figures.monthly_burden),
            payments=figures.payments,
            months=figures.months,
            first_due=figures.first_due.isoformat(),
            last_due=figures.last_due.isoformat(),
        )


class OfferOut(Answer):
    """An offer, where it stands, and what it comes to."""

    number: int
    side: Side
    state: OfferState
    made_at: InstantText
    expires_at: InstantText
    tier: str
    policy_version: int
    waived: AmountsOut
    kept: AmountsOut
    plan: PlanOut
    figures: FiguresOut

    @classmethod
    def of(cls, offer: Offer, state: OfferState) -> "OfferOut":
        """Show an offer."""
        return cls(
            number=offer.number,
            side=offer.side,
            state=state,
            made_at=offer.made_at.isoformat(),
            expires_at=offer.expires_at.isoformat(),
            tier=offer.concession.tier,
            policy_version=offer.concession.version,
            waived=AmountsOut.of(offer.concession.waived),
            kept=AmountsOut.of(offer.concession.kept),
            plan=PlanOut.of(offer.plan),
            figures=FiguresOut.of(offer.figures),
        )


class DefaultClauseOut(Answer):
    """What happens when a payment stays out."""

    grace_days: int
    clawback: bool
    acceleration: bool


class PayeeAccountOut(Answer):
    """Where to pay; the number masked, the document has it in full."""

    holder: str
    number: str
    bank: str

    @classmethod
    def of(cls, account: PayeeAccount | None) -> "PayeeAccountOut | None":
        """Show an account."""
        if account is None:
            return None
        return cls(holder=account.holder, number=mask_account(account.number), bank=account.bank)


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
    receipt_reference: str | None

    @classmethod
    def of(cls, agreement: Agreement | None, account: PayeeAccount | None) -> "AgreementOut | None":
        """Show an agreement."""
        if agreement is None:
            return None
        clause = agreement.default_clause
        return cls(
            outcome=agreement.outcome,
            agreed_on=agreement.agreed_on.isoformat(),
            waived=AmountsOut.of(agreement.waived),
            kept=AmountsOut.of(agreement.kept),
            plan=PlanOut.of(agreement.plan),
            account=PayeeAccountOut.of(account),
            default_clause=DefaultClauseOut(
                grace_days=clause.grace_days, clawback=clause.clawback, acceleration=clause.acceleration
            ),
            confirmation_wanted=agreement.confirmation_wanted,
            receipt_reference=agreement.receipt_ref,
        )


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
    awaited: list[str]
    refused_by: str | None
    in_force_at: InstantText | None

    @classmethod
    def of(cls, signing: Signing | None) -> "SigningOut | None":
        """Show the signing."""
        if signing is None:
            return None
        return cls(
            document_sha256=signing.document_sha256,
            sign_by=signing.sign_by.isoformat() if signing.sign_by else None,
            signatures=[
                SignatureOut(
                    party_id=each.party_id,
                    at=each.at.isoformat(),
                    channel=each.channel,
                    code_verified=each.code_verified,
                )
                for each in signing.signatures
            ],
            awaited=sorted(signing.awaited),
            refused_by=signing.refusal.party_id if signing.refusal else None,
            in_force_at=instant(signing.in_force_at),
        )


class SettlementOut(Answer):
    """A case's present round of settlement: confidential (TY22)."""

    case_id: str
    round: int
    owed: AmountsOut
    offers: list[OfferOut]
    agreement: AgreementOut | None
    signing: SigningOut | None
    performance: PerformanceOut | None

    @classmethod
    def of(cls, view: SettlementView) -> "SettlementOut":
        """Show a settlement."""
        settlement = view.settlement
        return cls(
            case_id=view.case.case_id,
            round=view.case.round,
            owed=AmountsOut.of(settlement.negotiation.owed),
            offers=list(_offers(settlement.negotiation, view)),
            agreement=AgreementOut.of(settlement.agreement, view.account),
            signing=SigningOut.of(settlement.signing),
            performance=_performance(settlement, local_date(view.at)),
        )


class SigningCodeOut(Answer):
    """A code is on its way to the party's phone."""

    party_id: str
    expires_at: InstantText


def _offers(negotiation: Negotiation, view: SettlementView) -> Iterable[OfferOut]:
    for offer in negotiation.offers:
        yield OfferOut.of(offer, negotiation.state_of(offer.number, view.at))


def _performance(settlement: Settlement, today: date) -> PerformanceOut | None:
    signing = settlement.signing
    if settlement.agreement is None or signing is None or signing.in_force_at is None:
        return None
    return PerformanceOut.of(settlement.performance, today)
