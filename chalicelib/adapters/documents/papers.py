"""The port `Renderer`, by this package: composes the view and draws it, or signs a drawn agreement.

Promise: the same sources give the same bytes; an error names what is missing; the drawing libraries load with
the first paper. Downside: the port has no error for a fault of our own (no typeface in the package, a layout
that typst refuses), so the caller gets it as it was raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing import compose
from chalicelib.adapters.documents.errors import SignerRevoked, UnknownTemplate
from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.signing import sign
from chalicelib.domain.errors import PaperNotPossible
from chalicelib.domain.papers import PDF, Paper, PaperKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.adapters.documents.signer import Signer, Timestamps
    from chalicelib.use_cases.papers import Format, PaperSources

_REASON: Final = "调解协议"


class PaperRenderer:
    """Draws papers here and signs them with the hub's key, which is loaded only to sign."""

    def __init__(self, signer: Callable[[], Signer | None], timestamps: Timestamps | None = None) -> None:
        self._signer, self._timestamps = signer, timestamps

    def make(
        self, kind: PaperKind, sources: PaperSources, wanted: Format, template_id: str | None = None
    ) -> Paper:
        """Make a paper; raises PaperNotPossible."""
        view = compose(kind, sources)
        try:
            drawn = render(view, wanted, template_id, columns=sources.columns)
        except UnknownTemplate as unknown:
            raise PaperNotPossible(kind, ("template",)) from unknown
        return Paper(
            kind=kind, template_id=drawn.template_id, media_type=drawn.media_type, content=drawn.content
        )

    def sign(self, agreement: bytes, sources: PaperSources, template_id: str) -> Paper:
        """Sign an agreement's PDF; raises PaperNotPossible (no valid certificate), TimestampUnavailable."""
        kind = PaperKind.SIGNED_AGREEMENT
        signer = self._signer()
        if signer is None:
            raise PaperNotPossible(kind, ("signing_certificate",))
        location = sources.names.organisation
        try:
            signed = sign(agreement, signer, reason=_REASON, location=location, timestamps=self._timestamps)
        except SignerRevoked as revoked:
            raise PaperNotPossible(kind, ("signing_certificate",)) from revoked
        return Paper(kind=kind, template_id=template_id, media_type=PDF, content=signed)
