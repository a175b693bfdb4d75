"""The table's part about parties who are heard: objections, the end of a mediation, challenges."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.domain import objection_rules as own
from chalicelib.domain import rules
from chalicelib.domain.objection_commands import DecideChallenge, DecideObjection
from chalicelib.domain.objections import HOLDS, leads_back_to
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transfer import DispatchKind
from chalicelib.domain.transitions.row import Condition, Transition

_OWN: Final = (rules.KNOWN_PARTY, rules.OWN_PARTY)

UPHELD_CHALLENGE: Final = Condition(
    "the challenge is upheld",
    "准许回避申请",
    lambda _case, command: isinstance(command, DecideChallenge) and command.upheld,
)
OBJECTED: Final = Condition(
    "an objection waits for the centre's decision",
    "存在待中心决定的异议",
    lambda case, _command: case.objection is not None,
)
HELD: Final = Condition(
    "what leaves for the court was held for the days to object",
    "因异议期限未满而暂缓移送",
    lambda case, _command: case.held_until is not None,
)


def _back_to(stage: Stage) -> Condition:
    return Condition(
        f"the objection is upheld; before the act objected to, and what rests on it, was `{stage}`",
        f"异议成立；所异议事项及其后续事项之前的阶段为 `{stage}`",
        lambda case, command: (
            isinstance(command, DecideObjection)
            and command.upheld
            and case.objection is not None
            and leads_back_to(case) is stage
        ),
    )


def _objections(source: Stage, *back_to: Stage) -> tuple[Transition, ...]:
    """Return the rows of a stage in which a person may object, and where an upheld objection leads."""
    return (
        Transition(
            source,
            Action.OBJECT,
            source,
            EventType.OBJECTION_RAISED,
            "民法典 143, 171: an act is a person's own only if that person meant it; the case stops",
            command_guards=(*_OWN, own.OBJECTS_TO_ITS_ACT),
            renews=True,
        ),
        *(
            Transition(
                source,
                Action.DECIDE_OBJECTION,
                target,
                EventType.OBJECTION_UPHELD,
                "民法典 143, 155: the act does not count, nor does what rests on it",
                branch=_back_to(target),
                case_guards=(own.OBJECTION_WAITS,),
                command_guards=(own.DECIDED_BY_ANOTHER,),
                renews=True,
            )
            for target in back_to
        ),
        Transition(
            source,
            Action.DECIDE_OBJECTION,
            source,
            EventType.OBJECTION_DISMISSED,
            "[policy] the act was the person's own, so the case goes on",
            case_guards=(own.OBJECTION_WAITS,),
            command_guards=(own.DECIDED_BY_ANOTHER,),
            renews=True,
        ),
        Transition(
            source,
            Action.EXPIRE,
            source,
            EventType.OBJECTION_OVERDUE,
            "[policy] the centre is late with its decision; the delay is recorded, the case stands still",
            branch=OBJECTED,
            case_guards=(own.OBJECTION_WAITS, rules.LIMIT_PASSED),
            renews=True,
        ),
    )


_APPOINTS: Final = "TY15: the centre appoints another mediator; until then the talks wait"
_GIVES: Final = "TY15: the centre gives the case to another mediator, who takes it over; limits stay"


def _challenges(
    source: Stage, upheld: Stage = Stage.SCREENED, basis: str = _APPOINTS
) -> tuple[Transition, ...]:
    return (
        Transition(
            source,
            Action.CHALLENGE,
            source,
            EventType.MEDIATOR_CHALLENGED,
            "TY15: a party may ask for another mediator",
            case_guards=(own.NO_CHALLENGE, rules.A_MEDIATOR_HAS_IT),
            command_guards=_OWN,
        ),
        Transition(
            source,
            Action.DECIDE_CHALLENGE,
            upheld,
            EventType.CHALLENGE_UPHELD,
            basis,
            branch=UPHELD_CHALLENGE,
            case_guards=(own.CHALLENGE_WAITS,),
            command_guards=(own.CHALLENGE_DECIDED_BY_ANOTHER,),
        ),
        Transition(
            source,
            Action.DECIDE_CHALLENGE,
            source,
            EventType.CHALLENGE_DISMISSED,
            "TY15: the ground is not shown, or is none",
            case_guards=(own.CHALLENGE_WAITS,),
            command_guards=(own.CHALLENGE_DECIDED_BY_ANOTHER,),
        ),
    )


def _leaves(source: Stage, kind: DispatchKind, branch: Condition | None) -> Transition:
    return Transition(
        source,
        Action.EXPIRE,
        source,
        EventType.DAYS_TO_OBJECT_OVER,
        "[policy] nobody has objected in time to what was recorded in its name: it goes to the court",
        branch=branch,
        case_guards=(rules.LIMIT_PASSED, own.HOLD_OVER),
        renews=True,
        dispatches=kind,
    )


_BEFORE: Final = (Stage.FILED, Stage.SCREENED, Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED)
_WHILE_IN_FORCE: Final = (Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED)

HEARD: Final[tuple[Transition, ...]] = (
    *_objections(Stage.SCREENED, Stage.SCREENED),
    *_objections(Stage.ASSIGNED, Stage.ASSIGNED),
    *_objections(Stage.IN_MEDIATION, Stage.ASSIGNED, Stage.IN_MEDIATION),
    *_objections(Stage.SETTLED, Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED),
    *_objections(Stage.PERFORMING, *_WHILE_IN_FORCE, Stage.PERFORMING),
    *_objections(Stage.DEFAULTED, *_WHILE_IN_FORCE, Stage.DEFAULTED),
    *_objections(Stage.UNRESOLVED, *_BEFORE),
    *_objections(Stage.TRANSFERRING, *_BEFORE),
    _leaves(Stage.PERFORMING, DispatchKind.CONFIRMATION, None),
    _leaves(Stage.DEFAULTED, DispatchKind.CONFIRMATION, HELD),
    _leaves(Stage.TRANSFERRING, DispatchKind.SUBMISSION, HELD),
    Transition(
        Stage.IN_MEDIATION,
        Action.END_MEDIATION,
        Stage.UNRESOLVED,
        EventType.MEDIATION_ENDED,
        "OL25: a party refuses to go on with the mediation",
        command_guards=_OWN,
    ),
    *_challenges(Stage.ASSIGNED),
    *_challenges(Stage.IN_MEDIATION),
    *_challenges(Stage.SETTLED, Stage.SETTLED, _GIVES),
)

_GOES_ON: Final = frozenset(
    {
        Action.DECIDE_OBJECTION,
        Action.EXPIRE,
        Action.WITHDRAW,
        Action.CORRECT_DETAILS,
        Action.CHECK_IDENTITY,
        Action.RECORD_AGENT,
        Action.CONFIRM_AGENT,
        Action.REVOKE_AGENT,
        Action.MOVE_DEADLINE,
    }
)
"""What is possible while an objection waits: its decision, that this is late, the end of the case, and what
concerns a party's details and agents, or the calendar, only."""
_OF_THE_COURT: Final = frozenset(
    {
        Action.RECORD_RECEIPT,
        Action.RECORD_REVIEW,
        Action.RECORD_DOCKETING,
        Action.RECORD_REFUSAL,
        Action.RECORD_APPLICATION_RECEIPT,
        Action.RECORD_RULING,
    }
)
"""What the court says of something it has been given."""
_STOPS: Final = frozenset(row.source for row in HEARD if row.action is Action.OBJECT)


def stopped_by_objections(row: Transition) -> Transition:
    """Return the row as it is once an objection stops everything else at its stage."""
    if row.source not in _STOPS or row.action in _GOES_ON:
        return row
    held = (own.NOTHING_HELD,) if row.source in HOLDS and row.action in _OF_THE_COURT else ()
    return replace(row, case_guards=(own.NO_OBJECTION, *held, *row.case_guards))
