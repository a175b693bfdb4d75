"""Liability: who owes the debt itself, and who answers for somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.liability import LiabilityKind
from chalicelib.domain.parties import liability_of
from tests.support.builders import party

OWING = {"borrower", "co_borrower", "heir"}


@pytest.mark.parametrize("kind", LiabilityKind)
def test_a_guarantor_or_a_thing_owes_nothing_itself(kind: LiabilityKind) -> None:
    """Only borrowers, and heirs up to the estate, owe the debt (民法典 681, 1161)."""
    assert kind.owes is (kind in OWING)


def test_a_code_of_a_later_release_owes_nothing() -> None:
    """It can be read; nobody is said to owe because of it."""
    assert not LiabilityKind("warden").owes


def test_who_has_none_stated_is_the_borrower() -> None:
    """As every respondent of an earlier release is; an applicant owes nothing."""
    assert liability_of(party("r1")) is LiabilityKind.BORROWER
    guarantor = replace(party("r1"), liability=LiabilityKind.JOINT_GUARANTOR)
    assert liability_of(guarantor) is LiabilityKind.JOINT_GUARANTOR
    assert liability_of(party("a1")) is None
