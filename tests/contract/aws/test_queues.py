"""The queues on SQS carry ids and codes, and put off what must wait."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.queues import QueueUrls, SqsQueues
from chalicelib.adapters.retries import Retries
from tests.support.aws import sqs, unique

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@pytest.fixture
def client(aws_endpoint: str) -> SQSClient:
    return sqs(aws_endpoint)


@pytest.fixture
def urls(client: SQSClient) -> QueueUrls:
    names = ("workflow", "court", "callbacks", "notices")
    return QueueUrls(**{name: client.create_queue(QueueName=unique(name))["QueueUrl"] for name in names})


def received(client: SQSClient, url: str) -> list[dict[str, Any]]:
    answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_each_message_reaches_its_queue_and_says_ids_only(client: SQSClient, urls: QueueUrls) -> None:
    queues = SqsQueues(client, urls)
    queues.case_changed("c1", 3)
    queues.dispatch_due("c1", "c1-D3")
    queues.callback_stored("court#m1")
    queues.notice_due("c1", "c1-N3-r1-payment_due")
    assert received(client, urls.workflow) == [{"kind": "changed", "case_id": "c1", "sequence": 3}]
    assert received(client, urls.court) == [{"case_id": "c1", "dispatch_id": "c1-D3"}]
    assert received(client, urls.callbacks) == [{"callback_id": "court#m1"}]
    assert received(client, urls.notices) == [{"case_id": "c1", "notice_id": "c1-N3-r1-payment_due"}]


@pytest.mark.parametrize("name", ["court", "notices"])
def test_a_message_put_off_comes_back_later_and_not_before(
    client: SQSClient, urls: QueueUrls, name: str
) -> None:
    queues, url = SqsQueues(client, urls), getattr(urls, name)
    hide = {"court": queues.hide_from_court_queue, "notices": queues.hide_from_notices_queue}[name]
    queues.dispatch_due("c1", "c1-D3")
    queues.notice_due("c1", "c1-N3-r1-payment_due")
    answer = client.receive_message(QueueUrl=url, VisibilityTimeout=0)
    handle = answer["Messages"][0]["ReceiptHandle"]
    Retries(hide, lambda: 0.0, longest_seconds=2).put_off(handle, 1, retry_after_seconds=3600)
    assert received(client, url) == []
    assert client.receive_message(QueueUrl=url, WaitTimeSeconds=4)["Messages"]
