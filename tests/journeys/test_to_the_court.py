"""Stories of cases that mediation could not settle: the way to the court and what it says."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from chalicelib.adapters.document_store import S3Papers
from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain.papers import PDF, Paper, PaperKind
from chalicelib.domain.roles import Role
from tests.support.aws import eventually
from tests.support.travel import BANK, COURT, MEDIATOR, OTHER_BANK, Traveller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.stack import Stack

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture
def court(traveller: Traveller, stack: Stack) -> Iterator[Traveller]:
    """Lend a court whose habits a story may change; they are as before afterwards."""
    yield traveller
    habits = {"rejection_rate": 0.0, "refusal_rate": 0.0, "outage": False, "pace_seconds": 0.1}
    traveller.http.request("PUT", f"{stack.court_url}/control", json=habits)


def habit(traveller: Traveller, **knobs: object) -> None:
    answer = traveller.http.request("PUT", f"{traveller.stack.court_url}/control", json=knobs)
    assert answer.status == 200, answer.data


def at_the_court(traveller: Traveller) -> list[dict[str, str]]:
    state = traveller.http.request("GET", f"{traveller.stack.court_url}/control/state").json()
    return [filing for filing in state["filings"] if filing["transfer_id"].startswith(traveller.case_id)]


def test_differences_too_large_the_bank_insists_and_the_same_judge_hears_it(traveller: Traveller) -> None:
    """Filing, mediation, failure, transfer, receipt, review, docketing: one case number, one judge."""
    traveller.comes_to_mediation("insists")
    traveller.acts(MEDIATOR, "failure", reason="differences_too_large")
    traveller.acts(BANK, "transfer", insists=True)
    case = traveller.waits_for("docketed")
    docketing = case["transfer"]["docketing"]
    assert docketing["judge_id"] == "j-001"
    assert docketing["court_case_number"] == at_the_court(traveller)[-1]["court_case_number"]
    assert case["failure"] == "differences_too_large"
    assert case["deadline"] is None
    types = [event["type"] for event in traveller.events()]
    assert types[0] == "case_filed"
    assert types[-1] == "case_docketed"


def test_a_paper_bigger_than_an_answer_reaches_bank_and_court(traveller: Traveller, stack: Stack) -> None:
    """By a link: both get the very bytes, and the court dockets the case that it goes with."""
    traveller.comes_to_mediation("a big paper")
    content = b"%PDF-" + Random(1).randbytes(7_000_000)  # noqa: S311 - any bytes will do
    made = Paper(
        kind=PaperKind.UNDISPUTED_FACTS, template_id="undisputed_facts/1", media_type=PDF, content=content
    )
    s3 = S3Papers(boto3.client("s3"), stack.environment["HUB_DOCUMENTS_BUCKET"])
    table = stack.environment["HUB_TABLE"]
    papers = DynamoStore(
        boto3.client("dynamodb"), table, kms=_no_kms, kms_key_id="none", now=time.time
    ).papers(s3)
    papers.add(made, made.kept(traveller.case_id, made_by=Role.MEDIATOR, at=stack.clock.now()))

    path = f"/v1/cases/{traveller.case_id}/documents/{made.sha256}"
    fetched = traveller.hub.get(BANK, path)
    assert (fetched.status, fetched.body) == (200, content)
    traveller.acts(MEDIATOR, "failure", reason="party_refuses")
    traveller.acts(BANK, "transfer", insists=True)
    transfer_id = traveller.waits_for("docketed")["transfer"]["transfer_id"]
    manifest = traveller.hub.get(COURT, f"/v1/court/transfers/{transfer_id}").body["manifest"]
    assert made.sha256 in {entry["sha256"] for entry in manifest}


def _no_kms() -> Any:
    raise AssertionError("a paper's record holds nothing to be sealed")


def test_the_court_fetches_the_dossier_and_nobody_else_can(traveller: Traveller) -> None:
    """The dossier names the parties in full, to this court alone, and nothing of the mediation's offers."""
    traveller.comes_to_mediation("dossier")
    traveller.acts(MEDIATOR, "failure", reason="party_refuses")
    transfer_id = traveller.acts(BANK, "transfer", insists=True)["transfer"]["transfer_id"]
    traveller.waits_for("docketed")
    path = f"/v1/court/transfers/{transfer_id}"
    dossier = traveller.hub.get(COURT, path)
    assert dossier.status == 200
    assert traveller.filed["respondents"][0]["id_number"] in str(dossier.body)
    assert "outcome" not in str(dossier.body)
    elsewhere = {**COURT, "court_id": "another-court"}
    assert traveller.hub.get(elsewhere, path).status == 404
    assert traveller.hub.get(BANK, path).status == 403


def test_the_court_returns_the_filing_the_bank_corrects_it_and_it_is_docketed(court: Traveller) -> None:
    """The corrected case is a new transfer that replaces the first."""
    habit(court, rejection_rate=1.0)
    court.comes_to_mediation("corrects")
    court.acts(MEDIATOR, "failure", reason="differences_too_large")
    court.acts(BANK, "transfer", insists=True)
    returned = court.waits_for("returned")
    assert returned["transfer"]["reasons"]
    claim = {name: value for name, value in returned["claim"].items() if name not in {"total", "currency"}}
    court.acts(BANK, "corrections", claim={**claim, "fees": "120.00"})
    docketed = court.waits_for("docketed")
    assert docketed["transfer"]["attempt"] == 2
    first, second = at_the_court(court)
    assert second["replaces"] == first["transfer_id"]


def test_the_court_refuses_the_suit(court: Traveller) -> None:
    habit(court, refusal_rate=1.0)
    court.comes_to_mediation("refused")
    court.acts(MEDIATOR, "failure", reason="other")
    court.acts(BANK, "transfer", insists=True)
    case = court.waits_for("refused")
    assert case["transfer"]["refusal_code"]
    assert case["allowed_actions"] == []


def test_the_court_is_down_and_gets_the_case_when_it_is_back(court: Traveller) -> None:
    """While it is down the case waits as `transferring` and nothing is lost; the court sees it once."""
    court.comes_to_mediation("outage")
    court.acts(MEDIATOR, "failure", reason="differences_too_large")
    habit(court, outage=True)
    court.acts(BANK, "transfer", insists=True)
    court.waits_for("transferring")
    habit(court, outage=False)
    court.waits_for("docketed")
    assert len(at_the_court(court)) == 1


def test_the_bank_withdraws_a_transferred_case_and_the_court_is_told(court: Traveller) -> None:
    habit(court, pace_seconds=8.0)
    court.comes_to_mediation("withdraws")
    court.acts(MEDIATOR, "failure", reason="differences_too_large")
    court.acts(BANK, "transfer", insists=True)
    court.waits_for("submitted")
    court.acts(BANK, "withdrawal")
    court.waits_for("withdrawn")

    def cancelled() -> bool:
        return at_the_court(court)[0]["status"] in {"withdrawn", "cancelled"}

    assert eventually(cancelled, seconds=20)


def test_the_bank_does_not_insist(traveller: Traveller) -> None:
    traveller.comes_to_mediation("drops")
    traveller.acts(MEDIATOR, "failure", reason="party_unreachable")
    assert traveller.acts(BANK, "transfer", insists=False)["stage"] == "closed"
    assert at_the_court(traveller) == []


def test_another_bank_can_neither_see_nor_touch_the_case(traveller: Traveller) -> None:
    """Everywhere it is a 404, as if there were no such case."""
    traveller.files("tenants")
    strange = f"/v1/cases/{traveller.case_id}"
    missing = "/v1/cases/00000000000000000000000000000000"
    for path in ("", "/events"):
        seen, none = (traveller.hub.get(OTHER_BANK, base + path) for base in (strange, missing))
        assert (seen.status, seen.code) == (none.status, none.code) == (404, "case_not_found")
    withdrawal = traveller.hub.post(OTHER_BANK, f"{strange}/withdrawal", {}, If_Match='"1"')
    assert withdrawal.status == 404
    listed = traveller.hub.get(OTHER_BANK, "/v1/cases?limit=100").body["items"]
    assert all(case["institution_id"] == "bank-psbc" for case in listed)
