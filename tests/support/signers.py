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


def certificate(
    key: Any, name: str, issuer: str, issuer_key: Any, *, authority: bool, crl: str | None = None
) -> x509.Certificate:
    """Certify a key, for signing documents or as an authority; `crl` is where its list of revoked ones is."""
    now = datetime.now(UTC)
    usage = {
        "digital_signature": not authority,
        "content_commitment": not authority,
        "key_cert_sign": authority,
        "crl_sign": authority,
    }
    others = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    built = (
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
    )
    if crl is not None:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
        built = built.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    return built.sign(issuer_key, hashes.SHA256())


def revoked_list(root: x509.Certificate, root_key: Any, *serials: int) -> bytes:
    """Return an authority's list of revoked certificates, signed by it."""
    now = datetime.now(UTC)
    listed = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=1))
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial)
        listed = listed.add_revoked_certificate(entry.revocation_date(now - timedelta(hours=2)).build())
    return listed.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def pem_of(key: Any) -> bytes:
    """Write a private key as text."""
    plain = serialization.NoEncryption()
    written: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return written


def signer_of(kind: str) -> tuple[LocalSigner, x509.Certificate]:
    """Return a signer with a key of this kind, and the authority that vouches for it."""
    held, root, _, _ = signer_with_list(kind, None)
    return held, root


def signer_with_list(
    kind: str, crl: str | None
) -> tuple[LocalSigner, x509.Certificate, x509.Certificate, Key]:
    """Return a signer whose certificate names a list of revoked ones, its authority, its own, that key."""
    root_key, key = KEYS[kind](), KEYS[kind]()
    root = certificate(root_key, "Test root", "Test root", root_key, authority=True)
    own = certificate(key, "调解中心", "Test root", root_key, authority=False, crl=crl)
    chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (own, root))
    return LocalSigner.load(pem_of(key), chain), root, own, root_key
