"""Keys with a certificate of a test authority, as a centre's signing key has one of a real authority."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from chalicelib.adapters.documents.local_key import LocalSigner

if TYPE_CHECKING:
    from collections.abc import Callable

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
KEYS: dict[str, Callable[[], Key]] = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
}


def certificate(key: Any, name: str, issuer: str, issuer_key: Any, *, authority: bool) -> x509.Certificate:
    """Certify a key, for signing documents or as an authority."""
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


def pem_of(key: Any) -> bytes:
    """Write a private key as text."""
    plain = serialization.NoEncryption()
    written: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return written


def signer_of(kind: str) -> tuple[LocalSigner, x509.Certificate]:
    """Return a signer with a key of this kind, and the authority that vouches for it."""
    root_key, key = KEYS[kind](), KEYS[kind]()
    root = certificate(root_key, "Test root", "Test root", root_key, authority=True)
    own = certificate(key, "调解中心", "Test root", root_key, authority=False)
    chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (own, root))
    return LocalSigner.load(pem_of(key), chain), root
