"""The queues on SQS carry ids and codes, and put off what must wait."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.court.retries import CourtRetries
from chalicelib.adapters.queues import QueueUrls, SqsQueues
from tests.support.aws import sqs, unique

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@pytest.fixture
def client(aws_endpoint: str) -> SQSClient:
    return sqs(aws_endpoint)


@pytest.fixture
def urls(client: SQSClient) -> QueueUrls:
    names = ("workflow", "court", "callbacks")
    return QueueUrls(**{name: client.create_queue(QueueName=unique(name))["QueueUrl"] for name in names})


def received(client: SQSClient, url: str) -> list[dict[str, Any]]:
    answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_each_message_reaches_its_queue_and_says_ids_only(client: SQSClient, urls: QueueUrls) -> None:
    queues = SqsQueues(client, urls)
    queues.case_changed("c1", 3)
    queues.dispatch_due("c1", "c1-D3")
    queues.callback_stored("court#m1")
    assert received(client, urls.workflow) == [{"kind": "changed", "case_id": "c1", "sequence": 3}]
    assert received(client, urls.court) == [{"case_id": "c1", "dispatch_id": "c1-D3"}]
    assert received(client, urls.callbacks) == [{"callback_id": "court#m1"}]


def test_a_message_put_off_comes_back_later_and_not_before(client: SQSClient, urls: QueueUrls) -> None:
    queues = SqsQueues(client, urls)
    queues.dispatch_due("c1", "c1-D3")
    answer = client.receive_message(QueueUrl=urls.court, VisibilityTimeout=0)
    handle = answer["Messages"][0]["ReceiptHandle"]
    CourtRetries(queues, lambda: 0.0, longest_seconds=2).put_off(handle, 1, retry_after_seconds=3600)
    assert received(client, urls.court) == []
    assert client.receive_message(QueueUrl=urls.court, WaitTimeSeconds=4)["Messages"]
