"""The writes of what is stored beside a case, in the transaction of its change; each store gives its own.

Promise: a new kind of record joins the transaction by registering its type; neither `Change` nor `cases`
names it. For a value of a capability, its declaration names the writer; for one whose store loads at first
use, a table here does. Downside: before a value of any other type is saved, its store must have been
imported, or the save is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Final

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


_STORES: Final = "chalicelib.adapters.dynamo"
_LOADED_LATER: Final = {
    "chalicelib.domain.agreement.settlement:PayeeAccount": f"{_STORES}.settlements:payee_account_writes",
    "chalicelib.domain.agreement.settlement:Settlement": f"{_STORES}.settlements:settlement_writes",
    "chalicelib.domain.loan.debt:Debt": f"{_STORES}.debts:debt_writes",
}
"""Types whose stores `store` loads at first use, each with the function that makes the writes."""


@singledispatch
def writes_of(value: object, saving: Saving) -> list[Write]:
    """Return a value's writes, from the store that registered its type or the capability that declares it.

    Raises TypeError for any other.
    """
    kind = type(value)
    writer = writer_of(kind) or _LOADED_LATER.get(f"{kind.__module__}:{kind.__name__}")
    if writer is None:
        raise TypeError(f"no store says how {kind.__name__} is stored beside a case")
    writes: list[Write] = load(writer)(value, saving)
    return writes
