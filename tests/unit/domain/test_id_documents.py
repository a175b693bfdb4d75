"""Papers of persons: which number is whose, and when somebody was born by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.id_documents import (
    IdDocument,
    Sex,
    birth_date,
    born_then,
    check_character_fits,
    is_sound,
    normalised,
    recognised,
    sex,
    shown_characters,
)
from chalicelib.domain.parties import Party, PartyKind, Side, document_of, mask_id_number
from tests.support.builders import details_of

RESIDENT = "11010519491231002X"
OLD_CARD = "FRA310090030712"


@pytest.mark.parametrize(
    ("number", "document"),
    [
        (RESIDENT, IdDocument.RESIDENT_ID),
        ("810000199003070015", IdDocument.HK_MACAO_RESIDENCE_PERMIT),
        ("820000199003070017", IdDocument.HK_MACAO_RESIDENCE_PERMIT),
        ("830000199003070019", IdDocument.TAIWAN_RESIDENCE_PERMIT),
        ("911840199003070014", IdDocument.FOREIGN_PERMANENT_RESIDENCE),
        (OLD_CARD, IdDocument.FOREIGN_PERMANENT_RESIDENCE),
        ("E12345678", None),
        ("H12345678", None),
        ("12345678", None),
        ("840000199003070010", None),
        ("", None),
    ],
)
def test_some_numbers_tell_their_paper(number: str, document: IdDocument | None) -> None:
    """Those of 18 characters by their head, the earlier card by its letters; the others do not."""
    assert recognised(number) is document


def test_a_day_of_birth_is_read_off() -> None:
    """The earlier card has two digits for the year, so no day is certain."""
    assert birth_date(RESIDENT) == date(1949, 12, 31)
    assert (birth_date(OLD_CARD), birth_date("E12345678")) == (None, None)


@pytest.mark.parametrize("number", ["110105189912310023", "110105199002300028", "FRA310090130712"])
def test_a_day_that_never_was_is_an_error(number: str) -> None:
    """Before 1900, in no calendar, in a month that there is not."""
    with pytest.raises(ValueError, match=r"month|born|day"):
        birth_date(number)
    assert not is_sound(number)


def test_the_sex_is_the_last_digit_but_one() -> None:
    """Odd is male; numbers of other lengths have none."""
    assert (sex(RESIDENT), sex("350902199003070016")) == (Sex.FEMALE, Sex.MALE)
    assert (sex(OLD_CARD), sex("E12345678")) == (None, None)


@pytest.mark.parametrize(
    ("number", "born_on", "possible"),
    [
        (RESIDENT, date(1949, 12, 31), True),
        (RESIDENT, date(1949, 12, 30), False),
        ("FRA310090030712", date(1990, 3, 7), True),
        ("FRA310090030712", date(1890, 3, 7), True),
        ("FRA310090030712", date(1991, 3, 7), False),
        ("FRA310090030712", date(1990, 7, 3), False),
        ("E12345678", date(1990, 7, 3), True),
    ],
)
def test_a_day_of_birth_fits_the_number_or_not(number: str, born_on: date, *, possible: bool) -> None:
    """The earlier card for foreigners tells two digits of the year; a passport tells nothing."""
    assert born_then(number, born_on) is possible


def test_the_check_character_is_that_of_the_standard() -> None:
    """GB 11643, appendix: weights of MOD 11-2; shorter numbers have none."""
    assert check_character_fits(RESIDENT)
    assert is_sound(RESIDENT)
    assert not any(check_character_fits(RESIDENT[:-1] + last) for last in "0123456789")
    assert check_character_fits(OLD_CARD)


def test_numbers_are_compared_in_one_form() -> None:
    """Capitals, half-width, without blanks and brackets."""
    assert normalised(" ｍ１２３４５６７８ (01)") == "M1234567801"


def test_a_mask_shows_less_of_a_short_number() -> None:
    """A passport's six and four would be all of it."""
    assert shown_characters(None) == (6, 4)
    assert mask_id_number("E12345678", IdDocument.PASSPORT) == "E*****678"
    assert mask_id_number("12345678", IdDocument.TAIWAN_TRAVEL_PERMIT) == "****5678"


def test_a_paper_is_known_by_its_name_or_by_the_number() -> None:
    """And an organisation has none, whatever its code looks like."""
    person = Party(party_id="r1", side=Side.RESPONDENT, kind=PartyKind.PERSON)
    firm = replace(person, kind=PartyKind.ENTITY)
    passport = replace(details_of("r1"), id_number="E12345678", id_document=IdDocument.PASSPORT)
    told = replace(details_of("r1"), id_number=RESIDENT.lower())
    assert document_of(person, passport) is IdDocument.PASSPORT
    assert document_of(person, told) is IdDocument.RESIDENT_ID
    assert document_of(firm, told) is None
    assert document_of(person, replace(told, id_number="E12345678")) is None
