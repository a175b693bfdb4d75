"""The case: one record from filing to close, and the one way to change it.

Promise: `apply` takes a command to the one row of the transition table that fits, or refuses with the
stage, rule or permission that stands against it; a change is one event and a version one higher.
No clock, no randomness, no I/O. Downside: the whole case is one value, rewritten on each change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain import permissions, steps, transitions
from chalicelib.domain.events import GENESIS, Channel, Event, EventType
from chalicelib.domain.parties import Party, Side
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Dispatch, Transfer, dispatch_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.claim import CaseType, Claim, Track
    from chalicelib.domain.commands import Command, FileDispute
    from chalicelib.domain.extension import ExtensionProposal
    from chalicelib.domain.reasons import FailureReason
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.settlement import SettlementOutcome
    from chalicelib.domain.steps import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who acts, when, how, and under which limits: everything a decision needs beside the case."""

    actor: Actor
    at: datetime
    policy: Policy
    calendar: WorkingCalendar
    channel: Channel = Channel.ONLINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A dispute in the hub. Holds nothing personal; see `parties`."""

    case_id: str
    institution_id: str
    court_id: str
    case_type: CaseType
    contract_number: str
    instalment_scope: str
    claim: Claim
    parties: tuple[Party, ...]
    online: bool
    stage: Stage
    filed_at: datetime
    updated_at: datetime
    version: int
    head: str
    step: Step
    step_since: int
    deadline: datetime | None
    track: Track | None = None
    mediator_id: str | None = None
    judge_id: str | None = None
    accepted_at: datetime | None = None
    consents: frozenset[str] = frozenset()
    extension: ExtensionProposal | None = None
    extended_days: int = 0
    outcome: SettlementOutcome | None = None
    signatures: frozenset[str] = frozenset()
    failure: FailureReason | None = None
    ended_at: datetime | None = None
    transfer: Transfer | None = None

    @property
    def party_ids(self) -> frozenset[str]:
        """Every party of the case."""
        return frozenset(party.party_id for party in self.parties)

    @property
    def respondent_ids(self) -> frozenset[str]:
        """The parties on the debtor's side: borrower and guarantors."""
        return frozenset(party.party_id for party in self.parties if party.side is Side.RESPONDENT)

    @property
    def applicant_ids(self) -> frozenset[str]:
        """The parties on the institution's side."""
        return self.party_ids - self.respondent_ids

    @property
    def uniqueness(self) -> tuple[str, str, str]:
        """What can't be open twice: institution, contract and instalment scope."""
        return self.institution_id, self.contract_number, self.instalment_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A case after one event, and what is owed to the court because of it; stored as one transaction."""

    case: Case
    event: Event
    dispatch: Dispatch | None = None


def file(command: FileDispute, case_id: str, context: Context) -> Change:
    """Open a case. The institution consents to mediation by filing for it (TY11)."""
    applicants = frozenset(p.party_id for p in command.parties if p.side is Side.APPLICANT)
    event = Event(
        case_id=case_id,
        sequence=1,
        type=EventType.CASE_FILED,
        at=context.at,
        role=context.actor.role,
        subject=context.actor.subject,
        channel=context.channel,
        facts=command.facts(),
        previous=GENESIS,
    ).sealed()
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
        head=event.hash,
        step=Step.SCREENING,
        step_since=1,
        deadline=None,
    )
    return Change(case=_enter_step(case, context), event=event)


def apply(case: Case, command: Command, context: Context) -> Change:
    """Change a case by a command, or refuse.

    Raises CaseNotFound, NotPermitted, ActionNotAvailable or RuleViolated; nothing else.
    """
    permissions.authorise_on(context.actor, command.action, case)
    row = transitions.choose(case, command, context)
    changed: Mapping[str, Any] = command.changes(case, context)
    version = case.version + 1
    event = Event(
        case_id=case.case_id,
        sequence=version,
        type=row.event,
        at=context.at,
        role=context.actor.role,
        subject=context.actor.subject,
        channel=context.channel,
        facts=command.facts(),
        previous=case.head,
    ).sealed()
    after = replace(
        case, **changed, stage=row.target, updated_at=context.at, version=version, head=event.hash
    )
    if row.renews or steps.step_of(after) is not case.step:
        after = _enter_step(after, context)
    return Change(case=after, event=event, dispatch=_dispatch(row, after))


def allowed_actions(case: Case, context: Context) -> tuple[Action, ...]:
    """List what this actor could do to the case now, in the order of the table."""
    if not permissions.sees(context.actor, case):
        return ()
    available = (row.action for row in transitions.TRANSITIONS if transitions.is_open(row, case, context))
    return tuple(dict.fromkeys(action for action in available if permissions.may(context.actor, action)))


def _enter_step(case: Case, context: Context) -> Case:
    entered = replace(case, step=steps.step_of(case), step_since=case.version)
    return replace(entered, deadline=steps.deadline_of(entered, context.at, context.policy, context.calendar))


def _dispatch(row: transitions.Transition, case: Case) -> Dispatch | None:
    if row.dispatches is None or case.transfer is None:
        return None
    return dispatch_of(case.case_id, case.version, row.dispatches, case.transfer.transfer_id)
