"""The writes of what is stored beside a case, in the transaction of its change; each store gives its own.

Promise: a new kind of record joins the transaction by registering its type; neither `Change` nor `cases`
names it. For a value of a capability, its declaration names the writer. Downside: before any other value is
saved, its store must have been imported, or the save is refused.
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
    """The change that a record is stored with; a message it causes, if still unsent, is due at `due_at`."""

    table: Table
    data_keys: DataKeys
    case: Case
    due_at: datetime


@singledispatch
def writes_of(value: object, saving: Saving) -> list[Write]:
    """Return a value's writes, from the store that registered its type or the capability that declares it.

    Raises TypeError for any other.
    """
    writer = writer_of(type(value))
    if writer is None:
        raise TypeError(f"no store says how {type(value).__name__} is stored beside a case")
    writes: list[Write] = load(writer)(value, saving)
    return writes
