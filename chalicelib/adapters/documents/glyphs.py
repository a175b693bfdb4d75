"""Cuts the typeface down to the glyphs of one document, to be embedded in a DOCX.

Promise: the font maps the characters it draws, and blanks, and no others: what a clerk types beside them is
drawn with another typeface, not with an empty glyph. It has the family name it is given: office programs take
two fonts of one name for the same, and draw one document with the other's glyphs. Glyph numbers stay, so most
tables of `_KEPT` are copied; unused glyphs become empty, which takes little space in the compressed DOCX.
Relies on the typeface having no composite glyphs, which a test checks.
Downside: plain TrueType only; a general tool takes 28 MB.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents import typeface

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_KEPT: Final = ("OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post")
_SEGMENTED: Final = 12  # the cmap format that maps every plane
_WINDOWS_BASIC: Final = (3, 1)  # platform and encoding: Windows, the basic plane
_WINDOWS_FULL: Final = (3, 10)  # Windows, every plane
_ENGLISH: Final = 0x409
_END_OF_BASIC: Final = 0xFFFF
_BLANKS: Final = frozenset({0x20, 0xA0, 0x3000})
_MAGIC: Final = 0xB1B0AFBA


def cut(characters: Iterable[str], family: str) -> bytes:
    """Return a TrueType font of this name that shows these characters. Raises TypefaceMissing."""
    first = _font(typeface.FILE)
    codes = {*map(ord, characters), *_BLANKS}
    glyph_of = {code: first.glyph_of[code] for code in sorted(codes & first.glyph_of.keys())}
    rare = sorted(code for code in codes - glyph_of.keys() if typeface.covers_rare(chr(code)))
    used, count = {0, *glyph_of.values()}, len(first.places) - 1
    outlines, offsets, measures = bytearray(), [], bytearray(first.measures)
    for glyph in range(count):
        offsets.append(len(outlines))
        if glyph in used:
            outlines += first.outline(glyph)
    for number, code in enumerate(rare):
        second = _font(typeface.RARE_FILE)
        offsets.append(len(outlines))
        outlines += second.outline(second.glyph_of[code])
        measures += second.measure(second.glyph_of[code])
        glyph_of[code] = count + number
    offsets.append(len(outlines))
    # The largest counts of points and of contours in a glyph, which stand behind the number of glyphs (maxp).
    most = _largest_counts(*({typeface.FILE, typeface.RARE_FILE} if rare else {typeface.FILE}))
    total = count + len(rare)
    tables = {
        **first.tables,
        "cmap": _character_map(dict(sorted(glyph_of.items()))),
        "name": _names(family),
        "glyf": bytes(outlines),
        "loca": struct.pack(f">{len(offsets)}L", *offsets),
        "hmtx": bytes(measures),
        "hhea": first.tables["hhea"][:34] + struct.pack(">H", total),
        "maxp": first.tables["maxp"][:4] + struct.pack(">HHH", total, *most) + first.tables["maxp"][10:],
    }
    return _assembled(tables)


def _largest_counts(*files: Path) -> tuple[int, int]:
    counts = [struct.unpack_from(">HH", _font(file).tables["maxp"], 6) for file in files]
    return max(points for points, _ in counts), max(contours for _, contours in counts)


def _character_map(glyph_of: Mapping[int, int]) -> bytes:
    """Map characters to glyphs: format 4 for the basic plane, which Word reads, and format 12 for all."""
    basic = [(code, glyph) for code, glyph in glyph_of.items() if code < _END_OF_BASIC]
    ends = [code for code, _ in basic] + [_END_OF_BASIC]
    deltas = [(glyph - code) & 0xFFFF for code, glyph in basic] + [1]
    # One segment for each character; the last, which maps nothing, is part of the format.
    search = 1 << (len(ends).bit_length() - 1)
    format_4 = struct.pack(
        f">HHHH{len(ends)}HH{len(ends)}H{len(ends)}H{len(ends)}H",
        *(len(ends) * 2, search * 2, search.bit_length() - 1, (len(ends) - search) * 2),
        *ends,
        0,
        *ends,
        *deltas,
        *(0 for _ in ends),
    )
    format_4 = struct.pack(">HHH", 4, len(format_4) + 6, 0) + format_4
    groups = b"".join(struct.pack(">LLL", code, code, glyph) for code, glyph in glyph_of.items())
    format_12 = struct.pack(">HHLLL", _SEGMENTED, 0, 16 + len(groups), 0, len(glyph_of)) + groups
    first = 4 + 2 * 8
    entries = struct.pack(">HHL", *_WINDOWS_BASIC, first)
    entries += struct.pack(">HHL", *_WINDOWS_FULL, first + len(format_4))
    return struct.pack(">HH", 0, 2) + entries + format_4 + format_12


def _names(family: str) -> bytes:
    """Name the font: family, style, unique name, full name, and the name without blanks (OpenType, name)."""
    texts = {1: family, 2: "Regular", 3: family, 4: family, 6: family.replace(" ", "")}
    stored, entries = b"", b""
    for kind, text in texts.items():
        encoded = text.encode("utf-16-be")
        entries += struct.pack(">HHHHHH", *_WINDOWS_BASIC, _ENGLISH, kind, len(encoded), len(stored))
        stored += encoded
    return struct.pack(">HHH", 0, len(texts), 6 + len(entries)) + entries + stored


@dataclass(frozen=True, slots=True)
class _Font:
    """A font's tables; where each outline is; each glyph's width and left side, four bytes a glyph."""

    tables: Mapping[str, bytes]
    glyph_of: Mapping[int, int]
    places: tuple[int, ...]
    measures: bytes

    def outline(self, glyph: int) -> bytes:
        """Return a glyph's outline, filled up to a multiple of four bytes."""
        found = self.tables["glyf"][self.places[glyph] : self.places[glyph + 1]]
        return found + bytes(-len(found) % 4)

    def measure(self, glyph: int) -> bytes:
        """Return a glyph's width and left side."""
        return self.measures[4 * glyph : 4 * glyph + 4]


@lru_cache(maxsize=2)
def _font(file: Path) -> _Font:
    typeface.check_made()
    font = file.read_bytes()
    (count,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(count))
    found = {tag.decode(): font[start : start + length] for tag, _sum, start, length in entries}
    tables = {tag: found[tag] for tag in _KEPT}
    # Short offsets reach 128 KiB; a typeface is much larger, so its offsets are long.
    places = struct.unpack(f">{len(tables['loca']) // 4}L", tables["loca"])
    return _Font(tables, dict(_mapping(tables["cmap"])), places, _measures(tables, len(places) - 1))


def _measures(tables: Mapping[str, bytes], glyphs: int) -> bytes:
    """Write out the widths that the glyphs at the end of `hmtx` share (OpenType, hmtx)."""
    (whole,) = struct.unpack_from(">H", tables["hhea"], 34)
    shared, sides = tables["hmtx"][4 * whole - 4 : 4 * whole - 2], tables["hmtx"][4 * whole :]
    rest = (shared + sides[2 * index : 2 * index + 2] for index in range(glyphs - whole))
    return tables["hmtx"][: 4 * whole] + b"".join(rest)


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
