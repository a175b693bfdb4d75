"""Offers at once, and offers that die half-way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.errors import (
    StaleVersion,
)
from chalicelib.domain.parties import Side
from chalicelib.use_cases.answer_offer import answer_offer
from chalicelib.use_cases.make_offer import make_offer
from tests.support.fakes.samples import INSTITUTION, borrower
from tests.support.gates import Crash, crashing_at, gated
from tests.support.settling import instalments, lump_sum, offers
from tests.unit.use_cases.test_offers import states, talking, unchanged

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub

STRANGER = replace(INSTITUTION, institution_id="bank-2")


def test_two_offers_at_once() -> None:
    """One counts; the other was made on a page that is old by now."""
    desk, case_id = talking()

    def before(call: str) -> None:
        if call == "cases.save":
            offers(desk.hub, case_id)

    with pytest.raises(StaleVersion):
        make_offer(
            gated(desk.hub, before),
            borrower(case_id),
            case_id,
            Side.RESPONDENT,
            instalments(desk.hub),
            valid_days=3,
            expected_version=desk.case(case_id).version,
        )
    assert states(desk, case_id) == ["open"]
    with pytest.raises(StaleVersion):
        answer_offer(
            desk.hub,
            borrower(case_id),
            case_id,
            Side.RESPONDENT,
            1,
            Reply.ACCEPTED,
            expected_version=desk.case(case_id).version - 1,
        )


def test_an_offer_that_dies_anywhere_is_made_once() -> None:
    """Before its last call nothing is stored; made again by the caller it is offer 1."""
    desk, case_id = talking()
    version = desk.case(case_id).version
    terms = lump_sum(desk.hub)

    def offering(hub: Hub) -> None:
        make_offer(
            hub,
            INSTITUTION,
            case_id,
            Side.APPLICANT,
            terms,
            valid_days=3,
            expected_version=version,
        )

    before, number = unchanged(desk, case_id), 0
    while True:
        try:
            offering(gated(desk.hub, crashing_at(number)))
        except Crash:
            assert unchanged(desk, case_id) == before
            number += 1
            continue
        break
    assert number >= 3
    assert states(desk, case_id) == ["open"]
