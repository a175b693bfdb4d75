"""The table's first part: from filing to an agreement in force, or to a mediation that ended without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain import rules, settlement_rules
from chalicelib.domain.choice import NameMediator
from chalicelib.domain.commands import Extend, GiveConsent
from chalicelib.domain.disclosure import WaiveRecusal
from chalicelib.domain.settlement_commands import Sign
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transitions.row import (
    CONSENT_RULES,
    SIGNING_RULES,
    Condition,
    Transition,
    consents,
    fails,
    overdue,
    withdrawn,
)

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import Command


def _consents_complete(case: Case, command: Command) -> bool:
    given = {command.party_id} if isinstance(command, GiveConsent) else set()
    return case.party_ids <= case.consents | given


CONSENTS_COMPLETE: Final = Condition(
    "every party has consented", "全体当事人均已同意调解", _consents_complete
)
ACCEPTED_AND_CONSENTS_COMPLETE: Final = Condition(
    "the mediator has accepted and this is the last consent",
    "调解员已接受指派，且全体当事人均已同意调解",
    lambda case, command: case.accepted_at is not None and _consents_complete(case, command),
)
ACCEPTED_ALREADY: Final = Condition(
    "the mediator has accepted",
    "调解员已接受指派",
    lambda case, _command: case.accepted_at is not None,
)
ALL_NAME_THE_SAME: Final = Condition(
    "every other party has named the same mediator",
    "其他当事人均已选择同一调解员",
    lambda case, command: isinstance(command, NameMediator) and command.completes(case),
)
ALL_WAIVE: Final = Condition(
    "every other party has waived it",
    "其他当事人均已同意",
    lambda case, command: isinstance(command, WaiveRecusal) and command.completes(case),
)
ALL_AGREE: Final = Condition(
    "every other party has agreed to the same number of days",
    "其他当事人均已同意延长相同天数",
    lambda case, command: isinstance(command, Extend) and command.agreed(case) == case.party_ids,
)
SIGNED_BY_ALL: Final = Condition(
    "this is the last signature",
    "全体当事人均已签署",
    lambda case, command: isinstance(command, Sign) and command.completes(case),
)
SIGNED_BY_ALL_AND_PAID: Final = Condition(
    "this is the last signature, and everything was paid before it",
    "全体当事人均已签署，且款项已经付清",
    lambda case, command: (
        isinstance(command, Sign)
        and command.completes(case)
        and (command.paid or case.outcome is SettlementOutcome.PAID_ON_THE_SPOT)
    ),
)


def _replaced(source: Stage, basis: str, *, before_agreement: bool = False) -> Transition:
    return Transition(
        source,
        Action.REPLACE_MEDIATOR,
        Stage.ASSIGNED if before_agreement else source,
        EventType.MEDIATOR_REPLACED,
        basis,
        command_guards=(rules.ANOTHER_MEDIATOR,),
        renews=before_agreement,
    )


def _disclosures(stage: Stage) -> tuple[Transition, ...]:
    waives = (rules.KNOWN_PARTY, rules.OWN_PARTY, rules.RELATION_TO_WAIVE, rules.MAY_BE_WAIVED)
    return (
        Transition(
            stage,
            Action.DISCLOSE,
            stage,
            EventType.RELATION_DISCLOSED,
            "OL13: a fact that may bear on impartiality is disclosed to all parties",
            command_guards=(rules.OWN_RELATION,),
        ),
        Transition(
            stage,
            Action.WAIVE_RECUSAL,
            stage,
            EventType.RECUSAL_WAIVED,
            "TY15, OL13: all parties agree to this mediator, who need not withdraw then",
            branch=ALL_WAIVE,
            command_guards=waives,
        ),
        Transition(
            stage,
            Action.WAIVE_RECUSAL,
            stage,
            EventType.WAIVER_RECORDED,
            "TY15, OL13: a party agrees to this mediator, others have not yet",
            command_guards=waives,
        ),
    )


def _other_judge(stage: Stage) -> Transition:
    return Transition(
        stage,
        Action.REPLACE_JUDGE,
        stage,
        EventType.JUDGE_REPLACED,
        "M9, M15: until the case is at the court another judge may guide it",
        command_guards=(rules.ANOTHER_JUDGE,),
    )


_GUIDED: Final = (
    *(Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED, Stage.PERFORMING, Stage.DEFAULTED),
    Stage.UNRESOLVED,
)
_DISCLOSED: Final = (Stage.SCREENED, Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED)
_ACCEPTS: Final = "TY15, OL12: the new mediator accepts first; the clock (TY27) stands still until then"
_TAKES_OVER: Final = "TY15: the new mediator takes the case over as it stands; limits stay"

MEDIATION: Final[tuple[Transition, ...]] = (
    Transition(
        Stage.FILED,
        Action.SCREEN,
        Stage.SCREENED,
        EventType.CASE_SCREENED,
        "M2: the claim's total decides the track",
    ),
    *consents(Stage.FILED),
    overdue(Stage.FILED, EventType.SCREENING_OVERDUE),
    withdrawn(Stage.FILED),
    Transition(
        Stage.SCREENED,
        Action.APPOINT,
        Stage.ASSIGNED,
        EventType.MEDIATOR_APPOINTED,
        "TY12, OL10: a mediator is agreed or appointed within 3 working days",
        case_guards=(rules.CHOICE_OVER,),
    ),
    Transition(
        Stage.SCREENED,
        Action.OPEN_CHOICE,
        Stage.SCREENED,
        EventType.MEDIATORS_RECOMMENDED,
        "OL10: three are recommended, and the parties choose together within 2 working days",
        case_guards=(rules.NO_CHOICE_YET,),
        renews=True,
    ),
    Transition(
        Stage.SCREENED,
        Action.NAME_MEDIATOR,
        Stage.ASSIGNED,
        EventType.MEDIATOR_APPOINTED,
        "TY12, OL10: the parties have chosen together",
        branch=ALL_NAME_THE_SAME,
        case_guards=(rules.CHOICE_OPEN,),
        command_guards=(rules.KNOWN_PARTY, rules.OWN_PARTY),
    ),
    Transition(
        Stage.SCREENED,
        Action.NAME_MEDIATOR,
        Stage.SCREENED,
        EventType.MEDIATOR_NAMED,
        "OL10: a party names a mediator, others have not named the same",
        case_guards=(rules.CHOICE_OPEN,),
        command_guards=(rules.KNOWN_PARTY, rules.OWN_PARTY),
    ),
    *consents(Stage.SCREENED),
    overdue(Stage.SCREENED, EventType.ASSIGNMENT_OVERDUE),
    withdrawn(Stage.SCREENED),
    Transition(
        Stage.ASSIGNED,
        Action.ACCEPT,
        Stage.IN_MEDIATION,
        EventType.MEDIATION_BEGUN,
        "OL12, TY27: the mediator accepts, all consents are there, the clock starts",
        branch=CONSENTS_COMPLETE,
        case_guards=(rules.NOT_YET_ACCEPTED, rules.NOTHING_UNWAIVED),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.ACCEPT,
        Stage.ASSIGNED,
        EventType.APPOINTMENT_ACCEPTED,
        "OL12: the mediator accepts; mediation waits for the consents (TY11)",
        case_guards=(rules.NOT_YET_ACCEPTED, rules.NOTHING_UNWAIVED),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.DECLINE,
        Stage.SCREENED,
        EventType.APPOINTMENT_DECLINED,
        "OL12, TY15: the mediator declines with a reason",
        case_guards=(rules.NOT_YET_ACCEPTED,),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.CONSENT,
        Stage.IN_MEDIATION,
        EventType.MEDIATION_BEGUN,
        "TY11: the last consent is there, mediation begins",
        branch=ACCEPTED_AND_CONSENTS_COMPLETE,
        command_guards=CONSENT_RULES,
    ),
    *consents(Stage.ASSIGNED),
    fails(Stage.ASSIGNED, rules.ACCEPTED),
    Transition(
        Stage.ASSIGNED,
        Action.EXPIRE,
        Stage.UNRESOLVED,
        EventType.CONSENT_EXPIRED,
        "TY11: silence within the limit is no consent",
        branch=ACCEPTED_ALREADY,
        case_guards=(rules.LIMIT_PASSED,),
    ),
    Transition(
        Stage.ASSIGNED,
        Action.EXPIRE,
        Stage.SCREENED,
        EventType.APPOINTMENT_LAPSED,
        "OL12: a mediator silent for 3 working days is replaced",
        case_guards=(rules.LIMIT_PASSED,),
    ),
    withdrawn(Stage.ASSIGNED),
    Transition(
        Stage.IN_MEDIATION,
        Action.EXTEND,
        Stage.IN_MEDIATION,
        EventType.MEDIATION_EXTENDED,
        "TY27, OL24: all parties agree to extend",
        branch=ALL_AGREE,
        case_guards=(rules.WITHIN_LIMIT,),
        command_guards=(rules.OWN_SIDE, rules.SPEAKS_FOR_ITSELF, rules.EXTENSION_WITHIN_CAP),
        renews=True,
    ),
    Transition(
        Stage.IN_MEDIATION,
        Action.EXTEND,
        Stage.IN_MEDIATION,
        EventType.EXTENSION_PROPOSED,
        "TY27, OL24: a party agrees to extend, others have not yet",
        case_guards=(rules.WITHIN_LIMIT,),
        command_guards=(rules.OWN_SIDE, rules.SPEAKS_FOR_ITSELF, rules.EXTENSION_WITHIN_CAP),
    ),
    Transition(
        Stage.IN_MEDIATION,
        Action.SETTLE,
        Stage.SETTLED,
        EventType.SETTLEMENT_REACHED,
        "OL25: the parties reach agreement",
        case_guards=(
            rules.NOTHING_UNWAIVED,
            settlement_rules.OFFER_ACCEPTED,
            settlement_rules.PLAN_NOT_BEGUN,
        ),
    ),
    fails(Stage.IN_MEDIATION),
    Transition(
        Stage.IN_MEDIATION,
        Action.EXPIRE,
        Stage.UNRESOLVED,
        EventType.MEDIATION_EXPIRED,
        "TY27, OL24, OL25: the time limit passes without extension",
        case_guards=(rules.LIMIT_PASSED,),
    ),
    withdrawn(Stage.IN_MEDIATION),
    Transition(
        Stage.SETTLED,
        Action.SIGN,
        Stage.PAID,
        EventType.AGREEMENT_PAID,
        "TY24, OL19: the agreement takes effect when all parties have signed, and is performed already",
        branch=SIGNED_BY_ALL_AND_PAID,
        case_guards=(rules.A_MEDIATOR_HAS_IT, rules.NOTHING_UNWAIVED, settlement_rules.SIGNED_IN_TIME),
        command_guards=(*SIGNING_RULES, rules.IDENTITY_CHECKED),
    ),
    Transition(
        Stage.SETTLED,
        Action.SIGN,
        Stage.PERFORMING,
        EventType.AGREEMENT_SIGNED,
        "TY24, OL19: the agreement takes effect when all parties have signed",
        branch=SIGNED_BY_ALL,
        case_guards=(rules.A_MEDIATOR_HAS_IT, rules.NOTHING_UNWAIVED, settlement_rules.SIGNED_IN_TIME),
        command_guards=(*SIGNING_RULES, rules.IDENTITY_CHECKED),
    ),
    Transition(
        Stage.SETTLED,
        Action.SIGN,
        Stage.SETTLED,
        EventType.SIGNATURE_RECORDED,
        "TY24, OL19: one party has signed",
        case_guards=(rules.A_MEDIATOR_HAS_IT, rules.NOTHING_UNWAIVED, settlement_rules.SIGNED_IN_TIME),
        command_guards=(*SIGNING_RULES, rules.IDENTITY_CHECKED),
    ),
    Transition(
        Stage.SETTLED,
        Action.REFUSE_TO_SIGN,
        Stage.UNRESOLVED,
        EventType.SIGNING_REFUSED,
        "OL25: a party refuses to sign, the mediation ends",
        command_guards=SIGNING_RULES,
    ),
    fails(Stage.SETTLED),
    Transition(
        Stage.SETTLED,
        Action.EXPIRE,
        Stage.UNRESOLVED,
        EventType.SIGNING_EXPIRED,
        "OL25 with a limit by [policy]: who does not sign refuses to sign",
        case_guards=(rules.LIMIT_PASSED,),
    ),
    withdrawn(Stage.SETTLED),
    _replaced(Stage.ASSIGNED, _ACCEPTS, before_agreement=True),
    _replaced(Stage.IN_MEDIATION, _ACCEPTS, before_agreement=True),
    *(row for stage in _DISCLOSED for row in _disclosures(stage)),
    *(_other_judge(stage) for stage in _GUIDED),
    *(_replaced(stage, _TAKES_OVER) for stage in (Stage.SETTLED, Stage.PERFORMING, Stage.DEFAULTED)),
)
