"""The instalments of a contract that a filing claims: "whole", one ("7") or several in a row ("1-6").

Promise: two scopes overlap exactly if they share an instalment. Downside: a text that names no instalments
is taken for the whole contract, so it overlaps every other.
"""

from __future__ import annotations

import re
from typing import Final

_WHOLE: Final = range(1, 2**31)
_SCOPE: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


def overlap(one: str, other: str) -> bool:
    """Tell whether two scopes of the same contract share an instalment."""
    first, second = _claimed(one), _claimed(other)
    return max(first.start, second.start) < min(first.stop, second.stop)


def _claimed(scope: str) -> range:
    found = _SCOPE.fullmatch(scope)
    if found is None:
        return _WHOLE
    first, last = int(found[1]), int(found[2] or found[1])
    return range(first, last + 1) if first <= last else _WHOLE
