"""Numbers that identify people, firms, phones and cards: formats, check digits, and one form of each.

Source: GB 11643 (resident id number, 公民身份号码), GB 32100 (unified social credit code, 统一社会信用代码).
Why not python-stdnum's whole `validate`: it refuses a number whose district did not exist yet when its
holder was born, though numbers are also issued later in life; and it knows no letter at the head of a
credit code, where rural collectives (农村集体经济组织) have an N. Its check digits are used, loaded late.
"""

import re
import unicodedata
from datetime import date
from typing import Annotated, Final

from pydantic import JsonValue

from chalicelib.api.schemas.fields import Read, refuse, string
from chalicelib.domain import phones

_RESIDENT: Final = "[1-9][0-9]{16}[0-9Xx]"
_CREDIT: Final = "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
_CREDIT_WRITTEN: Final = "[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{10}"
_ACCOUNT: Final = "(?=.{9,32}$)[A-Z]{0,3}[0-9][0-9A-Z]*"
"""An account number without blanks. 32 is the most that the central bank's payment systems carry (Max32Text)
[check]; the accounts of non-residents and of free-trade units begin with letters."""
_CARD: Final = "[0-9]{12,19}"
_LONGEST_WRITTEN: Final = 64
_OLDEST_YEAR: Final = 1900

RESIDENT_SCHEMA: Final[dict[str, JsonValue]] = {
    "type": "string",
    "pattern": f"^{_RESIDENT}$",
    "format": "resident-id",
}
CREDIT_SCHEMA: Final[dict[str, JsonValue]] = {
    "type": "string",
    "pattern": f"^{_CREDIT_WRITTEN}$",
    "format": "social-credit-code",
}


def resident_fault(text: str) -> str | None:
    """Return the code of what is wrong with a resident id number, or None."""
    if re.fullmatch(_RESIDENT, text) is None:
        return "id_number_format"
    if not _is_day(text[6:14]):
        return "id_number_birth_date"
    from stdnum.cn import ric  # noqa: PLC0415 - loaded on demand, see above

    return None if ric.calc_check_digit(text.upper()) == text[-1].upper() else "id_number_checksum"


def credit_fault(text: str) -> str | None:
    """Return the code of what is wrong with a unified social credit code, or None."""
    text = text.upper()
    if re.fullmatch(_CREDIT, text) is None:
        return "credit_code_format"
    from stdnum.cn import uscc  # noqa: PLC0415 - loaded on demand, see above

    return None if uscc.calc_check_digit(text[:-1]) == text[-1] else "credit_code_checksum"


def number_fault(kind: object, text: str) -> str | None:
    """Check an id number by its holder's kind; while the kind is wrong, accept a number valid for either."""
    if kind == "person":
        return resident_fault(text)
    if kind == "entity":
        return credit_fault(text)
    fault = resident_fault(text)
    return fault if fault and credit_fault(text) else None


def luhn_fits(account: str) -> bool:
    """Tell whether a card number's check digit fits; an account whose number is no card's has none."""
    if re.fullmatch(_CARD, account) is None:
        return True
    from stdnum import luhn  # noqa: PLC0415 - loaded on demand, see above

    return bool(luhn.is_valid(account))


def _is_day(digits: str) -> bool:
    try:
        return date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}").year >= _OLDEST_YEAR
    except ValueError:
        return False


def _read_credit(value: object) -> str:
    if fault := credit_fault(text := string(value)):
        refuse(fault)
    return text.upper()


def _read_any_number(value: object) -> str:
    if fault := number_fault(None, text := string(value)):
        refuse(fault)
    return text.upper()


def _read_phone(value: object) -> str:
    text = string(value)
    phone = phones.normalised(text) if len(text) <= _LONGEST_WRITTEN else None
    return phone or refuse("phone_format")


def _read_account(value: object) -> str:
    account = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", string(value))).upper()
    if re.fullmatch(_ACCOUNT, account) is None:
        refuse("account_format")
    return account


def _read_shape(value: object) -> str:
    # Which standard holds depends on the party's kind: `number_fault` judges when both are known.
    return string(value).upper()


NUMBER_SCHEMA: Final = {
    "type": "string",
    "minLength": 18,
    "maxLength": 18,
    "description": "Resident id number (GB 11643) or unified social credit code (GB 32100) · 证件号码",
}

CreditCode = Annotated[str, Read(_read_credit, CREDIT_SCHEMA)]
IdNumber = Annotated[str, Read(_read_shape, NUMBER_SCHEMA)]
AnyNumber = Annotated[str, Read(_read_any_number, {"anyOf": [RESIDENT_SCHEMA, CREDIT_SCHEMA]})]
Phone = Annotated[
    str,
    Read(
        _read_phone,
        {
            "type": "string",
            "minLength": 5,
            "maxLength": _LONGEST_WRITTEN,
            "format": "phone",
            "examples": ["13800001234", "0593-2881234转801", "+86 138 0000 1234"],
            "description": "As people write it; kept in one form · 常见写法均可，统一存储",
        },
    ),
]
Account = Annotated[
    str,
    Read(
        _read_account,
        {
            "type": "string",
            "minLength": 9,
            "maxLength": _LONGEST_WRITTEN,
            "pattern": "^[A-Za-z]{0,3}[0-9]([ -]?[0-9A-Za-z]){8,28}$",
            "examples": ["6217000000000000004", "4420 1501 1000 5250 1234"],
            "description": "9 to 32 letters and digits; blanks are left out · 9 至 32 位字母和数字",
        },
    ),
]


def party_number_schema() -> list[JsonValue]:
    """Return the alternatives that tie a party's number to its kind, for `oneOf` of a JSON Schema."""
    return [
        {"properties": {"kind": {"const": kind}, "id_number": dict(number)}}
        for kind, number in (("person", RESIDENT_SCHEMA), ("entity", CREDIT_SCHEMA))
    ]
