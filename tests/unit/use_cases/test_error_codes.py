"""Every refusal of the error tree is provoked here, through the use case that raises it.

A new leaf of the tree without its provocation fails the first test.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.capabilities.applications.service import own as own_applications
from chalicelib.capabilities.applications.service import read as read_application
from chalicelib.capabilities.applications.service import request_code
from chalicelib.capabilities.guidance.service import write_guidance
from chalicelib.capabilities.institutions.model import InstitutionState
from chalicelib.capabilities.institutions.service import enrol, read_institution
from chalicelib.capabilities.roster.model import PersonState
from chalicelib.capabilities.roster.service import enter_person, read_person
from chalicelib.capabilities.sessions.service import cancel_session
from chalicelib.domain import errors
from chalicelib.domain.commands import Accept, Appoint, GiveConsent, Withdraw
from chalicelib.domain.errors import CourtRefusedMessage, Fault, HubError, InvalidInput
from chalicelib.domain.events import verify_chain
from chalicelib.domain.loan.concession import DEFAULT_TIERS
from chalicelib.domain.money import Money
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.apply_callback import apply_callback
from chalicelib.use_cases.dispatch_to_court import dispatch_to_court
from chalicelib.use_cases.file_dispute import file_dispute
from chalicelib.use_cases.make_document import make_document
from chalicelib.use_cases.papers import PaperRequest
from chalicelib.use_cases.publish_policy import publish_policy
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.read_document_of_case import read_document_of_case
from chalicelib.use_cases.read_dossier import read_document, read_dossier
from chalicelib.use_cases.read_statement import read_statement
from chalicelib.use_cases.record_repayment import record_repayment
from chalicelib.use_cases.request_signing_code import request_signing_code
from chalicelib.use_cases.send_notice import send_notice
from tests.support.desk import Desk
from tests.support.fakes.samples import (
    BANK_DETAILS,
    BORROWER_DETAILS,
    CENTRE,
    COURT,
    INSTITUTION,
    INSTITUTION_ID,
    MEDIATOR,
    borrower,
    filing,
    key,
)
from tests.support.gates import gated
from tests.unit.use_cases.agreements import in_force
from tests.unit.use_cases.test_repayments import payment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def leaves(root: type[HubError] = HubError) -> Iterator[type[HubError]]:
    """Yield the errors of the tree that are raised themselves."""
    children = [kind for kind in root.__subclasses__() if kind.__module__ == errors.__name__]
    if not children:
        yield root
    for child in children:
        yield from leaves(child)


def _malformed(_desk: Desk) -> None:
    # Raised where requests are parsed; the domain only gives it its shape.
    raise InvalidInput([Fault(pointer="/claim", code="missing", message="a claim is needed")])


def _tampered(desk: Desk) -> None:
    case_id = desk.reach(Stage.SCREENED)
    events = desk.hub.cases.events(case_id, 0, 10)
    verify_chain([replace(events[0], subject="somebody else"), *events[1:]])


def _down(desk: Desk) -> None:
    desk.reach(Stage.TRANSFERRING)
    (owed,) = desk.hub.memory.dispatches
    dispatch_to_court(desk.hub, *owed)


def _wrong_key(desk: Desk) -> None:
    desk.reach(Stage.TRANSFERRING)
    desk.hub.court.down = False
    desk.hub.court.refuses = CourtRefusedMessage(401, "unknown_key")
    (owed,) = desk.hub.memory.dispatches
    dispatch_to_court(desk.hub, *owed)


def _told(desk: Desk) -> None:
    case = desk.case(desk.file("LOAN-1"))
    desk.hub.codes.issue(case, "r1", "a" * 64, desk.hub.clock.now())
    (owed,) = desk.hub.memory.notices
    send_notice(desk.hub, *owed)


def _gateway_down(desk: Desk) -> None:
    desk.hub.gateway.down = True
    _told(desk)


def _gateway_knows_no_key(desk: Desk) -> None:
    desk.hub.gateway.refuses = errors.MessengerRefused(401, "bad_signature")
    _told(desk)


def _stale(desk: Desk) -> None:
    case_id = desk.reach(Stage.SCREENED)
    act_on_case(desk.hub, INSTITUTION, case_id, Withdraw(), expected_version=1)


def _not_at_this_stage(desk: Desk) -> None:
    case_id = desk.reach(Stage.IN_MEDIATION)
    act_on_case(desk.hub, CENTRE, case_id, Appoint(mediator_id="m-2", judge_id="j-1"))


def _appoint(desk: Desk, mediator_id: str, judge_id: str) -> None:
    case_id = desk.reach(Stage.SCREENED)
    act_on_case(desk.hub, CENTRE, case_id, Appoint(mediator_id=mediator_id, judge_id=judge_id))


def _entered_meanwhile(desk: Desk) -> None:
    enter_person(
        desk.hub,
        CENTRE,
        person_id="m-1",
        name="林和",
        role=Role.MEDIATOR,
        state=PersonState.SUSPENDED,
        reason="请假",
        expected_version=0,
    )


def _for_somebody_else(desk: Desk) -> None:
    case_id = desk.reach(Stage.SCREENED)
    act_on_case(desk.hub, borrower(case_id), case_id, GiveConsent(party_id="a1", online=True))


def _document(desk: Desk) -> None:
    case_id = desk.reach(Stage.SUBMITTED)
    read_document(desk.hub, COURT, f"{case_id}-T1", "no-such-document")


def _replaced_file(desk: Desk) -> None:
    transfer_id = f"{desk.reach(Stage.SUBMITTED)}-T1"
    stored = desk.hub.dossier_store.stored
    stored[transfer_id, "complaint"] = replace(stored[transfer_id, "complaint"], content=b'{"forged":true}')
    read_dossier(desk.hub, COURT, transfer_id)


def _never_alone(_desk: Desk) -> None:
    desk, case_id = in_force()

    def before(call: str) -> None:
        if call == "cases.save":
            raise errors.StaleVersion(case_id)

    record_repayment(gated(desk.hub, before), INSTITUTION, case_id, payment(desk, Money(1), "PAY-1"))


def _file_as(desk: Desk, institution_id: str = INSTITUTION_ID, name: str = BANK_DETAILS.name) -> None:
    details = (replace(BANK_DETAILS, name=name), BORROWER_DETAILS)
    filer = replace(INSTITUTION, institution_id=institution_id)
    file_dispute(desk.hub, filer, filing(institution_id=institution_id, details=details), key())


def _enrol(desk: Desk, version: int, state: InstitutionState = InstitutionState.ACTIVE) -> None:
    stored = read_institution(desk.hub, CENTRE, INSTITUTION_ID)[-1]
    institution = replace(stored.institution, state=state)
    enrol(
        desk.hub,
        CENTRE,
        institution,
        stored.private,
        expected_version=version,
        reason="违反共同规则",
    )


def _file_suspended(desk: Desk) -> None:
    _enrol(desk, 1, InstitutionState.SUSPENDED)
    _file_as(desk)


def _publish(desk: Desk, institution_id: str = INSTITUTION_ID, version: int = 1) -> None:
    publish_policy(
        desk.hub,
        INSTITUTION,
        institution_id,
        valid_from=date(2027, 1, 1),
        valid_to=None,
        tiers=DEFAULT_TIERS,
        expected_version=version,
    )


def _reused_key(desk: Desk) -> None:
    desk.file("LOAN-1")
    file_dispute(desk.hub, INSTITUTION, filing("LOAN-2"), key("LOAN-1", "another body"))


def _duplicate(desk: Desk) -> None:
    desk.file("LOAN-1")
    file_dispute(desk.hub, INSTITUTION, filing("LOAN-1"), key("another key"))


def _landline(desk: Desk) -> None:
    case_id = desk.reach(Stage.SETTLED)
    desk.hub.memory.details[case_id]["r1"] = replace(BORROWER_DETAILS, phone="0593-2960001")
    request_signing_code(desk.hub, borrower(case_id), case_id, "r1")


def _names_a_party(desk: Desk) -> None:
    case_id = desk.reach(Stage.IN_MEDIATION)
    name = desk.hub.cases.details(desk.case(case_id))[1].name
    write_guidance(desk.hub, MEDIATOR, case_id, name, key("k"))


def _no_such_paper(desk: Desk) -> None:
    read_document_of_case(desk.hub, INSTITUTION, desk.reach(Stage.SCREENED), "0" * 64)


def _no_agreement(desk: Desk) -> None:
    case_id = desk.reach(Stage.IN_MEDIATION)
    make_document(desk.hub, MEDIATOR, case_id, PaperRequest(kind=PaperKind.MEDIATION_AGREEMENT))


def _codes_for_a_village(desk: Desk) -> None:
    for number in range(61):
        request_code(desk.hub, f"139000000{number:02}", "192.0.2.1")


PROVOCATIONS: Final[dict[type[HubError], Callable[[Desk], object]]] = {
    InvalidInput: _malformed,
    errors.UnknownCourt: lambda desk: file_dispute(desk.hub, INSTITUTION, filing(court_id="nowhere"), key()),
    errors.NotPermitted: lambda desk: act_on_case(desk.hub, INSTITUTION, "C-1", Accept()),
    errors.CaseNotFound: lambda desk: read_case(desk.hub, INSTITUTION, "C-9999"),
    errors.TransferNotFound: lambda desk: read_dossier(desk.hub, COURT, "C-9999-T1"),
    errors.DocumentNotFound: _document,
    errors.CallbackNotFound: lambda desk: apply_callback(desk.hub, "CB-unknown"),
    errors.PersonNotFound: lambda desk: read_person(desk.hub, MEDIATOR, "m-2"),
    errors.StalePerson: _entered_meanwhile,
    errors.MediatorNotEligible: lambda desk: _appoint(desk, "m-9", "j-1"),
    errors.JudgeNotEligible: lambda desk: _appoint(desk, "m-1", "j-9"),
    errors.SessionNotFound: lambda desk: cancel_session(
        desk.hub, MEDIATOR, desk.reach(Stage.IN_MEDIATION), "0" * 32
    ),
    errors.ApplicationNotFound: lambda desk: read_application(desk.hub, CENTRE, "none"),
    errors.PassNotAccepted: lambda desk: own_applications(desk.hub, "0" * 32),
    errors.TooManyCodes: _codes_for_a_village,
    errors.PolicyNotFound: lambda desk: _publish(desk, "bank-9"),
    errors.ContentAltered: _replaced_file,
    errors.Contended: _never_alone,
    errors.DuplicateFiling: _duplicate,
    errors.IdempotencyKeyReused: _reused_key,
    errors.InstitutionNotFound: lambda desk: read_institution(desk.hub, CENTRE, "bank-nope"),
    errors.InstitutionNotEnrolled: lambda desk: _file_as(desk, "bank-nope"),
    errors.InstitutionSuspended: _file_suspended,
    errors.NotAsEnrolled: lambda desk: _file_as(desk, name="另一家银行"),
    errors.TextTellsOfParties: _names_a_party,
    errors.StaleInstitution: lambda desk: _enrol(desk, 7),
    errors.StaleVersion: _stale,
    errors.StalePolicy: lambda desk: _publish(desk, version=2),
    errors.ActionNotAvailable: _not_at_this_stage,
    errors.RuleViolated: _for_somebody_else,
    errors.DebtNotKnown: lambda desk: read_statement(desk.hub, INSTITUTION, desk.file()),
    errors.PaperNotFound: _no_such_paper,
    errors.PaperNotPossible: _no_agreement,
    errors.PhoneTakesNoCodes: _landline,
    errors.ChainBroken: _tampered,
    errors.CourtUnavailable: _down,
    errors.CourtRefusedMessage: _wrong_key,
    errors.MessengerUnavailable: _gateway_down,
    errors.MessengerRefused: _gateway_knows_no_key,
}


def test_every_leaf_of_the_tree_is_provoked() -> None:
    """What nothing raises should not be in the contract."""
    of_adapters = {errors.OutcomeUnknown, errors.TimestampUnavailable}  # which their contract tests provoke
    assert set(PROVOCATIONS) == set(leaves()) - of_adapters


@pytest.mark.parametrize("kind", PROVOCATIONS, ids=lambda kind: kind.code)
def test_it_is_raised_as_itself(kind: type[HubError]) -> None:
    """The very class, with its code, and a text without anybody's data."""
    with pytest.raises(kind) as refused:
        PROVOCATIONS[kind](Desk())
    assert type(refused.value) is kind
    assert refused.value.code == kind.code
    for personal in ("张试", "11010519491231002X", "13800001234"):
        assert personal not in str(refused.value)


def test_roles_are_the_only_thing_a_refused_caller_learns() -> None:
    """The refusal of a role says what every caller of that role may know."""
    with pytest.raises(errors.NotPermitted, match="role institution may not accept") as refused:
        act_on_case(Desk().hub, INSTITUTION, "C-1", Accept())
    assert refused.value.role is Role.INSTITUTION
