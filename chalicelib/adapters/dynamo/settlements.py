"""Settlements: one record for each round of a case, replaced with each change of its case.

Promise: written only in the transaction of a change of its case, whose version is checked there, so it needs
no condition of its own; an earlier round's record is never touched again. The payee's account is sealed.
Downside: an offer more makes every later write of the round longer; sixty instalments and a dozen offers
stay far below DynamoDB's 400 KB.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys, settlement_codec
from chalicelib.adapters.dynamo.records import SettlementRecord
from chalicelib.domain.agreement.settlement import PayeeAccount

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.table import Table
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case


class DynamoSettlements:
    """`Settlements` on the table."""

    def __init__(self, table: Table, data_keys: DataKeys) -> None:
        self._table = table
        self._data_keys = data_keys

    def get(self, case: Case) -> Settlement | None:
        """Read the settlement of the case's present round; None before the first offer. Raises SealBroken."""
        record = self._table.get(SettlementRecord, keys.case(case.case_id), keys.settlement(case.round))
        if record is None:
            return None
        settlement = settlement_codec.decode(record.content)
        return replace(settlement, account=self._account(case, record))

    def _account(self, case: Case, record: SettlementRecord) -> PayeeAccount | None:
        if record.account is None or record.key_id is None:
            return None
        key = self._data_keys.for_opening(case.institution_id, record.key_id)
        return PayeeAccount(**json.loads(key.open(record.account, _place(case))))


def settlement_record(case: Case, settlement: Settlement, data_keys: DataKeys) -> SettlementRecord:
    """Return the record of the case's present round."""
    record = SettlementRecord(
        pk=keys.case(case.case_id),
        sk=keys.settlement(case.round),
        content=settlement_codec.encode(settlement),
    )
    if settlement.account is not None:
        key = data_keys.for_sealing(case.institution_id)
        record.key_id = key.key_id
        record.account = key.seal(json.dumps(asdict(settlement.account)), _place(case))
    return record


def _place(case: Case) -> tuple[str, ...]:
    return keys.case(case.case_id), keys.settlement(case.round), "account"
