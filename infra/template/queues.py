"""The queues, each with its dead-letter queue.

Promise: no message is lost silently: what can't be handled ends in a DLQ that keeps it 14 days and
raises an alarm. Encryption is SQS's own (SSE-SQS): messages hold ids and codes only (design §3.7), so a
KMS key would add a request per message and a permission per producer and protect nothing more. Downside:
standard queues (design §7) deliver more than once and in any order; consumers are idempotent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from infra.template import chalice_config
from infra.template.intrinsics import Template, arn, att, ref
from infra.template.stages import Stage, dropped

_DAY: Final = 24 * 3600
RETENTION: Final = 4 * _DAY
"""Shorter than the DLQ's: a message keeps its age when it is moved, and would else expire there at once."""
DLQ_RETENTION: Final = 14 * _DAY
VISIBILITY_PER_TIMEOUT: Final = 6
"""AWS's recommendation: room for the poller's own retries before a message shows again."""


@dataclass(frozen=True)
class Queue:
    """A queue and its consumer, the function of the same name."""

    name: str
    max_receives: int
    oldest_seconds: int
    """An older message than this means that the consumer does not keep up."""

    @property
    def logical_id(self) -> str:
        """The queue in the template."""
        return f"{self.name.capitalize()}Queue"

    @property
    def dlq_logical_id(self) -> str:
        """Its dead-letter queue in the template."""
        return f"{self.name.capitalize()}Dlq"


QUEUES: Final = (
    Queue("workflow", max_receives=5, oldest_seconds=600),
    # The consumer lets the delay grow up to an hour, with full jitter: 24 receives bridge some eight hours of
    # a court's outage; after that the alarm rings, and the reconciler sends again from the table.
    Queue("court", max_receives=24, oldest_seconds=2 * 3600),
    Queue("callbacks", max_receives=10, oldest_seconds=900),
    # Delayed like the court's. A code is of no use after ten minutes: somebody should know soon after.
    Queue("notices", max_receives=24, oldest_seconds=900),
)
RELAY_DLQ: Final = "RelayDlq"
"""Where the stream's poller reports batches the relay gave up on; it holds positions, not records."""


def resources(stage: Stage) -> Template:
    """Return the queues, their DLQs and the policies that demand TLS."""
    found: Template = {RELAY_DLQ: _dlq(f"{stage.prefix}-relay-dlq", {"redrivePermission": "denyAll"})}
    for queue in QUEUES:
        found[queue.logical_id] = _queue(stage, queue)
        found[queue.dlq_logical_id] = _dlq(
            f"{stage.prefix}-{queue.name}-dlq",
            {
                "redrivePermission": "byQueue",
                # By name: the queue already refers to its DLQ, and CloudFormation allows no circle.
                "sourceQueueArns": [arn("sqs", f"{stage.prefix}-{queue.name}")],
            },
        )
    return found | {f"{name}Policy": _tls_only(name) for name in found}


def _queue(stage: Stage, queue: Queue) -> Template:
    return dropped(
        {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": f"{stage.prefix}-{queue.name}",
                "SqsManagedSseEnabled": True,
                "VisibilityTimeout": VISIBILITY_PER_TIMEOUT * chalice_config.timeout(queue.name),
                "MessageRetentionPeriod": RETENTION,
                "ReceiveMessageWaitTimeSeconds": 20,
                "RedrivePolicy": {
                    "deadLetterTargetArn": att(queue.dlq_logical_id),
                    "maxReceiveCount": queue.max_receives,
                },
            },
        }
    )


def _dlq(name: str, redrive_allow: Template) -> Template:
    return dropped(
        {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": name,
                "SqsManagedSseEnabled": True,
                "MessageRetentionPeriod": DLQ_RETENTION,
                "RedriveAllowPolicy": redrive_allow,
            },
        }
    )


def _tls_only(queue: str) -> Template:
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": att(queue),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [ref(queue)],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }
