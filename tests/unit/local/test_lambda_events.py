"""Events look as the Lambda developer guide shows them, and survive JSON as Lambda's do."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.pumps.base import failures
from infra.local.pumps.events import LambdaContext, scheduled_event, sqs_record, stream_record

QUEUE_ARN = "arn:aws-cn:sqs:cn-north-1:123456789012:jiefen-hub-dev-court"
STREAM_ARN = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/jiefen-hub-dev/stream/2026-01-01T00:00:00.000"


def test_an_sqs_record_has_what_lambda_gives() -> None:
    """Attributes keep SQS's names, message attributes and the rest take Lambda's."""
    message = {
        "MessageId": "059f36b4",
        "ReceiptHandle": "AQEB",
        "Body": '{"case_id": "c-1"}',
        "MD5OfBody": "e4e6",
        "Attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1545082649183"},
        "MessageAttributes": {
            "kind": {"StringValue": "step", "DataType": "String"},
            "seal": {"BinaryValue": b"\x01", "DataType": "Binary"},
        },
    }
    assert _through_json(sqs_record(message, QUEUE_ARN)) == {
        "messageId": "059f36b4",
        "receiptHandle": "AQEB",
        "body": '{"case_id": "c-1"}',
        "attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1545082649183"},
        "messageAttributes": {
            "kind": {
                "stringValue": "step",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            },
            "seal": {
                "binaryValue": "AQ==",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "Binary",
            },
        },
        "md5OfBody": "e4e6",
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE_ARN,
        "awsRegion": "cn-north-1",
    }


def test_a_stream_record_has_what_lambda_gives() -> None:
    """Binaries are base64, times are epoch seconds, and the principal of a TTL deletion is in lower case."""
    record = {
        "eventID": "1",
        "eventName": "REMOVE",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "cn-north-1",
        "userIdentity": {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"},
        "dynamodb": {
            "ApproximateCreationDateTime": datetime(2026, 1, 1, tzinfo=UTC),
            "Keys": {"PK": {"S": "CASE#1"}},
            "OldImage": {
                "PK": {"S": "CASE#1"},
                "sealed": {"B": b"\x01"},
                "parts": {"L": [{"BS": [b"\x02"]}]},
            },
            "SequenceNumber": "111",
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }
    event = _through_json(stream_record(record, STREAM_ARN))
    assert event["eventSourceARN"] == STREAM_ARN
    assert event["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    assert event["dynamodb"]["ApproximateCreationDateTime"] == 1767225600
    assert event["dynamodb"]["OldImage"] == {
        "PK": {"S": "CASE#1"},
        "sealed": {"B": "AQ=="},
        "parts": {"L": [{"BS": ["Ag=="]}]},
    }


def test_a_scheduled_event_has_what_eventbridge_gives() -> None:
    """The time is UTC to the second, account and region are those of the rule."""
    arn = "arn:aws-cn:events:cn-north-1:123456789012:rule/reconcile"
    event = scheduled_event(arn, datetime(2026, 1, 1, 8, 30, tzinfo=UTC))
    assert event.pop("id")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-01-01T08:30:00Z",
        "region": "cn-north-1",
        "resources": [arn],
        "detail": {},
    }


def test_each_invocation_has_its_own_request_id() -> None:
    """A context has what Powertools reads, and an id that no other has."""
    first, second = LambdaContext(function_name="relay"), LambdaContext(function_name="relay")
    assert first.aws_request_id != second.aws_request_id
    assert first.invoked_function_arn.endswith(":function:relay")
    assert first.log_group_name == "/aws/lambda/relay"
    assert first.get_remaining_time_in_millis() > 0


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, set()),
        ({}, set()),
        ("done", set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "x"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": []}]}, {"a", "b"}),
        ({"batchItemFailures": [{"id": "a"}]}, {"a", "b"}),
        ({"batchItemFailures": ["a"]}, {"a", "b"}),
    ],
)
def test_an_answer_is_read_as_lambda_reads_it(answer: Any, failed: set[str]) -> None:
    """What names no item of the batch fails the whole batch."""
    assert failures(answer, ["a", "b"]) == failed


def _through_json(event: dict[str, Any]) -> Any:
    return json.loads(json.dumps(event))
