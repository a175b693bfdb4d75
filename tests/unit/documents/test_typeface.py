"""The typeface shows what it says it shows, and what it can't is named before anything is drawn."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.documents import glyphs, pdf, typeface
from chalicelib.adapters.documents.errors import LayoutFailed, TypefaceMissing
from chalicelib.adapters.documents.outline import Column, Grid, Outline, Paragraph
from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.views.mediation import UndisputedFacts
from chalicelib.domain.loan.debt import MOST_SEGMENTS
from tests.support.engines import needs
from tests.unit.documents.reading import boxes, docx_text, pages, pdf_text
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chalicelib.adapters.documents.rendering import Format


@pytest.mark.parametrize("character", "龑䶮㛃㙦𬭎镕堃喆嚞〇·、。（）〔〕％〇☐☑Éü")
def test_rare_characters_of_names_are_covered(character: str) -> None:
    """Rare surnames, letters with accents and the forms' boxes have glyphs."""
    assert typeface.covers(character)


def test_all_of_gbk_is_covered() -> None:
    """Every Chinese character of GBK has a glyph."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    texts = (pair.decode("gbk", errors="ignore") for pair in pairs)
    hanzi = {text for text in texts if len(text) == 1 and "\u4e00" <= text <= "\u9fa5"}
    assert len(hanzi) == 20902
    assert not [text for text in hanzi if not typeface.covers(text)]


def test_coverage_is_the_fonts_own() -> None:
    """The list beside the typeface names exactly the characters that its cmap maps."""
    spans = json.loads(typeface.COVERAGE.read_text(encoding="utf-8"))
    listed = {code for start, end in spans for code in range(start, end + 1)}
    assert listed == set(TTFont(typeface.FILE).getBestCmap())
    assert not any(typeface.covers(chr(end + 1)) for _start, end in spans if end + 1 not in listed)


def test_no_glyph_leans_on_another() -> None:
    """No glyph is a composite, so that one can be cut out alone."""
    unread = TTFont(typeface.FILE)["glyf"].glyphs  # indexing the table itself would read each outline
    assert not [name for name, glyph in unread.items() if glyph.isComposite()]


@pytest.fixture
def _rare() -> None:
    """Need the second typeface."""
    missing = None if typeface.RARE_FILE.exists() else "not made (Debian: fonts-hanazono)"
    needs("the second typeface", missing)


@pytest.mark.usefixtures("_rare")
def test_every_character_of_names_up_to_extension_f_can_be_printed() -> None:
    """GB 18030-2022, level 3, and what resident registers hold: the basic block and the extensions A to F."""
    blocks = [
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FA5),
        (0x20000, 0x2A6D6),
        (0x2A700, 0x2B734),
        (0x2B740, 0x2B81D),
        (0x2B820, 0x2CEA1),
        (0x2CEB0, 0x2EBE0),
    ]
    text = "".join(chr(code) for first, last in blocks for code in range(first, last + 1))
    assert typeface.unprintable(text) == ()


@pytest.mark.usefixtures("_rare")
@pytest.mark.parametrize("wanted", ["pdf", "docx"])
def test_a_name_of_the_second_typeface_is_drawn(wanted: Format) -> None:
    """In the PDF's text, and with an outline of its own in the DOCX's font."""
    sample = SAMPLES[UndisputedFacts]
    assert isinstance(sample, UndisputedFacts)
    drawn = render(replace(sample, cause="\U00020bb7野家\U00029d98"), wanted).content
    foot = f"无争议事实记载　{sample.number}"
    text = pdf_text(drawn, foot) if wanted == "pdf" else docx_text(drawn)
    assert "\U00020bb7野家\U00029d98" in text
    if wanted == "docx":
        cut: Any = TTFont(BytesIO(glyphs.cut("野\U00020bb7\U00029d98", "Cut")), checkChecksums=2)
        for character in "\U00020bb7\U00029d98":
            glyph = cut["glyf"][cut.getBestCmap()[ord(character)]]
            assert glyph.numberOfContours > 1
            assert cut["hmtx"][cut.getBestCmap()[ord(character)]][0] == 1024


def test_a_variation_selector_is_not_printed() -> None:
    """Registers hold names with one; the character is printed in its usual form, and nobody is warned."""
    assert typeface.printable("葛\U000e0100城\ufe00") == "葛城"
    assert typeface.unprintable("葛\U000e0100") == ()


@pytest.mark.parametrize(
    ("filed", "printed"),
    [
        ("\u2f54\u2f4a", "水木"),  # Kangxi radicals, as some input methods type them
        ("\u2fd5\u2f00", "龠一"),
        ("\u2ef3\u2e9f", "龟母"),  # radicals of the supplement that stand for a character
        ("\U0002f800\U0002fa1d", "丽\U0002a600"),  # second codes without a glyph
    ],
)
@pytest.mark.usefixtures("_rare")
def test_another_code_of_a_character_is_printed_as_the_character(filed: str, printed: str) -> None:
    """What was filed stays filed; the paper shows the character, and nobody is warned."""
    assert typeface.printable(f"张{filed}") == f"张{printed}"
    assert typeface.unprintable(f"张{filed}") == ()


def test_every_kangxi_radical_is_printed() -> None:
    """All 214 of them, each as one character of the basic block."""
    radicals = [chr(code) for code in range(0x2F00, 0x2FD6)]
    assert len(radicals) == 214
    assert all("\u4e00" <= typeface.printable(radical) <= "\u9fff" for radical in radicals)


@pytest.mark.parametrize("character", ["\U0002ebf0", "\U0002ee5d"])
def test_extension_i_is_printed_as_its_code_point(character: str) -> None:
    """No typeface of ours has its 622 characters: the name is written by hand at signing."""
    assert typeface.printable(f"张{character}") == f"张[U+{ord(character):04X}]"
    assert typeface.unprintable(f"张{character}") == (f"U+{ord(character):04X}",)


@pytest.mark.usefixtures("_rare")
def test_a_rare_name_stands_on_its_line() -> None:
    """A line with 𠮷 is as high as one without, so that what follows stands where it would."""

    def heights(name: str) -> list[float]:
        said = (Paragraph(text=f"{name}野"), Paragraph(text="后"))
        drawn = pdf.draw(Outline(title="x", made_on=date(2026, 5, 8), foot="x", blocks=said), 1)
        return [box[1] for page in pages(drawn) for character, box in boxes(page) if character in "野后"]

    assert heights("\U00020bb7") == pytest.approx(heights("吉"), abs=0.1)


@pytest.mark.parametrize(
    "character", ["\U00030000", "\U0001f600", "\x00", "\t", "\x7f", "\u200b", "\u202e", "\ufeff", "\ud800"]
)
def test_what_has_no_glyph_is_printed_as_its_code_point(character: str) -> None:
    """A rare or invisible character stops no paper, and the text around it stays as it is."""
    sample = SAMPLES[UndisputedFacts]
    assert isinstance(sample, UndisputedFacts)
    view = replace(sample, cause=f"私人{character}信息")
    shown = f"私人[U+{ord(character):04X}]信息"
    foot = f"无争议事实记载　{sample.number}"
    assert shown in pdf_text(render(view, "pdf").content, foot)
    assert shown in docx_text(render(view, "docx").content)
    assert typeface.unprintable(view.cause * 2) == (f"U+{ord(character):04X}",)


def test_layout_refuses_what_slipped_through() -> None:
    """Were the check left out, typst would refuse to draw a blank box: PDF/A allows none."""
    day = date(2026, 5, 8)
    slipped = Outline(title="x", made_on=day, foot="x", blocks=(Paragraph(text="\U00030000"),))
    with pytest.raises(LayoutFailed):
        pdf.draw(slipped, 1)


@given(
    st.text(
        st.characters(codec="gbk", exclude_categories=["Cc", "Cf", "Zl", "Zp"], exclude_characters="\u2252")
    )
)
def test_no_gbk_text_is_refused(text: str) -> None:
    """Whatever a Chinese keyboard types is covered, but for ≒, which the typeface never had."""
    private_use = {character for character in text if "\ue000" <= character <= "\uf8ff"}
    asked = text.translate({ord(character): None for character in private_use})
    assert (typeface.unprintable(asked), typeface.printable(asked)) == ((), asked)


@pytest.mark.parametrize(
    ("name", "asked"), [("FILE", typeface.check_made), ("COVERAGE", partial(typeface.covers, "一"))]
)
def test_a_typeface_left_out_is_named(
    name: str, asked: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package without the typeface says so, instead of drawing with another."""
    monkeypatch.setattr(typeface, name, tmp_path / "missing")
    with pytest.raises(TypefaceMissing):
        asked()


def test_a_layer_on_the_import_path_brings_the_typeface(tmp_path: Path) -> None:
    """On Lambda it lies there, because the functions that draw nothing do not carry it."""
    (tmp_path / "hub-typeface").mkdir()
    assert typeface.folder([str(tmp_path)]) == tmp_path / "hub-typeface"
    assert typeface.folder([]).name == "typeface"


def test_a_family_that_typst_does_not_know_draws_no_paper() -> None:
    """It only warns of it, and would leave the pages blank."""
    outline = Outline(title="表", made_on=date(2026, 1, 2), foot="页脚", blocks=(Paragraph(text="正文"),))
    with pytest.raises(LayoutFailed, match="font"):
        pdf.draw(outline, 1, family="No Such Family")


def test_a_calculation_of_as_many_segments_as_a_debt_may_have_leaves_lambda() -> None:
    """A function answers with at most 6 MB, in base64; beside the segments it has a grid of payments."""
    columns = tuple(Column(title=title, share=1) for title in ("起", "止", "天数", "本金", "利率", "金额"))
    row = ("2024-01-01", "2024-01-31", "31", "120,000.00", "7.25%", "749.17")
    grid = Grid(columns=columns, rows=(row,) * MOST_SEGMENTS)
    outline = Outline(title="表", made_on=date(2026, 1, 2), foot="页脚", blocks=(grid, grid))
    assert len(base64.b64encode(pdf.draw(outline, 1))) < 5 * 1024 * 1024
    short = Grid(columns=columns, rows=(row,) * 100)
    tagged = pdf.draw(Outline(title="表", made_on=date(2026, 1, 2), foot="页脚", blocks=(short,)), 1)
    assert b"/StructTreeRoot" in tagged, "short tables can be read aloud"
