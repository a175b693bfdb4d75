"""Makes the documents' typefaces: `python -m infra.fonts`.

The first one, from Noto Serif SC, is always made. The second one has what the first lacks of the CJK
extensions B to F, from HanaMinB of the GlyphWiki project, if Debian's package `fonts-hanazono` is installed;
`make package` demands it, so that every name can be printed.

Promise: every Chinese character of the font in the locked package (all of GBK, so 龑 too), the symbols of GBK
and two check boxes; the same file for the same lock, with the list of what it covers and the licence (SIL OFL
1.1) beside it. What is there and up to date is left alone. The file is too large for the repository, so
whoever needs it makes it: `make package`, the local stack, the documents' tests. Downside: it takes some
seconds, because the package's outlines are cubic, and those of a font that a DOCX embeds are quadratic.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from contextlib import contextmanager
from functools import partial
from importlib import metadata, resources
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.documents import typeface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PACKAGE: Final = "pylopdf-fonts-zh-cn"
_REGULAR: Final = "NotoSerifSC-Regular.otf"
_LICENCE: Final = "licenses/LICENSE"
_LOCK: Final = Path(__file__).parents[1] / "requirements-dev.txt"
_COPYRIGHT: Final = 0
_NAMES: Final = (_COPYRIGHT, 1, 2, 3, 4, 5, 6, 13, 14)
RARE_SOURCE: Final = Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf")
"""Where Debian's `fonts-hanazono` puts it."""
_RARE: Final = (0x20000, 0x40000)
_POSTSCRIPT: Final = 6
_OWN_NAMES: Final = frozenset({1, 3, 4, _POSTSCRIPT})
_RARE_LICENCE: Final = """Part of HanaMinB, copyright 2008-2017 GlyphWiki Project, http://fonts.jp/hanazono/

Hanazono Font License: unlimited permission is granted to use, copy and distribute the font, with or without
modification, commercially or not; it comes without warranty.
"""
_TOLERANCE: Final = 1.0
"""How far an outline may be moved, in thousandths of the type size."""
_MISSING: Final = ".notdef"
_TICKED: Final = "ticked"
_BOX, _TICK, _EMPTY_BOX, _TICKED_BOX = 0x25A1, 0x221A, 0x2610, 0x2611
_HANZI: Final = ((0x3400, 0x9FFF), (0x20000, 0x3FFFF))


def ensure(folder: Path = typeface.FOLDER) -> Path:
    """Return the typeface's path after making it if it is missing or older than what makes it."""
    folder.mkdir(exist_ok=True)
    with _alone_in(folder):  # parallel test runs must not make it twice
        if not _up_to_date(folder / typeface.FILE.name):
            _make(folder)
        rare = folder / typeface.RARE_FILE.parent.name / typeface.RARE_FILE.name
        if RARE_SOURCE.exists() and not _up_to_date(rare):
            _make_rare(rare, folder / typeface.FILE.name)
    return folder / typeface.FILE.name


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)  # the folder itself: a lock file would be packaged
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _up_to_date(file: Path) -> bool:
    makers = max(path.stat().st_mtime for path in (Path(__file__), _LOCK))
    made = (file, file.with_name(typeface.COVERAGE.name))
    return all(path.exists() and path.stat().st_mtime >= makers for path in made)


def _make(folder: Path) -> None:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - a look at an up-to-date file need not pay for it

    sys.stderr.write("making the typeface from its package, once: about a minute ...\n")
    source = TTFont(str(resources.files(_PACKAGE.replace("-", "_")) / _REGULAR))
    made = _true_type(source)
    covered = [list(span) for span in _spans(sorted(made.getBestCmap()))]
    # Renamed into place, so that nobody reads half a file.
    part = folder / "typeface.part"
    made.save(part)
    (folder / typeface.COVERAGE.name).write_text(json.dumps(covered), encoding="utf-8")
    (folder / "OFL.txt").write_text(_licence(source), encoding="utf-8")
    part.replace(folder / typeface.FILE.name)


def _make_rare(target: Path, first: Path) -> None:
    """Keep what the first typeface lacks, without hints, under a name of its own.

    Its em has 1,024 units and the first one's 1,000, so in a DOCX, whose font has glyphs of both, a rare
    character is a fortieth larger: nobody sees that, and scaling 60,000 outlines takes half a minute.
    """
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 - see `_make`
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    known = TTFont(first)
    source = TTFont(RARE_SOURCE, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=[], glyph_names=False, name_IDs=list(_NAMES))
    options.drop_tables += ["FFTM", "GDEF", "BASE", "vhea", "vmtx", "gasp"]
    subsetter = Subsetter(options)
    rare = range(*_RARE)
    subsetter.populate(
        unicodes=[code for code in source.getBestCmap() if code in rare and code not in known.getBestCmap()]
    )
    subsetter.subset(source)
    for record in source["name"].names:
        if record.nameID in _OWN_NAMES:
            record.string = typeface.RARE_FAMILY.replace(" ", "" if record.nameID == _POSTSCRIPT else " ")
    target.parent.mkdir(exist_ok=True)
    covered = [list(span) for span in _spans(sorted(source.getBestCmap()))]
    target.with_name("LICENCE.txt").write_text(_RARE_LICENCE, encoding="utf-8")
    part = target.with_name("typeface.part")
    source.save(part)
    part.replace(target)
    # Last, since it tells that the typeface is there.
    target.with_name(typeface.COVERAGE.name).write_text(json.dumps(covered), encoding="utf-8")


def _true_type(source: Any) -> Any:
    """Return a TrueType font with what is wanted of the source and its measures, and the check boxes."""
    from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415

    mapped = dict(_wanted(source.getBestCmap()))
    outlines, widths = source.getGlyphSet(), source["hmtx"].metrics
    glyphs = {name: _quadratic(outlines[name].draw) for name in (_MISSING, *mapped.values())}
    box, tick = mapped[_BOX], mapped[_TICK]
    glyphs[_TICKED] = _quadratic(partial(_draw_ticked_box, outlines[box], outlines[tick]))
    mapped |= {_EMPTY_BOX: box, _TICKED_BOX: _TICKED}
    made = FontBuilder(source["head"].unitsPerEm)
    made.setupGlyphOrder(list(glyphs))
    made.setupCharacterMap(mapped)
    made.setupGlyf(glyphs)
    widths[_TICKED] = widths[box]
    made.setupHorizontalMetrics({name: (widths[name][0], glyph.xMin) for name, glyph in glyphs.items()})
    made.setupPost(keepGlyphNames=False)
    source["name"].names = [name for name in source["name"].names if name.nameID in _NAMES]
    for table in ("head", "hhea", "name", "OS/2"):
        made.font[table] = source[table]
    return made.font


def _wanted(mapped: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    gbk = _gbk()
    return (
        (code, name)
        for code, name in sorted(mapped.items())
        if code in gbk or 0x20 <= code <= 0xFF or any(low <= code <= high for low, high in _HANZI)  # noqa: PLR2004 - Latin-1
    )


def _gbk() -> frozenset[int]:
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    return frozenset(
        ord(text) for pair in pairs if (text := pair.decode("gbk", errors="ignore")) and len(text) == 1
    )


def _quadratic(draw: Callable[[Any], None]) -> Any:
    """Return as a TrueType glyph what draws itself with cubic curves."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    pen = TTGlyphPen(None)
    draw(Cu2QuPen(pen, _TOLERANCE, reverse_direction=True))
    return pen.glyph()


def _draw_ticked_box(box: Any, tick: Any, pen: Any) -> None:
    """Draw ☑, which the typeface lacks, from its own □ and √."""
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415

    box.draw(pen)
    tick.draw(TransformPen(pen, (0.72, 0, 0, 0.72, 140, 90)))


def _licence(source: Any) -> str:
    # OFL 1.1, condition 2, wants both beside each copy; the package's file has no copyright line.
    text = metadata.distribution(_PACKAGE).read_text(_LICENCE)
    return f"{source['name'].getDebugName(_COPYRIGHT)}\n\n{text}"


def _spans(codes: list[int]) -> Iterator[tuple[int, int]]:
    starts = [codes[0], *(after for before, after in pairwise(codes) if after != before + 1)]
    ends = [*(before for before, after in pairwise(codes) if after != before + 1), codes[-1]]
    return zip(starts, ends, strict=True)


def main() -> int:
    """Make the typeface and report its size."""
    made = ensure()
    sys.stdout.write(f"{made.name}: {made.stat().st_size / 1024**2:.1f} MiB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
