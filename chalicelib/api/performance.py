"""Acts of institutions, borrowers and mediators under an agreement in force: pay, confirm, enforce.

Promise: a repayment names its own reference instead of a version, so that recording it again changes nothing;
every other act names the version it is based on. Downside: what remains to be paid is read at `settlement`.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from functools import partial
from typing import Final

from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.operations import Call, Operations, Reply
from chalicelib.api.parameters import CaseId, IfMatch
from chalicelib.api.presenting import CODE_REFUSALS, act, act_on, answer_with
from chalicelib.api.schemas.settlements import ConfirmationIn, NothingIn, RepaymentIn, ReversalIn
from chalicelib.domain.agreement import errors as agreement
from chalicelib.domain.confirmation_commands import ApplyForConfirmation
from chalicelib.domain.stages import Action
from chalicelib.use_cases.record_repayment import record_repayment, reverse_repayment
from chalicelib.use_cases.renegotiate import renegotiate
from chalicelib.use_cases.request_enforcement import request_enforcement

operations = Operations("performance")
_act = partial(act_on, operations)

_PAYMENT: Final = {
    "reference": "/reference",
    "on": "/on",
    "payments.amount": "/amount",
    "overpayment": "/overpayment",
}


@_act(
    "repayments",
    "登记还款",
    Action.RECORD_REPAYMENT,
    refusals=(agreement.ReferenceReused, agreement.PaymentDateImpossible, agreement.OverpaymentDiffers),
)
def repay(call: Call, case_id: CaseId, body: RepaymentIn) -> Reply:
    """Record a payment, once for its reference; needs no `If-Match`.

    It counts by its day, whenever it was made and wherever the case stands: under the agreement in force,
    else in what remains of the claim (`outstanding` of the settlement), and no stage moves by it. A court
    that has the case is told. The same reference with the same day and amount again changes nothing; with
    another content it is refused. What is paid beyond the remaining sum is refused unless `overpayment` says
    just that: a mistyped sum would end the case.
    """
    with errors_at_pointer(_PAYMENT):
        case = record_repayment(call.hub, call.actor, case_id, body.payment(), body.overpayment)
    return answer_with(call, case)


@_act(
    "reversals",
    "冲正还款",
    Action.REVERSE_REPAYMENT,
    refusals=(agreement.PaymentUnknown, agreement.PaymentDeducted),
)
def reverse(call: Call, case_id: CaseId, body: ReversalIn) -> Reply:
    """Take back a payment that bounced or was recorded by mistake.

    It stays on record, and its reference stays used. If it had ended the case (`paid`, `performed`), the case
    is open again, unless the debt was filed anew. A payment that an open or accepted offer deducts is taken
    back once the offer is withdrawn, declined or lapsed.
    """
    with errors_at_pointer(_PAYMENT):
        case = reverse_repayment(call.hub, call.actor, case_id, body.reference)
    return answer_with(call, case)


@_act("confirmation", "申请司法确认", Action.APPLY_FOR_CONFIRMATION, refusals=CODE_REFUSALS)
def apply_for_confirmation(call: Call, case_id: CaseId, if_match: IfMatch, body: ConfirmationIn) -> Reply:
    """Apply for judicial confirmation for a party; when all of the agreement have, the court is asked.

    Source: 民事诉讼法 205: within 30 days of the agreement taking effect. Free of charge.
    """
    command = ApplyForConfirmation(side=body.side, party_id=body.party_id)
    return act(call, case_id, if_match, command, body.channel, body.code)


@_act("renegotiation", "驳回后重新调解", Action.RENEGOTIATE)
def mediate_again(call: Call, case_id: CaseId, if_match: IfMatch, body: NothingIn | None = None) -> Reply:
    """Mediate again after the court rejected the confirmation, about the debt less what was paid.

    Source: 民事诉讼法 206. The body may be left out.
    """
    del body
    return answer_with(call, renegotiate(call.hub, call.actor, case_id, expected_version=if_match))


@_act("enforcement", "申请强制执行", Action.ENFORCE)
def enforce(call: Call, case_id: CaseId, if_match: IfMatch, body: NothingIn | None = None) -> Reply:
    """Apply for enforcement of a confirmed agreement in default, for the remaining sum.

    Source: 民事诉讼法 206, 250. The body may be left out.
    """
    del body
    return answer_with(call, request_enforcement(call.hub, call.actor, case_id, expected_version=if_match))
