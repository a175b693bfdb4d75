"""The table's part between mediation and court: offers, the agreement in force, confirmation, default."""

from __future__ import annotations

from typing import Final

from chalicelib.domain import rules
from chalicelib.domain import settlement_rules as own
from chalicelib.domain.confirmation_commands import ApplyForConfirmation, confirmation_of
from chalicelib.domain.court_commands import Expire
from chalicelib.domain.objection_rules import DAYS_TO_OBJECT_OVER
from chalicelib.domain.settlement_commands import RecordRepayment, Remind, ReverseRepayment
from chalicelib.domain.settlement_outcome import PerformanceState
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transfer import DispatchKind
from chalicelib.domain.transitions.row import Condition, Transition

PAID_IN_FULL: Final = Condition(
    "nothing remains to be paid",
    "已全部付清",
    lambda _case, command: (
        isinstance(command, RecordRepayment) and command.state is PerformanceState.PERFORMED
    ),
)
NO_LONGER_IN_DEFAULT: Final = Condition(
    "with this payment there was no default",
    "计入该笔款项后不构成违约",
    lambda _case, command: (
        isinstance(command, RecordRepayment) and command.state is PerformanceState.PERFORMING
    ),
)
IN_DEFAULT: Final = Condition(
    "without this payment a declared default stands",
    "冲正该笔款项后，此前认定的违约仍然成立",
    lambda _case, command: (
        isinstance(command, ReverseRepayment) and command.state is PerformanceState.DEFAULTED
    ),
)
STILL_PAID: Final = Condition(
    "without this payment everything is still paid",
    "冲正该笔款项后仍已全部付清",
    lambda _case, command: (
        isinstance(command, ReverseRepayment) and command.state is PerformanceState.PERFORMED
    ),
)
ALL_APPLY: Final = Condition(
    "every other party to the agreement has applied",
    "协议的其他当事人均已申请",
    lambda case, command: isinstance(command, ApplyForConfirmation) and command.completes(case),
)
BEFORE_THE_COURT: Final = Condition(
    "the court has not ruled on the application to confirm",
    "法院尚未就司法确认申请作出裁定",
    lambda case, command: isinstance(command, Expire) and confirmation_of(case).before_the_court,
)
RULING_OVERDUE: Final = Condition(
    "the court has not ruled in time on the application to confirm",
    "法院逾期未就司法确认申请作出裁定",
    lambda case, command: (
        isinstance(command, Remind) and command.ruling_overdue and confirmation_of(case).before_the_court
    ),
)


_TALKING: Final = (rules.WITHIN_LIMIT, own.NOTHING_ACCEPTED)
_SPOKEN: Final = (rules.OWN_SIDE, rules.SPEAKS_FOR_ITSELF)

OFFERS: Final[tuple[Transition, ...]] = (
    Transition(
        Stage.IN_MEDIATION,
        Action.OFFER,
        Stage.IN_MEDIATION,
        EventType.OFFER_MADE,
        "民法典 472: a party offers, or counters the open offer",
        case_guards=_TALKING,
        command_guards=(*_SPOKEN, own.NAMES_ITS_RESPONDENTS, own.TAKES_TURNS, own.SOMETHING_REMAINS),
    ),
    Transition(
        Stage.IN_MEDIATION,
        Action.ACCEPT_OFFER,
        Stage.IN_MEDIATION,
        EventType.OFFER_ACCEPTED,
        "民法典 479, 490: a party accepts for itself; once all have, the agreement is drawn up and signed",
        case_guards=_TALKING,
        command_guards=(*_SPOKEN, own.ANSWERS_THE_OTHER),
    ),
    Transition(
        Stage.IN_MEDIATION,
        Action.DECLINE_OFFER,
        Stage.IN_MEDIATION,
        EventType.OFFER_DECLINED,
        "民法典 478: the offer lapses",
        case_guards=_TALKING,
        command_guards=(*_SPOKEN, own.ANSWERS_THE_OTHER),
    ),
    Transition(
        Stage.IN_MEDIATION,
        Action.WITHDRAW_OFFER,
        Stage.IN_MEDIATION,
        EventType.OFFER_WITHDRAWN,
        "民法典 476, 477: a party revokes its open offer before all have accepted",
        case_guards=_TALKING,
        command_guards=(*_SPOKEN, own.TAKES_BACK_ITS_OWN),
    ),
)


def _confirmation(source: Stage) -> tuple[Transition, ...]:
    return (
        Transition(
            source,
            Action.APPLY_FOR_CONFIRMATION,
            source,
            EventType.CONFIRMATION_APPLIED_FOR,
            "民事诉讼法 205: all parties to the agreement apply together, the court is asked",
            branch=ALL_APPLY,
            case_guards=(own.WITHIN_THE_WINDOW,),
            command_guards=(*_SPOKEN, own.PARTY_APPLIES_ONCE, rules.IDENTITY_CHECKED),
            renews=True,
            dispatches=DispatchKind.CONFIRMATION,
        ),
        Transition(
            source,
            Action.APPLY_FOR_CONFIRMATION,
            source,
            EventType.CONFIRMATION_AWAITS_OTHER_SIDE,
            "民事诉讼法 205: a party applies, others have not yet",
            case_guards=(own.WITHIN_THE_WINDOW,),
            command_guards=(*_SPOKEN, own.PARTY_APPLIES_ONCE, rules.IDENTITY_CHECKED),
        ),
        Transition(
            source,
            Action.RECORD_APPLICATION_RECEIPT,
            source,
            EventType.CONFIRMATION_TRANSFERRED,
            "one-network contract: the court has the application",
            case_guards=(own.AWAITS_RECEIPT,),
            command_guards=(own.SPEAKS_OF_THE_APPLICATION,),
        ),
        Transition(
            source,
            Action.RECORD_RULING,
            source,
            EventType.CONFIRMATION_RULED,
            "民事诉讼法 206: the agreement is confirmed and enforceable, or the application is rejected",
            case_guards=(own.AWAITS_RULING,),
            command_guards=(own.SPEAKS_OF_THE_APPLICATION,),
            renews=True,
        ),
    )


def _reopened(source: Stage) -> Transition:
    """Return the row by which an ended case goes on (decision 17): what ended it, a payment, bounced."""
    return Transition(
        source,
        Action.REVERSE_REPAYMENT,
        Stage.PERFORMING,
        EventType.AGREEMENT_REOPENED,
        "民法典 557: what bounced was not paid, so the agreement is to be performed still",
        case_guards=(own.SOMETHING_TO_TAKE_BACK,),
    )


def _received(source: Stage) -> tuple[Transition, ...]:
    """Return the rows by which a payment is recorded where no agreement is performed; no stage moves."""
    told = source in _AT_THE_COURT
    return (
        Transition(
            source,
            Action.RECORD_REPAYMENT,
            source,
            EventType.REPAYMENT_RECORDED,
            "民法典 557, 561: what was paid counts, wherever the case stands; a court that has it is told",
            dispatches=DispatchKind.PAYMENT_RECORDED if told else None,
        ),
        Transition(
            source,
            Action.REVERSE_REPAYMENT,
            source,
            EventType.REPAYMENT_REVERSED,
            "[policy] a wrongly recorded payment is taken back, and stays on record",
            case_guards=(own.A_PAYMENT_IS_RECORDED,),
            dispatches=DispatchKind.PAYMENT_REVERSED if told else None,
        ),
    )


_AT_THE_COURT: Final = (Stage.TRANSFERRING, Stage.SUBMITTED, Stage.RETURNED, Stage.CORRECTED, Stage.DOCKETED)
_BEFORE_AN_AGREEMENT: Final = (Stage.FILED, Stage.SCREENED, Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED)
_WITHOUT_ONE: Final = (Stage.UNRESOLVED, Stage.CLOSED, Stage.WITHDRAWN, Stage.REFUSED)

RECEIVED: Final[tuple[Transition, ...]] = tuple(
    row for stage in (*_BEFORE_AN_AGREEMENT, *_WITHOUT_ONE, *_AT_THE_COURT) for row in _received(stage)
)
"""Payments outside the performance of an agreement; see `domain.received`."""

AGREEMENT: Final[tuple[Transition, ...]] = (
    Transition(
        Stage.PERFORMING,
        Action.RECORD_REPAYMENT,
        Stage.PERFORMED,
        EventType.AGREEMENT_PERFORMED,
        "民法典 557: everything agreed is paid",
        branch=PAID_IN_FULL,
    ),
    Transition(
        Stage.PERFORMING,
        Action.RECORD_REPAYMENT,
        Stage.PERFORMING,
        EventType.REPAYMENT_RECORDED,
        "M16: the institution records what was paid under the plan",
        renews=True,
    ),
    Transition(
        Stage.PERFORMING,
        Action.REVERSE_REPAYMENT,
        Stage.DEFAULTED,
        EventType.DEFAULT_DECLARED,
        "民法典 577: without the payment, a default that was declared stands again",
        branch=IN_DEFAULT,
        case_guards=(own.SOMETHING_TO_TAKE_BACK,),
    ),
    Transition(
        Stage.PERFORMING,
        Action.REVERSE_REPAYMENT,
        Stage.PERFORMING,
        EventType.REPAYMENT_REVERSED,
        "[policy] a wrongly recorded payment is taken back, and stays on record",
        case_guards=(own.SOMETHING_TO_TAKE_BACK,),
        renews=True,
    ),
    Transition(
        Stage.PERFORMING,
        Action.REMIND,
        Stage.PERFORMING,
        EventType.COURT_REVIEW_OVERDUE,
        "[policy] the delay is recorded, and the court gets the same application again",
        branch=RULING_OVERDUE,
        case_guards=(rules.LIMIT_PASSED,),
        renews=True,
        dispatches=DispatchKind.CONFIRMATION,
    ),
    Transition(
        Stage.PERFORMING,
        Action.REMIND,
        Stage.PERFORMING,
        EventType.PERFORMANCE_WATCHED,
        "[policy] the debtor is reminded before and after due dates, both sides of the window to confirm",
        case_guards=(rules.LIMIT_PASSED,),
        renews=True,
    ),
    Transition(
        Stage.PERFORMING,
        Action.DECLARE_DEFAULT,
        Stage.DEFAULTED,
        EventType.DEFAULT_DECLARED,
        "民法典 577: a payment is unpaid after its grace period",
        case_guards=(rules.LIMIT_PASSED,),
    ),
    *_confirmation(Stage.PERFORMING),
    Transition(
        Stage.PERFORMING,
        Action.RENEGOTIATE,
        Stage.IN_MEDIATION,
        EventType.MEDIATION_REOPENED,
        "民事诉讼法 206: after a rejection the parties may mediate again",
        case_guards=(own.CONFIRMATION_REJECTED,),
        command_guards=(own.CLAIMS_SOMETHING,),
    ),
    Transition(
        Stage.PERFORMING,
        Action.TRANSFER,
        Stage.TRANSFERRING,
        EventType.TRANSFER_REQUESTED,
        "民事诉讼法 206: after a rejection a party may sue",
        case_guards=(own.CONFIRMATION_REJECTED,),
        command_guards=(own.CLAIMS_SOMETHING,),
        dispatches=DispatchKind.SUBMISSION,
    ),
    Transition(
        Stage.DEFAULTED,
        Action.RECORD_REPAYMENT,
        Stage.PERFORMED,
        EventType.AGREEMENT_PERFORMED,
        "民法典 557: everything is paid, what the default brought back included",
        branch=PAID_IN_FULL,
    ),
    Transition(
        Stage.DEFAULTED,
        Action.RECORD_REPAYMENT,
        Stage.PERFORMING,
        EventType.DEFAULT_LIFTED,
        "[policy] the payment was made in time and recorded late: nobody loses a waiver by that",
        branch=NO_LONGER_IN_DEFAULT,
    ),
    Transition(
        Stage.DEFAULTED,
        Action.RECORD_REPAYMENT,
        Stage.DEFAULTED,
        EventType.REPAYMENT_RECORDED,
        "M16: the institution records what was paid after the default",
    ),
    Transition(
        Stage.DEFAULTED,
        Action.REVERSE_REPAYMENT,
        Stage.DEFAULTED,
        EventType.REPAYMENT_REVERSED,
        "[policy] a wrongly recorded payment is taken back, and stays on record",
        case_guards=(own.SOMETHING_TO_TAKE_BACK,),
    ),
    _reopened(Stage.PAID),
    Transition(
        Stage.PERFORMED,
        Action.REVERSE_REPAYMENT,
        Stage.DEFAULTED,
        EventType.DEFAULT_DECLARED,
        "民法典 577: without the payment, a default that was declared stands again",
        branch=IN_DEFAULT,
        case_guards=(own.SOMETHING_TO_TAKE_BACK,),
    ),
    Transition(
        Stage.PERFORMED,
        Action.REVERSE_REPAYMENT,
        Stage.PERFORMED,
        EventType.REPAYMENT_REVERSED,
        "[policy] a wrongly recorded payment is taken back, and stays on record",
        branch=STILL_PAID,
        case_guards=(own.SOMETHING_TO_TAKE_BACK,),
    ),
    _reopened(Stage.PERFORMED),
    *_confirmation(Stage.DEFAULTED),
    Transition(
        Stage.DEFAULTED,
        Action.ENFORCE,
        Stage.TRANSFERRING,
        EventType.ENFORCEMENT_REQUESTED,
        "民事诉讼法 206, 250: a confirmed agreement is enforced for the remaining sum",
        case_guards=(own.CONFIRMED,),
        command_guards=(own.CLAIMS_SOMETHING,),
        dispatches=DispatchKind.SUBMISSION,
    ),
    Transition(
        Stage.DEFAULTED,
        Action.TRANSFER,
        Stage.TRANSFERRING,
        EventType.TRANSFER_REQUESTED,
        "TY21, M16: without confirmation the institution sues for the remaining sum",
        case_guards=(own.NOT_BEFORE_THE_COURT, DAYS_TO_OBJECT_OVER),
        command_guards=(own.CLAIMS_SOMETHING,),
        dispatches=DispatchKind.SUBMISSION,
    ),
    Transition(
        Stage.DEFAULTED,
        Action.DROP,
        Stage.CLOSED,
        EventType.LITIGATION_DROPPED,
        "TY21: the institution does not insist",
    ),
    Transition(
        Stage.DEFAULTED,
        Action.EXPIRE,
        Stage.DEFAULTED,
        EventType.COURT_REVIEW_OVERDUE,
        "民事诉讼法 206: who has to wait for the ruling is not silent; the court gets the application again",
        branch=BEFORE_THE_COURT,
        case_guards=(rules.LIMIT_PASSED,),
        renews=True,
        dispatches=DispatchKind.CONFIRMATION,
    ),
    Transition(
        Stage.DEFAULTED,
        Action.EXPIRE,
        Stage.CLOSED,
        EventType.DECISION_EXPIRED,
        "民事诉讼法 250 if confirmed, else [policy]: who is silent for the limit does not insist",
        case_guards=(rules.LIMIT_PASSED,),
    ),
)
