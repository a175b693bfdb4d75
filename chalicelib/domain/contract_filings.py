"""The cases of one contract: which instalments each of them claims, and which of them are over.

Promise: two cases of a contract that share an instalment are never open together, and who files again is told
which cases about the same instalments came before. Downside: of the cases that are over, only the last
MOST_ENDED are remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import DuplicateFiling
from chalicelib.domain.instalments import overlap

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_ENDED: Final = 50
"""How many cases of a contract that are over are remembered; the oldest filing is forgotten first."""


@dataclass(frozen=True, slots=True, order=True)
class Claimed:
    """What a case claims of its contract, and the day in China on which it was filed."""

    filed_on: date
    instalment_scope: str
    case_id: str


@dataclass(frozen=True, slots=True)
class ContractFilings:
    """The cases of a contract that are open, and those that are over."""

    open: frozenset[Claimed] = field(default_factory=frozenset)
    ended: frozenset[Claimed] = field(default_factory=frozenset)

    def claiming(self, claimed: Claimed, is_over: Callable[[str], bool]) -> ContractFilings:
        """Return them with one more that is open; raises DuplicateFiling if an open one shares an instalment.

        `is_over` is asked of each such case: one that an earlier release ended may still stand as open.
        """
        sharing = {other for other in _of(self.open, claimed.instalment_scope) if other != claimed}
        over = {other for other in sharing if is_over(other.case_id)}
        for other in sorted(sharing - over):
            raise DuplicateFiling(other.case_id, other.instalment_scope)
        ended = sorted((self.ended | over) - {claimed})[-MOST_ENDED:]
        return ContractFilings(self.open - over | {claimed}, frozenset(ended))

    def ending(self, claimed: Claimed) -> ContractFilings:
        """Return them with one that is over."""
        return ContractFilings(self.open - {claimed}, self.ended | {claimed})

    def before(self, instalment_scope: str) -> tuple[Claimed, ...]:
        """Return the cases about the same instalments that are over, in the order of their filing."""
        return tuple(sorted(_of(self.ended, instalment_scope)))


def _of(cases: frozenset[Claimed], instalment_scope: str) -> frozenset[Claimed]:
    return frozenset(case for case in cases if overlap(case.instalment_scope, instalment_scope))
