"""Dispatch to the court: send a message that is due, at least once, with an id that never changes.

What a submission is made of, and the commands and the procedure that record its receipt, are imported
with the first message that needs them, so that the function is ready a tenth sooner for its first one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import (
    ActionNotAvailable,
    CourtRefusedMessage,
    CourtUnavailable,
    RuleViolated,
)
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import (
    ABOUT_PAYMENTS,
    DispatchKind,
    Matter,
    ReviewReason,
    ReviewResult,
    dispatch_of,
    transfer_id,
)
from chalicelib.use_cases.records import CourtNotice

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import Command
    from chalicelib.domain.court_commands import RecordReceipt, RecordReview
    from chalicelib.domain.transfer import Dispatch, Transfer
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Receipt, Submission

# These refusals are about the content and go to the institution; others (key, path) are the hub's own fault.
_ABOUT_THE_CONTENT: Final = frozenset({400, 413, 422})
_NOT_FOUND: Final = 404
# A court that is silent for too long gets the same submission again; it answers with its callbacks.
_AWAITS_THE_COURT: Final = frozenset({Stage.TRANSFERRING, Stage.SUBMITTED})


def dispatch_to_court(hub: Hub, case_id: str, dispatch_id: str) -> None:
    """Send the dispatch and record that it was delivered.

    Raises CourtUnavailable, so that the queue tries again, or CourtRefusedMessage if only an operator can
    correct the cause. A second call after success does nothing.
    """
    dispatch = hub.dispatches.get(case_id, dispatch_id)
    if dispatch is None:
        return
    case = hub.cases.get(case_id)
    match dispatch.kind:
        case DispatchKind.SUBMISSION:
            _submit(hub, case, dispatch)
        case DispatchKind.CONFIRMATION:
            _apply(hub, case, dispatch)
        case _:
            _notify(hub, case, dispatch)
    hub.dispatches.delivered(case_id, dispatch_id)


def _submit(hub: Hub, case: Case, dispatch: Dispatch) -> None:
    transfer = case.transfer
    if transfer is None or transfer.transfer_id != dispatch.transfer_id:
        return  # corrected in the meantime: a later transfer has replaced it
    if case.stage in _AWAITS_THE_COURT:
        case = _send(hub, case, transfer)
    if case.stage is Stage.WITHDRAWN:
        # The notice of the withdrawal may have arrived before this submission, and the court may have dropped
        # it, as it had no such transfer. So the notice is sent again, with the same message id.
        withdrawal = dispatch_of(case.case_id, case.version, DispatchKind.WITHDRAWN, transfer.transfer_id)
        _notify(hub, case, withdrawal)


def _send(hub: Hub, case: Case, transfer: Transfer) -> Case:
    try:
        receipt = hub.court.submit(_submission(hub, case, transfer.matter))
    except CourtRefusedMessage as refused:
        if refused.status not in _ABOUT_THE_CONTENT:
            raise
        return _record(hub, case, _returned(transfer.transfer_id, refused))
    hub.metrics.count("CourtSubmissions")
    return _record(hub, case, _received(transfer.transfer_id, receipt))


def _apply(hub: Hub, case: Case, dispatch: Dispatch) -> None:
    confirmation = case.confirmation
    if confirmation is None or confirmation.transfer_id != dispatch.transfer_id or confirmation.ruling:
        return  # the round is over, or the court has ruled: there is nothing left to ask
    receipt = hub.court.submit(_submission(hub, case, Matter.CONFIRMATION))
    hub.metrics.count("CourtApplications")
    from chalicelib.domain.confirmation_commands import RecordApplicationReceipt  # noqa: PLC0415 - see the docstring

    command = RecordApplicationReceipt(transfer_id=dispatch.transfer_id, receipt_id=receipt.receipt_id)
    _record(hub, case, command)


def _submission(hub: Hub, case: Case, matter: Matter) -> Submission:
    from chalicelib.use_cases.build_submission import build_submission  # noqa: PLC0415 - see the docstring

    return build_submission(hub, case, matter)


def _record(hub: Hub, case: Case, command: Command) -> Case:
    from chalicelib.use_cases.act_on_case import act_on_case  # noqa: PLC0415 - see the docstring

    try:
        return act_on_case(hub, SYSTEM, case.case_id, command)
    except (ActionNotAvailable, RuleViolated):
        # The court's callback came before its receipt and changed the case, or the case was withdrawn.
        return hub.cases.get(case.case_id)


def _received(transfer_id_: str, receipt: Receipt) -> RecordReceipt:
    from chalicelib.domain.court_commands import RecordReceipt  # noqa: PLC0415 - see the docstring

    return RecordReceipt(transfer_id=transfer_id_, receipt_id=receipt.receipt_id)


def _returned(transfer_id_: str, refused: CourtRefusedMessage) -> RecordReview:
    from chalicelib.domain.court_commands import RecordReview  # noqa: PLC0415 - see the docstring

    return RecordReview(
        transfer_id=transfer_id_,
        result=ReviewResult.REJECTED,
        reasons=(ReviewReason(document_id="submission", code=refused.reason),),
    )


def _notify(hub: Hub, case: Case, dispatch: Dispatch) -> None:
    corrected = dispatch.kind is DispatchKind.CORRECTED
    (cause,) = hub.cases.events(case.case_id, after=dispatch.sequence - 1, limit=1)
    paid = {"payment": dict(cause.facts)} if dispatch.kind in ABOUT_PAYMENTS else {}
    attempt = int(dispatch.transfer_id.rpartition("-T")[2])
    notice = CourtNotice(
        message_id=dispatch.dispatch_id,
        transfer_id=dispatch.transfer_id,
        court_id=case.court_id,
        body={
            "message_id": dispatch.dispatch_id,
            "type": f"transfer.{dispatch.kind}",
            "transfer_id": dispatch.transfer_id,
            "occurred_at": cause.at.isoformat(),
            "replaced_by": transfer_id(case.case_id, attempt + 1) if corrected else None,
            **paid,
        },
    )
    try:
        hub.court.notify(notice)
    except CourtRefusedMessage as refused:
        if refused.status != _NOT_FOUND:
            raise
        if paid and case.stage is Stage.TRANSFERRING:
            raise CourtUnavailable from refused  # the submission is still to come, and says nothing of it
        # The court never got this transfer (it was withdrawn before), so it needs no notice.
