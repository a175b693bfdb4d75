"""The view of the calculation statement (计算说明), with the statement that the arithmetic made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.adapters.documents.views.common import Quiet

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.loan.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Calculation(Quiet):
    """计算说明: every amount with its days, base, rate and rule."""

    number: str
    contract_number: str
    lender: str
    borrower: str
    statement: Statement
    made_on: date
    card: bool = False  # a card has a 持卡人, a 透支本金 and a 违约金, and no 罚息
