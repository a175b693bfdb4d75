"""What is stored beside a case in the transaction of its change: each type's writes, said by its own store.

Promise: a new kind of record joins the transaction by registering its type; neither `Change` nor `cases`
names it. What a capability stores is found in its declaration. Downside: whoever saves another value must
have imported its store, or the save is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from chalicelib.consumers import load
from chalicelib.registry import writer_of

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case


@dataclass(frozen=True, slots=True)
class Saving:
    """The change that a record is stored with; what it owes to anybody is looked after at `due_at`."""

    table: Table
    data_keys: DataKeys
    case: Case
    due_at: datetime


@singledispatch
def writes_of(value: object, saving: Saving) -> list[Write]:
    """Return a value's writes, by the store that registered its type here or the capability that declares it.

    Raises TypeError for any other.
    """
    writer = writer_of(type(value))
    if writer is None:
        raise TypeError(f"no store says how {type(value).__name__} is stored beside a case")
    writes: list[Write] = load(writer)(value, saving)
    return writes
