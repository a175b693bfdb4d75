"""Acts of institutions, borrowers and mediators from the first offer to the last signature.

Promise: every act names the version it is based on (`If-Match`) and answers with the case as it then is;
only the request for a signing code names none. The terms are read at `settlement`, which no court may read
(TY22).
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from functools import partial
from typing import Annotated, Final

from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.operations import Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import CaseId, IfMatch
from chalicelib.api.presenting import CODE_REFUSALS, act_on, answer_with, speaker
from chalicelib.api.schemas.fields import Read, string
from chalicelib.api.schemas.settlement_views import (
    PreviewedOut,
    PreviewsOut,
    SettlementOut,
    SigningCodeOut,
    settlement_out,
)
from chalicelib.api.schemas.settlements import (
    OfferAnswerIn,
    OfferIn,
    OfferPreviewIn,
    SettlementIn,
    SignatureIn,
    SigningCodeIn,
    SigningRefusalIn,
)
from chalicelib.domain.agreement import errors as agreement
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    InstitutionNotEnrolled,
    PaperNotPossible,
    PhoneTakesNoCodes,
    RuleViolated,
)
from chalicelib.domain.loan.components import Component
from chalicelib.domain.stages import Action
from chalicelib.use_cases.answer_offer import answer_offer
from chalicelib.use_cases.make_offer import make_offer
from chalicelib.use_cases.preview_offers import preview_offers
from chalicelib.use_cases.read_settlement import read_settlement
from chalicelib.use_cases.request_signing_code import request_signing_code
from chalicelib.use_cases.settle import settle
from chalicelib.use_cases.sign_agreement import refuse_to_sign, sign_agreement

operations = Operations("settlement")
_act = partial(act_on, operations)

_OFFER: Final = {
    "tier": "/tier",
    "claim_up_to": "/tier",
    "repayment": "/schedule/kind",
    "year": "/schedule/year",
    "month": "/schedule/month",
    "day": "/schedule/day",
    "count": "/schedule/count",
    "instalments_up_to": "/schedule/count",
    "annual_percent": "/schedule/annual_percent",
    "valid_days": "/valid_days",
    "waived": "/waived",
    **{f"waived.{component}": f"/waived/{component}" for component in Component},
}
"""Pointers in an offer for the domain's field names; errors about a plan's lines point to the schedule."""
_PAYEE: Final = {f"account.{field}": f"/account/{field}" for field in ("holder", "number", "bank")}
_CONFLICTS: Final = (CaseNotFound, ActionNotAvailable, RuleViolated)


def _read_number(value: object) -> int:
    text = string(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0  # noqa: PLR2004 - no offer is 0


OfferNumber = Annotated[
    int,
    Read(_read_number, {"type": "integer", "minimum": 1}),
    Place("path", "The offer's number · 方案序号"),
]


@_act(
    "offers",
    "提出调解方案",
    Action.OFFER,
    refusals=(agreement.OfferAccepted, agreement.OwnOfferOpen, *CODE_REFUSALS),
)
def offer(call: Call, case_id: CaseId, if_match: IfMatch, body: OfferIn) -> Reply:
    """Offer, or counter an open offer: a tier of the policy, how the rest is paid, and for which respondents.

    Source: 民法典 472-479. Confidential: no court ever sees an offer (TY22). It is open for `valid_days`
    after today, at most as long as the mediation; each it is made to answers for itself. Until all have
    accepted, its maker may revoke it: the days say how long it is open, not that it is irrevocable (476).
    """
    with errors_at_pointer(_OFFER, "/schedule"):
        case = make_offer(
            call.hub,
            call.actor,
            case_id,
            body.side,
            body.terms(),
            valid_days=body.valid_days,
            expected_version=if_match,
            channel=body.channel,
            party_id=speaker(call, case_id, body.party_id),
            respondents=frozenset(body.respondents),
            code=body.code,
        )
    return answer_with(call, case)


@operations.post(
    "/v1/cases/{case_id}/offer-previews",
    "试算还款方案",
    Answered(model=PreviewsOut),
    actions=(Action.READ_SETTLEMENT,),
    refusals=(CaseNotFound,),
)
def preview(call: Call, case_id: CaseId, body: OfferPreviewIn) -> Reply:
    """Try out what a way of paying would cost and save, under each tier of the policy that fits.

    For both sides and the mediator, before anybody offers; nothing is stored, and nobody is bound. Without a
    tier that fits, each condition that is not met is a fault at its field.
    """
    with errors_at_pointer(_OFFER, "/schedule"):
        found = preview_offers(call.hub, call.actor, case_id, body.schedule.schedule())
    return Reply(PreviewsOut(items=[PreviewedOut.of(each) for each in found]), case_id=case_id)


@_act(
    "offers/{number}/answers",
    "答复或撤销调解方案",
    Action.ACCEPT_OFFER,
    Action.DECLINE_OFFER,
    Action.WITHDRAW_OFFER,
    refusals=(
        agreement.OfferUnknown,
        agreement.OfferExpired,
        agreement.OfferClosed,
        agreement.OtherSideAnswers,
        agreement.NotYourOffer,
        agreement.OfferAccepted,
        *CODE_REFUSALS,
    ),
)
def answer(call: Call, case_id: CaseId, number: OfferNumber, if_match: IfMatch, body: OfferAnswerIn) -> Reply:
    """Accept or decline an open offer for oneself, or revoke one's own.

    Source: 民法典 476-480. Once all it was made to have accepted, the written agreement follows; it binds
    when all have signed (490).
    """
    if not number:
        raise agreement.OfferUnknown("number", "offers are counted from 1")
    case = answer_offer(
        call.hub,
        call.actor,
        case_id,
        body.side,
        number,
        body.reply,
        expected_version=if_match,
        channel=body.channel,
        party_id=speaker(call, case_id, body.party_id),
        code=body.code,
    )
    return answer_with(call, case)


@_act(
    "settlement",
    "订立调解协议",
    Action.SETTLE,
    refusals=(agreement.ContentUnclear, PaperNotPossible, InstitutionNotEnrolled),
)
def conclude(call: Call, case_id: CaseId, if_match: IfMatch, body: SettlementIn) -> Reply:
    """Draw up the agreement from the accepted offer; its document is what all parties sign (TY24).

    It is paid to an account that the institution enrolled. `agreement_sha256` of the answer names the
    document; fetch it under `documents`.
    """
    with errors_at_pointer(_PAYEE):
        case = settle(call.hub, call.actor, case_id, body.terms(), expected_version=if_match)
    return answer_with(call, case)


@operations.get(
    "/v1/cases/{case_id}/settlement",
    "查询调解方案与协议",
    Answered(model=SettlementOut),
    actions=(Action.READ_SETTLEMENT,),
    refusals=(CaseNotFound,),
)
def show_settlement(call: Call, case_id: CaseId) -> Reply:
    """Read offers, agreement, signatures and payments of the case's present round (TY22: never a court's)."""
    return Reply(settlement_out(read_settlement(call.hub, call.actor, case_id)), case_id=case_id)


@operations.post(
    "/v1/cases/{case_id}/signing-codes",
    "获取签署验证码",
    Answered(model=SigningCodeOut, status=202),
    actions=(Action.SIGN,),
    refusals=(*_CONFLICTS, PhoneTakesNoCodes, agreement.CodeRequestedTooSoon),
)
def send_signing_code(call: Call, case_id: CaseId, body: SigningCodeIn) -> Reply:
    """Send a one-time code to the party's own phone; it is good for ten minutes and five attempts.

    A phone that can't get it, such as a landline, is refused: correct it, or sign in person.
    """
    issued = request_signing_code(call.hub, call.actor, case_id, body.party_id)
    return Reply(SigningCodeOut.of(issued, party_id=body.party_id), case_id=case_id)


@_act(
    "signatures",
    "签署调解协议",
    Action.SIGN,
    refusals=(
        agreement.HashMalformed,
        agreement.PartyUnknown,
        agreement.AlreadySigned,
        agreement.DocumentDiffers,
        agreement.CodeNotVerified,
        agreement.CodesExhausted,
        agreement.CodeExpired,
        agreement.CodeOfAnotherText,
        agreement.SigningEnded,
        agreement.SignedTooLate,
    ),
)
def sign(call: Call, case_id: CaseId, if_match: IfMatch, body: SignatureIn) -> Reply:
    """Sign the very document for a party; the last signature puts the agreement in force (TY24, OL19)."""
    case = sign_agreement(
        call.hub,
        call.actor,
        case_id,
        body.party_id,
        body.document_sha256,
        code=body.code,
        expected_version=if_match,
        channel=body.channel,
    )
    return answer_with(call, case)


@_act(
    "signing-refusals",
    "拒绝签署",
    Action.REFUSE_TO_SIGN,
    refusals=(agreement.PartyUnknown, agreement.AlreadySigned, agreement.SigningEnded, *CODE_REFUSALS),
)
def refuse_signing(call: Call, case_id: CaseId, if_match: IfMatch, body: SigningRefusalIn) -> Reply:
    """Refuse to sign for a party: the mediation ends (OL25)."""
    case = refuse_to_sign(
        call.hub,
        call.actor,
        case_id,
        body.party_id,
        expected_version=if_match,
        channel=body.channel,
        code=body.code,
    )
    return answer_with(call, case)
