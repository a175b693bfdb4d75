"""Numbers that identify people, firms, phones and cards: formats and check digits.

Source: GB 11643 (resident id number, 公民身份号码), GB 32100 (unified social credit code, 统一社会信用代码).
Why not python-stdnum's whole `validate`: it refuses a number whose district did not exist yet when its
holder was born, though numbers are also issued later in life; and it knows no letter at the head of a
credit code, where rural collectives (农村集体经济组织) have an N. Its check digits are used, loaded late.
"""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import JsonValue

from chalicelib.api.schemas.fields import Read, matching, refuse, string

_RESIDENT: Final = "[1-9][0-9]{16}[0-9Xx]"
_CREDIT: Final = "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
_MOBILE: Final = "1[3-9][0-9]{9}"
_LANDLINE: Final = "0[0-9]{2,3}-?[0-9]{7,8}"
_OLDEST_YEAR: Final = 1900

RESIDENT_SCHEMA: Final[dict[str, JsonValue]] = {
    "type": "string",
    "pattern": f"^{_RESIDENT}$",
    "format": "resident-id",
}
CREDIT_SCHEMA: Final[dict[str, JsonValue]] = {
    "type": "string",
    "pattern": f"^{_CREDIT}$",
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
    """Tell whether a card number's check digit fits; accounts that are not cards may fail."""
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
    return text


def _read_any_number(value: object) -> str:
    if fault := number_fault(None, text := string(value)):
        refuse(fault)
    return text.upper()


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
    str, matching(f"({_MOBILE}|{_LANDLINE})", "phone_format", longest=13, examples=["13800001234"])
]
Account = Annotated[str, matching("[0-9]{12,19}", "account_format", longest=19)]


def party_number_schema() -> list[JsonValue]:
    """Return the alternatives that tie a party's number to its kind, for `oneOf` of a JSON Schema."""
    return [
        {"properties": {"kind": {"const": kind}, "id_number": dict(number)}}
        for kind, number in (("person", RESIDENT_SCHEMA), ("entity", CREDIT_SCHEMA))
    ]
