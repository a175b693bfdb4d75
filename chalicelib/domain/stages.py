"""The published words: where a case stands (stage), what can be done to it (action), what happened (event).

Promise: the API, the events, the state machine and the documentation use these names, and each action and
event says here which roles it is for. Downside: a role's permissions are not configurable per court.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from chalicelib.domain.codes import OpenCode
from chalicelib.domain.roles import Role


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


_DEBTOR_SIDE: Final = frozenset({Role.BORROWER, Role.MEDIATOR, Role.CENTRE})
_EVERY_PARTY: Final = _DEBTOR_SIDE | {Role.INSTITUTION}
_EVERYONE: Final = frozenset(Role) - {Role.SYSTEM, Role.DATA_PROTECTION}
IS_TOLD_NO_OFFER: Final = frozenset({Role.COURT, Role.JUDGE, Role.OPS})
"""Roles that must not learn what was offered: the court's (TY22), and operators, who do not need it."""


class Action(OpenCode):
    """Everything a role may do; the part up to EXPIRE changes a case, the rest reads or concerns no case."""

    # The roles that may do it follow each code; nobody may do an action that this release does not know.

    FILE = "file", Role.INSTITUTION
    SCREEN = "screen", Role.CENTRE, Role.SYSTEM
    APPOINT = "appoint", Role.CENTRE
    OPEN_CHOICE = "open_choice", Role.CENTRE
    # A party names its mediator itself; a respondent also before the centre, which records it (OL10).
    NAME_MEDIATOR = "name_mediator", Role.INSTITUTION, Role.BORROWER, Role.CENTRE
    ACCEPT = "accept", Role.MEDIATOR
    DECLINE = "decline", Role.MEDIATOR
    # A borrower consents itself, or before the mediator or the centre, who record it (TY11, M10);
    # the institution has consented by filing.
    CONSENT = "consent", *_DEBTOR_SIDE
    REFUSE_CONSENT = "refuse_consent", *_DEBTOR_SIDE
    EXTEND = "extend", *_EVERY_PARTY
    # A party offers and answers itself; a respondent also before the mediator or the centre, who record it.
    OFFER = "offer", *_EVERY_PARTY
    ACCEPT_OFFER = "accept_offer", *_EVERY_PARTY
    DECLINE_OFFER = "decline_offer", *_EVERY_PARTY
    WITHDRAW_OFFER = "withdraw_offer", *_EVERY_PARTY
    SETTLE = "settle", Role.MEDIATOR
    SIGN = "sign", *_EVERY_PARTY
    REFUSE_TO_SIGN = "refuse_to_sign", *_EVERY_PARTY
    RECORD_REPAYMENT = "record_repayment", Role.INSTITUTION
    REVERSE_REPAYMENT = "reverse_repayment", Role.INSTITUTION
    APPLY_FOR_CONFIRMATION = "apply_for_confirmation", *_EVERY_PARTY
    RENEGOTIATE = "renegotiate", Role.MEDIATOR
    ENFORCE = "enforce", Role.INSTITUTION
    FAIL = "fail", Role.MEDIATOR
    WITHDRAW = "withdraw", Role.INSTITUTION
    DROP = "drop", Role.INSTITUTION
    TRANSFER = "transfer", Role.INSTITUTION
    CORRECT = "correct", Role.INSTITUTION
    CORRECT_DETAILS = "correct_details", Role.INSTITUTION, Role.CENTRE
    # A party authorises its own agents; for a respondent the centre records it, with a second record.
    RECORD_AGENT = "record_agent", Role.INSTITUTION, Role.BORROWER, Role.CENTRE
    # Whom the other side named in its filing acts once the respondent has confirmed it.
    CONFIRM_AGENT = "confirm_agent", Role.BORROWER, Role.CENTRE
    REVOKE_AGENT = "revoke_agent", Role.INSTITUTION, Role.BORROWER, Role.CENTRE
    # Before a party binds itself online somebody of the mediation makes sure of who it is (OL17, TY14).
    CHECK_IDENTITY = "check_identity", Role.MEDIATOR, Role.CENTRE
    RETRANSFER = "retransfer", Role.SYSTEM
    RECORD_RECEIPT = "record_receipt", Role.SYSTEM
    RECORD_REVIEW = "record_review", Role.COURT, Role.SYSTEM
    RECORD_DOCKETING = "record_docketing", Role.COURT
    RECORD_REFUSAL = "record_refusal", Role.COURT
    RECORD_APPLICATION_RECEIPT = "record_application_receipt", Role.SYSTEM
    RECORD_RULING = "record_ruling", Role.COURT
    REMIND = "remind", Role.SYSTEM
    DECLARE_DEFAULT = "declare_default", Role.SYSTEM
    # A party is heard: it objects to what others recorded in its name, itself or through the centre; it ends
    # the mediation; it challenges the mediator.
    OBJECT = "object", Role.BORROWER, Role.CENTRE
    DECIDE_OBJECTION = "decide_objection", Role.CENTRE
    END_MEDIATION = "end_mediation", *_EVERY_PARTY
    CHALLENGE = "challenge", Role.INSTITUTION, Role.BORROWER, Role.CENTRE
    # A mediator discloses its own relation to a case; the centre that of somebody whom it might appoint. Only
    # the parties waive it: what one says before the centre is recorded there, and never by the mediator.
    DISCLOSE = "disclose", Role.MEDIATOR, Role.CENTRE
    WAIVE_RECUSAL = "waive_recusal", Role.INSTITUTION, Role.BORROWER, Role.CENTRE
    DECIDE_CHALLENGE = "decide_challenge", Role.CENTRE
    REPLACE_MEDIATOR = "replace_mediator", Role.CENTRE
    REPLACE_JUDGE = "replace_judge", Role.CENTRE
    MOVE_DEADLINE = "move_deadline", Role.SYSTEM
    EXPIRE = "expire", Role.SYSTEM

    READ = "read", *_EVERYONE
    # Operators keep the system running; they need no names for it (PIPL art. 6, least data).
    READ_PARTIES = "read_parties", *(_EVERYONE - {Role.OPS})
    # What was offered and agreed is confidential (TY22): only the parties and the mediation may read it.
    READ_SETTLEMENT = "read_settlement", *_EVERY_PARTY
    READ_DOSSIER = "read_dossier", Role.COURT
    LIST = "list", *(_EVERYONE - {Role.BORROWER})
    LOOK_UP_PERSON = "look_up_person", Role.INSTITUTION
    RECEIVE_CALLBACK = "receive_callback", Role.COURT
    # `papers.ACCESS` says which kinds of papers.
    MAKE_DOCUMENT = "make_document", *_EVERY_PARTY
    READ_DOCUMENTS = "read_documents", *_EVERY_PARTY

    # Borrowers see the tiers only in offers; courts never see a concession (TY22).
    READ_POLICY = "read_policy", Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE
    PUBLISH_POLICY = "publish_policy", Role.INSTITUTION
    # How amounts are computed is for the parties and the mediation only; a court gets the claim.
    READ_STATEMENT = "read_statement", *_EVERY_PARTY
    CALCULATE = "calculate", Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE


class EventType(OpenCode):
    """What happened, in the past tense, and from which roles it is hidden; capabilities declare theirs."""

    @property
    def hidden_from(self) -> frozenset[Role]:
        """The roles that see a stub instead: all, if this release does not know the type."""
        return self.roles if self.declared else frozenset(Role)

    CASE_FILED = "case_filed"
    CASE_SCREENED = "case_screened"
    SCREENING_OVERDUE = "screening_overdue"
    MEDIATOR_APPOINTED = "mediator_appointed"
    ASSIGNMENT_OVERDUE = "assignment_overdue"
    APPOINTMENT_ACCEPTED = "appointment_accepted"
    APPOINTMENT_DECLINED = "appointment_declined"
    APPOINTMENT_LAPSED = "appointment_lapsed"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_EXPIRED = "consent_expired"
    MEDIATION_BEGUN = "mediation_begun"
    ACT_RECORDED = "act_recorded", *IS_TOLD_NO_OFFER
    # Which act it is about could tell that there was an offer.
    OBJECTION_RAISED = "objection_raised", *IS_TOLD_NO_OFFER
    OBJECTION_UPHELD = "objection_upheld", *IS_TOLD_NO_OFFER
    OBJECTION_DISMISSED = "objection_dismissed", *IS_TOLD_NO_OFFER
    OBJECTION_OVERDUE = "objection_overdue", *IS_TOLD_NO_OFFER
    DAYS_TO_OBJECT_OVER = "days_to_object_over"
    MEDIATOR_CHALLENGED = "mediator_challenged"
    CHALLENGE_UPHELD = "challenge_upheld"
    CHALLENGE_DISMISSED = "challenge_dismissed"
    MEDIATOR_REPLACED = "mediator_replaced"
    RELATION_DISCLOSED = "relation_disclosed"
    WAIVER_RECORDED = "waiver_recorded"
    RECUSAL_WAIVED = "recusal_waived"
    MEDIATORS_RECOMMENDED = "mediators_recommended"
    MEDIATOR_NAMED = "mediator_named"
    JUDGE_REPLACED = "judge_replaced"
    MEDIATION_ENDED = "mediation_ended"
    DEADLINE_MOVED = "deadline_moved"
    DETAILS_CORRECTED = "details_corrected"
    IDENTITY_CHECKED = "identity_checked"
    AGENT_RECORDED = "agent_recorded"
    AGENT_CONFIRMED = "agent_confirmed"
    AGENT_REVOKED = "agent_revoked"
    EXTENSION_PROPOSED = "extension_proposed"
    MEDIATION_EXTENDED = "mediation_extended"
    OFFER_MADE = "offer_made", *IS_TOLD_NO_OFFER
    OFFER_ACCEPTED = "offer_accepted", *IS_TOLD_NO_OFFER
    OFFER_DECLINED = "offer_declined", *IS_TOLD_NO_OFFER
    OFFER_WITHDRAWN = "offer_withdrawn", *IS_TOLD_NO_OFFER
    # Its data say what was agreed, which is confidential until the agreement is in force.
    SETTLEMENT_REACHED = "settlement_reached", *IS_TOLD_NO_OFFER
    MEDIATION_FAILED = "mediation_failed"
    MEDIATION_EXPIRED = "mediation_expired"
    SIGNATURE_RECORDED = "signature_recorded"
    SIGNING_REFUSED = "signing_refused"
    AGREEMENT_SIGNED = "agreement_signed"
    AGREEMENT_PAID = "agreement_paid"
    SIGNING_EXPIRED = "signing_expired"
    REPAYMENT_RECORDED = "repayment_recorded"
    AGREEMENT_REOPENED = "agreement_reopened"
    REPAYMENT_REVERSED = "repayment_reversed"
    PERFORMANCE_WATCHED = "performance_watched"
    AGREEMENT_PERFORMED = "agreement_performed"
    DEFAULT_DECLARED = "default_declared"
    DEFAULT_LIFTED = "default_lifted"
    CONFIRMATION_AWAITS_OTHER_SIDE = "confirmation_awaits_other_side"
    CONFIRMATION_APPLIED_FOR = "confirmation_applied_for"
    CONFIRMATION_TRANSFERRED = "confirmation_transferred"
    CONFIRMATION_RULED = "confirmation_ruled"
    MEDIATION_REOPENED = "mediation_reopened"
    ENFORCEMENT_REQUESTED = "enforcement_requested"
    CASE_WITHDRAWN = "case_withdrawn"
    LITIGATION_DROPPED = "litigation_dropped"
    DECISION_EXPIRED = "decision_expired"
    TRANSFER_REQUESTED = "transfer_requested"
    SUBMISSION_OVERDUE = "submission_overdue"
    TRANSFER_SUBMITTED = "transfer_submitted"
    RECEIPT_RECORDED = "receipt_recorded"
    REVIEW_RECORDED = "review_recorded"
    COURT_REVIEW_OVERDUE = "court_review_overdue"
    TRANSFER_RETURNED = "transfer_returned"
    CORRECTION_OVERDUE = "correction_overdue"
    TRANSFER_CORRECTED = "transfer_corrected"
    RESUBMISSION_OVERDUE = "resubmission_overdue"
    CASE_DOCKETED = "case_docketed"
    FILING_REFUSED = "filing_refused"
