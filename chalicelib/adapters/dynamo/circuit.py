"""Keeps each court's circuit in the hub's table, so that all Lambda instances share it.

Promise: `get` is one consistent read of one item; `put` is one write that happens only if nobody changed
the item since. Why the plain client: two calls on one item need no record class. Downside: a burst of
messages to one court reads one item again and again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.adapters.aws import calling
from chalicelib.adapters.court.circuit import Circuit, Status

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef


class DynamoCircuitStore:
    """`CircuitStore` on the item CIRCUIT#<court_id> / CIRCUIT."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, court_id: str) -> Circuit:
        """Read the court's circuit; closed and of version 0 if there is none."""
        with calling():
            answer = self._client.get_item(TableName=self._table, Key=_key(court_id), ConsistentRead=True)
        item = answer.get("Item")
        if item is None:
            return Circuit()
        until = item["until"].get("S")
        return Circuit(
            status=Status(item["status"]["S"]),
            openings=int(item["openings"]["N"]),
            until=datetime.fromisoformat(until) if until else None,
            version=int(item["version"]["N"]),
        )

    def put(self, court_id: str, circuit: Circuit) -> bool:
        """Write it if the stored version is the one before; False if somebody changed it first."""
        until: AttributeValueTypeDef = {"S": circuit.until.isoformat()} if circuit.until else {"NULL": True}
        try:
            with calling(changes=True):
                self._client.update_item(
                    TableName=self._table,
                    Key=_key(court_id),
                    UpdateExpression="SET #status = :status, openings = :openings, #until = :until, "
                    "#version = :version",
                    # Version 0 is never stored: it means that there is no item.
                    ConditionExpression="attribute_not_exists(PK) AND :was = :none OR #version = :was",
                    ExpressionAttributeNames={"#version": "version", "#status": "status", "#until": "until"},
                    ExpressionAttributeValues={
                        ":status": {"S": circuit.status.value},
                        ":openings": {"N": str(circuit.openings)},
                        ":until": until,
                        ":version": {"N": str(circuit.version)},
                        ":was": {"N": str(circuit.version - 1)},
                        ":none": {"N": "0"},
                    },
                )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _key(court_id: str) -> dict[str, AttributeValueTypeDef]:
    return {"PK": {"S": f"CIRCUIT#{court_id}"}, "SK": {"S": "CIRCUIT"}}
