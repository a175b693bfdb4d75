"""The papers that prove who a person is (证件): what their numbers look like, and what of them may be shown.

Sources: GB 11643 (resident id number; 18 characters, MOD 11-2), which the residence permits of people from
Hong Kong and Macao (81, 82) and from Taiwan (83) and the foreigner's permanent residence card of 2023 (9)
follow too; the earlier card for foreigners has 15. Of the other papers no check digit is published.
The forms of travel permits and passports [check]: ICAO 9303, and what the papers themselves show.
Downside: a number without its paper's name is known only if its form belongs to one paper alone.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class IdDocument(StrEnum):
    """Which paper a person's number is from."""

    RESIDENT_ID = "resident_id"  # 居民身份证
    HK_MACAO_RESIDENCE_PERMIT = "hk_macao_residence_permit"  # 港澳居民居住证
    TAIWAN_RESIDENCE_PERMIT = "taiwan_residence_permit"  # 台湾居民居住证
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"  # 外国人永久居留身份证
    HK_MACAO_TRAVEL_PERMIT = "hk_macao_travel_permit"  # 港澳居民来往内地通行证（回乡证）
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit"  # 台湾居民来往大陆通行证（台胞证）
    PASSPORT = "passport"  # 护照


class Sex(StrEnum):
    """A person's sex, as papers state it (性别)."""

    MALE = "male"  # 男
    FEMALE = "female"  # 女


FORMS: Final[Mapping[IdDocument, str]] = {
    IdDocument.RESIDENT_ID: "[1-7][0-9]{16}[0-9X]",
    IdDocument.HK_MACAO_RESIDENCE_PERMIT: "8[12][0-9]{15}[0-9X]",
    IdDocument.TAIWAN_RESIDENCE_PERMIT: "83[0-9]{15}[0-9X]",
    IdDocument.FOREIGN_PERMANENT_RESIDENCE: "9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}",
    IdDocument.HK_MACAO_TRAVEL_PERMIT: "[HM][0-9]{8}([0-9]{2})?",
    IdDocument.TAIWAN_TRAVEL_PERMIT: "[0-9]{8}|[0-9]{10}[A-Z]?",
    IdDocument.PASSPORT: "(?=[A-Z]{0,14}[0-9])[A-Z0-9]{5,15}",
}
"""The form of each paper's number, in capitals and without blanks."""
TELLING: Final = (
    IdDocument.RESIDENT_ID,
    IdDocument.HK_MACAO_RESIDENCE_PERMIT,
    IdDocument.TAIWAN_RESIDENCE_PERMIT,
    IdDocument.FOREIGN_PERMANENT_RESIDENCE,
)
"""The papers whose numbers tell which paper it is."""
_SHOWN: Final[Mapping[IdDocument | None, tuple[int, int]]] = {
    IdDocument.HK_MACAO_TRAVEL_PERMIT: (1, 4),
    IdDocument.TAIWAN_TRAVEL_PERMIT: (0, 4),
    IdDocument.PASSPORT: (1, 3),
}
"""How many characters at the head and at the end a mask shows; of all others six and four."""
_STANDARD: Final = 18
_SEX_AT: Final = 16
FIRST_BIRTH: Final = date(1900, 1, 1)
"""Nobody alive was born earlier."""
_EARLIER_CARD: Final = "[A-Z]{3}[0-9]{12}"
_WEIGHTS: Final = tuple(2**power % 11 for power in range(_STANDARD - 1, 0, -1))
_CHECKS: Final = "10X98765432"


def normalised(number: str) -> str:
    """Return a number in capitals, without blanks, hyphens and brackets, as it is kept and compared."""
    return re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", number)).upper()


def recognised(number: str) -> IdDocument | None:
    """Return the paper that a person's number alone tells of; None if it may be from several."""
    return next((paper for paper in TELLING if re.fullmatch(FORMS[paper], number)), None)


def birth_date(number: str) -> date | None:
    """Return the holder's day of birth, if the number has one that was; raises ValueError if it never was.

    The earlier card for foreigners has two digits for the year: then only the day and the month are checked.
    """
    if len(number) == _STANDARD:
        born_on = date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
        if born_on < FIRST_BIRTH:
            raise ValueError("nobody alive was born then")
        return born_on
    if re.fullmatch(_EARLIER_CARD, number):
        date.fromisoformat(f"2000-{number[9:11]}-{number[11:13]}")
    return None


def sex(number: str) -> Sex | None:
    """Return the holder's sex, if the number has it: those of 18 characters do (GB 11643)."""
    if len(number) != _STANDARD:
        return None
    return Sex.MALE if int(number[_SEX_AT]) % 2 else Sex.FEMALE


def born_then(number: str, day: date) -> bool:
    """Tell whether a sound number leaves it possible that its holder was born on a day."""
    if re.fullmatch(_EARLIER_CARD, number):
        return number[7:13] == f"{day:%y%m%d}"
    return birth_date(number) in {None, day}


def is_sound(number: str) -> bool:
    """Tell whether day of birth and check character of a number that tells its paper can be."""
    try:
        birth_date(number)
    except ValueError:
        return False
    return check_character_fits(number)


def check_character_fits(number: str) -> bool:
    """Tell whether the check character of a number of 18 characters is right; shorter ones have none."""
    if len(number) != _STANDARD:
        return True
    total = sum(int(digit) * weight for digit, weight in zip(number[:-1], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[-1]


def shown_characters(document: IdDocument | None) -> tuple[int, int]:
    """Return how many characters of a number may be shown, at its head and at its end."""
    return _SHOWN.get(document, (6, 4))
