"""A signer whose private key is a file: for the local stack and for courts that hand out key files.

Promise: the key stays in memory and no repr shows it. Downside: whoever reads the file can sign; in AWS the
key belongs in KMS, behind the same `Signer`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_pem_x509_certificates

from chalicelib.adapters.documents.errors import SigningFailed


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """Signs with an RSA or elliptic-curve key held in memory."""

    certificate: bytes
    chain: tuple[bytes, ...]
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def load(cls, key: bytes, certificates: bytes, password: bytes | None = None) -> LocalSigner:
        """Read a PEM key and its PEM certificates, the key's own first. Raises SigningFailed."""
        try:
            private = serialization.load_pem_private_key(key, password)
            own, *issuers = load_pem_x509_certificates(certificates)
        except (ValueError, TypeError) as failed:
            raise SigningFailed("the key or its certificates can't be read") from failed
        if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise SigningFailed("the key is neither RSA nor elliptic-curve")
        if own.public_key() != private.public_key():
            raise SigningFailed("the first certificate is not the key's")
        der = serialization.Encoding.DER
        return cls(own.public_bytes(der), tuple(issuer.public_bytes(der) for issuer in issuers), private)

    def sign(self, data: bytes) -> bytes:
        """Sign with SHA-256: RSA PKCS #1 v1.5, or ECDSA in DER."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))
