"""The court's side over HTTP: signed callbacks, and dossiers for the court they were transferred to."""

import base64
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from chalicelib.adapters import signatures
from chalicelib.api.court import LARGEST_CALLBACK
from chalicelib.api.routes import document
from chalicelib.api.schemas.court import CallbackIn
from chalicelib.domain.agreement.confirmation import RejectionGround, Ruling
from chalicelib.domain.court_commands import RecordDocketing, RecordRuling
from chalicelib.domain.roles import Actor, Role
from infra.local.court import contract
from tests.support.bodies import NAME, docketed, refused, reviewed, ruled
from tests.support.courses import act, done, in_mediation, submitted
from tests.support.fakes import COURT_ID
from tests.support.fakes.samples import COURT, INSTITUTION, MEDIATOR
from tests.support.http import COURT_KEY, Api

CALLBACKS = "/v1/court/callbacks"
OTHER_COURT = Actor(role=Role.COURT, subject="court-9", court_id="court-9")
CONTRACT = Path(__file__).parents[2] / "docs" / "one-network.openapi.yaml"
PUBLISHED = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))


def callback_examples() -> list[str]:
    """List the names of the contract's examples of callbacks."""
    content = PUBLISHED["webhooks"]["courtCallback"]["post"]["requestBody"]["content"]
    examples = content["application/json"]["examples"].values()
    return [example["$ref"].rpartition("/")[2] for example in examples]


@pytest.fixture
def api() -> Api:
    return Api()


def signed(api: Api, raw: bytes, message_id: str = "msg-1") -> dict[str, str]:
    return signatures.sign(message_id, api.hub.clock.now(), raw, [COURT_KEY])


def test_a_callback_is_stored_once_and_then_applied(api: Api) -> None:
    """The second delivery of a message is acknowledged as a duplicate and changes nothing."""
    case_id = submitted(api)
    body = docketed(f"{case_id}-T1")
    first, again = api.call_back(body), api.call_back(body)
    assert (first.status, first.body) == (202, {"callback_id": f"{COURT_ID}#msg-1", "duplicate": False})
    assert (again.status, again.body["duplicate"]) == (202, True)
    api.hub.run()
    assert api.hub.cases.get(case_id).stage == "docketed"
    assert json.loads(api.hub.callbacks.raw(f"{COURT_ID}#msg-1")) == body


def test_a_refusal_ends_the_case(api: Api) -> None:
    """The court's free text stays in its stored message."""
    case_id = submitted(api)
    assert api.call_back(refused(f"{case_id}-T1")).status == 202
    api.hub.run()
    case = api.get(f"/v1/cases/{case_id}").body
    assert (case["stage"], case["transfer"]["refusal_code"]) == ("refused", "not_within_jurisdiction")


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_an_unsigned_callback_is_nobodys(api: Api, missing: str) -> None:
    """Without any one of the three headers it is refused, and nothing is stored."""
    raw = json.dumps(reviewed("C-1-T1")).encode()
    headers = {"Content-Type": "application/json", **signed(api, raw)}
    del headers[missing]
    answer = api.request("POST", CALLBACKS, None, raw.decode(), headers)
    assert (answer.status, answer.code) == (401, "bad_signature")
    assert not api.hub.memory.callbacks


def test_a_callback_is_verified_over_its_exact_bytes(api: Api) -> None:
    """The same JSON in other bytes, another key, an old time or an unknown court do not pass."""
    case_id = submitted(api)
    raw = json.dumps(reviewed(f"{case_id}-T1")).encode()
    headers = {"Content-Type": "application/json", **signed(api, raw)}
    spaced = raw.replace(b": ", b":")
    assert api.request("POST", CALLBACKS, None, spaced.decode(), headers).code == "bad_signature"
    assert api.call_back(reviewed(f"{case_id}-T1"), key=signatures.new_shared_key()).code == "bad_signature"
    assert api.call_back(reviewed(f"{case_id}-T1", court_id="court-9")).code == "bad_signature"
    assert api.call_back(reviewed(f"{case_id}-T1", court_id=7)).code == "bad_signature"
    api.hub.clock.advance(seconds=timedelta(minutes=5, seconds=1).total_seconds())
    assert api.request("POST", CALLBACKS, None, raw.decode(), headers).code == "bad_signature"
    assert not api.hub.memory.callbacks


def test_a_callback_may_come_as_base64(api: Api) -> None:
    """A gateway that takes the body for binary changes nothing of the bytes that were signed."""
    case_id = submitted(api)
    raw = json.dumps(reviewed(f"{case_id}-T1"), ensure_ascii=False).encode()
    answer = api.request(
        "POST", CALLBACKS, None, raw, {"Content-Type": "application/json", **signed(api, raw)}, binary=True
    )
    assert answer.status == 202


def test_a_court_speaks_of_its_own_transfers_only(api: Api) -> None:
    """Another court's transfer does not exist for it, whoever signed."""
    case_id = submitted(api)
    key = signatures.new_shared_key()
    api.keys["court-9"] = [key]
    answer = api.call_back(reviewed(f"{case_id}-T1", court_id="court-9"), key=key)
    assert (answer.status, answer.code) == (404, "transfer_not_found")
    assert api.call_back(reviewed("C-9999-T1"), "msg-2").code == "transfer_not_found"


def test_a_signed_callback_is_read_strictly(api: Api) -> None:
    """Everything wrong with it is told, as with every other body."""
    case_id = submitted(api)
    body = docketed(f"{case_id}-T1") | {"occurred_at": "2026-03-02T01:30:00+08:00", "note": "x"}
    body["data"] |= {"court_case_number": "123", "procedure": "fast", "docketed_at": "2026-13-01T00:00:00Z"}
    del body["data"]["judge_id"]
    answer = api.call_back(body)
    assert (answer.status, answer.faults) == (
        422,
        {
            "/occurred_at": "instant_format",
            "/note": "unknown_field",
            "/data/court_case_number": "court_case_number_format",
            "/data/procedure": "not_an_option",
            "/data/docketed_at": "instant_format",
            "/data/judge_id": "missing",
        },
    )
    assert api.call_back(reviewed(f"{case_id}-T1", type="filing.lost"), "m-2").faults == {
        "/type": "not_an_option"
    }
    long = refused(f"{case_id}-T1")
    long["data"] |= {"message": "长" * 501, "code": "Other"}
    assert api.call_back(long, "m-3").faults == {"/data/message": "too_long", "/data/code": "code_format"}
    assert not api.hub.memory.callbacks


def test_a_callback_has_its_own_limit(api: Api) -> None:
    """Larger than what is stored as one record is refused before anything else."""
    raw = json.dumps(reviewed("C-1-T1") | {"x": "y" * LARGEST_CALLBACK})
    headers = {"Content-Type": "application/json", **signed(api, raw.encode())}
    answer = api.request("POST", CALLBACKS, None, raw, headers)
    assert (answer.status, answer.code) == (413, "request_too_large")
    assert answer.body["limit_bytes"] == LARGEST_CALLBACK


@pytest.mark.parametrize("ground", [None, *RejectionGround])
def test_a_ruling_becomes_the_command_that_records_it(ground: RejectionGround | None) -> None:
    """Case number in full-width brackets, day, judge, and the ground of a rejection; not the court's text."""
    said = {"ruling": "rejected" if ground else "confirmed", "ground": ground, "message": "还款账户不明确"}
    assert CallbackIn.model_validate(ruled("C-1-C1", **said)).root.command() == RecordRuling(
        transfer_id="C-1-C1",
        filing_id="F-2",
        court_case_number="（2026）闽0902诉前调确12号",
        judge_id="j-1",
        ruling=Ruling(on=date(2026, 3, 9), rejected_for=ground),
    )


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"ruling": "rejected"}, {"/data/ground": "ground_missing"}),
        ({"ground": "other"}, {"/data/ground": "ground_unexpected"}),
        ({"ruling": "rejected", "ground": "too_late"}, {"/data/ground": "not_an_option"}),
        ({"ruling": "withdrawn", "ground": "other"}, {"/data/ruling": "not_an_option"}),
        (
            {"ruled_on": "2026-02-30", "message": "长" * 501, "court_case_number": "12", "procedure": None},
            {
                "/data/ruled_on": "date_unreal",
                "/data/message": "too_long",
                "/data/court_case_number": "court_case_number_format",
                "/data/procedure": "unknown_field",
            },
        ),
        ({"message": None}, {"/data/message": "string_expected"}),
    ],
)
def test_a_ruling_is_read_strictly(api: Api, said: dict[str, Any], faults: dict[str, str]) -> None:
    """A ground goes with a rejection and with nothing else; nothing faulty is stored."""
    answer = api.call_back(ruled(f"{submitted(api)}-T1", **said))
    assert (answer.status, answer.faults) == (422, faults)
    assert not api.hub.memory.callbacks


@pytest.mark.parametrize("ground", [None, *RejectionGround])
@pytest.mark.parametrize("ruling", ["confirmed", "rejected"])
def test_the_contract_the_document_and_the_model_agree_on_grounds(
    ruling: str, ground: RejectionGround | None
) -> None:
    """What the court may send, what the hub documents and what it takes are the same combinations."""
    body = ruled("C-1-C1", ruling=ruling, ground=ground)
    taken = True
    try:
        CallbackIn.model_validate(body)
    except ValidationError:
        taken = False
    agreed = contract.published().callback_faults(body) == []
    documented = contract.Contract(document()).faults("CallbackIn", body) == []
    assert agreed is documented is taken is ((ruling == "rejected") is (ground is not None))


def test_a_ruling_without_its_ground_field_is_incomplete(api: Api) -> None:
    """`ground` is null with a confirmation, never left out."""
    body = ruled(f"{submitted(api)}-T1")
    del body["data"]["ground"]
    assert api.call_back(body).faults == {"/data/ground": "missing"}


def test_a_ruling_is_stored_before_it_is_acknowledged(api: Api) -> None:
    """Like every callback: once, with its exact bytes."""
    case_id = submitted(api)
    body = ruled(f"{case_id}-T1", message="说明")
    assert [api.call_back(body).body["duplicate"] for _ in range(2)] == [False, True]
    stored = api.hub.memory.callbacks[f"{COURT_ID}#msg-1"]
    assert isinstance(stored.command, RecordRuling)
    assert json.loads(api.hub.callbacks.raw(f"{COURT_ID}#msg-1")) == body


def test_an_enforcement_is_docketed_without_a_procedure() -> None:
    """It is carried out, not tried."""
    body = docketed("C-1-T1")
    body["data"] |= {"court_case_number": "（2026）闽0902执1号", "procedure": None}
    command = CallbackIn.model_validate(body).root.command()
    assert isinstance(command, RecordDocketing)
    assert (command.docketing.court_case_number, command.docketing.procedure) == ("（2026）闽0902执1号", None)


@pytest.mark.parametrize("name", callback_examples())
def test_every_callback_of_the_published_contract_is_understood(name: str) -> None:
    """The contract's own examples become commands."""
    example = PUBLISHED["components"]["examples"][name]["value"]
    assert CallbackIn.model_validate(example).root.command().transfer_id == example["transfer_id"]


def test_the_court_fetches_what_it_was_told_of(api: Api) -> None:
    """Parties in full, the claim, and documents whose bytes have the manifest's digests."""
    case_id = submitted(api)
    dossier = api.get(f"/v1/court/transfers/{case_id}-T1", COURT)
    assert dossier.status == 200
    assert dossier.body["claim"]["total"] == "113588.16"
    assert NAME in [party["name"] for party in dossier.body["parties"]]
    for entry in dossier.body["manifest"]:
        url = f"/v1/court/transfers/{case_id}-T1/documents/{entry['document_id']}"
        document = api.get(url, COURT)
        digest = hashlib.sha256(document.raw)
        assert digest.hexdigest() == entry["sha256"]
        assert document.headers["Content-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"


def test_the_court_reads_who_answers_and_who_acts_as_published(api: Api) -> None:
    """No field of a party, its liability and its agents is undocumented; an unconfirmed agent is no agent."""
    agent = {"name": "林试", "authority": "special", "firm": "样律师事务所", "letter_number": "样字第1号"}
    case_id = submitted(api, applicant__agents=[agent], respondents__0__agents=[agent | {"name": "吴试"}])
    dossier = api.get(_manifest_url(case_id), COURT).body
    assert contract.published().faults("Dossier", dossier) == []
    bank, debtor = (party for party in dossier["parties"] if party["party_id"] in {"a1", "r1"})
    assert ("林试", "special", "样字第1号") in [
        (each["name"], each["authority"], each["letter_number"]) for each in bank["representatives"]
    ]
    assert (debtor["liability"]["kind"], debtor["representatives"]) == ("borrower", [])
    described = PUBLISHED["components"]["schemas"]
    for name, shown in (
        ("Party", debtor),
        ("Liability", debtor["liability"]),
        ("Representative", bank["representatives"][0]),
    ):
        assert shown.keys() == described[name]["properties"].keys()


def _manifest_url(case_id: str) -> str:
    return f"/v1/court/transfers/{case_id}-T1"


def test_a_dossier_is_its_courts_alone(api: Api) -> None:
    """Another court finds nothing, other roles may not ask, and what is not listed is not there."""
    case_id = submitted(api)
    url = _manifest_url(case_id)
    assert api.get(url, OTHER_COURT).code == "transfer_not_found"
    assert api.get(f"{url}/documents/complaint", OTHER_COURT).code == "transfer_not_found"
    assert api.get(url, INSTITUTION).code == "not_permitted"
    assert api.get(f"{url}/documents/offer", COURT).code == "document_not_found"
    assert api.get("/v1/court/transfers/C-9-T1", COURT).code == "transfer_not_found"


def test_a_dossier_that_is_not_built_yet_is_not_found(api: Api) -> None:
    """The transfer exists from the request on; its manifest only with the dossier."""
    case_id = in_mediation(api)
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    tag = f'"{api.hub.cases.get(case_id).version}"'
    done(api.post(f"/v1/cases/{case_id}/transfer", {"insists": True}, If_Match=tag))
    assert api.get(_manifest_url(case_id), COURT).code == "transfer_not_found"
    api.hub.run()
    assert api.get(_manifest_url(case_id), COURT).status == 200


def test_a_dossiers_answer_has_no_place_for_an_agreement(api: Api) -> None:
    """TY22: nothing of an outcome or an offer is among the fields."""
    case_id = submitted(api)
    fields: Any = api.get(_manifest_url(case_id), COURT).body
    assert fields.keys() == {
        "transfer_id",
        "court_id",
        "institution_id",
        "case_type",
        "contract_number",
        "instalment_scope",
        "claim",
        "parties",
        "manifest",
        "late_performance",
    }
