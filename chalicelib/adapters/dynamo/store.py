"""The hub's whole storage in one object: each port's adapter, all on one client and one table.

Promise: whoever wires the hub needs only this constructor from this package; two stores share nothing. A
capability's own store takes the table and the data keys from it. Downside: no adapter can use a table of its
own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.cases import DynamoCases
from chalicelib.adapters.dynamo.codes import DynamoCodes
from chalicelib.adapters.dynamo.court import DynamoCallbacks, DynamoTransfers
from chalicelib.adapters.dynamo.data_keys import DataKeys
from chalicelib.adapters.dynamo.due import DynamoDueIndex
from chalicelib.adapters.dynamo.money import DynamoDebts, DynamoSettlements
from chalicelib.adapters.dynamo.owed import DynamoDeadlines, DynamoDispatches, DynamoNotices
from chalicelib.adapters.dynamo.papers import DynamoPapers
from chalicelib.adapters.dynamo.policies import DynamoPolicies
from chalicelib.adapters.dynamo.table import Table
from chalicelib.adapters.dynamo.talk import DynamoTalk
from chalicelib.adapters.dynamo.workflows import DynamoWorkflows

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient

    from chalicelib.adapters.dynamo.papers import Contents


class DynamoStore:
    """The hub's storage on one table."""

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        *,
        kms: Callable[[], KMSClient],
        kms_key_id: str,
        now: Callable[[], float],
    ) -> None:
        """`kms` makes the client when a key is first needed; `now` is real time in epoch seconds."""
        self.table = Table(client, table)
        self.data_keys = DataKeys(self.table, kms, kms_key_id, now)
        self.now = now
        self.callbacks = DynamoCallbacks(self.table, self.data_keys)
        self.cases = DynamoCases(self.table, self.data_keys, now)
        self.codes = DynamoCodes(self.table, self.data_keys, now)
        self.deadlines = DynamoDeadlines(self.table)
        self.debts = DynamoDebts(self.table)
        self.dispatches = DynamoDispatches(self.table)
        self.due = DynamoDueIndex(self.table)
        self.notices = DynamoNotices(self.table)
        self.policies = DynamoPolicies(self.table)
        self.settlements = DynamoSettlements(self.table, self.data_keys)
        self.talk = DynamoTalk(self.table)
        self.transfers = DynamoTransfers(self.table)
        self.workflows = DynamoWorkflows(self.table)

    def papers(self, contents: Contents) -> DynamoPapers:
        """Return the cases' papers: records here, bytes in `contents`."""
        return DynamoPapers(self.table, contents)
