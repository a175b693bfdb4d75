"""How many examples a property draws that needs another number than the profile's."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

DEFAULT: Final = 40
"""The examples of the profile `hub`."""


def examples(number: int) -> int:
    """Return the number for the profile `hub`, and as many times more as another profile draws more."""
    return max(number, number * settings().max_examples // DEFAULT)
