"""The consumers' queues, each with its dead-letter queue.

Promise: no message is lost silently: what can't be handled ends in a DLQ that keeps it 14 days and
raises an alarm. Encryption is SQS's own (SSE-SQS): messages hold ids and codes only (design §3.7), so a
KMS key would add a request per message and a permission per producer and protect nothing more. Downside:
standard queues (design §7) deliver more than once and in any order; consumers are idempotent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.registry import consumers
from infra.template.chalice_config import RELAY_DLQ, dlq_id, queue_id
from infra.template.intrinsics import Template, arn, att, ref
from infra.template.stages import Stage, dropped

if TYPE_CHECKING:
    from chalicelib.consumers import Consumer

_DAY: Final = 24 * 3600
RETENTION: Final = 4 * _DAY
"""Shorter than the DLQ's: a moved message keeps its age, and would otherwise expire in the DLQ at once."""
DLQ_RETENTION: Final = 14 * _DAY
VISIBILITY_PER_TIMEOUT: Final = 6
"""AWS's recommendation: room for the poller's own retries before a message shows again."""


def resources(stage: Stage) -> Template:
    """Return the queues, their DLQs and the policies that demand TLS."""
    found: Template = {RELAY_DLQ: _dlq(f"{stage.prefix}-relay-dlq", {"redrivePermission": "denyAll"})}
    for consumer in consumers():
        found[queue_id(consumer.name)] = _queue(stage, consumer)
        found[dlq_id(consumer.name)] = _dlq(
            f"{stage.prefix}-{consumer.name}-dlq",
            {
                "redrivePermission": "byQueue",
                # By name: the queue already refers to its DLQ, and CloudFormation allows no circle.
                "sourceQueueArns": [arn("sqs", f"{stage.prefix}-{consumer.name}")],
            },
        )
    return found | {f"{name}Policy": _tls_only(name) for name in found}


def _queue(stage: Stage, consumer: Consumer) -> Template:
    return dropped(
        {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": f"{stage.prefix}-{consumer.name}",
                "SqsManagedSseEnabled": True,
                "VisibilityTimeout": VISIBILITY_PER_TIMEOUT * consumer.timeout_seconds,
                "MessageRetentionPeriod": RETENTION,
                "ReceiveMessageWaitTimeSeconds": 20,
                "RedrivePolicy": {
                    "deadLetterTargetArn": att(dlq_id(consumer.name)),
                    "maxReceiveCount": consumer.attempts,
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
