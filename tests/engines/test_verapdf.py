"""The papers the hub draws are PDF/A as the standard's reference validator reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization

from chalicelib.adapters.documents import typeface
from chalicelib.adapters.documents.papers import PaperRenderer
from chalicelib.adapters.documents.signer import Timestamps
from chalicelib.adapters.documents.signing import sign
from tests.support.engines import needs
from tests.support.signers import KEYS, signer_of
from tests.support.timestamp_authority import running
from tests.unit.documents.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    Judge = Callable[[dict[str, bytes]], dict[str, str]]

pytestmark = pytest.mark.usefixtures("_typeface")


def drawn() -> dict[str, bytes]:
    """Draw every kind of paper."""
    papers = PaperRenderer(lambda: None)
    known = {f"{name}.pdf": papers.make(kind, known, "pdf").content for name, (kind, known) in CASES.items()}
    return {**known, "untagged.pdf": untagged(papers), "rare.pdf": with_a_rare_name(papers)}


def untagged(papers: PaperRenderer) -> bytes:
    """Draw a calculation with more rows than are tagged."""
    kind, known = CASES["calculation"]
    statement = known.statement
    assert statement is not None
    many = replace(statement, segments=statement.segments * 100)
    content = papers.make(kind, replace(known, statement=many), "pdf").content
    assert b"/StructTreeRoot" not in content
    return content


def with_a_rare_name(papers: PaperRenderer) -> bytes:
    """Draw a paper with a name in the second typeface."""
    needs("the second typeface", None if typeface.RARE_FILE.exists() else "Debian: fonts-hanazono")
    kind, known = CASES["complaint-on-a-loan"]
    first, holder, *others = known.details
    named = (first, replace(holder, name="\U00020bb7\U00029d98某"), *others)
    content = papers.make(kind, replace(known, details=named), "pdf").content
    assert b"HanaMinB" in content or b"HubRareCharacters" in content
    return content


@pytest.mark.parametrize("key", [None, *sorted(KEYS)])
def test_every_paper_is_pdf_a_2u(judge: Judge, key: str | None) -> None:
    """Each keeps every clause of PDF/A-2u, unsigned and signed by a key of any kind."""
    papers = drawn()
    if key is not None:
        signer, _ = signer_of(key)
        papers = {
            name: sign(content, signer, reason="调解协议", location="宁德")
            for name, content in papers.items()
        }
    assert judge(papers) == dict.fromkeys(papers, "2u compliant")


@pytest.mark.enable_socket
def test_a_dated_signature_keeps_pdf_a(judge: Judge) -> None:
    """What a signature brings along (certificates, revocation) is no breach of a clause."""
    signer, root = signer_of("ec")
    pem = root.public_bytes(serialization.Encoding.PEM).decode()
    paper = drawn()["agreement-at-once.pdf"]
    with running() as authority:
        timestamps = Timestamps(url=authority.url, roots=pem + authority.root)
        dated = sign(paper, signer, reason="调解协议", location="宁德", timestamps=timestamps)
    assert judge({"dated.pdf": dated}) == {"dated.pdf": "2u compliant"}


def test_what_breaks_a_clause_is_told(judge: Judge) -> None:
    """The validator judges: without the comment of bytes above 127 a file has no proper header (6.1.2)."""
    header, comment, rest = drawn()["calculation.pdf"].split(b"\n", 2)
    assert max(comment) > 127
    broken = b"\n".join((header, b"%" + b"a" * (len(comment) - 1), rest))
    (said,) = judge({"broken.pdf": broken}).values()
    assert said == "2u 6.1.2"
