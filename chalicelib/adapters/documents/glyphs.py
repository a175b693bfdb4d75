"""Cuts the typeface down to the glyphs of one document, to be embedded in a DOCX.

Promise: glyph numbers stay, so the other tables of `_KEPT` are copied and only `glyf`, `loca` and a checksum
change; unused glyphs become empty, which takes almost no space in the compressed DOCX. Relies on the typeface
having no composite glyphs, which a test checks. Downside: plain TrueType only; a general tool takes 28 MB.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents import typeface

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KEPT: Final = ("OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post")
_SEGMENTED: Final = 12  # the cmap format that maps every plane
_MAGIC: Final = 0xB1B0AFBA


def cut(characters: Iterable[str]) -> bytes:
    """Return a TrueType font that shows these characters. Raises TypefaceMissing."""
    tables = _tables()
    used = {0} | {_glyph_of()[ord(character)] for character in characters if ord(character) in _glyph_of()}
    places = _places(tables["loca"])
    outlines, offsets = bytearray(), []
    for glyph in range(len(places) - 1):
        offsets.append(len(outlines))
        if glyph in used:
            outlines += tables["glyf"][places[glyph] : places[glyph + 1]]
            outlines += bytes(-len(outlines) % 4)
    offsets.append(len(outlines))
    loca = struct.pack(f">{len(offsets)}L", *offsets)
    return _assembled({**tables, "glyf": bytes(outlines), "loca": loca})


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, bytes]:
    typeface.check_made()
    font = typeface.FILE.read_bytes()
    (count,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(count))
    found = {tag.decode(): font[start : start + length] for tag, _sum, start, length in entries}
    return {tag: found[tag] for tag in _KEPT}


def _places(loca: bytes) -> tuple[int, ...]:
    # Short offsets reach 128 KiB; the typeface is much larger, so its offsets are long.
    return struct.unpack(f">{len(loca) // 4}L", loca)


@lru_cache(maxsize=1)
def _glyph_of() -> Mapping[int, int]:
    return dict(_mapping(_tables()["cmap"]))


def _mapping(cmap: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", cmap, 2)
    starts = (struct.unpack_from(">L", cmap, 8 + 8 * index)[0] for index in range(count))
    start = next(start for start in starts if struct.unpack_from(">H", cmap, start)[0] == _SEGMENTED)
    (groups,) = struct.unpack_from(">L", cmap, start + 12)
    for group in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", cmap, start + 16 + 12 * group)
        yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)


def _assembled(tables: Mapping[str, bytes]) -> bytes:
    body, directory = bytearray(), bytearray()
    start = 12 + 16 * len(tables)
    unsummed = {**tables, "head": _with_adjustment(tables["head"], 0)}
    for tag, content in sorted(unsummed.items()):
        directory += struct.pack(">4sLLL", tag.encode(), _sum(content), start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    search = 1 << (len(tables).bit_length() - 1)
    header = struct.pack(
        ">LHHHH",
        0x00010000,
        len(tables),
        search * 16,
        search.bit_length() - 1,
        (len(tables) - search) * 16,
    )
    font = header + bytes(directory) + bytes(body)
    adjustment = (_MAGIC - _sum(font)) & 0xFFFFFFFF
    place = start + sum(
        len(unsummed[tag]) + -len(unsummed[tag]) % 4 for tag in sorted(unsummed) if tag < "head"
    )
    return font[: place + 8] + struct.pack(">L", adjustment) + font[place + 12 :]


def _with_adjustment(head: bytes, adjustment: int) -> bytes:
    return head[:8] + struct.pack(">L", adjustment) + head[12:]


def _sum(content: bytes) -> int:
    padded = content + bytes(-len(content) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF
