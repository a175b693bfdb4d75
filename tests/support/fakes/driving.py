"""Workflow records, deadlines, dispatches, transfers and callbacks in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.dossier import ManifestEntry
from chalicelib.domain.errors import CallbackNotFound, TransferNotFound
from chalicelib.domain.transfer import Dispatch
from chalicelib.use_cases.records import (
    DEADLINE,
    Arrival,
    CourtCallback,
    Due,
    StoredTransfer,
    WorkflowRecord,
)
from tests.support.fakes.memory import Memory


class FakeWorkflows:
    """The record of each case's execution."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, case_id: str) -> WorkflowRecord | None:
        """Read the record."""
        return self._memory.workflows.get(case_id)

    def arrive(self, arrival: Arrival) -> bool:
        """Keep the token, unless there is a newer generation or a later step, or the case has ended."""
        with self._memory.lock:
            record = self._driving(arrival.case_id, arrival.generation)
            if record is None or record.since > arrival.since:
                return False
            self._memory.workflows[arrival.case_id] = WorkflowRecord(
                case_id=arrival.case_id,
                generation=arrival.generation,
                step=arrival.step,
                since=arrival.since,
                token=arrival.token,
                usual_next=arrival.usual_next,
            )
            return True

    def restart(self, case_id: str, generation: int, due_at: datetime) -> bool:
        """Replace a generation by the next, without a token."""
        with self._memory.lock:
            if self._driving(case_id, generation) is None:
                return False
            self._memory.workflows[case_id] = WorkflowRecord(case_id=case_id, generation=generation + 1)
            self._memory.follow_up(_workflow(case_id), due_at)
            return True

    def _driving(self, case_id: str, generation: int) -> WorkflowRecord | None:
        record = self._memory.workflows.get(case_id)
        open_still = _workflow(case_id) in self._memory.due
        return record if record and open_still and record.generation == generation else None

    def set_follow_up(self, case_id: str, due_at: datetime) -> None:
        """Look after the case again later, unless it has ended."""
        self._memory.set_follow_up(_workflow(case_id), due_at)

    def end(self, case_id: str, version: int) -> None:
        """Take a case that had ended at `version` out of the due index; the record stays."""
        with self._memory.lock:
            if self._memory.reopened.get(case_id, 0) <= version:
                self._memory.finish(_workflow(case_id))


class FakeDeadlines:
    """The deadlines beside the cases."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, case_id: str, kind: str) -> CaseDeadline | None:
        """Read a deadline whose day was not handled yet."""
        waits = _deadline(case_id, kind) in self._memory.due
        return self._memory.deadlines.get((case_id, kind)) if waits else None

    def handled(self, deadline: CaseDeadline) -> None:
        """Move a deadline, if it is still stored so, from its reminder to its day or out of the due index."""
        with self._memory.lock:
            if self.get(deadline.case_id, deadline.kind) != deadline:
                return
            if deadline.reminder_is_next:
                self._memory.set_deadline(replace(deadline, reminded=True))
            else:
                self._memory.finish(_deadline(deadline.case_id, deadline.kind))


class FakeDispatches:
    """Messages owed to the court."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, case_id: str, dispatch_id: str) -> Dispatch | None:
        """Read what is still owed."""
        owed = _dispatch(case_id, dispatch_id) in self._memory.due
        return self._memory.dispatches.get((case_id, dispatch_id)) if owed else None

    def delivered(self, case_id: str, dispatch_id: str) -> None:
        """Take it out of the due index."""
        self._memory.finish(_dispatch(case_id, dispatch_id))


class FakeTransfers:
    """Transfers and their manifests."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, transfer_id: str) -> StoredTransfer:
        """Read a transfer; raises TransferNotFound."""
        try:
            return self._memory.transfers[transfer_id]
        except KeyError as error:
            raise TransferNotFound(transfer_id) from error

    def fix_manifest(self, transfer_id: str, manifest: Sequence[ManifestEntry]) -> tuple[ManifestEntry, ...]:
        """Keep the first manifest."""
        with self._memory.lock:
            stored = self.get(transfer_id)
            if stored.manifest is None:
                stored = replace(stored, manifest=tuple(manifest))
                self._memory.transfers[transfer_id] = stored
            return stored.manifest or ()


class FakeCallbacks:
    """The court's messages."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def add(self, callback: CourtCallback, due_at: datetime) -> bool:
        """Store it once."""
        with self._memory.lock:
            if callback.callback_id in self._memory.callbacks:
                return False
            self._memory.callbacks[callback.callback_id] = callback
            self._memory.follow_up(_callback(callback.callback_id), due_at)
            self._memory.tell("callbacks", callback.callback_id)
            return True

    def get(self, callback_id: str) -> CourtCallback | None:
        """Read one that is not settled yet, without its bytes; raises CallbackNotFound."""
        stored = self._stored(callback_id)
        return replace(stored, raw=b"") if _callback(callback_id) in self._memory.due else None

    def raw(self, callback_id: str) -> bytes:
        """Return the bytes as received; raises CallbackNotFound."""
        return self._stored(callback_id).raw

    def _stored(self, callback_id: str) -> CourtCallback:
        try:
            return self._memory.callbacks[callback_id]
        except KeyError as error:
            raise CallbackNotFound(callback_id) from error

    def settle(self, callback_id: str, outcome: str) -> None:
        """Record what became of it; the first outcome stays."""
        with self._memory.lock:
            if self._memory.finish(_callback(callback_id)):
                self._memory.outcomes[callback_id] = outcome


def _workflow(case_id: str) -> Due:
    return Due(consumer="workflow", ids=(case_id,))


def _deadline(case_id: str, kind: str) -> Due:
    return Due(consumer=DEADLINE, ids=(case_id, kind))


def _dispatch(case_id: str, dispatch_id: str) -> Due:
    return Due(consumer="court", ids=(case_id, dispatch_id))


def _callback(callback_id: str) -> Due:
    return Due(consumer="callbacks", ids=(callback_id,))
