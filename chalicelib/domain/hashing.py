"""How records are hashed: SHA-256 over canonical JSON, salted so that a guess can't be checked.

Promise: equal content gives equal hashes on every machine: keys sorted, no white space, Chinese text as it
is. With a salt of 128 random bits nobody who knows only the hash can guess the content.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.errors import ContentAltered

if TYPE_CHECKING:
    from collections.abc import Mapping

GENESIS: Final = "0" * 64
"""The predecessor of a chain's first link."""
SALT_BYTES: Final = 16
# `json.dumps` would make an encoder for each record.
_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def checked(content: bytes, sha256: str) -> bytes:
    """Return the content if this is its SHA-256 (hex); raises ContentAltered."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ContentAltered(f"the bytes are not those of {sha256}")
    return content


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical JSON of the content."""
    return hashlib.sha256(_canonical(content)).hexdigest()


def salted_digest(salt: str, content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the salt (hex), a line feed, and the canonical JSON of the content."""
    return hashlib.sha256(salt.encode() + b"\n" + _canonical(content)).hexdigest()


def _canonical(content: Mapping[str, Any]) -> bytes:
    return _CANONICAL.encode(content).encode()
