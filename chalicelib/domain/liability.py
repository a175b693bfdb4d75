"""What a respondent answers for: as borrower, or for another's debt, as guarantor, by a thing, or as heir.

Promise: the code is part of the case and tells nothing personal; the terms may name people and things, so
they stand with the party's details. Sources: 民法典 389 (scope of a security), 394, 425 (mortgage, pledge),
686 to 688 (guarantee), 690 (maximum), 692 (period), 1161 (heirs).
Downside: of a guarantee whose form is not stated the law says that it is a general one (686); the hub asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.domain.codes import OpenCode
from chalicelib.domain.money import Money


class LiabilityKind(OpenCode):
    """As what a respondent answers; a code of a later release is read as one that owes nothing itself."""

    BORROWER = "borrower"  # 借款人
    CO_BORROWER = "co_borrower"  # 共同借款人
    GENERAL_GUARANTOR = "general_guarantor"  # 一般保证人
    JOINT_GUARANTOR = "joint_guarantor"  # 连带责任保证人
    MORTGAGOR = "mortgagor"  # 抵押人
    PLEDGOR = "pledgor"  # 出质人
    HEIR = "heir"  # 继承人

    @property
    def owes(self) -> bool:
        """Whether the debt is this respondent's own; everybody else answers for somebody else's."""
        return self in _OWES


_OWES: Final = frozenset({LiabilityKind.BORROWER, LiabilityKind.CO_BORROWER, LiabilityKind.HEIR})


@dataclass(frozen=True, slots=True, kw_only=True)
class LiabilityTerms:
    """The terms of a liability, as far as they were stated; its repr shows nothing."""

    contract_number: str | None = None  # 担保合同编号
    scope: str | None = None  # 担保范围, in the contract's words
    maximum: Money | None = None  # 最高额; of an heir the value of the estate
    starts: date | None = None  # 保证期间
    ends: date | None = None
    thing: str | None = None  # 抵押财产、质押财产
    registered: bool | None = None  # 是否办理登记; None: not stated
    deceased: str | None = None  # 被继承人

    def __repr__(self) -> str:
        return "LiabilityTerms(...)"
