"""A certificate for the hub's signing key, by an authority that is made for this call only.

Promise: the certificate is over the public part of the key in KMS, whose private part never leaves it; so a
local run signs as a deployed hub does. Downside: nobody trusts the authority: readers show an unknown signer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

_AUTHORITY: Final = "Jiefen Hub local authority"
_VALID: Final = timedelta(days=30)
_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def certificates_for(key_id: str, kms: Any = None) -> str:
    """Return the key's certificate and its authority's, PEM."""
    client = kms or boto3.client("kms")
    public: Any = load_der_public_key(client.get_public_key(KeyId=key_id)["PublicKey"])
    authority = ec.generate_private_key(ec.SECP256R1())
    issued = (
        _certificate("解纷枢纽（本地）", public, authority, {"digital_signature", "content_commitment"}),
        _certificate(_AUTHORITY, authority.public_key(), authority, {"key_cert_sign"}),
    )
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in issued)


def _certificate(
    name: str, key: CertificatePublicKeyTypes, authority: ec.EllipticCurvePrivateKey, usages: set[str]
) -> x509.Certificate:
    now = datetime.now(UTC)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(_AUTHORITY))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.BasicConstraints(ca="key_cert_sign" in usages, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in _USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority, hashes.SHA256())
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
