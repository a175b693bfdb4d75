"""What the chaos machine lets people do about a settlement, and what must hold of the money at the end.

Promise: each play is one use case; what identifies it (reference, amount, day) is fixed before its first
call, so that a repeated call is a retry. Downside: a play that is not possible now is refused and changes
nothing, so the machine tries many in vain.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import hypothesis.strategies as st

from chalicelib.domain.agreement.default import state_of
from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.agreement.performance import payments_in
from chalicelib.domain.agreement.position import position
from chalicelib.domain.confirmation_commands import ApplyForConfirmation
from chalicelib.domain.errors import HubError
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.parties import Side
from chalicelib.domain.stages import EventType, Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.answer_offer import answer_offer
from chalicelib.use_cases.make_offer import make_offer
from chalicelib.use_cases.record_repayment import record_repayment, reverse_repayment
from chalicelib.use_cases.renegotiate import renegotiate
from chalicelib.use_cases.request_enforcement import request_enforcement
from chalicelib.use_cases.request_signing_code import request_signing_code
from chalicelib.use_cases.request_transfer import request_transfer
from chalicelib.use_cases.settle import SettlementTerms, settle
from chalicelib.use_cases.sign_agreement import refuse_to_sign, sign_agreement
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower, claim
from tests.support.settling import ACCOUNT, CLAUSE, instalments, lump_sum, today

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub
    from tests.support.fakes import FakeHub

    Act = Callable[[Hub], object]

NUMBERS: Final = st.integers(0, 11)
"""Tells the variants of a play apart."""
_PARTS: Final = (Money(100), Money(40_000_00), Money(120_000_00))
_PAID: Final = frozenset(
    {EventType.REPAYMENT_RECORDED, EventType.AGREEMENT_PERFORMED, EventType.DEFAULT_LIFTED}
)


def unless_refused(hub: Hub, act: Act) -> None:
    """Act; what is refused is refused."""
    try:
        act(hub)
    except HubError:
        return


def _offer(hub: FakeHub, case_id: str, number: int) -> Act:
    version = hub.cases.get(case_id).version
    terms = lump_sum(hub) if number % 2 else instalments(hub)
    side = Side.APPLICANT if number % 3 else Side.RESPONDENT
    actor = INSTITUTION if number % 3 else borrower(case_id)
    return lambda on: make_offer(on, actor, case_id, side, terms, valid_days=3, expected_version=version)


def _answer(hub: FakeHub, case_id: str, number: int) -> Act:
    case = hub.cases.get(case_id)
    standing = case.offer
    side = Side.APPLICANT if standing and standing.side is Side.RESPONDENT else Side.RESPONDENT
    actor = INSTITUTION if side is Side.APPLICANT else borrower(case_id)
    about = standing.number if standing else 1
    reply = Reply.DECLINED if number == 0 else Reply.ACCEPTED
    return lambda on: answer_offer(on, actor, case_id, side, about, reply, expected_version=case.version)


def _settle(hub: FakeHub, case_id: str, number: int) -> Act:
    version = hub.cases.get(case_id).version
    clause = replace(CLAUSE, clawback=number % 2 == 0, acceleration=number % 3 == 0)
    terms = SettlementTerms(
        account=ACCOUNT,
        default_clause=clause,
        confirmation_wanted=number % 4 > 0,
        receipt_ref=f"RECEIPT-{version}" if number == 11 else None,
    )
    return lambda on: settle(on, MEDIATOR, case_id, terms, expected_version=version)


def _sign(hub: FakeHub, case_id: str, number: int) -> Act:
    case = hub.cases.get(case_id)
    party_id = min(case.party_ids - case.signatures or case.party_ids)
    if party_id == "a1":
        return lambda on: _sign_by_code(on, case_id, party_id, case)
    recorder = CENTRE if case.pending else MEDIATOR
    if number == 0:
        return lambda on: refuse_to_sign(
            on, recorder, case_id, party_id, expected_version=case.version, channel=Channel.IN_PERSON
        )
    return lambda on: sign_agreement(
        on,
        recorder,
        case_id,
        party_id,
        case.agreement_sha256 or "",
        code=None,
        expected_version=case.version,
        channel=Channel.IN_PERSON,
    )


def _sign_by_code(on: Hub, case_id: str, party_id: str, case: Case) -> Case:
    issued = request_signing_code(on, INSTITUTION, case_id, party_id)
    return sign_agreement(
        on,
        INSTITUTION,
        case_id,
        party_id,
        case.agreement_sha256 or "",
        code=on.codes.code_of(case, party_id, issued.number),
        expected_version=case.version,
    )


def _pay(hub: FakeHub, case_id: str, number: int) -> Act:
    late = timedelta(days=number % 4 * 5)
    payment = Payment(
        on=today(hub) - late, amount=_PARTS[number % 3], reference=f"PAY-{case_id}-{number // 2}"
    )
    return lambda on: record_repayment(on, INSTITUTION, case_id, payment)


def _reverse(_hub: FakeHub, case_id: str, number: int) -> Act:
    return lambda on: reverse_repayment(on, INSTITUTION, case_id, f"PAY-{case_id}-{number // 2}")


def _apply(_hub: FakeHub, case_id: str, number: int) -> Act:
    side, actor, party_id = (
        (Side.APPLICANT, INSTITUTION, "a1") if number % 2 else (Side.RESPONDENT, borrower(case_id), "r1")
    )
    command = ApplyForConfirmation(side=side, party_id=party_id)
    return lambda on: act_on_case(on, actor, case_id, command)


def _leave(hub: FakeHub, case_id: str, number: int) -> Act:
    version = hub.cases.get(case_id).version
    if number % 3 == 0:
        return lambda on: renegotiate(on, MEDIATOR, case_id, expected_version=version)
    if number % 3 == 1:
        return lambda on: request_enforcement(on, INSTITUTION, case_id, expected_version=version)
    return lambda on: request_transfer(on, INSTITUTION, case_id, expected_version=version)


PLAYS: Final[dict[str, Callable[[FakeHub, str, int], Act]]] = {
    "offer": _offer,
    "answer": _answer,
    "settle": _settle,
    "sign": _sign,
    "pay": _pay,
    "reverse": _reverse,
    "apply": _apply,
    "leave": _leave,
}


def check_money(hub: FakeHub, case_id: str) -> None:
    """Check that no fen is lost over all rounds of a case, and that its stage is where the money stands."""
    case = hub.cases.get(case_id)
    rounds = {
        number: settlement
        for (owner, number), settlement in hub.memory.settlements.items()
        if owner == case_id
    }
    for settlement in rounds.values():
        _balances(settlement, sued=case.transfer is not None)
    recorded = {
        entry.reference
        for settlement in rounds.values()
        for entry in (*settlement.carried, *settlement.entries)
        if isinstance(entry, Payment) and not entry.reference.startswith("RECEIPT")
    }
    told = [str(e.facts["reference"]) for e in hub.cases.events(case_id, 0, 10_000) if e.type in _PAID]
    assert set(told) == recorded
    assert not told or max(Counter(told).values()) == 1
    present = rounds.get(case.round)
    if case.stage in {Stage.PERFORMING, Stage.PERFORMED, Stage.DEFAULTED}:
        assert present is not None
        assert str(state_of(present.performance)) == case.stage
    _told_of_each_default_once(hub, case_id)


def _balances(settlement: Settlement, *, sued: bool) -> None:
    # Once the court is asked, what is deducted is deducted from the claim there.
    deducted = () if sued else payments_in(settlement.taken_off)
    counted = sum((payment.amount for payment in (*settlement.carried, *deducted)), ZERO)
    assert sued or settlement.negotiation.owed.total + counted == claim().total
    if settlement.agreement is None:
        return
    agreement, now = settlement.agreement, position(settlement.performance)
    assert agreement.kept + agreement.waived == settlement.negotiation.owed
    assert now.agreed + now.clawback - now.rebate == now.paid + now.remaining - now.overpaid
    assert agreement.plan.capital == agreement.kept.total


def _told_of_each_default_once(hub: FakeHub, case_id: str) -> None:
    found = [
        event.sequence
        for event in hub.cases.events(case_id, 0, 10_000)
        if event.type is EventType.DEFAULT_DECLARED and "line" in event.facts
    ]
    notices = [n for (owner, _), n in hub.memory.notices.items() if owner == case_id]
    of_defaults = [
        n.notice_id.split("-N")[1].split("-")[0] for n in notices if n.kind is NoticeKind.DEFAULT_DECLARED
    ]
    assert sorted(of_defaults) == sorted(map(str, found))
