"""DynamoDB's request units, computed from the items themselves: moto's own figures are wrong.

Sizes: "DynamoDB item sizes and formats"; units: "DynamoDB read and write operations" and "Using Global
Secondary Indexes" (Amazon DynamoDB Developer Guide). A write is charged for the larger of the item before and
after it, an index for the change of what it holds. In a transaction the table's share is doubled and the
indexes' is not, as measured on DynamoDB itself by others (nubo-db/dynoxide, pull request 188); DynamoDB Local
doubles both. Downside: the size of a number is AWS's own approximation.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from infra.template.storage import INDEXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Item = Mapping[str, Mapping[str, Any]]

WRITE_UNIT_BYTES: Final = 1024
READ_UNIT_BYTES: Final = 4096
TABLE_KEYS: Final = ("PK", "SK")
_TRANSACTION: Final = 2
_CONTAINER_BYTES: Final = 3
_ELEMENT_BYTES: Final = 1


@dataclass(frozen=True, slots=True)
class WriteUnits:
    """Write request units of the table and of its indexes."""

    table: int = 0
    indexes: int = 0

    def __add__(self, other: WriteUnits) -> WriteUnits:
        return WriteUnits(self.table + other.table, self.indexes + other.indexes)


def item_bytes(item: Item) -> int:
    """Return an item's size in bytes, attribute names included."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Mapping[str, Any]) -> int:
    """Return an attribute value's size; binary may be bytes (boto3) or base64 text (the wire)."""
    ((kind, content),) = value.items()
    return _SIZES[kind](content)


def write_units(before: Item | None, after: Item | None, *, transactional: bool = False) -> WriteUnits:
    """Return what one write costs, by the item before and after it; both are None if it found nothing."""
    size = max(item_bytes(before or {}), item_bytes(after or {}))
    table = _rounded(size, WRITE_UNIT_BYTES) * (_TRANSACTION if transactional else 1)
    return WriteUnits(table, sum(units for _, _, units in index_writes(before, after)))


def index_writes(before: Item | None, after: Item | None) -> Iterator[tuple[str, str, int]]:
    """Yield what one write costs in each index: its name, the partition written to, and the units."""
    for index, (partition, _, _) in INDEXES.items():
        old, new = _entry(index, before), _entry(index, after)
        if old == new:
            continue
        if old is not None and new is not None and _key(index, old) == _key(index, new):
            larger = max(item_bytes(old), item_bytes(new))
            yield index, new[partition]["S"], _rounded(larger, WRITE_UNIT_BYTES)
            continue
        # Under another key the old entry is deleted and the new one is put.
        for entry in (old, new):
            if entry is not None:
                yield index, entry[partition]["S"], _rounded(item_bytes(entry), WRITE_UNIT_BYTES)


def read_units(items: Iterable[Item], *, consistent: bool) -> float:
    """Return what one GetItem or one page of a Query costs; half if eventually consistent.

    A page's items are added up before rounding; reading nothing costs as much as the smallest read.
    """
    units = _rounded(sum(item_bytes(item) for item in items), READ_UNIT_BYTES)
    return units if consistent else units / 2


def _entry(index: str, item: Item | None) -> Item | None:
    """Return what an index holds of an item; None for an item that lacks the index's key."""
    partition, sort, projection = INDEXES[index]
    if item is None or partition not in item or sort not in item:
        return None
    if projection == "ALL":
        return item
    more = () if isinstance(projection, str) else projection
    return {name: value for name, value in item.items() if name in {*TABLE_KEYS, partition, sort, *more}}


def _key(index: str, entry: Item) -> tuple[Any, ...]:
    partition, sort, _ = INDEXES[index]
    return entry[partition], entry[sort]


def _rounded(size: int, unit: int) -> int:
    return max(1, -(-size // unit))


def _number_bytes(text: str) -> int:
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + (1 if text.startswith("-") else 0)


def _binary_bytes(content: bytes | str) -> int:
    return len(base64.b64decode(content)) if isinstance(content, str) else len(content)


def _list_bytes(members: Sequence[Mapping[str, Any]]) -> int:
    return _CONTAINER_BYTES + sum(_ELEMENT_BYTES + value_bytes(member) for member in members)


def _map_bytes(members: Item) -> int:
    return _CONTAINER_BYTES + _ELEMENT_BYTES * len(members) + item_bytes(members)


_SIZES: Final[Mapping[str, Callable[[Any], int]]] = {
    "S": lambda text: len(text.encode()),
    "N": _number_bytes,
    "B": _binary_bytes,
    "SS": lambda texts: sum(len(text.encode()) for text in texts),
    "NS": lambda numbers: sum(_number_bytes(number) for number in numbers),
    "BS": lambda binaries: sum(_binary_bytes(binary) for binary in binaries),
    "L": _list_bytes,
    "M": _map_bytes,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
}
"""By DynamoDB's type descriptors."""
