"""Signs a PDF with pyHanko, by whatever holds the key.

Promise: the signature (PAdES, SHA-256) covers the whole file, is added behind it without changing a byte
before it, and says its reason and place; the key itself is behind `Signer`, so that KMS can take a local
key's place. Downside: the signature shows in the reader's signature panel, not on the page: a drawn stamp
proves nothing.
"""

from __future__ import annotations

import io
from typing import Final, Protocol

from chalicelib.adapters.documents.errors import SigningFailed

FIELD: Final = "HubSignature"


class Signer(Protocol):
    """Holds a private key; KMS's Sign call and a key file both can."""

    @property
    def certificate(self) -> bytes:
        """The certificate of the key, DER."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The issuers' certificates, DER, the nearest first."""

    def sign(self, data: bytes) -> bytes:
        """Sign with SHA-256 and the certificate's algorithm: RSA PKCS #1 v1.5, or ECDSA in DER."""


def sign(pdf: bytes, signer: Signer, *, reason: str, location: str) -> bytes:
    """Return the PDF with a signature appended, dated by this machine's clock. Raises SigningFailed."""
    # pyHanko loads when something is signed, not when something is drawn.
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415

    from chalicelib.adapters.documents.pades import signed  # noqa: PLC0415

    try:
        return signed(io.BytesIO(pdf), signer, field=FIELD, reason=reason, location=location)
    except (PdfError, ValueError) as failed:
        raise SigningFailed("the document could not be signed") from failed
