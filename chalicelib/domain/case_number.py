"""Case numbers that people can say (案号), such as 蕉调〔2026〕123号: one series for each court and year.

Promise: a number is found however its brackets, blanks and widths are typed, with or without 第 and 号.
Downside: two courts whose forms differ in brackets only would share their numbers.
"""

from __future__ import annotations

import re
import unicodedata
from string import Formatter
from typing import Final

DEFAULT_FORM: Final = "调〔{year}〕{number}号"
"""How a court's numbers are written unless its settings say otherwise."""
_ORDINAL: Final = frozenset({"第", "号"})
_FIELDS: Final = {"year", "number"}


def check_form(form: str) -> None:
    """Raise ValueError unless the form has a place for the year and one for the number, and no others."""
    if {name for _, name, _, _ in Formatter().parse(form) if name is not None} != _FIELDS:
        raise ValueError("a form of case numbers holds {year} and {number}")
    written(form, 2026, 1)


def written(form: str, year: int, number: int) -> str:
    """Return the number as it is printed."""
    return form.format(year=year, number=number)


def compared(case_number: str) -> str:
    """Return what is the same for a number however it is typed; empty if it has no letter and no digit."""
    text = unicodedata.normalize("NFKC", case_number).upper()
    parts = re.findall(r"[0-9]+|[第号]|[^\W\d_第号]+", text)
    return "-".join(part.lstrip("0") or part[:1] for part in parts if part not in _ORDINAL)
