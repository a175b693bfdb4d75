"""A signed PDF is valid to pyHanko's own validator, as to a court's reader, whichever key signed it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from chalicelib.adapters.documents.errors import SigningFailed
from chalicelib.adapters.documents.local_key import LocalSigner
from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.signing import FIELD, sign
from chalicelib.adapters.documents.views.mediation import ServiceAddressConfirmation
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_KEYS: dict[str, Callable[[], Key]] = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
}


def _certificate(key: Any, name: str, issuer: str, issuer_key: Any, *, authority: bool) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = {
        "digital_signature": not authority,
        "content_commitment": not authority,
        "key_cert_sign": authority,
    }
    others = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **others), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(key: Any) -> bytes:
    plain = serialization.NoEncryption()
    pem: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return pem


def _signer(kind: str) -> tuple[LocalSigner, x509.Certificate]:
    root_key, key = _KEYS[kind](), _KEYS[kind]()
    root = _certificate(root_key, "Test root", "Test root", root_key, authority=True)
    own = _certificate(key, "调解中心", "Test root", root_key, authority=False)
    chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (own, root))
    return LocalSigner.load(_pem(key), chain), root


def _status(pdf: bytes, root: x509.Certificate) -> Any:
    trusted = list(load_certs_from_pemder_data(root.public_bytes(serialization.Encoding.DER)))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert signature.field_name == FIELD
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    return validate_pdf_signature(signature, signer_validation_context=context)


@pytest.fixture(name="plain", scope="module")
def _plain() -> bytes:
    return render(SAMPLES[ServiceAddressConfirmation], "pdf").content


@pytest.mark.parametrize("kind", sorted(_KEYS))
def test_signature_is_valid_and_covers_everything(kind: str, plain: bytes) -> None:
    """Intact, trusted, over the whole file, and the document's own bytes are as they were."""
    signer, root = _signer(kind)
    signed = sign(plain, signer, reason="调解协议", location="宁德")
    status = _status(signed, root)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.md_algorithm == "sha256"
    assert signed.startswith(plain)


def test_a_changed_byte_is_noticed(plain: bytes) -> None:
    """One byte of the document changed, and the signature no longer holds."""
    signer, root = _signer("ec")
    signed = bytearray(sign(plain, signer, reason="调解协议", location="宁德"))
    signed[len(plain) // 2] ^= 1
    status = _status(bytes(signed), root)
    assert not status.intact
    assert not status.bottom_line


def test_a_signature_of_another_key_is_noticed(plain: bytes) -> None:
    """A signer whose key isn't its certificate's produces nothing that validates."""
    signer, root = _signer("ec")
    other, _root = _signer("ec")
    forged = LocalSigner(signer.certificate, signer.chain, other.key)
    assert not _status(sign(plain, forged, reason="x", location="y"), root).bottom_line


def test_key_and_certificates_must_fit() -> None:
    """A key that isn't the certificate's, of another kind, or unreadable, is refused when it is loaded."""
    key, other = _KEYS["ec"](), _KEYS["ec"]()
    own = _certificate(key, "a", "a", key, authority=False).public_bytes(serialization.Encoding.PEM)
    edwards = ed25519.Ed25519PrivateKey.generate()
    for pem, certificates in (
        (_pem(other), own),
        (_pem(edwards), own),
        (b"no key", own),
        (_pem(key), b"no cert"),
    ):
        with pytest.raises(SigningFailed):
            LocalSigner.load(pem, certificates)


def test_what_is_no_pdf_is_refused() -> None:
    """Signing something else is a named failure."""
    signer, _root = _signer("ec")
    with pytest.raises(SigningFailed):
        sign(b"no pdf", signer, reason="x", location="y")


def test_the_key_shows_nowhere() -> None:
    """A signer's repr says nothing of its key."""
    signer, _root = _signer("ec")
    assert "PRIVATE" not in repr(signer)
    assert "key" not in repr(signer)
