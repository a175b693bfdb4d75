"""The agreement (调解协议): drafted, checked for definite content, and from then on unchangeable.

Promise: an `Agreement` states amounts, dates, account and default clause clearly, because "content unclear"
(内容不明确) is a ground to reject its judicial confirmation. Refusals name the clause.
Downside: an account is only a reference to the encrypted one; this module can't tell whose account it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from chalicelib.domain.agreement.errors import ContentUnclear
from chalicelib.domain.agreement.plan import Plan
from chalicelib.domain.agreement.schedules import PLAN_LIMITS, LumpSum
from chalicelib.domain.loan.concession import Concession
from chalicelib.domain.loan.legal import LegalBasis
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement_outcome import SettlementOutcome

if TYPE_CHECKING:
    from chalicelib.domain.agreement.offer import Offer
    from chalicelib.domain.agreement.schedules import PlanLimits
    from chalicelib.domain.loan.components import Amounts

GRACE_DAYS_HIGH: Final = 30
"""The longest grace period an agreement may grant, in days [policy]."""
TOLERANCE: Final = Money(1_00)
"""What may be short without a default, unless the parties agree otherwise [policy]."""
TOLERANCE_HIGH: Final = Money(100_00)
"""The most that an agreement may tolerate [policy]."""
_SOURCE: Final = "民诉法解释 358（五）"


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultClause:
    """What happens when a payment is not made: days of grace; whether the waiver ends; whether all is due.

    What is short by `tolerance` or less is no default. With `resumes`, which needs the other two, interest
    and penalties run again as under the contract, so that a suit claims the debt computed anew.
    """

    stored_as_row: ClassVar = True
    grace_days: int
    clawback: bool  # 恢复被减免的款项
    acceleration: bool  # 未到期款项一并到期
    tolerance: Money = ZERO  # 尾差容忍额
    resumes: bool = False  # 恢复计收利息、罚息

    @property
    def definite(self) -> bool:
        """Whether grace and tolerance are within their limits, and nothing contradicts itself."""
        within = 0 <= self.grace_days <= GRACE_DAYS_HIGH and ZERO <= self.tolerance <= TOLERANCE_HIGH
        return within and (not self.resumes or (self.clawback and self.acceleration))


ON_THE_SPOT: Final = DefaultClause(grace_days=0, clawback=False, acceleration=False)
"""The clause of an agreement that was performed when it was made: no payment can be late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An agreement that is being drawn up; a field that is None is not decided yet."""

    outcome: SettlementOutcome
    agreed_on: date
    concession: Concession | None = None
    plan: Plan | None = None
    account_ref: str | None = None
    default_clause: DefaultClause | None = None
    confirmation_wanted: bool | None = None
    receipt_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The definite terms; made by `agree` only. `account_ref` and `receipt_ref` are opaque references."""

    outcome: SettlementOutcome
    agreed_on: date
    concession: Concession
    plan: Plan
    account_ref: str
    default_clause: DefaultClause
    confirmation_wanted: bool
    receipt_ref: str | None = None

    @property
    def kept(self) -> Amounts:
        """What of the debt is to be paid, by component."""
        return self.concession.kept

    @property
    def waived(self) -> Amounts:
        """What of the debt is waived, by component."""
        return self.concession.waived

    @property
    def on_the_spot(self) -> bool:
        """Whether it was paid when it was made (当场履行)."""
        return self.outcome is SettlementOutcome.PAID_ON_THE_SPOT

    @property
    def sign_by(self) -> date | None:
        """The last day to sign: a lump sum's due day, or the day before the first instalment; else None."""
        if self.on_the_spot:
            return None
        early = 1 if self.outcome is SettlementOutcome.INSTALMENTS else 0
        return self.plan.first_due - timedelta(days=early)


@dataclass(frozen=True, slots=True)
class ContentRule(LegalBasis):
    """A clause that every agreement needs, and the check whether a draft states it clearly."""

    holds: Callable[[Draft], bool]


def _dates_definite(draft: Draft) -> bool:
    plan = draft.plan
    if plan is None:
        return False
    return {
        SettlementOutcome.PAID_ON_THE_SPOT: plan.first_due == draft.agreed_on,
        SettlementOutcome.LUMP_SUM: plan.first_due >= draft.agreed_on,
        SettlementOutcome.INSTALMENTS: plan.first_due > draft.agreed_on,
    }[draft.outcome]


def _kind_definite(draft: Draft) -> bool:
    if draft.plan is None:
        return False
    return (len(draft.plan.lines) > 1) is (draft.outcome is SettlementOutcome.INSTALMENTS)


def _default_definite(draft: Draft) -> bool:
    clause = draft.default_clause
    spot = draft.outcome is SettlementOutcome.PAID_ON_THE_SPOT
    return spot or (clause is not None and clause.definite)


def _receipt_definite(draft: Draft) -> bool:
    given = bool((draft.receipt_ref or "").strip())
    return given is (draft.outcome is SettlementOutcome.PAID_ON_THE_SPOT)


CONTENT_RULES: Final = (
    ContentRule(
        "amount_definite",
        _SOURCE,
        "the sum to be paid and what is waived are stated, and the sum is above zero",
        "应当写明应付金额和减免金额，且应付金额大于零",
        lambda draft: draft.plan is not None and draft.concession is not None and draft.plan.total > ZERO,
    ),
    ContentRule(
        "kind_definite",
        _SOURCE,
        "instalments are at least two payments, everything else is one",
        "分期还款不少于两期，其他方式为一次付清",
        _kind_definite,
    ),
    ContentRule(
        "dates_definite",
        _SOURCE,
        "due dates are stated; a lump sum is due on the day of agreement or later, instalments later",
        "应当写明履行期限；一次性还款不早于协议之日，分期还款首期晚于协议之日",
        _dates_definite,
    ),
    ContentRule(
        "account_definite",
        _SOURCE,
        "the account to pay to is stated",
        "应当写明收款账户",
        lambda draft: bool((draft.account_ref or "").strip()),
    ),
    ContentRule(
        "default_clause_definite",
        _SOURCE,
        "the consequences of a default are stated: days of grace, the waiver, the rest of the plan",
        "应当写明违约后果：宽限期、减免款项及未到期款项的处理",
        _default_definite,
    ),
    ContentRule(
        "confirmation_definite",
        "民事诉讼法 205",
        "the parties say whether they will apply for judicial confirmation",
        "应当写明是否申请司法确认",
        lambda draft: draft.confirmation_wanted is not None,
    ),
    ContentRule(
        "receipt_definite",
        _SOURCE,
        "what was paid on the spot has the institution's receipt, and nothing else has one",
        "当场履行的，应当写明收款凭证号；其他方式不得填写",
        _receipt_definite,
    ),
)


def unclear(draft: Draft) -> tuple[ContentRule, ...]:
    """Return every rule that a draft does not meet yet."""
    return tuple(rule for rule in CONTENT_RULES if not rule.holds(draft))


def agree(draft: Draft, limits: PlanLimits = PLAN_LIMITS) -> Agreement:
    """Make the agreement; raises ContentUnclear (the first rule not met), PlanDoesNotAddUp, PlanTooLong."""
    for rule in unclear(draft):
        raise ContentUnclear(rule)
    clauses: dict[str, Any] = {entry.name: getattr(draft, entry.name) for entry in fields(draft)}
    if draft.outcome is SettlementOutcome.PAID_ON_THE_SPOT:
        clauses["default_clause"] = ON_THE_SPOT
    agreement = Agreement(**clauses)
    agreement.plan.check_sum(agreement.kept.total)
    limits.check(agreement.plan, agreement.agreed_on)
    return agreement


def drafted(offer: Offer, agreed_on: date) -> Draft:
    """Return the draft of what was accepted; account, default clause and confirmation are still open."""
    outcome = SettlementOutcome.LUMP_SUM if offer.lump_sum else SettlementOutcome.INSTALMENTS
    return Draft(outcome=outcome, agreed_on=agreed_on, concession=offer.concession, plan=offer.plan)


def drafted_on_the_spot(offer: Offer, agreed_on: date, receipt_ref: str) -> Draft:
    """Return the draft of a lump sum that was paid when it was agreed, on the institution's receipt."""
    return Draft(
        outcome=SettlementOutcome.PAID_ON_THE_SPOT,
        agreed_on=agreed_on,
        concession=offer.concession,
        plan=LumpSum(agreed_on).plan(offer.concession.kept.total),
        receipt_ref=receipt_ref,
    )
