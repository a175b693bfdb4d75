"""What the institution claims: the components of the debt on a given day.

Promise: components are exact, none is negative, and the total is always their sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.money import ZERO, Money


class CaseType(StrEnum):
    """The cause of action (案由)."""

    FINANCIAL_LOAN_CONTRACT = "financial_loan_contract"  # 金融借款合同纠纷
    CREDIT_CARD = "credit_card"  # 信用卡纠纷


class Track(StrEnum):
    """Which procedure the court keeps ready, decided at screening by the claim's total (M2)."""

    INCLUSIVE_FINANCE = "inclusive_finance"  # 普惠金融，速裁
    ORDINARY = "ordinary"


class WayIn(StrEnum):
    """How a dispute came to the hub; a court's two ways differ in whether the suit is docketed already."""

    APPLICATION = "application"  # 机构自行申请调解
    OWN_APPLICATION = "own_application"  # 借款人自行申请调解，机构立案并入
    PRE_FILING_REFERRAL = "pre_filing_referral"  # 法院立案前委派调解
    ENTRUSTED = "entrusted"  # 法院立案后委托调解


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The claim (诉讼请求) in yuan, computed up to `as_of`, the cut-off, which itself bears no interest."""

    principal: Money  # 本金
    interest: Money  # 期内利息
    penalty_interest: Money  # 罚息
    compound_interest: Money  # 复利
    fees: Money  # 实现债权的费用
    as_of: date
    currency: ClassVar[str] = "CNY"

    def __post_init__(self) -> None:
        interests = (self.interest, self.penalty_interest, self.compound_interest)
        if min(self.principal, *interests, self.fees) < ZERO:
            raise ValueError("no component of a claim is negative")

    @property
    def total(self) -> Money:
        """The sum of the components (标的总额)."""
        return self.principal + self.interest + self.penalty_interest + self.compound_interest + self.fees
