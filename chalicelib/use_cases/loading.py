"""Loads what an act or a view needs (case, terms, actor, the court's limits), and stores an act."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.domain import lifecycle
from chalicelib.domain.appointment import moved
from chalicelib.domain.calendar import local_date
from chalicelib.domain.case import Case, Context
from chalicelib.domain.choice import NameMediator
from chalicelib.domain.commands import Accept, Appoint, ReplaceJudge, ReplaceMediator
from chalicelib.domain.errors import StaleVersion, UnknownCourt
from chalicelib.domain.events import Channel
from chalicelib.domain.lifecycle import allowed_actions
from chalicelib.domain.objections import open_acts
from chalicelib.domain.permissions import authorise_on, may
from chalicelib.domain.roles import Role
from chalicelib.domain.second_record import waiting
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.transitions import transitions_for
from chalicelib.use_cases.capability_ports import EligibleMediator, NamesOfPeople, SecondRecord
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.second_records import with_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.case import Change
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.commands import Command
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.capability_ports import Who
    from chalicelib.use_cases.ports import Hub


def context_of(hub: Hub, actor: Actor, court_id: str, channel: Channel = Channel.ONLINE) -> Context:
    """Return the context of an act: the actor, the present time, the court's limits and the calendar."""
    return Context(
        actor=actor,
        at=hub.clock.now(),
        salt=hub.new_salt(),
        limits=hub.limits_of(court_id),
        calendar=hub.calendar,
        channel=channel,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCase:
    """The basis for an act on a settlement: the case as read, the context, and the terms so far."""

    case: Case
    context: Context
    settlement: Settlement

    @property
    def today(self) -> date:
        """The context's day in China."""
        return local_date(self.context.at)


def load_for_act(
    hub: Hub,
    actor: Actor,
    action: Action,
    case_id: str,
    *,
    expected_version: int | None = None,
    channel: Channel = Channel.ONLINE,
) -> LoadedCase:
    """Read case and settlement for an act; raises CaseNotFound, StaleVersion or ActionNotAvailable.

    A case without an offer yet has an empty settlement about its claim.
    """
    loaded = load(hub, actor, action, case_id, channel=channel)
    if expected_version not in {None, loaded.case.version}:
        raise StaleVersion(case_id)
    transitions_for(loaded.case, action, loaded.context.at)
    return loaded


def load(
    hub: Hub, actor: Actor, action: Action, case_id: str, *, channel: Channel = Channel.ONLINE
) -> LoadedCase:
    """Read case and settlement for an act, whether or not the case's stage offers it."""
    case = hub.cases.get(case_id)
    authorise_on(actor, action, case)
    return LoadedCase(
        case=case,
        context=context_of(hub, actor, case.court_id, channel),
        settlement=settlement_of(hub, case),
    )


def load_with_details(
    hub: Hub, actor: Actor, action: Action, case_id: str, expected_version: int | None
) -> tuple[Case, tuple[PartyDetails, ...]]:
    """Read case and parties for an act on the parties; raises CaseNotFound, RuleViolated or StaleVersion."""
    case, details = hub.cases.with_details(case_id)
    authorise_on(actor, action, case)
    if expected_version not in {None, case.version}:
        raise StaleVersion(case_id)
    return case, details()


def settlement_of(hub: Hub, case: Case) -> Settlement:
    """Return the case's settlement; an empty one about its claim before the first offer."""
    return hub.settlements.get(case) or _about(case.claim)


def debt_of(hub: Hub, loaded: LoadedCase) -> Debt | None:
    """Return the case's debt if its agreement says that interest runs again after a default, else None."""
    resumes = loaded.settlement.performance.agreement.default_clause.resumes
    return hub.debts.get(loaded.case.case_id) if resumes else None


def _about(claim: Claim) -> Settlement:
    # They load the arithmetic, which the functions that only move a case on do not need.
    from chalicelib.domain.agreement.negotiation import Negotiation  # noqa: PLC0415
    from chalicelib.domain.agreement.settlement import Settlement  # noqa: PLC0415
    from chalicelib.domain.loan.components import Amounts  # noqa: PLC0415

    return Settlement(negotiation=Negotiation(owed=Amounts.from_claim(claim)))


def read_only_context(hub: Hub, actor: Actor, court_id: str) -> Context:
    """Return the context for reading only; it has default limits if the court is not configured any more."""
    try:
        limits = hub.limits_of(court_id)
    except UnknownCourt:
        limits = CourtLimits()
    return Context(actor=actor, at=hub.clock.now(), salt="", limits=limits, calendar=hub.calendar)


def carry_out(
    hub: Hub, loaded: LoadedCase, command: Command, *records: object, code: str | None = None
) -> Case:
    """Change a loaded case by a command and store it together with `records`.

    `code` confirms an act in a person's name; one that waits for its second record stores no `records`.
    Returns the case as stored; raises the refusals of `change_by` and of the code, or StaleVersion.
    """
    context = with_code(hub, loaded.case, command, loaded.context, code)
    change = change_by(hub, loaded.case, command, context)
    stored = change if change.pends else change.with_records(*records)
    return hub.cases.save(stored, follow_up_time(hub))


def change_by(hub: Hub, case: Case, command: Command, context: Context) -> Change:
    """Return the change that a command makes, if the case's table and the capabilities allow it."""
    change = lifecycle.apply(case, command, context)
    people, limit = hub.part(EligibleMediator), None
    if isinstance(command, Appoint):
        limit = people.check(command.mediator_id, command.judge_id, case, context)
    elif isinstance(command, (NameMediator, ReplaceMediator)):
        limit = people.check(command.mediator_id, None, case, context)
    elif isinstance(command, Accept):
        people.check_acceptance(case.mediator_id or "", case, context)
    elif isinstance(command, ReplaceJudge):
        people.check_judge(command.judge_id, case)
    if context.channel is Channel.IN_PERSON:
        hub.part(SecondRecord).check(case, command.action, context)
    start = command.start if isinstance(command, Appoint) else 0
    return change.with_records(people.beside(moved(case, change.case, limit, start)))


_OF_THE_COURT: Final = frozenset({Role.MEDIATOR, Role.CENTRE, Role.JUDGE})


class Said(Protocol):
    """What somebody did or wrote, by role and the token's subject."""

    @property
    def role(self) -> Role:
        """As what."""

    @property
    def subject(self) -> str:
        """Who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as one caller sees it; `details` is empty for a role that may not read the parties' data.

    `today` and `calendar` serve to compute how long judicial confirmation can be applied for; `names` are
    those of the court's people, as far as they were asked for.
    """

    case: Case
    details: tuple[PartyDetails, ...]
    allowed_actions: tuple[Action, ...]
    today: date
    calendar: WorkingCalendar
    names: Mapping[Who, str] = field(default_factory=dict, repr=False)

    def name_of(self, person_id: str | None) -> str | None:
        """Return the name of a mediator or judge; None if nobody of this id is known by name."""
        return self.names.get((self.case.court_id, person_id)) if person_id else None


def names_on(hub: Hub, actor: Actor, cases: Iterable[Case]) -> Mapping[Who, str]:
    """Return the names of the cases' mediators and judges, for a reader who may know people's names."""
    people = {(case.court_id, person_id) for case in cases for person_id in _people_of(case)}
    if not people or not may(actor, Action.READ_PARTIES):
        return {}
    return hub.part(NamesOfPeople).shown(people)


def names_by(hub: Hub, actor: Actor, case: Case, said: Iterable[Said]) -> Mapping[str, str]:
    """Return the names of the court's people by their tokens' subjects, for a reader who may know them.

    Of others, such as a bank's clerk, nobody's name is known, even if a subject is the same.
    """
    subjects = {each.subject for each in said if each.role in _OF_THE_COURT}
    if not subjects or not may(actor, Action.READ_PARTIES):
        return {}
    shown = hub.part(NamesOfPeople).shown({(case.court_id, subject) for subject in subjects})
    return {subject: name for (_, subject), name in shown.items()}


def name_by(names: Mapping[str, str], said: Said) -> str | None:
    """Return the name of who said this, as `names_by` found it; None if it is not known."""
    return names.get(said.subject) if said.role in _OF_THE_COURT else None


def _people_of(case: Case) -> Iterable[str]:
    docketing = case.transfer.docketing if case.transfer else None
    named = (case.mediator_id, case.judge_id, docketing.judge_id if docketing else None)
    recommended = case.choice.recommended if case.choice else ()
    return filter(None, (*named, *recommended))


def view_of(
    hub: Hub,
    actor: Actor,
    case: Case,
    details: tuple[PartyDetails, ...] = (),
    names: Mapping[Who, str] | None = None,
) -> CaseView:
    """Return an already loaded case as the actor sees it."""
    context = read_only_context(hub, actor, case.court_id)
    return CaseView(
        case=replace(case, pending=waiting(case, context.at), recorded=open_acts(case, context.at))
        if case.pending or case.recorded
        else case,
        details=details,
        allowed_actions=_allowed(hub, case, context),
        today=local_date(context.at),
        calendar=context.calendar,
        names=names or {},
    )


_REOPENED_BY_A_REVERSAL: Final = frozenset({Stage.PAID, Stage.PERFORMED})


def _allowed(hub: Hub, case: Case, context: Context) -> tuple[Action, ...]:
    """Return what the actor could do to the case; nothing that reopens it if its debt was filed anew.

    Of a performed case with an overpayment a reversal might reopen nothing; it is not offered either then.
    """
    actions = allowed_actions(case, context)
    could_reopen = case.stage in _REOPENED_BY_A_REVERSAL and Action.REVERSE_REPAYMENT in actions
    if could_reopen and hub.cases.filed_anew(case):
        return tuple(action for action in actions if action is not Action.REVERSE_REPAYMENT)
    return actions
