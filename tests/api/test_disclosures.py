"""Disclosures over the API: told to both sides, waived by both, and shown in why this mediator."""

from typing import Any, Final

from tests.api.test_appointment import CHOOSES, widen
from tests.support.courses import APPOINTMENT, act, done, file_case
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, borrower
from tests.support.http import Api

TEXT: Final = "本人三年前在申请机构任职。"
LINK: Final[dict[str, Any]] = {"mediator_id": "m-1", "ground": "institution_link"}


def test_a_linked_mediator_is_appointed_once_both_sides_have_waived_the_link() -> None:
    """TY15: the centre discloses it before it appoints; the explanation says that it was waived."""
    api = Api()
    done(widen(api, "m-1", institutions=["bank-1"], expertise=["financial_loan_contract"]))
    case_id = file_case(api)
    refused = act(api, case_id, "assignment", APPOINTMENT, CENTRE)
    assert (refused.status, refused.body["why"]) == (409, "institution_link")
    case = done(act(api, case_id, "disclosures", LINK | {"text": TEXT}, CENTRE))
    assert case["disclosures"] == [LINK | {"may_be_waived": True, "waived_by": []}]
    done(act(api, case_id, "waivers", LINK | {"party_id": "a1"}, INSTITUTION))
    refused = act(api, case_id, "assignment", APPOINTMENT, CENTRE)
    assert (refused.status, refused.body["why"]) == (409, "recused")
    case = done(act(api, case_id, "waivers", LINK | {"party_id": "r1"}, borrower(case_id)))
    assert case["disclosures"][0]["waived_by"] == ["a1", "r1"]
    case = done(act(api, case_id, "assignment", CHOOSES, CENTRE))
    assert case["mediator_id"] == "m-1"
    (why,) = api.get(f"/v1/cases/{case_id}/appointments", borrower(case_id)).body["items"]
    assert why["chosen"]["waived"] is True


def test_both_sides_read_the_fact_and_the_court_does_not() -> None:
    """The mediator reads what is about itself; nobody finds the words in an event."""
    api = Api()
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "disclosures", LINK | {"text": TEXT}, MEDIATOR))
    other = {"mediator_id": "m-2", "ground": "earlier_role"}
    done(act(api, case_id, "disclosures", other | {"text": "曾任本案证人。"}, CENTRE))
    url = f"/v1/cases/{case_id}/disclosures"
    for reader in (INSTITUTION, borrower(case_id), CENTRE):
        first, second = api.get(url, reader).body["items"]
        assert (first["missing"], second["missing"]) == (["a1", "r1"], [])
        assert (first["may_be_waived"], second["may_be_waived"]) == (True, False)
        assert [(fact["text"], fact["role"]) for fact in first["facts"]] == [(TEXT, "mediator")]
    (own,) = api.get(url, MEDIATOR).body["items"]
    assert own["mediator_id"] == "m-1"
    for reader in (JUDGE, COURT):
        assert api.get(url, reader).status == 403
    events = api.get(f"/v1/cases/{case_id}/events", INSTITUTION).raw.decode()
    assert "relation_disclosed" in events
    assert "三年前" not in events


def test_a_relation_that_nobody_described_is_listed_without_facts() -> None:
    """Who declined for it has told its ground only."""
    api = Api()
    case_id = file_case(api)
    url = f"/v1/cases/{case_id}/disclosures"
    assert api.get(url, CENTRE).body["items"] == []
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "decline", "reason": "near_relative"}, MEDIATOR))
    (told,) = api.get(url, borrower(case_id)).body["items"]
    assert (told["ground"], told["facts"], told["missing"]) == ("near_relative", [], ["a1", "r1"])


def test_a_disclosure_names_the_version_it_is_based_on() -> None:
    """The second of two who write at once begins again."""
    api = Api()
    case_id = file_case(api)
    body = LINK | {"text": TEXT}
    refused = api.post(f"/v1/cases/{case_id}/disclosures", body, CENTRE, If_Match='"1"')
    assert (refused.status, refused.code) == (412, "stale_version")
