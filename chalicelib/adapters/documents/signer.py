"""The port to a private key that signs papers, held by KMS or in a key file; and who dates signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Signer(Protocol):
    """Signs with a private key, of KMS or of a key file."""

    @property
    def certificate(self) -> bytes:
        """The certificate of the key, DER."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The issuers' certificates, DER, the nearest first."""

    def sign(self, data: bytes) -> bytes:
        """Sign with SHA-256 and the certificate's algorithm: RSA PKCS #1 v1.5, or ECDSA in DER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamps:
    """A timestamp authority (RFC 3161), and the PEM certificates that its and our own certificate lead to.

    `seconds` is how long one request waits, of the authority or for a list of revoked certificates.
    """

    url: str
    roots: str
    seconds: float = 3
