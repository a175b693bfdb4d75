"""Finishes a DOCX package: embeds the typeface and fixes everything that would differ between two runs.

Promise: the same parts in the same order, dated 1980-01-01, so the same document is the same bytes; the
glyphs used are embedded as ECMA-376 part 4 §17.8.1 says (obfuscated with a key made from the font itself).
Downside: parts that python-docx can't write are written here as text; a test opens the result.
"""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from typing import Final

from chalicelib.adapters.documents import glyphs
from chalicelib.adapters.documents.zipping import zipped

_FONT: Final = "word/fonts/font1.odttf"
_FONT_TABLE: Final = "word/fontTable.xml"
_SETTINGS: Final = "word/settings.xml"
_TYPES: Final = "[Content_Types].xml"
_OBFUSCATED: Final = 32
_RELATIONS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/font" '
    'Target="fonts/font1.odttf"/></Relationships>'
)


def family_of(characters: frozenset[str]) -> str:
    """Name the font of a document by what it shows, so that two documents' fonts are never taken for one."""
    return f"Jiefen {hashlib.sha256(''.join(sorted(characters)).encode()).hexdigest()[:12]}"


def finished(package: bytes, characters: frozenset[str]) -> bytes:
    """Return the package with the glyphs of these characters embedded and every date fixed."""
    font = glyphs.cut(characters, family := family_of(characters))
    key = hashlib.sha256(font).digest()[:16]
    with zipfile.ZipFile(BytesIO(package)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts.pop("docProps/thumbnail.jpeg", None)  # the picture of python-docx's example document
    parts["_rels/.rels"] = _without_thumbnail(parts["_rels/.rels"])
    parts[_TYPES] = _put_after(
        parts[_TYPES],
        b'content-types">',
        b'<Default Extension="odttf" '
        b'ContentType="application/vnd.openxmlformats-officedocument.obfuscatedFont"/>',
    )
    parts[_SETTINGS] = _embedding_allowed(parts[_SETTINGS])
    parts[_FONT_TABLE] = _font_table(key, family)
    parts["word/_rels/fontTable.xml.rels"] = _RELATIONS.encode()
    parts[_FONT] = _obfuscated(font, key)
    return zipped(parts)


def _font_table(key: bytes, family: str) -> bytes:
    guid = key.hex().upper()
    dashed = "-".join((guid[:8], guid[8:12], guid[12:16], guid[16:20], guid[20:]))
    # A program that can't use the embedded font takes 宋体, which every Chinese office program has.
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<w:font w:name="{family}"><w:altName w:val="宋体"/><w:charset w:val="86"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/>'
        f'<w:embedRegular r:id="rId1" w:fontKey="{{{dashed}}}"/></w:font></w:fonts>'
    ).encode()


def _embedding_allowed(settings: bytes) -> bytes:
    allowed = b"<w:embedTrueTypeFonts/><w:saveSubsetFonts/>"
    zoom = settings.find(b"<w:zoom")
    end = settings.find(b"/>", zoom) + 2  # the schema wants it right after the zoom
    return settings[:end] + allowed + settings[end:]


def _without_thumbnail(relations: bytes) -> bytes:
    at = relations.find(b"metadata/thumbnail")
    start, end = relations.rfind(b"<Relationship ", 0, at), relations.find(b"/>", at) + 2
    return relations[:start] + relations[end:]


def _put_after(content: bytes, mark: bytes, addition: bytes) -> bytes:
    before, found, after = content.partition(mark)
    return before + found + addition + after


def _obfuscated(font: bytes, key: bytes) -> bytes:
    # The GUID holds the key in reverse byte order; the first 32 bytes are XORed with the 16-byte key twice.
    mask = key[::-1] * 2
    head = bytes(byte ^ other for byte, other in zip(font[:_OBFUSCATED], mask, strict=True))
    return head + font[_OBFUSCATED:]
