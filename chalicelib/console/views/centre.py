"""The centre's counter: figures and queues of the day, people to ring, the roster, and the institutions.

Promise: a figure is the count of a list that the same page leads to. Downside: the lists are read as far as
`_MOST_PAGES`; where there is more, the figures say so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, done_text, form_for, submitted
from chalicelib.console.deals import names_of
from chalicelib.console.pages import Page, Pages, index
from chalicelib.console.prefilled import lines, prefilled
from chalicelib.domain.appointment import CredentialKind, OrganisationKind, Qualification
from chalicelib.domain.claim import CaseType
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_CASES: Final = "/v1/cases"
_CALLS: Final = "/v1/calls"
_NOTICES: Final = f"{CASE}/notices"
_ROSTER: Final = "/v1/roster"
_PERSON: Final = f"{_ROSTER}/{{person_id}}"
_INSTITUTIONS: Final = "/v1/institutions"
_INSTITUTION: Final = f"{_INSTITUTIONS}/{{institution_id}}"
_PAGE: Final = "50"
_MOST_PAGES: Final = 10
_NOBODY_TOOK_UP: Final = ("screened", "assigned")
"""The stages at which a case waits for the centre or for a mediator's word."""
OFFICES: Final = ("mediator", "centre", "judge")
_STATES: Final = ("active", "suspended")
_CENTRE: Final = frozenset({Role.CENTRE.value})
_TEXTS: Final = ("profile.areas", "profile.languages", "profile.institutions")
_LISTS: Final = ("branches", "contacts", "accounts", "joint_rules")

pages.lead_to("today", title="today.title", route=_CALLS)
pages.lead_to("calls", title="calls.title", route=_CALLS)
# A bank and a party read only what they were told themselves: they have it on their phone.
pages.lead_to("cases/{case_id}/notices", title="told.title", route=_NOTICES, roles=_CENTRE)
pages.lead_to("roster", title="roster.title", route=_ROSTER)
pages.lead_to("institutions", title="institutions.title", route=_INSTITUTIONS)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart and a line of the table beside it; `length` is a share of the longest in percent."""

    name: str
    count: int
    length: int


@pages.get("today")
def show_today(visit: Visit) -> Answered:
    """Show the queues of the day, and how many cases there are of each stage."""
    found, more = _read_on(visit, _CASES, {})
    waiting = [case for stage in _NOBODY_TOOK_UP for case in _read_on(visit, _CASES, {"stage": stage})[0]]
    calls, _ = _read_on(visit, _CALLS, {})
    now = visit.door.clock.now().isoformat()
    overdue = [case for case in found if case["deadline"] and case["deadline"] < now]
    counts = Counter(str(case["stage"]) for case in found)
    values = {
        "untaken": [case for case in waiting if not case["accepted_at"]],
        "overdue": sorted(overdue, key=lambda case: str(case["deadline"])),
        "calls": len(calls),
        "objections": [case for case in found if case["objection"] or case["challenge"]],
        "decisions": [index().acts[name] for name in ("decide-objection", "decide-challenge")],
        "bars": _bars(counts),
        "total": len(found),
        "more": more,
    }
    return Page(template="staff/today.html", title="today.title", values=values)


@pages.get("calls")
def show_calls(visit: Visit) -> Answered:
    """Show whom to ring, the oldest first."""
    return _calls(visit, form_for(visit))


@pages.post("calls")
def end_call(visit: Visit) -> Answered:
    """Mark somebody as rung."""
    return submitted(visit, f"{_CALLS}/ended", lambda form: _calls(visit, form), "calls?done=rung")


@pages.get("roster")
def show_roster(visit: Visit) -> Answered:
    """Show the people of the roster."""
    return _listed(visit, _ROSTER, "roster")


@pages.get("roster/new")
def ask_for_person(visit: Visit) -> Answered:
    """Ask whom to enter."""
    return _person(form_for(visit, version=0))


@pages.get("roster/{person_id}")
def show_person(visit: Visit, person_id: str) -> Answered:
    """Show an entry as a form."""
    stored = visit.get(_PERSON, person_id=person_id)
    shown = {name: value for name, value in stored.items() if name != "versions"}
    return _person(_spread(prefilled(visit, shown, without=("reason",))))


@pages.post("roster/new")
def enter_person(visit: Visit) -> Answered:
    """Enter somebody."""
    return submitted(visit, _ROSTER, _person, "roster?done=person")


@pages.post("roster/{person_id}")
def change_person(visit: Visit, person_id: str) -> Answered:
    """Change an entry; the id is that of the form, as the API takes it."""
    del person_id
    return submitted(visit, _ROSTER, _person, "roster?done=person")


@pages.get("institutions")
def show_institutions(visit: Visit) -> Answered:
    """Show the enrolled institutions."""
    return _listed(visit, _INSTITUTIONS, "institutions")


@pages.get("institutions/new")
def ask_for_institution(visit: Visit) -> Answered:
    """Ask what to enrol."""
    return _institution(visit, form_for(visit, version=0))


@pages.get("institutions/{institution_id}")
def show_institution(visit: Visit, institution_id: str) -> Answered:
    """Show what is enrolled as a form."""
    return _institution(visit, prefilled(visit, visit.get(_INSTITUTION, institution_id=institution_id)))


@pages.post("institutions/new")
def enrol(visit: Visit) -> Answered:
    """Enrol an institution."""
    return _enrolled(visit)


@pages.post("institutions/{institution_id}")
def change_institution(visit: Visit, institution_id: str) -> Answered:
    """Change what is enrolled; the id is that of the form, as the API takes it."""
    del institution_id
    return _enrolled(visit)


def _enrolled(visit: Visit) -> Answered:
    if visit.asked.typed("do"):
        return _institution(visit, prefilled(visit, None))
    return submitted(
        visit, _INSTITUTIONS, lambda form: _institution(visit, form), "institutions?done=institution"
    )


@pages.get("cases/{case_id}/notices")
def show_notices(visit: Visit, case_id: str) -> Answered:
    """Show who was told what by message and when, what is still owed, and what could not be sent."""
    case, found = visit.get(CASE, case_id=case_id), visit.get(_NOTICES, _place(visit), case_id=case_id)
    values = {
        "case": case,
        "names": names_of(case),
        "told": found["items"],
        "next": found["next"],
        "done": done_text(visit),
    }
    return Page(template="staff/notices.html", title="told.title", values=values)


def _calls(visit: Visit, form: Form) -> Page:
    found = visit.get(_CALLS, _place(visit))
    cases = {
        case_id: visit.get(CASE, case_id=case_id)
        for case_id in dict.fromkeys(str(each["case_id"]) for each in found["items"])
    }
    named = {
        (case_id, party["party_id"]): party["name"] or party["party_id"]
        for case_id, case in cases.items()
        for party in case["parties"]
    }
    values = {
        "calls": found["items"],
        "names": named,
        "next": found["next"],
        "form": form,
        "done": done_text(visit),
    }
    return Page(template="staff/calls.html", title="calls.title", values=values)


def _listed(visit: Visit, route: str, name: str) -> Page:
    found = visit.get(route, _place(visit))
    values = {"items": found["items"], "next": found["next"], "done": done_text(visit)}
    return Page(template=f"staff/{name}.html", title=f"{name}.title", values=values)


def _spread(form: Form) -> Form:
    """Let each text of a list have a field of its own."""
    typed = {name: values for name, values in form.typed.items() if name not in _TEXTS}
    for name in _TEXTS:
        typed |= {f"{name}.{number}": [each] for number, each in enumerate(form.typed.get(name, ()))}
    return replace(form, typed=typed)


def _person(form: Form) -> Page:
    texts = {name: range(_next_of(form, name) + 1) for name in _TEXTS}
    entries = {name: range(len(lines(form, f"profile.{name}")) + 1) for name in ("credentials", "absences")}
    values = {
        "form": form,
        "offices": OFFICES,
        "states": _STATES,
        # What decides which cases somebody gets is asked once it stands on the roster as a mediator.
        "mediates": bool(form.version) and form.has("role", "mediator"),
        "organisations": list(OrganisationKind),
        "qualifications": list(Qualification),
        "expertise": list(CaseType),
        "kinds": list(CredentialKind),
        "texts": {name.removeprefix("profile."): numbers for name, numbers in texts.items()},
        **entries,
    }
    return Page(template="staff/person.html", title="person.title", values=values)


def _next_of(form: Form, name: str) -> int:
    """Return the number of the first field of a list that nothing stands in or after."""
    filled = [each.rpartition(".") for each, values in form.typed.items() if any(values)]
    return max((int(number) + 1 for whole, _, number in filled if whole == name), default=0)


def _institution(visit: Visit, form: Form) -> Page:
    more = visit.asked.typed("do")
    courts = dict.fromkeys([*form.typed.get("courts", ()), visit.caller.get("court_id", "")])
    values = {
        "form": form,
        "states": _STATES,
        "courts": [(each, each) for each in courts if each],
        **{name: lines(form, name, more) for name in _LISTS},
    }
    return Page(template="staff/institution.html", title="institution.title", values=values)


def _place(visit: Visit) -> dict[str, str]:
    cursor = visit.asked.query.get("cursor")
    return {"limit": _PAGE, **({"cursor": cursor} if cursor else {})}


def _read_on(visit: Visit, route: str, query: Mapping[str, str]) -> tuple[list[Mapping[str, Any]], bool]:
    """Return what a list holds, as far as it is read, and whether there is more."""
    found: list[Mapping[str, Any]] = []
    asked = {"limit": "100", **query}
    for _ in range(_MOST_PAGES):
        page = visit.get(route, asked)
        found += page["items"]
        if page["next"] is None:
            return found, False
        asked["cursor"] = page["next"]
    return found, True


def _bars(counts: Counter[str]) -> Sequence[Bar]:
    most = max(counts.values(), default=1)
    return [Bar(name, count, count * 100 // most) for name, count in counts.most_common()]
