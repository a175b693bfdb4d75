"""A settlement is stored with its case's change, or not at all; the account beside it is sealed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import RejectionGround, Ruling
from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
from chalicelib.domain.calendar import local_date, morning_of
from chalicelib.domain.commands import Accept, GiveConsent, RequestTransfer
from chalicelib.domain.confirmation_commands import ApplyForConfirmation
from chalicelib.domain.court_commands import RecordRuling
from chalicelib.domain.errors import CaseNotFound, StaleVersion
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.settlement_commands import (
    AcceptOffer,
    DeclareDefault,
    MakeOffer,
    RecordRepayment,
    Renegotiate,
    Settle,
    Sign,
)
from chalicelib.domain.settlement_outcome import PerformanceState, SettlementOutcome
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import DispatchKind
from chalicelib.use_cases.records import Arrival, Due
from tests.contract.storage.steps import DUE, LATER, act, assigned, context
from tests.support.examples import examples
from tests.support.fakes import samples
from tests.support.fakes.clock import START
from tests.support.settlements import accounts, settlements

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.commands import Command
    from chalicelib.domain.roles import Actor
    from tests.contract.storage.conftest import RawTable, Storage, StoreMaker

ACCOUNT: Final = PayeeAccount(holder="海滨测试银行", number="6217000000000000004", bank="测试支行")
FIRST: Final = Settlement(negotiation=Negotiation(owed=Amounts(principal=Money(100_00))))
SECOND: Final = replace(FIRST, carried=(Payment(on=local_date(START), amount=Money(1), reference="P-1"),))
LOOK: Final = local_date(START) + timedelta(days=9)
BORROWER: Final = samples.borrower("C-1")
OFFER: Final = MakeOffer(side=Side.APPLICANT, number=1, expires_at=START + timedelta(days=3))
WORKFLOW: Final = Due(consumer="workflow", ids=("C-1",))


def mediating(storage: Storage | DynamoStore) -> Case:
    """Bring a case into mediation."""
    case = act(storage.cases, assigned(storage.cases, "C-1"), Accept(), samples.MEDIATOR)
    return act(storage.cases, case, GiveConsent(party_id="r1", online=True), BORROWER)


def change_of(
    case: Case, command: Command, actor: Actor = samples.INSTITUTION, at: datetime = START
) -> Change:
    """Decide a command."""
    return lifecycle.apply(case, command, context(actor, at))


def save(storage: Storage | DynamoStore, change: Change, *beside: object) -> Case:
    """Save a change with what stands beside its case."""
    storage.cases.save(change.with_records(*beside), DUE)
    return change.case


def performing(storage: Storage | DynamoStore) -> Case:
    """Bring a case to an agreement in force."""
    case = save(storage, change_of(mediating(storage), OFFER), FIRST)
    case = save(storage, change_of(case, AcceptOffer(side=Side.RESPONDENT), BORROWER))
    settle = Settle(outcome=SettlementOutcome.INSTALMENTS, agreement_sha256="ab" * 32)
    case = save(storage, change_of(case, settle, samples.MEDIATOR), ACCOUNT)
    for party_id in ("a1", "r1"):
        actor = samples.INSTITUTION if party_id == "a1" else BORROWER
        case = save(storage, change_of(case, Sign(party_id=party_id, follow_up_on=LOOK), actor))
    return case


def due_by(storage: Storage | DynamoStore, at: datetime) -> bool:
    """Tell whether the case's execution is overdue at an instant."""
    shards = range(storage.due.shards)
    return WORKFLOW in [due for shard in shards for due in storage.due.overdue(shard, at)]


def is_due_exactly_at(storage: Storage | DynamoStore, at: datetime) -> bool:
    """Tell whether the due index brings the case up from this instant on."""
    return not due_by(storage, at) and due_by(storage, at + timedelta(milliseconds=1))


def test_there_is_nothing_before_the_first_offer(storage: Storage) -> None:
    """Neither settlement nor account; nor of a round that has not begun."""
    case = mediating(storage)
    assert (storage.settlements.get(case), storage.settlements.account(case)) == (None, None)
    case = save(storage, change_of(case, OFFER), FIRST)
    assert storage.settlements.get(case) == FIRST
    assert storage.settlements.get(replace(case, round=2)) is None
    assert storage.settlements.account(case) is None


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_settlement_is_read_back(storage: Storage, data: st.DataObject) -> None:
    """All kinds of schedules and entries, rewritten over what was there; the account with it."""
    try:
        case = storage.cases.get("C-1")
    except CaseNotFound:  # the first example makes it
        case = mediating(storage)
        case = save(storage, change_of(case, OFFER), FIRST)
    settlement, account = data.draw(settlements), data.draw(accounts)
    command = MakeOffer(side=_other(case), number=1, expires_at=OFFER.expires_at)
    actor = samples.INSTITUTION if command.side is Side.APPLICANT else BORROWER
    case = save(storage, change_of(case, command, actor), settlement, account)
    assert storage.settlements.get(case) == settlement
    assert storage.settlements.account(case) == account


def _other(case: Case) -> Side:
    last = case.offer.side if case.offer else Side.RESPONDENT
    return Side.APPLICANT if last is Side.RESPONDENT else Side.RESPONDENT


def test_a_change_without_a_settlement_leaves_it(storage: Storage) -> None:
    """Who signs changes the case; what was agreed stays, and so does the account."""
    case = performing(storage)
    assert (storage.settlements.get(case), storage.settlements.account(case)) == (FIRST, ACCOUNT)


def test_a_stale_change_stores_nothing_beside_the_case(storage: Storage) -> None:
    """Neither settlement nor account nor the next look of who was too late."""
    case = performing(storage)
    payment = Payment(on=local_date(START), amount=Money(1), reference="P-1")
    paid = RecordRepayment(payment=payment, state=PerformanceState.PERFORMING, follow_up_on=LOOK, counted=1)
    save(storage, change_of(case, paid), SECOND)
    other = replace(ACCOUNT, number="1")
    late = replace(paid, follow_up_on=LOOK + timedelta(days=5))
    with pytest.raises(StaleVersion):
        save(storage, change_of(case, late), FIRST, other)
    assert (storage.settlements.get(case), storage.settlements.account(case)) == (SECOND, ACCOUNT)
    assert is_due_exactly_at(storage, morning_of(LOOK))


def rejected(storage: Storage | DynamoStore) -> Case:
    """Bring a case to a confirmation that was rejected."""
    case = performing(storage)
    for actor, side, party_id in (
        (samples.INSTITUTION, Side.APPLICANT, "a1"),
        (BORROWER, Side.RESPONDENT, "r1"),
    ):
        case = save(storage, change_of(case, ApplyForConfirmation(side=side, party_id=party_id), actor))
    ruling = RecordRuling(
        transfer_id="C-1-C1",
        filing_id="F-1",
        court_case_number="（2026）闽0902诉前调确12号",
        judge_id="j-1",
        ruling=Ruling(on=local_date(START), rejected_for=RejectionGround.OTHER),
    )
    return save(storage, change_of(case, ruling, samples.COURT))


def test_an_earlier_round_is_untouched(storage: Storage) -> None:
    """The next round has its own settlement and account; both rounds can be read."""
    first = rejected(storage)
    case = save(storage, change_of(first, Renegotiate(claim=first.claim), samples.MEDIATOR), SECOND)
    assert case.round == 2
    assert (storage.settlements.get(case), storage.settlements.get(first)) == (SECOND, FIRST)
    assert (storage.settlements.account(case), storage.settlements.account(first)) == (None, ACCOUNT)
    other = replace(ACCOUNT, bank="另一支行")
    case = save(storage, change_of(case, OFFER), FIRST, other)
    assert (storage.settlements.account(case), storage.settlements.account(first)) == (other, ACCOUNT)
    assert (storage.settlements.get(case), storage.settlements.get(first)) == (FIRST, FIRST)
    assert storage.cases.get("C-1") == case


def test_the_look_of_an_agreement_in_force_is_due_on_its_day(storage: Storage) -> None:
    """Set in the transaction of the last signature, moved by that of each payment."""
    case = performing(storage)
    assert case.stage is Stage.PERFORMING
    assert is_due_exactly_at(storage, morning_of(LOOK))
    payment = Payment(on=local_date(START), amount=Money(1), reference="P-1")
    nearer = LOOK - timedelta(days=4)
    paid = RecordRepayment(payment=payment, state=PerformanceState.PERFORMING, follow_up_on=nearer, counted=1)
    save(storage, change_of(case, paid), SECOND)
    assert is_due_exactly_at(storage, morning_of(nearer))


def test_who_leaves_a_watched_step_is_due_at_once(storage: Storage) -> None:
    """Nothing drives it there: the default's suit, in the transaction that requests it."""
    case = performing(storage)
    found = morning_of(LOOK)
    defaulted = save(storage, change_of(case, DeclareDefault(line=1), SYSTEM, found))
    assert defaulted.deadline is not None
    assert is_due_exactly_at(storage, defaulted.deadline)
    later = found + timedelta(hours=3)
    save(storage, change_of(defaulted, RequestTransfer(), at=later))
    assert is_due_exactly_at(storage, later)


def test_a_look_moves_nothing_else_of_the_execution(storage: Storage) -> None:
    """Generation, step and token stay: the execution's late messages are answered by them."""
    case = mediating(storage)
    arrival = Arrival(
        case_id="C-1", generation=1, step=Step.MEDIATION, since=case.entered_at_version, token="t-1"
    )
    assert storage.workflows.arrive(arrival)
    before = storage.workflows.get("C-1")
    case = save(storage, change_of(case, OFFER), FIRST)
    save(storage, replace(change_of(case, AcceptOffer(side=Side.RESPONDENT), BORROWER), follow_up_at=LATER))
    assert storage.workflows.get("C-1") == before
    assert is_due_exactly_at(storage, LATER)


def test_an_application_opens_its_transfer_and_is_owed(storage: Storage) -> None:
    """The court will fetch it under the round's id; the suit's transfer is another."""
    case = rejected(storage)
    stored = storage.transfers.get("C-1-C1")
    assert (stored.case_id, stored.court_id, stored.manifest) == ("C-1", case.court_id, None)
    shards = range(storage.due.shards)
    owed = [
        due
        for shard in shards
        for due in storage.due.overdue(shard, DUE + timedelta(days=1))
        if due.consumer == "court"
    ]
    (entry,) = owed
    dispatch = storage.dispatches.get("C-1", str(entry.ids[1]))
    assert dispatch is not None
    assert (dispatch.kind, dispatch.transfer_id) == (DispatchKind.CONFIRMATION, "C-1-C1")


def test_the_account_is_nowhere_in_the_table(store: DynamoStore, table: RawTable) -> None:
    """Neither holder nor number nor bank, in any item, in any writing."""
    performing(store)
    stored = json.dumps(table.items(), default=repr, ensure_ascii=False) + json.dumps(
        table.items(), default=repr
    )
    for secret in (ACCOUNT.holder, ACCOUNT.number, ACCOUNT.bank):
        assert secret not in stored
        assert secret.encode().hex() not in stored
        assert repr(secret.encode())[2:-1] not in stored
    assert "PAYEE#0001" in stored


def test_an_account_moved_to_another_place_is_not_opened(new_store: StoreMaker, table: RawTable) -> None:
    """Who can write to the table can't pay one round's money to another's account."""
    store = new_store()
    first = rejected(store)
    renewed = Renegotiate(claim=first.claim)
    case = save(store, change_of(first, renewed, samples.MEDIATOR), SECOND)
    sealed = table.item("CASE#C-1", "PAYEE#0001")
    table.put({**sealed, "SK": {"S": "PAYEE#0002"}})
    with pytest.raises(SealBroken):
        new_store().settlements.account(case)
    assert new_store().settlements.account(first) == ACCOUNT
