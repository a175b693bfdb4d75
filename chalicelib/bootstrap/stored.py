"""The parts of the hub that are kept in the table, each built when it is first asked for.

Promise: they share one store, and so one client and one cache of keys. Downside: this list repeats the
store's, for `Hub` wants each part by its name.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.callbacks import DynamoCallbacks
    from chalicelib.adapters.dynamo.cases import DynamoCases
    from chalicelib.adapters.dynamo.codes import DynamoCodes
    from chalicelib.adapters.dynamo.debts import DynamoDebts
    from chalicelib.adapters.dynamo.due import DynamoDueIndex
    from chalicelib.adapters.dynamo.owed import DynamoDispatches, DynamoNotices
    from chalicelib.adapters.dynamo.policies import DynamoPolicies
    from chalicelib.adapters.dynamo.settlements import DynamoSettlements
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.talk import DynamoTalk
    from chalicelib.adapters.dynamo.transfers import DynamoTransfers
    from chalicelib.adapters.dynamo.workflows import DynamoWorkflows


class StoredParts:
    """Gives the store's parts by name; whoever inherits says what the store is."""

    @cached_property
    def _store(self) -> DynamoStore:
        raise NotImplementedError

    @cached_property
    def cases(self) -> DynamoCases:
        """The case records."""
        return self._store.cases

    @cached_property
    def talk(self) -> DynamoTalk:
        """The logs of talk."""
        return self._store.talk

    @cached_property
    def settlements(self) -> DynamoSettlements:
        """The settlements beside the cases."""
        return self._store.settlements

    @cached_property
    def debts(self) -> DynamoDebts:
        """The debts behind the claims."""
        return self._store.debts

    @cached_property
    def workflows(self) -> DynamoWorkflows:
        """The executions' records."""
        return self._store.workflows

    @cached_property
    def due(self) -> DynamoDueIndex:
        """What is overdue."""
        return self._store.due

    @cached_property
    def dispatches(self) -> DynamoDispatches:
        """Messages owed to the court."""
        return self._store.dispatches

    @cached_property
    def transfers(self) -> DynamoTransfers:
        """Transfers and their manifests."""
        return self._store.transfers

    @cached_property
    def callbacks(self) -> DynamoCallbacks:
        """The court's messages."""
        return self._store.callbacks

    @cached_property
    def policies(self) -> DynamoPolicies:
        """The institutions' concession policies."""
        return self._store.policies

    @cached_property
    def notices(self) -> DynamoNotices:
        """Messages owed to parties."""
        return self._store.notices

    @cached_property
    def codes(self) -> DynamoCodes:
        """One-time codes."""
        return self._store.codes
