"""Telephone numbers: what people write becomes one form, and who can get a code is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.phones import fault_of, normalised, takes_messages

MOBILE = "13800001234"
WRITTEN = [
    ("13800001234", MOBILE),
    ("+8613800001234", MOBILE),
    ("+86 138 0000 1234", MOBILE),
    ("(+86)138-0000-1234", MOBILE),
    ("8613800001234", MOBILE),
    ("008613800001234", MOBILE),
    ("013800001234", MOBILE),
    ("１３８００００１２３４", MOBILE),
    ("0593-2881234", "0593-2881234"),
    ("05932881234", "0593-2881234"),
    ("(0593)2881234", "0593-2881234"),
    ("（0593）2881234", "0593-2881234"),
    ("0593—2881234", "0593-2881234"),
    ("+86-593-2881234", "0593-2881234"),
    ("+86 0593 2881234", "0593-2881234"),
    ("010-62760001", "010-62760001"),
    ("021 6234 5678", "021-62345678"),
    ("0593-2881234转801", "0593-2881234转801"),
    ("0593-2881234 轉 801", "0593-2881234转801"),
    ("0593-2881234-801", "0593-2881234转801"),
    ("(0593)2881234 ext. 801", "0593-2881234转801"),
    ("0593-2881234分机号801", "0593-2881234转801"),
    ("4008001234", "4008001234"),
    ("400-800-1234", "4008001234"),
    ("400-800-1234转2", "4008001234转2"),
    ("800 810 1234", "8008101234"),
    ("95588", "95588"),
    ("96336", "96336"),
    ("+852 9123 4567", "+85291234567"),
    ("0085291234567", "+85291234567"),
]
NO_PHONES = (
    "",
    "1",
    "12345",
    "12800001234",
    "138000012349",
    "13812345678x",
    "13800001234转1",
    "0593-296000111",
    "0593-1881234",
    "+8612",
    "+1",
    "电话",
)


@pytest.mark.parametrize(("written", "kept"), WRITTEN)
def test_what_people_write_is_kept_in_one_form(written: str, kept: str) -> None:
    """However it is written, and read again it is the same."""
    assert normalised(written) == kept
    assert normalised(kept) == kept


@pytest.mark.parametrize("text", NO_PHONES)
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    """Too short, too long, no area, no row of mobile numbers, a mobile with an extension."""
    assert normalised(text) is None
    assert not takes_messages(text)


WRONG = [
    ("2881234", "phone_area_code"),
    ("288-1234", "phone_area_code"),
    ("62760001转801", "phone_area_code"),
    ("２８８１２３４", "phone_area_code"),
    ("13800001234/13900001234", "phone_several"),
    ("13800001234 13900001234", "phone_several"),
    ("0593-2881234、13800001234", "phone_several"),
    ("13800001234;13900001234", "phone_several"),
    ("13800001234，13900001234", "phone_several"),
    ("138 0000 1234 / 139 0000 1234", "phone_several"),
    ("138-0000-1234或139-0000-1234", "phone_several"),
    ("0593-2881234/2885678", "phone_several"),
    ("13800001234（妻子 13900001234）", "phone_several"),
    ("13800001234（本人）", "phone_format"),
    ("1380000123", "phone_format"),
    ("0593-288123", "phone_format"),
    ("无", "phone_format"),
    ("", "phone_format"),
]


@pytest.mark.parametrize(("written", "code"), WRONG)
def test_what_is_wrong_with_a_number_is_told_apart(written: str, code: str) -> None:
    """A local one, several in one field, and what is none: each has its own remedy."""
    assert (normalised(written), fault_of(written)) == (None, code)


@pytest.mark.parametrize("written", [written for written, _ in WRITTEN])
def test_one_number_is_never_taken_for_several(written: str) -> None:
    """However it is grouped; a word behind it makes it wrong, not two."""
    assert fault_of(f"{written}号") == "phone_format"


@pytest.mark.parametrize("written", ["13800001234", "+86 138-0000-1234", "013800001234"])
def test_a_mobile_number_of_the_mainland_gets_messages(written: str) -> None:
    """Also as an earlier release stored it."""
    assert takes_messages(written)


@pytest.mark.parametrize("written", ["0593-2881234", "4008001234", "95588", "+85291234567"])
def test_no_other_number_does(written: str) -> None:
    """A code sent there would never come."""
    assert not takes_messages(written)


@given(st.text("0123456789+-() 转ext", max_size=24))
def test_what_is_kept_is_kept_as_it_is(text: str) -> None:
    """Once normalised, a number does not change again."""
    kept = normalised(text)
    assert kept is None or normalised(kept) == kept
