"""How a request on the wire is named."""

from __future__ import annotations

import pytest

from infra.bench.wire import Answer, named

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKID/20260105/cn-north-1/{}/aws4_request, SignedHeaders=host, Signature=0"
)


@pytest.mark.parametrize(
    ("service", "target", "method", "body", "name"),
    [
        ("dynamodb", "DynamoDB_20120810.GetItem", "POST", b"{}", "dynamodb.GetItem"),
        ("dynamodb", "DynamoDBStreams_20120810.GetRecords", "POST", b"{}", "dynamodb.GetRecords"),
        ("sqs", "AmazonSQS.SendMessage", "POST", b"{}", "sqs.SendMessage"),
        ("sts", "", "POST", b"Action=GetCallerIdentity&Version=2011-06-15", "sts.GetCallerIdentity"),
        ("s3", "", "PUT", b"content", "s3.PUT"),
    ],
)
def test_a_call_is_named_by_scope_and_operation(
    service: str, target: str, method: str, body: bytes, name: str
) -> None:
    """JSON, query and REST protocols."""
    headers = {"Authorization": SIGNED.format(service), **({"X-Amz-Target": target} if target else {})}
    assert named(method, headers, body).name == name


def test_what_is_not_signed_says_so() -> None:
    """A probe of the emulator is nobody's request."""
    assert named("GET", {}, b"").name == "unsigned.GET"


def test_an_empty_answer_is_an_empty_object() -> None:
    """Some operations of SQS answer nothing."""
    assert Answer(status=200, headers={}, body=b"").json == {}
