"""A signed PDF is valid to pyHanko's own validator, as to a court's reader, whichever key signed it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from chalicelib.adapters.documents.errors import SigningFailed
from chalicelib.adapters.documents.local_key import LocalSigner
from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.signing import FIELD, sign
from chalicelib.adapters.documents.views.mediation import ServiceAddressConfirmation
from tests.support.signers import KEYS, certificate, pem_of, signer_of
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from cryptography import x509


def _status(pdf: bytes, root: x509.Certificate) -> Any:
    trusted = list(load_certs_from_pemder_data(root.public_bytes(serialization.Encoding.DER)))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert signature.field_name == FIELD
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    return validate_pdf_signature(signature, signer_validation_context=context)


@pytest.fixture(name="plain", scope="module")
def _plain() -> bytes:
    return render(SAMPLES[ServiceAddressConfirmation], "pdf").content


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_signature_is_valid_and_covers_everything(kind: str, plain: bytes) -> None:
    """Intact, trusted, over the whole file, and the document's own bytes are as they were."""
    signer, root = signer_of(kind)
    signed = sign(plain, signer, reason="调解协议", location="宁德")
    status = _status(signed, root)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.md_algorithm == "sha256"
    assert signed.startswith(plain)


def test_a_changed_byte_is_noticed(plain: bytes) -> None:
    """One byte of the document changed, and the signature no longer holds."""
    signer, root = signer_of("ec")
    signed = bytearray(sign(plain, signer, reason="调解协议", location="宁德"))
    signed[len(plain) // 2] ^= 1
    status = _status(bytes(signed), root)
    assert not status.intact
    assert not status.bottom_line


def test_a_signature_of_another_key_is_noticed(plain: bytes) -> None:
    """A signer whose key isn't its certificate's produces nothing that validates."""
    signer, root = signer_of("ec")
    other, _root = signer_of("ec")
    forged = LocalSigner(signer.certificate, signer.chain, other.key)
    assert not _status(sign(plain, forged, reason="x", location="y"), root).bottom_line


def test_key_and_certificates_must_fit() -> None:
    """A key that isn't the certificate's, of another kind, or unreadable, is refused when it is loaded."""
    key, other = KEYS["ec"](), KEYS["ec"]()
    own = certificate(key, "a", "a", key, authority=False).public_bytes(serialization.Encoding.PEM)
    edwards = ed25519.Ed25519PrivateKey.generate()
    for pem, certificates in (
        (pem_of(other), own),
        (pem_of(edwards), own),
        (b"no key", own),
        (pem_of(key), b"no cert"),
    ):
        with pytest.raises(SigningFailed):
            LocalSigner.load(pem, certificates)


def test_what_is_no_pdf_is_refused() -> None:
    """Signing something else is a named failure."""
    signer, _root = signer_of("ec")
    with pytest.raises(SigningFailed):
        sign(b"no pdf", signer, reason="x", location="y")


def test_the_key_shows_nowhere() -> None:
    """A signer's repr says nothing of its key."""
    signer, _root = signer_of("ec")
    assert "PRIVATE" not in repr(signer)
    assert "key" not in repr(signer)
