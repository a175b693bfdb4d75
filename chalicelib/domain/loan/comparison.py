"""The institution's claim beside the computed one, line by line.

Promise: every difference is shown, also those within the tolerance; a claim beyond it is refused, with
all lines. Downside: a tolerance hides differences in rounding, so it should be a few fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.errors import DatesOutOfOrder, LoanError
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.loan.statement import Statement

_LINES = ("principal", "interest", "penalty_interest", "compound_interest", "fees", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """By how much a line may be claimed above and below the computed one.

    A creditor may claim less than is owed (民事诉讼法 art. 13): None as `under` allows that.
    """

    over: Money
    under: Money | None

    def __post_init__(self) -> None:
        checks.not_negative("tolerance.over", self.over)
        checks.not_negative("tolerance.under", self.under or ZERO)

    def __str__(self) -> str:
        below = "any amount below" if self.under is None else f"{self.under} below"
        return f"{self.over} above, {below}"

    def allows(self, difference: Money) -> bool:
        """Tell whether a claimed line may differ by this much from the computed one."""
        return difference <= self.over and (self.under is None or -difference <= self.under)


A_FEW_FEN: Final = Tolerance(over=Money(5), under=None)
"""By how much a line may differ because roundings happen at other places [policy]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One line of the claim, named as in `Claim`, and whether the tolerance allows it."""

    name: str
    computed: Money
    claimed: Money
    allowed: bool

    @property
    def difference(self) -> Money:
        """What is claimed beyond the computed amount; negative if less is claimed."""
        return self.claimed - self.computed


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines and the total, in the order of the claim."""

    lines: tuple[ComparedLine, ...]

    @property
    def differing(self) -> tuple[ComparedLine, ...]:
        """The lines that differ at all."""
        return tuple(line for line in self.lines if line.difference != ZERO)

    @property
    def beyond(self) -> tuple[ComparedLine, ...]:
        """The lines that differ by more than the tolerance."""
        return tuple(line for line in self.lines if not line.allowed)

    def accept(self) -> None:
        """Refuse, with ClaimDiffers, a claim that goes beyond the tolerance."""
        if self.beyond:
            raise ClaimDiffers(self)


class ClaimDiffers(LoanError):
    """The claim differs from the computed one by more than the tolerance; `comparison` has the lines."""

    code = "claim_differs"

    def __init__(self, comparison: Comparison) -> None:
        beyond = ", ".join(line.name for line in comparison.beyond)
        super().__init__("claim", f"beyond the tolerance: {beyond}")
        self.comparison = comparison


def compare(statement: Statement, claim: Claim, tolerance: Tolerance) -> Comparison:
    """Compare a claim with a statement of the same day; DatesOutOfOrder if the days differ."""
    if claim.as_of != statement.as_of:
        raise DatesOutOfOrder("as_of", given=claim.as_of, earliest=statement.as_of)
    computed = statement.claim()
    return Comparison(
        tuple(_line(name, getattr(computed, name), getattr(claim, name), tolerance) for name in _LINES)
    )


def _line(name: str, computed: Money, claimed: Money, tolerance: Tolerance) -> ComparedLine:
    allowed = tolerance.allows(claimed - computed)
    return ComparedLine(name=name, computed=computed, claimed=claimed, allowed=allowed)
