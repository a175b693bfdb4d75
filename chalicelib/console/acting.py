"""Serves every act on a case: shows its form, sends it to the API, and shows what is wrong beside the fields.

Promise: a form holds the version of the case that its page showed. Sent twice, the API answers the second as
done; sent after somebody else changed the case, the page says so and keeps what was typed. Whether the act is
possible is the API's word, here as anywhere.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.forms import Form, body_of, faults_of, label_of, typed_of
from chalicelib.console.pages import Act, Moved, Page, index
from chalicelib.console.visits import Refused, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.console.pages import Answered, Entry

CASE: Final = "/v1/cases/{case_id}"
_IN_ROUTE: Final = re.compile(r"{([a-z_]+)}")
_BESIDE_THE_FORM: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.CONFLICT,
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
"""What may be put right where it was typed; any other refusal is a page of its own."""


def form_for(visit: Visit, **more: Any) -> Form:
    """Make an empty form; `more` are further fields of `Form`."""
    return Form(t=visit.t, words=_words_of(visit), key=secrets.token_hex(16), **more)


def _words_of(visit: Visit) -> Callable[[str], str | None]:
    """Return the words of fields: staff have words of their own where a party is asked in plainer ones."""
    find = visit.texts.find
    if visit.caller.get("agent_of") or visit.caller.get("case_ids"):
        return find
    return lambda key: find(f"staff.{key}") or find(key)


def refused_form(visit: Visit, refused: Refused, **more: Any) -> Form:
    """Make the form again, with what was typed and why it was not taken; raises what no form mends."""
    if refused.status not in _BESIDE_THE_FORM:
        raise refused
    typed = typed_of(visit.asked.form)
    errors = refused.problem.get("errors", ())
    # A name without a label was no field of the page.
    fields = [name for name in typed if label_of(_words_of(visit), name)]
    filled = [name for name, values in typed.items() if any(each.strip() for each in values)]
    faults = faults_of(
        errors, fields, lambda code, message: visit.texts.find(f"fault.{code}") or message, filled
    )
    if faults:
        return form_for(visit, typed=typed, faults=faults, **more)
    return form_for(
        visit,
        typed=typed,
        notice=visit.texts.find(f"problem.{refused.code}") or str(refused.problem.get("title", refused.code)),
        detail=visit.texts.find(f"remedy.{refused.code}") or str(refused.problem.get("detail", "")),
        **more,
    )


def show_act(visit: Visit, case_id: str, act_name: str) -> Answered:
    """Show the form of an act; raises Refused if the case does not offer it now."""
    act = _act_of(visit, act_name)
    case = visit.get(CASE, case_id=case_id)
    _check_offered(act, case)
    return _page(visit, act, case, form_for(visit, typed=_waiting(act, case), version=case["version"]))


def carry_out(visit: Visit, case_id: str, act_name: str) -> Answered:
    """Send an act to the API and go on; or show the form again."""
    act = _act_of(visit, act_name)
    typed = body_of(visit.asked.form)
    try:
        place = act.place(visit, case_id) if act.place else _chosen(act, typed)
        visit.send(
            act.route,
            {**typed, **(act.fixed(visit) if callable(act.fixed) else act.fixed)},
            version=_version(visit.asked.typed("version")),
            case_id=case_id,
            **place,
        )
    except Refused as refused:
        case = visit.get(CASE, case_id=case_id)
        if refused.code == "stale_version":
            _check_offered(act, case)
        form = refused_form(visit, refused, version=case["version"])
        return _page(visit, act, case, form, HTTPStatus(refused.status))
    where = f"cases/{case_id}" if act.then == "case" else ""
    return Moved(f"{where}?done={act.name}")


def in_whose_name(visit: Visit) -> dict[str, str]:
    """Return the side that speaks in an act of a party, and how: whoever is no party records it in person.

    Their form asks for the respondent (`party_id`, see `respondents`); a party speaks for itself.
    """
    caller = visit.caller
    if caller.get("institution_id"):
        return {"side": "applicant"}
    own = caller.get("case_ids") or caller.get("agent_of")
    return {"side": "respondent", **({} if own else {"channel": "in_person"})}


def respondents(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the respondents in whose name an act may be recorded; none for who speaks for itself."""
    records = in_whose_name(visit).get("channel") == "in_person"
    named = [(each["party_id"], each["name"] or each["party_id"]) for each in case["parties"] if records]
    applicants = {each["party_id"] for each in case["parties"] if each["side"] == "applicant"}
    return {"speakers": [each for each in named if each[0] not in applicants]}


def submitted(
    visit: Visit,
    route: str,
    page: Callable[[Form], Page],
    then: str,
    /,
    *,
    body: Mapping[str, Any] | None = None,
    **path: str,
) -> Answered:
    """Send a form that is no act on a case, and go on; or show its page again with what is wrong.

    The form has a hidden `version` where it changes what has one, and a hidden `key` (`form.key`) where it
    creates, so that it may be sent twice. `body` is what is sent where that is not what the fields say.
    """
    typed = visit.asked.typed
    version = _version(typed("version")) if typed("version") else None
    try:
        content = body_of(visit.asked.form) if body is None else body
        visit.send(route, content, version=version, key=typed("key") or None, **path)
    except Refused as refused:
        return replace(page(refused_form(visit, refused, version=version)), status=refused.status)
    return Moved(then)


def offered(case: Mapping[str, Any], role: str | None = None) -> list[Act]:
    """Return the acts that the case offers and the role has a page for; the next step first."""
    acts = [act for act in index().acts.values() if act.for_role(role)]
    found = [act for act in acts if act.action in case["allowed_actions"]]
    return sorted(found, key=lambda act: not act.first)


def led_to(visit: Visit, case: Mapping[str, Any] | None = None) -> list[Entry]:
    """Return the pages that the start page, or a case's page, leads this person to."""
    role = visit.caller.get("role")
    entries = [each for each in index().entries if ("{case_id}" in each.path) is (case is not None)]
    entries = [each for each in entries if case is None or each.where(case)]
    return [each for each in entries if each.for_role(role) and visit.permits(each.route, each.method)]


def done_text(visit: Visit) -> str:
    """Return what was just done, as the address says; empty where there are no such words."""
    name = visit.asked.query.get("done", "")
    return visit.texts.find(f"done.{name}") or ""


def _act_of(visit: Visit, name: str) -> Act:
    act = index().acts.get(name)
    if act is None or not act.for_role(visit.caller.get("role")):
        raise Refused(HTTPStatus.NOT_FOUND, "not_found")
    return act


def _check_offered(act: Act, case: Mapping[str, Any]) -> None:
    if act.action not in case["allowed_actions"]:
        raise Refused(HTTPStatus.CONFLICT, "not_now")


def _chosen(act: Act, typed: dict[str, Any]) -> dict[str, str]:
    """Take what the route's path needs beside the case's id out of a form.

    Raises Refused, as the API would of a field of a body, for a part of the address that was not chosen.
    """
    place = {name: str(typed.pop(name, "")) for name in _IN_ROUTE.findall(act.route) if name != "case_id"}
    errors = [
        {"pointer": f"/{name}", "code": "missing", "message": name} for name in place if not place[name]
    ]
    if errors:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input", {"errors": errors})
    return place


def _waiting(act: Act, case: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return whom a form begins with: the person in whose name the same act waits for its second record."""
    waiting = {each["party_id"] for each in case["pending"] if each["action"] == act.action}
    return {"party_id": list(waiting)} if len(waiting) == 1 else {}


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0  # noqa: PLR2004 - a tag's digits


def _page(
    visit: Visit, act: Act, case: Mapping[str, Any], form: Form, status: HTTPStatus = HTTPStatus.OK
) -> Page:
    shown = act.shows(visit, case) if act.shows else {}
    values = {"case": case, "act": act, "form": form, **shown}
    return Page(template=f"acts/{act.name}.html", title=f"act.{act.name}", values=values, status=status)
