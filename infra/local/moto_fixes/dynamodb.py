"""Atomic, isolated writes for the DynamoDB of moto.

What moto 5.2.5 does: TransactWriteItems deep-copies each table and, when it is cancelled, puts the copy
back. Whatever other requests wrote meanwhile is gone although it was acknowledged, and a stream reader is
left with a shard that nobody writes to any more. Requests also interleave inside one put or update.

What this does: one lock around each request to DynamoDB and its streams, all conditions checked before
anything is written, and an undo log for what fails later.

Downside: requests run one after the other, so a transaction never fails with TransactionConflict as it may on
AWS. A caller's answer to that error is tested on a fake.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from moto.dynamodb import exceptions as errors
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler

from infra.local.moto_fixes.locks import TABLES
from infra.local.replacing import replace

Method = Callable[..., Any]
Reason = tuple[str | None, str | None, dict[str, Any] | None]

MAX_OPERATIONS = 100
"""The most operations in one transaction (DynamoDB quotas)."""


def apply() -> None:
    """Patch moto's DynamoDB and DynamoDB Streams."""
    replace(DynamoHandler, "call_action", one_at_a_time)
    replace(DynamoDBStreamsHandler, "call_action", one_at_a_time)
    replace(DynamoDBBackend, "transact_write_items", lambda _original: _transact_write_items)
    replace(DynamoDBBackend, "update_item", _all_or_nothing_update)


def one_at_a_time(original: Method) -> Method:
    """Let one request to the engine run at a time, its answer's serialisation included."""

    def locked(*args: Any, **kwargs: Any) -> Any:
        with TABLES:
            return original(*args, **kwargs)

    return locked


class _Place(NamedTuple):
    """Where one item lives; hashable, so that two operations on one item are seen."""

    table: Table
    hash_key: DynamoType
    range_key: DynamoType | None

    @classmethod
    def of(cls, backend: DynamoDBBackend, table_name: str, key: dict[str, Any]) -> "_Place":
        table = backend.get_table(table_name)
        return cls(table, *backend.get_keys_value(table, key))

    def read(self) -> Item | None:
        return self.table.get_item(self.hash_key, self.range_key)

    def restore(self, item: Item | None) -> None:
        shelf: Any = self.table.items
        key = self.hash_key
        if self.range_key is not None:
            shelf, key = shelf[self.hash_key], self.range_key
        if item is None:
            shelf.pop(key, None)
        else:
            shelf[key] = item


@contextmanager
def _undone_on_error(places: list[_Place]) -> Iterator[None]:
    """Put items and streams back as they were when the block raises."""
    items = [(place, copy.deepcopy(place.read())) for place in places]
    shards = {id(place.table): place.table.stream_shard for place in places}
    lengths = [(shard, len(shard.items)) for shard in shards.values() if shard is not None]
    try:
        yield
    except Exception:
        for place, item in items:
            place.restore(item)
        for shard, length in lengths:
            del shard.items[length:]
        raise


class _Operation(NamedTuple):
    """One of a transaction's Put, Update, Delete and ConditionCheck."""

    kind: str
    spec: dict[str, Any]
    place: _Place

    @classmethod
    def of(cls, backend: DynamoDBBackend, entry: dict[str, Any]) -> "_Operation":
        if len(entry) != 1:
            raise errors.TransactWriteSingleOpException
        ((kind, spec),) = entry.items()
        key = spec["Item"] if kind == "Put" else spec["Key"]
        return cls(kind, spec, _Place.of(backend, spec["TableName"], key))

    def check(self) -> Reason:
        """Say why the condition fails, or a reason of Nones."""
        condition = self.spec.get("ConditionExpression")
        if condition is None:
            return None, None, None
        names = self.spec.get("ExpressionAttributeNames")
        values = self.spec.get("ExpressionAttributeValues")
        current = self.place.read()
        if get_filter_expression(condition, names, values).expr(current):
            return None, None, None
        wanted = self.spec.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
        item = current.to_json()["Attributes"] if wanted and current else None
        return "ConditionalCheckFailed", "The conditional request failed", item

    def write(self, backend: DynamoDBBackend) -> None:
        """Apply the change; raises what moto raises for an item that does not allow it."""
        table_name = self.spec["TableName"]
        if self.kind == "Put":
            backend.put_item(table_name, self.spec["Item"])
        elif self.kind == "Delete":
            backend.delete_item(table_name, self.spec["Key"])
        elif self.kind == "Update":
            backend.update_item(
                table_name,
                self.spec["Key"],
                update_expression=self.spec["UpdateExpression"],
                expression_attribute_names=self.spec.get("ExpressionAttributeNames", {}),
                expression_attribute_values=self.spec.get("ExpressionAttributeValues", {}),
            )


def _transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """Apply all operations or none; raises what moto raises."""
    if len(transact_items) > MAX_OPERATIONS:
        raise errors.TooManyTransactionsException
    with TABLES:
        operations = [_Operation.of(backend, entry) for entry in transact_items]
        places = [operation.place for operation in operations]
        if len(set(places)) < len(places):
            raise errors.MultipleTransactionsException
        reasons = [operation.check() for operation in operations]
        if any(code for code, _, _ in reasons):
            raise errors.TransactionCanceledException(reasons)
        with _undone_on_error(places):
            for operation in operations:
                operation.write(backend)


def _all_or_nothing_update(original: Method) -> Method:
    """Undo what a failed update left behind; put one stream record for an update that creates an item."""

    def update_item(
        backend: DynamoDBBackend, table_name: str, key: dict[str, Any], **expressions: Any
    ) -> Item:
        with TABLES:
            place = _Place.of(backend, table_name, key)
            shard = place.table.stream_shard
            seen = len(shard.items) if shard else 0
            with _undone_on_error([place]):
                item: Item = original(backend, table_name, key, **expressions)
            if shard is not None and len(shard.items) == seen + 2:
                bare, full = shard.items[seen:]
                full.record["dynamodb"]["SequenceNumber"] = bare.record["dynamodb"]["SequenceNumber"]
                shard.items[seen:] = [full]
            return item

    return update_item
