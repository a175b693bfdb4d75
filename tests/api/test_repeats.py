"""An act sent again after it took effect is answered as done; anything else that comes late is stale."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from chalicelib.domain.case import Case, Change
from chalicelib.domain.errors import OutcomeUnknown, StaleVersion
from chalicelib.domain.parties import PartyDetails
from chalicelib.domain.roles import Actor
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation, submitted
from tests.support.deals import day, in_force, pays
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api


@pytest.fixture
def api() -> Api:
    return Api()


@dataclass(frozen=True)
class Sent:
    """An act as it is sent: by whom, to which resource, with which body and version."""

    resource: str
    body: Any
    actor: Actor
    version: int

    def to(self, api: Api, case_id: str) -> Answer:
        """Send it."""
        return api.post(
            f"/v1/cases/{case_id}/{self.resource}", self.body, self.actor, If_Match=f'"{self.version}"'
        )


CONSENT = {"party_id": "r1", "given": True, "online": True}


def assigned(api: Api) -> str:
    """Bring a case to its mediator, who has yet to accept."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    return case_id


def accepted(api: Api) -> str:
    """Bring a case to a mediator who has accepted."""
    case_id = assigned(api)
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    return case_id


def of_a_party(case_id: str) -> Actor:
    """Return the borrower of a case."""
    return borrower(case_id)


def always(actor: Actor) -> Callable[[str], Actor]:
    """Return the same actor for each case."""
    return lambda _case_id: actor


ACTS = [
    pytest.param(file_case, "assignment", APPOINTMENT, always(CENTRE), id="appoint"),
    pytest.param(assigned, "assignment", {"action": "accept"}, always(MEDIATOR), id="accept"),
    pytest.param(
        assigned,
        "assignment",
        {"action": "decline", "reason": "near_relative"},
        always(MEDIATOR),
        id="decline",
    ),
    pytest.param(accepted, "consents", CONSENT, of_a_party, id="consent"),
    pytest.param(
        in_mediation, "extension", {"side": "applicant", "days": 5}, always(INSTITUTION), id="extend"
    ),
    pytest.param(in_mediation, "failure", {"reason": "differences_too_large"}, always(MEDIATOR), id="fail"),
    pytest.param(in_mediation, "withdrawal", {}, always(INSTITUTION), id="withdraw"),
    pytest.param(submitted, "withdrawal", {}, always(INSTITUTION), id="withdraw from the court"),
]


@pytest.mark.parametrize(("bring", "resource", "body", "who"), ACTS)
def test_an_act_sent_again_is_answered_as_done(
    api: Api, bring: Callable[[Api], str], resource: str, body: Any, who: Callable[[str], Actor]
) -> None:
    """With the same case and version, and without a second event; also for who no longer sees the case."""
    case_id = bring(api)
    sent = Sent(resource, body, who(case_id), api.hub.cases.get(case_id).version)
    first = sent.to(api, case_id)
    assert first.status == 200, first.raw
    events = len(api.hub.memory.events[case_id])
    again = sent.to(api, case_id)
    assert (again.status, again.body, again.headers["ETag"]) == (200, first.body, first.headers["ETag"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert len(api.hub.memory.events[case_id]) == events


def test_a_repeat_shows_the_case_as_it_is_now(api: Api) -> None:
    """The hub and others went on meanwhile: the answer carries the version to go on from."""
    case_id = accepted(api)
    sent = Sent("consents", CONSENT, borrower(case_id), api.hub.cases.get(case_id).version)
    done(sent.to(api, case_id))
    api.hub.run()
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    now = api.hub.cases.get(case_id)
    again = sent.to(api, case_id)
    assert (again.status, again.body["stage"]) == (200, "unresolved")
    assert again.headers["ETag"] == f'"{now.version}"'


EXTENSION = {"side": "applicant", "days": 5}


@pytest.mark.parametrize(
    "changed",
    [
        {"body": {"side": "applicant", "days": 6}},
        {"actor": replace(INSTITUTION, subject="clerk-9")},
        {"actor": MEDIATOR},
        {"resource": "withdrawal", "body": {}},
        {"back": 1},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_differs_is_stale(api: Api, changed: dict[str, Any]) -> None:
    """Another body, caller, route or version is another act: 412, and nothing happens."""
    case_id = in_mediation(api)
    version = api.hub.cases.get(case_id).version
    sent = Sent("extension", EXTENSION, INSTITUTION, version)
    done(sent.to(api, case_id))
    before = api.hub.cases.get(case_id)
    other = replace(sent, version=version - changed.pop("back", 0), **changed)
    answer = other.to(api, case_id)
    assert (answer.status, answer.code) == (412, "stale_version")
    assert api.hub.cases.get(case_id) == before


def test_a_mediator_who_never_had_the_case_does_not_find_it(api: Api) -> None:
    """A guess at somebody else's decline is a case that does not exist."""
    case_id = assigned(api)
    body = {"action": "decline", "reason": "near_relative"}
    sent = Sent("assignment", body, MEDIATOR, api.hub.cases.get(case_id).version)
    done(sent.to(api, case_id))
    stranger = replace(MEDIATOR, subject="m-9", mediator_id="m-9")
    assert replace(sent, actor=stranger).to(api, case_id).code == "case_not_found"
    assert replace(sent, actor=stranger).to(api, "C-none").code == "case_not_found"
    foreign = replace(INSTITUTION, institution_id="bank-9")
    assert Sent("withdrawal", {}, foreign, sent.version).to(api, case_id).code == "case_not_found"


def test_a_write_without_an_answer_may_be_repeated(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 says that it may have taken effect; the same request again is then answered as done."""
    case_id = in_mediation(api)
    sent = Sent("withdrawal", {}, INSTITUTION, api.hub.cases.get(case_id).version)
    save = api.hub.cases.save

    def losing(change: Change, due_at: datetime, details: Sequence[PartyDetails] = ()) -> Case:
        save(change, due_at, details)
        raise OutcomeUnknown("no answer")

    with monkeypatch.context() as lost:
        lost.setattr(api.hub.cases, "save", losing)
        first = sent.to(api, case_id)
    assert (first.status, first.code, first.headers["Retry-After"]) == (503, "outcome_unknown", "2")
    assert "may have taken effect" in first.body["detail"]
    assert "Nothing was changed" not in first.body["detail"]
    again = sent.to(api, case_id)
    assert (again.status, again.body["stage"]) == (200, "withdrawn")


def test_a_repeat_is_no_part_of_what_a_reader_sees(api: Api) -> None:
    """Neither the events nor the case show what an act is recognised by."""
    case_id = in_mediation(api)
    done(act(api, case_id, "withdrawal", {}))
    (entry, *_) = api.get(f"/v1/cases/{case_id}/events").body["items"]
    assert "act" not in entry


def test_payments_at_once_are_all_recorded(api: Api) -> None:
    """Of different references, on a route that takes no version: nobody gets 412."""
    case_id = in_force(api)
    bodies = [{"reference": f"P-{number}", "on": day(api, 0), "amount": "100.00"} for number in range(8)]
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: api.post(f"/v1/cases/{case_id}/repayments", body), bodies))
    assert [answer.status for answer in answers] == [200] * 8
    assert api.hub.cases.get(case_id).sequence == len(api.hub.memory.events[case_id])
    performance = api.get(f"/v1/cases/{case_id}/settlement").body["performance"]
    assert performance["paid"] == "800.00"


def test_payments_that_meet_too_often_are_told_to_come_back(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A route without If-Match never answers 412: 503 with Retry-After, and nothing was changed."""
    case_id = in_force(api)
    before = api.hub.cases.get(case_id)

    def stale(*_: object) -> Case:
        raise StaleVersion(case_id)

    monkeypatch.setattr(api.hub.cases, "save", stale)
    answer = pays(api, case_id, "100.00", "P-1")
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "contended", "2")
    assert api.hub.cases.get(case_id) == before
