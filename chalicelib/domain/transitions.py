"""The one table of transitions: stage, action, condition, next stage, event and legal basis.

Promise: everything that depends on what may follow what is derived from this table: the API's allowed
actions, the documentation page, the state machine's coverage test and the property tests. For a stage
and an action the first row whose condition holds is taken; its rules then have to hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain import rules
from chalicelib.domain.commands import Extend, GiveConsent, Sign
from chalicelib.domain.court_commands import RecordReview
from chalicelib.domain.errors import ActionNotAvailable
from chalicelib.domain.events import EventType
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.transfer import DispatchKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.commands import Command


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `renews`: the step starts anew with a fresh deadline even if it is the same one."""

    source: Stage
    action: Action
    target: Stage
    event: EventType
    basis: str
    when: Callable[[Case, Command], bool] | None = None
    requires: tuple[rules.CaseRule, ...] = ()
    accepts: tuple[rules.CommandRule, ...] = ()
    renews: bool = False
    dispatches: DispatchKind | None = None


def _consents_complete(case: Case, command: Command) -> bool:
    given = {command.party_id} if isinstance(command, GiveConsent) else set()
    return case.party_ids <= case.consents | given


def _begins(case: Case, command: Command) -> bool:
    return case.accepted_at is not None and _consents_complete(case, command)


def _signed_by_all(case: Case, command: Command) -> bool:
    return isinstance(command, Sign) and case.party_ids <= case.signatures | {command.party_id}


def _both_sides_agree(case: Case, command: Command) -> bool:
    return isinstance(command, Extend) and command.agreed(case)


def _returned(_case: Case, command: Command) -> bool:
    return isinstance(command, RecordReview) and command.result.returns


def _accepted_already(case: Case, _command: Command) -> bool:
    return case.accepted_at is not None


_CONSENT_RULES: Final = (rules.KNOWN_PARTY, rules.OWN_PARTY, rules.CONSENT_IS_NEW)
_FAIL_RULES: Final = (rules.REASON_IS_THE_MEDIATORS, rules.REFUSAL_TO_SIGN_NEEDS_AGREEMENT)
_COURT_SPEAKS: Final = (rules.SPEAKS_OF_THIS_TRANSFER,)
_REVIEW_RULES: Final = (rules.SPEAKS_OF_THIS_TRANSFER, rules.REVIEW_IS_NEWS)


def _consent(source: Stage) -> tuple[Transition, ...]:
    return (
        Transition(
            source,
            Action.CONSENT,
            source,
            EventType.CONSENT_GIVEN,
            "TY11, OL4: mediation needs the parties' consent, its online mode a consent of its own",
            accepts=_CONSENT_RULES,
        ),
        Transition(
            source,
            Action.REFUSE_CONSENT,
            Stage.UNRESOLVED,
            EventType.CONSENT_REFUSED,
            "TY11, TY12: without consent there is no mediation",
            accepts=_CONSENT_RULES,
        ),
    )


def _fail(source: Stage, *requires: rules.CaseRule) -> Transition:
    return Transition(
        source,
        Action.FAIL,
        Stage.UNRESOLVED,
        EventType.MEDIATION_FAILED,
        "OL25: the mediation ends for a stated reason",
        requires=requires,
        accepts=_FAIL_RULES,
    )


def _withdraw(source: Stage, *, court_knows: bool = False) -> Transition:
    return Transition(
        source,
        Action.WITHDRAW,
        Stage.WITHDRAWN,
        EventType.CASE_WITHDRAWN,
        "OL25: the applicant withdraws; a court that has the transfer is told",
        dispatches=DispatchKind.WITHDRAWN if court_knows else None,
    )


def _overdue(source: Stage, event: EventType, *, dispatches: DispatchKind | None = None) -> Transition:
    return Transition(
        source,
        Action.EXPIRE,
        source,
        event,
        "[policy] the delay is recorded and the step goes on with a fresh limit",
        requires=(rules.LIMIT_PASSED,),
        renews=True,
        dispatches=dispatches,
    )


def _court_results(source: Stage) -> tuple[Transition, ...]:
    # The court's messages may overtake its own receipt, so they are taken before and after it.
    return (
        Transition(
            source,
            Action.RECORD_REVIEW,
            Stage.RETURNED,
            EventType.TRANSFER_RETURNED,
            "one-network contract: what the registry rejects comes back for correction (补正)",
            when=_returned,
            accepts=_REVIEW_RULES,
        ),
        Transition(
            source,
            Action.RECORD_REVIEW,
            Stage.SUBMITTED,
            EventType.REVIEW_RECORDED,
            "one-network contract: the registry has the submission",
            accepts=_REVIEW_RULES,
        ),
        Transition(
            source,
            Action.RECORD_DOCKETING,
            Stage.DOCKETED,
            EventType.CASE_DOCKETED,
            "民事诉讼法 art. 126: the court registers the case (立案)",
            accepts=_COURT_SPEAKS,
        ),
        Transition(
            source,
            Action.RECORD_REFUSAL,
            Stage.REFUSED,
            EventType.FILING_REFUSED,
            "民事诉讼法 art. 126: the court refuses the suit (不予受理)",
            accepts=_COURT_SPEAKS,
        ),
    )


TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(
        Stage.FILED,
        Action.SCREEN,
        Stage.SCREENED,
        EventType.CASE_SCREENED,
        "M2: the claim's total decides the track",
    ),
    *_consent(Stage.FILED),
    _overdue(Stage.FILED, EventType.SCREENING_OVERDUE),
    _withdraw(Stage.FILED),
    Transition(
        Stage.SCREENED,
        Action.APPOINT,
        Stage.ASSIGNED,
        EventType.MEDIATOR_APPOINTED,
        "TY12, OL10: a mediator is agreed or appointed within 3 working days",
    ),
    *_consent(Stage.SCREENED),
    _overdue(Stage.SCREENED, EventType.ASSIGNMENT_OVERDUE),
    _withdraw(Stage.SCREENED),
    Transition(
        Stage.ASSIGNED,
        Action.ACCEPT,
        Stage.IN_MEDIATION,
        EventType.MEDIATION_BEGUN,
        "OL12, TY27: the mediator accepts, all consents are there, the clock starts",
        when=_consents_complete,
        requires=(rules.NOT_YET_ACCEPTED,),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.ACCEPT,
        Stage.ASSIGNED,
        EventType.APPOINTMENT_ACCEPTED,
        "OL12: the mediator accepts; mediation waits for the consents (TY11)",
        requires=(rules.NOT_YET_ACCEPTED,),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.DECLINE,
        Stage.SCREENED,
        EventType.APPOINTMENT_DECLINED,
        "OL12, TY15: the mediator declines with a reason",
        requires=(rules.NOT_YET_ACCEPTED,),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.CONSENT,
        Stage.IN_MEDIATION,
        EventType.MEDIATION_BEGUN,
        "TY11: the last consent is there, mediation begins",
        when=_begins,
        accepts=_CONSENT_RULES,
    ),
    *_consent(Stage.ASSIGNED),
    _fail(Stage.ASSIGNED, rules.ACCEPTED),
    Transition(
        Stage.ASSIGNED,
        Action.EXPIRE,
        Stage.UNRESOLVED,
        EventType.CONSENT_EXPIRED,
        "TY11: silence within the limit is no consent",
        when=_accepted_already,
        requires=(rules.LIMIT_PASSED,),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.EXPIRE,
        Stage.SCREENED,
        EventType.APPOINTMENT_LAPSED,
        "OL12: a mediator silent for 3 working days is replaced",
        requires=(rules.LIMIT_PASSED,),
    ),
    _withdraw(Stage.ASSIGNED),
    Transition(
        Stage.IN_MEDIATION,
        Action.EXTEND,
        Stage.IN_MEDIATION,
        EventType.MEDIATION_EXTENDED,
        "TY27, OL24: both parties agree to extend",
        when=_both_sides_agree,
        requires=(rules.WITHIN_LIMIT,),
        accepts=(rules.OWN_SIDE, rules.EXTENSION_WITHIN_CAP),
        renews=True,
    ),
    Transition(
        Stage.IN_MEDIATION,
        Action.EXTEND,
        Stage.IN_MEDIATION,
        EventType.EXTENSION_PROPOSED,
        "TY27, OL24: one party agrees to extend, the other has not yet",
        requires=(rules.WITHIN_LIMIT,),
        accepts=(rules.OWN_SIDE, rules.EXTENSION_WITHIN_CAP),
    ),
    Transition(
        Stage.IN_MEDIATION,
        Action.SETTLE,
        Stage.SETTLED,
        EventType.SETTLEMENT_REACHED,
        "OL25: the parties reach agreement",
    ),
    _fail(Stage.IN_MEDIATION),
    Transition(
        Stage.IN_MEDIATION,
        Action.EXPIRE,
        Stage.UNRESOLVED,
        EventType.MEDIATION_EXPIRED,
        "TY27, OL24, OL25: the time limit passes without extension",
        requires=(rules.LIMIT_PASSED,),
    ),
    _withdraw(Stage.IN_MEDIATION),
    Transition(
        Stage.SETTLED,
        Action.SIGN,
        Stage.SIGNED,
        EventType.AGREEMENT_SIGNED,
        "TY24, OL19: the agreement takes effect when all parties have signed",
        when=_signed_by_all,
        accepts=(rules.KNOWN_PARTY, rules.OWN_PARTY, rules.SIGNATURE_IS_NEW),
    ),
    Transition(
        Stage.SETTLED,
        Action.SIGN,
        Stage.SETTLED,
        EventType.SIGNATURE_RECORDED,
        "TY24, OL19: one party has signed",
        accepts=(rules.KNOWN_PARTY, rules.OWN_PARTY, rules.SIGNATURE_IS_NEW),
    ),
    _fail(Stage.SETTLED),
    Transition(
        Stage.SETTLED,
        Action.EXPIRE,
        Stage.UNRESOLVED,
        EventType.SIGNING_EXPIRED,
        "OL25 with a limit by [policy]: who does not sign refuses to sign",
        requires=(rules.LIMIT_PASSED,),
    ),
    _withdraw(Stage.SETTLED),
    Transition(
        Stage.UNRESOLVED,
        Action.TRANSFER,
        Stage.TRANSFERRING,
        EventType.TRANSFER_REQUESTED,
        "TY21, OL21: the party insists, the court must register the suit",
        dispatches=DispatchKind.SUBMISSION,
    ),
    Transition(
        Stage.UNRESOLVED,
        Action.DROP,
        Stage.CLOSED,
        EventType.LITIGATION_DROPPED,
        "TY21: the institution does not insist",
    ),
    Transition(
        Stage.UNRESOLVED,
        Action.EXPIRE,
        Stage.CLOSED,
        EventType.DECISION_EXPIRED,
        "[policy] an institution silent for the limit does not insist; it may file again",
        requires=(rules.LIMIT_PASSED,),
    ),
    _withdraw(Stage.UNRESOLVED),
    Transition(
        Stage.TRANSFERRING,
        Action.RECORD_RECEIPT,
        Stage.SUBMITTED,
        EventType.TRANSFER_SUBMITTED,
        "one-network contract: the court has the message",
        accepts=_COURT_SPEAKS,
    ),
    *_court_results(Stage.TRANSFERRING),
    _overdue(Stage.TRANSFERRING, EventType.SUBMISSION_OVERDUE, dispatches=DispatchKind.SUBMISSION),
    _withdraw(Stage.TRANSFERRING, court_knows=True),
    Transition(
        Stage.SUBMITTED,
        Action.RECORD_RECEIPT,
        Stage.SUBMITTED,
        EventType.RECEIPT_RECORDED,
        "one-network contract: a result overtook the receipt",
        requires=(rules.RECEIPT_MISSING,),
        accepts=_COURT_SPEAKS,
    ),
    *_court_results(Stage.SUBMITTED),
    _overdue(Stage.SUBMITTED, EventType.COURT_REVIEW_OVERDUE),
    _withdraw(Stage.SUBMITTED, court_knows=True),
    Transition(
        Stage.RETURNED,
        Action.CORRECT,
        Stage.CORRECTED,
        EventType.TRANSFER_CORRECTED,
        "one-network contract: the institution corrects (补正)",
        accepts=(rules.CORRECTS_SOMETHING,),
        dispatches=DispatchKind.CORRECTED,
    ),
    _overdue(Stage.RETURNED, EventType.CORRECTION_OVERDUE),
    _withdraw(Stage.RETURNED, court_knows=True),
    Transition(
        Stage.CORRECTED,
        Action.RETRANSFER,
        Stage.TRANSFERRING,
        EventType.TRANSFER_REQUESTED,
        "OL21: the corrected complaint goes to the court again",
        dispatches=DispatchKind.SUBMISSION,
    ),
    _overdue(Stage.CORRECTED, EventType.RESUBMISSION_OVERDUE),
    _withdraw(Stage.CORRECTED, court_knows=True),
)


def choose(case: Case, command: Command, context: Context) -> Transition:
    """Return the row this command takes, or raise ActionNotAvailable or RuleViolated."""
    rows = [row for row in TRANSITIONS if row.source is case.stage and row.action is command.action]
    row = next((row for row in rows if row.when is None or row.when(case, command)), None)
    if row is None:
        raise ActionNotAvailable(case.stage, command.action)
    for required in row.requires:
        if not required.holds(case, context):
            raise required.refusal()
    for rule in row.accepts:
        if not rule.accepts(case, command, context):
            raise rule.refusal()
    return row


def is_open(row: Transition, case: Case, context: Context) -> bool:
    """Tell whether a row could be taken now, given a command that its rules accept."""
    return row.source is case.stage and all(rule.holds(case, context) for rule in row.requires)
