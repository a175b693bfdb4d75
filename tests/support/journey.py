"""Brings cases to a stage, for tests that start there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.commands import Accept, Appoint, Fail, GiveConsent, RequestTransfer
from chalicelib.domain.reasons import FailureReason
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.file_dispute import file_dispute
from tests.support.fakes import samples

if TYPE_CHECKING:
    from tests.support.fakes.hub import FakeHub


def file(hub: FakeHub, contract_number: str = "LOAN-1") -> str:
    """File a dispute; return its case id. Nothing else has happened yet."""
    command = samples.filing(contract_number)
    return file_dispute(hub, samples.INSTITUTION, command, samples.key(contract_number)).case_id


def mediated_case(hub: FakeHub) -> str:
    """Bring a new case into mediation, every queue drained."""
    case_id = file(hub)
    hub.run()
    act_on_case(hub, samples.CENTRE, case_id, Appoint(mediator_id="m-1", judge_id="j-1"))
    act_on_case(hub, samples.borrower(case_id), case_id, GiveConsent(party_id="r1", online=True))
    act_on_case(hub, samples.MEDIATOR, case_id, Accept())
    hub.run()
    return case_id


def transferring_case(hub: FakeHub) -> tuple[str, str]:
    """Bring a new case to a submission owed to the court; return case id and dispatch id."""
    case_id = mediated_case(hub)
    act_on_case(hub, samples.MEDIATOR, case_id, Fail(reason=FailureReason.DIFFERENCES_TOO_LARGE))
    case = act_on_case(hub, samples.INSTITUTION, case_id, RequestTransfer())
    return case_id, f"{case_id}-D{case.version}"
