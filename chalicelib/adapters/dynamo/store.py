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
from chalicelib.adapters.dynamo.due import (
    DynamoDeadlines,
    DynamoDispatches,
    DynamoDueIndex,
    DynamoNotices,
    DynamoWorkflows,
)
from chalicelib.adapters.dynamo.money import DynamoDebts, DynamoPolicies, DynamoSettlements
from chalicelib.adapters.dynamo.papers import DynamoPapers
from chalicelib.adapters.dynamo.sealing import DataKeys
from chalicelib.adapters.dynamo.sessions import DynamoEndedSessions
from chalicelib.adapters.dynamo.table import Table
from chalicelib.adapters.dynamo.talk import DynamoTalk

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
        parts = self.table, self.data_keys, now
        self.callbacks = DynamoCallbacks(*parts)
        self.cases = DynamoCases(*parts)
        self.codes = DynamoCodes(*parts)
        self.deadlines = DynamoDeadlines(*parts)
        self.debts = DynamoDebts(*parts)
        self.dispatches = DynamoDispatches(*parts)
        self.due = DynamoDueIndex(*parts)
        self.ended_sessions = DynamoEndedSessions(*parts)
        self.notices = DynamoNotices(*parts)
        self.policies = DynamoPolicies(*parts)
        self.settlements = DynamoSettlements(*parts)
        self.talk = DynamoTalk(*parts)
        self.transfers = DynamoTransfers(*parts)
        self.workflows = DynamoWorkflows(*parts)

    def papers(self, contents: Contents) -> DynamoPapers:
        """Return the cases' papers: records here, bytes in `contents`."""
        return DynamoPapers(self.table, contents)
