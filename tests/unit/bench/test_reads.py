"""Growth, and that no read route goes unmeasured."""

from __future__ import annotations

import math

import pytest

from chalicelib.api.routes import operations
from infra.bench.children import BenchError
from infra.bench.reads import Cost, check_complete, growth

READS = [f"GET {operation.path}" for operation in operations() if operation.method == "GET"]


@pytest.mark.parametrize(
    ("small", "large", "factor"),
    [
        (Cost(1, 6), Cost(1, 6), 1.0),
        (Cost(1, 6), Cost(1, 12), 2.0),
        (Cost(1, 6), Cost(3, 6), 3.0),
        (Cost(0, 0), Cost(0, 0), 1.0),
        (Cost(0, 0), Cost(1, 0), math.inf),
        (Cost(2, 6, 0.1), Cost(2, 6, 9.9), 1.0),
    ],
)
def test_growth_is_that_of_requests_or_items_and_never_of_time(
    small: Cost, large: Cost, factor: float
) -> None:
    """Whichever grew more."""
    assert growth(small, large) == factor


def test_a_read_route_that_is_not_measured_is_an_error() -> None:
    """Whoever adds a route learns where to add its reading."""
    check_complete([*(f"{route}, judge" for route in READS), "POST /v1/case-searches"])
    with pytest.raises(BenchError, match=r"/v1/health"):
        check_complete([route for route in READS if route != "GET /v1/health"])
