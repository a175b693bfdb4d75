"""The one table: PynamoDB's records and expressions, sent through one injected client.

Promise: every read by key is consistent, unless its caller says otherwise; `put` and `update` return False if
their condition fails; an error that may not happen again is raised as StoreBusy (of a write without an answer
as OutcomeUnknown), and every other error as it is. Two hubs in one process share nothing. No method scans.
Downside: PynamoDB's own connection layer, which binds each class to a table name, is not used; see `records`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Update as Expression

from chalicelib.adapters.aws import calling, is_refusal
from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.adapters.dynamo.records import Key, Record
from chalicelib.domain.errors import StoreBusy
from chalicelib.observability import CORRELATION_ID, correlation_id
from chalicelib.registry import relayed_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient
    from pynamodb.attributes import Attribute
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

R = TypeVar("R", bound=Record)
Item = dict[str, Any]
Write = Any
"""One of a transaction's writes, as boto3 takes it."""
Update = tuple[Key, "Sequence[Action]", "Condition"]
"""A record's key, what changes in it, and under which condition."""

CONDITION_FAILED: Final = "ConditionalCheckFailed"
_ROUNDS: Final = 5
"""How often what DynamoDB left unread is asked for again."""
_LONGEST_PK: Final = 2048
LONGEST_SK: Final = 1024
"""The most bytes that DynamoDB takes as a sort key."""


class Cancelled(Exception):
    """A transaction was not made; DynamoDB's reasons are in the order of its writes.

    It never leaves the adapter.
    """

    def __init__(self, reasons: Sequence[Mapping[str, Any]]) -> None:
        self._codes = [str(reason.get("Code")) for reason in reasons]
        self._items: list[Item] = [reason.get("Item", {}) for reason in reasons]
        super().__init__(", ".join(self._codes))

    @property
    def busy(self) -> bool:
        """Whether the transaction may succeed when repeated."""
        return any(map(is_refusal, self._codes))

    def stands_against(self, write: int) -> Item | None:
        """Return the item that failed a write's condition; None if that condition held."""
        return self._items[write] if self._codes[write] == CONDITION_FAILED else None


class Table:
    """The hub's table, read and written as records."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, record: type[R], **ids: str | int) -> R | None:
        """Read the record with these ids as last committed."""
        key = record.place(**ids)
        if not _fits(key):
            return None  # nothing is stored under a key DynamoDB refuses
        answer = self._call("get_item", Key=_key(key), ConsistentRead=True)
        return read(record, answer["Item"]) if "Item" in answer else None

    def known(self, record: type[R], missing: Exception, **ids: str | int) -> R:
        """Read a record that must be there; raises `missing` if it is not."""
        found = self.get(record, **ids)
        if found is None:
            raise missing
        return found

    def query(
        self,
        where: Condition,
        *,
        limit: int | None = None,
        index: str | None = None,
        only: Condition | None = None,
        forward: bool = True,
        start: Item | None = None,
        consistent: bool = True,
    ) -> tuple[list[Item], Item | None]:
        """Read one page of at most `limit` evaluated items (1 MB), and the key after which the next begins.

        Consistent on the table unless half the price is enough; eventually consistent on an index, where
        DynamoDB offers nothing else.
        """
        given: dict[str, Any] = {"IndexName": index, "Limit": limit, "ExclusiveStartKey": start}
        answer = self._call(
            "query",
            ScanIndexForward=forward,
            ConsistentRead=consistent and index is None,
            **{name: value for name, value in given.items() if value is not None},
            **_expressions(KeyConditionExpression=where, FilterExpression=only),
        )
        return answer["Items"], answer.get("LastEvaluatedKey")

    def all_items(
        self, where: Condition, *, index: str | None = None, at_once: int | None = None
    ) -> Iterator[Item]:
        """Yield every item that matches; pages, of `at_once` items (1 MB), are read as they are needed."""
        start: Item | None = None
        while True:
            items, start = self.query(where, index=index, limit=at_once, start=start)
            yield from items
            if start is None:
                return

    def read_all(self, record: type[R], where: Condition, *, at_once: int | None = None) -> Iterator[R]:
        """Yield every record that matches; see `all_items`."""
        return (read(record, item) for item in self.all_items(where, at_once=at_once))

    def items(self, pk: str, sk_prefix: str) -> dict[str, Item]:
        """Read up to ten items whose sort keys begin with `sk_prefix`, as last committed, by sort key."""
        if not _fits((pk, sk_prefix)):
            return {}
        items, _ = self.query((Record.pk == pk) & Record.sk.startswith(sk_prefix), limit=10)
        return {item["SK"]["S"]: item for item in items}

    def items_at(self, places: Sequence[Key]) -> dict[Key, Item]:
        """Read up to 100 items by their keys, as last committed; raises StoreBusy unless all were read."""
        found: dict[Key, Item] = {}
        # Nothing is stored under a key that DynamoDB refuses.
        fitting = [_key(place) for place in places if _fits(place)]
        if not fitting:
            return found
        asked: Any = {self._name: {"Keys": fitting, "ConsistentRead": True}}
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
        return self._conditional(
            "put_item", Item=_item(record), **_expressions(ConditionExpression=condition)
        )

    def update(self, key: Key, actions: Sequence[Action], condition: Condition) -> bool:
        """Change a record; False if the condition does not hold."""
        return self._conditional("update_item", **_updating(key, actions, condition))

    def count_up(self, key: Key, attribute: Attribute[int]) -> int:
        """Add one to a number, which begins at 0, and return it; raises StoreBusy.

        If an answer is lost, its number is left out.
        """
        answer = self._call(
            "update_item", ReturnValues="UPDATED_NEW", **_updating(key, [attribute.add(1)], None)
        )
        return int(answer["Attributes"][attribute.attr_name]["N"])

    def update_each(self, changes: Sequence[Update]) -> list[bool]:
        """Change up to 100 records, each under its own condition; say of each whether it was changed.

        They go out as one transaction, without those whose conditions do not hold. What others write at the
        same time is tried one by one; False for one that stays in conflict. Raises StoreBusy.
        """
        changed = list(range(len(changes)))
        while changed:
            try:
                self.transact([self.to_update(*changes[number]) for number in changed])
                break
            except Cancelled as cancelled:
                tried = changed
                holds = [cancelled.stands_against(place) is None for place in range(len(tried))]
                changed = [number for number, held in zip(tried, holds, strict=True) if held]
                if changed == tried:
                    changed = [number for number in tried if self._update_alone(changes[number])]
                    break
        return [number in changed for number in range(len(changes))]

    def _update_alone(self, change: Update) -> bool:
        try:
            return self.update(*change)
        except StoreBusy:
            return False

    def transact(self, writes: Sequence[Write]) -> None:
        """Make all the writes or none; raises Cancelled, StoreBusy or OutcomeUnknown."""
        try:
            # The SDK adds a ClientRequestToken, so that its own retries don't write twice.
            self._send("transact_write_items", changes=True, TransactItems=writes)
        except self._client.exceptions.TransactionCanceledException as error:
            raise Cancelled(error.response.get("CancellationReasons", [])) from error

    def to_put(self, record: Record, condition: Condition | None = None) -> Write:
        """Return a transaction's put; a cancellation brings the item that fails its condition."""
        return {"Put": self._write(Item=_item(record), **_expressions(ConditionExpression=condition))}

    def to_rewrite(self, record: Record, condition: Condition | None = None) -> Write:
        """Return a transaction's write of a whole record; attributes that its class does not know stay."""
        names = [name for name in record.get_attributes() if name not in {"pk", "sk"}]
        actions = record.actions(**{name: getattr(record, name) for name in names})
        if (known := _sent_on(record)) is not None:
            actions.append(Path(CORRELATION_ID).set(known))
        return self.to_update((record.pk, record.sk), actions, condition)

    def to_update(self, key: Key, actions: Sequence[Action], condition: Condition | None = None) -> Write:
        """Return a transaction's update; it creates the record if there is none."""
        return {"Update": self._write(**_updating(key, actions, condition))}

    def to_check(self, key: Key, condition: Condition) -> Write:
        """Return a transaction's check of a record that it does not write."""
        return {"ConditionCheck": self._write(Key=_key(key), **_expressions(ConditionExpression=condition))}

    def to_delete(self, key: Key, condition: Condition | None = None) -> Write:
        """Return a transaction's delete; it is no error if there is no record."""
        return {"Delete": self._write(Key=_key(key), **_expressions(ConditionExpression=condition))}

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


def _fits(key: Key) -> bool:
    try:
        return len(key[0].encode()) <= _LONGEST_PK and len(key[1].encode()) <= LONGEST_SK
    except UnicodeEncodeError:  # a lone surrogate, which JSON can spell
        return False


def _item(record: Record) -> dict[str, Any]:
    """Return what is stored, and the correlation id, which is no part of it, if the relay sends it on."""
    item: dict[str, Any] = record.serialize()
    known = _sent_on(record)
    return item if known is None else {**item, CORRELATION_ID: {"S": known}}


def _sent_on(record: Record) -> str | None:
    """Return the correlation id that is stored beside a record which the relay sends on."""
    return correlation_id() if record.key in relayed_keys() else None


def _key(key: Key) -> Item:
    pk, sk = key
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def _updating(key: Key, actions: Sequence[Action], condition: Condition | None) -> dict[str, Any]:
    update = Expression(*actions)
    return {"Key": _key(key), **_expressions(UpdateExpression=update, ConditionExpression=condition)}


def _expressions(**given: Condition | Expression | None) -> dict[str, Any]:
    """Return an operation's expressions with the placeholders that they share; None is left out."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    arguments: dict[str, Any] = {
        name: expression.serialize(names, values)
        for name, expression in given.items()
        if expression is not None
    }
    # PynamoDB collects {name: placeholder}; DynamoDB needs {placeholder: name} and no empty mapping.
    if names:
        arguments["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
    if values:
        arguments["ExpressionAttributeValues"] = values
    return arguments
