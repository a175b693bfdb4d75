"""Concession policies and what they waive, as the API shows them.

Promise: a version is shown digit by digit as it was published, and the waived and the kept part of each
component add up to the original. Downside: a condition that a tier does not have is shown as null.
"""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from chalicelib.api.schemas.base import AmountText, Answer, DayText, InstantText, instant
from chalicelib.api.schemas.fields import AMOUNT_SCHEMA, PERCENT_SCHEMA
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.concession import ConcededLine, Concession, Repayment, Tier
from chalicelib.domain.loan.concession_policy import ConcessionPolicy
from chalicelib.use_cases.read_policy_book import PolicyBookView
from chalicelib.use_cases.records import Publication

PercentText = Annotated[str, WithJsonSchema(PERCENT_SCHEMA)]
# Seven amounts of the longest form together have a digit more than one.
TotalText = Annotated[str, WithJsonSchema({**AMOUNT_SCHEMA, "pattern": r"^(0|[1-9][0-9]{0,13})\.[0-9]{2}$"})]


class WaiverOut(Answer):
    """How much of a component is waived."""

    component: Component
    percent: PercentText


class TierOut(Answer):
    """One kind of concession and its conditions; null means that there is no such condition."""

    name: str
    repayment: Repayment
    waivers: list[WaiverOut]
    paid_within_days: int | None
    instalments_up_to: int | None
    claim_up_to: AmountText | None
    cap: AmountText | None

    @classmethod
    def of(cls, tier: Tier) -> "TierOut":
        """Show a tier."""
        return cls(
            name=tier.name,
            repayment=tier.repayment,
            waivers=[WaiverOut(component=w.component, percent=f"{w.percent:f}") for w in tier.waivers],
            paid_within_days=tier.paid_within_days,
            instalments_up_to=tier.instalments_up_to,
            claim_up_to=None if tier.claim_up_to is None else str(tier.claim_up_to),
            cap=None if tier.cap is None else str(tier.cap),
        )


class PolicyOut(Answer):
    """A version; `published_at` and `published_by` are null for the model's default and a dry run."""

    version: int
    valid_from: DayText
    valid_to: DayText | None
    tiers: list[TierOut]
    published_at: InstantText | None
    published_by: str | None

    @classmethod
    def of(cls, policy: ConcessionPolicy, publication: Publication | None) -> "PolicyOut":
        """Show a version and its audit."""
        return cls(
            version=policy.version,
            valid_from=policy.valid_from.isoformat(),
            valid_to=None if policy.valid_to is None else policy.valid_to.isoformat(),
            tiers=[TierOut.of(tier) for tier in policy.tiers],
            published_at=instant(publication.published_at if publication else None),
            published_by=publication.published_by if publication else None,
        )


class PolicyBookOut(Answer):
    """Every version, and the one under which offers are made today."""

    institution_id: str
    in_force: int
    latest_version: int
    versions: list[PolicyOut]

    @classmethod
    def of(cls, view: PolicyBookView) -> "PolicyBookOut":
        """Show a book."""
        published = {entry.policy.version: entry for entry in view.publications}
        return cls(
            institution_id=view.book.institution_id,
            in_force=view.in_force.version,
            latest_version=view.book.latest_version,
            versions=[PolicyOut.of(policy, published.get(policy.version)) for policy in view.book.versions],
        )


class ConcededLineOut(Answer):
    """A component; `waived` and `kept` add up to `original`."""

    component: Component
    original: AmountText
    percent: PercentText
    waived: AmountText
    kept: AmountText

    @classmethod
    def of(cls, line: ConcededLine) -> "ConcededLineOut":
        """Show a line."""
        return cls(
            component=line.component,
            original=str(line.original),
            percent=f"{line.percent:f}",
            waived=str(line.waived),
            kept=str(line.kept),
        )


class PreviewOut(Answer):
    """What an offer made today would waive and keep, in yuan, and under which version."""

    version: int
    tier: str
    lines: list[ConcededLineOut]
    original: TotalText
    waived: TotalText
    kept: TotalText
    currency: str = Field(examples=["CNY"])

    @classmethod
    def of(cls, concession: Concession) -> "PreviewOut":
        """Show a concession."""
        waived, kept = concession.waived.total, concession.kept.total
        return cls(
            version=concession.version,
            tier=concession.tier,
            lines=[ConcededLineOut.of(line) for line in concession.lines],
            original=str(waived + kept),
            waived=str(waived),
            kept=str(kept),
            currency="CNY",
        )
