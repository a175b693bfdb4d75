"""A plugin of pytest, loaded for each mutant: examples run before properties.

Promise: a mutant that an example notices costs milliseconds; mutmut itself gives its tests in no order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import MutableSequence


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: MutableSequence[pytest.Item]) -> None:
    """Put the tests that Hypothesis draws examples for last."""
    items[:] = sorted(items, key=_draws)


def _draws(item: pytest.Item) -> bool:
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))
