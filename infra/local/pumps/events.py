"""The events and the context Lambda gives a function, built from what the local services deliver.

Shapes are those of the AWS Lambda developer guide (SQS, DynamoDB streams, scheduled events). Downside: sender
ids and principals are whatever the emulator says.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaContext:
    """The context of one invocation; the remaining time is not measured."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    remaining_time_in_millis: int = 60_000

    @property
    def invoked_function_arn(self) -> str:
        """ARN of the function, with a made-up account."""
        return f"arn:aws:lambda:local:000000000000:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where Lambda would log."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Return the time the function may still run, in milliseconds: always the whole time limit."""
        return self.remaining_time_in_millis


def sqs_record(message: Mapping[str, Any], queue_arn: str) -> Event:
    """Build the record of one received SQS message."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": _region(queue_arn),
    }


def _message_attribute(value: Mapping[str, Any]) -> Event:
    attribute: Event = {"dataType": value["DataType"], "stringListValues": [], "binaryListValues": []}
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = _as_json(value["BinaryValue"])
    return attribute


def stream_record(record: Mapping[str, Any], stream_arn: str) -> Event:
    """Build the record of one DynamoDB stream record."""
    event: Event = _as_json(record)
    event["eventSourceARN"] = stream_arn
    if "userIdentity" in event:
        # Present if the table's time to live deleted the item.
        event["userIdentity"] = {
            key[0].lower() + key[1:]: value for key, value in event["userIdentity"].items()
        }
    return event


def leave_records_as_json(streams: "DynamoDBStreamsClient") -> None:
    """Have a client answer with the records of a stream as the JSON that came: an event holds just that.

    Boto3 would turn each attribute of both images into Python's types, for us to turn them back: a seventh of
    what the local hub computes.
    """

    def keep(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
        answer = json.loads(response_dict["body"])
        if "Records" in answer:
            customized_response_dict["Records"] = answer.pop("Records")
            response_dict["body"] = json.dumps(answer).encode()

    streams.meta.events.register("before-parse.dynamodb-streams.GetRecords", keep)


def scheduled_event(rule_arn: str, time: datetime) -> Event:
    """Build the event of one EventBridge schedule."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": rule_arn.split(":")[4],
        "time": time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": _region(rule_arn),
        "resources": [rule_arn],
        "detail": {},
    }


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _as_json(value: Any) -> Any:
    """Turn what boto3 parsed back into what stands in the JSON of an event."""
    if isinstance(value, Mapping):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.timestamp()
    return value
