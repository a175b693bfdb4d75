"""`Renderer`, drawn and faked: what both promise to the use cases; and what only bytes can show."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from chalicelib.adapters.documents.errors import SigningFailed
from chalicelib.adapters.documents.kms_key import KmsSigner
from chalicelib.adapters.documents.papers import PaperRenderer
from chalicelib.domain.errors import PaperNotPossible
from chalicelib.domain.papers import DOCX, JSON, PDF, XLSX, PaperKind
from infra.local.certificates import certificates_for
from tests.support.aws import REGION
from tests.support.fakes.papers import UNSHOWABLE, FakeRenderer
from tests.unit.documents.cases import AT_ONCE, CASES, settled, sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.use_cases.papers import PaperSources, Renderer

_BARE: Final[dict[str, Any]] = {
    "statement": None,
    "contract": None,
    "facts": (),
    "service": None,
    "party_id": None,
    "mediator_name": None,
}
each_format = pytest.mark.parametrize("wanted", ["pdf", "docx"])


@pytest.fixture(params=["fake", "drawn"])
def papers(request: pytest.FixtureRequest) -> Renderer:
    """Make each in turn, without a certificate."""
    if request.param == "drawn":
        return PaperRenderer(lambda: None)
    fake = FakeRenderer()
    fake.certified = False
    return fake


@each_format
@pytest.mark.parametrize("name", sorted(CASES))
def test_the_same_sources_give_the_same_bytes(papers: Renderer, name: str, wanted: Any) -> None:
    """Each kind, in each format, of its media type."""
    kind, known = CASES[name]
    first, again = (papers.make(kind, known, wanted) for _ in range(2))
    assert first == again
    assert (first.kind, first.media_type) == (kind, {"pdf": PDF, "docx": DOCX}[wanted])


@pytest.mark.parametrize("name", ["complaint-on-a-loan", "complaint-on-a-card"])
def test_a_complaint_has_an_element_table(papers: Renderer, name: str) -> None:
    """As a spreadsheet and as JSON, each with its media type, the same each time."""
    kind, known = CASES[name]
    sheet, data = papers.make(kind, known, "xlsx"), papers.make(kind, known, "json")
    assert (sheet.media_type, data.media_type) == (XLSX, JSON)
    assert papers.make(kind, known, "xlsx") == sheet
    assert sheet.template_id == data.template_id


def test_another_day_is_another_paper(papers: Renderer) -> None:
    """The day stands in the sources, and so in the bytes."""
    kind, known = CASES["undisputed-facts"]
    later = replace(known, made_on=known.made_on.replace(day=11))
    assert papers.make(kind, known, "pdf").sha256 != papers.make(kind, later, "pdf").sha256


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (PaperKind.MEDIATION_AGREEMENT, ("agreement", "mediator")),
        (PaperKind.CONFIRMATION_APPLICATION, ("agreement", "in_force_on", "mediator")),
        (PaperKind.COMPLAINT, ("contract",)),
        (PaperKind.SERVICE_ADDRESS, ("party_id", "service")),
        (PaperKind.UNDISPUTED_FACTS, ("facts", "mediator")),
        (PaperKind.MEDIATION_REPORT, ("mediator",)),
        (PaperKind.CALCULATION, ("statement",)),
        (PaperKind.SIGNED_AGREEMENT, ("signatures",)),
    ],
)
def test_what_is_missing_is_named(papers: Renderer, kind: PaperKind, missing: tuple[str, ...]) -> None:
    """All of it at once."""
    assert _missing(lambda: papers.make(kind, sources(**_BARE), "pdf")) == missing


def test_half_of_what_is_needed_is_not_enough(papers: Renderer) -> None:
    """No account to pay to, a contract of another kind or without a statement, an unknown template."""
    agreement = settled(AT_ONCE, account=None)
    assert _missing(lambda: papers.make(PaperKind.MEDIATION_AGREEMENT, agreement, "pdf")) == ("account",)
    card = CASES["complaint-on-a-card"][1]
    mixed = replace(card, case=sources().case)
    assert _missing(lambda: papers.make(PaperKind.COMPLAINT, mixed, "pdf")) == ("contract",)
    unassessed = sources(statement=None)
    assert _missing(lambda: papers.make(PaperKind.COMPLAINT, unassessed, "pdf")) == ("statement",)
    old = "loan_complaint/1999"
    assert _missing(lambda: papers.make(PaperKind.COMPLAINT, sources(), "pdf", old)) == ("template",)


def test_a_character_without_a_glyph_stops_no_paper(papers: Renderer) -> None:
    """Whatever a name holds, the paper is made."""
    made = papers.make(PaperKind.UNDISPUTED_FACTS, sources(facts=(f"{UNSHOWABLE}某",)), "pdf")
    assert made.content


def test_without_a_certificate_nothing_is_signed(papers: Renderer) -> None:
    """The certificate is named."""
    asked = _missing(lambda: papers.sign(b"%PDF", sources(), "mediation_agreement/2"))
    assert asked == ("signing_certificate",)


def _missing(make: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(PaperNotPossible) as refused:
        make()
    return refused.value.missing


def test_an_older_template_can_be_asked_for() -> None:
    """The 2024 form; version 1 of the agreement where it has words for what was agreed, and not elsewhere."""
    drawn = PaperRenderer(lambda: None)
    older = drawn.make(PaperKind.COMPLAINT, sources(), "pdf", "loan_complaint/2024")
    assert older.template_id == "loan_complaint/2024"
    kind, known = CASES["agreement-at-once"]
    assert drawn.make(kind, known, "pdf", "mediation_agreement/1").template_id == "mediation_agreement/1"
    for name in ("agreement-with-interest", "agreement-on-the-spot", "agreement-on-a-card"):
        kind, known = CASES[name]
        asked = _missing(lambda: drawn.make(kind, known, "pdf", "mediation_agreement/1"))  # noqa: B023 - called at once
        assert asked == ("template",)


# --- the hub's key, in KMS -------------------------------------------------------------------------


@pytest.fixture(scope="session", params=["ECC_NIST_P256", "RSA_2048"])
def key(request: pytest.FixtureRequest, aws_endpoint: str) -> tuple[Any, str]:
    """Make an asymmetric key of each kind on moto's KMS."""
    kms = boto3.client("kms", endpoint_url=aws_endpoint, region_name=REGION)
    made = kms.create_key(KeySpec=request.param, KeyUsage="SIGN_VERIFY")
    return kms, made["KeyMetadata"]["KeyId"]


def _status(pdf: bytes, root: bytes) -> Any:
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trusted = list(load_certs_from_pemder_data(root))
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    return validate_pdf_signature(signature, signer_validation_context=context)


def _agreement() -> tuple[bytes, PaperSources]:
    kind, known = CASES["agreement-at-once"]
    return PaperRenderer(lambda: None).make(kind, known, "pdf").content, known


def test_an_agreement_is_signed_by_the_key_in_kms(key: tuple[Any, str]) -> None:
    """Valid to an independent validator, over the whole file, whose first bytes are the agreement's."""
    kms, key_id = key
    signer = KmsSigner.load(kms, key_id, certificates_for(key_id, kms))
    agreement, known = _agreement()
    signed = PaperRenderer(lambda: signer).sign(agreement, known, "mediation_agreement/2")
    status = _status(signed.content, signer.chain[0])
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert signed.content.startswith(agreement)
    assert (signed.kind, signed.media_type) == (PaperKind.SIGNED_AGREEMENT, PDF)


def test_the_certificate_of_another_key_does_not_validate(key: tuple[Any, str]) -> None:
    """A certificate put in for the wrong key shows at the first validation."""
    kms, key_id = key
    spec = kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeySpec"]
    other = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    signer = KmsSigner.load(kms, key_id, certificates_for(other, kms))
    agreement, known = _agreement()
    signed = PaperRenderer(lambda: signer).sign(agreement, known, "mediation_agreement/2")
    assert not _status(signed.content, signer.chain[0]).bottom_line


def test_what_kms_or_a_certificate_refuses_is_a_named_failure(key: tuple[Any, str]) -> None:
    """A key that is gone, certificates that are none, a kind of key KMS does not sign with here."""
    kms, key_id = key
    certificates = certificates_for(key_id, kms)
    gone = KmsSigner.load(kms, "00000000-0000-0000-0000-000000000000", certificates)
    with pytest.raises(SigningFailed, match="did not sign"):
        gone.sign(b"x")
    with pytest.raises(SigningFailed, match="can't be read"):
        KmsSigner.load(kms, key_id, "no certificate")
    with pytest.raises(SigningFailed, match="neither"):
        KmsSigner.load(kms, key_id, _of_an_edwards_key())
    assert "client" not in repr(gone)


def _of_an_edwards_key() -> str:
    key, name = ed25519.Ed25519PrivateKey.generate(), x509.Name([])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1)).sign(
        key, None
    )
    return made.public_bytes(Encoding.PEM).decode()
