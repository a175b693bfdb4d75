"""Where a case stands (stage), and what can be done to it (action).

Promise: the names here are the published vocabulary of the API, the events and the state machine.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.domain.codes import OpenCode


class Stage(StrEnum):
    """The stages of a case; see `transitions` for the ways between them."""

    FILED = "filed"  # 已申请
    SCREENED = "screened"  # 已审核
    ASSIGNED = "assigned"  # 已指派
    IN_MEDIATION = "in_mediation"  # 调解中
    SETTLED = "settled"  # 达成调解
    PAID = "paid"  # 当场履行完毕
    PERFORMING = "performing"  # 协议生效，履行中
    PERFORMED = "performed"  # 履行完毕
    DEFAULTED = "defaulted"  # 违约
    UNRESOLVED = "unresolved"  # 调解不成
    CLOSED = "closed"  # 结案（机构不坚持诉讼）
    WITHDRAWN = "withdrawn"  # 撤回
    TRANSFERRING = "transferring"  # 移送中
    SUBMITTED = "submitted"  # 已提交法院
    RETURNED = "returned"  # 退回补正
    CORRECTED = "corrected"  # 已补正
    DOCKETED = "docketed"  # 已立案
    REFUSED = "refused"  # 不予受理

    @property
    def terminal(self) -> bool:
        """Whether the case is over: no act of the procedure follows; facts may still be recorded."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    {Stage.PAID, Stage.PERFORMED, Stage.CLOSED, Stage.WITHDRAWN, Stage.DOCKETED, Stage.REFUSED}
)


class Action(OpenCode):
    """What a role may do; the part up to EXPIRE changes a case, the rest reads or concerns no case.

    Capabilities add theirs with `permissions.declare_action`.
    """

    FILE = "file"
    SCREEN = "screen"
    APPOINT = "appoint"
    ACCEPT = "accept"
    DECLINE = "decline"
    CONSENT = "consent"
    REFUSE_CONSENT = "refuse_consent"
    EXTEND = "extend"
    OFFER = "offer"
    ACCEPT_OFFER = "accept_offer"
    DECLINE_OFFER = "decline_offer"
    WITHDRAW_OFFER = "withdraw_offer"
    SETTLE = "settle"
    SIGN = "sign"
    REFUSE_TO_SIGN = "refuse_to_sign"
    RECORD_REPAYMENT = "record_repayment"
    REVERSE_REPAYMENT = "reverse_repayment"
    APPLY_FOR_CONFIRMATION = "apply_for_confirmation"
    RENEGOTIATE = "renegotiate"
    ENFORCE = "enforce"
    FAIL = "fail"
    WITHDRAW = "withdraw"
    DROP = "drop"
    TRANSFER = "transfer"
    CORRECT = "correct"
    RETRANSFER = "retransfer"
    RECORD_RECEIPT = "record_receipt"
    RECORD_REVIEW = "record_review"
    RECORD_DOCKETING = "record_docketing"
    RECORD_REFUSAL = "record_refusal"
    RECORD_APPLICATION_RECEIPT = "record_application_receipt"
    RECORD_RULING = "record_ruling"
    REMIND = "remind"
    DECLARE_DEFAULT = "declare_default"
    EXPIRE = "expire"

    READ = "read"
    READ_PARTIES = "read_parties"
    READ_SETTLEMENT = "read_settlement"
    READ_DOSSIER = "read_dossier"
    LIST = "list"
    LOOK_UP_PERSON = "look_up_person"
    RECEIVE_CALLBACK = "receive_callback"
    MAKE_DOCUMENT = "make_document"
    READ_DOCUMENTS = "read_documents"

    READ_POLICY = "read_policy"
    PUBLISH_POLICY = "publish_policy"
    READ_STATEMENT = "read_statement"
    CALCULATE = "calculate"
