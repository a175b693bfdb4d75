"""Publish the next version of an institution's concession policy."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import StalePolicy
from chalicelib.domain.loan import checks
from chalicelib.domain.loan.concession_policy import ConcessionPolicy
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
    policy. It may begin today in China at the earliest, so that the terms of past days never change. The same
    publication by the same person again returns the first one.
    """
    authorise(actor, Action.PUBLISH_POLICY)
    check_policy_of(actor, institution_id)
    now = hub.clock.now()
    checks.no_earlier("valid_from", valid_from, local_date(now))
    policy = ConcessionPolicy(
        institution_id=institution_id,
        version=expected_version + 1,
        valid_from=valid_from,
        valid_to=valid_to,
        tiers=tiers,
    )
    publication = Publication(policy=policy, published_by=actor.subject, published_at=now)
    fresh = hub.policies.book(institution_id).latest_version == expected_version
    if dry_run and fresh:
        return publication
    if dry_run:
        raise StalePolicy(institution_id)
    if fresh:
        with suppress(StalePolicy):
            hub.policies.publish(publication)
            return publication
    return _published_before(hub, publication)


def _published_before(hub: Hub, publication: Publication) -> Publication:
    """Return it as it was stored, if this is what the same person published; else raise StalePolicy."""
    institution_id = publication.policy.institution_id
    for stored in hub.policies.publications(institution_id):
        if replace(publication, published_at=stored.published_at) == stored:
            return stored
    raise StalePolicy(institution_id)
