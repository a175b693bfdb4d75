"""The table of consumers: each row's record, message and handler fit each other."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.registry import consumer, consumers, relayed

if TYPE_CHECKING:
    from chalicelib.consumers import Consumer


class AnyIds(dict[str, str | int]):
    """An id for whatever name stands in a row; it has a separator in it, as some ids do."""

    def __missing__(self, name: str) -> str:
        """Make one up."""
        return f"{name}#1"


ANY: Final = AnyIds(sequence=2)
each_consumer = pytest.mark.parametrize("row", consumers(), ids=lambda row: row.name)


@each_consumer
def test_a_handler_takes_the_message_of_its_queue(row: Consumer) -> None:
    """It exists, and its parameters have the names of the message's keys."""
    partition, sort = row.stored
    found = relayed(partition.format_map(ANY), sort.format_map(ANY))
    assert found is not None
    queue, message = found
    assert queue == row.name
    inspect.signature(row.load()).bind("hub", **message)  # raises TypeError where they don't fit


@each_consumer
def test_a_due_records_keys_name_one_consumers_work(row: Consumer) -> None:
    """The ids that are read from the keys make the same keys again; no other consumer knows them."""
    partition, sort = (pattern.format_map(ANY) for pattern in row.due or row.stored)
    found = {other.name: other.due_ids(partition, sort) for other in consumers()}
    ids = {name: read for name, read in found.items() if read is not None}
    assert list(ids) == [row.name]
    assert row.due_key(*ids[row.name]) == (partition, sort)


def test_due_work_is_found_and_moved_by_the_keys_that_are_stored() -> None:
    """As the table has held them from the first release on."""
    assert consumer("workflow").due_key("c1") == ("CASE#c1", "WORKFLOW")
    assert consumer("court").due_key("c1", "c1-D2") == ("CASE#c1", "DISPATCH#c1-D2")
    assert consumer("callbacks").due_key("court#m1") == ("CALLBACK#court#m1", "CALLBACK")
    assert consumer("notices").due_key("c1", "n1") == ("CASE#c1", "NOTICE#n1")


def test_a_name_without_a_row_is_an_error() -> None:
    """A misspelled queue is not passed over."""
    with pytest.raises(KeyError):
        consumer("postal")
