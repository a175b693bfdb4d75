"""How an answer writes percentages, optional days and differences.

Promise: a percentage is written in full, without an exponent and without zeros at its end.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import WithJsonSchema

PercentText = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$", "examples": ["10.875"]})
]
DifferenceText = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": "^-?[0-9]+[.][0-9]{2}$", "examples": ["-0.01"]})
]
_FRACTION: Final = "."


def percent_text(percent: Decimal) -> str:
    """Write a percentage."""
    written = format(percent, "f")
    return written.rstrip("0").rstrip(_FRACTION) if _FRACTION in written else written


def day_text(day: date | None) -> str | None:
    """Write a day, if there is one."""
    return None if day is None else day.isoformat()
