"""One way to replace a method of a class that is not ours, at most once.

Why: every fix needs the original and must be safe to apply twice in one process. Downside: whoever reads
moto's source does not see the replacement; hence the marker attribute, which a debugger shows.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

_MARK = "__jiefen_hub_fix__"


def replace(owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Set `owner.name` to `make(original)`; does nothing where that was done before."""
    original = getattr(owner, name)
    if hasattr(original, _MARK):
        return
    replacement = wraps(original)(make(original))
    setattr(replacement, _MARK, True)
    setattr(owner, name, replacement)
