"""The page of access patterns names what there is."""

from pathlib import Path

import pytest

from chalicelib.adapters.dynamo.records import Record
from infra.template import build
from tests.support.stored import kinds_of_records

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "access-patterns.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", kinds_of_records())
def test_every_record_stands_on_the_page(kind: type[Record]) -> None:
    """With the key its class names."""
    partition, sort = kind.key
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
