"""Offers over HTTP: who may make and answer them, how each refusal is called, and that nothing changes."""

from typing import Any

import pytest

from chalicelib.domain.roles import Actor
from tests.support.courses import act, done, in_mediation
from tests.support.deals import (
    INSTALMENTS_KEPT,
    KEPT,
    answers,
    day,
    monthly,
    offer,
    offers,
    passes,
    seen,
    settlement_of,
    two_parts,
)
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def case_id(api: Api) -> str:
    return in_mediation(api)


def refused(api: Api, case_id: str, body: dict[str, Any], actor: Actor = INSTITUTION) -> Answer:
    """Make an offer that is refused, and check that nothing came of it."""
    before = seen(api, case_id)
    answer = act(api, case_id, "offers", body, actor)
    assert seen(api, case_id) == before
    return answer


def unanswered(api: Api, case_id: str, body: dict[str, Any], actor: Actor, number: int = 1) -> Answer:
    """Answer an offer in vain."""
    before = seen(api, case_id)
    answer = act(api, case_id, f"offers/{number}/answers", body, actor)
    assert seen(api, case_id) == before
    return answer


def policy_of(api: Api, **conditions: Any) -> None:
    """Publish a policy whose only tier has these conditions."""
    waivers = [{"component": "penalty_interest", "percent": "50"}]
    tier = {"name": "instalments", "repayment": "instalments", "waivers": waivers, **conditions}
    url = "/v1/institutions/bank-1/concession-policy"
    assert api.post(url, {"valid_from": day(api, 0), "tiers": [tier]}, If_Match='"1"').status == 201


def test_an_offer_comes_with_all_that_follows_from_it(api: Api, case_id: str) -> None:
    """Waived and kept by component, the plan, the saving, the monthly burden, the version of the policy."""
    case = done(offers(api, case_id))
    assert case["offer"] == {
        "number": 1,
        "side": "applicant",
        "expires_at": "2026-03-05T16:00:00+00:00",
        "accepted": False,
        "awaits": ["r1"],
        "left_out": [],
    }
    (made,) = settlement_of(api, case_id)["offers"]
    assert (made["number"], made["side"], made["state"], made["policy_version"]) == (
        1,
        "applicant",
        "open",
        1,
    )
    waived = {name: amount for name, amount in made["waived"].items() if amount != "0.00"}
    assert waived == {"penalty_interest": "5830.21", "compound_interest": "427.39", "total": "6257.60"}
    assert (made["kept"]["total"], made["plan"]["total"]) == (KEPT, KEPT)
    assert made["plan"]["total_in_capitals"] == "壹拾万柒仟叁佰叁拾元伍角陆分"
    assert made["figures"] == {
        "owed": "113588.16",
        "waived": "6257.60",
        "total": KEPT,
        "interest": "0.00",
        "saving": "6257.60",
        "monthly_burden": KEPT,
        "payments": 1,
        "months": 1,
        "first_due": "2026-03-12",
        "last_due": "2026-03-12",
    }


def test_whoever_may_read_the_settlement_sees_what_an_offer_would_come_to(api: Api, case_id: str) -> None:
    """The same figures as the offer then has; nothing changes, and no court asks."""
    before = seen(api, case_id)
    for actor in (INSTITUTION, MEDIATOR, borrower(case_id)):
        shown = previews(api, case_id, offer(api)["schedule"], actor)
        assert shown.status == 200, shown.raw
        (previewed,) = shown.body["items"]
        assert (previewed["tier"], previewed["policy_version"]) == ("lump_sum", 1)
        assert (previewed["figures"]["total"], previewed["figures"]["saving"]) == (KEPT, "6257.60")
    assert previews(api, case_id, offer(api)["schedule"], COURT).code == "not_permitted"
    assert seen(api, case_id) == before
    done(offers(api, case_id))
    (made,) = settlement_of(api, case_id)["offers"]
    assert (made["plan"], made["figures"]) == (previewed["plan"], previewed["figures"])


def test_every_tier_that_fits_is_previewed_and_each_unmet_condition_named(api: Api, case_id: str) -> None:
    """Twelve months fit one tier of three; sixty-one fit none; too late a day is at the schedule."""
    waivers = [{"component": "penalty_interest", "percent": "50"}]
    tiers = [
        {"name": name, "repayment": "instalments", "waivers": waivers, "instalments_up_to": most}
        for name, most in (("short", 6), ("long", 24))
    ]
    tiers.append({"name": "once", "repayment": "lump_sum", "waivers": waivers, "paid_within_days": 30})
    url = "/v1/institutions/bank-1/concession-policy"
    assert api.post(url, {"valid_from": day(api, 0), "tiers": tiers}, If_Match='"1"').status == 201
    assert [each["tier"] for each in previews(api, case_id, monthly(count=12)).body["items"]] == ["long"]
    both = previews(api, case_id, monthly(count=6)).body["items"]
    assert [each["tier"] for each in both] == ["short", "long"]
    refused_ = previews(api, case_id, monthly(count=30))
    assert (refused_.status, refused_.faults) == (422, {"/schedule/count": "tier_not_applicable"})
    late = previews(api, case_id, {"kind": "lump_sum", "by": day(api, 60)})
    assert late.faults == {"/schedule": "tier_not_applicable"}


def test_a_policy_without_that_kind_of_repayment_says_so(api: Api, case_id: str) -> None:
    policy_of(api)
    once = previews(api, case_id, {"kind": "lump_sum", "by": day(api, 10)})
    assert (once.status, once.faults) == (422, {"/schedule/kind": "tier_not_applicable"})


def previews(api: Api, case_id: str, schedule: dict[str, Any], actor: Actor = INSTITUTION) -> Answer:
    """Ask what a way of paying would come to."""
    return api.post(f"/v1/cases/{case_id}/offer-previews", {"schedule": schedule}, actor)


def test_offer_and_counter_offer_until_one_binds(api: Api, case_id: str) -> None:
    """A counter-offer takes the place of what was open; the acceptance ends the negotiation."""
    done(offers(api, case_id))
    done(offers(api, case_id, offer(api, "r1", schedule={"kind": "lump_sum", "by": day(api, 15)}), "r1"))
    done(offers(api, case_id, two_parts(api)))
    case = done(answers(api, case_id, "accepted", number=3))
    assert (case["offer"]["number"], case["offer"]["accepted"]) == (3, True)
    listed = settlement_of(api, case_id)["offers"]
    assert [each["state"] for each in listed] == ["countered", "countered", "accepted"]
    assert listed[2]["kept"]["total"] == INSTALMENTS_KEPT
    for party_id in ("a1", "r1"):
        late = refused(
            api, case_id, offer(api, party_id), borrower(case_id) if party_id == "r1" else INSTITUTION
        )
        assert (late.status, late.code) == (409, "offer_accepted")


def test_declining_and_withdrawing_end_an_offer(api: Api, case_id: str) -> None:
    """The other side declines, the own side withdraws; both may go on offering."""
    done(offers(api, case_id))
    assert done(answers(api, case_id, "declined"))["offer"] is None
    done(offers(api, case_id))
    assert done(answers(api, case_id, "withdrawn", "a1", 2))["offer"] is None
    done(offers(api, case_id, party_id="r1"))
    states = [each["state"] for each in settlement_of(api, case_id)["offers"]]
    assert states == ["declined", "withdrawn", "open"]
    for number in (1, 2):
        closed = unanswered(api, case_id, {"side": "applicant", "reply": "accepted"}, INSTITUTION, number)
        assert (closed.status, closed.code) == (409, "offer_closed")


def test_mediator_and_centre_record_a_respondent_in_person_and_no_institution(api: Api, case_id: str) -> None:
    """Before them, not over the network: then it would be nobody's word; a bank has its own token."""
    for channel in ("online", "in_person"):
        alone = refused(api, case_id, offer(api, channel=channel), MEDIATOR)
        assert (alone.status, alone.body["rule"]) == (409, "own_side")
    done(offers(api, case_id))
    reply = {"side": "respondent", "reply": "accepted", "channel": "in_person"}
    for actor in (MEDIATOR, CENTRE):
        assert settlement_of(api, case_id)["offers"][0]["state"] == "open"
        done(act(api, case_id, "offers/1/answers", reply, actor))
    assert settlement_of(api, case_id)["offers"][0]["state"] == "accepted"
    assert api.get(f"/v1/cases/{case_id}/events").body["items"][-1]["channel"] == "in_person"


def test_nobody_speaks_for_the_other_side(api: Api, case_id: str) -> None:
    """A bank offers for the bank, a borrower for itself; the centre for nobody over the network."""
    for side, actor in (("respondent", INSTITUTION), ("applicant", borrower(case_id))):
        answer = refused(api, case_id, offer(api, side=side), actor)
        assert (answer.status, answer.body["rule"]) == (409, "own_side")
    assert refused(api, case_id, offer(api), CENTRE).body["rule"] == "own_side"
    assert refused(api, case_id, offer(api), borrower("C-0009")).status == 404


def test_nobody_answers_an_offer_of_their_own(api: Api, case_id: str) -> None:
    """Nor withdraws the other side's, nor makes a second one beside it."""
    done(offers(api, case_id))
    for reply in ("accepted", "declined"):
        own = unanswered(api, case_id, {"side": "applicant", "reply": reply}, INSTITUTION)
        assert (own.status, own.code) == (409, "other_side_answers")
    theirs = unanswered(api, case_id, {"side": "respondent", "reply": "withdrawn"}, borrower(case_id))
    assert (theirs.status, theirs.code) == (409, "not_your_offer")
    second = refused(api, case_id, offer(api))
    assert (second.status, second.code) == (409, "own_offer_open")


def test_an_expired_offer_can_not_be_accepted(api: Api, case_id: str) -> None:
    """It lapses with its last day in China; then it is nobody's turn."""
    done(offers(api, case_id))
    passes(api, 3)
    assert settlement_of(api, case_id)["offers"][0]["state"] == "open"
    api.hub.clock.advance(hours=14, minutes=30)
    assert settlement_of(api, case_id)["offers"][0]["state"] == "expired"
    late = unanswered(api, case_id, {"side": "respondent", "reply": "accepted"}, borrower(case_id))
    assert (late.status, late.code) == (409, "offer_expired")
    done(offers(api, case_id))


@pytest.mark.parametrize("number", ["2", "0", "999999", "1000000", "one", "-1", "٣"])
def test_an_offer_nobody_made_is_not_found(api: Api, case_id: str, number: str) -> None:
    """Whatever stands where its number should be."""
    done(offers(api, case_id))
    before = seen(api, case_id)
    answer = act(
        api,
        case_id,
        f"offers/{number}/answers",
        {"side": "respondent", "reply": "accepted"},
        borrower(case_id),
    )
    assert (answer.status, answer.code) == (404, "offer_unknown")
    assert seen(api, case_id) == before


def instalments(**schedule: Any) -> dict[str, Any]:
    return {"tier": "instalments", "schedule": monthly(**schedule)}


IMPOSSIBLE: list[tuple[dict[str, Any], str, str]] = [
    (instalments(month=13), "/schedule/month", "too_large"),
    (instalments(month=0), "/schedule/month", "too_small"),
    (instalments(day=32), "/schedule/day", "too_large"),
    (instalments(count=61), "/schedule/count", "plan_too_long"),
    (instalments(count=1), "/schedule/count", "due_dates_invalid"),
    (instalments(annual_percent="5000"), "/schedule/annual_percent", "rate_out_of_bounds"),
    (instalments(annual_percent="24.000001"), "/schedule/annual_percent", "rate_out_of_bounds"),
    (instalments(annual_percent="10000.1"), "/schedule/annual_percent", "percent_format"),
    (instalments(annual_percent=4.35), "/schedule/annual_percent", "percent_format"),
    (instalments(year=2027), "/schedule", "due_dates_invalid"),
    (instalments(month=2), "/schedule", "due_dates_invalid"),
    ({"schedule": {"kind": "lump_sum", "by": "2026-03-01"}}, "/schedule", "due_dates_invalid"),
    ({"tier": "instalments"}, "/schedule/kind", "tier_not_applicable"),
    ({"tier": "gift"}, "/tier", "tier_not_applicable"),
    ({"valid_days": 0}, "/valid_days", "validity_out_of_bounds"),
    ({"valid_days": 16}, "/valid_days", "validity_out_of_bounds"),
    ({"waived": {"penalty_interest": "5830.22"}}, "/waived/penalty_interest", "concession_beyond_policy"),
    ({"waived": {"principal": "0.01"}}, "/waived/principal", "concession_beyond_policy"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), IMPOSSIBLE)
def test_what_no_offer_can_be_is_named_at_its_place(
    api: Api, case_id: str, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """A 13th month, a rate of 5000 %, a plan too long, a waiver beyond the policy; nothing changes."""
    answer = refused(api, case_id, offer(api, **changes))
    assert (answer.status, answer.faults) == (422, {pointer: code})


def test_a_plan_that_does_not_add_up_is_refused_to_the_fen(api: Api, case_id: str) -> None:
    """One fen too much or too little."""
    for second in ("50459.34", "50459.36"):
        answer = refused(api, case_id, two_parts(api, second=second))
        assert (answer.status, answer.faults) == (422, {"/schedule": "plan_does_not_add_up"})
    done(offers(api, case_id, two_parts(api)))


def test_the_policys_conditions_are_told_where_they_are_not_met(api: Api, case_id: str) -> None:
    """A 13th payment where twelve are allowed, a claim too large."""
    policy_of(api, instalments_up_to=12, claim_up_to="100000.00")
    answer = refused(api, case_id, offer(api, **instalments(count=13)))
    assert answer.faults == {"/schedule/count": "tier_not_applicable", "/tier": "tier_not_applicable"}


def test_a_case_keeps_the_policy_of_its_first_offer(api: Api, case_id: str) -> None:
    """A new version counts for other cases."""
    done(offers(api, case_id))
    policy_of(api)
    done(offers(api, case_id, offer(api, "r1"), "r1"))
    assert [each["policy_version"] for each in settlement_of(api, case_id)["offers"]] == [1, 1]
    other = in_mediation(api, "JC-2")
    assert refused(api, other, offer(api)).faults == {"/tier": "tier_not_applicable"}
    done(offers(api, other, two_parts(api, second="50673.05")))
    assert settlement_of(api, other)["offers"][0]["policy_version"] == 2
