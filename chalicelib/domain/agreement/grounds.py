"""Why an agreement, or something done to it, is refused: the rules with their sources.

Promise: each carries its article and a summary in both languages, in the shape of the case's rules, so that
a refusal and the documentation page say the same. Downside: where the statutes leave negotiations to the
parties, the source is [policy], and an institution or a court may want another rule.
"""

from __future__ import annotations

from typing import Final

from chalicelib.domain.loan.legal import LegalBasis

OFFER_LAPSED: Final = LegalBasis(
    "offer_expired",
    "民法典 478",
    "an offer lapses when the time for accepting it has passed",
    "承诺期限届满，受要约人未作出承诺的，要约失效",
)
OFFER_IS_OPEN: Final = LegalBasis(
    "offer_closed",
    "民法典 478",
    "an offer that was declined, withdrawn or countered can't be answered any more",
    "要约被拒绝、撤销或者被实质性变更的，不得再作答复",
)
OTHER_SIDE_ANSWERS: Final = LegalBasis(
    "other_side_answers",
    "民法典 479",
    "only a party an offer was made to, and that has not accepted it, may answer it",
    "承诺或者拒绝应当由尚未承诺的受要约人作出",
)
OWN_OFFER_WITHDRAWN: Final = LegalBasis(
    "not_your_offer",
    "民法典 476, 477",
    "a party revokes only an offer of its own",
    "只能撤销本方提出的要约",
)
ONE_OPEN_OFFER: Final = LegalBasis(
    "own_offer_open",
    "[policy]",
    "while an offer is open, only a party whose answer it awaits counters it; its maker withdraws it first",
    "要约尚待答复的，仅待答复的受要约人可以提出反要约；要约人应当先撤销原要约",
)
ACCEPTANCE_BINDS: Final = LegalBasis(
    "offer_accepted",
    "民法典 490, TY24 [policy]",
    "an offer that all accepted ends the negotiation; the written agreement follows, and binds once signed",
    "要约经全体受要约人承诺，协商即告终结，据此订立书面调解协议；协议自各方签署时成立",
)
ONE_SIGNATURE: Final = LegalBasis(
    "already_signed",
    "TY24, OL19",
    "a party signs once, and a signature is not taken back",
    "每一当事人仅签署一次，签署后不得撤回",
)
THE_VERY_DOCUMENT: Final = LegalBasis(
    "document_differs",
    "电子签名法 13",
    "everybody signs the very same document: another hash is another document",
    "各方当事人应当签署同一文本；文本哈希值不一致的，不得签署",
)
CODE_VERIFIED: Final = LegalBasis(
    "code_not_verified",
    "电子签名法 13",
    "an online signature needs a verified one-time code; in person a mediator is the witness",
    "在线签署应当通过一次性验证码核验；当面签署由调解员见证",
)
CODE_OF_THIS_TEXT: Final = LegalBasis(
    "code_of_another_text",
    "电子签名法 13",
    "a one-time code is good for the document or act it was sent for; ask for one for this",
    "一次性验证码仅对其发送时所针对的文本或者行为有效，请就本文本或者本行为重新获取",
)
CODE_IN_TIME: Final = LegalBasis(
    "code_expired",
    "电子签名法 13 [policy]",
    "a one-time code is good for ten minutes; ask for another one",
    "一次性验证码十分钟内有效，逾期的应当重新获取",
)
FEW_ATTEMPTS: Final = LegalBasis(
    "codes_exhausted",
    "电子签名法 13 [policy]",
    "a one-time code may be tried five times; ask for another one",
    "一次性验证码最多可尝试五次，超过次数的应当重新获取",
)
CODES_ARE_SPACED: Final = LegalBasis(
    "code_requested_too_soon",
    "电子签名法 13 [policy]",
    "between two one-time codes lies at least a minute, and a day has at most ten",
    "两次获取一次性验证码至少间隔一分钟，且每日不超过十次",
)
SIGNING_ENDED: Final = LegalBasis(
    "signing_ended",
    "OL25",
    "a party has refused to sign: the mediation has ended",
    "当事人拒绝签署调解协议的，调解终结",
)
SIGNED_IN_TIME: Final = LegalBasis(
    "signed_too_late",
    "TY24 [policy]",
    "an agreement is signed before its first payment is late; else the mediator ends the mediation",
    "调解协议应当在首期款项逾期之前签署；逾期未签署的，由调解员终结调解",
)
NOTHING_OVERDUE: Final = LegalBasis(
    "not_in_default",
    "民法典 577 [policy]",
    "a default needs an instalment that is unpaid after its grace period, which ends on a working day",
    "分期款项宽限期（末日遇节假日顺延）届满仍未支付的，方构成违约",
)
ONE_DEFAULT: Final = LegalBasis(
    "default_stands",
    "民法典 577 [policy]",
    "the default has been declared already",
    "已经认定违约",
)
CLAWBACK: Final = LegalBasis(
    "clawback",
    "民法典 158",
    "a waiver on condition of performance ends with a default, if the agreement says so",
    "减免以按约履行为条件的，违约后按协议约定恢复被减免的款项",
)
EARLY_PAYOFF: Final = LegalBasis(
    "early_payoff",
    "民法典 677",
    "who pays early owes no interest for instalment periods that have not begun",
    "提前还款的，尚未开始的分期期间不计利息",
)
WITHIN_30_DAYS: Final = LegalBasis(
    "confirmation_window_closed",
    "民事诉讼法 205, 85",
    "confirmation is applied for within 30 days of the agreement taking effect",
    "应当自调解协议生效之日起三十日内共同申请司法确认",
)
APPLIED_ONCE: Final = LegalBasis(
    "already_applied",
    "民事诉讼法 205",
    "this party has applied for confirmation already",
    "该当事人已经申请司法确认",
)
JOINT_APPLICATION: Final = LegalBasis(
    "application_incomplete",
    "民事诉讼法 205",
    "all parties to the agreement apply together before the court is asked",
    "协议各方当事人共同申请后方可移送法院",
)
RULED_ONCE: Final = LegalBasis(
    "ruling_contradicts",
    "民事诉讼法 206",
    "the court has ruled on this application: another ruling contradicts it",
    "法院已就该申请作出裁定；所报裁定与已登记的裁定不一致",
)
