"""How a settled dispute is to be paid (outcome only; the agreement itself comes with its own module)."""

from __future__ import annotations

from enum import StrEnum


class SettlementOutcome(StrEnum):
    """The kind of agreement the parties reached (M12)."""

    PAID_ON_THE_SPOT = "paid_on_the_spot"  # 当场履行
    LUMP_SUM = "lump_sum"  # 一次性还款
    INSTALMENTS = "instalments"  # 分期还款
