"""Settlements: one record for each round of a case, and beside it the sealed account to pay to.

Promise: written only in the transaction of a change of the case, which checks the case's version, so they
need no condition of their own; an earlier round's records never change again. Reading the terms needs no
key; the account is decrypted only where it is shown or printed.
Downside: each offer makes all later writes of the round longer; sixty instalments and a dozen offers stay
far below DynamoDB's 400 KB.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.beside import Saving, writes_of
from chalicelib.adapters.dynamo.records import PayeeAccountRecord, SettlementRecord
from chalicelib.adapters.dynamo.structure import from_json
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case


class DynamoSettlements:
    """`Settlements` on the table."""

    def __init__(self, table: Table, data_keys: DataKeys) -> None:
        self._table = table
        self._data_keys = data_keys

    def get(self, case: Case) -> Settlement | None:
        """Read the settlement of the case's present round; None before the first offer."""
        record = self._table.get(SettlementRecord, keys.case(case.case_id), keys.settlement(case.round))
        return None if record is None else record.content

    def account(self, case: Case) -> PayeeAccount | None:
        """Decrypt the account of the present round's agreement; None if none is stored. Raises SealBroken."""
        record = self._table.get(PayeeAccountRecord, keys.case(case.case_id), keys.payee_account(case.round))
        if record is None:
            return None
        key = self._data_keys.for_opening(case.institution_id, record.key_id)
        read: PayeeAccount = from_json(
            PayeeAccount, json.loads(key.open(record.account, _place(case))), "account"
        )
        return read


@writes_of.register(Settlement)
def _(settlement: Settlement, saving: Saving) -> list[Write]:
    place = keys.case(saving.case.case_id), keys.settlement(saving.case.round)
    return [saving.table.to_rewrite(SettlementRecord(*place, content=settlement))]


@writes_of.register(PayeeAccount)
def _(account: PayeeAccount, saving: Saving) -> list[Write]:
    key = saving.data_keys.for_sealing(saving.case.institution_id)
    pk, sk, field = _place(saving.case)
    sealed = key.seal(json.dumps(asdict(account)), (pk, sk, field))
    return [saving.table.to_rewrite(PayeeAccountRecord(pk, sk, key_id=key.key_id, account=sealed))]


def _place(case: Case) -> tuple[str, ...]:
    return keys.case(case.case_id), keys.payee_account(case.round), "account"
