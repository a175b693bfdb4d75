"""Concession policies and what they waive, as the API shows them.

Promise: a version is shown digit by digit as it was published, and the waived and the kept part of each
component add up to the original. Downside: a condition that a tier does not have is shown as null.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema

from chalicelib.api.schemas.base import AmountText, Answer, DayText, InstantText, Written, within
from chalicelib.api.schemas.fields import AMOUNT_SCHEMA, PERCENT_SCHEMA
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.concession import Concession, Repayment
from chalicelib.domain.loan.concession_policy import ConcessionPolicy
from chalicelib.domain.money import Money
from chalicelib.use_cases.read_policy_book import PolicyBookView
from chalicelib.use_cases.records import Publication

ShareText = Annotated[str, Written(Decimal, "{:f}".format), WithJsonSchema(PERCENT_SCHEMA)]
# The sum of seven longest amounts has one digit more than a single amount.
TotalText = Annotated[
    str,
    Written(Money, str),
    WithJsonSchema({**AMOUNT_SCHEMA, "pattern": r"^(0|[1-9][0-9]{0,13})\.[0-9]{2}$"}),
]


class WaiverOut(Answer):
    """How much of a component is waived."""

    component: Component
    percent: ShareText


class TierOut(Answer):
    """One kind of concession and its conditions; null means that there is no such condition."""

    name: str
    repayment: Repayment
    waivers: list[WaiverOut]
    paid_within_days: int | None
    instalments_up_to: int | None
    claim_up_to: AmountText | None
    cap: AmountText | None


class PolicyOut(Answer):
    """A version; `published_at` and `published_by` are null for the model's default and a dry run."""

    version: int
    valid_from: DayText
    valid_to: DayText | None
    tiers: list[TierOut]
    published_at: InstantText | None
    published_by: str | None


class PolicyBookOut(Answer):
    """Every version, and the one under which offers are made today."""

    institution_id: str
    in_force: int
    latest_version: int
    versions: list[PolicyOut]


class ConcededLineOut(Answer):
    """A component; `waived` and `kept` add up to `original`."""

    component: Component
    original: AmountText
    percent: ShareText
    waived: AmountText
    kept: AmountText


class PreviewOut(Answer):
    """What an offer made today would waive and keep, in yuan, and under which version."""

    version: int
    tier: str
    lines: list[ConcededLineOut]
    original: TotalText
    waived: TotalText = within("waived", "total")
    kept: TotalText = within("kept", "total")
    currency: str = Field(examples=["CNY"])


def policy_out(policy: ConcessionPolicy, publication: Publication | None) -> PolicyOut:
    """Show a version, with when and by whom it was published."""
    return PolicyOut.of(
        policy,
        published_at=publication.published_at if publication else None,
        published_by=publication.published_by if publication else None,
    )


def policy_book_out(view: PolicyBookView) -> PolicyBookOut:
    """Show every version of a policy, and which is in force."""
    published = {entry.policy.version: entry for entry in view.publications}
    versions = [policy_out(policy, published.get(policy.version)) for policy in view.book.versions]
    return PolicyBookOut.of(view.book, in_force=view.in_force.version, versions=versions)


def preview_out(concession: Concession) -> PreviewOut:
    """Show what an offer would waive and keep."""
    original = concession.waived.total + concession.kept.total
    return PreviewOut.of(concession, original=original, currency="CNY")
