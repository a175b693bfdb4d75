"""A stored file that a caller may have: its bytes, or a link where they are too many for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fetched:
    """The bytes, checked against their SHA-256 (hex); `link` makes an address that gives them for a minute.

    Whoever has the address has the file: it is a secret of the one it was made for.
    """

    content: bytes
    sha256: str
    media_type: str
    link: Callable[[], str]
