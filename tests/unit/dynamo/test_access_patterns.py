"""The page of access patterns names what there is."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chalicelib.adapters.dynamo.records import DueRecord, Record
from infra.template import build

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "access-patterns.md").read_text(encoding="utf-8")


def kinds(base: type[Record] = Record) -> "Iterator[type[Record]]":
    """Find every record there is."""
    for kind in base.__subclasses__():
        if kind is not DueRecord:
            yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_record_stands_on_the_page(kind: type[Record]) -> None:
    """With the key its class names."""
    partition, _, sort = (kind.__doc__ or "").partition(":")[0].partition(" / ")
    assert f"| `{partition}` | `{sort}` |" in PAGE


def test_every_index_stands_on_the_page() -> None:
    """With the keys the template gives it, and none besides."""
    indexes = build("dev")["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
    for index in indexes:
        keys = [key["AttributeName"] for key in index["KeySchema"]]
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{index['IndexName']}` |")]
        assert all(f"`{key}`" in row for key in keys)
    assert sum(line.startswith("| `by_") for line in PAGE.splitlines()) == len(indexes) - 1


def test_nothing_scans() -> None:
    """No module of the package knows the word but to say that it is not done."""
    sources = (ROOT / "chalicelib").rglob("*.py")
    assert [path for path in sources if "scan(" in path.read_text() or '"scan"' in path.read_text()] == []
