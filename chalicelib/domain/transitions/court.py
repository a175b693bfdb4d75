"""The table's second part: from a mediation without agreement to the court's registry, or to a close."""

from __future__ import annotations

from typing import Final

from chalicelib.domain import rules, settlement_rules
from chalicelib.domain.court_commands import RecordReview
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transfer import DispatchKind
from chalicelib.domain.transitions.row import Condition, Transition, overdue, withdrawn

RETURNED: Final = Condition(
    "the result is partially_accepted, rejected or cancelled",
    "审核结果为部分通过、退回或者撤销",
    lambda _case, command: isinstance(command, RecordReview) and command.result.returns,
)


_COURT_SPEAKS: Final = (rules.SPEAKS_OF_THIS_TRANSFER,)
_REVIEW_RULES: Final = (rules.SPEAKS_OF_THIS_TRANSFER, rules.REVIEW_IS_NEWS)


def _results(source: Stage) -> tuple[Transition, ...]:
    # The court's messages may arrive before its own receipt, so they are accepted before and after it.
    return (
        Transition(
            source,
            Action.RECORD_REVIEW,
            Stage.RETURNED,
            EventType.TRANSFER_RETURNED,
            "one-network contract: what the registry rejects comes back for correction (补正)",
            branch=RETURNED,
            command_guards=_REVIEW_RULES,
        ),
        Transition(
            source,
            Action.RECORD_REVIEW,
            Stage.SUBMITTED,
            EventType.REVIEW_RECORDED,
            "one-network contract: the registry has the submission",
            command_guards=_REVIEW_RULES,
        ),
        Transition(
            source,
            Action.RECORD_DOCKETING,
            Stage.DOCKETED,
            EventType.CASE_DOCKETED,
            "民事诉讼法 art. 126: the court registers the case (立案)",
            command_guards=_COURT_SPEAKS,
        ),
        Transition(
            source,
            Action.RECORD_REFUSAL,
            Stage.REFUSED,
            EventType.FILING_REFUSED,
            "民事诉讼法 art. 126: the court refuses the suit (不予受理)",
            command_guards=_COURT_SPEAKS,
        ),
    )


COURT: Final[tuple[Transition, ...]] = (
    Transition(
        Stage.UNRESOLVED,
        Action.TRANSFER,
        Stage.TRANSFERRING,
        EventType.TRANSFER_REQUESTED,
        "TY21, OL21: the party insists, the court must register the suit",
        command_guards=(settlement_rules.CLAIMS_SOMETHING,),
        dispatches=DispatchKind.SUBMISSION,
    ),
    Transition(
        Stage.UNRESOLVED,
        Action.DROP,
        Stage.CLOSED,
        EventType.LITIGATION_DROPPED,
        "TY21: the institution does not insist",
    ),
    Transition(
        Stage.UNRESOLVED,
        Action.EXPIRE,
        Stage.CLOSED,
        EventType.DECISION_EXPIRED,
        "[policy] an institution silent for the limit does not insist; it may file again",
        case_guards=(rules.LIMIT_PASSED,),
    ),
    withdrawn(Stage.UNRESOLVED),
    Transition(
        Stage.TRANSFERRING,
        Action.RECORD_RECEIPT,
        Stage.SUBMITTED,
        EventType.TRANSFER_SUBMITTED,
        "one-network contract: the court has the message",
        command_guards=_COURT_SPEAKS,
    ),
    *_results(Stage.TRANSFERRING),
    overdue(Stage.TRANSFERRING, EventType.SUBMISSION_OVERDUE, dispatches=DispatchKind.SUBMISSION),
    withdrawn(Stage.TRANSFERRING, court_knows=True),
    Transition(
        Stage.SUBMITTED,
        Action.RECORD_RECEIPT,
        Stage.SUBMITTED,
        EventType.RECEIPT_RECORDED,
        "one-network contract: a result overtook the receipt",
        case_guards=(rules.RECEIPT_MISSING,),
        command_guards=_COURT_SPEAKS,
    ),
    *_results(Stage.SUBMITTED),
    overdue(Stage.SUBMITTED, EventType.COURT_REVIEW_OVERDUE, dispatches=DispatchKind.SUBMISSION),
    withdrawn(Stage.SUBMITTED, court_knows=True),
    Transition(
        Stage.RETURNED,
        Action.CORRECT,
        Stage.CORRECTED,
        EventType.TRANSFER_CORRECTED,
        "one-network contract: the institution corrects (补正)",
        command_guards=(rules.CORRECTS_SOMETHING, settlement_rules.KEEPS_TO_THE_REMAINING_SUM),
        dispatches=DispatchKind.CORRECTED,
    ),
    overdue(Stage.RETURNED, EventType.CORRECTION_OVERDUE),
    withdrawn(Stage.RETURNED, court_knows=True),
    Transition(
        Stage.CORRECTED,
        Action.RETRANSFER,
        Stage.TRANSFERRING,
        EventType.TRANSFER_REQUESTED,
        "OL21: the corrected complaint goes to the court again",
        dispatches=DispatchKind.SUBMISSION,
    ),
    overdue(Stage.CORRECTED, EventType.RESUBMISSION_OVERDUE),
    withdrawn(Stage.CORRECTED, court_knows=True),
)
