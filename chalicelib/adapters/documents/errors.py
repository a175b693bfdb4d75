"""What can go wrong with a document.

DocumentFailed
├── TypefaceMissing      the typeface was not made: `python -m infra.fonts`
├── MissingGlyphs        the typeface has no glyph for some characters
├── UnknownTemplate      no such template, or it takes another view
├── LayoutFailed         typst refused the layout: a fault of ours
└── SigningFailed        the key or its certificate refused
"""

from __future__ import annotations


class DocumentFailed(Exception):
    """A document could not be made; nothing was left half made."""

    code = "document_failed"


class TypefaceMissing(DocumentFailed):
    """The typeface is not in the package: set-up or packaging left it out."""

    code = "typeface_missing"


class MissingGlyphs(DocumentFailed):
    """Characters that would be blank boxes; `characters` holds them, the message their code points only."""

    code = "missing_glyphs"

    def __init__(self, characters: frozenset[str]) -> None:
        self.characters = characters
        listed = ", ".join(f"U+{ord(character):04X}" for character in sorted(characters))
        super().__init__(f"the typeface has no glyph for {listed}")


class UnknownTemplate(DocumentFailed):
    """No template has this id, or it takes another view."""

    code = "unknown_template"


class LayoutFailed(DocumentFailed):
    """The layout refused; never the reader's fault, since text reaches it as data."""

    code = "layout_failed"


class SigningFailed(DocumentFailed):
    """The document could not be signed."""

    code = "signing_failed"
