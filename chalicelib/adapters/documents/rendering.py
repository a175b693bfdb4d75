"""Makes a document from a view: all drawing of this package begins here.

Promise: the same view gives the same bytes, which show every character of it, or the code point in place of
one that the typeface lacks. Downside: the drawing libraries are imported at the first document, which takes
half a second on a small machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents import registry, typeface
from chalicelib.domain.papers import DOCX, PDF

if TYPE_CHECKING:
    from chalicelib.adapters.documents.outline import Outline
    from chalicelib.adapters.documents.registry import View

Format: TypeAlias = Literal["pdf", "docx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedDocument:
    """A document's bytes (which its repr hides), their media type, and the id of their template."""

    template_id: str
    media_type: str
    content: bytes = field(repr=False)


def render(view: View, wanted: Format, template_id: str | None = None) -> RenderedDocument:
    """Make the document with the newest template for its view, or the one named.

    Raises UnknownTemplate, TypefaceMissing or LayoutFailed.
    """
    template = registry.template_for(view, template_id)
    laid_out = outlines.rewritten(template.lay_out(view), typeface.printable)
    media_type, content = _drawn(laid_out, wanted, template.layout)
    return RenderedDocument(template_id=template.template_id, media_type=media_type, content=content)


def _drawn(laid_out: Outline, wanted: Format, layout: int) -> tuple[str, bytes]:
    if wanted == "pdf":
        from chalicelib.adapters.documents import pdf  # noqa: PLC0415 - typst loads with the first PDF only

        return PDF, pdf.draw(laid_out, layout)
    from chalicelib.adapters.documents import docx  # noqa: PLC0415 - python-docx loads with the first DOCX only

    return DOCX, docx.draw(laid_out)
