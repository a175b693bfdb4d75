"""The hub's whole storage in one object: each port's adapter, all on one client and one table.

Promise: whoever wires the hub needs only this constructor from this package; two stores share nothing. A
capability's own store takes the table and the data keys from it. What loads the arithmetic is imported at its
first use, because half of the functions never use it. Downside: no adapter can use a table of its
own.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.cases import DynamoCases
from chalicelib.adapters.dynamo.codes import DynamoCodes
from chalicelib.adapters.dynamo.data_keys import DataKeys
from chalicelib.adapters.dynamo.deadlines import DynamoDeadlines
from chalicelib.adapters.dynamo.due import DynamoDueIndex
from chalicelib.adapters.dynamo.owed import DynamoDispatches, DynamoNotices
from chalicelib.adapters.dynamo.papers import DynamoPapers
from chalicelib.adapters.dynamo.table import Table
from chalicelib.adapters.dynamo.talk import DynamoTalk
from chalicelib.adapters.dynamo.transfers import DynamoTransfers
from chalicelib.adapters.dynamo.workflows import DynamoWorkflows

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient

    from chalicelib.adapters.dynamo.callbacks import DynamoCallbacks
    from chalicelib.adapters.dynamo.debts import DynamoDebts
    from chalicelib.adapters.dynamo.papers import Contents
    from chalicelib.adapters.dynamo.policies import DynamoPolicies
    from chalicelib.adapters.dynamo.settlements import DynamoSettlements


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
        self.cases = DynamoCases(self.table, self.data_keys, now)
        self.codes = DynamoCodes(self.table, self.data_keys, now)
        self.deadlines = DynamoDeadlines(self.table)
        self.dispatches = DynamoDispatches(self.table)
        self.due = DynamoDueIndex(self.table)
        self.notices = DynamoNotices(self.table)
        self.talk = DynamoTalk(self.table)
        self.transfers = DynamoTransfers(self.table)
        self.workflows = DynamoWorkflows(self.table)

    @cached_property
    def callbacks(self) -> DynamoCallbacks:
        """The court's messages."""
        from chalicelib.adapters.dynamo.callbacks import DynamoCallbacks

        return DynamoCallbacks(self.table, self.data_keys)

    @cached_property
    def debts(self) -> DynamoDebts:
        """The debts behind the claims."""
        from chalicelib.adapters.dynamo.debts import DynamoDebts

        return DynamoDebts(self.table)

    @cached_property
    def policies(self) -> DynamoPolicies:
        """The institutions' concession policies."""
        from chalicelib.adapters.dynamo.policies import DynamoPolicies

        return DynamoPolicies(self.table)

    @cached_property
    def settlements(self) -> DynamoSettlements:
        """The settlements."""
        from chalicelib.adapters.dynamo.settlements import DynamoSettlements

        return DynamoSettlements(self.table, self.data_keys)

    def papers(self, contents: Contents) -> DynamoPapers:
        """Return the cases' papers: records here, bytes in `contents`."""
        return DynamoPapers(self.table, contents)
