"""What a row of the table is made of, and the rows that several stages share.

Promise: a row is data with words beside each predicate, so that the documentation page of the
lifecycle is made from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.domain import rules
from chalicelib.domain.case import Case
from chalicelib.domain.commands import Command
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transfer import DispatchKind


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition that chooses between rows of the same stage and action; it never refuses."""

    summary: str
    summary_zh: str
    holds: Callable[[Case, Command], bool]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. With `renews` the step starts again with a new deadline even if it stays the same."""

    source: Stage
    action: Action
    target: Stage
    event: EventType
    basis: str
    branch: Condition | None = None
    case_guards: tuple[rules.CaseRule, ...] = ()
    command_guards: tuple[rules.CommandRule, ...] = ()
    renews: bool = False
    dispatches: DispatchKind | None = None


CONSENT_RULES: Final = (rules.KNOWN_PARTY, rules.OWN_PARTY, rules.CONSENT_IS_NEW)
SIGNING_RULES: Final = (
    rules.KNOWN_PARTY,
    rules.OWN_PARTY,
    rules.PARTY_TO_THE_AGREEMENT,
    rules.SIGNATURE_IS_NEW,
)
REFUSAL_RULES: Final = (rules.KNOWN_PARTY, rules.OWN_PARTY)
FAIL_RULES: Final = (rules.REASON_IS_THE_MEDIATORS, rules.REFUSAL_TO_SIGN_NEEDS_AGREEMENT)


def consents(source: Stage) -> tuple[Transition, ...]:
    """Return the rows of a stage in which parties may consent to mediation, or refuse it."""
    return (
        Transition(
            source,
            Action.CONSENT,
            source,
            EventType.CONSENT_GIVEN,
            "TY11, OL4: mediation needs the parties' consent, its online mode a consent of its own",
            command_guards=CONSENT_RULES,
        ),
        Transition(
            source,
            Action.REFUSE_CONSENT,
            Stage.UNRESOLVED,
            EventType.CONSENT_REFUSED,
            "TY11, TY12: without consent, to mediation or to the appointed mediator, there is none",
            command_guards=REFUSAL_RULES,
        ),
    )


def fails(source: Stage, *case_guards: rules.CaseRule) -> Transition:
    """Return the row by which the mediator ends the attempt."""
    return Transition(
        source,
        Action.FAIL,
        Stage.UNRESOLVED,
        EventType.MEDIATION_FAILED,
        "OL25: the mediation ends for a stated reason",
        case_guards=case_guards,
        command_guards=FAIL_RULES,
    )


def withdrawn(source: Stage, *, court_knows: bool = False) -> Transition:
    """Return the row by which the institution takes the case back."""
    return Transition(
        source,
        Action.WITHDRAW,
        Stage.WITHDRAWN,
        EventType.CASE_WITHDRAWN,
        "OL25: the applicant withdraws; a court that has the transfer is told",
        dispatches=DispatchKind.WITHDRAWN if court_knows else None,
    )


def overdue(source: Stage, event: EventType, *, dispatches: DispatchKind | None = None) -> Transition:
    """Return the row that records a delay without ending anything."""
    return Transition(
        source,
        Action.EXPIRE,
        source,
        event,
        "[policy] the delay is recorded and the step goes on with a fresh limit",
        case_guards=(rules.LIMIT_PASSED,),
        renews=True,
        dispatches=dispatches,
    )
