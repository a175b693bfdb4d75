"""Judicial confirmation over HTTP: asked for by both sides in time, ruled on, and what a ruling opens."""

from typing import Any

import pytest

from chalicelib.domain.roles import Actor
from tests.support.bodies import ruled
from tests.support.courses import act, done
from tests.support.deals import (
    SETTLEMENT,
    answers,
    applies,
    in_force,
    monthly,
    offer,
    offers,
    passes,
    pays,
    ruled_on,
    seen,
    settlement_of,
    signs,
)
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def case_id(api: Api) -> str:
    """Make a plan whose first payment is due after the window has closed."""
    return in_force(api, offer(api, tier="instalments", schedule=monthly(count=6, annual_percent="0")))


def refused(api: Api, case_id: str, resource: str, body: Any, actor: Actor) -> Answer:
    """Do something that is refused, and check that nothing came of it."""
    before = seen(api, case_id)
    answer = act(api, case_id, resource, body, actor)
    assert seen(api, case_id) == before
    return answer


def confirmation(api: Api, case_id: str) -> Any:
    return api.get(f"/v1/cases/{case_id}").body["confirmation"]


def test_both_sides_apply_and_the_court_is_asked(api: Api, case_id: str) -> None:
    """One side alone is no application; with the other's the transfer goes out."""
    case = done(applies(api, case_id, "r1"))
    assert (case["confirmation"]["state"], case["confirmation"]["applied_by"]) == ("none", ["respondent"])
    assert not api.hub.court.submissions
    done(applies(api, case_id, "a1"))
    shown = confirmation(api, case_id)
    assert (shown["state"], shown["applied_by"]) == ("transferred", ["applicant", "respondent"])
    (sent,) = api.hub.court.submissions.values()
    assert sent.transfer_id == f"{case_id}-C1"


@pytest.mark.parametrize("party_id", ["a1", "r1"])
def test_a_party_applies_once(api: Api, case_id: str, party_id: str) -> None:
    """Alone or after both have."""
    for first in (party_id, "a1" if party_id == "r1" else "r1"):
        done(applies(api, case_id, first))
        before = seen(api, case_id)
        again = applies(api, case_id, party_id)
        assert (again.status, again.body["rule"]) == (409, "party_applies_once")
        assert seen(api, case_id) == before


def test_who_applies_is_of_the_side_it_names(api: Api, case_id: str) -> None:
    """Nobody for the other side, nobody in another's name; the mediator and the centre together in person."""
    own = {"side": "applicant", "party_id": "a1"}
    assert refused(api, case_id, "confirmation", own, borrower(case_id)).body["rule"] == "own_side"
    for party_id in ("r1", "x9"):
        answer = refused(api, case_id, "confirmation", own | {"party_id": party_id}, INSTITUTION)
        assert answer.body["rule"] == "speaks_for_itself"
    assert refused(api, case_id, "confirmation", own, MEDIATOR).body["rule"] == "own_side"
    assert refused(api, case_id, "confirmation", own, COURT).code == "not_permitted"
    recorded = own | {"channel": "in_person"}
    for actor in (MEDIATOR, CENTRE):
        assert refused(api, case_id, "confirmation", recorded, actor).body["rule"] == "own_side"
    theirs = {"side": "respondent", "party_id": "r1", "channel": "in_person"}
    assert done(act(api, case_id, "confirmation", theirs, MEDIATOR))["confirmation"]["applicants"] == []
    assert done(act(api, case_id, "confirmation", theirs, CENTRE))["confirmation"]["applicants"] == ["r1"]


def test_the_window_closes_after_thirty_days(api: Api, case_id: str) -> None:
    """In force on 2 March: 1 April is the last day, 2 April is too late, even for the second side."""
    passes(api, 30)
    assert (confirmation(api, case_id)["closes_on"], confirmation(api, case_id)["days_left"]) == (
        "2026-04-01",
        0,
    )
    done(applies(api, case_id, "a1"))
    passes(api, 1)
    late = {"side": "respondent", "party_id": "r1"}
    answer = refused(api, case_id, "confirmation", late, borrower(case_id))
    assert (answer.status, answer.body["rule"]) == (409, "confirmation_within_30_days")
    assert confirmation(api, case_id)["days_left"] == -1


def test_a_confirmed_agreement_in_default_is_enforced_for_what_remains(api: Api) -> None:
    """Not before the default, not by a suit, by the institution only."""
    case_id = ruled_on(api, in_force(api))
    assert confirmation(api, case_id)["state"] == "confirmed"
    assert confirmation(api, case_id)["court_case_number"] == "（2026）闽0902诉前调确12号"
    early = refused(api, case_id, "enforcement", {}, INSTITUTION)
    assert (early.status, early.code) == (409, "action_not_available")
    done(pays(api, case_id, "588.16"))
    passes(api, 20)
    suit = refused(api, case_id, "transfer", {"insists": True}, INSTITUTION)
    assert (suit.status, suit.body["rule"]) == (409, "not_before_the_court")
    for actor in (MEDIATOR, borrower(case_id), COURT):
        assert refused(api, case_id, "enforcement", {}, actor).code == "not_permitted"
    version = {"If-Match": f'"{api.hub.cases.get(case_id).version}"'}
    bare = api.request("POST", f"/v1/cases/{case_id}/enforcement", INSTITUTION, None, version)
    assert (done(bare)["stage"], bare.body["claim"]["total"]) == ("transferring", "113000.00")
    assert bare.body["transfer"]["matter"] == "enforcement"
    api.hub.run()
    dossier = api.get(f"/v1/court/transfers/{bare.body['transfer']['transfer_id']}", COURT)
    assert dossier.body["late_performance"] == {
        "base": "100000.00",
        "days": 5,
        "daily_percent": "0.0175",
        "amount": "87.50",
    }


def test_without_confirmation_there_is_nothing_to_enforce(api: Api) -> None:
    """Neither unasked nor while the court has not ruled; while it has the application, no suit either."""
    case_id = in_force(api)
    passes(api, 20)
    for _ in ("nobody applied", "both applied"):
        answer = refused(api, case_id, "enforcement", {}, INSTITUTION)
        assert (answer.status, answer.body["rule"]) == (409, "agreement_confirmed")
        for party_id in ("a1", "r1"):
            applies(api, case_id, party_id)
    suit = refused(api, case_id, "transfer", {"insists": True}, INSTITUTION)
    assert suit.body["rule"] == "not_before_the_court"


def test_only_a_rejection_lets_the_parties_mediate_again(api: Api, case_id: str) -> None:
    """Not an agreement nobody asked to confirm, not a confirmed one."""
    for _ in ("nobody applied", "confirmed"):
        answer = refused(api, case_id, "renegotiation", {}, MEDIATOR)
        assert (answer.status, answer.body["rule"]) == (409, "confirmation_rejected")
        suit = refused(api, case_id, "transfer", {"insists": True}, INSTITUTION)
        assert suit.body["rule"] == "confirmation_rejected"
        if confirmation(api, case_id)["state"] == "none":
            ruled_on(api, case_id)


def test_after_a_rejection_they_mediate_about_the_debt_less_what_was_paid(api: Api, case_id: str) -> None:
    """The waiver does not outlive its agreement; the next round ends in an agreement of its own."""
    done(pays(api, case_id, "588.16"))
    ruled_on(api, case_id, "content_unclear")
    assert confirmation(api, case_id)["rejected_for"] == "content_unclear"
    for actor in (INSTITUTION, borrower(case_id), CENTRE):
        assert refused(api, case_id, "renegotiation", {}, actor).code == "not_permitted"
    case = done(act(api, case_id, "renegotiation", {}, MEDIATOR))
    assert (case["stage"], case["round"], case["claim"]["total"]) == ("in_mediation", 2, "113000.00")
    shown = settlement_of(api, case_id)
    assert (shown["round"], shown["owed"]["total"], shown["offers"]) == (2, "113000.00", [])
    done(offers(api, case_id))
    done(answers(api, case_id, "accepted"))
    done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))
    api.hub.clock.advance(minutes=2)
    for party_id in ("a1", "r1"):
        done(signs(api, case_id, party_id))
    reused = pays(api, case_id, "1.00")
    assert (reused.status, reused.faults) == (422, {"/reference": "reference_reused"})
    assert pays(api, case_id, "588.16", on="2026-03-02").status == 200
    assert settlement_of(api, case_id)["performance"]["paid"] == "0.00"


def test_after_a_rejection_the_institution_may_sue(api: Api, case_id: str) -> None:
    """For the debt less what was paid."""
    done(pays(api, case_id, "588.16"))
    ruled_on(api, case_id, "not_voluntary")
    case = done(act(api, case_id, "transfer", {"insists": True}))
    assert (case["stage"], case["transfer"]["matter"], case["claim"]["total"]) == (
        "transferring",
        "suit",
        "113000.00",
    )


def test_the_court_can_not_rule_on_what_was_not_applied_for(api: Api, case_id: str) -> None:
    """Its message is taken in, and changes nothing."""
    done(applies(api, case_id, "a1"))
    before = seen(api, case_id)
    api.call_back(ruled(f"{case_id}-C1"))
    api.hub.run()
    assert seen(api, case_id) == before
