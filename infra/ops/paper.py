"""A signed paper, checked offline: what a bank or a court does with the PDF that it was given.

Promise: a paper passes only if it has one signature, that signature covers the whole file and fits it, and,
where certificates to trust are given, its chain leads to one of them. What was appended later, an annotation
say, is refused although readers show such a file as signed; so is a timestamp that does not fit. Downside:
without a timestamp nobody but the signer says when it was signed, and nothing is fetched, so what was revoked
after that does not show.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

if TYPE_CHECKING:
    from datetime import datetime

# What the validator has to say is in its answer; without a handler its warnings would go to the terminal.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())


class PaperRefused(Exception):
    """The paper is not what its signer signed; the message says why."""


@dataclass(frozen=True, slots=True)
class SignedPaper:
    """Whose signature a paper has, when it says it was signed, and whether its chain was checked.

    `dated_by` is the timestamp authority that says so; None where only the signer does.
    """

    signer: str
    signed_at: datetime | None
    trusted: bool
    dated_by: str | None = None


def verified(pdf: bytes, trust: bytes | None = None) -> SignedPaper:
    """Check a signed paper; `trust` are certificates, PEM or DER. Raises PaperRefused or ValueError."""
    roots = None if trust is None else list(load_certs_from_pemder_data(trust))
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            raise PaperRefused(f"it has {len(signatures)} signatures; a paper of the hub has one")
        context = ValidationContext(trust_roots=roots or [], allow_fetching=False)
        status = validate_pdf_signature(signatures[0], signer_validation_context=context)
    except (PdfError, SignatureValidationError) as unreadable:
        raise PaperRefused("its signature can't be read") from unreadable
    if not (status.intact and status.valid):
        raise PaperRefused("it was changed, or the signature is not of this file")
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise PaperRefused("something was added after it was signed; ask for the paper again")
    dated = status.timestamp_validity
    if dated is not None and not (dated.intact and dated.valid):
        raise PaperRefused("its timestamp is not of this signature")
    if roots is not None and dated is not None and not dated.trusted:
        raise PaperRefused("its timestamp's certificate leads to none that you trust")
    if roots is not None and not status.trusted:
        raise PaperRefused("its certificate leads to none that you trust")
    return SignedPaper(
        signer=status.signing_cert.subject.human_friendly,
        signed_at=dated.timestamp if dated else status.signer_reported_dt,
        trusted=status.trusted,
        dated_by=dated.signing_cert.subject.human_friendly if dated else None,
    )
