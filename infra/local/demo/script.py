"""The parts of a script: the moves of a course, and what a move knows of its case.

Promise: a move reads one case as it stands and returns the next act, or None if nobody acts now; what it has
to remember is kept in the case's `memory`, never in the move. The hub knows nothing of scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from infra.local.court.clock import day_in_china

if TYPE_CHECKING:
    from datetime import date, datetime

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the role that does it, the resource it posts to, and the body; a creation has a key."""

    role: str
    resource: str
    body: Mapping[str, Any] = field(default_factory=dict)
    party_id: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case as a move sees it: the hub's view, the time, and the notes of earlier moves."""

    view: View
    now: datetime
    memory: dict[str, Any]
    """Notes on this case only; they are kept between its acts."""
    read_settlement: Callable[[], View]
    """Asks the hub for offers, agreement and payments."""
    read_code: Callable[[str], str | None]
    """Looks at a party's phone for the latest one-time code of this case."""
    take_turn: Callable[[str], int]
    """Returns how many cases took a fork of this name before, so that cases alternate between two ways."""

    @property
    def today(self) -> date:
        """The day in China, by the hub's clock."""
        return day_in_china(self.now)

    @property
    def respondents(self) -> list[str]:
        """The party ids of the borrower's side."""
        return [party["party_id"] for party in self.view["parties"] if party["side"] == "respondent"]


Move = Callable[[Standing], Act | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A course: how often it occurs, what is done at each stage, and the ends that are right.

    `failures` are the right reasons for a mediation that ended without agreement; None means no failure.
    """

    name: str
    name_zh: str
    weight: int
    moves: Mapping[str, Move]
    ends: frozenset[str]
    failures: frozenset[str | None] = frozenset({None})
    patient: bool = False
    """Whether it waits for limits of weeks: such cases are filed first, so that the others do not wait."""
    landline: bool = False
    """Whether the borrower has no mobile number, so that the centre rings instead of sending messages."""


TERMINAL: Final = frozenset({"paid", "performed", "closed", "withdrawn", "docketed", "refused"})
AT_COURT: Final = frozenset({"docketed", "refused"})


def always(act: Act) -> Move:
    """Return the move that does this, whatever the case looks like."""
    return lambda _standing: act


def fen(amount: str) -> int:
    """Read an amount of yuan with two decimals as fen."""
    return int(amount.replace(".", ""))


def yuan(amount: int) -> str:
    """Write fen as yuan with two decimals."""
    sign, whole = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{whole // 100}.{whole % 100:02d}"
