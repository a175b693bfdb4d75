"""Numbers that identify people, firms, phones and cards: formats, check digits, and one form of each.

Source: GB 32100 (unified social credit code, 统一社会信用代码); persons' papers: see `id_documents`. Why not
python-stdnum's whole `validate`: it knows no letter at the head of a credit code, where rural collectives
(农村集体经济组织) have an N. Its check digits are used, loaded late.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import JsonValue

from chalicelib.api.schemas.fields import Read, refuse, string
from chalicelib.domain import phones
from chalicelib.domain.id_documents import (
    FORMS,
    TELLING,
    IdDocument,
    birth_date,
    check_character_fits,
    normalised,
    recognised,
)
from chalicelib.domain.parties import OF_A_PERSON, OF_AN_ENTITY

_CREDIT: Final = "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
_CREDIT_WRITTEN: Final = "[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{10}"
_ACCOUNT: Final = "(?=.{8,32}$)[A-Z]{0,3}[0-9][0-9A-Z]*"
"""An account number without blanks. 32 is the most that the central bank's payment systems carry (Max32Text)
[check]; the accounts of non-residents and of free-trade units begin with letters, and old passbooks of
credit cooperatives have as few as 8 digits."""
_BETWEEN_GROUPS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_WHOLE: Final = 12
"""Nobody writes an account in groups this long: two of them are two accounts."""
_NOT_TELLING: Final = tuple(document for document in IdDocument if document not in TELLING)
_CARD: Final = "[3-69][0-9]{12,18}"
"""A card's number begins with the sector of its issuer, banks or a national body (ISO/IEC 7812-1); an account
of a passbook has no check digit that is published."""
_LONGEST_WRITTEN: Final = 64

_WRITTEN: Final[Mapping[IdDocument, str]] = {
    document: form.replace("X]", "Xx]").replace("A-Z", "A-Za-z").replace("[HM]", "[HMhm]")
    for document, form in FORMS.items()
}
CREDIT_SCHEMA: Final[dict[str, JsonValue]] = {
    "type": "string",
    "pattern": f"^{_CREDIT_WRITTEN}$",
    "format": "social-credit-code",
}


def document_fault(document: IdDocument | None, number: str, today: date | None) -> str | None:
    """Return the code of what is wrong with a person's number, or None; the number is normalised.

    Without `document` it is known by the number itself; `today`: nobody is born later.
    """
    known = document or recognised(number)
    if known is None or re.fullmatch(FORMS[known], number) is None:
        return "id_number_format" if known in {None, IdDocument.RESIDENT_ID} else "document_number_format"
    try:
        born_on = birth_date(number) if recognised(number) else None
    except ValueError:
        return "id_number_birth_date"
    if born_on and today and born_on > today:
        return "id_number_birth_date"
    return None if not recognised(number) or check_character_fits(number) else "id_number_checksum"


def _schema_of(document: IdDocument) -> dict[str, JsonValue]:
    forms: list[JsonValue] = [
        {"type": "string", "pattern": f"^{form}$", "format": document.replace("_", "-")}
        for form in _WRITTEN[document].split("|")
    ]
    return {"anyOf": forms}


def credit_fault(text: str) -> str | None:
    """Return the code of what is wrong with a unified social credit code, or None."""
    text = text.upper()
    if re.fullmatch(_CREDIT, text) is None:
        return "credit_code_format"
    from stdnum.cn import uscc  # noqa: PLC0415 - loaded on demand, see above

    return None if uscc.calc_check_digit(text[:-1]) == text[-1] else "credit_code_checksum"


def number_fault(
    kind: object, number: str, document: IdDocument | None = None, today: date | None = None
) -> str | None:
    """Check a normalised number by its holder's kind; while that is wrong, accept one valid for either."""
    if kind == "person":
        return document_fault(document, number, today)
    if kind == "entity":
        # The number of a person's paper has the form of a code: its check character is not what is wrong.
        fault, of_a_person = credit_fault(number), document_fault(None, number, today) is None
        return "credit_code_format" if fault and of_a_person else fault
    fault = document_fault(document, number, today)
    return fault if fault and credit_fault(number) else None


def luhn_fits(account: str) -> bool:
    """Tell whether a card number's check digit fits; an account whose number is no card's has none."""
    if re.fullmatch(_CARD, account) is None:
        return True
    from stdnum import luhn  # noqa: PLC0415 - loaded on demand, see above

    return bool(luhn.is_valid(account))


def _read_credit(value: object) -> str:
    if fault := credit_fault(text := string(value)):
        refuse(fault)
    return text.upper()


def _read_any_number(value: object) -> str:
    number = normalised(string(value))
    fault = number_fault(None, number)
    if fault and not any(re.fullmatch(FORMS[document], number) for document in _NOT_TELLING):
        refuse(fault)
    return number


def _read_phone(value: object) -> str:
    text = string(value)
    if len(text) > _LONGEST_WRITTEN:
        refuse("phone_format")
    return phones.normalised(text) or refuse(phones.fault_of(text))


def _read_account(value: object) -> str:
    parts = _BETWEEN_GROUPS.split(unicodedata.normalize("NFKC", string(value)).upper())
    if sum(len(part) >= _WHOLE for part in parts) > 1:
        refuse("account_several")
    account = "".join(parts)
    if re.fullmatch(_ACCOUNT, account) is None:
        refuse("account_format")
    return account


def _read_shape(value: object) -> str:
    # Which form holds depends on the party's kind and its paper: `number_fault` judges when all are known.
    return normalised(string(value))


NUMBER_SCHEMA: Final = {
    "type": "string",
    "minLength": 5,
    "maxLength": 18,
    "description": "The number of the person's paper (see `id_document`), or the unified social credit code "
    "(GB 32100) · 证件号码",
}

CreditCode = Annotated[str, Read(_read_credit, CREDIT_SCHEMA)]
IdNumber = Annotated[str, Read(_read_shape, NUMBER_SCHEMA)]
AnyNumber = Annotated[str, Read(_read_any_number, {**NUMBER_SCHEMA, "format": "id-number"})]
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
            "minLength": 8,
            "maxLength": _LONGEST_WRITTEN,
            "pattern": "^[A-Za-z]{0,3}[0-9]([ -]?[0-9A-Za-z]){7,28}$",
            "examples": ["6217000000000000004", "4420 1501 1000 5250 1234", "13-941001040005678"],
            "description": "8 to 32 letters and digits; blanks, hyphens left out · 8 至 32 位字母和数字",
        },
    ),
]


def party_number_schema() -> list[JsonValue]:
    """Return the alternatives that tie a party's fields to its kind and paper, for a schema's `oneOf`."""
    told: JsonValue = {"type": "null"}
    no_entity: dict[str, JsonValue] = dict.fromkeys(("representative", *OF_AN_ENTITY), told)
    no_person: dict[str, JsonValue] = dict.fromkeys(OF_A_PERSON, told)
    by_number: JsonValue = {"anyOf": [_schema_of(document) for document in TELLING]}
    of_a_paper: list[JsonValue] = [
        {
            "properties": {
                "kind": {"const": "person"},
                **no_entity,
                "id_document": {"const": document.value},
                "id_number": _schema_of(document),
            },
            "required": ["id_document"],
        }
        for document in IdDocument
    ]
    return [
        {
            "properties": {
                "kind": {"const": "entity"},
                **no_person,
                "id_document": told,
                "id_number": dict(CREDIT_SCHEMA),
            }
        },
        {
            "properties": {
                "kind": {"const": "person"},
                **no_entity,
                "id_document": told,
                "id_number": by_number,
            }
        },
        *of_a_paper,
    ]
