"""Case records in memory."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from chalicelib.capabilities.applications.model import Step
from chalicelib.capabilities.roster.model import Load
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
from chalicelib.domain.appointment import Appointed, CaseMoved, Obstacle
from chalicelib.domain.calendar import local_date
from chalicelib.domain.case import Case, Change
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.case_number import compared
from chalicelib.domain.contract_filings import Claimed, ContractFilings
from chalicelib.domain.disclosure import DisclosedFact
from chalicelib.domain.errors import (
    CaseNotFound,
    Contended,
    DuplicateFiling,
    IdempotencyKeyReused,
    MediatorNotEligible,
    StaleVersion,
)
from chalicelib.domain.events import Event
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.notices import PartyNotice
from chalicelib.domain.parties import PartyDetails
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import OPENS_TRANSFER, Dispatch
from chalicelib.use_cases.records import (
    CasePage,
    Driven,
    Due,
    Filed,
    Idempotency,
    StoredTransfer,
    UnreadableCase,
    WorkflowRecord,
)
from tests.support.fakes.applications import store_step
from tests.support.fakes.memory import Answer, Memory

REMEMBERED_SECONDS: Final = 48 * 3600


class FakeCases:
    """Each write is all or nothing, as one transaction."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds

    def add(
        self, change: Change, details: Sequence[PartyDetails], idempotency: Idempotency, due_at: datetime
    ) -> Filed:
        """Store a new case, or return the key's earlier answer; raises DuplicateFiling for an open claim."""
        case = change.case
        with self._memory.lock:
            known = self._known(idempotency)
            if known is not None:
                return known
            for step in change.of(Step):
                stored = self._memory.applications[step.after.application_id][0]
                if step.before is None or stored.version != step.before.version:
                    raise step.refused or Contended("the application changed meanwhile")
            filings = self._claim(case)
            filed = Filed(
                case_id=case.case_id,
                stage=case.stage,
                filed_at=case.filed_at,
                version=case.version,
                before=filings.before(case.instalment_scope),
            )
            self._memory.answers[idempotency.caller, idempotency.key] = Answer(
                idempotency.body_sha256, filed, self._real_seconds() + REMEMBERED_SECONDS
            )
            self._memory.details[case.case_id] = {entry.party_id: entry for entry in details}
            self._memory.workflows[case.case_id] = WorkflowRecord(case_id=case.case_id, generation=1)
            self._memory.follow_up(Due(consumer="workflow", ids=(case.case_id,)), due_at)
            self._store(change, due_at)
        return filed

    def _known(self, idempotency: Idempotency) -> Filed | None:
        answer = self._memory.answers.get((idempotency.caller, idempotency.key))
        if answer is None or answer.expires_at <= self._real_seconds():
            return None
        if answer.body_sha256 != idempotency.body_sha256:
            raise IdempotencyKeyReused(idempotency.key)
        return replace(answer.filed, replayed=True)

    def save(self, change: Change, due_at: datetime, details: Sequence[PartyDetails] = ()) -> Case:
        """Store a changed case after facts recorded meanwhile; StaleVersion if somebody acted on it."""
        with self._memory.lock:
            case = change.case
            stored = self._memory.cases.get(case.case_id)
            if stored is None:
                raise StaleVersion(case.case_id)
            if stored.last_event_hash != change.event.previous:
                moved = change.behind(stored)
                if moved is None:
                    raise StaleVersion(case.case_id)
                change, case = moved, moved.case
            self._check_limits(change)
            self._memory.details[case.case_id] |= {entry.party_id: entry for entry in details}
            if change.reopens:
                self._claim(case)
            if change.ends:
                contract = case.uniqueness[:2]
                self._memory.contracts[contract] = self._memory.contracts[contract].ending(_claimed(case))
            self._store(change, due_at)
            return case

    def _claim(self, case: Case) -> ContractFilings:
        contract = case.uniqueness[:2]
        before = self._memory.contracts.get(contract, ContractFilings())
        after = before.claiming(_claimed(case), lambda case_id: self.get(case_id).stage.terminal)
        self._memory.contracts[contract] = after
        return after

    def filed_anew(self, case: Case) -> bool:
        """Tell whether another open case claims an instalment of this one."""
        with self._memory.lock:
            filings = self._memory.contracts.get(case.uniqueness[:2], ContractFilings())
            try:
                filings.claiming(_claimed(case), lambda case_id: self.get(case_id).stage.terminal)
            except DuplicateFiling:
                return True
            return False

    def carried_out(self, case: Case, act: bytes) -> bool:
        """Tell whether this act was stored."""
        with self._memory.lock:
            return (case.case_id, act) in self._memory.acts

    def _store(self, change: Change, due_at: datetime) -> None:
        case = change.case
        # As in a transaction of the table, where one item can be written once only.
        notices = change.of(PartyNotice)
        assert len({notice.notice_id for notice in notices}) == len(notices)
        due = Due(consumer="workflow", ids=(case.case_id,))
        if change.follow_up_at is not None and change.reopens:
            self._memory.reopened[case.case_id] = case.version
            self._memory.follow_up(due, change.follow_up_at)
        elif change.follow_up_at is not None:
            self._memory.set_follow_up(due, change.follow_up_at)
        self._memory.cases[case.case_id] = case
        if change.act is not None:
            self._memory.acts.add((case.case_id, change.act))
        self._memory.events.setdefault(case.case_id, []).append(change.event)
        if change.moves:
            self._memory.tell("workflow", case.case_id, change.event.sequence)
        for record in change.records:
            self._beside(record, case, due_at)

    def _beside(self, record: object, case: Case, due_at: datetime) -> None:
        match record:
            case Settlement():
                self._memory.settlements[case.case_id, case.round] = record
            case PayeeAccount():
                self._memory.accounts[case.case_id, case.round] = record
            case Debt():
                self._memory.debts[case.case_id] = record
            case CaseDeadline():
                self._memory.set_deadline(record)
            case PartyNotice():
                self._memory.asked_at[record.notice_id] = case.updated_at
                self._memory.owe(record, due_at)
            case Dispatch():
                self._dispatch(record, case, due_at)
            case Step():
                assert store_step(self._memory, record, due_at)
            case _:
                self._given(record)

    def _check_limits(self, change: Change) -> None:
        for moved in change.of(CaseMoved):
            load = self._memory.loads.get((moved.court_id, moved.taken_by or ""))
            if moved.limit is not None and load is not None and load.open >= moved.limit:
                raise MediatorNotEligible(moved.taken_by or "", Obstacle.AT_LIMIT)

    def _given(self, record: object) -> None:
        match record:
            case Appointed():
                self._memory.appointed.setdefault(record.case_id, []).append(record)
            case CaseMoved():
                self._count(record)
            case DisclosedFact():
                self._memory.disclosed.setdefault(record.case_id, []).append(record)
            case _:
                raise TypeError(type(record))

    def _count(self, moved: CaseMoved) -> None:
        loads = self._memory.loads
        if moved.taken_by is not None:
            who = moved.court_id, moved.taken_by
            load = loads.get(who, Load(given=None, open=0))
            given = (moved.start if load.given is None else load.given) + 1
            loads[who] = Load(given=given if moved.given else load.given, open=load.open + 1)
        if moved.left is not None:
            who = moved.court_id, moved.left
            load = loads.get(who, Load(given=None, open=1))
            loads[who] = replace(load, open=load.open - 1)

    def _dispatch(self, dispatch: Dispatch, case: Case, due_at: datetime) -> None:
        if dispatch.kind in OPENS_TRANSFER:
            opened = StoredTransfer(
                transfer_id=dispatch.transfer_id, case_id=case.case_id, court_id=case.court_id
            )
            self._memory.transfers.setdefault(dispatch.transfer_id, opened)
        self._memory.dispatches[case.case_id, dispatch.dispatch_id] = dispatch
        due = Due(consumer="court", ids=(case.case_id, dispatch.dispatch_id))
        self._memory.follow_up(due, due_at)
        self._memory.tell("court", case.case_id, dispatch.dispatch_id)

    def get(self, case_id: str) -> Case:
        """Read a case; raises CaseNotFound."""
        if case_id in self._memory.unreadable:
            raise self._memory.unreadable[case_id](case_id)
        try:
            case = self._memory.cases[case_id]
        except KeyError as error:
            raise CaseNotFound(case_id) from error
        log = self._memory.talk.get(case_id)
        return replace(case, talk=log[-1].hash) if log else case

    def with_details(self, case_id: str) -> tuple[Case, Callable[[], tuple[PartyDetails, ...]]]:
        """Read a case, and return what reads its parties' data."""
        case = self.get(case_id)
        return case, partial(self.details, case)

    def driven(self, case_ids: Sequence[str]) -> Mapping[str, Callable[[], Driven | None]]:
        """Return for each case what reads it and what drives it."""
        return {case_id: partial(self._driven, case_id) for case_id in case_ids}

    def _driven(self, case_id: str) -> Driven | None:
        record = self._memory.workflows.get(case_id)
        return Driven(case=self.get(case_id), record=record) if record else None

    def details(self, case: Case) -> tuple[PartyDetails, ...]:
        """Return the parties' personal data in the order of the case's parties."""
        stored = self._memory.details[case.case_id]
        return tuple(stored[party.party_id] for party in case.parties)

    def events(self, case_id: str, after: int, limit: int | None = None) -> tuple[Event, ...]:
        """Return events above a sequence number, oldest first."""
        stored = self._memory.events.get(case_id, ())
        return tuple(event for event in stored if event.sequence > after)[:limit]

    def list_for(self, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
        """List what the actor sees, newest first."""
        with self._memory.lock:
            seen = [
                case
                for case in self._memory.cases.values()
                if _lists(actor, case) and stage in {None, case.stage}
            ]
        by_key = sorted(((_filed_key(case), case) for case in seen), key=lambda entry: entry[0], reverse=True)
        rest = [(key, case) for key, case in by_key if after is None or key < after]
        page, broken = rest[:limit], self._memory.unreadable
        return CasePage(
            cases=tuple(case for _, case in page if case.case_id not in broken),
            unreadable=tuple(
                UnreadableCase(case_id=case.case_id, code=broken[case.case_id].code)
                for _, case in page
                if case.case_id in broken
            ),
            after=page[-1][0] if len(rest) > limit else None,
        )

    def next_number(self, court_id: str, year: int) -> int:
        """Count up."""
        with self._memory.lock:
            self._memory.numbers[court_id, year] += 1
            return self._memory.numbers[court_id, year]

    def find_by_number(self, case_number: str) -> tuple[str, ...]:
        """Return the ids of the cases with a number."""
        with self._memory.lock:
            return tuple(
                sorted(
                    case.case_id
                    for case in self._memory.cases.values()
                    if case.case_number and compared(case.case_number) == compared(case_number)
                )
            )

    def find_by_id_number(self, institution_id: str, id_number: str) -> tuple[str, ...]:
        """Return the institution's cases against the holder of an id number."""
        wanted = _normal(id_number)
        with self._memory.lock:
            return tuple(
                sorted(
                    case.case_id
                    for case in self._memory.cases.values()
                    if case.institution_id == institution_id and wanted in self._respondents(case)
                )
            )

    def _respondents(self, case: Case) -> set[str]:
        stored = self._memory.details[case.case_id]
        return {_normal(stored[party_id].id_number) for party_id in case.respondent_ids}


class FakeSettlements:
    """The settlement of each round, stored with its case."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, case: Case) -> Settlement | None:
        """Read the settlement of the case's present round."""
        return self._memory.settlements.get((case.case_id, case.round))

    def account(self, case: Case) -> PayeeAccount | None:
        """Read the account to which the present round's agreement is paid."""
        return self._memory.accounts.get((case.case_id, case.round))


class FakeDebts:
    """The debts behind the claims, in memory."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, case_id: str) -> Debt | None:
        """Read a case's debt."""
        return self._memory.debts.get(case_id)


def _claimed(case: Case) -> Claimed:
    return Claimed(local_date(case.filed_at), case.instalment_scope, case.case_id)


def _normal(id_number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", id_number).split()).upper()


def _filed_key(case: Case) -> str:
    return f"{case.filed_at.isoformat(timespec='microseconds')}#{case.case_id}"


def _lists(actor: Actor, case: Case) -> bool:
    match actor.role:
        case Role.INSTITUTION:
            return actor.institution_id == case.institution_id
        case Role.MEDIATOR:
            return actor.mediator_id is not None and actor.mediator_id == case.mediator_id
        case Role.JUDGE:
            own = actor.judge_id is not None and actor.judge_id == case.judge_id
            return own and actor.court_id == case.court_id
        case Role.CENTRE | Role.COURT | Role.OPS:
            return actor.court_id == case.court_id
        case _:
            return False
