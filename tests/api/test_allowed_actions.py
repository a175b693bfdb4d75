"""What a case says can be done next can be done, over HTTP, by that very reader; nothing here lists it.

Promise: for every role and every case with an agreement in force, each allowed action finds its route in the
document of operations and answers 200. Downside: one body an action; what else a body may say is tested
elsewhere.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from chalicelib.api.operations import Operation
from chalicelib.api.routes import operations
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Action
from chalicelib.domain.transitions import TRANSITIONS
from tests.support.bodies import docketed, ruled
from tests.support.courses import act, done, in_mediation
from tests.support.deals import (
    SETTLEMENT,
    accepted,
    applies,
    code_for,
    day,
    in_force,
    monthly,
    offer,
    offers,
    passes,
    pays,
    ruled_on,
    settled,
    settlement_of,
    signature,
    signs,
)
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

Make = Callable[[Api], str]
Fill = Callable[[Api, str, Actor], dict[str, Any]]


AGENT: Final = {
    "action": "record",
    "name": "林试",
    "authority": "special",
    "letter_number": "样律委字第8号",
}


def slow(api: Api) -> str:
    """Put a plan in force whose first payment is due after the window to confirm."""
    return in_force(api, offer(api, tier="instalments", schedule=monthly(count=6)))


def paid_a_part(make: Make) -> Make:
    def made(api: Api) -> str:
        case_id = make(api)
        pays(api, case_id, "1.00")
        return case_id

    return made


def in_default(make: Make) -> Make:
    def made(api: Api) -> str:
        case_id = make(api)
        passes(api, 20)
        return case_id

    return made


def offered(api: Api) -> str:
    case_id = in_mediation(api)
    offers(api, case_id)
    return case_id


def signed_once(api: Api) -> str:
    case_id = settled(api)
    signs(api, case_id, "a1")
    return case_id


def applied_once(api: Api) -> str:
    case_id = in_force(api)
    applies(api, case_id, "r1")
    return case_id


def performed(api: Api) -> str:
    case_id = in_force(api)
    pays(api, case_id, settlement_of(api, case_id)["performance"]["payoff_today"])
    return case_id


def represented(api: Api) -> str:
    case_id = in_mediation(api)
    for actor, party_id, name in ((INSTITUTION, "a1", "郑试"), (borrower(case_id), "r1", "吴试")):
        done(act(api, case_id, "agents", AGENT | {"party_id": party_id, "name": name}, actor))
    return case_id


def in_its_name(api: Api) -> str:
    """Let the mediator and somebody of the centre record that the borrower agrees to extend."""
    case_id = in_mediation(api)
    body = {"side": "respondent", "party_id": "r1", "days": 3, "channel": "in_person"}
    for recorder in (MEDIATOR, replace(CENTRE, subject="centre-9")):
        done(act(api, case_id, "extension", body, recorder))
    return case_id


def objected(api: Api) -> str:
    case_id = in_its_name(api)
    body = objection(api, case_id, borrower(case_id))
    done(act(api, case_id, "objections", body, borrower(case_id)))
    return case_id


def challenged(api: Api) -> str:
    case_id = in_mediation(api)
    body = {"party_id": "r1", "ground": "near_relative"}
    done(act(api, case_id, "challenges", body, borrower(case_id)))
    return case_id


def named_by_the_bank(api: Api) -> str:
    """Let the bank's filing say who acts for the borrower."""
    named = {"name": "吴试", "authority": "special", "letter_number": "样律委字第9号"}
    return in_mediation(api, respondents__0__agents=[named])


def disclosed(api: Api) -> str:
    case_id = in_mediation(api)
    body = BODIES[Action.DISCLOSE](api, case_id, MEDIATOR)
    done(act(api, case_id, "disclosures", body, MEDIATOR))
    return case_id


CASES: Final[dict[str, Make]] = {
    "named by the bank": named_by_the_bank,
    "disclosed": disclosed,
    "in its name": in_its_name,
    "objected": objected,
    "challenged": challenged,
    "represented": represented,
    "in_mediation": in_mediation,
    "offered": offered,
    "accepted": accepted,
    "settled": settled,
    "signed_once": signed_once,
    "performing": paid_a_part(in_force),
    "applied_once": paid_a_part(applied_once),
    "confirmed": paid_a_part(lambda api: ruled_on(api, slow(api))),
    "rejected": paid_a_part(lambda api: ruled_on(api, slow(api), "content_unclear")),
    "defaulted": in_default(paid_a_part(in_force)),
    "defaulted, applied once": in_default(paid_a_part(applied_once)),
    "defaulted, confirmed": in_default(paid_a_part(lambda api: ruled_on(api, in_force(api)))),
    "defaulted, rejected": in_default(paid_a_part(lambda api: ruled_on(api, in_force(api), "other"))),
    "performed": performed,
}


def own_side(_api: Api, _case_id: str, actor: Actor) -> dict[str, Any]:
    """Speak for the own side; mediator and centre record what the respondent says."""
    side = {Role.INSTITUTION: Side.APPLICANT, Role.BORROWER: Side.RESPONDENT}.get(actor.role)
    if side is not None:
        return {"side": str(side)}
    return {"side": "respondent", "channel": "in_person"}


def own_offer(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Take back what is open: before the mediator in its maker's name."""
    maker = api.get(f"/v1/cases/{case_id}").body["offer"]["side"]
    recorded = {"channel": "in_person"} if actor.role in {Role.MEDIATOR, Role.CENTRE} else {}
    return {"side": maker, "reply": "withdrawn", **recorded}


def own_party(_api: Api, _case_id: str, actor: Actor) -> dict[str, Any]:
    """Name the own party, or before a witness the respondent."""
    party_id = {Role.INSTITUTION: "a1", Role.BORROWER: "r1"}.get(actor.role)
    if party_id is not None:
        return {"party_id": party_id}
    return {"party_id": "r1", "channel": "in_person"}


def sign(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    party = own_party(api, case_id, actor)
    code = {} if "channel" in party else {"code": code_for(api, case_id, party["party_id"])}
    return signature(api, case_id, party["party_id"], **code) | party


def objection(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    recorded = api.get(f"/v1/cases/{case_id}").body["recorded"]
    return own_party(api, case_id, actor) | {"act": recorded[-1]["number"]}


def failure(api: Api, case_id: str, _actor: Actor) -> dict[str, Any]:
    """Say why: once there is an agreement, only that it is not signed."""
    agreed = settlement_of(api, case_id)["agreement"]
    return {"reason": "refuses_to_sign" if agreed else "differences_too_large"}


def apply(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    side = own_side(api, case_id, actor)
    return {**side, "party_id": "a1" if side["side"] == "applicant" else "r1"}


BODIES: Final[dict[Action, Fill]] = {
    Action.EXTEND: lambda api, case_id, actor: own_side(api, case_id, actor) | {"days": 5},
    Action.OFFER: lambda api, case_id, actor: offer(api) | own_side(api, case_id, actor),
    Action.ACCEPT_OFFER: lambda api, case_id, actor: own_side(api, case_id, actor) | {"reply": "accepted"},
    Action.DECLINE_OFFER: lambda api, case_id, actor: own_side(api, case_id, actor) | {"reply": "declined"},
    Action.WITHDRAW_OFFER: own_offer,
    Action.SETTLE: lambda *_: SETTLEMENT,
    Action.SIGN: sign,
    Action.REFUSE_TO_SIGN: own_party,
    Action.RECORD_REPAYMENT: lambda api, *_: {"reference": "P-2", "on": day(api, 0), "amount": "1.00"},
    Action.REVERSE_REPAYMENT: lambda *_: {"reference": "PAY-1"},
    Action.APPLY_FOR_CONFIRMATION: apply,
    Action.CORRECT_DETAILS: lambda *_: {"party_id": "r1", "reason": "changed_since", "name": "张更正"},
    Action.CHECK_IDENTITY: lambda *_: {"party_id": "r1", "how": "video"},
    Action.RECORD_AGENT: lambda api, case_id, actor: own_party(api, case_id, actor) | AGENT,
    Action.CONFIRM_AGENT: lambda api, case_id, actor: (
        own_party(api, case_id, actor) | {"action": "confirm", "agent_id": "g1"}
    ),
    Action.REVOKE_AGENT: lambda api, case_id, actor: (
        own_party(api, case_id, actor) | {"action": "revoke", "agent_id": "g1"}
    ),
    Action.FAIL: failure,
    Action.OBJECT: objection,
    Action.DECIDE_OBJECTION: lambda *_: {"reason": "recorded_rightly"},
    Action.END_MEDIATION: own_party,
    Action.CHALLENGE: lambda *given: own_party(*given) | {"ground": "near_relative"},
    Action.DISCLOSE: lambda *_: {"mediator_id": "m-1", "ground": "other_relation", "text": "旧相识。"},
    Action.WAIVE_RECUSAL: lambda *given: (
        own_party(*given) | {"mediator_id": "m-1", "ground": "other_relation"}
    ),
    Action.DECIDE_CHALLENGE: lambda *_: {"reason": "not_shown"},
    Action.REPLACE_JUDGE: lambda *_: {"judge_id": "j-2", "ground": "unable"},
    Action.REPLACE_MEDIATOR: lambda *_: {"mediator_id": "m-2", "ground": "unable"},
    Action.TRANSFER: lambda *_: {"insists": True},
    Action.DROP: lambda *_: {"insists": False},
}
"""What an act needs; one that is not here needs nothing."""


def readers(case_id: str) -> tuple[Actor, ...]:
    return (INSTITUTION, borrower(case_id), MEDIATOR, CENTRE, JUDGE, COURT, OPS)


def route_of(action: Action) -> Operation | None:
    """Return the route by which an action is done; the first that changes the case and names its version."""
    routes = [each for each in operations() if each.method == "POST" and action in each.actions]
    return next((each for each in routes if each.name != "sendSigningCode"), None)


def said_by_the_court(api: Api, case_id: str, action: Action) -> int:
    """Let the court say it, signed."""
    message = ruled(f"{case_id}-C1") if action is Action.RECORD_RULING else docketed(f"{case_id}-T1")
    return api.call_back(message).status


@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
def test_what_is_allowed_can_be_done(make: Make) -> None:
    """For each reader and each action, on a case of its own."""
    first = Api()
    case_id = make(first)
    for reader in readers(case_id):
        allowed = first.get(f"/v1/cases/{case_id}", reader).body["allowed_actions"]
        for action in map(Action, allowed):
            api = Api()
            assert make(api) == case_id
            assert do(api, case_id, reader, action) in {200, 202}, (reader.role, action)


def test_the_cases_here_offer_everything_that_the_table_has_at_their_stages() -> None:
    """Whatever a person may do between the first offer and the last payment is allowed in one of them."""
    stages, allowed = set(), set()
    for make in CASES.values():
        api = Api()
        case_id = make(api)
        for reader in readers(case_id):
            shown = api.get(f"/v1/cases/{case_id}", reader).body
            stages.add(shown["stage"])
            allowed |= set(shown["allowed_actions"])
    rows = {row.action for row in TRANSITIONS if row.source in stages}
    assert allowed == {action for action in rows if action.roles - {Role.SYSTEM, Role.COURT}} | {
        action for action in allowed if Role.COURT in Action(action).roles
    }


def do(api: Api, case_id: str, reader: Actor, action: Action) -> int:
    """Do it by its route, with the version as it is now."""
    route = route_of(action)
    if route is None:
        return said_by_the_court(api, case_id, action)
    body = BODIES[action](api, case_id, reader) if action in BODIES else {}
    tag = f'"{api.get(f"/v1/cases/{case_id}", reader).body["version"]}"'
    number = len(settlement_of(api, case_id)["offers"])
    url = route.path.format(case_id=case_id, number=number)
    headers = {"If_Match": tag} if route.takes("if_match") else {}
    answer = api.post(url, body, reader, **headers)
    assert answer.status == 200, (reader.role, action, answer.raw.decode())
    return answer.status
