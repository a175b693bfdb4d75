"""Makes a document from a view: all drawing of this package begins here.

Promise: the same view gives the same bytes, which show every character of it, or the code point in place of
one that the typeface lacks. Downside: the drawing libraries are imported at the first document, which takes
half a second on a small machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents import registry, typeface, xlsx
from chalicelib.adapters.documents.element_table import arranged, in_json, rewritten, table_of
from chalicelib.adapters.documents.errors import UnknownTemplate
from chalicelib.adapters.documents.views.court import CardComplaint, LoanComplaint
from chalicelib.domain.papers import DOCX, JSON, PDF, XLSX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.adapters.documents.outline import Outline
    from chalicelib.adapters.documents.registry import Template, View
    from chalicelib.use_cases.papers import TableColumn

Format: TypeAlias = Literal["pdf", "docx", "xlsx", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedDocument:
    """A document's bytes (which its repr hides), their media type, and the id of their template."""

    template_id: str
    media_type: str
    content: bytes = field(repr=False)


def render(
    view: View, wanted: Format, template_id: str | None = None, *, columns: Sequence[TableColumn] = ()
) -> RenderedDocument:
    """Make the document with the newest template for its view, or the one named.

    An element table has the `columns` of an institution, if there are any.
    Raises UnknownTemplate, TypefaceMissing or LayoutFailed.
    """
    template = registry.template_for(view, template_id)
    if wanted in {"xlsx", "json"}:
        media_type, content = _tabled(view, template, columns, as_json=wanted == "json")
        return RenderedDocument(template_id=template.template_id, media_type=media_type, content=content)
    laid_out = outlines.rewritten(template.lay_out(view), typeface.printable)
    media_type, content = _drawn(laid_out, wanted, template.layout)
    return RenderedDocument(template_id=template.template_id, media_type=media_type, content=content)


def _tabled(
    view: View, template: Template, own: Sequence[TableColumn], *, as_json: bool
) -> tuple[str, bytes]:
    if template.elements is None or not isinstance(view, LoanComplaint | CardComplaint):
        raise UnknownTemplate(f"{template.template_id} has no element table")
    table = rewritten(table_of(template.elements, view, template.template_id), typeface.usual)
    table = arranged(table, own)
    return (JSON, in_json(table)) if as_json else (XLSX, xlsx.draw(table))


def _drawn(laid_out: Outline, wanted: Format, layout: int) -> tuple[str, bytes]:
    if wanted == "pdf":
        from chalicelib.adapters.documents import pdf  # noqa: PLC0415 - typst loads with the first PDF only

        return PDF, pdf.draw(laid_out, layout)
    from chalicelib.adapters.documents import docx  # noqa: PLC0415 - python-docx loads with the first DOCX only

    return DOCX, docx.draw(laid_out)
