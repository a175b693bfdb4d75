"""Composes a paper of the sample cases and reads what it says."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.adapters.documents import outline as outlines
from chalicelib.adapters.documents.composing import compose
from chalicelib.adapters.documents.outline import Field, Form
from chalicelib.adapters.documents.registry import template_for
from tests.unit.documents.cases import (
    CASES,
)

if TYPE_CHECKING:
    from chalicelib.adapters.documents.registry import View
    from chalicelib.domain.papers import PaperKind
    from chalicelib.use_cases.papers import PaperSources


def text_of(kind: PaperKind, known: PaperSources) -> str:
    """Compose and lay out, and return every text."""
    return laid_out(compose(kind, known))


def laid_out(view: View, template_id: str | None = None) -> str:
    """Return every text of a view, laid out by the newest template or the one named."""
    return "\n".join(outlines.texts(template_for(view, template_id).lay_out(view)))


@lru_cache
def text(name: str) -> str:
    """Return every text of one of the cases' papers."""
    return text_of(*CASES[name])


def answers(kind: PaperKind, known: PaperSources) -> dict[str, str]:
    """Return a form's answers by their questions, numbers left out."""
    view = compose(kind, known)
    rows = [
        row
        for block in template_for(view).lay_out(view).blocks
        if isinstance(block, Form)
        for row in block.rows
    ]
    return {row.label.partition(".")[2] or row.label: row.value for row in rows if isinstance(row, Field)}
