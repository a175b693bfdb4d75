"""The kinds of values in a request: how each is read, and its JSON Schema beside that.

Promise: text becomes exactly the domain's value, or one refusal with a published code; money and dates are
strings and nothing else is converted into them. What JSON Schema can say, the schema says.
Downside: check digits and the calendar are beyond JSON Schema, so a document that fits it may be refused.
"""

# No `from __future__ import annotations`: pydantic reads these annotations as values.
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, NoReturn

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from chalicelib.domain.id_documents import FIRST_BIRTH
from chalicelib.domain.money import ZERO, Money

OWN_CODE: Final = "hub:"
"""Prefix of our own error types: the rest is a published code. Pydantic's types have no such prefix."""
EARLIEST: Final = date(1980, 1, 1)
"""The earliest day that is accepted: no debt still in dispute is older than China's modern banks."""


def refuse(code: str, **values: object) -> NoReturn:
    """Refuse a value with a published code; `values` fill the wording's placeholders."""
    raise PydanticCustomError(f"{OWN_CODE}{code}", "see wording", values)


@dataclass(frozen=True)
class Read:
    """How a field is read, and how that is documented; used inside `Annotated`."""

    reader: Callable[[object], object]
    schema: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate with the reader alone."""
        return core_schema.no_info_plain_validator_function(self.reader)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Document what the reader takes."""
        return dict(self.schema)


def matching(pattern: str, code: str, *, longest: int, **schema: Any) -> Read:
    """Read text that matches a whole pattern; `longest` is the pattern's own limit, for the JSON Schema."""

    def reader(value: object) -> str:
        text = string(value)
        if re.fullmatch(pattern, text) is None:
            refuse(code)
        return text

    return Read(reader, _text_schema(pattern, longest, schema))


def visible(*, longest: int, lines: bool = False, name: bool = False, **schema: Any) -> Read:
    """Read text that a person wrote: any script, no invisible characters, no blanks at its ends.

    With `lines` it may have several lines, separated by line feeds. Otherwise the dot between the parts of a
    name (间隔号) becomes `·`, whichever of its look-alikes was typed.
    """
    pattern = _PARAGRAPHS if lines else _VISIBLE

    def reader(value: object) -> str:
        text = string(value)
        if not text:
            refuse("too_short", min=1)
        if len(text) > longest:
            refuse("too_long", max=longest)
        if re.fullmatch(pattern, text) is None:
            refuse("text_format")
        if lines:
            return text
        same = text.translate(_SAME_DOT)
        return _DOT_IN_A_NAME.sub("·", same) if name else same

    return Read(reader, _text_schema(pattern, longest, schema))


def _text_schema(pattern: str, longest: int, more: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": f"^{pattern}$", **more}


def names_several(name: str) -> bool:
    """Tell whether a person's name has what people write between two names: 张三/李四, 张三，李四."""
    return _BETWEEN_NAMES.search(unicodedata.normalize("NFKC", name)) is not None


def string(value: object, otherwise: str = "string_expected") -> str:
    """Accept a JSON string and convert nothing else into one; a lone surrogate is refused.

    `otherwise` is the code for another type: of a number it is the one whose words have an example.
    """
    if not isinstance(value, str):
        refuse(otherwise)
    try:
        value.encode()
    except UnicodeEncodeError:
        refuse("text_format")
    return value


def whole_number(*, least: int, most: int) -> Read:
    """Read a JSON number without a fraction; like JSON Schema, 10.0 is taken for 10."""

    def reader(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            refuse("integer_expected")
        if value < least:
            refuse("too_small", min=least)
        if value > most:
            refuse("too_large", max=most)
        return int(value)

    return Read(reader, {"type": "integer", "minimum": least, "maximum": most})


def _amount(value: object) -> Money:
    text = string(value, "amount_format")
    if re.fullmatch(_YUAN, text) is None:
        refuse("amount_format")
    return Money.parse(text)


def _positive_amount(value: object) -> Money:
    amount = _amount(value)
    if amount == ZERO:
        refuse("amount_not_positive")
    return amount


def percentage(*, most: int, **schema: Any) -> Read:
    """Read percent as text, exact to six decimals, from 0 to `most`, which is a power of ten."""
    shorter = rf"(0|[1-9][0-9]{{0,{len(str(most)) - 2}}})(\.[0-9]{{1,6}})?"
    pattern = rf"({most}(\.0{{1,6}})?|{shorter})"

    def reader(value: object) -> Decimal:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            refuse("percent_format", most=most)
        return Decimal(value)

    return Read(reader, {"type": "string", "pattern": f"^{pattern}$", **schema})


def read_date(value: object) -> date:
    """Read a calendar day of the form YYYY-MM-DD."""
    text = string(value, "date_format")
    if re.fullmatch(_DATE, text) is None:
        refuse("date_format")
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse("date_unreal")


def _not_before(earliest: date) -> Callable[[object], date]:
    def reader(value: object) -> date:
        day = read_date(value)
        if day < earliest:
            refuse("date_too_early", earliest=earliest.isoformat())
        return day

    return reader


def _instant(value: object) -> datetime:
    text = string(value, "instant_format")
    if re.fullmatch(_INSTANT, text) is None:
        refuse("instant_format")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        refuse("instant_format")


_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INSTANT: Final = _DATE + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|\+00:00)"
_YUAN: Final = r"(0|[1-9][0-9]{0,12})\.[0-9]{2}"
# Control, format and invisible characters (Cc, the common of Cf, Zl, Zp): they hide or reverse text.
_HIDDEN: Final = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_SAME_DOT: Final = dict.fromkeys(map(ord, "\u2022\u30fb\u2027\uff65\u2219\u22c5\u0387\u2e31\ua78f"), "·")
"""The look-alikes of U+00B7 that keyboards and copied text give for it."""
_HAN: Final = "\u3400-\u9fff\U00020000-\U000323af"
_BETWEEN_NAMES: Final = re.compile(rf"[/、;&|]|(?<=[{_HAN}]),\s*(?=[{_HAN}])")
_DOT_IN_A_NAME: Final = re.compile(rf"(?<=[{_HAN}])[.\uff0e\ufe52\u25cf](?=[{_HAN}])")
"""Full stops and bullets that stand for it between two Chinese characters of a name, and nowhere else."""
_PARAGRAPHS: Final = rf"[^\s{_HIDDEN}](([^{_HIDDEN}]|\n)*[^\s{_HIDDEN}])?"
_VISIBLE: Final = rf"[^\s{_HIDDEN}]([^{_HIDDEN}]*[^\s{_HIDDEN}])?"

AMOUNT_SCHEMA: Final = {"type": "string", "pattern": f"^{_YUAN}$", "examples": ["1234.50"]}
_SHARE: Final = percentage(most=100, examples=["50", "33.5"])
PERCENT_SCHEMA: Final = _SHARE.schema
DATE_SCHEMA: Final = {
    "type": "string",
    "format": "date",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "examples": ["2026-01-31"],
}
INSTANT_SCHEMA: Final = {"type": "string", "format": "date-time", "examples": ["2026-01-31T08:00:00Z"]}

_IDENTIFIER: Final = "[A-Za-z0-9][A-Za-z0-9._-]{0,%d}"

Identifier = Annotated[str, matching(_IDENTIFIER % 63, "identifier_format", longest=64)]
TransferId = Annotated[str, matching(_IDENTIFIER % 127, "identifier_format", longest=128)]
Code = Annotated[str, matching("[a-z][a-z0-9_]{0,63}", "code_format", longest=64)]
Name = Annotated[str, visible(longest=100, name=True)]
Address = Annotated[str, visible(longest=200)]
Statement = Annotated[str, visible(longest=500)]
"""What a contract says, in one paragraph."""
Percent = Annotated[Decimal, _SHARE]
# The domain limits rates; values far above its limit are read here, so that its own error refuses them.
Rate = Annotated[
    Decimal,
    percentage(
        most=10_000,
        examples=["7.25"],
        description="Percent, not a fraction: 7.25 is 7.25 % · 百分数，7.25 即 7.25%",
    ),
]
# As the bank's paper has it: banks number contracts with brackets, blanks, dashes and signs of every kind.
ContractNumber = Annotated[
    str, visible(longest=64, examples=["JC-2026-000123", "（2024）蕉农商借字第0123号"])
]
Amount = Annotated[Money, Read(_amount, AMOUNT_SCHEMA)]
PositiveAmount = Annotated[
    Money, Read(_positive_amount, {**AMOUNT_SCHEMA, "pattern": rf"^(?!0\.00$){_YUAN}$"})
]
AmountOrZero = Annotated[Amount, Field(default_factory=lambda: ZERO, json_schema_extra={"default": "0.00"})]
"""An amount that may be left out."""
Day = Annotated[date, Read(read_date, DATE_SCHEMA)]
PastDay = Annotated[date, Read(_not_before(EARLIEST), DATE_SCHEMA)]
BirthDay = Annotated[date, Read(_not_before(FIRST_BIRTH), DATE_SCHEMA)]
Instant = Annotated[datetime, Read(_instant, {**INSTANT_SCHEMA, "pattern": f"^{_INSTANT}$"})]
