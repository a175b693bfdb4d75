"""The papers of a case over HTTP: made, listed and fetched as the bytes they are."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any
from urllib.request import urlopen

import pytest

from chalicelib.domain.papers import DOCX, JSON, PDF, Paper, PaperKind
from chalicelib.domain.roles import Role
from tests.support.courses import in_mediation
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Answer, Api

FACTS = {"kind": "undisputed_facts", "facts": ["借款本金100,000.00元已于2025年1月6日发放。"]}
ADDRESS = {"address": "福建省宁德市样例路8号", "recipient": "张试", "phone": "13800001234"}
SERVICE: dict[str, Any] = {"kind": "service_address", "party_id": "r1", "service": ADDRESS}


@pytest.fixture
def api() -> Api:
    return Api()


def url(case_id: str, document_id: str = "") -> str:
    return f"/v1/cases/{case_id}/documents" + (f"/{document_id}" if document_id else "")


def made(answer: Answer) -> dict[str, Any]:
    assert answer.status == 201, answer.raw.decode()
    return dict(answer.body)


def test_a_paper_is_made_listed_and_fetched(api: Api) -> None:
    """Its bytes hash to its id, which its digest header says too."""
    case_id = in_mediation(api)
    shown = made(api.post(url(case_id), FACTS, MEDIATOR))
    assert shown["sha256"] == shown["document_id"]
    assert (shown["kind"], shown["media_type"], shown["made_by"]) == ("undisputed_facts", PDF, "mediator")
    assert (shown["party_id"], shown["signs"], shown["made_at"]) == (None, None, "2026-03-02T01:30:00+00:00")
    assert api.get(url(case_id), INSTITUTION).body == {"items": [shown]}
    fetched = api.get(url(case_id, shown["document_id"]), borrower(case_id))
    digest = hashlib.sha256(fetched.raw)
    assert (fetched.status, fetched.headers["Content-Type"]) == (200, PDF)
    assert digest.hexdigest() == shown["document_id"]
    assert len(fetched.raw) == shown["size"]
    assert fetched.headers["Content-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"


@pytest.mark.parametrize("accept", [None, "application/json", "*/*", PDF])
def test_bytes_arrive_whatever_the_caller_accepts(api: Api, accept: str | None) -> None:
    """Bytes that are no text, with and without an Accept header."""
    case_id = in_mediation(api)
    content = b"PK\x00\xff"
    paper = Paper(kind=PaperKind.CALCULATION, template_id="calculation/1", media_type=DOCX, content=content)
    kept = api.hub.papers.add(paper, paper.kept(case_id, made_by=Role.CENTRE, at=api.hub.clock.now()))
    headers = {"Accept": accept} if accept else {}
    answer = api.get(url(case_id, kept.document_id), CENTRE, **headers)
    assert (answer.status, answer.raw, answer.headers["Content-Type"]) == (200, content, DOCX)


def test_an_element_table_arrives_as_its_bytes(api: Api) -> None:
    """JSON is a file like any other: its bytes hash to its id. Only a complaint has a table."""
    case_id = in_mediation(api)
    content = b'{"elements": [{"code": "claims.principal", "value": "1.00"}]}\n'
    paper = Paper(
        kind=PaperKind.COMPLAINT, template_id="loan_complaint/2025", media_type=JSON, content=content
    )
    kept = api.hub.papers.add(paper, paper.kept(case_id, made_by=Role.INSTITUTION, at=api.hub.clock.now()))
    answer = api.get(url(case_id, kept.document_id), INSTITUTION)
    assert (answer.status, answer.raw, answer.headers["Content-Type"]) == (200, content, JSON)
    refused = api.post(url(case_id), FACTS | {"format": "xlsx"}, MEDIATOR)
    assert (refused.code, refused.body["missing"]) == ("paper_not_possible", ["pdf"])


def test_asking_twice_makes_one(api: Api) -> None:
    """No Idempotency-Key is needed: the id is the hash of the bytes."""
    case_id = in_mediation(api)
    first = made(api.post(url(case_id), FACTS, MEDIATOR))
    assert made(api.post(url(case_id), FACTS, CENTRE)) == first
    other = made(api.post(url(case_id), FACTS | {"format": "docx"}, CENTRE))
    assert other["media_type"] == DOCX
    assert len(api.get(url(case_id)).body["items"]) == 2


def test_an_address_is_its_partys(api: Api) -> None:
    """Shown with the party, electronic service as it was said."""
    case_id = in_mediation(api)
    body = SERVICE | {"service": ADDRESS | {"electronic": "短信 13800001234"}}
    assert made(api.post(url(case_id), body, CENTRE))["party_id"] == "r1"
    hidden = made(api.post(url(case_id), SERVICE | {"party_id": "a1"}, CENTRE))
    listed = [entry["party_id"] for entry in api.get(url(case_id), borrower(case_id)).body["items"]]
    assert listed == ["r1"]
    refused = api.get(url(case_id, hidden["document_id"]), borrower(case_id))
    assert (refused.status, refused.code) == (404, "paper_not_found")


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({"kind": "mediation_agreement"}, ["agreement"]),
        ({"kind": "service_address", "party_id": "r7"}, ["party_id", "service"]),
        ({"kind": "undisputed_facts"}, ["facts"]),
        (FACTS | {"template": "undisputed_facts/99"}, ["template"]),
        ({"kind": "signed_agreement"}, ["signatures"]),
        ({"kind": "signed_agreement", "format": "docx"}, ["pdf"]),
    ],
)
def test_what_is_missing_is_told(api: Api, body: dict[str, Any], missing: list[str]) -> None:
    """By name, as a conflict with what the case is now."""
    case_id = in_mediation(api)
    answer = api.post(url(case_id), body, MEDIATOR)
    assert (answer.status, answer.code) == (409, "paper_not_possible")
    assert (answer.body["kind"], answer.body["missing"]) == (body["kind"], missing)
    assert api.get(url(case_id)).body == {"items": []}


def test_a_complaint_needs_its_contract(api: Api) -> None:
    """And is asked for by the institution alone."""
    case_id = in_mediation(api)
    answer = api.post(url(case_id), {"kind": "complaint"}, INSTITUTION)
    assert (answer.code, answer.body["missing"]) == ("paper_not_possible", ["contract"])
    assert api.post(url(case_id), {"kind": "complaint"}, MEDIATOR).code == "not_permitted"


def test_a_request_is_read_strictly(api: Api) -> None:
    """Every fault at once; nothing is stored."""
    case_id = in_mediation(api)
    body = {
        "kind": "letter",
        "format": "odt",
        "template": "Letter 1",
        "party_id": "../r1",
        "facts": ["", "a\u0000b", "长" * 1001],
        "service": {"address": "", "recipient": "x", "phone": "123", "fax": "1"},
        "note": "x",
    }
    answer = api.post(url(case_id), body, MEDIATOR)
    assert (answer.status, answer.faults) == (
        422,
        {
            "/kind": "not_an_option",
            "/format": "not_an_option",
            "/template": "template_format",
            "/party_id": "identifier_format",
            "/facts/0": "too_short",
            "/facts/1": "text_format",
            "/facts/2": "too_long",
            "/service/address": "too_short",
            "/service/phone": "phone_format",
            "/service/fax": "unknown_field",
            "/note": "unknown_field",
        },
    )
    too_many = api.post(url(case_id), {"kind": "undisputed_facts", "facts": ["x"] * 51}, MEDIATOR)
    assert too_many.faults == {"/facts": "too_many"}


@pytest.mark.parametrize("actor", [COURT, JUDGE, OPS])
def test_courts_and_operators_see_no_papers(api: Api, actor: Any) -> None:
    """What a court may know it gets with the dossier."""
    case_id = in_mediation(api)
    document_id = made(api.post(url(case_id), FACTS, MEDIATOR))["document_id"]
    for answer in (
        api.get(url(case_id), actor),
        api.get(url(case_id, document_id), actor),
        api.post(url(case_id), FACTS, actor),
    ):
        assert (answer.status, answer.code) == (403, "not_permitted")


def test_the_signed_agreement_names_what_it_signs(api: Api) -> None:
    """Once all have signed: the stored agreement with the hub's signature."""
    case_id = in_mediation(api)
    case = api.hub.cases.get(case_id)
    api.hub.memory.cases[case_id] = replace(case, signatures=case.party_ids)
    agreement = Paper(
        kind=PaperKind.MEDIATION_AGREEMENT,
        template_id="mediation_agreement/2",
        media_type=PDF,
        content=b"%PDF",
    )
    record = agreement.kept(case_id, made_by=Role.CENTRE, at=api.hub.clock.now())
    kept = api.hub.papers.add(agreement, record)
    signed = made(api.post(url(case_id), {"kind": "signed_agreement"}, borrower(case_id)))
    assert signed["signs"] == kept.document_id
    api.hub.renderer.certified = False
    assert made(api.post(url(case_id), {"kind": "signed_agreement"}, CENTRE)) == signed


def test_a_file_too_big_for_an_answer_is_a_link(api: Api) -> None:
    """303 with the address of the very bytes, which nobody may keep; one byte less is sent as it is."""
    case_id = in_mediation(api)
    for content, status in ((b"a" * 4 * 1024 * 1024, 200), (b"a" * (4 * 1024 * 1024 + 1), 303)):
        made = Paper(kind=PaperKind.CALCULATION, template_id="calculation/1", media_type=PDF, content=content)
        kept = api.hub.papers.add(made, made.kept(case_id, made_by=Role.INSTITUTION, at=api.hub.clock.now()))
        answer = api.get(f"{url(case_id)}/{kept.document_id}")
        assert answer.status == status
        if status == 303:
            assert answer.headers["Cache-Control"] == "no-store"
            with urlopen(answer.headers["Location"]) as linked:  # noqa: S310 - the fake made it
                assert linked.read() == content
        else:
            assert answer.raw == content
