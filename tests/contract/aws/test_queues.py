"""The queues on SQS carry ids and codes, and put off what must wait."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.queues import SqsQueues
from chalicelib.adapters.retries import Retries
from chalicelib.observability import about
from chalicelib.use_cases.records import Outgoing
from tests.support.aws import sqs, unique

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


@pytest.fixture
def client(aws_endpoint: str) -> SQSClient:
    return sqs(aws_endpoint)


@pytest.fixture
def urls(client: SQSClient) -> dict[str, str]:
    return {name: client.create_queue(QueueName=unique(name))["QueueUrl"] for name in ("court", "notices")}


def received(client: SQSClient, url: str) -> list[dict[str, Any]]:
    answer = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_a_message_reaches_its_queue_word_for_word(client: SQSClient, urls: dict[str, str]) -> None:
    SqsQueues(client, urls).send("court", {"case_id": "c1", "dispatch_id": "c1-D3"})
    assert received(client, urls["court"]) == [{"case_id": "c1", "dispatch_id": "c1-D3"}]
    assert received(client, urls["notices"]) == []


@pytest.mark.parametrize(("asked", "hidden"), [(60, 60), (42_300, 42_300), (42_301, 42_300), (10**6, 42_300)])
def test_a_message_is_never_hidden_longer_than_it_can_be(asked: int, hidden: int) -> None:
    """Twelve hours from its receipt, less the quarter of an hour that a function may have had it."""
    sent: list[dict[str, object]] = []

    class Recorder:
        def change_message_visibility(self, **arguments: object) -> None:
            sent.append(arguments)

    SqsQueues(Recorder(), {"court": "u"}).hide("court", "h", asked)  # type: ignore[arg-type] # a fake
    assert [entry["VisibilityTimeout"] for entry in sent] == [hidden]


def test_a_message_put_off_comes_back_later_and_not_before(client: SQSClient, urls: dict[str, str]) -> None:
    queues, url = SqsQueues(client, urls), urls["court"]
    queues.send("court", {"case_id": "c1", "dispatch_id": "c1-D3"})
    answer = client.receive_message(QueueUrl=url, VisibilityTimeout=0)
    handle = answer["Messages"][0]["ReceiptHandle"]
    retries = Retries(queues.hide, lambda: 0.0, longest_seconds=2)
    retries.put_off("court", handle, 1, retry_after_seconds=3600)
    assert received(client, url) == []
    assert client.receive_message(QueueUrl=url, WaitTimeSeconds=4)["Messages"]


def test_the_chain_goes_beside_the_message(client: SQSClient, urls: dict[str, str]) -> None:
    """As an attribute, which a consumer of an earlier release ignores."""
    with about(correlation_id="chain-1"):
        SqsQueues(client, urls).send("court", {"case_id": "c1"})
    (message,) = client.receive_message(
        QueueUrl=urls["court"], MessageAttributeNames=["All"], WaitTimeSeconds=1
    )["Messages"]
    assert json.loads(message["Body"]) == {"case_id": "c1"}
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "chain-1"


def test_messages_sent_together_arrive_each_with_its_own_chain(
    client: SQSClient, urls: dict[str, str]
) -> None:
    together = [Outgoing(body={"case_id": f"c{n}"}, correlation_id=f"chain-{n}") for n in range(10)]
    assert SqsQueues(client, urls).send_all("court", together) == []
    found: dict[str, str] = {}
    while len(found) < len(together):
        answer = client.receive_message(
            QueueUrl=urls["court"], MaxNumberOfMessages=10, MessageAttributeNames=["All"], WaitTimeSeconds=1
        )
        assert answer.get("Messages"), found
        for message in answer["Messages"]:
            chain = message["MessageAttributes"]["correlation_id"]["StringValue"]
            found[json.loads(message["Body"])["case_id"]] = chain
    assert found == {f"c{n}": f"chain-{n}" for n in range(10)}


def test_the_places_of_messages_that_were_not_taken_are_returned() -> None:
    """SQS answers such a call with 200: what is not among the successful ones was not taken."""

    class TakesEverySecond:
        def send_message_batch(self, **arguments: Any) -> dict[str, Any]:
            ids = [entry["Id"] for entry in arguments["Entries"]]
            failed = [{"Id": each, "SenderFault": False, "Code": "InternalError"} for each in ids[1::2]]
            return {"Successful": [{"Id": each} for each in ids[::2]], "Failed": failed}

    queues = SqsQueues(TakesEverySecond(), {"court": "u"})  # type: ignore[arg-type] # a fake
    messages = [Outgoing(body={"case_id": f"c{n}"}, correlation_id="chain") for n in range(5)]
    assert queues.send_all("court", messages) == [1, 3]
