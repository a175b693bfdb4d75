"""The number of examples for a property that needs another number than the profile's."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

DEFAULT: Final = 40
"""The number of examples in the profile `hub`."""


def examples(number: int) -> int:
    """Return `number` for the profile `hub`, multiplied where another profile draws more examples."""
    return max(number, number * settings().max_examples // DEFAULT)
