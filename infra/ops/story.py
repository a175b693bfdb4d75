"""A case's story for an operator: what happened, what drives it, what is owed, what nobody could handle.

Promise: read from the table, the engine and the dead letters; ids and codes only, for the events' facts are
left out. Nothing is changed: queues are counted, and only dead letters are looked at, since receiving one
does not count against it. Downside: a case's messages on their way are counted among all of their queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.registry import consumers
from infra.ops import dead_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs.client import SQSClient

    from chalicelib.bootstrap import LiveHub
    from chalicelib.settings import Settings

_DEAD_LETTERS: Final = 200
_OWED: Final = ("DISPATCH#", "NOTICE#", "DEADLINE#")


def lines(
    hub: LiveHub, dynamodb: DynamoDBClient, sqs: SQSClient, settings: Settings, case_id: str
) -> Iterator[str]:
    """Yield the story, line by line; raises CaseNotFound."""
    case = hub.cases.get(case_id)
    yield (
        f"case {case_id}: stage {case.stage}, version {case.version}, events {case.sequence}, "
        f"deadline {case.deadline.isoformat() if case.deadline else 'none'}, head {case.last_event_hash}"
    )
    for event in hub.cases.events(case_id, after=0):
        yield f"{event.sequence:>5}  {event.at.isoformat()}  {event.type}  by {event.role}, {event.channel}"
    yield from _driven(hub, case_id)
    for item in _owed(dynamodb, settings.table, case_id):
        due = item.get("due_at", {}).get("S")
        kind = item.get("kind", {}).get("S", "")
        yield f"{item['SK']['S']} {kind}: {f'owed, looked after at {due}' if due else 'done'}"
    for row in consumers():
        queue = sqs_name(settings, row.name)
        held = dead_letters.waiting(sqs, dead_letters.url_of(sqs, queue))
        ours, seen = dead_letters.about(
            sqs, dead_letters.url_of(sqs, f"{queue}-dlq"), case_id, limit=_DEAD_LETTERS
        )
        yield f"queue {queue}: about {held} waiting; {ours} of {seen} dead letters are of this case"


def sqs_name(settings: Settings, consumer: str) -> str:
    """Return the name of a consumer's queue."""
    return f"jiefen-hub-{settings.stage}-{consumer}"


def _driven(hub: LiveHub, case_id: str) -> Iterator[str]:
    record = hub.workflows.get(case_id)
    if record is None:
        yield "execution: none"
        return
    runs = "runs" if hub.engine.running(case_id, record.generation) else "has ended"
    waits = f"waits in {record.step} since version {record.since}" if record.token else "waits nowhere"
    yield f"execution {case_id}-{record.generation}: {runs}, {waits}"


def _owed(dynamodb: DynamoDBClient, table: str, case_id: str) -> Iterator[dict[str, Any]]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="PK = :pk",
        ExpressionAttributeValues={":pk": {"S": f"CASE#{case_id}"}},
        ProjectionExpression="SK, due_at, kind",
        ConsistentRead=True,
    )
    for page in pages:
        yield from (dict(item) for item in page["Items"] if item["SK"]["S"].startswith(_OWED))
