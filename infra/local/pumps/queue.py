"""Calls a function with the messages of a queue, as Lambda's event source mapping does.

Successes are deleted, also beside failures. Downside: no scaling by load; the number of threads is fixed.
"""

from typing import TYPE_CHECKING

from infra.local.pumps.base import Handler, HandlerFailedError, Pump, failures
from infra.local.pumps.events import sqs_record

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef


class QueuePump(Pump):
    """Long-polls one queue with `workers` threads.

    Failed messages come back when their visibility time-out ends, as on AWS. Where `retry_seconds` is given,
    they come back after that many seconds instead.
    """

    def __init__(
        self,
        sqs: "SQSClient",
        queue_url: str,
        handler: Handler,
        *,
        name: str | None = None,
        workers: int = 1,
        batch_size: int = 10,
        wait_seconds: int = 1,
        retry_seconds: int | None = None,
    ) -> None:
        super().__init__(handler, name=name, workers=workers)
        self._sqs = sqs
        self._url = queue_url
        self._batch_size = batch_size
        self._wait_seconds = wait_seconds
        self._retry_seconds = retry_seconds
        self._arn: str | None = None

    def _step(self) -> None:
        if self._arn is None:
            found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
            self._arn = found["Attributes"]["QueueArn"]
        messages = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self._batch_size,
            WaitTimeSeconds=self._wait_seconds,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages", [])
        if messages:
            self._handle(messages, self._arn)

    def _handle(self, messages: "list[MessageTypeDef]", arn: str) -> None:
        ids = [message["MessageId"] for message in messages]
        try:
            answer = self._call({"Records": [sqs_record(message, arn) for message in messages]})
        except HandlerFailedError:
            self._release(messages)
            return
        failed = failures(answer, ids)
        self._release([message for message in messages if message["MessageId"] in failed])
        done = [message for message in messages if message["MessageId"] not in failed]
        if done:
            self._sqs.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                    for number, message in enumerate(done)
                ],
            )

    def _release(self, messages: "list[MessageTypeDef]") -> None:
        if self._retry_seconds is None or not messages:
            return
        self._sqs.change_message_visibility_batch(
            QueueUrl=self._url,
            Entries=[
                {
                    "Id": str(number),
                    "ReceiptHandle": message["ReceiptHandle"],
                    "VisibilityTimeout": self._retry_seconds,
                }
                for number, message in enumerate(messages)
            ],
        )
