"""Versions of an institution's policy: which is in force, and which a case keeps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import DEFAULT_TIERS, Proposal, Repayment, Tier, Waiver
from chalicelib.domain.loan.concession_policy import MODEL_FROM, ConcessionPolicy, PolicyBook
from chalicelib.domain.loan.errors import (
    DatesOutOfOrder,
    DuplicateReference,
    PolicyBookInvalid,
    PolicyNotInForce,
    PolicyVersionUnknown,
    TermMissing,
    TierNotApplicable,
)
from tests.unit.domain.loan.support import day, refuses, yuan

OWED = Amounts(principal=yuan("1000"), penalty_interest=yuan("100"))
LUMP_SUM = Proposal(repayment=Repayment.LUMP_SUM, days=10)
CAMPAIGN = Tier(
    name="lump_sum",
    repayment=Repayment.LUMP_SUM,
    waivers=(Waiver(Component.PENALTY_INTEREST, Decimal(100)), Waiver(Component.PRINCIPAL, Decimal(10))),
    paid_within_days=10,
)
BOOK = (
    PolicyBook("bank-1")
    .published(day("2024-01-01"), None)
    .published(day("2024-06-01"), day("2024-08-31"), (CAMPAIGN,))
)


@pytest.mark.parametrize(
    ("on", "version"),
    [("2024-01-01", 1), ("2024-05-31", 1), ("2024-06-01", 2), ("2024-08-31", 2), ("2024-09-01", 1)],
)
def test_the_newest_version_valid_on_a_day_is_in_force(on: str, version: int) -> None:
    """First and last day included; a campaign gives way to the standing version when it ends."""
    assert BOOK.in_force(day(on)).version == version


def test_no_policy_before_the_first() -> None:
    with refuses(PolicyNotInForce, "day"):
        BOOK.in_force(day("2023-12-31"))


def test_a_case_keeps_the_version_it_was_offered_under() -> None:
    """Whatever is published later, that version says the same."""
    offered = BOOK.in_force(day("2024-07-01")).concede("lump_sum", LUMP_SUM, OWED)
    assert (offered.institution_id, offered.version, offered.tier) == ("bank-1", 2, "lump_sum")
    assert offered.waived == Amounts(penalty_interest=yuan("100"), principal=yuan("100"))
    assert offered.kept == Amounts(principal=yuan("900"))
    later = BOOK.published(day("2024-07-01"), day("2024-12-31"), DEFAULT_TIERS[1:])
    assert (later.version(3).valid_to, later.version(3).tiers) == (day("2024-12-31"), DEFAULT_TIERS[1:])
    assert later.in_force(day("2024-07-01")).version == 3
    assert later.version(offered.version) is BOOK.version(2)
    assert later.version(2).concede("lump_sum", LUMP_SUM, OWED) == offered


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_version_that_was_never_published_is_refused(number: int) -> None:
    with refuses(PolicyVersionUnknown, "version"):
        BOOK.version(number)
    assert [policy.version for policy in map(BOOK.version, (1, 2))] == [1, 2]


def test_a_tier_is_chosen_by_name_and_its_conditions_hold() -> None:
    policy = BOOK.version(2)
    assert policy.tier("lump_sum") is CAMPAIGN
    with refuses(TierNotApplicable, "tier"):
        policy.tier("instalments")
    small = replace(CAMPAIGN, claim_up_to=yuan("1099.99"))
    with refuses(TierNotApplicable, "claim_up_to"):
        replace(policy, tiers=(small,)).concede("lump_sum", LUMP_SUM, OWED)
    late = Proposal(repayment=Repayment.LUMP_SUM, days=11)
    with refuses(TierNotApplicable, "paid_within_days"):
        policy.concede("lump_sum", late, OWED)


def test_a_policy_starts_with_the_models_tiers() -> None:
    policy = ConcessionPolicy(institution_id="bank-1", version=1, valid_from=day("2024-01-01"))
    assert (policy.tiers, policy.valid_to) == (DEFAULT_TIERS, None)
    assert BOOK.version(1) == policy


def test_every_book_opens_with_the_models_default() -> None:
    """From 2000 without end, whatever the institution; lump sum all, instalments half (M12)."""
    book = PolicyBook.of("bank-1")
    assert book.versions == (
        ConcessionPolicy(institution_id="bank-1", version=1, valid_from=MODEL_FROM, tiers=DEFAULT_TIERS),
    )
    assert book.latest_version == 1
    assert book.in_force(day("2000-01-01")) is book.in_force(day("2100-01-01")) is book.version(1)
    instalments = Proposal(repayment=Repayment.INSTALMENTS, days=360, payments=12)
    assert book.version(1).concede("lump_sum", LUMP_SUM, OWED).waived.total == yuan("100")
    assert book.version(1).concede("instalments", instalments, OWED).waived.total == yuan("50")


def test_what_an_institution_publishes_follows_the_default() -> None:
    """Its versions are numbered from 2; when a limited one ends, the default is in force again."""
    book = PolicyBook.of("bank-1").published(day("2024-06-01"), day("2024-08-31"), (CAMPAIGN,))
    assert [policy.version for policy in book.versions] == [1, 2]
    assert PolicyBook.of("bank-1", book.versions[1:]) == book
    assert book.in_force(day("2024-06-01")).tiers == (CAMPAIGN,)
    assert book.in_force(day("2024-09-01")).version == 1
    with refuses(PolicyBookInvalid, "version"):
        PolicyBook.of("bank-1", BOOK.versions)


def test_every_condition_that_is_not_met_is_named() -> None:
    """A bank that tries out a tier learns all at once."""
    tier = replace(CAMPAIGN, claim_up_to=yuan("1"))
    late = Proposal(repayment=Repayment.INSTALMENTS, days=11, payments=2)
    with pytest.raises(TierNotApplicable) as refused:
        replace(BOOK.version(2), tiers=(tier,)).concede("lump_sum", late, OWED)
    assert refused.value.fields == ("repayment", "paid_within_days", "claim_up_to")


def test_a_policy_is_valid_for_a_day_at_least() -> None:
    one_day = replace(BOOK.version(1), valid_to=day("2024-01-01"))
    assert one_day.valid_on(day("2024-01-01"))
    assert not one_day.valid_on(day("2024-01-02"))
    with refuses(DatesOutOfOrder, "valid_to"):
        replace(BOOK.version(1), valid_to=day("2023-12-31"))


def test_a_policy_has_tiers_of_different_names() -> None:
    with refuses(TermMissing, "tiers"):
        replace(BOOK.version(1), tiers=())
    with refuses(DuplicateReference, "tiers.name"):
        replace(BOOK.version(1), tiers=(*DEFAULT_TIERS, CAMPAIGN))


def test_a_book_is_one_institutions_and_has_no_gap() -> None:
    with refuses(PolicyBookInvalid, "version"):
        PolicyBook("bank-1", BOOK.versions[1:])
    with refuses(PolicyBookInvalid, "institution_id"):
        PolicyBook("bank-2", BOOK.versions)
