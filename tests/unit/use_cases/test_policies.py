"""Concession policies: published by their institution, read where offers are made, tried out by the bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import NotPermitted, PolicyNotFound, StalePolicy
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.concession import DEFAULT_TIERS, Proposal, Repayment
from chalicelib.domain.loan.errors import DatesOutOfOrder, DuplicateReference, TermMissing, TierNotApplicable
from chalicelib.domain.money import Money
from chalicelib.use_cases.preview_concession import preview_concession
from chalicelib.use_cases.publish_policy import publish_policy
from chalicelib.use_cases.read_policy_book import read_policy_book
from tests.support.fakes import FakeHub
from tests.support.fakes.policies import FakePolicies
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, OPS, borrower

if TYPE_CHECKING:
    from chalicelib.domain.loan.concession import Concession
    from chalicelib.domain.loan.concession_policy import PolicyBook
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.records import Publication

TODAY = date(2026, 3, 2)
"""The fake clock's day in China."""
OWED = Amounts(penalty_interest=Money.parse("5830.21"), compound_interest=Money.parse("427.39"))
LUMP = Proposal(repayment=Repayment.LUMP_SUM, days=30)
HALF = Proposal(repayment=Repayment.INSTALMENTS, days=360, payments=12)


def publish(hub: FakeHub, actor: Actor = INSTITUTION, owner: str = "bank-1", **changes: Any) -> Publication:
    terms: dict[str, Any] = {
        "valid_from": TODAY,
        "valid_to": None,
        "tiers": DEFAULT_TIERS[:1],
        "expected_version": len(hub.policies.stored) + 1,
    }
    return publish_policy(hub, actor, owner, **{**terms, **changes})


def preview(hub: FakeHub, actor: Actor = INSTITUTION, owner: str = "bank-1", **changes: Any) -> Concession:
    terms: dict[str, Any] = {"tier": "lump_sum", "proposal": LUMP, "owed": OWED}
    return preview_concession(hub, actor, owner, **{**terms, **changes})


def test_a_publication_is_the_next_version_with_its_audit() -> None:
    """Who and when stand beside it; from its first day on it is in force."""
    hub = FakeHub()
    first = publish(hub, valid_from=TODAY + timedelta(days=1))
    assert (first.policy.version, first.published_by, first.published_at) == (2, "clerk-1", hub.clock.now())
    assert publish(hub, valid_from=TODAY + timedelta(days=2)).policy.version == 3
    view = read_policy_book(hub, INSTITUTION, "bank-1")
    assert view.publications[0] == first
    assert [policy.version for policy in view.book.versions] == [1, 2, 3]
    assert view.in_force is view.book.version(1)
    hub.clock.advance(days=2)
    assert read_policy_book(hub, INSTITUTION, "bank-1").in_force.version == 3


def test_a_dry_run_says_the_same_and_stores_nothing() -> None:
    """What it answers is what the next publication would answer."""
    hub = FakeHub()
    foreseen = publish(hub, dry_run=True)
    assert hub.policies.stored == {}
    assert publish(hub) == foreseen


def test_who_read_an_older_version_publishes_nothing() -> None:
    """The version must be the latest, neither an earlier nor a later one; also for a dry run."""
    hub = FakeHub()
    publish(hub)
    for version in (0, 1, 3):
        for dry_run in (True, False):
            with pytest.raises(StalePolicy):
                publish(hub, expected_version=version, dry_run=dry_run, valid_to=TODAY)
    assert len(hub.policies.stored) == 1


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"dry_run": True}, False),
        ({"valid_to": TODAY}, False),
        ({"tiers": DEFAULT_TIERS}, False),
        ({"expected_version": 0}, False),
        ({"actor": replace(INSTITUTION, subject="clerk-9")}, False),
    ],
)
def test_the_same_publication_again_is_the_first_one(changes: dict[str, Any], *, same: bool) -> None:
    """By the same person with the same content on the same version; whatever differs is stale."""
    hub = FakeHub()
    first = publish(hub)
    hub.clock.advance(hours=1)
    again = {"expected_version": 1, **changes}
    if same:
        assert publish(hub, **again) == first
    else:
        with pytest.raises(StalePolicy):
            publish(hub, **again)
    assert len(hub.policies.stored) == 1


class Overtaken(FakePolicies):
    """Somebody publishes version 2 whenever a book has just been read."""

    def __init__(self, rival: Publication) -> None:
        super().__init__()
        self._rival = rival

    def book(self, institution_id: str) -> PolicyBook:
        """Read it, and be overtaken."""
        read = super().book(institution_id)
        self.publish(self._rival)
        return read


def test_of_two_that_read_the_same_version_one_publishes() -> None:
    """The storage decides, not the reading."""
    hub = FakeHub()
    rival = replace(publish(hub, dry_run=True), published_by="clerk-9")
    hub.policies = Overtaken(rival)
    with pytest.raises(StalePolicy):
        publish(hub, expected_version=1)
    assert hub.policies.stored == {("bank-1", 2): rival}


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"valid_from": TODAY - timedelta(days=1)}, DatesOutOfOrder, "valid_from"),
        ({"valid_to": TODAY - timedelta(days=1)}, DatesOutOfOrder, "valid_to"),
        ({"tiers": ()}, TermMissing, "tiers"),
        ({"tiers": DEFAULT_TIERS * 2}, DuplicateReference, "tiers.name"),
    ],
)
def test_a_policy_that_can_not_be_is_refused(changes: dict[str, Any], error: Any, field: str) -> None:
    """By the domain's own name of what is wrong, and nothing is stored."""
    hub = FakeHub()
    with pytest.raises(error) as refused:
        publish(hub, **changes)
    assert refused.value.fields == (field,)
    assert hub.policies.stored == {}


def test_today_is_the_day_in_china() -> None:
    """At 00:30 in China it is still yesterday in UTC: that day is past."""
    hub = FakeHub()
    hub.clock.set(hub.clock.now().replace(hour=16, minute=30))
    with pytest.raises(DatesOutOfOrder):
        publish(hub, valid_from=TODAY)
    assert publish(hub, valid_from=TODAY + timedelta(days=1)).policy.version == 2


@pytest.mark.parametrize(
    "actor", [MEDIATOR, CENTRE, COURT, OPS, borrower("C-1")], ids=lambda actor: actor.role
)
def test_only_the_institution_publishes(actor: Actor) -> None:
    """And its own policy only: another's does not exist for it."""
    hub = FakeHub()
    with pytest.raises(NotPermitted):
        publish(hub, actor)
    with pytest.raises(PolicyNotFound):
        publish(hub, INSTITUTION, "bank-2")
    assert hub.policies.stored == {}


def test_who_mediates_reads_every_institutions_policy() -> None:
    """An institution reads its own; borrowers, courts and operators none."""
    hub = FakeHub()
    publish(hub)
    for actor in (INSTITUTION, MEDIATOR, CENTRE):
        assert read_policy_book(hub, actor, "bank-1").in_force.version == 2
        assert preview(hub, actor).version == 2
    for actor in (COURT, OPS, borrower("C-1")):
        with pytest.raises(NotPermitted):
            read_policy_book(hub, actor, "bank-1")
        with pytest.raises(NotPermitted):
            preview(hub, actor)
    with pytest.raises(PolicyNotFound):
        read_policy_book(hub, INSTITUTION, "bank-2")
    with pytest.raises(PolicyNotFound):
        preview(hub, INSTITUTION, "bank-2")
    assert read_policy_book(hub, MEDIATOR, "bank-2").book.latest_version == 1


def test_a_preview_is_what_an_offer_made_today_would_carry() -> None:
    """G1 in instalments, under the default: half of both, the odd fen waived."""
    conceded = preview_concession(
        FakeHub(), INSTITUTION, "bank-1", tier="instalments", proposal=HALF, owed=OWED
    )
    assert (conceded.version, conceded.tier) == (1, "instalments")
    assert str(conceded.waived.penalty_interest) == "2915.11"
    assert str(conceded.waived.compound_interest) == "213.70"
    assert str(conceded.kept.penalty_interest) == "2915.10"
    assert str(conceded.kept.compound_interest) == "213.69"


def test_a_tier_that_does_not_fit_is_refused() -> None:
    with pytest.raises(TierNotApplicable):
        preview(FakeHub(), CENTRE, proposal=HALF)
