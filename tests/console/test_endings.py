"""Each way a case can end, by the forms of the person whose word it is; and how one that stopped goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.bodies import docketed, reviewed, ruled
from tests.support.browsing import Browser, Site
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation, submitted
from tests.support.deals import in_force, offers, passes, pays, ruled_on, settled
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from tests.support.browsing import Seen


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


@pytest.fixture
def clerk(site: Site) -> Browser:
    return site.browser(INSTITUTION)


def stage(api: Api, case_id: str) -> str:
    """Return the stage after the hub's own steps."""
    api.hub.run()
    return str(api.hub.cases.get(case_id).stage)


def sent(browser: Browser, case_id: str, name: str, **typed: str) -> Seen:
    """Send an act's form; fails if it comes back."""
    seen = browser.send(browser.open(f"cases/{case_id}/{name}"), **typed)
    assert seen.status == 200, seen.text
    return seen


def in_default(api: Api) -> str:
    """Let an agreement in force go unpaid until it is in default."""
    case_id = in_force(api)
    passes(api, 20)
    assert stage(api, case_id) == "defaulted"
    return case_id


def test_a_party_refuses_and_the_bank_lets_go(api: Api, site: Site, clerk: Browser) -> None:
    """The case is closed, and the page offers nothing any more."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    sent(site.browser(borrower(case_id)), case_id, "consent", given__bool="false")
    assert (stage(api, case_id), api.hub.cases.get(case_id).failure) == ("unresolved", "party_refuses")
    sent(clerk, case_id, "no-suit")
    assert stage(api, case_id) == "closed"
    ended = clerk.open(f"cases/{case_id}")
    assert not [link for link in ended.links if link.endswith(("/suit", "/no-suit"))]


def test_a_party_ends_the_talks_and_the_court_dockets_the_banks_suit(
    api: Api, site: Site, clerk: Browser
) -> None:
    """Bank and party both read that the court has the case."""
    case_id = in_mediation(api)
    party = site.browser(borrower(case_id))
    sent(party, case_id, "end-talks")
    sent(clerk, case_id, "suit")
    assert stage(api, case_id) == "submitted"
    api.call_back(docketed(f"{case_id}-T1"))
    assert stage(api, case_id) == "docketed"
    for browser in (clerk, party):
        assert "立案" in browser.open(f"cases/{case_id}").text


def test_a_case_that_the_court_returned_is_corrected_and_submitted_again(api: Api, clerk: Browser) -> None:
    """A party's details first, by the page that the correction leads to; then the claim."""
    case_id = submitted(api)
    api.call_back(reviewed(f"{case_id}-T1", "rejected"))
    assert stage(api, case_id) == "returned"
    asked = clerk.open(f"cases/{case_id}/correction")
    assert f"/console/cases/{case_id}/details" in asked.links
    sent(clerk, case_id, "details", party_id="r1", reason="wrong_at_filing", phone="13800001239")
    kept = {f"claim.{name}:money": "100.00" for name in ("interest", "penalty_interest", "compound_interest")}
    typed = {**kept, "claim.principal:money": "100,000", "claim.as_of": "2026-02-28"}
    wrong = clerk.send(clerk.open(asked.path), **{**typed, "claim.fees:money": "x"})
    assert (wrong.status, "#f-claim-fees" in wrong.links) == (422, True)
    sent(clerk, case_id, "correction", **{**typed, "claim.fees:money": "50"})
    case = api.hub.cases.get(case_id)
    assert (stage(api, case_id), str(case.claim.fees)) == ("submitted", "50.00")
    (details,) = [each for each in api.hub.cases.details(case) if each.party_id == "r1"]
    assert details.phone == "13800001239"


def test_a_confirmed_agreement_in_default_is_enforced(api: Api, site: Site, clerk: Browser) -> None:
    """Both apply by their pages, the court confirms, nobody pays, the bank asks for enforcement."""
    case_id = in_force(api)
    wrong = clerk.send(clerk.open(f"cases/{case_id}/bank-confirmation"))
    assert (wrong.status, "#f-party_id" in wrong.links) == (422, True)
    sent(clerk, case_id, "bank-confirmation", party_id="a1")
    sent(site.browser(borrower(case_id)), case_id, "confirm")
    api.hub.run()
    assert clerk.open(f"cases/{case_id}/enforcement").status == 409
    ruled_by_the_court(api, case_id)
    passes(api, 20)
    sent(clerk, case_id, "enforcement")
    transfer = api.get(f"/v1/cases/{case_id}").body["transfer"]
    assert (stage(api, case_id), transfer["matter"]) == ("submitted", "enforcement")


def ruled_by_the_court(api: Api, case_id: str) -> None:
    """Let the court confirm what both have applied for."""
    answer = api.call_back(ruled(f"{case_id}-C1", ruling="confirmed", ground=None), f"ruling-{case_id}")
    assert answer.status == 202, answer.raw.decode()
    api.hub.run()


def test_an_agreement_in_default_is_sued_on(api: Api, clerk: Browser) -> None:
    case_id = in_default(api)
    sent(clerk, case_id, "suit")
    assert stage(api, case_id) == "submitted"


def test_a_default_that_is_paid_off_is_performed(api: Api, clerk: Browser) -> None:
    """The bank records what is owed by then, and the case has ended."""
    case_id = in_default(api)
    owed = api.get(f"/v1/cases/{case_id}/settlement").body["performance"]["payoff_today"]
    typed = {"reference": "PAY-1", "on": str(api.hub.clock.now().date()), "amount:money": owed}
    sent(clerk, case_id, "repayment", **typed)
    assert stage(api, case_id) == "performed"


def test_after_the_courts_rejection_the_mediator_begins_again(api: Api, site: Site) -> None:
    case_id = in_force(api)
    done(pays(api, case_id, "588.16"))
    ruled_on(api, case_id, "content_unclear")
    sent(site.browser(MEDIATOR), case_id, "renegotiate")
    case = api.hub.cases.get(case_id)
    assert (stage(api, case_id), case.round) == ("in_mediation", 2)


def test_the_bank_declines_a_borrowers_offer(api: Api, clerk: Browser) -> None:
    """The offer has to be chosen; declined, it is no longer open."""
    case_id = in_mediation(api)
    done(offers(api, case_id, party_id="r1"))
    asked = clerk.open(f"cases/{case_id}/bank-decline")
    wrong = clerk.send(asked)
    assert (wrong.status, "#f-number" in wrong.links) == (422, True)
    sent(clerk, case_id, "bank-decline", number="1")
    (offer,) = api.get(f"/v1/cases/{case_id}/settlement").body["offers"]
    assert offer["state"] == "declined"


@pytest.mark.parametrize(
    ("name", "failure"), [("bank-signing-refusal", "refuses_to_sign"), ("bank-end", "party_refuses")]
)
def test_the_bank_does_not_sign_or_go_on(api: Api, clerk: Browser, name: str, failure: str) -> None:
    """In whose name is asked; then the mediation has ended, and why is on record."""
    case_id = settled(api) if failure == "refuses_to_sign" else in_mediation(api)
    wrong = clerk.send(clerk.open(f"cases/{case_id}/{name}"))
    assert (wrong.status, "#f-party_id" in wrong.links) == (422, True)
    sent(clerk, case_id, name, party_id="a1")
    assert (stage(api, case_id), api.hub.cases.get(case_id).failure) == ("unresolved", failure)


def test_a_party_is_led_back_to_its_own_case_and_staff_to_a_number(
    api: Api, site: Site, clerk: Browser
) -> None:
    case_id = in_mediation(api)
    assert "返回我的调解" in site.browser(borrower(case_id)).open(f"cases/{case_id}/end-talks").text
    assert "返回案件" in clerk.open(f"cases/{case_id}/bank-end").text


def test_the_second_record_begins_with_whose_act_waits(api: Api, site: Site) -> None:
    """Whoever records the first time chooses in whose name."""
    case_id = in_mediation(api)
    path = f"cases/{case_id}/record-end"
    first = site.browser(MEDIATOR)
    assert 'value="r1" checked' not in first.open(path).html
    sent(first, case_id, "record-end", party_id="r1")
    assert 'value="r1" checked' in site.browser(CENTRE).open(path).html
