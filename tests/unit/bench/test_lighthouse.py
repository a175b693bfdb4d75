"""What Lighthouse's report becomes."""

from __future__ import annotations

from typing import Any

from infra.bench.lighthouse import figures_of


def report(accessibility: float) -> dict[str, Any]:
    """Return a report of a page, of which a style sheet and an icon as data were asked for."""
    scores = {"accessibility": accessibility, "best-practices": 1, "performance": 0.97}
    items = [
        {"url": "http://127.0.0.1:8000/console", "transferSize": 3000},
        {"url": "http://127.0.0.1:8000/console/assets/console.css", "transferSize": 2000},
        {"url": "data:image/svg+xml,x", "transferSize": 0},
    ]
    refs = [{"id": "color-contrast", "weight": 7}, {"id": "tap-targets", "weight": 0}]
    return {
        "audits": {
            "network-requests": {"details": {"items": items}},
            "color-contrast": {"score": accessibility},
            "tap-targets": {"score": 0},
        },
        "categories": {
            name: {"score": score, "auditRefs": refs if name == "accessibility" else []}
            for name, score in scores.items()
        },
    }


def test_points_that_are_missing_break_the_budget_and_their_audit_is_named() -> None:
    """100 is kept, 99 is not; performance may lack five; what is data is no request."""
    found = {each.name.partition(": ")[2]: each for each in figures_of("party", report(0.99))}
    assert [(each.value, each.kept) for each in found.values()] == [
        (1.0, False),
        (0.0, True),
        (3.0, True),
        (5.0, True),
        (2, True),
    ]
    assert found["accessibility, points missing of 100"].note == "color-contrast"
    assert all(each.kept for each in figures_of("party", report(1)))
