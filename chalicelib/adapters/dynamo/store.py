"""The storage as one thing: each port's adapter, built when it is first asked for, on one client.

Promise: whoever wires the hub needs this constructor and nothing else of this package; two stores share
nothing. Downside: none of the parts can stand on another table than the rest.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.callbacks import DynamoCallbacks
from chalicelib.adapters.dynamo.cases import DynamoCases
from chalicelib.adapters.dynamo.codes import DynamoCodes
from chalicelib.adapters.dynamo.data_keys import DataKeys
from chalicelib.adapters.dynamo.debts import DynamoDebts
from chalicelib.adapters.dynamo.dispatches import DynamoDispatches
from chalicelib.adapters.dynamo.due import DynamoDueIndex
from chalicelib.adapters.dynamo.notices import DynamoNotices
from chalicelib.adapters.dynamo.papers import DynamoPapers
from chalicelib.adapters.dynamo.policies import DynamoPolicies
from chalicelib.adapters.dynamo.settlements import DynamoSettlements
from chalicelib.adapters.dynamo.table import Table
from chalicelib.adapters.dynamo.transfers import DynamoTransfers
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
        self._table = Table(client, table)
        self._data_keys = DataKeys(self._table, kms, kms_key_id, now)
        self._now = now

    @cached_property
    def cases(self) -> DynamoCases:
        """The case records."""
        return DynamoCases(self._table, self._data_keys, self._now)

    @cached_property
    def settlements(self) -> DynamoSettlements:
        """The settlements beside the cases."""
        return DynamoSettlements(self._table, self._data_keys)

    @cached_property
    def debts(self) -> DynamoDebts:
        """The debts behind the claims."""
        return DynamoDebts(self._table)

    @cached_property
    def workflows(self) -> DynamoWorkflows:
        """The executions' records."""
        return DynamoWorkflows(self._table)

    @cached_property
    def due(self) -> DynamoDueIndex:
        """What is overdue."""
        return DynamoDueIndex(self._table)

    @cached_property
    def dispatches(self) -> DynamoDispatches:
        """Messages owed to the court."""
        return DynamoDispatches(self._table)

    @cached_property
    def transfers(self) -> DynamoTransfers:
        """Transfers and their manifests."""
        return DynamoTransfers(self._table)

    @cached_property
    def callbacks(self) -> DynamoCallbacks:
        """The court's messages."""
        return DynamoCallbacks(self._table, self._data_keys)

    def papers(self, contents: Contents) -> DynamoPapers:
        """Return the cases' papers: records here, bytes in `contents`."""
        return DynamoPapers(self._table, contents)

    @cached_property
    def policies(self) -> DynamoPolicies:
        """The institutions' concession policies."""
        return DynamoPolicies(self._table)

    @cached_property
    def notices(self) -> DynamoNotices:
        """Messages owed to parties."""
        return DynamoNotices(self._table)

    @cached_property
    def codes(self) -> DynamoCodes:
        """One-time codes."""
        return DynamoCodes(self._table, self._data_keys, self._now)
