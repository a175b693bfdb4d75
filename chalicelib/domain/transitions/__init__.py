"""The one table of transitions: stage, action, condition, next stage, event and legal basis.

Promise: everything that depends on which acts may follow is derived from this table: the API's allowed
actions, the documentation page (docs/case-lifecycle.md), the state machine's coverage test and the
property tests. For a stage and an action the first row whose condition holds is taken; its rules then
have to hold. The rows are in `mediation`, `agreement`, `court`, `objection` and `parties`; what a row is made
of, in `row`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from chalicelib.domain.awaited import awaited
from chalicelib.domain.errors import ActionNotAvailable
from chalicelib.domain.transitions.agreement import AGREEMENT, OFFERS, RECEIVED
from chalicelib.domain.transitions.court import COURT
from chalicelib.domain.transitions.mediation import MEDIATION
from chalicelib.domain.transitions.objection import HEARD, stopped_by_objections
from chalicelib.domain.transitions.parties import PARTIES
from chalicelib.domain.transitions.row import Transition

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.commands import Command
    from chalicelib.domain.stages import Action, Stage

__all__ = ["TRANSITIONS", "Transition", "choose", "is_open", "rows_at", "transitions_for"]

# What a party may do to be heard stands first: an objection decides what its stage's limit means.
TRANSITIONS: Final[tuple[Transition, ...]] = tuple(
    stopped_by_objections(row)
    for row in (*HEARD, *MEDIATION, *OFFERS, *AGREEMENT, *COURT, *RECEIVED, *PARTIES)
)


@cache
def rows_at(stage: Stage) -> tuple[Transition, ...]:
    """Return a stage's rows in the order of the table; each act and each case shown asks for them."""
    return tuple(row for row in TRANSITIONS if row.source is stage)


@cache
def _offered_at(action: Action) -> frozenset[Stage]:
    return frozenset(row.source for row in TRANSITIONS if row.action is action)


def choose(case: Case, command: Command, context: Context) -> Transition:
    """Return the row this command takes, or raise ActionNotAvailable or RuleViolated."""
    rows = transitions_for(case, command.action, context.at)
    # The last row of an action has no condition, so a row is always found.
    row = next(row for row in rows if row.branch is None or row.branch.holds(case, command))
    for required in row.case_guards:
        if not required.holds(case, context):
            raise required.refusal_in(case, context.at)
    for rule in row.command_guards:
        if not rule.accepts(case, command, context):
            raise rule.refusal()
    return row


def transitions_for(case: Case, action: Action, at: datetime) -> list[Transition]:
    """Return the rows of an action at the case's stage; ActionNotAvailable, as of `at`, if there is none."""
    rows = [row for row in rows_at(case.stage) if row.action is action]
    if not rows:
        raise ActionNotAvailable(case.stage, action, awaited(case, action, _offered_at(action), at))
    return rows


def is_open(row: Transition, case: Case, context: Context) -> bool:
    """Tell whether this actor could take a row now, by some command and some channel."""
    return (
        row.source is case.stage
        and all(rule.holds(case, context) for rule in row.case_guards)
        and all(rule.possible(case, context) for rule in row.command_guards)
    )
