"""Limits on rates, as data: those of the central bank, and bounds that only a typing error exceeds.

Promise: a contract is checked against the limits it is given; the numbers stand in the table of `ceilings`.
Downside: the highest yearly rate is our convention: no statute names one for licensed lenders.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from chalicelib.domain.loan.ceilings import (
    ANNUAL,
    CARD_BREACH_FEE,
    CARD_DAILY,
    MISUSE_MARKUP,
    OVERDUE_MARKUP,
    today,
)
from chalicelib.domain.loan.checks import percent_within

_NONE: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Percentages: the highest contract rate a year, and what a penalty may add to it."""

    annual_high: Decimal
    overdue_low: Decimal
    overdue_high: Decimal
    misuse_low: Decimal
    misuse_high: Decimal

    def check_annual(self, field: str, percent: Decimal) -> None:
        """Refuse a yearly rate above the limit, or negative."""
        percent_within(field, percent, _NONE, self.annual_high)

    def check_overdue(self, field: str, percent: Decimal) -> None:
        """Refuse an addition for overdue principal outside the limits."""
        percent_within(field, percent, self.overdue_low, self.overdue_high)

    def check_misuse(self, field: str, percent: Decimal) -> None:
        """Refuse an addition for misuse outside the limits."""
        percent_within(field, percent, self.misuse_low, self.misuse_high)


PBC_2003_251: Final = RateLimits(
    annual_high=today(ANNUAL).high,
    overdue_low=today(OVERDUE_MARKUP).low,
    overdue_high=today(OVERDUE_MARKUP).high,
    misuse_low=today(MISUSE_MARKUP).low,
    misuse_high=today(MISUSE_MARKUP).high,
)
"""The additions allowed by 银发〔2003〕251号."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLimits:
    """Percentages: the highest daily rate of an overdraft and breach fee of an unpaid minimum payment."""

    daily_high: Decimal
    breach_fee_high: Decimal

    def check_daily(self, field: str, percent: Decimal) -> None:
        """Refuse a daily rate above the limit, or negative."""
        percent_within(field, percent, _NONE, self.daily_high)

    def check_breach_fee(self, field: str, percent: Decimal) -> None:
        """Refuse a breach fee above the limit, or negative."""
        percent_within(field, percent, _NONE, self.breach_fee_high)


CARD_LIMITS: Final = CardLimits(
    daily_high=today(CARD_DAILY).high, breach_fee_high=today(CARD_BREACH_FEE).high
)
"""What cards agree on: the ceilings of rules that have ended, kept [policy]; see `ceilings`."""
