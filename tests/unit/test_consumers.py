"""The table of consumers: each row's handler, record and message fit each other."""

from __future__ import annotations

import inspect

import pytest

from chalicelib.consumers import Consumer, consumer, consumers, relayed

ANY = {"case_id": "c#1", "dispatch_id": "c#1-D2", "notice_id": "n", "callback_id": "court#m1", "sequence": 2}
"""An id for each name that stands in a row; some have a separator in them."""
each_consumer = pytest.mark.parametrize("row", consumers(), ids=lambda row: row.name)


@each_consumer
def test_a_handler_takes_the_message_of_its_queue(row: Consumer) -> None:
    """It exists, and its parameters have the names of the message's keys."""
    _queue, message = relayed(row.stored[0].format(**ANY), row.stored[1].format(**ANY)) or ("", {})
    assert inspect.signature(row.load()).bind("hub", **message).arguments["hub"] == "hub"


def test_the_record_in_the_due_index_is_the_one_that_the_table_keeps() -> None:
    """The reconciler finds and moves it by these keys."""
    assert consumer("workflow").due_key("c1") == ("CASE#c1", "WORKFLOW")
    assert consumer("court").due_key("c1", "c1-D2") == ("CASE#c1", "DISPATCH#c1-D2")
    assert consumer("callbacks").due_key("court#m1") == ("CALLBACK#court#m1", "CALLBACK")
    assert consumer("notices").due_key("c1", "n1") == ("CASE#c1", "NOTICE#n1")


@each_consumer
def test_the_due_records_keys_give_its_ids_back(row: Consumer) -> None:
    """What was written for an id is read as that id, by its own consumer and no other."""
    ids = ("court#m1",) if row.name in {"workflow", "callbacks"} else ("court#m1", "n#2")
    key = row.due_key(*ids)
    assert {other.name: other.due_ids(*key) for other in consumers() if other.due_ids(*key)} == {
        row.name: ids
    }


def test_a_consumer_that_nobody_is_has_no_row() -> None:
    """A misspelled name is an error, not a silence."""
    with pytest.raises(KeyError):
        consumer("postal")
