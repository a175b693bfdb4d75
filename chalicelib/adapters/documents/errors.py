"""What can go wrong with a document.

DocumentFailed
├── TypefaceMissing      the typeface was not made: `python -m infra.fonts`
├── UnknownTemplate      no such template, or it takes another view
├── LayoutFailed         typst refused the layout: an error in our code
└── SigningFailed        the key or its certificate refused
    └── SignerRevoked    the certificate is on its authority's list of revoked ones
"""

from __future__ import annotations


class DocumentFailed(Exception):
    """A document could not be made; no part of it was kept."""

    code = "document_failed"


class TypefaceMissing(DocumentFailed):
    """The typeface is not in the package: set-up or packaging left it out."""

    code = "typeface_missing"


class UnknownTemplate(DocumentFailed):
    """No template has this id, or it takes another view."""

    code = "unknown_template"


class LayoutFailed(DocumentFailed):
    """Typst refused the layout: an error in our code, since a document's text reaches it only as data."""

    code = "layout_failed"


class SigningFailed(DocumentFailed):
    """The document could not be signed."""

    code = "signing_failed"


class SignerRevoked(SigningFailed):
    """The signing certificate was revoked: it signs nothing until an operator puts another in its place."""

    code = "signer_revoked"
