"""Money in yuan, exact to the fen.

Promise: amounts are whole fen, so sums never drift; text in and out has always two decimals.
Downside: a rate times an amount needs a rounding rule, which belongs to the loan arithmetic, not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_YUAN = re.compile(r"(?P<sign>-?)(?P<yuan>0|[1-9]\d{0,12})\.(?P<fen>\d{2})", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount of Chinese yuan (CNY), held in fen; may be negative as a difference."""

    fen: int

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read yuan with exactly two decimals, such as "1234.50"; anything else is a ValueError."""
        match = _YUAN.fullmatch(text)
        if match is None:
            raise ValueError('an amount is yuan with two decimals, such as "1234.50"')
        fen = int(match["yuan"]) * 100 + int(match["fen"])
        return cls(-fen if match["sign"] else fen)

    def __str__(self) -> str:
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{'-' if self.fen < 0 else ''}{yuan}.{fen:02d}"

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)


ZERO = Money(0)
