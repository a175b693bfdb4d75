"""What a tier of a concession policy waives (减免) of a debt.

Promise: the waived part is rounded HALF_UP to the fen and the kept part is the rest, so both always add up
to the original; a concession names the version of the policy it was made under.
Downside: a tier's cap is used up in the order of its waivers; sharing it out in proportion is not offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.errors import AmountOutOfBounds, TermMissing, TierNotApplicable
from chalicelib.domain.loan.rounding import share
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterator

_NONE: Final = Decimal(0)
_ALL: Final = Decimal(100)


class Repayment(StrEnum):
    """How the borrower is to pay what is left."""

    LUMP_SUM = "lump_sum"  # 一次性还款
    INSTALMENTS = "instalments"  # 分期还款


@dataclass(frozen=True, slots=True)
class Waiver:
    """The percentage of a component that is waived."""

    stored_as_row: ClassVar = True
    component: Component
    percent: Decimal

    def __post_init__(self) -> None:
        checks.percent_within("waivers.percent", self.percent, _NONE, _ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One kind of concession and its conditions; None means that there is no such condition.

    `paid_within_days` counts to the last payment, `cap` limits the waived total, `claim_up_to` the claim.
    """

    name: str
    repayment: Repayment
    waivers: tuple[Waiver, ...]
    paid_within_days: int | None = None
    instalments_up_to: int | None = None
    claim_up_to: Money | None = None
    cap: Money | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise TermMissing("tiers.name", "a tier has a name")
        checks.unique("waivers.component", (waiver.component for waiver in self.waivers))
        checks.not_negative("tiers.cap", self.cap or ZERO)
        checks.not_negative("tiers.claim_up_to", self.claim_up_to or ZERO)
        for field in ("paid_within_days", "instalments_up_to"):
            if (given := getattr(self, field) or 0) < 0:
                raise AmountOutOfBounds(f"tiers.{field}", given=given, bounds=">= 0")


Tiers: TypeAlias = tuple[Tier, ...]


DEFAULT_TIERS: Final = (
    Tier(
        name="lump_sum",
        repayment=Repayment.LUMP_SUM,
        waivers=(
            Waiver(Component.PENALTY_INTEREST, _ALL),
            Waiver(Component.COMPOUND_INTEREST, _ALL),
            Waiver(Component.BREACH_FEE, _ALL),
        ),
    ),
    Tier(
        name="instalments",
        repayment=Repayment.INSTALMENTS,
        waivers=(
            Waiver(Component.PENALTY_INTEREST, Decimal(50)),
            Waiver(Component.COMPOUND_INTEREST, Decimal(50)),
            Waiver(Component.BREACH_FEE, Decimal(50)),
        ),
    ),
)
"""What the model waives (M12); a card's breach fee is treated as its penalty interest [policy]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """How a borrower would pay: all by `days` after the agreement, in so many payments."""

    repayment: Repayment
    days: int
    payments: int = 1

    def __post_init__(self) -> None:
        if self.days < 0:
            raise AmountOutOfBounds("days", given=self.days, bounds=">= 0")
        if self.payments < 1 or (self.payments > 1 and self.repayment is Repayment.LUMP_SUM):
            bounds = "= 1" if self.repayment is Repayment.LUMP_SUM else ">= 1"
            raise AmountOutOfBounds("payments", given=self.payments, bounds=bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcededLine:
    """A component: what was owed, by how much percent it was to be waived, and what was waived."""

    component: Component
    original: Money
    percent: Decimal
    waived: Money

    @property
    def kept(self) -> Money:
        """What stays owed."""
        return self.original - self.waived


@dataclass(frozen=True, slots=True, kw_only=True)
class Concession:
    """A debt after a concession, and the institution's policy version and tier it was made under."""

    institution_id: str
    version: int
    tier: str
    lines: tuple[ConcededLine, ...]

    @property
    def waived(self) -> Amounts:
        """What is waived, by component."""
        return Amounts.of({line.component: line.waived for line in self.lines})

    @property
    def kept(self) -> Amounts:
        """What is to be paid, by component."""
        return Amounts.of({line.component: line.kept for line in self.lines})


def unmet(tier: Tier, proposal: Proposal, owed: Amounts) -> tuple[str, ...]:
    """Return the names of the tier's conditions that a proposal does not meet."""
    conditions = {
        "repayment": proposal.repayment is tier.repayment,
        "paid_within_days": tier.paid_within_days is None or proposal.days <= tier.paid_within_days,
        "instalments_up_to": tier.instalments_up_to is None or proposal.payments <= tier.instalments_up_to,
        "claim_up_to": tier.claim_up_to is None or owed.total <= tier.claim_up_to,
    }
    return tuple(name for name, met in conditions.items() if not met)


def check_applicable(tier: Tier, proposal: Proposal, owed: Amounts) -> None:
    """Refuse, with TierNotApplicable, a proposal that does not meet the tier's conditions; it names all."""
    if names := unmet(tier, proposal, owed):
        first, *others = names
        raise TierNotApplicable(first, f"tier {tier.name} does not allow this", *others)


def conceded(tier: Tier, owed: Amounts) -> Iterator[ConcededLine]:
    """Yield a line for each component, waived by the tier's percentages within its cap."""
    for component in Component:
        checks.not_negative(component, owed[component])
    left = tier.cap
    waived: dict[Component, Money] = {}
    for waiver in tier.waivers:
        part = share(owed[waiver.component], waiver.percent)
        waived[waiver.component] = part if left is None else min(part, left)
        left = None if left is None else left - waived[waiver.component]
    percents = {waiver.component: waiver.percent for waiver in tier.waivers}
    for component in Component:
        yield ConcededLine(
            component=component,
            original=owed[component],
            percent=percents.get(component, _NONE),
            waived=waived.get(component, ZERO),
        )
