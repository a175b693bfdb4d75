"""Wraps our `Signer` for pyHanko; of the signing code, this part depends on pyHanko's classes.

Promise: a baseline PAdES signature in an invisible field; the key is used once, for the final bytes.
Downside: the signing time is this machine's, and no time-stamp authority confirms it.
"""

from __future__ import annotations

from io import SEEK_END
from typing import TYPE_CHECKING, Final

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from io import BytesIO

    from chalicelib.adapters.documents.signer import Signer

_DIGEST: Final = "sha256"
# Bytes reserved while a signature's size is not known: RSA with 4096 bits, the longest in use.
_LONGEST: Final = 512


class _Delegating(signers.Signer):
    """Asks our signer for the signature bytes; pyHanko does the rest."""

    def __init__(self, signer: Signer) -> None:
        own, *issuers = (
            certificate
            for held in (signer.certificate, *signer.chain)
            for certificate in load_certs_from_pemder_data(held)
        )
        store = SimpleCertificateStore.from_certs(issuers)  # type: ignore[no-untyped-call] # untyped in pyHanko
        super().__init__(signing_cert=own, cert_registry=store)
        self._held = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002 - pyHanko names it; `signed` chose it
        """Return the signature, or zeros of its longest size on a dry run; the digest is always SHA-256."""
        return bytes(_LONGEST) if dry_run else self._held.sign(data)


def signed(pdf: BytesIO, signer: Signer, *, field: str, reason: str, location: str) -> bytes:
    """Return the PDF with the signature appended. Raises ValueError if it is not a PDF or the key refuses."""
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=_DIGEST,
        reason=reason,
        location=location,
        subfilter=SigSeedSubFilter.PADES,
    )
    if not pdf.getvalue().endswith(b"\n"):
        # PDF/A allows one end of line behind %%EOF and nothing else (ISO 19005-2, 6.1.3). typst writes none,
        # so what signing appends would begin in its place.
        pdf.seek(0, SEEK_END)
        pdf.write(b"\n")
    written: BytesIO = signers.PdfSigner(metadata, _Delegating(signer)).sign_pdf(
        IncrementalPdfFileWriter(pdf)
    )
    return written.getvalue()
