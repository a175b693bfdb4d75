"""The writes of what is stored beside a case, in the transaction of its change; each store gives its own.

Promise: a new kind of record joins the transaction by naming its type's writer, here or, for a value of a
capability, in its declaration; neither `Change` nor `cases` names it. A writer is imported with its first
value. Downside: a test, not the type checker, checks that the named things exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.consumers import load
from chalicelib.registry import name_of, writer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.adapters.dynamo.sealing import DataKeys
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case
    from chalicelib.domain.errors import HubError


OF_THE_CORE: Final[Mapping[str, str]] = {
    "chalicelib.domain.agreement.settlement:PayeeAccount": "chalicelib.adapters.dynamo.money:account_writes",
    "chalicelib.domain.agreement.settlement:Settlement": "chalicelib.adapters.dynamo.money:settlement_writes",
    "chalicelib.domain.case_deadline:CaseDeadline": "chalicelib.adapters.dynamo.due:deadline_writes",
    "chalicelib.domain.loan.debt:Debt": "chalicelib.adapters.dynamo.money:debt_writes",
    "chalicelib.domain.notices:PartyNotice": "chalicelib.adapters.dynamo.due:notice_writes",
    "chalicelib.domain.transfer:Dispatch": "chalicelib.adapters.dynamo.due:dispatch_writes",
}
"""The types of values that the core stores beside a case, each with the function that makes its writes."""


@dataclass(frozen=True, slots=True)
class Saving:
    """The change that a record is stored with; a message it causes, if still unsent, is due at `due_at`."""

    table: Table
    data_keys: DataKeys
    case: Case
    due_at: datetime
    refusals: list[tuple[Write, HubError]] = field(default_factory=list)
    """Conditional writes, each with what it means that its condition fails; a writer adds its own."""


class OnTable:
    """The base of the stores; `now` is real time in epoch seconds, never compressed."""

    def __init__(self, table: Table, data_keys: DataKeys, now: Callable[[], float]) -> None:
        self._table = table
        self._data_keys = data_keys
        self._now = now


def writes_of(value: object, saving: Saving) -> list[Write]:
    """Return a value's writes; raises TypeError for a type that neither the core nor a capability names."""
    writer = OF_THE_CORE.get(name_of(type(value))) or writer_of(type(value))
    if writer is None:
        raise TypeError(f"no store says how {type(value).__name__} is stored beside a case")
    writes: list[Write] = load(writer)(value, saving)
    return writes
