"""The one table: PynamoDB's records and expressions, sent through one injected client.

Promise: every read by key is consistent; `put` and `update` return False if their condition fails; an error
that may not happen again is raised as StoreBusy (of a write without an answer as OutcomeUnknown), and every
other error as it is. Two hubs in one process share nothing. No method scans. Downside: PynamoDB's own
connection layer, which binds each class to a table name, is not used; see `records`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pynamodb.expressions.update import Update as Expression

from chalicelib.adapters.aws import calling, is_refusal
from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.adapters.dynamo.records import Record
from chalicelib.domain.errors import StoreBusy
from chalicelib.observability import CORRELATION_ID, correlation_id
from chalicelib.registry import relayed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from botocore.exceptions import ClientError
    from mypy_boto3_dynamodb import DynamoDBClient
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

R = TypeVar("R", bound=Record)
Item = dict[str, Any]
Write = Any
"""One of a transaction's writes, as boto3 takes it."""
Update = tuple[str, str, "Sequence[Action]", "Condition"]
"""A record's keys, what changes in it, and under which condition."""

CONDITION_FAILED: Final = "ConditionalCheckFailed"
_ROUNDS: Final = 5
"""How often what DynamoDB left unread is asked for again."""
_LONGEST_PK: Final = 2048
LONGEST_SK: Final = 1024
"""The most bytes that DynamoDB takes as a sort key."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one write of a transaction was not made, and the item that failed its condition."""

    code: str
    item: Item


class Cancelled(Exception):
    """A transaction was not made; `reasons` are in the order of its writes. It never leaves the adapter."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = tuple(reasons)

    @property
    def busy(self) -> bool:
        """Whether the transaction may succeed when repeated."""
        return any(is_refusal(reason.code) for reason in self.reasons)

    def stands_against(self, write: int) -> Item | None:
        """Return the item that failed a write's condition; None if that condition held."""
        reason = self.reasons[write]
        return reason.item if reason.code == CONDITION_FAILED else None


class Table:
    """The hub's table, read and written as records."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, record: type[R], pk: str, sk: str) -> R | None:
        """Read a record as last committed."""
        if not _fits(pk, _LONGEST_PK) or not _fits(sk, LONGEST_SK):
            return None  # nothing is stored under a key DynamoDB refuses
        answer = self._call("get_item", Key=_key(pk, sk), ConsistentRead=True)
        return read(record, answer["Item"]) if "Item" in answer else None

    def query(
        self,
        where: Condition,
        *,
        limit: int,
        index: str | None = None,
        only: Condition | None = None,
        forward: bool = True,
        start: Item | None = None,
    ) -> tuple[list[Item], Item | None]:
        """Read one page of at most `limit` evaluated items, and the key after which the next one begins.

        Consistent on the table; eventually consistent on an index, where DynamoDB offers nothing else.
        """
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        arguments: dict[str, Any] = {
            "KeyConditionExpression": where.serialize(names, values),
            "ScanIndexForward": forward,
            "Limit": limit,
        }
        if index is None:
            arguments["ConsistentRead"] = True
        else:
            arguments["IndexName"] = index
        if only is not None:
            arguments["FilterExpression"] = only.serialize(names, values)
        if start is not None:
            arguments["ExclusiveStartKey"] = start
        answer = self._call("query", **arguments, **_placeholders(names, values))
        return answer["Items"], answer.get("LastEvaluatedKey")

    def read_all(self, record: type[R], where: Condition, *, at_once: int) -> Iterator[R]:
        """Read every record that matches, page by page as needed, with `at_once` records a page."""
        start: Item | None = None
        while True:
            items, start = self.query(where, limit=at_once, start=start)
            yield from (read(record, item) for item in items)
            if start is None:
                return

    def items(self, pk: str, sk_prefix: str) -> dict[str, Item]:
        """Read up to ten items whose sort keys begin with `sk_prefix`, as last committed, by sort key."""
        if not _fits(pk, _LONGEST_PK):
            return {}
        items, _ = self.query((Record.pk == pk) & Record.sk.startswith(sk_prefix), limit=10)
        return {item["SK"]["S"]: item for item in items}

    def items_at(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        """Read up to 100 items by their keys, as last committed; raises StoreBusy unless all were read."""
        found: dict[tuple[str, str], Item] = {}
        asked: Any = {self._name: {"Keys": [_key(*place) for place in places], "ConsistentRead": True}}
        for _ in range(_ROUNDS):
            answer = self._send("batch_get_item", RequestItems=asked)
            for item in answer["Responses"].get(self._name, []):
                found[item["PK"]["S"], item["SK"]["S"]] = item
            asked = answer.get("UnprocessedKeys")
            if not asked:
                return found
        raise StoreBusy("not every item was read")

    def put(self, record: Record, condition: Condition) -> bool:
        """Write a record; False if the condition does not hold."""
        return self._conditional("put_item", Item=_item(record), **_conditioned(condition))

    def update(self, pk: str, sk: str, actions: Sequence[Action], condition: Condition) -> bool:
        """Change a record; False if the condition does not hold."""
        return self._conditional("update_item", Key=_key(pk, sk), **_updating(actions, condition))

    def update_each(self, changes: Sequence[Update]) -> list[bool]:
        """Change up to 100 records, each under its own condition; say of each whether it was changed.

        They go out as one transaction, without those whose conditions do not hold. What others write at the
        same time is tried one by one; False for one that stays in conflict. Raises StoreBusy.
        """
        changed = dict.fromkeys(range(len(changes)), True)
        while open_ := [number for number, holds in changed.items() if holds]:
            try:
                self.transact([self.to_update(*changes[number]) for number in open_])
                break
            except Cancelled as cancelled:
                failed = [
                    number
                    for place, number in enumerate(open_)
                    if cancelled.stands_against(place) is not None
                ]
                changed |= dict.fromkeys(failed, False)
                if not failed:
                    changed |= {number: self._update_alone(changes[number]) for number in open_}
                    break
        return list(changed.values())

    def _update_alone(self, change: Update) -> bool:
        try:
            return self.update(*change)
        except StoreBusy:
            return False

    def transact(self, writes: Sequence[Write]) -> None:
        """Make all the writes or none; raises Cancelled, StoreBusy or OutcomeUnknown."""
        try:
            with calling(changes=True):
                # The SDK adds a ClientRequestToken, so that its own retries don't write twice.
                self._client.transact_write_items(TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as error:
            raise Cancelled(_reasons(error)) from error

    def to_put(self, record: Record, condition: Condition | None = None) -> Write:
        """Return a transaction's put; a cancellation brings the item that fails its condition."""
        return {"Put": self._write(Item=_item(record), **_conditioned(condition))}

    def to_rewrite(self, record: Record, condition: Condition | None = None) -> Write:
        """Return a transaction's write of a whole record; attributes that its class does not know stay."""
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        arguments: dict[str, Any] = {"UpdateExpression": _setting_all_of(record, names, values)}
        if condition is not None:
            arguments["ConditionExpression"] = condition.serialize(names, values)
        key = _key(record.pk, record.sk)
        return {"Update": self._write(Key=key, **arguments, **_placeholders(names, values))}

    def to_update(
        self, pk: str, sk: str, actions: Sequence[Action], condition: Condition | None = None
    ) -> Write:
        """Return a transaction's update; it creates the record if there is none."""
        return {"Update": self._write(Key=_key(pk, sk), **_updating(actions, condition))}

    def to_delete(self, pk: str, sk: str, condition: Condition | None = None) -> Write:
        """Return a transaction's delete; it is no error if there is no record."""
        return {"Delete": self._write(Key=_key(pk, sk), **_conditioned(condition))}

    def _write(self, **arguments: Any) -> Write:
        if "ConditionExpression" in arguments:
            arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return {"TableName": self._name, **arguments}

    def _conditional(self, operation: str, **arguments: Any) -> bool:
        try:
            self._call(operation, changes=True, **arguments)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _call(self, operation: str, *, changes: bool = False, **arguments: Any) -> Any:
        return self._send(operation, changes=changes, TableName=self._name, **arguments)

    def _send(self, operation: str, *, changes: bool = False, **arguments: Any) -> Any:
        with calling(changes=changes):
            return getattr(self._client, operation)(**arguments)


def read(record: type[R], item: Item) -> R:
    """Read a stored item of any schema up to today's; raises RecordTooNew or RecordUnreadable."""
    known = cast("int", record.schema.default)
    found = int(item["schema"]["N"]) if "schema" in item else 1
    if found > known:
        raise RecordTooNew(f"{record.__name__} has schema {found}, this release knows {known}")
    with reading(record):
        return record.from_raw_data(item if found == known else record.upgraded(item))


@contextmanager
def reading(record: type[Record]) -> Iterator[None]:
    """Name what goes wrong while a stored value is read; the message holds nothing of the value."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise RecordUnreadable(record.__name__) from error


def _reasons(error: ClientError) -> list[Reason]:
    reasons: Sequence[Mapping[str, Any]] = error.response.get("CancellationReasons", [])
    return [Reason(reason.get("Code", "None"), reason.get("Item", {})) for reason in reasons]


def _fits(key: str, longest: int) -> bool:
    try:
        return len(key.encode()) <= longest
    except UnicodeEncodeError:  # a lone surrogate, which JSON can spell
        return False


def _item(record: Record) -> dict[str, Any]:
    """Return what is stored; what the relay sends on carries the correlation id, which is no part of it."""
    item: dict[str, Any] = record.serialize()
    known = correlation_id()
    if known is not None and relayed(item["PK"]["S"], item["SK"]["S"]) is not None:
        item[CORRELATION_ID] = {"S": known}
    return item


def _setting_all_of(record: Record, names: dict[str, str], values: dict[str, Any]) -> str:
    """Return the update that sets what a record has and removes what its class knows and it does not have."""
    item = _item(record)
    known = {attribute.attr_name for attribute in record.get_attributes().values()} | item.keys()
    names |= {name: f"#{place}" for place, name in enumerate(sorted(known - {"PK", "SK"}))}
    values |= {f":{place}": item[name] for place, name in enumerate(name for name in names if name in item)}
    assigned = zip((name for name in names if name in item), values, strict=True)
    sets = ", ".join(f"{names[name]} = {value}" for name, value in assigned)
    gone = ", ".join(place for name, place in names.items() if name not in item)
    return f"SET {sets}" + (f" REMOVE {gone}" if gone else "")


def _key(pk: str, sk: str) -> Item:
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def _conditioned(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {}
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    expression = condition.serialize(names, values)
    return {"ConditionExpression": expression, **_placeholders(names, values)}


def _updating(actions: Sequence[Action], condition: Condition | None) -> dict[str, Any]:
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    arguments = {"UpdateExpression": Expression(*actions).serialize(names, values)}
    if condition is not None:
        arguments["ConditionExpression"] = condition.serialize(names, values)
    return {**arguments, **_placeholders(names, values)}


def _placeholders(names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    # PynamoDB collects {name: placeholder}; DynamoDB needs {placeholder: name} and no empty mapping.
    expression: dict[str, Any] = {
        "ExpressionAttributeNames": {placeholder: name for name, placeholder in names.items()}
    }
    return {**expression, "ExpressionAttributeValues": dict(values)} if values else expression
