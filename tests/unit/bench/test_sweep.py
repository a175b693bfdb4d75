"""The sweep's figures: calls for a case beside their budget, cases a second for orientation."""

from infra.bench.sweep import figures_of


def test_the_calls_for_a_case_are_held_to_two() -> None:
    """All operations together; the note names each."""
    calls = {"Query": 5, "DescribeExecution": 100, "TransactWriteItems": 8}
    a_case, a_second = figures_of({"cases": 100, "calls": calls, "seconds": 0.5})
    assert (a_case.value, a_case.budget, a_case.kept) == (1.13, 2.0, True)
    assert a_case.note == "100 cases: DescribeExecution 100, Query 5, TransactWriteItems 8"
    assert (a_second.value, a_second.budget) == (200, None)
    (broken, _) = figures_of({"cases": 100, "calls": {"GetItem": 201}, "seconds": 1})
    assert broken.kept is False
