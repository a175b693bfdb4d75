"""The font embedded in a DOCX is a font that shows the document, and can be read back from the package."""

from __future__ import annotations

import html
import io
import re
import struct
import uuid
import zipfile
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from chalicelib.adapters.documents import glyphs, typeface
from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.views.mediation import ServiceAddressConfirmation, UndisputedFacts
from tests.unit.documents.samples import SAMPLES


def _drawn(font: Any, character: str) -> tuple[Any, ...]:
    glyph = font["glyf"][font.getBestCmap()[ord(character)]]
    return glyph.numberOfContours, tuple(getattr(glyph, "coordinates", ()))


@pytest.mark.parametrize("character", "龑䶮𬭎A1☑")
def test_glyph_is_the_typefaces_own(character: str) -> None:
    """A character cut out is drawn as in the whole typeface."""
    cut = TTFont(io.BytesIO(glyphs.cut("龑䶮𬭎A1☑", "Cut")), checkChecksums=2)
    assert _drawn(cut, character) == _drawn(TTFont(typeface.FILE), character)
    assert _drawn(cut, character)[0] > 0


def test_the_whole_file_has_the_sum_it_should() -> None:
    """The 32-bit words of a TrueType file add up to B1B0AFBA, once `head` is adjusted (OpenType, head)."""
    cut = glyphs.cut("龑", "Cut")
    assert len(cut) % 4 == 0
    assert sum(struct.unpack(f">{len(cut) // 4}L", cut)) & 0xFFFFFFFF == 0xB1B0AFBA


def test_other_glyphs_are_empty() -> None:
    """What the document doesn't use is left out, but for the sign of a missing glyph."""
    cut: Any = TTFont(io.BytesIO(glyphs.cut("一", "Cut")), checkChecksums=2)
    drawn = [name for name in cut.getGlyphOrder() if cut["glyf"][name].numberOfContours]
    assert drawn == [".notdef", cut.getBestCmap()[ord("一")]]


def test_docx_holds_its_font() -> None:
    """The package's font, its first 32 bytes XORed with the key of the font table, shows every character."""
    document = render(SAMPLES[ServiceAddressConfirmation], "docx")
    with zipfile.ZipFile(io.BytesIO(document.content)) as package:
        table = package.read("word/fontTable.xml").decode()
        hidden = package.read("word/fonts/font1.odttf")
        parts = [package.read(f"word/{part}.xml").decode() for part in ("document", "footer1")]
        assert b"embedTrueTypeFonts" in package.read("word/settings.xml")
        assert "odttf" in package.read("[Content_Types].xml").decode()
        assert not [name for name in package.namelist() if "thumbnail" in name]
        assert b"thumbnail" not in package.read("_rels/.rels")
    shown = set(html.unescape(re.sub(r"<[^>]*>", "", "".join(parts)))) | set("0123456789")
    (guid,) = re.findall(r'w:fontKey="\{([0-9A-F-]{36})\}"', table)
    key = uuid.UUID(guid).bytes[::-1] * 2
    plain = bytes(one ^ other for one, other in zip(hidden[:32], key, strict=True)) + hidden[32:]
    font: Any = TTFont(io.BytesIO(plain), checkChecksums=2)
    lacking = [
        character
        for character in shown
        if character.strip() and not font["glyf"][font.getBestCmap()[ord(character)]].numberOfContours
    ]
    assert not lacking


@pytest.mark.parametrize("family", ["Cut One", "Cut Two"])
def test_the_font_maps_what_it_draws_and_blanks_alone_and_has_its_own_name(family: str) -> None:
    """Whatever else is typed falls to a typeface that has it; another document's font is another family."""
    cut: Any = TTFont(io.BytesIO(glyphs.cut("龑䶮𬭎A1☑", family)), checkChecksums=2)
    tables = {(table.platformID, table.platEncID): set(table.cmap) for table in cut["cmap"].tables}
    drawn = {*map(ord, "龑䶮𬭎A1☑"), 0x20, 0xA0, 0x3000}
    assert tables == {(3, 10): drawn, (3, 1): drawn - {ord("𬭎")}}
    whole: Any = TTFont(typeface.FILE).getBestCmap()
    assert cut.getBestCmap() == {code: whole[code] for code in drawn}
    assert cut["name"].getDebugName(1) == cut["name"].getDebugName(4) == family
    assert cut["name"].getDebugName(6) == family.replace(" ", "")


def test_two_documents_do_not_share_a_fonts_name() -> None:
    """Office programs take two fonts of one name for the same, and draw one document with the other's."""
    names = set()
    for view in (SAMPLES[ServiceAddressConfirmation], SAMPLES[UndisputedFacts]):
        with zipfile.ZipFile(io.BytesIO(render(view, "docx").content)) as package:
            table, styles = (package.read(f"word/{part}.xml").decode() for part in ("fontTable", "styles"))
        (name,) = re.findall(r'w:font w:name="([^"]+)"', table)
        assert f'w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}"' in styles
        names.add(name)
    assert len(names) == 2
