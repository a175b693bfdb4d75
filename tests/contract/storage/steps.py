"""What the storage tests do to cases: changes made by the domain, filed and saved through the ports."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from chalicelib.domain import lifecycle
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.case import Case, Change, Context
from chalicelib.domain.commands import (
    Accept,
    Appoint,
    Command,
    Fail,
    GiveConsent,
    RequestTransfer,
    Screen,
)
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.events import Channel
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import SYSTEM, Actor
from chalicelib.domain.steps import CourtLimits
from chalicelib.use_cases.ports import Cases, DueIndex
from chalicelib.use_cases.records import Due
from tests.support.builders import SALT
from tests.support.fakes import samples
from tests.support.fakes.clock import START

DUE = START + timedelta(hours=1)
LATER = DUE + timedelta(hours=1)
FAR = DUE + timedelta(days=9999)


T = TypeVar("T")


def insisting(act: Callable[[], T]) -> T:
    """Repeat what the store was too busy for: transactions that meet may both be sent back."""
    for _ in range(100):
        try:
            return act()
        except StoreBusy:
            continue
    raise AssertionError("the store was busy a hundred times")


def put_off(due: DueIndex, work: Due, to: datetime) -> bool:
    """Move what is due at some time to another; False if it is not in the index."""
    found = [one for shard in range(due.shards) for one in due.overdue(shard, FAR) if one == work]
    return bool(due.move([(one, replace(one, at=to)) for one in found or [replace(work, at=DUE)]]))


def context(actor: Actor, at: datetime = START) -> Context:
    """Return what a decision of this actor needs."""
    channel = Channel.IN_PERSON if actor is samples.MEDIATOR else Channel.ONLINE
    return Context(
        actor=actor,
        at=at,
        salt=SALT,
        limits=CourtLimits(),
        calendar=WorkingCalendar(),
        channel=channel,
        code_verified=channel is Channel.IN_PERSON,
    )


def filed(case_id: str, *, at: datetime = START, **changes: Any) -> Change:
    """Return a filing; its contract number is the case id unless another is given."""
    command = samples.filing(**{"contract_number": case_id, **changes})
    return lifecycle.file(command, case_id, context(samples.INSTITUTION, at))


def add(store: Cases, case_id: str, *, at: datetime = START, **changes: Any) -> Case:
    """File a case with an idempotency key of its own."""
    details = changes.get("details", samples.filing().details)
    store.add(filed(case_id, at=at, **changes), details, samples.key(f"key-{case_id}"), DUE)
    return store.get(case_id)


def act(store: Cases, case: Case, command: Command, actor: Actor = SYSTEM, at: datetime = START) -> Case:
    """Apply a command and save the change."""
    change = lifecycle.apply(case, command, context(actor, at))
    return store.save(change, DUE, getattr(command, "details", ()))


def assigned(store: Cases, case_id: str, mediator_id: str = "m-1", **changes: Any) -> Case:
    """File a case and appoint its mediator and judge."""
    case = act(store, add(store, case_id, **changes), Screen())
    return act(store, case, Appoint(mediator_id=mediator_id, judge_id="j-1"), samples.CENTRE)


def unresolved(store: Cases, case_id: str) -> Case:
    """Bring a case through a mediation that fails."""
    case = act(store, assigned(store, case_id), Accept(), samples.MEDIATOR)
    case = act(store, case, GiveConsent(party_id="r1", online=True), samples.borrower(case_id))
    return act(store, case, Fail(reason=FailureReason.DIFFERENCES_TOO_LARGE), samples.MEDIATOR)


def transferring(store: Cases, case_id: str) -> Case:
    """Bring a case to where the court is owed its submission."""
    return act(store, unresolved(store, case_id), RequestTransfer(), samples.INSTITUTION)
