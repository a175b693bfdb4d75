"""The rules of the settlement that need only the case; those about its terms are in `agreement.grounds`.

Promise: as in `rules`, each carries its article, its words in both languages and its predicate; an
actor is offered what some command of this actor could satisfy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.agreement.confirmation import ConfirmationState, days_left
from chalicelib.domain.awaited import agreement
from chalicelib.domain.calendar import local_date
from chalicelib.domain.commands import Correct, RequestTransfer
from chalicelib.domain.confirmation_commands import (
    ApplyForConfirmation,
    RecordApplicationReceipt,
    confirmation_of,
)
from chalicelib.domain.court_commands import RecordRuling
from chalicelib.domain.money import ZERO
from chalicelib.domain.objections import offer_stands
from chalicelib.domain.rules import CaseRule, CommandRule, could_act_for, speakers
from chalicelib.domain.settlement_commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    Renegotiate,
    RequestEnforcement,
    WithdrawOffer,
)
from chalicelib.domain.settlement_outcome import SettlementOutcome

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.commands import Command
    from chalicelib.domain.settlement_outcome import OfferStanding


def _open_offer(case: Case, context: Context) -> OfferStanding | None:
    return case.offer if case.offer is not None and case.offer.open_at(context.at) else None


def _makers(case: Case, context: Context) -> frozenset[str]:
    """Return who made the offer that waits for answers; nobody if none does."""
    offer = _open_offer(case, context)
    return offer.made_by or case.of_side(offer.side) if offer else frozenset()


def _awaited(case: Case, context: Context) -> frozenset[str]:
    """Return whose answer the open offer waits for; nobody if no offer does."""
    offer = _open_offer(case, context)
    return offer.awaits or case.party_ids - case.of_side(offer.side) if offer else frozenset()


def _may_offer(case: Case, context: Context) -> frozenset[str]:
    return _awaited(case, context) if _open_offer(case, context) else case.party_ids


def _takes_turns(case: Case, command: Command, context: Context) -> bool:
    return isinstance(command, MakeOffer) and speakers(case, command) <= _may_offer(case, context)


def _answers_the_other(case: Case, command: Command, context: Context) -> bool:
    answers = isinstance(command, (AcceptOffer, DeclineOffer)) and bool(speakers(case, command))
    return answers and speakers(case, command) <= _awaited(case, context)


def _takes_back_its_own(case: Case, command: Command, context: Context) -> bool:
    taken_back = isinstance(command, WithdrawOffer) and bool(speakers(case, command))
    return taken_back and speakers(case, command) <= _makers(case, context)


def _names_its_respondents(case: Case, command: Command, _context: Context) -> bool:
    if not isinstance(command, MakeOffer) or not command.respondents <= case.respondent_ids:
        return False
    return not command.speakers(case) & command.left_out(case) and bool(command.awaits(case))


def _state(case: Case) -> ConfirmationState:
    return confirmation_of(case).state


def _window_open(case: Case, context: Context) -> bool:
    return days_left(confirmation_of(case), local_date(context.at), context.calendar) >= 0


def _unapplied(case: Case) -> frozenset[str]:
    """Return who has not applied yet; nobody once the application is complete."""
    confirmation = confirmation_of(case)
    return frozenset() if confirmation.joint else case.bound - confirmation.applicants


def _applies_once(case: Case, command: Command, _context: Context) -> bool:
    applying = speakers(case, command) if isinstance(command, ApplyForConfirmation) else frozenset()
    return bool(applying) and applying <= _unapplied(case)


def _speaks_of_the_application(case: Case, command: Command, _context: Context) -> bool:
    return (
        isinstance(command, (RecordApplicationReceipt, RecordRuling))
        and case.confirmation is not None
        and command.transfer_id == case.confirmation.transfer_id
    )


NOTHING_ACCEPTED = CaseRule(
    "nothing_accepted",
    "民法典 490, TY24",
    "no offer has been accepted by all: what follows then is the written agreement",
    "尚无要约获全体受要约人承诺；获承诺后应当据此订立书面调解协议",
    lambda case, _context: case.offer is None or not case.offer.accepted,
)
OFFER_ACCEPTED = CaseRule(
    "offer_accepted_first",
    "民法典 490, TY24",
    "an agreement is drawn up from the offer that all whom it binds accepted",
    "调解协议应当依据已获全体受要约人承诺的要约订立",
    lambda case, _context: case.offer is not None and case.offer.accepted,
    misses=agreement,
)
PLAN_NOT_BEGUN = CaseRule(
    "plan_not_begun",
    "民诉法解释 358（五）",
    "instalments are agreed before the first of them is due",
    "分期还款的，应当在首期到期日之前订立协议",
    lambda case, context: (
        case.offer is None or not case.offer.in_parts or case.offer.may_be_signed(context.at)
    ),
)
SIGNED_IN_TIME = CaseRule(
    "signed_in_time",
    "TY24 [policy]",
    "an agreement is signed before its first payment is late, or paid on the spot; else the mediation ends",
    "协议应当在首期款项逾期之前签署，当场履行的除外；逾期未签署的，由调解员终结调解",
    lambda case, context: (
        case.offer is None
        or case.outcome is SettlementOutcome.PAID_ON_THE_SPOT
        or case.offer.may_be_signed(context.at)
    ),
)
TAKES_TURNS = CommandRule(
    "takes_turns",
    "[policy]",
    "while an offer is open, only a party whose answer it awaits counters it; its maker withdraws it first",
    "要约尚待答复的，仅待答复的受要约人可以提出反要约；要约人应当先撤销原要约",
    _takes_turns,
    lambda case, context: bool(could_act_for(case, context) & _may_offer(case, context)),
)
NAMES_ITS_RESPONDENTS = CommandRule(
    "names_its_respondents",
    "民法典 472, 465",
    "an offer is for respondents of this case, and for the one who makes it; who is not named is left out",
    "要约应当列明本案被申请人；提出要约的被申请人应当在其中，未列明者不受其约束",
    _names_its_respondents,
)
ANSWERS_THE_OTHER = CommandRule(
    "answers_the_other",
    "民法典 479",
    "only a party an open offer was made to, and that has not accepted it, answers it, each for itself",
    "承诺或者拒绝应当由尚未承诺的受要约人在承诺期限内各自作出",
    _answers_the_other,
    lambda case, context: bool(could_act_for(case, context) & _awaited(case, context)),
)
TAKES_BACK_ITS_OWN = CommandRule(
    "takes_back_its_own",
    "民法典 476, 477",
    "a party revokes only an open offer of its own, before all have accepted it",
    "只能撤销本方提出且尚未获全体受要约人承诺的要约",
    _takes_back_its_own,
    lambda case, context: bool(could_act_for(case, context) & _makers(case, context)),
)
WITHIN_THE_WINDOW = CaseRule(
    "confirmation_within_30_days",
    "民事诉讼法 205, 85",
    "confirmation is applied for within 30 days of the agreement taking effect",
    "应当自调解协议生效之日起三十日内共同申请司法确认",
    _window_open,
)
PARTY_APPLIES_ONCE = CommandRule(
    "party_applies_once",
    "民事诉讼法 205",
    "this party to the agreement has not applied for confirmation yet",
    "该协议当事人尚未申请司法确认",
    _applies_once,
    lambda case, context: bool(could_act_for(case, context) & _unapplied(case)),
)
SPEAKS_OF_THE_APPLICATION = CommandRule(
    "speaks_of_the_application",
    "one-network contract",
    "the message is about the case's present joint application",
    "消息应当针对本案当前的司法确认申请",
    _speaks_of_the_application,
)


def _something_remains(case: Case, _context: Context) -> bool:
    return not case.paid_up


CLAIMS_SOMETHING = CommandRule(
    "claims_something",
    "民事诉讼法 122",
    "something is due: nobody sues for, enforces or mediates about nothing",
    "确有到期应付的款项；无可主张的数额的，不得起诉、申请执行或者重新调解",
    lambda case, command, context: (
        isinstance(command, (RequestTransfer, RequestEnforcement, Renegotiate))
        and _something_remains(case, context)
        and (command.claim is None or command.claim.total > ZERO)
    ),
    _something_remains,
)
SOMETHING_REMAINS = CommandRule(
    "something_remains",
    "民法典 557",
    "something of the claim is not paid yet: there is nothing else to agree about",
    "请求金额尚未全部付清；已经付清的，无可协商的款项",
    lambda case, command, context: isinstance(command, MakeOffer) and _something_remains(case, context),
    _something_remains,
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


def _may_take_one_back(case: Case, context: Context) -> bool:
    stands = case.offer if offer_stands(case, context.at) else None
    deducted = stands.deducts if stands else None
    return (case.repayments or 0) > (deducted or 0)


A_PAYMENT_IS_RECORDED = CaseRule(
    "a_payment_is_recorded",
    "[policy]",
    "a payment is recorded in this round that was not taken back, and that no offer which stands deducts",
    "本轮存在尚未冲正、且未由有效方案扣减的还款记录",
    _may_take_one_back,
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
