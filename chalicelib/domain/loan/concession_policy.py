"""An institution's concession policies (减免政策), version by version.

Promise: a version never changes once published; a change is a new version, and a case keeps the one of its
first offer. On each day the newest version that is valid is in force, so that after a version of limited
validity (a campaign) the newest one still valid applies again.
Downside: a version is withdrawn only by publishing another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.concession import DEFAULT_TIERS, Concession, Tier, check_applicable, conceded
from chalicelib.domain.loan.errors import (
    PolicyBookInvalid,
    PolicyNotInForce,
    PolicyVersionUnknown,
    TermMissing,
    TierNotApplicable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.loan.components import Amounts
    from chalicelib.domain.loan.concession import Proposal

MODEL_FROM: Final = date(2000, 1, 1)
"""The day from which the model's own tiers (M12) are every institution's first version; it never ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcessionPolicy:
    """One version: its tiers, and the first and last day on which offers are made under it."""

    institution_id: str
    version: int
    valid_from: date
    valid_to: date | None = None
    tiers: tuple[Tier, ...] = DEFAULT_TIERS

    def __post_init__(self) -> None:
        if not self.tiers:
            raise TermMissing("tiers", "a policy has at least one tier")
        checks.unique("tiers.name", (tier.name for tier in self.tiers))
        if self.valid_to is not None:
            checks.no_earlier("valid_to", self.valid_to, self.valid_from)

    def valid_on(self, day: date) -> bool:
        """Tell whether offers may be made under this version on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def tier(self, name: str) -> Tier:
        """Return a tier by its name; TierNotApplicable if there is none."""
        for tier in self.tiers:
            if tier.name == name:
                return tier
        raise TierNotApplicable("tier", f"version {self.version} has no tier {name}")

    def concede(self, tier_name: str, proposal: Proposal, owed: Amounts) -> Concession:
        """Return what a tier waives of a debt and keeps; TierNotApplicable names an unmet condition."""
        tier = self.tier(tier_name)
        check_applicable(tier, proposal, owed)
        return Concession(
            institution_id=self.institution_id,
            version=self.version,
            tier=tier.name,
            lines=tuple(conceded(tier, owed)),
        )


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """All versions of an institution's policy, numbered from 1."""

    institution_id: str
    versions: tuple[ConcessionPolicy, ...] = ()

    def __post_init__(self) -> None:
        for number, policy in enumerate(self.versions, start=1):
            if policy.version != number:
                raise PolicyBookInvalid("version", f"{policy.version} stands where {number} belongs")
            if policy.institution_id != self.institution_id:
                raise PolicyBookInvalid("institution_id", f"{policy.institution_id} has a book of its own")

    @classmethod
    def of(cls, institution_id: str, published: Iterable[ConcessionPolicy] = ()) -> PolicyBook:
        """Return a book: version 1 is the model's default (M12), what was published follows."""
        book = cls(institution_id).published(MODEL_FROM, None)
        return replace(book, versions=(*book.versions, *published))

    @property
    def latest_version(self) -> int:
        """The number of the last version; 0 for an empty book."""
        return len(self.versions)

    def published(
        self, valid_from: date, valid_to: date | None, tiers: tuple[Tier, ...] = DEFAULT_TIERS
    ) -> PolicyBook:
        """Return the book with one more version; the earlier ones stay as they are."""
        policy = ConcessionPolicy(
            institution_id=self.institution_id,
            version=self.latest_version + 1,
            valid_from=valid_from,
            valid_to=valid_to,
            tiers=tiers,
        )
        return replace(self, versions=(*self.versions, policy))

    def in_force(self, day: date) -> ConcessionPolicy:
        """Return the newest version valid on a day; PolicyNotInForce if there is none."""
        for policy in reversed(self.versions):
            if policy.valid_on(day):
                return policy
        raise PolicyNotInForce("day", f"{self.institution_id} has no concession policy for {day}")

    def version(self, number: int) -> ConcessionPolicy:
        """Return a version by its number, whether in force or not; PolicyVersionUnknown."""
        if not 1 <= number <= len(self.versions):
            raise PolicyVersionUnknown("version", f"{self.institution_id} never published version {number}")
        return self.versions[number - 1]
