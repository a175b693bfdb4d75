"""Keeps each court's circuit in the hub's table, so that all Lambda instances share it.

Promise: `get` is one consistent read of one item; `put` is one write that happens only if nobody changed
the item since. Downside: a burst of messages to one court reads one item again and again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pynamodb.expressions.operand import Path

from chalicelib.adapters.court.circuit import Circuit, Status
from chalicelib.adapters.dynamo.attributes import Code, Text, Whole, optional
from chalicelib.adapters.dynamo.records import Record
from chalicelib.adapters.dynamo.table import Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class CircuitRecord(Record):
    """A court's circuit."""

    key = "CIRCUIT#{court_id}", "CIRCUIT"
    status = Code(Status)
    openings = Whole()
    until = optional(Text[datetime](datetime))
    version = Whole()


class DynamoCircuitStore:
    """`CircuitStore` on the table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._table = Table(client, table)

    def get(self, court_id: str) -> Circuit:
        """Read the court's circuit; closed and of version 0 if there is none."""
        record = self._table.get(CircuitRecord, court_id=court_id)
        return Circuit() if record is None else record.to_value(Circuit)

    def put(self, court_id: str, circuit: Circuit) -> bool:
        """Write it if the stored version is the one before; False if somebody changed it first."""
        actions = [
            CircuitRecord.status.set(circuit.status),
            CircuitRecord.openings.set(circuit.openings),
            # Stored as NULL, not removed: the builds before find it there.
            CircuitRecord.until.set(circuit.until) if circuit.until else Path("until").set(None),
            CircuitRecord.version.set(circuit.version),
        ]
        # Version 0 is never stored: it means that there is no item.
        first = circuit.version == 1
        before = CircuitRecord.version == circuit.version - 1
        place = CircuitRecord.place(court_id=court_id)
        return self._table.update(place, actions, CircuitRecord.pk.does_not_exist() if first else before)
