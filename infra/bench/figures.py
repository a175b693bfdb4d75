"""The result of a benchmark: a figure, its unit, its budget, and whether the budget is kept.

Promise: a figure knows by itself whether it is within its budget, so that the table, the JSON and the exit
code can't disagree. Downside: budgets are upper bounds only; a figure can't have a lower bound.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class Section(StrEnum):
    """The benchmarks, in the order in which they run."""

    IMPORTS = "imports"
    POSTS = "posts"
    FILING = "filing"
    CASES = "cases"
    READS = "reads"
    SWEEP = "sweep"
    RELAY = "relay"
    LISTS = "lists"
    LIGHTHOUSE = "lighthouse"
    KEYS = "keys"
    """Measured together with CASES."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number; without a budget it is shown for orientation only."""

    section: Section
    name: str
    value: float
    unit: str
    budget: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the budget is kept; None without one. A figure may equal its budget."""
        return None if self.budget is None else self.value <= self.budget

    def as_json(self) -> dict[str, Any]:
        """Return what build/bench.json holds of it."""
        return {
            "section": self.section.value,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "budget": self.budget,
            "kept": self.kept,
            "note": self.note,
        }


def broken(figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures whose budget is not kept."""
    return [figure for figure in figures if figure.kept is False]


def median_ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the median of measured / baseline over pairs that were measured side by side.

    A machine that slows down for a while slows both halves of a pair; the median ignores the pairs in
    which only one half was slow. Raises statistics.StatisticsError for no pairs.
    """
    return statistics.median(measured / baseline for measured, baseline in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]
