"""What a case knows of its settlement: the outcome, the state, and whether an offer waits for an answer.

Promise: it contains no amount, and nobody is shown its days but for until when an offer is open; the terms
are in `agreement.settlement`, which is stored beside the case and confidential (TY22).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.parties import Side


class SettlementOutcome(StrEnum):
    """The kind of agreement the parties reached (M12)."""

    PAID_ON_THE_SPOT = "paid_on_the_spot"  # 当场履行
    LUMP_SUM = "lump_sum"  # 一次性还款
    INSTALMENTS = "instalments"  # 分期还款


class PerformanceState(StrEnum):
    """Where the performance of an agreement stands."""

    PERFORMING = "performing"  # 履行中
    PERFORMED = "performed"  # 履行完毕
    DEFAULTED = "defaulted"  # 违约


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStanding:
    """The latest offer that was neither declined nor withdrawn: whose, for whom, until when.

    It is `accepted` when nobody whom it `awaits` is left. `left_out` are the respondents it is not for. An
    offer of an earlier release names neither its makers nor whom it awaits: then they are the two sides.
    It `deducts` so many payments of the round, which can't be taken back while it stands. An agreement about
    it is signed before `sign_by`, when its first payment would be late; one `in_parts` is drawn up by then.
    """

    number: int
    side: Side
    expires_at: datetime
    accepted: bool = False
    made_by: frozenset[str] = frozenset()
    awaits: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    deducts: int | None = None
    sign_by: datetime | None = None
    in_parts: bool | None = None

    def open_at(self, at: datetime) -> bool:
        """Tell whether it still waits for an answer."""
        return not self.accepted and at < self.expires_at

    def may_be_signed(self, at: datetime) -> bool:
        """Tell whether no payment of an agreement about it would be late already."""
        return self.sign_by is None or at < self.sign_by
