"""Stories of papers: drawn by the running hub, fetched as bytes, signed by its key."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import docx
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from infra import fonts
from tests.support.travel import BANK, MEDIATOR, OTHER_BANK, Traveller

if TYPE_CHECKING:
    from infra.local.demo.client import Answer

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture(autouse=True, scope="module")
def _typeface() -> None:
    fonts.ensure()


def _documents(traveller: Traveller) -> str:
    return f"/v1/cases/{traveller.case_id}/documents"


def _made(traveller: Traveller, who: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = traveller.hub.post(who, _documents(traveller), body)
    assert answer.status == 201, answer.body
    return dict(answer.body)


def _fetched(traveller: Traveller, who: dict[str, Any], document_id: str) -> Answer:
    return traveller.hub.get(who, f"{_documents(traveller)}/{document_id}")


def test_facts_are_drawn_and_fetched_by_the_parties(traveller: Traveller) -> None:
    """A PDF and a DOCX with the parties' names, byte for byte what their ids say; no stranger finds them."""
    traveller.comes_to_mediation("papers")
    facts = ["借款本金已于2025年1月6日发放至被申请人的账户。"]
    pdf = _made(traveller, MEDIATOR, kind="undisputed_facts", facts=facts)
    word = _made(traveller, MEDIATOR, kind="undisputed_facts", facts=facts, format="docx")
    listed = traveller.hub.get(traveller.borrower, _documents(traveller)).body["items"]
    assert {entry["document_id"] for entry in listed} == {pdf["document_id"], word["document_id"]}
    for entry in (pdf, word):
        fetched = _fetched(traveller, BANK, entry["document_id"])
        assert (fetched.status, fetched.headers["Content-Type"]) == (200, entry["media_type"])
        assert hashlib.sha256(fetched.body).hexdigest() == entry["document_id"]
    opened = docx.Document(io.BytesIO(_fetched(traveller, BANK, word["document_id"]).body))
    shown = "".join(cell.text for table in opened.tables for row in table.rows for cell in row.cells)
    assert traveller.filed["respondents"][0]["name"] in shown
    assert "蕉城区普惠金融司法协同中心" in shown
    assert "林和" in shown
    assert "m-001" not in shown
    assert _fetched(traveller, OTHER_BANK, pdf["document_id"]).code == "case_not_found"


def test_the_agreement_is_signed_with_the_hubs_key(traveller: Traveller) -> None:
    """By the key in KMS, whose certificate names the hub."""
    traveller.comes_to_mediation("signed papers")
    document = traveller.agrees(traveller.lump_sum())["agreement_sha256"]
    agreement = _fetched(traveller, traveller.borrower, document).body
    signed = _made(traveller, traveller.borrower, kind="signed_agreement")
    assert signed["signs"] == document
    content = _fetched(traveller, traveller.borrower, signed["document_id"]).body
    assert content.startswith(agreement)
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    assert "解纷枢纽" in signature.signer_cert.subject.human_friendly
