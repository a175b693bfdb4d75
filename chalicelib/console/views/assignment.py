"""The centre appoints; the mediator accepts or declines, agrees to more time, or ends without agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import in_whose_name, respondents
from chalicelib.console.pages import Pages
from chalicelib.console.views.bank import own_parties
from chalicelib.console.views.party import own_party
from chalicelib.domain.reasons import RECORDED_BY_THE_HUB, DeclineReason, FailureReason, ReplacementGround
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.visits import Visit

pages = Pages()

_ASSIGNMENT: Final = "/v1/cases/{case_id}/assignment"


def people_to_appoint(visit: Visit, _case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return who may be appointed, by name."""
    people: list[Mapping[str, Any]] = []
    query = {"limit": "100"}
    while query:
        page = visit.get("/v1/roster", query)
        people += page["items"]
        query = {"limit": "100", "cursor": page["next"]} if page["next"] else {}
    choices: dict[str, list[tuple[str, str]]] = {"mediators": [], "judges": []}
    for each in people:
        if each["state"] == "active":
            choices.setdefault(f"{each['role']}s", []).append((each["person_id"], each["name"]))
    return choices


pages.act(
    "appoint",
    action="appoint",
    route=_ASSIGNMENT,
    fixed={"action": "appoint"},
    shows=people_to_appoint,
    first=True,
)


def _recommended(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return whom the parties may choose, those first who are recommended, and for whom the reader speaks."""
    people = (case["choice"] or {"recommended": ()})["recommended"]
    named = {each["mediator_id"]: each["mediator_name"] or each["mediator_id"] for each in people}
    first = [(each, visit.t("choose.recommended", name=name)) for each, name in named.items()]
    query = {"court_id": case["court_id"], "limit": "100"}
    others = [each for each in visit.get("/v1/mediators", query)["items"] if each["mediator_id"] not in named]
    return {**respondents(visit, case), "recommended": [*first, *map(_in_short, others)]}


def _in_short(mediator: Mapping[str, Any]) -> tuple[str, str]:
    known = (*mediator["areas"], *mediator["languages"])
    return mediator["mediator_id"], " · ".join((mediator["name"], *known))


_CHOOSES: Final = {"action": "choose"}
pages.act(
    "open-choice",
    action="open_choice",
    route=_ASSIGNMENT,
    fixed={"action": "recommend"},
    shows=people_to_appoint,
)
pages.act(
    "choose",
    action="name_mediator",
    route=_ASSIGNMENT,
    fixed=lambda visit: {**_CHOOSES, "party_id": own_party(visit)},
    shows=_recommended,
    roles=frozenset({Role.BORROWER.value}),
    first=True,
)
pages.act(
    "bank-choose",
    action="name_mediator",
    route=_ASSIGNMENT,
    fixed=_CHOOSES,
    shows=lambda visit, case: {**_recommended(visit, case), **own_parties(visit, case)},
    roles=frozenset({Role.INSTITUTION.value}),
    first=True,
)
pages.act(
    "record-choice",
    action="name_mediator",
    route=_ASSIGNMENT,
    fixed={**_CHOOSES, "channel": "in_person"},
    shows=_recommended,
    roles=frozenset({Role.CENTRE.value}),
)
pages.act(
    "replace",
    action="replace_mediator",
    route="/v1/cases/{case_id}/replacement",
    shows=lambda visit, case: {**people_to_appoint(visit, case), "grounds": list(ReplacementGround)},
)
pages.act(
    "replace-judge",
    action="replace_judge",
    route="/v1/cases/{case_id}/judge-replacement",
    shows=lambda visit, case: {**people_to_appoint(visit, case), "grounds": list(ReplacementGround)},
)
pages.act("accept", action="accept", route=_ASSIGNMENT, fixed={"action": "accept"}, first=True)
pages.act(
    "decline",
    action="decline",
    route=_ASSIGNMENT,
    fixed={"action": "decline"},
    shows=lambda *_: {"reasons": list(DeclineReason)},
    then="home",
)
pages.act(
    "fail",
    action="fail",
    route="/v1/cases/{case_id}/failure",
    shows=lambda *_: {"reasons": [each for each in FailureReason if each not in RECORDED_BY_THE_HUB]},
)
pages.act(
    "extend",
    action="extend",
    route="/v1/cases/{case_id}/extension",
    fixed=in_whose_name,
    shows=respondents,
)
