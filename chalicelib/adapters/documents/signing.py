"""Signs a PDF with pyHanko and a `Signer`, which holds the key.

Promise: the signature (PAdES, SHA-256) covers the whole file, is appended without changing a byte before
it, and states its reason and place; the key is behind `Signer`, so that KMS can replace a local key.
With an authority that dates it the signature is PAdES B-LT: what checks it later (certificates, lists of
revoked ones as far as they can be fetched) is signed along.
Downside: the signature shows in the reader's signature panel, not on the page, because a drawn stamp proves
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.errors import SignerRevoked, SigningFailed
from chalicelib.domain.errors import TimestampUnavailable

if TYPE_CHECKING:
    from chalicelib.adapters.documents.signer import Signer, Timestamps

FIELD: Final = "HubSignature"


def sign(
    pdf: bytes, signer: Signer, *, reason: str, location: str, timestamps: Timestamps | None = None
) -> bytes:
    """Return the PDF with a signature appended, dated by the authority or else by this machine's clock.

    Raises SigningFailed, SignerRevoked where a list of revoked certificates says so, and TimestampUnavailable
    where the authority gives no timestamp.
    """
    # Imported here so that pyHanko loads only when something is signed.
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415
    from pyhanko_certvalidator.errors import PathError, RevokedError  # noqa: PLC0415

    from chalicelib.adapters.documents.pades import signed  # noqa: PLC0415

    try:
        return signed(pdf, signer, field=FIELD, reason=reason, location=location, timestamps=timestamps)
    except TimestampRequestError as failed:
        raise TimestampUnavailable("the timestamp authority gave no timestamp") from failed
    except (PdfError, PathError, ValueError) as failed:
        if isinstance(failed.__cause__, RevokedError):
            raise SignerRevoked("the certificate was revoked") from failed
        raise SigningFailed("the document could not be signed") from failed
