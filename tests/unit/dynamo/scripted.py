"""Real clients whose answers a test writes down: what moto never says, AWS may."""

from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from chalicelib.adapters.dynamo.store import DynamoStore
from tests.support.fakes import FakeClock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient

_SESSION = boto3.session.Session("test", "test", region_name="cn-north-1")


class Script:
    """A table and a KMS that answer as scripted, in order, and nothing else."""

    def __init__(self) -> None:
        self.dynamodb: DynamoDBClient = _SESSION.client("dynamodb")
        self.kms: KMSClient = _SESSION.client("kms")
        self._stubs = {"dynamodb": Stubber(self.dynamodb), "kms": Stubber(self.kms)}
        for stub in self._stubs.values():
            stub.activate()
        self.clock = FakeClock()
        self.store = DynamoStore(
            self.dynamodb, "t", kms=lambda: self.kms, kms_key_id="k", now=self.clock.epoch
        )

    def answers(self, operation: str, answer: dict[str, Any], service: str = "dynamodb") -> None:
        """Let the next call be answered."""
        self._stubs[service].add_response(operation, answer)

    def fails(self, operation: str, code: str, service: str = "dynamodb") -> None:
        """Let the next call fail with AWS's error code."""
        self._stubs[service].add_client_error(operation, code)

    def cancels(self, *reasons: str | tuple[str, dict[str, Any]]) -> None:
        """Let the next transaction be cancelled, with the reason for each of its writes."""
        fields = [
            {"Code": reason} if isinstance(reason, str) else {"Code": reason[0], "Item": reason[1]}
            for reason in reasons
        ]
        self._stubs["dynamodb"].add_client_error(
            "transact_write_items",
            "TransactionCanceledException",
            modeled_fields={"CancellationReasons": fields},
        )

    def has_a_key(self, owner: str = "bank-1") -> None:
        """Let the owner's key be read and unwrapped."""
        item = {
            "PK": {"S": f"KEY#{owner}"},
            "SK": {"S": "KEY"},
            "key_id": {"S": "k1"},
            "wrapped": {"B": b"w"},
        }
        self.answers("get_item", {"Item": item})
        self.answers("decrypt", {"Plaintext": bytes(32)}, "kms")

    def is_silent(self, service: str = "dynamodb") -> None:
        """Let every further call run into its time-out."""

        def time_out(**_: Any) -> None:
            raise ReadTimeoutError(endpoint_url="https://table.test")

        client = self.dynamodb if service == "dynamodb" else self.kms
        self._stubs[service].deactivate()
        client.meta.events.register("before-call", time_out)

    def is_played(self) -> None:
        """Fail unless every answer was asked for."""
        for stub in self._stubs.values():
            stub.assert_no_pending_responses()
