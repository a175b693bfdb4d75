"""Institutions, borrowers, mediators and the centre: acts on a case, one resource each.

Promise: every act names the version it is based on (`If-Match`), becomes one command, and answers with the
case as it then is. Whether it is possible, the domain's table of transitions decides.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from collections.abc import Callable

from chalicelib.api.domain_faults import told_at
from chalicelib.api.operations import Answered, Call, Check, H, Operations, Reply
from chalicelib.api.parameters import CaseId, IfMatch
from chalicelib.api.presenting import act, answer_with
from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.acts import (
    AssignmentIn,
    ConsentIn,
    CorrectionIn,
    ExtensionIn,
    FailureIn,
    TransferIn,
    WithdrawalIn,
)
from chalicelib.api.schemas.cases import CaseOut
from chalicelib.api.schemas.filings import correction_faults
from chalicelib.domain.commands import Drop, Fail, Withdraw
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    HubError,
    InvalidInput,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.stages import Action
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.request_transfer import request_transfer

operations = Operations("acts")


def _act(
    resource: str,
    zh: str,
    *actions: Action,
    check: Check | None = None,
    more: tuple[type[HubError], ...] = (),
) -> Callable[[H], H]:
    return operations.post(
        f"/v1/cases/{{case_id}}/{resource}",
        zh,
        Answered(model=CaseOut, headers=("ETag",)),
        actions=actions,
        refusals=(CaseNotFound, StaleVersion, ActionNotAvailable, RuleViolated, *more),
        check=check,
    )


@_act("assignment", "指派调解员，接受或谢绝指派", Action.APPOINT, Action.ACCEPT, Action.DECLINE)
def assign(call: Call, case_id: CaseId, if_match: IfMatch, body: AssignmentIn) -> Reply:
    """Appoint a mediator (the centre), accept or decline the appointment (the mediator).

    Source: TY12, OL10, OL12. A decline needs its reason, recusal (TY15) first; another is appointed then.
    """
    return act(call, case_id, if_match, body.root.command())


@_act("consents", "同意或拒绝调解", Action.CONSENT, Action.REFUSE_CONSENT)
def consent(call: Call, case_id: CaseId, if_match: IfMatch, body: ConsentIn) -> Reply:
    """Record a party's consent to mediation and, separately, to its online mode; or its refusal.

    Source: TY11, OL4. A borrower answers for itself; before the mediator or the centre it is `in_person`.
    """
    return act(call, case_id, if_match, body.command(), body.channel)


@_act("extension", "同意延长调解期限", Action.EXTEND)
def extend(call: Call, case_id: CaseId, if_match: IfMatch, body: ExtensionIn) -> Reply:
    """Agree to extend the mediation; it takes effect when the other side agrees to the same days.

    Source: TY27, OL24.
    """
    return act(call, case_id, if_match, body.command(), body.channel)


@_act("failure", "登记调解不成", Action.FAIL)
def fail(call: Call, case_id: CaseId, if_match: IfMatch, body: FailureIn) -> Reply:
    """End the mediation without agreement, for a stated reason (OL25).

    Time limits and silence are recorded by the hub itself.
    """
    return act(call, case_id, if_match, Fail(reason=body.reason))


@_act("withdrawal", "撤回申请", Action.WITHDRAW)
def withdraw(call: Call, case_id: CaseId, if_match: IfMatch, body: WithdrawalIn | None = None) -> Reply:
    """Take the case back; a court that has it already is told.

    The body may be left out.
    """
    del body
    return act(call, case_id, if_match, Withdraw())


@_act("transfer", "移送立案或不再坚持", Action.TRANSFER, Action.DROP)
def transfer(call: Call, case_id: CaseId, if_match: IfMatch, body: TransferIn) -> Reply:
    """Insist on a suit, so that the case goes to the court (TY21, OL21), or close it.

    Where an agreement was in force, the suit is for what is still owed: after a default the remaining sum,
    after a rejected confirmation the debt less what was paid.
    """
    if not body.insists:
        return act(call, case_id, if_match, Drop())
    case = request_transfer(call.hub, call.actor, case_id, expected_version=if_match)
    return answer_with(call, case)


@_act("corrections", "补正", Action.CORRECT, check=correction_faults, more=(ClaimDiffers,))
def correct(call: Call, case_id: CaseId, if_match: IfMatch, body: CorrectionIn) -> Reply:
    """Correct the claim or parties after the court returned the case; it is transferred again.

    A corrected party replaces the stored one as a whole, and stays a person or an entity. A corrected claim
    is compared with the debt that the case was filed with, if it was.
    """
    if body.parties:
        _check_kinds(call, case_id, body)
    with told_at({}, "/claim/as_of"):
        return act(call, case_id, if_match, body.command())


def _check_kinds(call: Call, case_id: str, body: CorrectionIn) -> None:
    kinds = {party.party_id: party.kind for party in read_case(call.hub, call.actor, case_id).case.parties}
    faults = [
        RequestFault(f"/parties/{index}/kind", "party_kind_differs")
        for index, entry in enumerate(body.parties)
        if kinds.get(entry.party_id, entry.kind) is not entry.kind
    ]
    if faults:
        raise InvalidInput(faults)
