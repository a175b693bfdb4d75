"""The debts behind the claims: one record beside each case that was filed with one.

Promise: written in the filing's transaction and never again, so a case's statement can't change after its
claim was filed. Downside: a debt is one item, so the API has to limit a debt to what an item can hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.beside import Saving, writes_of
from chalicelib.adapters.dynamo.records import DebtRecord
from chalicelib.domain.loan.debt import Debt

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.table import Table, Write


class DynamoDebts:
    """`Debts` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, case_id: str) -> Debt | None:
        """Read a case's debt; None for a case that was filed without one."""
        found = self._table.get(DebtRecord, case_id=case_id)
        return None if found is None else found.debt


@writes_of.register(Debt)
def _(debt: Debt, saving: Saving) -> list[Write]:
    return [saving.table.to_put(DebtRecord(*DebtRecord.place(case_id=saving.case.case_id), debt=debt))]
