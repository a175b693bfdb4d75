"""File a dispute: the institution hands a claim to the hub."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.claim import WayIn
from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.permissions import authorise
from chalicelib.domain.stages import Action
from chalicelib.use_cases.capability_ports import EnrolledInstitution, OwnApplications
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import context_of

if TYPE_CHECKING:
    from chalicelib.domain.commands import FileDispute
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Filed, Idempotency


def file_dispute(hub: Hub, actor: Actor, command: FileDispute, idempotency: Idempotency) -> Filed:
    """Open a case and return the answer; the same key and body again return the same answer.

    With a debt, a claim beyond the court's tolerance is refused. Raises NotPermitted, UnknownCourt, what
    `EnrolledInstitution` refuses, ClaimDiffers, another LoanError, IdempotencyKeyReused or DuplicateFiling. A
    filing that answers a borrower's own application joins it in the same transaction; raises
    ApplicationNotFound, or RuleViolated if it is not of this institution, court or person, or is over.
    """
    authorise(actor, Action.FILE)
    if actor.institution_id != command.institution_id:
        raise NotPermitted(actor.role, "file for another institution")
    context = context_of(hub, actor, command.court_id)
    hub.part(EnrolledInstitution).check(command)
    if command.debt is not None:
        from chalicelib.domain.explanation import check_filing  # noqa: PLC0415 - the arithmetic, for few

        check_filing(command.debt, command.claim, context.limits.claim_tolerance)
    case_id = hub.new_id()
    joining = hub.part(OwnApplications).joining(hub, command, case_id, context)
    if joining is not None:
        command = replace(command, way_in=WayIn.OWN_APPLICATION)
    change = lifecycle.file(command, case_id, context).with_records(joining)
    filed = hub.cases.add(change, command.details, idempotency, follow_up_time(hub))
    if not filed.replayed:
        hub.metrics.count("CasesFiled")
    return filed
