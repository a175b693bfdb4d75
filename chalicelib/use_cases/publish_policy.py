"""Publish the next version of an institution's concession policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import StalePolicy
from chalicelib.domain.loan import checks
from chalicelib.domain.permissions import authorise, check_policy_of
from chalicelib.domain.stages import Action
from chalicelib.use_cases.records import Publication

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.loan.concession import Tier
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def publish_policy(
    hub: Hub,
    actor: Actor,
    institution_id: str,
    *,
    valid_from: date,
    valid_to: date | None,
    tiers: tuple[Tier, ...],
    expected_version: int,
    dry_run: bool = False,
) -> Publication:
    """Publish a version and return it; with `dry_run` only return it. Earlier offers keep their version.

    Raises NotPermitted, PolicyNotFound, StalePolicy, or the LoanError that names what is wrong with the
    policy. It may begin today in China at the earliest, so that the terms of past days never change.
    """
    authorise(actor, Action.PUBLISH_POLICY)
    check_policy_of(actor, institution_id)
    now = hub.clock.now()
    checks.no_earlier("valid_from", valid_from, local_date(now))
    book = hub.policies.book(institution_id)
    if book.latest_version != expected_version:
        raise StalePolicy(institution_id)
    policy = book.published(valid_from, valid_to, tiers).versions[-1]
    publication = Publication(policy=policy, published_by=actor.subject, published_at=now)
    if not dry_run:
        hub.policies.publish(publication)
    return publication
