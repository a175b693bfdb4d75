"""What can go wrong with a document.

DocumentFailed
├── TypefaceMissing      the typeface was not made: `python -m infra.fonts`
├── MissingGlyphs        the typeface has no glyph for some characters
├── UnknownTemplate      no such template, or it takes another view
├── LayoutFailed         typst refused the layout: an error in our code
└── SigningFailed        the key or its certificate refused
"""

from __future__ import annotations


class DocumentFailed(Exception):
    """A document could not be made; no part of it was kept."""

    code = "document_failed"


class TypefaceMissing(DocumentFailed):
    """The typeface is not in the package: set-up or packaging left it out."""

    code = "typeface_missing"


class MissingGlyphs(DocumentFailed):
    """Characters that would print as empty boxes; `characters` has them, the message only code points."""

    code = "missing_glyphs"

    def __init__(self, characters: frozenset[str]) -> None:
        self.characters = characters
        listed = ", ".join(f"U+{ord(character):04X}" for character in sorted(characters))
        super().__init__(f"the typeface has no glyph for {listed}")


class UnknownTemplate(DocumentFailed):
    """No template has this id, or it takes another view."""

    code = "unknown_template"


class LayoutFailed(DocumentFailed):
    """Typst refused the layout: an error in our code, since a document's text reaches it only as data."""

    code = "layout_failed"


class SigningFailed(DocumentFailed):
    """The document could not be signed."""

    code = "signing_failed"
