"""Dead letters go back to their queue, each at least once and none lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infra.ops.dead_letters import redrive, waiting
from tests.support.aws import sqs, unique

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@pytest.fixture
def client(aws_endpoint: str) -> SQSClient:
    return sqs(aws_endpoint)


@pytest.fixture
def queues(client: SQSClient) -> tuple[str, str]:
    name = unique("court")
    return tuple(client.create_queue(QueueName=n)["QueueUrl"] for n in (f"{name}-dlq", name))  # type: ignore[return-value]  # two names, two URLs


def test_every_dead_letter_goes_back(client: SQSClient, queues: tuple[str, str]) -> None:
    dead, queue = queues
    for number in range(23):
        client.send_message(QueueUrl=dead, MessageBody=str(number))
    progress: list[int] = []
    assert redrive(client, dead, queue, limit=1000, progress=progress.append).messages == 23
    assert (waiting(client, dead), waiting(client, queue), progress[-1]) == (0, 23, 23)


def test_no_more_than_asked_for(client: SQSClient, queues: tuple[str, str]) -> None:
    dead, queue = queues
    for number in range(5):
        client.send_message(QueueUrl=dead, MessageBody=str(number))
    assert redrive(client, dead, queue, limit=2, progress=lambda _n: None).messages == 2
    assert waiting(client, queue) == 2
    assert waiting(client, dead) == 3
