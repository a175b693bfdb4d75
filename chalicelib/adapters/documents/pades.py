"""Wraps our `Signer` for pyHanko; of the signing code, this part depends on pyHanko's classes.

Promise: a baseline PAdES signature in an invisible field; the key is used once, for the final bytes. With a
timestamp authority it is B-LT: the timestamp, and in the same revision, which the signature covers whole, the
certificates and what was fetched of their revocation. The authority is asked twice at most.
Downside: without one the signing time is this machine's; where no list of revoked certificates can be
fetched, the signature is dated (B-T) and says nothing of revocation.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Final

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from chalicelib.adapters.documents.signer import Signer, Timestamps

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


def signed(
    pdf: bytes, signer: Signer, *, field: str, reason: str, location: str, timestamps: Timestamps | None
) -> bytes:
    """Return the PDF with the signature appended.

    Raises ValueError if it is not a PDF or the key refuses, TimestampRequestError, or PathError for a
    certificate that does not lead to a trusted one.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=_DIGEST,
        reason=reason,
        location=location,
        subfilter=SigSeedSubFilter.PADES,
    )
    # PDF/A allows one end of line behind %%EOF and nothing else (ISO 19005-2, 6.1.3). typst writes none,
    # so what signing appends would begin in its place.
    whole = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    if timestamps is None:
        return asyncio.run(_appended(whole, metadata, signer, None))
    with suppress(TimestampRequestError):
        return asyncio.run(_dated(whole, metadata, signer, timestamps))
    return asyncio.run(_dated(whole, metadata, signer, timestamps))


async def _dated(
    pdf: bytes, metadata: signers.PdfSignatureMetadata, signer: Signer, timestamps: Timestamps
) -> bytes:
    backend = AIOHttpFetcherBackend(per_request_timeout=timestamps.seconds)
    try:
        context = ValidationContext(
            trust_roots=list(load_certs_from_pemder_data(timestamps.roots.encode())),
            allow_fetching=True,
            revocation_mode="soft-fail",
            fetcher_backend=backend,
        )
        lasting = replace(
            metadata,
            embed_validation_info=True,
            validation_context=context,
            dss_settings=DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
        )
        stamper = HTTPTimeStamper(timestamps.url, timeout=timestamps.seconds)
        return await _appended(pdf, lasting, signer, stamper)
    finally:
        await backend.close()  # type: ignore[no-untyped-call] # untyped in pyHanko


async def _appended(
    pdf: bytes, metadata: signers.PdfSignatureMetadata, signer: Signer, stamper: HTTPTimeStamper | None
) -> bytes:
    drawing = signers.PdfSigner(metadata, _Delegating(signer), timestamper=stamper)
    written: BytesIO = await drawing.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return written.getvalue()
