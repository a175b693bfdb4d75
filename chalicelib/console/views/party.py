"""The pages of a party: where its case stands, what is next, and each act as a question in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, done_text, form_for, led_to, offered, refused_form
from chalicelib.console.forms import body_of, typed_of
from chalicelib.console.pages import File, Moved, Page, Pages
from chalicelib.console.reading import events_of
from chalicelib.console.visits import Refused
from chalicelib.domain.calendar import local_date
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PARTIES: Final = frozenset({Role.BORROWER.value})
_SETTLEMENT: Final = f"{CASE}/settlement"
_DOCUMENTS: Final = f"{CASE}/documents"
_KINDS: Final = ("calculation", "signed_agreement", "confirmation_application")
"""The papers that a party has made for itself."""
_PREVIEWS: Final = f"{CASE}/offer-previews"
_MONTHS: Final = (6, 12, 24)
"""What a party is shown before it chooses a number of months of its own."""
_BEGIN_AFTER: Final = timedelta(days=30)
_SUFFIXES: Final = {"application/pdf": "pdf"}


def own_party(visit: Visit) -> str:
    """Return the party that somebody is, or acts for."""
    place = (visit.caller.get("agent_of") or visit.caller.get("case_ids") or "").partition(",")[0]
    return [*place.split(":"), ""][1]


def _not_identified(case: Mapping[str, Any]) -> set[str]:
    return {each["party_id"] for each in case["parties"] if not each["identified"]} - set(case["signatures"])


def party_case(visit: Visit, case: Mapping[str, Any]) -> Page:
    """Show a party its case: one next step, until when, and where everything else is."""
    case_id = case["case_id"]
    settlement = _or_none(visit, _SETTLEMENT, case_id)
    # A proposal of one's own names a tier, which a party learns from the bank's first offer.
    early = not (settlement and settlement["offers"])
    acts = [each for each in offered(case, Role.BORROWER) if not (early and each.action == "offer")]
    values = {
        "case": case,
        "acts": sorted(acts, key=lambda act: (not act.first, not act.roles)),
        "settlement": settlement,
        "unknown": bool(case["agreement_sha256"]) and own_party(visit) in _not_identified(case),
        "entries": led_to(visit, case),
        "meeting": None if case["ended_at"] else _next_meeting(visit, case_id),
        "events": events_of(visit, case_id),
        "done": done_text(visit),
    }
    return Page(template="party/case.html", title="mine.title", values=values)


@pages.get("cases/{case_id}/claim")
def show_claim(visit: Visit, case_id: str) -> Answered:
    """Show what is claimed and why, line by line."""
    case = visit.get(CASE, case_id=case_id)
    values = {"case": case, "statement": _or_none(visit, f"{CASE}/statement", case_id)}
    return Page(template="party/claim.html", title="claim.title", values=values)


@pages.get("cases/{case_id}/rights")
def show_rights(visit: Visit, case_id: str) -> Answered:
    """Show a party's rights (特邀调解 TY14)."""
    return Page(
        template="party/rights.html", title="rights.title", values={"case": visit.get(CASE, case_id=case_id)}
    )


@pages.get("cases/{case_id}/offers")
def show_offers(visit: Visit, case_id: str) -> Answered:
    """Show every offer, the newest first."""
    values = {
        "case": visit.get(CASE, case_id=case_id),
        "offers": visit.get(_SETTLEMENT, case_id=case_id)["offers"][::-1],
    }
    return Page(template="party/offers.html", title="offers.title", values=values)


@pages.get("cases/{case_id}/ways")
def show_ways(visit: Visit, case_id: str) -> Answered:
    """Show what some ways of paying cost and save, and ask for another number of months."""
    return _ways(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/ways")
def work_out(visit: Visit, case_id: str) -> Answered:
    """Show what the chosen number of months comes to."""
    body = body_of(visit.asked.form)
    try:
        found = visit.send(_PREVIEWS, body, case_id=case_id)
    except Refused as refused:
        return _ways(visit, case_id, refused_form(visit, refused), status=refused.status)
    chosen = {"months": body["schedule"]["count"], "offers": found["items"]}
    return _ways(visit, case_id, form_for(visit, typed=typed_of(visit.asked.form)), chosen)


def _ways(
    visit: Visit,
    case_id: str,
    form: Form,
    chosen: Mapping[str, Any] | None = None,
    status: int = HTTPStatus.OK,
) -> Page:
    first = _first_day(visit)
    monthly = {"kind": "equal_payment", "year": first.year, "month": first.month, "day": first.day}
    once = {"months": 0, "offers": _tried(visit, case_id, {"kind": "lump_sum", "by": first.isoformat()})}
    months = [
        {"months": count, "offers": _tried(visit, case_id, {**monthly, "count": count})} for count in _MONTHS
    ]
    values = {
        "case": visit.get(CASE, case_id=case_id),
        "form": form,
        "first": first,
        "days": _BEGIN_AFTER.days,
        "chosen": chosen,
        "ways": [once, *months],
    }
    return Page(template="party/ways.html", title="ways.title", values=values, status=status)


def _tried(visit: Visit, case_id: str, schedule: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what a way of paying comes to; nothing where the bank's policy has none of its kind."""
    try:
        found: Sequence[Mapping[str, Any]] = visit.send(_PREVIEWS, {"schedule": schedule}, case_id=case_id)[
            "items"
        ]
    except Refused as refused:
        if refused.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        return ()
    return found


def _first_day(visit: Visit) -> date:
    return visit.today + _BEGIN_AFTER


@pages.get("cases/{case_id}/plan")
def show_plan(visit: Visit, case_id: str) -> Answered:
    """Show what was agreed, what is paid and what is next."""
    settlement = visit.get(_SETTLEMENT, case_id=case_id)
    if settlement["agreement"] is None:
        raise Refused(HTTPStatus.CONFLICT, "not_now")
    performance = settlement["performance"]
    unpaid = [line for line in (performance or {"lines": ()})["lines"] if line["remaining"] != "0.00"]
    values = {
        "case": visit.get(CASE, case_id=case_id),
        "agreement": settlement["agreement"],
        "performance": performance,
        "following": next(iter(unpaid), None),
    }
    return Page(template="party/plan.html", title="plan.title", values=values)


@pages.get("cases/{case_id}/papers")
def list_papers(visit: Visit, case_id: str) -> Answered:
    """List the papers that the party may read and print."""
    values = {
        "case": visit.get(CASE, case_id=case_id),
        "papers": visit.get(_DOCUMENTS, case_id=case_id)["items"][::-1],
        "kinds": _KINDS,
        "form": form_for(visit),
    }
    return Page(template="party/papers.html", title="papers.title", values=values)


@pages.post("cases/{case_id}/papers")
def make_paper(visit: Visit, case_id: str) -> Answered:
    """Have a paper made and show it."""
    made = visit.send(_DOCUMENTS, {"kind": visit.asked.typed("kind")}, case_id=case_id)
    return Moved(f"cases/{case_id}/papers/{made['document_id']}")


@pages.get("cases/{case_id}/papers/{document_id}")
def fetch_paper(visit: Visit, case_id: str, document_id: str) -> Answered:
    """Give a paper's bytes, or the address of one that is too large."""
    sent = visit.fetch(f"{_DOCUMENTS}/{{document_id}}", case_id=case_id, document_id=document_id)
    headers = {name.lower(): value for name, value in sent.headers.items()}
    if sent.status == HTTPStatus.SEE_OTHER:
        return Moved(headers["location"], outside=True)
    media_type = headers["content-type"]
    name = f"{case_id}-{document_id[:8]}.{_SUFFIXES.get(media_type, media_type.rpartition('/')[2])}"
    return File(media_type, name, sent.body)


@pages.post("cases/{case_id}/sign/code")
def send_signing_code(visit: Visit, case_id: str) -> Answered:
    """Have the code for signing sent, at most once a minute."""
    try:
        visit.send(f"{CASE}/signing-codes", {"party_id": own_party(visit)}, case_id=case_id)
    except Refused as refused:
        if refused.status != HTTPStatus.TOO_MANY_REQUESTS:
            raise
    return Moved(f"cases/{case_id}/sign?sent=1")


def _day_of(instant: str) -> date:
    return local_date(datetime.fromisoformat(instant))


def _next_meeting(visit: Visit, case_id: str) -> Mapping[str, Any] | None:
    """Return the meeting that comes next; None where there is none."""
    for each in visit.get(f"{CASE}/sessions", case_id=case_id)["items"]:
        if (
            each["state"] == "scheduled"
            and not each["attendance"]
            and _day_of(each["starts_at"]) >= visit.today
        ):
            found: Mapping[str, Any] = each
            return found
    return None


def _or_none(visit: Visit, route: str, case_id: str) -> Any:
    """Read what a case may not have yet."""
    try:
        return visit.get(route, case_id=case_id)
    except Refused as refused:
        if refused.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}:
            raise
        return None


def _speaks(visit: Visit) -> Mapping[str, str]:
    return {"side": "respondent", "party_id": own_party(visit)}


def _answer(reply: str) -> Any:
    return lambda visit: {**_speaks(visit), "reply": reply}


def _open_offer(visit: Visit, case_id: str) -> Mapping[str, str]:
    offer = visit.get(CASE, case_id=case_id)["offer"]
    return {"number": str(offer["number"] if offer else 0)}


def _offer_shown(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    number = (case["offer"] or {"number": 0})["number"]
    offers = visit.get(_SETTLEMENT, case_id=case["case_id"])["offers"]
    return {"offer": next((each for each in offers if each["number"] == number), None)}


def _counter(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a party's own proposal begins with: the tier that it was offered, and the first day."""
    offers = visit.get(_SETTLEMENT, case_id=case["case_id"])["offers"]
    return {"offer": offers[-1] if offers else None, "first": _first_day(visit)}


def _to_sign(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    settlement = visit.get(_SETTLEMENT, case_id=case["case_id"])
    return {
        "agreement": settlement["agreement"],
        "sent": "sent" in visit.asked.query or bool(visit.asked.form),
    }


pages.act(
    "consent",
    action="consent",
    route=f"{CASE}/consents",
    fixed=lambda visit: {"party_id": own_party(visit)},
    first=True,
    roles=_PARTIES,
)
pages.act(
    "accept-offer",
    action="accept_offer",
    route=f"{CASE}/offers/{{number}}/answers",
    fixed=_answer("accepted"),
    place=_open_offer,
    shows=_offer_shown,
    first=True,
    roles=_PARTIES,
)
pages.act(
    "decline-offer",
    action="decline_offer",
    route=f"{CASE}/offers/{{number}}/answers",
    fixed=_answer("declined"),
    place=_open_offer,
    shows=_offer_shown,
    roles=_PARTIES,
)
pages.act(
    "pay-monthly",
    action="offer",
    route=f"{CASE}/offers",
    fixed=lambda visit: {**_speaks(visit), "valid_days": 7},
    shows=_counter,
    roles=_PARTIES,
)
pages.act(
    "pay-once",
    action="offer",
    route=f"{CASE}/offers",
    fixed=lambda visit: {**_speaks(visit), "valid_days": 7},
    shows=_counter,
    roles=_PARTIES,
)
pages.act(
    "sign",
    action="sign",
    route=f"{CASE}/signatures",
    fixed=lambda visit: {"party_id": own_party(visit)},
    shows=_to_sign,
    first=True,
    roles=_PARTIES,
)
pages.act(
    "refuse-to-sign",
    action="refuse_to_sign",
    route=f"{CASE}/signing-refusals",
    fixed=lambda visit: {"party_id": own_party(visit)},
    roles=_PARTIES,
)
pages.act(
    "confirm",
    action="apply_for_confirmation",
    route=f"{CASE}/confirmation",
    fixed=_speaks,
    first=True,
    roles=_PARTIES,
)
