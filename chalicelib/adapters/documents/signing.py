"""Signs a PDF with pyHanko and a `Signer`, which holds the key.

Promise: the signature (PAdES, SHA-256) covers the whole file, is appended without changing a byte before
it, and states its reason and place; the key is behind `Signer`, so that KMS can replace a local key.
Downside: the signature shows in the reader's signature panel, not on the page, because a drawn stamp proves
nothing.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.errors import SigningFailed

if TYPE_CHECKING:
    from chalicelib.adapters.documents.signer import Signer

FIELD: Final = "HubSignature"


def sign(pdf: bytes, signer: Signer, *, reason: str, location: str) -> bytes:
    """Return the PDF with a signature appended, dated by this machine's clock. Raises SigningFailed."""
    # Imported here so that pyHanko loads only when something is signed.
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415

    from chalicelib.adapters.documents.pades import signed  # noqa: PLC0415

    try:
        return signed(io.BytesIO(pdf), signer, field=FIELD, reason=reason, location=location)
    except (PdfError, ValueError) as failed:
        raise SigningFailed("the document could not be signed") from failed
