"""The mediator's table, and the centre's: what is said in person is recorded, and what talks need is read.

Promise: an act in a person's name counts with the person's own code or a second record; which of them is
missing is the API's word, shown on the case.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, done_text, form_for, refused_form, respondents, submitted
from chalicelib.console.deals import offer_form, settlement, standing_offers, to_read
from chalicelib.console.pages import Page, Pages
from chalicelib.console.visits import Refused
from chalicelib.domain.parties import IdentityShown
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_AT_THE_TABLE: Final = frozenset({Role.MEDIATOR.value, Role.CENTRE.value})
_STAFF: Final = _AT_THE_TABLE | {Role.INSTITUTION.value}
_IN_PERSON: Final = {"channel": "in_person"}
_SAID: Final = {"channel": "in_person", "side": "respondent"}
_STATEMENT: Final = f"{CASE}/statement"
_CONTACTS: Final = f"{CASE}/contacts"
_NOTES: Final = f"{CASE}/notes"
_CODES: Final = f"{CASE}/signing-codes"
_PAGE: Final = "100"
PURPOSES: Final = (
    "arrange_mediation",
    "verify_identity",
    "serve_papers",
    "follow_up_performance",
    "correct_details",
    "answer_a_complaint",
)
"""What contacts may be looked at for, as the API calls it; a test compares."""


def _in_person(name: str, action: str, resource: str, fixed: Mapping[str, Any], **more: Any) -> None:
    """Declare an act that is recorded in a respondent's name."""
    more.setdefault("shows", respondents)
    pages.act(name, action=action, route=f"{CASE}/{resource}", fixed=fixed, roles=_AT_THE_TABLE, **more)


def _answering(side: str) -> Any:
    """Return what the form of an answer shows: who speaks, and the offers of a side that are open."""
    return lambda visit, case: {**respondents(visit, case), **standing_offers(visit, case, side)}


def _signing(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**respondents(visit, case), **to_read(visit, case)}


def _to_check(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the respondents, those first who are not known yet."""
    asked = [each for each in case["parties"] if each["side"] == "respondent"]
    asked.sort(key=lambda each: bool(each["identified"]))
    return [(each["party_id"], each["name"] or each["party_id"]) for each in asked]


_in_person("record-consent", "consent", "consents", {**_IN_PERSON, "given": True}, first=True)
_in_person("record-refusal", "refuse_consent", "consents", {**_IN_PERSON, "given": False})
_in_person(
    "record-offer",
    "offer",
    "offers",
    _SAID,
    shows=lambda visit, case: {**respondents(visit, case), **offer_form(visit, case)},
)
_in_person(
    "record-acceptance",
    "accept_offer",
    "offers/{number}/answers",
    {**_SAID, "reply": "accepted"},
    shows=_answering("applicant"),
    first=True,
)
_in_person(
    "record-decline",
    "decline_offer",
    "offers/{number}/answers",
    {**_SAID, "reply": "declined"},
    shows=_answering("applicant"),
)
_in_person(
    "record-revocation",
    "withdraw_offer",
    "offers/{number}/answers",
    {**_SAID, "reply": "withdrawn"},
    shows=_answering("respondent"),
)
pages.act("settle", action="settle", route=f"{CASE}/settlement", shows=to_read, first=True)
_in_person("record-signature", "sign", "signatures", _IN_PERSON, shows=_signing, first=True)
_in_person("record-signing-refusal", "refuse_to_sign", "signing-refusals", _IN_PERSON)
_in_person("record-confirmation", "apply_for_confirmation", "confirmation", _SAID)
_in_person("record-end", "end_mediation", "refusals", _IN_PERSON)
pages.act(
    "check-identity",
    action="check_identity",
    route=f"{CASE}/identity-checks",
    shows=lambda _visit, case: {"people": _to_check(case), "ways": list(IdentityShown)},
    roles=_AT_THE_TABLE,
)
pages.act("renegotiate", action="renegotiate", route=f"{CASE}/renegotiation")

pages.lead_to("cases/{case_id}/statement", title="statement.title", route=_STATEMENT, roles=_STAFF)
pages.lead_to(
    "cases/{case_id}/settlement", title="settlement.title", route=f"{CASE}/settlement", roles=_STAFF
)
pages.lead_to("cases/{case_id}/papers", title="papers.title", route=f"{CASE}/documents", roles=_STAFF)
pages.lead_to("cases/{case_id}/contacts", title="contacts.title", route=_CONTACTS, roles=_AT_THE_TABLE)
pages.lead_to("cases/{case_id}/notes", title="notes.title", route=_NOTES, roles=_STAFF)


@pages.get("cases/{case_id}/statement")
def show_statement(visit: Visit, case_id: str) -> Answered:
    """Show line by line what is owed and why; a debt that the hub was not told says so."""
    case = visit.get(CASE, case_id=case_id)
    try:
        statement = visit.get(_STATEMENT, case_id=case_id)
    except Refused as refused:
        if refused.code != "debt_not_known":
            raise
        statement = None
    return _of_case(visit, case, "statement", {"statement": statement})


@pages.get("cases/{case_id}/settlement")
def show_settlement(visit: Visit, case_id: str) -> Answered:
    """Show offers, what each tier of the policy gives, the agreement, and what was paid."""
    case = visit.get(CASE, case_id=case_id)
    return _of_case(visit, case, "settlement", settlement(visit, case))


@pages.get("cases/{case_id}/contacts")
def ask_for_contacts(visit: Visit, case_id: str) -> Answered:
    """Ask what the contacts are looked at for."""
    return _contacts(visit, case_id, form_for(visit), [])


@pages.post("cases/{case_id}/contacts")
def show_contacts(visit: Visit, case_id: str) -> Answered:
    """Show the contacts; who looked and what for is on record."""
    purpose = visit.asked.typed("purpose")
    try:
        found = visit.get(_CONTACTS, {"purpose": purpose}, case_id=case_id)
    except Refused as refused:
        form = refused_form(visit, refused)
        return _contacts(visit, case_id, form, [], status=HTTPStatus(refused.status))
    return _contacts(visit, case_id, form_for(visit, typed={"purpose": [purpose]}), found["items"])


@pages.get("cases/{case_id}/notes")
def show_notes(visit: Visit, case_id: str) -> Answered:
    """Show the notes, a page of them, and a form for another."""
    return _notes(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/notes")
def write_note(visit: Visit, case_id: str) -> Answered:
    """Add a note."""
    return submitted(
        visit,
        _NOTES,
        lambda form: _notes(visit, case_id, form),
        f"cases/{case_id}/notes?done=note",
        case_id=case_id,
    )


@pages.get("cases/{case_id}/codes")
def ask_for_code(visit: Visit, case_id: str) -> Answered:
    """Ask whose phone a code goes to."""
    return _codes(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/codes")
def send_code(visit: Visit, case_id: str) -> Answered:
    """Send a code to a party's own phone."""
    return submitted(
        visit,
        _CODES,
        lambda form: _codes(visit, case_id, form),
        f"cases/{case_id}?done=code",
        case_id=case_id,
    )


def _notes(visit: Visit, case_id: str, form: Form) -> Page:
    case = visit.get(CASE, case_id=case_id)
    cursor = visit.asked.query.get("cursor")
    found = visit.get(_NOTES, {"limit": _PAGE, **({"cursor": cursor} if cursor else {})}, case_id=case_id)
    return _of_case(visit, case, "notes", {"notes": found["items"], "next": found["next"], "form": form})


def _contacts(
    visit: Visit,
    case_id: str,
    form: Form,
    found: list[Mapping[str, Any]],
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    case = visit.get(CASE, case_id=case_id)
    values = {"form": form, "contacts": found, "purposes": PURPOSES}
    return _of_case(visit, case, "contacts", values, status)


def _codes(visit: Visit, case_id: str, form: Form) -> Page:
    case = visit.get(CASE, case_id=case_id)
    named = [(each["party_id"], each["name"] or each["party_id"]) for each in case["parties"]]
    return _of_case(visit, case, "codes", {"form": form, "speakers": named})


def _of_case(
    visit: Visit,
    case: Mapping[str, Any],
    name: str,
    values: Mapping[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> Page:
    return Page(
        template=f"staff/{name}.html",
        title=f"{name}.title",
        values={"case": case, "done": done_text(visit), **values},
        status=status,
    )
