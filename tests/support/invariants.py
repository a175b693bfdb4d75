"""What must be true of a case's whole history; used by every test that makes one."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.confirmation import ConfirmationState
from chalicelib.domain.dossier import documents, facts_for_court, seal_of
from chalicelib.domain.events import verify_chain
from chalicelib.domain.hashing import GENESIS
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.steps import WATCHED, Step
from chalicelib.domain.transfer import Dispatch, DispatchKind, Matter, confirmation_id
from chalicelib.domain.transitions import TRANSITIONS
from tests.support.telling import check_told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.parties import Party, PartyDetails
    from chalicelib.domain.steps import CourtLimits

_IN_FORCE: Final = frozenset({Stage.PAID, Stage.PERFORMING, Stage.PERFORMED, Stage.DEFAULTED})
_AGREED: Final = _IN_FORCE | {Stage.SETTLED}
_MEDIATED: Final = _AGREED | {Stage.IN_MEDIATION}
_BOUNCED: Final = {EventType.AGREEMENT_REOPENED, EventType.REPAYMENT_REVERSED, EventType.DEFAULT_DECLARED}
"""What follows the end of a case: a payment that ended it is taken back, or one is recorded after all."""
_EXPIRIES: Final = {row.event for row in TRANSITIONS if row.action is Action.EXPIRE}
_NEVER_CHANGES: Final = (
    "case_id",
    "institution_id",
    "court_id",
    "case_type",
    "contract_number",
    "instalment_scope",
    "filed_at",
    "uniqueness",
)


def check_history(changes: Sequence[Change], limits: CourtLimits, details: Sequence[PartyDetails]) -> None:
    """Check every invariant of a history that begins with the filing."""
    _chained(changes)
    _holds(changes[0], limits, details)
    for before, after in pairwise(changes):
        check_step(before.case, after, limits, details)
    _remembered(changes)
    _confidential(changes, details)
    check_told(changes)


def check_step(before: Case, change: Change, limits: CourtLimits, details: Sequence[PartyDetails]) -> None:
    """Check what must hold of a single change, and of the case after it."""
    _holds(change, limits, details)
    _follows(before, change)


def _holds(change: Change, limits: CourtLimits, details: Sequence[PartyDetails]) -> None:
    _consistent(change.case, limits)
    _owed(change)
    _impersonal(change, details)


def _chained(changes: Sequence[Change]) -> None:
    events = [change.event for change in changes]
    assert verify_chain(events) == changes[-1].case.last_event_hash
    assert [change.case.version for change in changes] == list(range(1, len(changes) + 1))
    assert events[0].previous == GENESIS


def _consistent(case: Case, limits: CourtLimits) -> None:
    assert (case.deadline is None) == case.stage.terminal == (case.step is Step.ENDED)
    assert case.applicant_ids
    assert case.respondent_ids
    assert case.consents <= case.party_ids
    assert case.extended_days <= limits.extension_cap_days
    if case.stage in _MEDIATED:
        assert case.consents == case.party_ids
        assert case.accepted_at is not None
        # After a challenge with success nobody signs until another mediator has the case.
        assert case.mediator_id is not None or case.stage is Stage.SETTLED
    if case.accepted_at is not None:
        assert case.judge_id is not None
    if case.stage in _AGREED:
        assert (case.signatures == case.bound) == (case.stage in _IN_FORCE)
    was_in_force = case.confirmation is not None
    assert not was_in_force or case.signatures == case.bound
    if case.stage is not Stage.WITHDRAWN:
        assert (case.outcome is not None) == (case.stage in _AGREED or was_in_force)
    assert case.outcome is None or case.failure is None or was_in_force


def _owed(change: Change) -> None:
    owed, transfer = next(iter(change.of(Dispatch)), None), change.case.transfer
    assert (change.follow_up_at == change.case.deadline) or change.case.step not in WATCHED
    if owed is not None and owed.kind is DispatchKind.CONFIRMATION:
        assert change.case.confirmation is not None
        waits = {ConfirmationState.APPLIED, ConfirmationState.TRANSFERRED}
        assert change.case.confirmation.state in waits
        assert owed.transfer_id == confirmation_id(change.case.case_id, change.case.round)
    elif owed is not None:
        assert transfer is not None
        assert (owed.transfer_id, owed.sequence) == (transfer.transfer_id, change.event.sequence)
    if transfer is not None:
        assert transfer.case_id == change.case.case_id
        assert (transfer.replaces is None) == (transfer.attempt == 1)


def _impersonal(change: Change, details: Sequence[PartyDetails]) -> None:
    told = repr(change) + json.dumps(dict(change.event.facts), ensure_ascii=False)
    for entry in details:
        for personal in (
            entry.name,
            entry.id_number,
            entry.phone,
            entry.address,
            entry.account or entry.name,
        ):
            assert personal not in told


def _who(party: Party) -> tuple[object, ...]:
    """Return what of a party never changes: its agents and who set its phone may."""
    return party.party_id, party.side, party.kind, party.liability


def _follows(before: Case, change: Change) -> None:
    after = change.case
    late = change.event.type is EventType.REPAYMENT_RECORDED and after.stage is before.stage
    assert not before.stage.terminal or late or change.event.type in _BOUNCED
    for name in _NEVER_CHANGES:
        assert getattr(after, name) == getattr(before, name), name
    assert [_who(party) for party in after.parties] == [_who(party) for party in before.parties]
    assert after.version == before.version + 1 == change.event.sequence
    assert (change.event.previous, change.event.hash) == (before.last_event_hash, after.last_event_hash)
    if before.judge_id is not None and before.stage not in {Stage.SCREENED, Stage.ASSIGNED}:
        assert after.judge_id == before.judge_id or change.event.type is EventType.JUDGE_REPLACED
    assert before.online or not after.online  # a refusal of the online mode is final (OL4)
    if change.event.type is EventType.RECEIPT_RECORDED:
        assert before.transfer is not None
        assert before.transfer.receipt_id is None
    if change.event.type in _EXPIRIES:
        assert before.deadline is not None
        assert change.event.at >= before.deadline
    if after.stage is Stage.IN_MEDIATION and before.stage is not Stage.IN_MEDIATION:
        begun = EventType.MEDIATION_BEGUN if after.round == before.round else EventType.MEDIATION_REOPENED
        assert change.event.type in {begun, EventType.OBJECTION_UPHELD}
    if before.transfer is not None and change.event.type is not EventType.OBJECTION_UPHELD:
        assert after.transfer is not None
        assert after.transfer.attempt - before.transfer.attempt == (before.stage is Stage.CORRECTED) * (
            after.stage is Stage.TRANSFERRING
        )


def _remembered(changes: Sequence[Change]) -> None:
    last = changes[-1].case
    since = max(
        (n for n, change in enumerate(changes) if change.event.type is EventType.OBJECTION_UPHELD), default=0
    )
    history = [change.case for change in changes[since:]]
    visited = {case.stage for case in history if case.round == last.round}
    if since and history[0].stage in _AGREED and history[0].round == last.round:
        visited.add(Stage.SETTLED)
    sued = last.transfer is not None and last.transfer.matter is Matter.SUIT
    assert (last.failure is not None) == (Stage.UNRESOLVED in visited or sued)
    assert (last.transfer is not None) == (Stage.TRANSFERRING in visited)
    ended = Stage.UNRESOLVED in visited or Stage.SETTLED in visited
    assert (last.ended_at is not None) == ended


def _confidential(changes: Sequence[Change], details: Sequence[PartyDetails]) -> None:
    case = changes[-1].case
    if case.transfer is None:
        return
    events = [change.event for change in changes]
    facts, seal = facts_for_court(case, details), seal_of(events)
    text = repr(facts) + b"".join(entry.content for entry in documents(facts, seal)).decode()
    for outcome in SettlementOutcome:
        assert outcome not in text
    for event in events:
        assert event.hash == seal.head or event.hash not in text
