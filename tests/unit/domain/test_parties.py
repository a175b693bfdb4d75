"""Parties: nothing personal beyond the details, and masks that hide enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.parties import (
    Party,
    PartyDetails,
    PartyKind,
    Side,
    check_parties,
    mask_account,
    mask_id_number,
    mask_name,
    mask_phone,
)
from tests.support.builders import details_of

if TYPE_CHECKING:
    from collections.abc import Callable

MASKS = {mask_name: 1, mask_id_number: 4, mask_phone: 4, mask_account: 4}


@pytest.mark.parametrize(("mask", "hidden"), MASKS.items(), ids=lambda value: getattr(value, "__name__", ""))
@given(text=st.text("0123456789张三李四X-", max_size=30))
def test_a_mask_always_hides_something(mask: Callable[[str], str], hidden: int, text: str) -> None:
    """Whatever its length, at least so many characters are hidden."""
    masked = mask(text)
    assert masked.count("*") >= hidden
    shown = masked.replace("*", "")
    assert len(shown) <= max(0, len(text) - hidden)


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (mask_name("张三"), "张*"),
        (mask_name("欧阳小明"), "欧***"),
        (mask_name("张"), "*"),
        (mask_name(""), "*"),
        (mask_id_number("11010519491231002X"), "110105********002X"),
        (mask_id_number("91350100M000100Y43"), "913501********0Y43"),
        (mask_id_number("E12345678"), "****"),  # a passport's six and four would be all of it
        (mask_phone("13812341234"), "138****1234"),
        (mask_phone("1234567"), "****"),
        (mask_account("6217000000000000004"), "***************0004"),
        (mask_account("1234"), "****"),
    ],
)
def test_masks_look_as_the_domain_says(masked: str, shown: str) -> None:
    """Names keep the first character, ids six and four, phones three and four, cards the last four."""
    assert masked == shown


def test_nobody_is_on_both_sides() -> None:
    """One number is one person, whatever the names say."""
    parties = (
        Party(party_id="a1", side=Side.APPLICANT, kind=PartyKind.ENTITY),
        Party(party_id="r1", side=Side.RESPONDENT, kind=PartyKind.ENTITY),
    )
    bank, debtor = details_of("a1"), details_of("r1")
    check_parties(parties, (bank, debtor))
    with pytest.raises(ValueError, match="own opponent"):
        check_parties(parties, (bank, replace(debtor, id_number=bank.id_number)))


def test_the_repr_of_details_shows_nothing() -> None:
    """Even inside another value's repr, as a log line would have it."""
    details = details_of("r1")
    shown = repr({"details": (details,)})
    assert "r1" in shown
    for personal in (details.name, details.id_number, details.phone, details.address, str(details.account)):
        assert personal not in shown
    without = PartyDetails(party_id="r1", name="张试", id_number="1", phone="2", address="3")
    assert without.account is None
