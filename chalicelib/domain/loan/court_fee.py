"""The court fee (案件受理费) of a property case, and what mediation before filing saves.

Promise: the fee is the sum of its tiers, each shown (诉讼费用交纳办法 art. 13); halved for mediation,
withdrawal or summary procedure (arts. 15, 16). Downside: higher people's courts may set local scales;
such a scale is data as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan.checks import not_negative
from chalicelib.domain.loan.rounding import share
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.transfer import Procedure

if TYPE_CHECKING:
    from collections.abc import Iterator

_HALF: Final = Decimal(50)


def _yuan(amount: int) -> Money:
    return Money(amount * 100)


@dataclass(frozen=True, slots=True)
class FeeTier:
    """The percentage charged on the part of the amount above `over`, up to the next tier's."""

    over: Money
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeScale:
    """What every case pays, and the tiers on top of it, in ascending order."""

    base: Money
    tiers: tuple[FeeTier, ...]


NATIONAL_SCALE: Final = FeeScale(
    base=_yuan(50),
    tiers=(
        FeeTier(_yuan(10_000), Decimal("2.5")),
        FeeTier(_yuan(100_000), Decimal(2)),
        FeeTier(_yuan(200_000), Decimal("1.5")),
        FeeTier(_yuan(500_000), Decimal(1)),
        FeeTier(_yuan(1_000_000), Decimal("0.9")),
        FeeTier(_yuan(2_000_000), Decimal("0.8")),
        FeeTier(_yuan(5_000_000), Decimal("0.7")),
        FeeTier(_yuan(10_000_000), Decimal("0.6")),
        FeeTier(_yuan(20_000_000), Decimal("0.5")),
    ),
)
"""诉讼费用交纳办法 art. 13(1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One tier's part of the fee."""

    tier: FeeTier
    base: Money
    fee: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtFee:
    """The fee for an amount in dispute: the base of every case and a line for each tier reached."""

    amount: Money
    base: Money
    lines: tuple[FeeLine, ...]

    @property
    def full(self) -> Money:
        """The fee in ordinary procedure."""
        return sum((line.fee for line in self.lines), self.base)

    @property
    def halved(self) -> Money:
        """The fee for mediation, withdrawal or summary procedure (arts. 15, 16), HALF_UP to the fen."""
        return share(self.full, _HALF)

    def under(self, procedure: Procedure) -> Money:
        """Return the fee under a procedure; small claims are tried by a form of the summary one."""
        return self.full if procedure is Procedure.ORDINARY else self.halved


def court_fee(amount: Money, scale: FeeScale = NATIONAL_SCALE) -> CourtFee:
    """Return the fee for an amount in dispute; AmountOutOfBounds if it is negative."""
    not_negative("amount", amount)
    return CourtFee(amount=amount, base=scale.base, lines=tuple(_lines(amount, scale.tiers)))


def fee_saved(amount: Money, otherwise: Procedure, scale: FeeScale = NATIONAL_SCALE) -> Money:
    """Return what a dispute settled before filing saves: mediation here is free (M11)."""
    return court_fee(amount, scale).under(otherwise)


def _lines(amount: Money, tiers: tuple[FeeTier, ...]) -> Iterator[FeeLine]:
    ends = [following.over for following in tiers[1:]]
    for tier, end in zip(tiers, [*ends, amount], strict=True):
        base = min(amount, end) - tier.over
        if base > ZERO:
            yield FeeLine(tier=tier, base=base, fee=share(base, tier.percent))
