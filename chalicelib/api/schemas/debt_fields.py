"""The kinds of values that only a debt's description holds: days, references, small numbers.

Promise: text becomes exactly the domain's value or one refusal with a published code. Days end in 2100, so
that date arithmetic stays within the calendar. References are ids, never free text.
Downside: a bank has to leave blanks and Chinese characters out of its references.
"""

# No `from __future__ import annotations`: pydantic reads these annotations as values.
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from chalicelib.api.schemas.fields import (
    DATE_SCHEMA,
    EARLIEST,
    Identifier,
    Read,
    read_date,
    refuse,
    whole_number,
)

LATEST: Final = date(2100, 12, 31)
_LARGEST_SPREAD: Final = 10_000
_LONGEST_LOOKBACK: Final = 366
_LAST_MONTH: Final = 12
_LAST_DAY: Final = 31


def _debt_day(value: object) -> date:
    day = read_date(value)
    if day < EARLIEST:
        refuse("date_too_early", earliest=EARLIEST.isoformat())
    if day > LATEST:
        refuse("date_too_late", latest=LATEST.isoformat())
    return day


def _of_the_calendar(most: int) -> Read:
    number = whole_number(least=-(10**9), most=10**9)

    def reader(value: object) -> object:
        found = number.reader(value)
        if found not in range(1, most + 1):
            refuse("invalid_schedule")
        return found

    return Read(reader, {"type": "integer", "minimum": 1, "maximum": most})


DebtDay = Annotated[date, Read(_debt_day, DATE_SCHEMA)]
Reference = Identifier
DayOfMonth = Annotated[int, _of_the_calendar(_LAST_DAY)]
Month = Annotated[int, _of_the_calendar(_LAST_MONTH)]
BasisPoints = Annotated[int, whole_number(least=-_LARGEST_SPREAD, most=_LARGEST_SPREAD)]
LookbackDays = Annotated[int, whole_number(least=0, most=_LONGEST_LOOKBACK)]
YesOrNo = Annotated[bool, Field(strict=True)]
