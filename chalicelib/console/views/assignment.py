"""The centre appoints; the mediator accepts or declines, agrees to more time, or ends without agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import in_whose_name, respondents
from chalicelib.console.pages import Pages
from chalicelib.domain.reasons import RECORDED_BY_THE_HUB, DeclineReason, FailureReason, ReplacementGround

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.visits import Visit

pages = Pages()

_ASSIGNMENT: Final = "/v1/cases/{case_id}/assignment"


def _roster(visit: Visit, _case: Mapping[str, Any]) -> Mapping[str, Any]:
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
    shows=_roster,
    first=True,
)
pages.act(
    "replace",
    action="replace_mediator",
    route="/v1/cases/{case_id}/replacement",
    shows=lambda visit, case: {**_roster(visit, case), "grounds": list(ReplacementGround)},
)
pages.act(
    "replace-judge",
    action="replace_judge",
    route="/v1/cases/{case_id}/judge-replacement",
    shows=lambda visit, case: {**_roster(visit, case), "grounds": list(ReplacementGround)},
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
