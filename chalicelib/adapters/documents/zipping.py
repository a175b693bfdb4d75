"""Zips the parts of an Office file so that the same parts give the same bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return these parts as a package, dated 1980-01-01."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            target.writestr(entry, content)
    return packed.getvalue()
