"""The rules of the settlement that need only the case; those about its terms are in `agreement.grounds`.

Promise: as in `rules`, each carries its article, its words in both languages and its predicate; an
actor is offered what some command of this actor could satisfy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.confirmation import ConfirmationState, days_left
from chalicelib.domain.calendar import local_date
from chalicelib.domain.commands import Correct, RequestTransfer
from chalicelib.domain.confirmation_commands import (
    ApplyForConfirmation,
    RecordApplicationReceipt,
    confirmation_of,
)
from chalicelib.domain.court_commands import RecordRuling
from chalicelib.domain.money import ZERO
from chalicelib.domain.rules import CaseRule, CommandRule, sides_of
from chalicelib.domain.settlement_commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    Renegotiate,
    RequestEnforcement,
    WithdrawOffer,
)

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.commands import Command
    from chalicelib.domain.parties import Side


def _open_side(case: Case, context: Context) -> Side | None:
    """Return whose offer waits for an answer; None if nobody's does."""
    return case.offer.side if case.offer is not None and case.offer.open_at(context.at) else None


def _takes_turns(case: Case, command: Command, context: Context) -> bool:
    return isinstance(command, MakeOffer) and command.side is not _open_side(case, context)


def _answers_the_other(case: Case, command: Command, context: Context) -> bool:
    waiting = _open_side(case, context)
    return (
        isinstance(command, (AcceptOffer, DeclineOffer))
        and waiting is not None
        and command.side is not waiting
    )


def _takes_back_its_own(case: Case, command: Command, context: Context) -> bool:
    return isinstance(command, WithdrawOffer) and command.side is _open_side(case, context)


def _could_answer(case: Case, context: Context) -> bool:
    waiting = _open_side(case, context)
    return waiting is not None and bool(sides_of(context.actor) - {waiting})


def _state(case: Case) -> ConfirmationState:
    return confirmation_of(case).state


def _window_open(case: Case, context: Context) -> bool:
    return days_left(confirmation_of(case), local_date(context.at), context.calendar) >= 0


def _unapplied(case: Case) -> frozenset[Side]:
    return frozenset(party.side for party in case.parties) - confirmation_of(case).applied_by


def _speaks_of_the_application(case: Case, command: Command, _context: Context) -> bool:
    return (
        isinstance(command, (RecordApplicationReceipt, RecordRuling))
        and case.confirmation is not None
        and command.transfer_id == case.confirmation.transfer_id
    )


NOTHING_ACCEPTED = CaseRule(
    "nothing_accepted",
    "民法典 483",
    "no offer has been accepted: what follows an acceptance is the agreement",
    "受要约人尚未承诺；要约一经承诺，应当据此订立调解协议",
    lambda case, _context: case.offer is None or not case.offer.accepted,
)
OFFER_ACCEPTED = CaseRule(
    "offer_accepted_first",
    "民法典 483",
    "an agreement is drawn up from the offer that was accepted",
    "调解协议应当依据已获承诺的要约订立",
    lambda case, _context: case.offer is not None and case.offer.accepted,
)
TAKES_TURNS = CommandRule(
    "takes_turns",
    "[policy]",
    "a side whose offer is open withdraws it before making another",
    "本方要约尚待答复的，应当先撤回再提出新的要约",
    _takes_turns,
    lambda case, context: sides_of(context.actor) != {_open_side(case, context)},
)
ANSWERS_THE_OTHER = CommandRule(
    "answers_the_other",
    "民法典 479",
    "only the side an open offer was made to answers it",
    "承诺或者拒绝应当由受要约人在承诺期限内作出",
    _answers_the_other,
    _could_answer,
)
TAKES_BACK_ITS_OWN = CommandRule(
    "takes_back_its_own",
    "民法典 475 [policy]",
    "a side withdraws only an open offer of its own",
    "只能撤回本方尚待答复的要约",
    _takes_back_its_own,
    lambda case, context: _open_side(case, context) in sides_of(context.actor),
)
WITHIN_THE_WINDOW = CaseRule(
    "confirmation_within_30_days",
    "民事诉讼法 205, 85",
    "confirmation is applied for within 30 days of the agreement taking effect",
    "应当自调解协议生效之日起三十日内共同申请司法确认",
    _window_open,
)
SIDE_APPLIES_ONCE = CommandRule(
    "side_applies_once",
    "民事诉讼法 205",
    "this side has not applied for confirmation yet",
    "该方当事人尚未申请司法确认",
    lambda case, command, _context: (
        isinstance(command, ApplyForConfirmation) and command.side in _unapplied(case)
    ),
    lambda case, context: bool(sides_of(context.actor) & _unapplied(case)),
)
APPLICANT_IS_OF_ITS_SIDE = CommandRule(
    "applicant_is_of_its_side",
    "民事诉讼法 205",
    "the named party is of the side it applies for",
    "所列当事人应当属于提出申请的一方",
    lambda case, command, _context: (
        isinstance(command, ApplyForConfirmation)
        and any(p.party_id == command.party_id and p.side is command.side for p in case.parties)
    ),
)
SPEAKS_OF_THE_APPLICATION = CommandRule(
    "speaks_of_the_application",
    "one-network contract",
    "the message is about the case's present joint application",
    "消息应当针对本案当前的司法确认申请",
    _speaks_of_the_application,
)
CLAIMS_SOMETHING = CommandRule(
    "claims_something",
    "民事诉讼法 122",
    "something is due: nobody sues for, enforces or mediates about nothing",
    "确有到期应付的款项；无可主张的数额的，不得起诉、申请执行或者重新调解",
    lambda _case, command, _context: (
        isinstance(command, (RequestTransfer, RequestEnforcement, Renegotiate))
        and (command.claim is None or command.claim.total > ZERO)
    ),
)


def _claims_no_more(case: Case, claim: Claim | None) -> bool:
    bound = case.confirmation is not None and _state(case) is not ConfirmationState.REJECTED
    return claim is None or not bound or claim.total <= case.claim.total


KEEPS_TO_THE_REMAINING_SUM = CommandRule(
    "keeps_to_the_remaining_sum",
    "TY21, M16",
    "under an agreement in force a correction claims no more than the remaining sum",
    "调解协议生效后，补正的诉讼请求不得超过协议项下的剩余款项",
    lambda case, command, _context: isinstance(command, Correct) and _claims_no_more(case, command.claim),
)
AWAITS_RECEIPT = CaseRule(
    "application_awaits_receipt",
    "one-network contract",
    "the joint application's receipt has not been recorded, nor has the court ruled",
    "司法确认申请尚未登记收件回执，法院亦未作出裁定",
    lambda case, _context: _state(case) is ConfirmationState.APPLIED,
)
AWAITS_RULING = CaseRule(
    "application_awaits_ruling",
    "民事诉讼法 206",
    "the court has not ruled on the joint application yet",
    "法院尚未就司法确认申请作出裁定",
    lambda case, _context: confirmation_of(case).before_the_court,
)
CONFIRMED = CaseRule(
    "agreement_confirmed",
    "民事诉讼法 206",
    "a confirmed agreement is enforced, not sued on",
    "经司法确认的调解协议可以申请强制执行",
    lambda case, _context: _state(case) is ConfirmationState.CONFIRMED,
)
SOMETHING_TO_TAKE_BACK = CaseRule(
    "something_to_take_back",
    "[policy]",
    "a payment is recorded that was not taken back",
    "存在尚未冲正的还款记录",
    lambda case, _context: case.repayments != 0,
)
NOT_BEFORE_THE_COURT = CaseRule(
    "not_before_the_court",
    "民事诉讼法 206",
    "the agreement is not confirmed, and no application for it is before the court",
    "调解协议未经司法确认，且无待裁定的司法确认申请",
    lambda case, _context: _state(case) in {ConfirmationState.NONE, ConfirmationState.REJECTED},
)
CONFIRMATION_REJECTED = CaseRule(
    "confirmation_rejected",
    "民事诉讼法 206",
    "the court has rejected the application for confirmation",
    "法院已裁定驳回司法确认申请",
    lambda case, _context: _state(case) is ConfirmationState.REJECTED,
)
