"""The answers to idempotency keys: each is stored in the transaction of what it answers.

Promise: of two requests with one key, one transaction succeeds; the other's refusal brings the stored answer,
so no second read is needed. Downside: after REMEMBERED_SECONDS the same key stores anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from chalicelib.adapters.dynamo.records import KeyAnswerRecord
from chalicelib.adapters.dynamo.table import read
from chalicelib.domain.errors import IdempotencyKeyReused

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.table import Item, Table, Write
    from chalicelib.use_cases.records import Idempotency

A = TypeVar("A", bound=KeyAnswerRecord)

REMEMBERED_SECONDS: Final = 48 * 3600
"""How long a repeated idempotency key gets the same answer."""


def remember(
    table: Table, kind: type[KeyAnswerRecord], idempotency: Idempotency, now: float, **answer: Any
) -> Write:
    """Return the write of the answer to a key; its condition fails if the key has an answer already."""
    record = kind(
        *kind.place(caller=idempotency.caller, key=idempotency.key),
        body_sha256=idempotency.body_sha256,
        expires_at=int(now) + REMEMBERED_SECONDS,
        **answer,
    )
    # TTL deletes items only days after they expire, so an expired item counts as deleted.
    return table.to_put(record, kind.pk.does_not_exist() | (kind.expires_at <= int(now)))


def remembered(kind: type[A], item: Item, idempotency: Idempotency) -> A:
    """Read the answer to a key; raises IdempotencyKeyReused if the key came with another body then."""
    record = read(kind, item)
    if record.body_sha256 != idempotency.body_sha256:
        raise IdempotencyKeyReused(idempotency.key)
    return record
