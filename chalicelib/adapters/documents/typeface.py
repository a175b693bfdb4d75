"""Where the documents' typeface is, and which characters it can show.

Promise: a character without a glyph is printed as its code point, so that no name is an empty box and no
paper fails; control characters and invisible marks have no glyph either. On Lambda the typeface lies in a
layer, on the import path beside the libraries that draw. Downside: the list is made with the typeface
(`infra/fonts.py`), not read from it; a test compares them.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.errors import TypefaceMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

FAMILY: Final = "Noto Serif SC"
IN_LAYER: Final = "hub-typeface"
"""The name of the typeface's folder in the layer."""


def folder(import_path: Sequence[str]) -> Path:
    """Return the typeface's folder: the layer's if one is on the import path, else the one beside here."""
    layers = (Path(entry, IN_LAYER) for entry in import_path)
    return next(filter(Path.is_dir, layers), Path(__file__).with_name("typeface"))


FOLDER: Final = folder(sys.path)
FILE: Final = FOLDER / "NotoSerifSC-Hub.ttf"
COVERAGE: Final = FOLDER / "coverage.json"
RARE_FAMILY: Final = "Hub Rare Characters"
RARE_FILE: Final = FOLDER / "rare" / "HanaMinB-Hub.ttf"
RARE_COVERAGE: Final = FOLDER / "rare" / "coverage.json"
"""A second typeface for the characters of names that the first one lacks. It comes from a Debian package, so
on a laptop it may be missing; where the hub is packaged it may not."""
_VARIANTS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Selectors of a variant of the character before them, which is printed in its usual form."""
_USUAL: Final = re.compile("[ -~\u4e00-\u9fa5·（），。、：；]*")
"""Text that needs no look into the list: ASCII, the characters of GBK, and the commonest signs."""


_RADICALS: Final = re.compile("[\u2e80-\u2fdf]")
"""Radicals as signs of their own: some input methods type 厂 as ⼚."""
_COMPATIBLE: Final = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
"""A second code for a character, kept in Unicode for the sake of older character sets."""


def usual(text: str) -> str:
    """Return a text as it is printed: variants in their usual form, radicals as the character they are.

    What was filed stays as it was filed: only papers change it, and the tables that go with them. A second
    code for a character becomes the first one where no typeface has its own form.
    """
    if _USUAL.fullmatch(text):
        return text
    plain = _RADICALS.sub(lambda found: _unified(found[0]), _VARIANTS.sub("", text))
    return _COMPATIBLE.sub(lambda found: found[0] if _shows(found[0]) else _unified(found[0]), plain)


def _unified(character: str) -> str:
    """Return the one character that Unicode says a radical or a second code stands for, if it says so."""
    return unicodedata.normalize("NFKC", character)


def unprintable(text: str) -> tuple[str, ...]:
    """Return the code points of the characters that can't be shown, such as U+2A6D6, each once."""
    if _USUAL.fullmatch(text):
        return ()
    return tuple(dict.fromkeys(_code_point(character) for character in usual(text) if not _shows(character)))


def printable(text: str) -> str:
    """Return the text with `[U+2A6D6]` in place of each character that can't be shown."""
    if _USUAL.fullmatch(text):
        return text
    return "".join(each if _shows(each) else f"[{_code_point(each)}]" for each in usual(text))


def _shows(character: str) -> bool:
    return character == "\n" or covers(character) or covers_rare(character)


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def covers(character: str) -> bool:
    """Whether the typeface has a glyph for a character. Raises TypefaceMissing."""
    return _is_in(_spans(COVERAGE), character)


def covers_rare(character: str) -> bool:
    """Whether the second typeface is there and has a glyph for a character."""
    return RARE_COVERAGE.exists() and _is_in(_spans(RARE_COVERAGE), character)


def _is_in(spans: tuple[list[int], list[int]], character: str) -> bool:
    starts, ends = spans
    place = bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]


@lru_cache(maxsize=1)
def _spans(coverage: Path) -> tuple[list[int], list[int]]:
    try:
        spans: list[tuple[int, int]] = json.loads(coverage.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise TypefaceMissing("the typeface was not made: python -m infra.fonts") from missing
    return [start for start, _end in spans], [end for _start, end in spans]


def check_made() -> None:
    """Raise TypefaceMissing if set-up or packaging left the typeface out."""
    if not FILE.exists():
        raise TypefaceMissing("the typeface was not made: python -m infra.fonts")
