"""Being heard: objections, challenges of the mediator, the end of talks, defences, who acts for a party.

Promise: a person chooses among the acts in its own name; which may still be objected to, and whose defence
somebody reads, is the API's word. Who decides is led there by the case and by the list of the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, done_text, form_for, respondents, submitted
from chalicelib.console.deals import names_of
from chalicelib.console.pages import Page, Pages
from chalicelib.console.views.assignment import people_to_appoint
from chalicelib.console.views.bank import own_parties
from chalicelib.console.views.party import own_party
from chalicelib.domain.reasons import ChallengeFinding, ChallengeGround, DisclosureGround, ObjectionFinding
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PARTIES: Final = frozenset({Role.BORROWER.value})
_BANK: Final = frozenset({Role.INSTITUTION.value})
_CENTRE: Final = frozenset({Role.CENTRE.value})
_READERS: Final = _BANK | _CENTRE | {Role.MEDIATOR.value}
_IN_PERSON: Final = {"channel": "in_person"}
_OBJECTIONS: Final = f"{CASE}/objections"
_CHALLENGES: Final = f"{CASE}/challenges"
_AGENTS: Final = f"{CASE}/agents"
_DISCLOSURES: Final = f"{CASE}/disclosures"
_WAIVERS: Final = f"{CASE}/waivers"
_DEFENCES: Final = f"{CASE}/defences"
_PAGE: Final = "50"


def _party(visit: Visit) -> Mapping[str, str]:
    return {"party_id": own_party(visit)}


def _named(visit: Visit, act: Mapping[str, Any]) -> str:
    return f"{visit.texts.code('recorded_act', act['action'])} · {visit.texts.time(act['at'])}"


def _own_acts(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    own = [each for each in case["recorded"] if each["party_id"] == own_party(visit)]
    return {"recorded": [(each["number"], _named(visit, each)) for each in own]}


def _everybodys_acts(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the acts with whose they are, and the parties that have one."""
    acts, names = case["recorded"], names_of(case)
    found = [(each["number"], f"{names[each['party_id']]} · {_named(visit, each)}") for each in acts]
    speakers = {each["party_id"]: names[each["party_id"]] for each in acts}
    return {"recorded": found, "speakers": list(speakers.items())}


def _grounds(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**respondents(visit, case), "grounds": list(ChallengeGround)}


def _findings(findings: Sequence[str]) -> Any:
    return lambda _visit, case: {"findings": findings, "names": names_of(case)}


def _named_agents(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return whom the bank named for the party, by name: the party itself sees who stands beside it."""
    own = next(each for each in case["parties"] if each["party_id"] == own_party(visit))
    names = {each["agent_id"]: each["name"] for each in own["representatives"] or ()}
    waiting = [each for each in own["agents"] if not each["acts"]]
    return {
        "agents": [
            (each["agent_id"], _agent_words(visit, names.get(each["agent_id"]), each)) for each in waiting
        ]
    }


def _everybodys_agents(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the same of all respondents; their names are among the case's contacts."""
    waiting = [
        (party["party_id"], each) for party in case["parties"] for each in party["agents"] if not each["acts"]
    ]
    named = dict.fromkeys(party_id for party_id, _ in waiting)
    names = names_of(case)
    agents = {each["agent_id"]: _agent_words(visit, None, each) for _, each in waiting}
    return {"agents": list(agents.items()), "speakers": [(each, names[each]) for each in named]}


def _agent_words(visit: Visit, name: str | None, agent: Mapping[str, Any]) -> str:
    return f"{name or agent['agent_id']} · {visit.texts.code('authority', agent['authority'])}"


def _relation(visit: Visit, case: Mapping[str, Any], parties: Collection[str]) -> Mapping[str, Any]:
    """Return the first relation to the case that one of the parties may still waive, with its facts."""
    told = visit.get(_DISCLOSURES, case_id=case["case_id"])["items"]
    open_to_it = (each for each in told if set(each["missing"]) & set(parties))
    relation = next(open_to_it, None)
    return {"relation": relation, "mediator": _mediator(case, relation) if relation else ""}


def _mediator(case: Mapping[str, Any], relation: Mapping[str, Any]) -> str:
    known = case["mediator_name"] if case["mediator_id"] == relation["mediator_id"] else None
    return str(known or relation["mediator_id"])


def _own_relation(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    return _relation(visit, case, {own_party(visit)})


def _banks_relation(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    own = own_parties(visit, case)
    return {**own, **_relation(visit, case, {party_id for party_id, _ in own["speakers"]})}


def _respondents_relation(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, Any]:
    spoken = respondents(visit, case)
    return {**spoken, **_relation(visit, case, {party_id for party_id, _ in spoken["speakers"]})}


pages.act("object", action="object", route=_OBJECTIONS, fixed=_party, shows=_own_acts, roles=_PARTIES)
pages.act("challenge", action="challenge", route=_CHALLENGES, fixed=_party, shows=_grounds, roles=_PARTIES)
pages.act(
    "disclose",
    action="disclose",
    route=_DISCLOSURES,
    fixed=lambda visit: {"mediator_id": visit.caller["mediator_id"]},
    shows=lambda *_: {"grounds": list(DisclosureGround)},
    roles=frozenset({Role.MEDIATOR.value}),
)
pages.act(
    "record-disclosure",
    action="disclose",
    route=_DISCLOSURES,
    shows=lambda visit, case: {**people_to_appoint(visit, case), "grounds": list(DisclosureGround)},
    roles=_CENTRE,
)
pages.act("waive", action="waive_recusal", route=_WAIVERS, fixed=_party, shows=_own_relation, roles=_PARTIES)
pages.act(
    "bank-waive",
    action="waive_recusal",
    route=_WAIVERS,
    shows=_banks_relation,
    roles=_BANK,
)
pages.act(
    "record-waiver",
    action="waive_recusal",
    route=_WAIVERS,
    fixed={"channel": "in_person"},
    shows=_respondents_relation,
    roles=_CENTRE,
)
pages.act("end-talks", action="end_mediation", route=f"{CASE}/refusals", fixed=_party, roles=_PARTIES)
pages.act(
    "confirm-agent",
    action="confirm_agent",
    route=_AGENTS,
    fixed=lambda visit: {**_party(visit), "action": "confirm"},
    shows=_named_agents,
    roles=_PARTIES,
)
pages.act(
    "reject-agent",
    # Offered while there is somebody to confirm: an agent of one's own choice is revoked with the centre.
    action="confirm_agent",
    route=_AGENTS,
    fixed=lambda visit: {**_party(visit), "action": "revoke"},
    shows=_named_agents,
    roles=_PARTIES,
)
pages.act(
    "record-agent-confirmation",
    action="confirm_agent",
    route=_AGENTS,
    fixed={**_IN_PERSON, "action": "confirm"},
    shows=_everybodys_agents,
    roles=_CENTRE,
)
pages.act(
    "bank-challenge",
    action="challenge",
    route=_CHALLENGES,
    shows=lambda visit, case: {**_grounds(visit, case), **own_parties(visit, case)},
    roles=_BANK,
)
pages.act(
    "record-objection",
    action="object",
    route=_OBJECTIONS,
    fixed=_IN_PERSON,
    shows=_everybodys_acts,
    roles=_CENTRE,
)
pages.act(
    "record-challenge",
    action="challenge",
    route=_CHALLENGES,
    fixed=_IN_PERSON,
    shows=_grounds,
    roles=_CENTRE,
)
pages.act(
    "decide-objection",
    action="decide_objection",
    route=f"{CASE}/objection-decisions",
    shows=_findings(list(ObjectionFinding)),
    first=True,
)
pages.act(
    "decide-challenge",
    action="decide_challenge",
    route=f"{CASE}/challenge-decisions",
    shows=_findings(list(ChallengeFinding)),
    first=True,
)

pages.lead_to("cases/{case_id}/defences", title="defence.title", route=_DEFENCES, roles=_READERS)
pages.lead_to(
    "cases/{case_id}/defences", title="defence.mine", route=_DEFENCES, method="POST", roles=_PARTIES
)


@pages.get("cases/{case_id}/defences")
def show_defences(visit: Visit, case_id: str) -> Answered:
    """Show what was said about the claim; who may add something gets a form for it."""
    return _defences(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/defences")
def state_defence(visit: Visit, case_id: str) -> Answered:
    """Keep what a party says."""
    return submitted(
        visit,
        _DEFENCES,
        lambda form: _defences(visit, case_id, form),
        f"cases/{case_id}/defences?done=defence",
        case_id=case_id,
    )


def _defences(visit: Visit, case_id: str, form: Form) -> Page:
    case = visit.get(CASE, case_id=case_id)
    cursor = visit.asked.query.get("cursor")
    found = visit.get(_DEFENCES, {"limit": _PAGE, **({"cursor": cursor} if cursor else {})}, case_id=case_id)
    states = visit.permits(_DEFENCES, "POST")
    values = {
        "case": case,
        "defences": found["items"],
        "next": found["next"],
        "names": names_of(case),
        "states": states,
        "form": form,
        "done": done_text(visit),
    }
    return Page(template="defences.html", title="defence.mine" if states else "defence.title", values=values)
