"""Steps of a settlement on a fake hub, by the use cases themselves: offer, answer, agree, sign, pay, apply.

Promise: each step reads the case's version first and acts in a role that may do so; one-time codes come from
the fake gateway, as a person reads them. Downside: one institution and one borrower, as in `samples`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.agreement.offer import OfferTerms
from chalicelib.domain.agreement.position import payoff
from chalicelib.domain.agreement.schedules import CustomInstalments, DatedAmount, LumpSum
from chalicelib.domain.agreement.settlement import PayeeAccount
from chalicelib.domain.calendar import local_date
from chalicelib.domain.confirmation_commands import ApplyForConfirmation
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.parties import IdentityShown, Side
from chalicelib.domain.party_commands import CheckIdentity
from chalicelib.domain.phones import takes_messages
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.answer_offer import answer_offer
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.make_offer import make_offer
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.record_repayment import record_repayment
from chalicelib.use_cases.request_signing_code import request_signing_code
from chalicelib.use_cases.settle import SettlementTerms, settle
from chalicelib.use_cases.sign_agreement import sign_agreement
from tests.support.fakes.samples import (
    BANK_DETAILS,
    BORROWER_DETAILS,
    CENTRE,
    INSTITUTION,
    MEDIATOR,
    borrower,
)

if TYPE_CHECKING:
    from chalicelib.domain.agreement.schedules import Schedule
    from chalicelib.domain.case import Case
    from tests.support.fakes import FakeHub

ACCOUNT: Final = PayeeAccount(holder="海滨测试银行", number="6217000000000000004", bank="测试支行")
CLAUSE: Final = DefaultClause(grace_days=3, clawback=True, acceleration=True)
LUMP_SUM: Final = Money(107_330_56)
"""What is kept of the sample claim when penalty and compound interest are waived."""
INSTALMENTS: Final = Money(110_459_35)
"""What is kept of it when half of them is (golden case G1)."""


def today(hub: FakeHub) -> date:
    """Return the day in China."""
    return local_date(hub.clock.now())


def lump_sum(hub: FakeHub, days: int = 10) -> OfferTerms:
    """Return a lump sum within some days."""
    return OfferTerms(tier="lump_sum", schedule=LumpSum(today(hub) + timedelta(days=days)))


def instalments(hub: FakeHub, count: int = 3, every: int = 20) -> OfferTerms:
    """Return so many payments, so many days apart; the last one takes the rest."""
    part = Money(INSTALMENTS.fen // count)
    amounts = [part] * (count - 1) + [Money(INSTALMENTS.fen - part.fen * (count - 1))]
    first = today(hub)
    parts = (DatedAmount(first + timedelta(days=every * n), amount) for n, amount in enumerate(amounts, 1))
    schedule: Schedule = CustomInstalments(tuple(parts))
    return OfferTerms(tier="instalments", schedule=schedule)


def offers(hub: FakeHub, case_id: str, terms: OfferTerms | None = None) -> Case:
    """Let the institution make an offer."""
    version = hub.cases.get(case_id).version
    chosen = terms or lump_sum(hub)
    return make_offer(
        hub, INSTITUTION, case_id, Side.APPLICANT, chosen, valid_days=3, expected_version=version
    )


def accepts(hub: FakeHub, case_id: str) -> Case:
    """Let the borrower accept the latest offer."""
    case = hub.cases.get(case_id)
    number = case.offer.number if case.offer else 0
    return answer_offer(
        hub,
        borrower(case_id),
        case_id,
        Side.RESPONDENT,
        number,
        Reply.ACCEPTED,
        expected_version=case.version,
    )


def settles(
    hub: FakeHub, case_id: str, *, receipt: str | None = None, clause: DefaultClause = CLAUSE
) -> Case:
    """Let the mediator draw up the agreement; with a receipt it was paid on the spot."""
    terms = SettlementTerms(
        account=ACCOUNT,
        default_clause=None if receipt else clause,
        confirmation_wanted=receipt is None,
        receipt_ref=receipt,
    )
    return settle(hub, MEDIATOR, case_id, terms, expected_version=hub.cases.get(case_id).version)


def signs(hub: FakeHub, case_id: str, party_id: str) -> Case:
    """Let a party ask for a code, read it on its phone, and sign; the mediator knows by then who it is.

    With a landline an institution signs by its token, a person before the mediator and the centre.
    """
    case = hub.cases.get(case_id)
    (phone,) = (entry.phone for entry in hub.cases.details(case) if entry.party_id == party_id)
    actor = INSTITUTION if party_id == "a1" else borrower(case_id, party_id)
    online = takes_messages(phone)
    unknown = {party.party_id for party in case.parties if not party.identified} & case.respondent_ids
    if online and party_id in unknown:
        check = CheckIdentity(party_id=party_id, how=IdentityShown.VIDEO)
        case = act_on_case(hub, MEDIATOR, case_id, check, expected_version=case.version)
    if online:
        request_signing_code(hub, actor, case_id, party_id)
        hub.run()
    by_itself = online or actor is INSTITUTION
    for signer in (actor,) if by_itself else (MEDIATOR, CENTRE):
        case = sign_agreement(
            hub,
            signer,
            case_id,
            party_id,
            case.agreement_sha256 or "",
            code=code_of(hub, party_id) if online else None,
            expected_version=hub.cases.get(case_id).version,
            channel=Channel.ONLINE if by_itself else Channel.IN_PERSON,
        )
    return case


def code_of(hub: FakeHub, party_id: str) -> str:
    """Return the code that a party got last."""
    phone = (BANK_DETAILS if party_id == "a1" else BORROWER_DETAILS).phone
    codes = [message for message in hub.gateway.inbox(phone) if message.kind is NoticeKind.SIGNING_CODE]
    return codes[-1].values["code"]


def pays(
    hub: FakeHub,
    case_id: str,
    amount: Money,
    reference: str,
    on: date | None = None,
    overpayment: Money = ZERO,
) -> Case:
    """Let the institution record a payment."""
    payment = Payment(on=on or today(hub), amount=amount, reference=reference)
    return record_repayment(hub, INSTITUTION, case_id, payment, overpayment)


def pays_everything(hub: FakeHub, case_id: str) -> Case:
    """Let the institution record a payment of all that is owed today."""
    performance = settlement_of(hub, hub.cases.get(case_id)).performance
    return pays(hub, case_id, payoff(performance, today(hub)), f"PAY-ALL-{case_id}")


def applies(hub: FakeHub, case_id: str) -> None:
    """Let both sides apply for judicial confirmation."""
    for actor, side, party_id in (
        (INSTITUTION, Side.APPLICANT, "a1"),
        (borrower(case_id), Side.RESPONDENT, "r1"),
    ):
        act_on_case(hub, actor, case_id, ApplyForConfirmation(side=side, party_id=party_id))


def agrees(hub: FakeHub, case_id: str) -> Case:
    """Let the parties agree on a lump sum, drawn up by the mediator."""
    offers(hub, case_id)
    accepts(hub, case_id)
    return settles(hub, case_id)


def agrees_on_the_spot(hub: FakeHub, case_id: str) -> Case:
    """Let the parties agree on a lump sum that is paid at once."""
    offers(hub, case_id)
    accepts(hub, case_id)
    return settles(hub, case_id, receipt="RECEIPT-1")


def all_sign(hub: FakeHub, case_id: str) -> Case:
    """Let both parties sign, each with its code."""
    signs(hub, case_id, "a1")
    return signs(hub, case_id, "r1")


def misses_everything(hub: FakeHub, case_id: str) -> Case:
    """Let days pass, reconciling on each, until the hub declares the default."""
    for _ in range(200):
        hub.clock.advance(days=1)
        reconcile(hub)
        if hub.cases.get(case_id).stage is Stage.DEFAULTED:
            break
    return hub.cases.get(case_id)
