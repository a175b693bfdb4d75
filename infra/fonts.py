"""Makes the documents' typeface from Noto Serif SC: `python -m infra.fonts`.

Promise: every Chinese character of the pinned npm package (all of GBK, so 龑 too), the symbols of GBK and
two check boxes; the same file for the same lock, with the list of what it covers and the licence (SIL OFL
1.1) beside it. What is there and up to date is left alone. The file is too large for the repository, so
whoever needs it makes it: `make package`, the local stack, the documents' tests. Downside: Node must be
there the first time, and it takes a minute.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.documents import typeface

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PINNED: Final = Path(__file__).parent / "typeface"
_SOURCE: Final = _PINNED / "node_modules" / "@expo-google-fonts" / "noto-serif-sc"
_LICENCE: Final = "LICENSE_FONT"
_REGULAR: Final = Path("400Regular") / "NotoSerifSC_400Regular.ttf"
_BOX, _TICK, _EMPTY_BOX, _TICKED_BOX = 0x25A1, 0x221A, 0x2610, 0x2611
_HANZI: Final = ((0x3400, 0x9FFF), (0x20000, 0x3FFFF))


class TypefaceNotMade(Exception):
    """The typeface could not be fetched; the message is what the tool said."""


def ensure(folder: Path = typeface.FOLDER) -> Path:
    """Return the typeface's path after making it if it is missing or older than what makes it.

    Raises TypefaceNotMade.
    """
    folder.mkdir(exist_ok=True)
    with (_PINNED / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # parallel test runs must not make it twice
        if not _up_to_date(folder):
            _fetch()
            _make(folder)
    return folder / typeface.FILE.name


def _up_to_date(folder: Path) -> bool:
    makers = max(path.stat().st_mtime for path in (Path(__file__), _PINNED / "package-lock.json"))
    made = (folder / typeface.FILE.name, folder / typeface.COVERAGE.name)
    return all(path.exists() and path.stat().st_mtime >= makers for path in made)


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise TypefaceNotMade("the documents' typeface comes from npm: install Node, or copy a made one")
    done = subprocess.run(  # noqa: S603 - fixed arguments, the program found on PATH
        [npm, "ci", "--prefix", str(_PINNED)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise TypefaceNotMade(f"npm ci failed:\n{done.stdout}{done.stderr}")


def _make(folder: Path) -> None:
    from fontTools import subset  # noqa: PLC0415 - half a second that an up-to-date file does not need
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = TTFont(_SOURCE / _REGULAR, recalcTimestamp=False)
    options = subset.Options(
        hinting=False,
        layout_features=[],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        notdef_outline=True,
    )
    options.drop_tables += ["vhea", "vmtx"]  # for text in vertical columns, which no paper has
    narrowed = subset.Subsetter(options)
    narrowed.populate(unicodes=set(_wanted(font.getBestCmap())))
    narrowed.subset(font)
    _add_check_boxes(font)
    covered = [list(span) for span in _spans(sorted(font.getBestCmap()))]
    # Renamed into place, so that nobody reads half a file.
    made = folder / "typeface.part"
    font.save(made)
    (folder / typeface.COVERAGE.name).write_text(json.dumps(covered), encoding="utf-8")
    shutil.copy(_SOURCE / _LICENCE, folder / "OFL.txt")
    made.replace(folder / typeface.FILE.name)


def _wanted(mapped: Iterable[int]) -> Iterator[int]:
    gbk = _gbk()
    return (
        code
        for code in mapped
        if code in gbk or 0x20 <= code <= 0xFF or any(low <= code <= high for low, high in _HANZI)  # noqa: PLR2004 - Latin-1
    )


def _gbk() -> frozenset[int]:
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    return frozenset(
        ord(text) for pair in pairs if (text := pair.decode("gbk", errors="ignore")) and len(text) == 1
    )


def _add_check_boxes(font: Any) -> None:
    """Draw ☐ and ☑, which the typeface lacks, from its own □ and √."""
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    glyphs, mapped = font.getGlyphSet(), font.getBestCmap()
    box, tick = mapped[_BOX], mapped[_TICK]
    pen = TTGlyphPen(None)
    glyphs[box].draw(pen)
    glyphs[tick].draw(TransformPen(pen, (0.72, 0, 0, 0.72, 140, 90)))
    font.setGlyphOrder([*font.getGlyphOrder(), "tickedbox"])
    font["glyf"]["tickedbox"] = pen.glyph()
    font["hmtx"]["tickedbox"] = font["hmtx"][box]
    for part in font["cmap"].tables:
        if part.isUnicode() and part.format != 14:  # noqa: PLR2004 - format 14 maps variation sequences
            part.cmap |= {_EMPTY_BOX: box, _TICKED_BOX: "tickedbox"}


def _spans(codes: list[int]) -> Iterator[tuple[int, int]]:
    starts = [codes[0], *(after for before, after in pairwise(codes) if after != before + 1)]
    ends = [*(before for before, after in pairwise(codes) if after != before + 1), codes[-1]]
    return zip(starts, ends, strict=True)


def main() -> int:
    """Make the typeface and report; exit code 1 and the tool's words if it can't be made."""
    try:
        made = ensure()
    except TypefaceNotMade as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write(f"{made.name}: {made.stat().st_size / 1024**2:.1f} MiB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
