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

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import keys, schema_1
from chalicelib.adapters.dynamo.attributes import Bytes, Structured, Whole
from chalicelib.adapters.dynamo.records import Record
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.beside import Saving
    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case


class SettlementRecord(Record):
    """CASE#<id> / SETTLEMENT#<4 digits>: a round's offers, agreement and payments."""

    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.settlement)
    content = Structured[Settlement](Settlement)


class PayeeAccountRecord(Record):
    """CASE#<id> / PAYEE#<4 digits>: the account that a round's agreement is paid to, sealed."""

    key_id = UnicodeAttribute()
    account = Bytes()


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
        return PayeeAccount(**json.loads(key.open(record.account, _place(case))))


def settlement_writes(settlement: Settlement, saving: Saving) -> list[Write]:
    """Write the present round's settlement."""
    place = keys.case(saving.case.case_id), keys.settlement(saving.case.round)
    return [saving.table.to_put(SettlementRecord(*place, content=settlement))]


def payee_account_writes(account: PayeeAccount, saving: Saving) -> list[Write]:
    """Write the account that the present round's agreement is paid to, sealed."""
    key = saving.data_keys.for_sealing(saving.case.institution_id)
    pk, sk, field = _place(saving.case)
    sealed = key.seal(json.dumps(asdict(account)), (pk, sk, field))
    return [saving.table.to_put(PayeeAccountRecord(pk, sk, key_id=key.key_id, account=sealed))]


def _place(case: Case) -> tuple[str, ...]:
    return keys.case(case.case_id), keys.payee_account(case.round), "account"
