"""What somebody does who was shown `allowed_actions`: a route and a sensible body for each of them.

Promise: `does` reads the case and its settlement as the reader does, writes a body from that, and sends it;
nothing here knows the tables of the domain. Downside: one body an action, with one respondent in the case.
"""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.api.operations import Operation
from chalicelib.api.routes import operations
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Action
from tests.support.bodies import docketed, filing, refused, reviewed, ruled
from tests.support.deals import PAID_ON_THE_SPOT, SETTLEMENT, code_for, day, offer, settlement_of, signature
from tests.support.http import Answer, Api

Fill = Callable[[Api, str, Actor], dict[str, Any]]

AGENT: Final = {
    "action": "record",
    "name": "林试",
    "authority": "special",
    "letter_number": "样律委字第8号",
}


def case_of(api: Api, case_id: str, reader: Actor) -> dict[str, Any]:
    """Return the case as somebody reads it."""
    body: dict[str, Any] = api.get(f"/v1/cases/{case_id}", reader).body
    return body


def own_side(_api: Api, _case_id: str, actor: Actor) -> dict[str, Any]:
    """Speak for the own side; mediator and centre record what the respondent says."""
    side = {Role.INSTITUTION: Side.APPLICANT, Role.BORROWER: Side.RESPONDENT}.get(actor.role)
    if side is not None:
        return {"side": str(side)}
    return {"side": "respondent", "channel": "in_person"}


def own_offer(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Take back what is open: before the mediator in its maker's name."""
    maker = case_of(api, case_id, actor)["offer"]["side"]
    recorded = {"channel": "in_person"} if actor.role in {Role.MEDIATOR, Role.CENTRE} else {}
    return {"side": maker, "reply": "withdrawn", **recorded}


def own_party(_api: Api, _case_id: str, actor: Actor) -> dict[str, Any]:
    """Name the own party, or before a witness the respondent."""
    party_id = {Role.INSTITUTION: "a1", Role.BORROWER: "r1"}.get(actor.role)
    if party_id is not None:
        return {"party_id": party_id}
    return {"party_id": "r1", "channel": "in_person"}


def consent(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Agree to the mediation, online."""
    return own_party(api, case_id, actor) | {"given": True, "online": True}


def sign(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Sign the document as it stands, with a code where the party signs itself."""
    party = own_party(api, case_id, actor)
    code = {} if "channel" in party else {"code": code_for(api, case_id, party["party_id"])}
    return signature(api, case_id, party["party_id"], **code) | party


def objection(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Object to the last act that counts in one's name."""
    recorded = case_of(api, case_id, actor)["recorded"]
    return own_party(api, case_id, actor) | {"act": recorded[-1]["number"]}


def failure(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Say why: once there is an agreement, only that it is not signed."""
    agreed = case_of(api, case_id, actor)["stage"] == "settled"
    return {"reason": "refuses_to_sign" if agreed else "differences_too_large"}


def agreement(api: Api, case_id: str, _actor: Actor) -> dict[str, Any]:
    """Draw up what was accepted; a lump sum whose day has passed only if it was paid on the spot."""
    accepted = settlement_of(api, case_id)["offers"][-1]
    late = accepted["plan"]["lines"][0]["due"] < day(api, 0)
    return PAID_ON_THE_SPOT if late else SETTLEMENT


def applies(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Apply for the own party."""
    side = own_side(api, case_id, actor)
    return {**side, "party_id": "a1" if side["side"] == "applicant" else "r1"}


def repayment(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Pay one yuan today; where less remains, say what of it is too much."""
    shown = settlement_of(api, case_id)
    now = shown["performance"]
    remains = float(shown["outstanding"] if now is None else now["remaining"])
    body = {"reference": f"P-{case_of(api, case_id, actor)['version']}", "on": day(api, 0), "amount": "1.00"}
    return body | ({"overpayment": f"{1 - remains:.2f}"} if remains < 1 else {})


def reversal(api: Api, case_id: str, _actor: Actor) -> dict[str, Any]:
    """Take back the payment that was recorded last."""
    payments = [each for each in settlement_of(api, case_id)["payments"] if not each["reversed"]]
    return {"reference": payments[-1]["reference"]}


def correction(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Correct the claim by less of its interest, as what a court returned."""
    claim = case_of(api, case_id, actor)["claim"]
    kept = {name: claim[name] for name in filing()["claim"]}
    return {"claim": kept | {"penalty_interest": "0.00", "compound_interest": "0.00", "fees": "0.00"}}


def details(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Correct the borrower's address by one that it never had."""
    number = case_of(api, case_id, actor)["version"]
    return {"party_id": "r1", "reason": "changed_since", "address": f"福建省宁德市蕉城区新样村{number}号"}


def agent(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Authorise somebody who is not yet an agent of either side."""
    number = case_of(api, case_id, actor)["version"]
    name = "林" + "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))
    return own_party(api, case_id, actor) | AGENT | {"name": name}


def revoked(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """End the mandate of the own party's first agent."""
    party = own_party(api, case_id, actor)
    parties = case_of(api, case_id, actor)["parties"]
    (agents,) = [each["agents"] for each in parties if each["party_id"] == party["party_id"]]
    return party | {"action": "revoke", "agent_id": agents[0]["agent_id"]}


def confirmed(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
    """Confirm the first agent whom the bank named for the respondent."""
    parties = case_of(api, case_id, actor)["parties"]
    (agents,) = [each["agents"] for each in parties if each["party_id"] == "r1"]
    agent_id = next(each["agent_id"] for each in agents if not each["acts"])
    return own_party(api, case_id, actor) | {"action": "confirm", "agent_id": agent_id}


def another(name: str, one: str, other: str) -> Fill:
    """Give the case to the one of two who does not have it."""

    def fill(api: Api, case_id: str, actor: Actor) -> dict[str, Any]:
        present = case_of(api, case_id, actor)[name]
        return {name: other if present == one else one, "ground": "unable"}

    return fill


BODIES: Final[dict[Action, Fill]] = {
    Action.APPOINT: lambda *_: {"action": "appoint", "mediator_id": "m-1", "judge_id": "j-1"},
    Action.OPEN_CHOICE: lambda *_: {"action": "recommend", "judge_id": "j-1"},
    Action.NAME_MEDIATOR: lambda *given: own_party(*given) | {"action": "choose", "mediator_id": "m-1"},
    Action.DISCLOSE: lambda *_: {"mediator_id": "m-1", "ground": "other_relation", "text": "旧相识。"},
    Action.WAIVE_RECUSAL: lambda *given: (
        own_party(*given) | {"mediator_id": "m-1", "ground": "other_relation"}
    ),
    Action.ACCEPT: lambda *_: {"action": "accept"},
    Action.DECLINE: lambda *_: {"action": "decline", "reason": "workload"},
    Action.CONSENT: consent,
    Action.REFUSE_CONSENT: lambda *given: own_party(*given) | {"given": False},
    Action.EXTEND: lambda *given: own_side(*given) | {"days": 5},
    Action.OFFER: lambda api, *given: offer(api, valid_days=1) | own_side(api, *given),
    Action.ACCEPT_OFFER: lambda *given: own_side(*given) | {"reply": "accepted"},
    Action.DECLINE_OFFER: lambda *given: own_side(*given) | {"reply": "declined"},
    Action.WITHDRAW_OFFER: own_offer,
    Action.SETTLE: agreement,
    Action.SIGN: sign,
    Action.REFUSE_TO_SIGN: own_party,
    Action.RECORD_REPAYMENT: repayment,
    Action.REVERSE_REPAYMENT: reversal,
    Action.APPLY_FOR_CONFIRMATION: applies,
    Action.CORRECT: correction,
    Action.CORRECT_DETAILS: details,
    Action.CHECK_IDENTITY: lambda *_: {"party_id": "r1", "how": "video"},
    Action.RECORD_AGENT: agent,
    Action.CONFIRM_AGENT: confirmed,
    Action.REVOKE_AGENT: revoked,
    Action.FAIL: failure,
    Action.OBJECT: objection,
    Action.DECIDE_OBJECTION: lambda *_: {"reason": "recorded_rightly"},
    Action.END_MEDIATION: own_party,
    Action.CHALLENGE: lambda *given: own_party(*given) | {"ground": "near_relative"},
    Action.DECIDE_CHALLENGE: lambda *_: {"reason": "not_shown"},
    Action.REPLACE_MEDIATOR: another("mediator_id", "m-1", "m-2"),
    Action.REPLACE_JUDGE: another("judge_id", "j-1", "j-2"),
    Action.TRANSFER: lambda *_: {"insists": True},
    Action.DROP: lambda *_: {"insists": False},
}
"""What an act needs; one that is not here needs nothing."""


def route_of(action: Action) -> Operation | None:
    """Return the route by which an action is done; the first that changes the case and names its version."""
    routes = [each for each in operations() if each.method == "POST" and action in each.actions]
    return next((each for each in routes if each.name != "sendSigningCode"), None)


def does(api: Api, case_id: str, reader: Actor, action: Action, **more: Any) -> Answer:
    """Do what was shown as allowed, by its route, with the version as it is now; `more` changes the body."""
    route = route_of(action)
    if route is None:
        return said_by_the_court(api, case_id, action)
    body = (BODIES[action](api, case_id, reader) if action in BODIES else {}) | more
    case = case_of(api, case_id, reader)
    number = case["offer"]["number"] if "{number}" in route.path else 0
    headers = {"If_Match": f'"{case["version"]}"'} if route.takes("if_match") else {}
    return api.post(route.path.format(case_id=case_id, number=number), body, reader, **headers)


def said_by_the_court(api: Api, case_id: str, action: Action) -> Answer:
    """Let the court say it, signed, about what it has been given."""
    case = api.hub.cases.get(case_id)
    about = case.confirmation if action is Action.RECORD_RULING else case.transfer
    named = (about.transfer_id if about else None) or ""
    says = {
        Action.RECORD_RULING: ruled,
        Action.RECORD_REVIEW: lambda transfer_id: reviewed(transfer_id, "rejected"),
        Action.RECORD_REFUSAL: refused,
        Action.RECORD_DOCKETING: docketed,
    }
    return api.call_back(says[action](named), f"{action}-{case.version}")
