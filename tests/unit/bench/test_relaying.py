"""The relay's benchmark: what it counts, and that its budgets can break."""

from __future__ import annotations

from typing import Any

import pytest

from infra.bench.figures import broken
from infra.bench.relaying import figures_of, measure


def child(milliseconds: float, **calls: int) -> dict[str, Any]:
    """Return what a child answers."""
    return {"milliseconds": milliseconds, "calls": calls}


def test_a_full_batch_goes_out_in_ten_calls() -> None:
    """The real relay, in a child of its own: ninety messages to one queue and ten to another."""
    calls, milliseconds = measure(lambda _: None, None)
    assert (calls.value, calls.note) == (10, "SendMessageBatch 10")
    assert milliseconds.value > 0


def test_one_call_a_message_breaks_the_budget() -> None:
    assert [
        figure.value for figure in broken(figures_of([(child(9.0, SendMessage=100), None)], held=False))
    ] == [100]


@pytest.mark.parametrize(("now", "held", "kept"), [(8.0, True, True), (9.0, True, False), (9.0, False, None)])
def test_the_reference_is_six_times_as_dear(now: float, held: bool, kept: bool | None) -> None:
    """Any other revision stands beside it without a budget."""
    pairs = [(child(now, SendMessageBatch=10), child(50.0, SendMessage=100))] * 3
    beside = figures_of(pairs, held=held)[-1]
    assert beside.value == pytest.approx(now / 50)
    assert beside.kept is kept
