"""The bodies of acts on a settlement: offers and answers, the agreement, signatures, repayments.

Promise: a form holds what its act needs and no amount that can be computed; the domain checks whether a
plan adds up, keeps within the policy and is in time. Downside: whoever records an act in person must name
the side; for others the token determines it, and a different value is refused.
"""

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.fields import (
    Amount,
    AmountOrZero,
    Day,
    Identifier,
    Name,
    PositiveAmount,
    Rate,
    matching,
    whole_number,
)
from chalicelib.api.schemas.identifiers import Account
from chalicelib.domain.agreement.draft import TOLERANCE, DefaultClause
from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.agreement.offer import OfferTerms
from chalicelib.domain.agreement.schedules import (
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
    Schedule,
)
from chalicelib.domain.agreement.settlement import PayeeAccount
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.parties import Side
from chalicelib.use_cases.settle import SettlementTerms

_MOST_PARTS: Final = 100  # above what a plan may have, so that the domain's refusal names the rule
_YesOrNo = Annotated[bool, Field(strict=True)]


Reference = Annotated[
    str,
    matching("[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}", "reference_format", longest=64, examples=["PAY-2026-0001"]),
]
Sha256 = Annotated[str, matching("[0-9a-f]{64}", "sha256_format", longest=64)]
OneTimeCode = Annotated[str, matching("[0-9]{6}", "code_digits", longest=6, examples=["123456"])]


ActCode = Annotated[
    OneTimeCode | None,
    Field(description="By which the person confirms what is recorded in its name · 本人验证码"),
]
Speaker = Annotated[
    Identifier | None,
    Field(
        examples=["r1"],
        description="Who speaks; needed only before the mediator, of several respondents · 作出表示的当事人",
    ),
]


class AmountsIn(Request):
    """An amount for each component; what is left out is 0.00."""

    costs: AmountOrZero
    fees: AmountOrZero
    compound_interest: AmountOrZero
    penalty_interest: AmountOrZero
    breach_fee: AmountOrZero
    interest: AmountOrZero
    principal: AmountOrZero

    def amounts(self) -> Amounts:
        """Return the domain's amounts."""
        return self.make(Amounts)


class LumpSumIn(Request):
    """Everything at once, by a day (一次性还款)."""

    kind: Literal["lump_sum"]
    by: Day

    def schedule(self) -> Schedule:
        """Return the schedule."""
        return LumpSum(self.by)


class MonthlyIn(Request):
    """Monthly instalments: equal principal (等额本金) or equal payments (等额本息).

    Due each month on `day`, or on the month's last day if it is shorter; `annual_percent` is the plan's own
    interest.
    """

    kind: Literal["equal_principal", "equal_payment"]
    year: Annotated[int, whole_number(least=2000, most=2199)]
    month: Annotated[int, whole_number(least=1, most=12)]
    day: Annotated[int, whole_number(least=1, most=31)]
    count: Annotated[int, whole_number(least=1, most=999)]
    annual_percent: Rate = Field(default=Decimal(0), json_schema_extra={"default": "0"})

    def schedule(self) -> Schedule:
        """Return the schedule; raises DueDatesInvalid, PlanTooLong or RateOutOfBounds."""
        dates = MonthlyDates(year=self.year, month=self.month, day=self.day, count=self.count)
        made = EqualPrincipal if self.kind == "equal_principal" else EqualPayment
        return made(dates=dates, annual_percent=self.annual_percent)


class PartIn(Request):
    """A day and what is to be paid on it."""

    on: Day
    amount: PositiveAmount


class CustomIn(Request):
    """Any days and amounts (自定分期); they must add up to what is kept of the debt, to the fen."""

    kind: Literal["custom"]
    parts: list[PartIn] = Field(min_length=1, max_length=_MOST_PARTS)

    def schedule(self) -> Schedule:
        """Return the schedule; raises DueDatesInvalid or PlanTooLong."""
        return CustomInstalments(tuple(DatedAmount(part.on, part.amount) for part in self.parts))


ScheduleIn = Annotated[LumpSumIn | MonthlyIn | CustomIn, Field(discriminator="kind")]


class OfferPreviewIn(Request):
    """A way of paying, to be tried out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"schedule": {"kind": "equal_payment", "year": 2026, "month": 12, "day": 20, "count": 12}}
            ]
        }
    )

    schedule: ScheduleIn


OFFER_EXAMPLE: Final[dict[str, Any]] = {
    "side": "applicant",
    "tier": "lump_sum",
    "schedule": {"kind": "lump_sum", "by": "2026-12-31"},
    "valid_days": 7,
}


class OfferIn(Request):
    """An offer, or a counter-offer to the open one (方案): a tier of the policy and how the rest is paid.

    `waived` asks for less than the tier would waive. The figures follow; see the settlement.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [OFFER_EXAMPLE]})

    side: Side
    party_id: Speaker = None
    respondents: list[Identifier] = Field(
        default_factory=list,
        max_length=10,
        json_schema_extra={"uniqueItems": True},
        description="Whom it is for, all if left out; others the agreement leaves out · 要约所及的被申请人",
    )
    tier: Identifier
    schedule: ScheduleIn
    waived: AmountsIn | None = None
    valid_days: Annotated[int, whole_number(least=0, most=99)]
    channel: Channel = Channel.ONLINE
    code: ActCode = None

    def terms(self) -> OfferTerms:
        """Return the proposed terms; raises what `schedule` raises."""
        waived = self.waived.amounts() if self.waived else None
        return OfferTerms(tier=self.tier, schedule=self.schedule.schedule(), waived=waived)


class OfferAnswerIn(Request):
    """Somebody the offer was made to accepts or declines for itself, or its maker revokes it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"side": "respondent", "reply": "accepted"}]})

    side: Side
    party_id: Speaker = None
    reply: Reply
    channel: Channel = Channel.ONLINE
    code: ActCode = None


class PayeeAccountIn(Request):
    """The institution's account to pay to (收款账户)."""

    holder: Name
    number: Account
    bank: Name


class DefaultClauseIn(Request):
    """What happens when a payment stays out: days of grace, the waiver back, everything due at once."""

    grace_days: Annotated[int, whole_number(least=0, most=999)]
    clawback: _YesOrNo
    acceleration: _YesOrNo
    tolerance: Amount = Field(
        TOLERANCE,
        description="What may be short without a default, at most 100.00 · 尾差容忍额",
        json_schema_extra={"default": str(TOLERANCE)},
    )
    resumes: _YesOrNo = Field(
        default=False,
        description="Whether interest and penalties run again from the contract; needs the other two · "
        "是否恢复计收利息、罚息",
    )


class SettlementIn(Request):
    """What the accepted offer leaves open.

    With a `receipt_reference` the sum was paid on the spot (当场履行), and nothing can stay out.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "account": {
                        "holder": "示例农村商业银行股份有限公司",
                        "number": "6217000000000000004",
                        "bank": "示例农村商业银行蕉城支行",
                    },
                    "default_clause": {"grace_days": 5, "clawback": True, "acceleration": True},
                    "confirmation_wanted": True,
                }
            ]
        }
    )

    account: PayeeAccountIn
    default_clause: DefaultClauseIn | None = None
    confirmation_wanted: _YesOrNo
    receipt_reference: Reference | None = None

    def terms(self) -> SettlementTerms:
        """Return the terms."""
        return SettlementTerms(
            account=self.account.make(PayeeAccount),
            default_clause=self.default_clause.make(DefaultClause) if self.default_clause else None,
            confirmation_wanted=self.confirmation_wanted,
            receipt_ref=self.receipt_reference,
        )


class SigningCodeIn(Request):
    """The party whose phone the code goes to."""

    party_id: Identifier = Field(examples=["r1"])


class SignatureIn(Request):
    """A party signs the very document (TY24, OL19): online with a code, in person before a witness."""

    party_id: Identifier = Field(examples=["r1"])
    document_sha256: Sha256 = Field(description="`agreement_sha256` of the case · 协议文本的 SHA-256")
    code: OneTimeCode | None = None
    channel: Channel = Channel.ONLINE


class SigningRefusalIn(Request):
    """A party refuses to sign (OL25)."""

    party_id: Identifier = Field(examples=["r1"])
    channel: Channel = Channel.ONLINE
    code: ActCode = None


class RepaymentIn(Request):
    """A payment, known by the institution's own reference."""

    reference: Reference
    on: Day
    amount: PositiveAmount
    overpayment: AmountOrZero

    def payment(self) -> Payment:
        """Return the payment."""
        return Payment(on=self.on, amount=self.amount, reference=self.reference)


class ReversalIn(Request):
    """A payment that was recorded by mistake (冲正)."""

    reference: Reference


class ConfirmationIn(Request):
    """A party applies for judicial confirmation (民事诉讼法 205); an institution for all its applicants."""

    side: Side
    party_id: Identifier = Field(examples=["a1"])
    channel: Channel = Channel.ONLINE
    code: ActCode = None


class NothingIn(Request):
    """There is nothing to add; the body may be left out."""
