"""The debts behind the claims: one record beside each case that was filed with one.

Promise: written in the filing's transaction and never again, so a case's statement can't change after its
claim was filed. Downside: a debt is one item, so the API has to limit a debt to what an item can hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys, schema_1
from chalicelib.adapters.dynamo.attributes import Structured, Whole
from chalicelib.adapters.dynamo.records import Record
from chalicelib.domain.loan.debt import Debt

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.beside import Saving
    from chalicelib.adapters.dynamo.table import Table, Write


class DebtRecord(Record):
    """CASE#<id> / DEBT: the contract and the payments behind the claim, without personal data."""

    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.debt)
    debt = Structured[Debt](Debt)


class DynamoDebts:
    """`Debts` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, case_id: str) -> Debt | None:
        """Read a case's debt; None for a case that was filed without one."""
        found = self._table.get(DebtRecord, keys.case(case_id), keys.DEBT)
        return None if found is None else found.debt


def debt_writes(debt: Debt, saving: Saving) -> list[Write]:
    """Write the debt beside its case."""
    return [saving.table.to_put(DebtRecord(pk=keys.case(saving.case.case_id), sk=keys.DEBT, debt=debt))]
