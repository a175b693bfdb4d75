"""The life of a case: the one way to open it, to change it, and to add to its record.

Promise: `apply` finds the one row of the transition table that fits a command, or refuses and names the
stage, rule or permission that forbids it; a change adds one event and one to the version. `record` adds an
event and changes nothing else of the case. No clock, no randomness, no I/O.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain import deadlines, objections, permissions, second_record, telling, transitions
from chalicelib.domain.calendar import after_working_days
from chalicelib.domain.case import Case, Change
from chalicelib.domain.claim import WayIn
from chalicelib.domain.events import CHAIN_VERSION, Event
from chalicelib.domain.hashing import GENESIS
from chalicelib.domain.parties import Side
from chalicelib.domain.pending_act import RecordedAct
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.steps import WATCHED, Step
from chalicelib.domain.transfer import (
    OPENS_TRANSFER,
    Dispatch,
    DispatchKind,
    confirmation_id,
    dispatch_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.case import Context
    from chalicelib.domain.commands import Command, FileDispute


_CHALLENGED = frozenset({Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED})
"""Where a mediator may be challenged, and a challenge waits."""


def file(command: FileDispute, case_id: str, context: Context) -> Change:
    """Open a case. The institution consents to mediation by filing for it (TY11)."""
    if command.debt is not None and command.debt.case_type is not command.case_type:
        raise ValueError("the cause of action is not that of the debt's contract")
    applicants = frozenset(p.party_id for p in command.parties if p.side is Side.APPLICANT)
    event = _event(None, case_id, EventType.CASE_FILED, command.event_data(), context)
    case = Case(
        case_id=case_id,
        institution_id=command.institution_id,
        court_id=command.court_id,
        case_type=command.case_type,
        contract_number=command.contract_number,
        instalment_scope=command.instalment_scope,
        claim=command.claim,
        parties=command.parties,
        online=command.online,
        consents=applicants,
        stage=Stage.FILED,
        filed_at=context.at,
        updated_at=context.at,
        version=1,
        sequence=1,
        last_event_hash=event.hash,
        step=Step.SCREENING,
        entered_at_version=1,
        deadline=None,
        # The usual way is not written into every case of every list.
        way_in=None if command.way_in is WayIn.APPLICATION else command.way_in,
    )
    return Change(case=_enter_step(case, context), event=event).with_records(command.debt)


def apply(case: Case, command: Command, context: Context) -> Change:
    """Change a case by a command, or refuse; an act in a person's name waits for its second record.

    Raises CaseNotFound, NotPermitted, ActionNotAvailable or RuleViolated; nothing else.
    """
    permissions.authorise_on(context.actor, command.action, case)
    row = transitions.choose(case, command, context)
    party_id = second_record.named_in(case, command, context)
    if party_id and not second_record.has_second_record(case, command, context):
        return _pending(case, command, party_id, context)
    changed: Mapping[str, Any] = command.changes(case, context)
    event = _event(case, case.case_id, row.event, command.event_data(), context)
    fields = {**_waiting_still(case, command, row, context, party_id), **changed}
    after = replace(_after(case, event, context), **fields, stage=row.target)
    held = _held_until(row, after, context)
    after = replace(after, held_until=held) if held or row.dispatches else after
    if row.renews or deadlines.step_of(after) is not case.step:
        after = _enter_step(after, context, changed.get("deadline"))
    change = Change(case=after, event=event, before=case, follow_up_at=_follow_up_at(case, after, context))
    notice = second_record.told(case, event.sequence, command, context)
    spoken_for = second_record.spoken_for(case, command)
    notices = telling.notices_after(case, after, event, spoken_for)
    return change.with_records(None if held else _dispatch(row, after), notice, *notices)


def _waiting_still(
    case: Case, command: Command, row: transitions.Transition, context: Context, party_id: str
) -> dict[str, Any]:
    """Return what waits for somebody once the row is taken: acts, an objection, a challenge."""
    recorded = objections.resting(case, context.at, row.target)
    if party_id:
        first = second_record.recorder_before(case, command, context)
        act = _counts(case, command, party_id, context, first)
        recorded += (act,) if row.target in objections.stages_resting_on(act) else ()
    fields: dict[str, Any] = {
        "pending": second_record.still_waiting(case, command, context),
        "recorded": recorded,
    }
    if row.target.terminal:
        fields["objection"] = None
    if row.target not in objections.KEEPS_HELD:
        fields["held_until"] = None
    if row.target not in _CHALLENGED:
        fields["challenge"] = None
    return fields


def _counts(case: Case, command: Command, party_id: str, context: Context, before: str) -> RecordedAct:
    """Return the act that counts from now on; `before` is who else recorded it first, or empty."""
    return RecordedAct(
        number=case.version + 1,
        action=command.action,
        party_id=party_id,
        stage=case.stage,
        at=context.at,
        until=after_working_days(context.at, context.limits.objection_working_days, context.calendar),
        recorded_by=frozenset({context.actor.subject, before} - {""}),
        days=getattr(command, "days", None),
    )


def _held_until(row: transitions.Transition, after: Case, context: Context) -> datetime | None:
    """Return until when what the row sends to the court waits, as somebody may object to what it rests on."""
    if row.dispatches not in OPENS_TRANSFER:
        return None
    return max((act.until for act in objections.open_acts(after, context.at)), default=None)


def _after(case: Case, event: Event, context: Context) -> Case:
    return replace(
        case,
        updated_at=context.at,
        version=case.version + 1,
        sequence=event.sequence,
        last_event_hash=event.hash,
    )


def _pending(case: Case, command: Command, party_id: str, context: Context) -> Change:
    """Record an act in a person's name and tell the person; nothing else changes until its second record."""
    facts = {"action": command.action, "party_id": party_id}
    event = _event(case, case.case_id, EventType.ACT_RECORDED, facts, context)
    act = second_record.recorded(case, command, party_id, context)
    waiting = (*second_record.still_waiting(case, command, context), act)
    after = replace(_after(case, event, context), pending=waiting)
    change = Change(case=after, event=event, before=case, follow_up_at=_follow_up_at(case, after, context))
    return change.with_records(second_record.told(case, event.sequence, command, context))


def record(case: Case, kind: EventType, data: Mapping[str, Any], context: Context) -> Change:
    """Add an event to the record of a case, ended or not; its version and other fields stay as they are."""
    event = _event(case, case.case_id, kind, data, context)
    return Change(
        case=replace(case, sequence=event.sequence, last_event_hash=event.hash), event=event, before=case
    )


def allowed_actions(case: Case, context: Context) -> tuple[Action, ...]:
    """List what this actor could do to the case now, in the order of the table."""
    if not permissions.sees(context.actor, case):
        return ()
    available = (
        row.action for row in transitions.rows_at(case.stage) if transitions.is_open(row, case, context)
    )
    actor = context.actor
    return tuple(
        dict.fromkeys(
            action
            for action in available
            if permissions.may(actor, action) and permissions.within_authority(actor, action, case)
        )
    )


def _event(
    case: Case | None, case_id: str, kind: EventType, data: Mapping[str, Any], context: Context
) -> Event:
    return Event(
        case_id=case_id,
        sequence=case.sequence + 1 if case else 1,
        type=kind,
        at=context.at,
        role=context.actor.role,
        subject=context.actor.subject,
        channel=context.channel,
        facts=data,
        previous=case.last_event_hash if case else GENESIS,
        chain_version=CHAIN_VERSION,
        salt=context.salt,
        talk=case.talk if case else None,
    ).sealed()


def _enter_step(case: Case, context: Context, until: datetime | None = None) -> Case:
    """Enter the step in which the case is now, with its usual limit or `until` when the act says."""
    return replace(
        case,
        step=deadlines.step_of(case),
        entered_at_version=case.version,
        deadline=until or deadlines.deadline_of(case, context.at, context.limits, context.calendar),
    )


def _follow_up_at(before: Case, after: Case, context: Context) -> datetime | None:
    if after.step in WATCHED:
        return after.deadline
    # No execution drives a case that leaves a watched step: the workflow consumer or the sweep starts one.
    return context.at if before.step in WATCHED else None


def _dispatch(row: transitions.Transition, case: Case) -> Dispatch | None:
    if row.dispatches is DispatchKind.CONFIRMATION:
        about = confirmation_id(case.case_id, case.round)
    elif row.dispatches is not None and case.transfer is not None:
        about = case.transfer.transfer_id
    else:
        return None
    return dispatch_of(case.case_id, case.version, row.dispatches, about)
