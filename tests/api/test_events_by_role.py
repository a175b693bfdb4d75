"""What each role is told of what happened to a case, over HTTP, written out."""

import hashlib
import json
from typing import Final

import pytest

from tests.support.courses import act, done, in_mediation
from tests.support.deals import SETTLEMENT, answers, offer, offers
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

BEFORE: Final = [
    "case_filed",
    "case_screened",
    "mediator_appointed",
    "appointment_accepted",
    "mediation_begun",
]
OFFERS: Final = [
    "offer_made",
    "offer_withdrawn",
    "offer_made",
    "offer_declined",
    "offer_made",
    "offer_accepted",
]
AFTER: Final = ["settlement_reached"]
READERS: Final = {
    "institution": (INSTITUTION, True),
    "mediator": (MEDIATOR, True),
    "centre": (CENTRE, True),
    "borrower": (None, True),
    "judge": (JUDGE, False),
    "court": (COURT, False),
    "ops": (OPS, False),
}
"""Who is told of offers, and of what was agreed (TY22)."""


@pytest.fixture(scope="module")
def settled() -> tuple[Api, str]:
    """Bring a case to an agreement over three offers."""
    api = Api()
    case_id = in_mediation(api)
    for number, (party_id, reply) in enumerate(
        [("a1", "withdrawn"), ("r1", "declined"), ("r1", "accepted")], 1
    ):
        done(offers(api, case_id, offer(api, party_id="a1"), "a1"))
        done(answers(api, case_id, reply, party_id, number))
    done(act(api, case_id, "settlement", SETTLEMENT, MEDIATOR))
    return api, case_id


IN_THE_HASH = (
    "sequence",
    "type",
    "at",
    "role",
    "subject",
    "channel",
    "facts",
    "previous",
    "chain_version",
    "talk",
)


@pytest.mark.parametrize("role", READERS)
def test_a_role_is_told_the_events_written_out_here(settled: tuple[Api, str], role: str) -> None:
    """Who may not know of an offer, nor of what was agreed, gets a stub that says nothing of either."""
    api, case_id = settled
    actor, told = READERS[role]
    events = api.get(f"/v1/cases/{case_id}/events?limit=50", actor or borrower(case_id)).body["items"]
    hidden = [None] * len([*OFFERS, *AFTER])
    expected = [*BEFORE, *([*OFFERS, *AFTER] if told else hidden)]
    assert [event.get("type") for event in events] == expected
    for number, event in enumerate(events, 1):
        assert event["sequence"] == number
        if "type" not in event:
            assert set(event) == {"sequence", "previous", "hash"}


@pytest.mark.parametrize("role", READERS)
def test_what_a_role_is_told_verifies_as_a_chain(settled: tuple[Api, str], role: str) -> None:
    """From the answer alone, computed here as the guide for banks describes it; stubs are taken as given."""
    api, case_id = settled
    actor, _ = READERS[role]
    previous = "0" * 64
    for event in api.get(f"/v1/cases/{case_id}/events?limit=50", actor or borrower(case_id)).body["items"]:
        assert event["previous"] == previous
        if "type" in event:
            content = {key: event[key] for key in IN_THE_HASH}
            canonical = json.dumps(
                {**content, "case_id": case_id}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            )
            assert event["chain_version"] == 2
            assert event["hash"] == hashlib.sha256(f"{event['salt']}\n{canonical}".encode()).hexdigest()
        previous = event["hash"]
