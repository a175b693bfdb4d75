"""The rules of objections and challenges; as in `rules`, each with its source and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.objection_commands import DecideChallenge, DecideObjection, Object
from chalicelib.domain.objections import open_acts
from chalicelib.domain.rules import CaseRule, CommandRule, could_act_for

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.commands import Command


def _objects_to_its_act(case: Case, command: Command, context: Context) -> bool:
    return isinstance(command, Object) and any(
        (act.number, act.party_id) == (command.act, command.party_id) for act in open_acts(case, context.at)
    )


def _not_its_recorder(case: Case, context: Context) -> bool:
    objection = case.objection
    return objection is None or context.actor.subject not in objection.act.recorded_by | {objection.raised_by}


def _not_its_challenger(case: Case, context: Context) -> bool:
    return case.challenge is None or context.actor.subject != case.challenge.raised_by


NO_OBJECTION = CaseRule(
    "no_objection_waits",
    "民法典 143, [policy]",
    "no objection waits for the centre's decision: until then the case stands still",
    "没有待中心决定的异议；异议未决定前，案件暂停流转",
    lambda case, _context: case.objection is None,
)
OBJECTION_WAITS = CaseRule(
    "objection_waits",
    "[policy]",
    "an objection waits for the centre's decision",
    "存在待中心决定的异议",
    lambda case, _context: case.objection is not None,
)
OBJECTS_TO_ITS_ACT = CommandRule(
    "objects_to_its_act",
    "民法典 143, 171, [policy]",
    "a person objects to an act recorded in its own name, on which something rests, within the days for it",
    "本人可以在规定期限内对以其名义登记且仍有效力的事项提出异议",
    _objects_to_its_act,
    lambda case, context: any(
        act.party_id in could_act_for(case, context) for act in open_acts(case, context.at)
    ),
)
DECIDED_BY_ANOTHER = CommandRule(
    "decided_by_another",
    "[policy]",
    "an objection is decided by somebody who recorded neither the act nor the objection",
    "异议应当由未参与该事项登记、复核，也未登记该异议的人员决定",
    lambda case, command, context: isinstance(command, DecideObjection) and _not_its_recorder(case, context),
    _not_its_recorder,
)
CHALLENGE_DECIDED_BY_ANOTHER = CommandRule(
    "challenge_decided_by_another",
    "TY15, [policy]",
    "a challenge is decided by somebody who did not record it",
    "回避申请应当由未登记该申请的人员决定",
    lambda case, command, context: (
        isinstance(command, DecideChallenge) and _not_its_challenger(case, context)
    ),
    _not_its_challenger,
)
DAYS_TO_OBJECT_OVER = CaseRule(
    "days_to_object_over",
    "民法典 143, [policy]",
    "nobody may still object to an act in its name on which the agreement rests",
    "对协议所依据的代为登记事项提出异议的期限均已届满",
    lambda case, context: not open_acts(case, context.at),
)
HOLD_OVER = CaseRule(
    "hold_over",
    "[policy]",
    "the days to object are over, so what was held leaves for the court",
    "异议期限已届满，暂缓移送的材料可以送交法院",
    lambda case, context: case.held_until is not None and context.at >= case.held_until,
)
NOTHING_HELD = CaseRule(
    "nothing_held",
    "[policy]",
    "the court has it: nothing is held until the days to object are over",
    "材料已移送法院，不存在因异议期限未满而暂缓移送的情形",
    lambda case, _context: case.held_until is None,
)
NO_CHALLENGE = CaseRule(
    "no_challenge_waits",
    "TY15",
    "no challenge of the mediator waits for the centre's decision",
    "没有待决定的回避申请",
    lambda case, _context: case.challenge is None,
)
CHALLENGE_WAITS = CaseRule(
    "challenge_waits",
    "TY15",
    "a challenge of the mediator waits for the centre's decision",
    "存在待决定的回避申请",
    lambda case, _context: case.challenge is not None,
)
