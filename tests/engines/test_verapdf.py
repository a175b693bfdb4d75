"""The papers the hub draws are PDF/A as the standard's reference validator reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.documents.papers import PaperRenderer
from tests.unit.documents.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    Judge = Callable[[dict[str, bytes]], dict[str, str]]

pytestmark = pytest.mark.usefixtures("_typeface")


def drawn() -> dict[str, bytes]:
    """Draw every kind of paper."""
    papers = PaperRenderer(lambda: None)
    return {f"{name}.pdf": papers.make(kind, known, "pdf").content for name, (kind, known) in CASES.items()}


def test_every_unsigned_paper_is_pdf_a_2u(judge: Judge) -> None:
    """Each keeps every clause of PDF/A-2u.

    Only unsigned papers are judged. A signed agreement is known not to be PDF/A any more.
    """
    papers = drawn()
    assert judge(papers) == dict.fromkeys(papers, "2u compliant")


def test_what_breaks_a_clause_is_told(judge: Judge) -> None:
    """The validator judges: without the comment of bytes above 127 a file has no proper header (6.1.2)."""
    header, comment, rest = drawn()["calculation.pdf"].split(b"\n", 2)
    assert max(comment) > 127
    broken = b"\n".join((header, b"%" + b"a" * (len(comment) - 1), rest))
    (said,) = judge({"broken.pdf": broken}).values()
    assert said == "2u 6.1.2"
