"""Adds to the cases of earlier releases what the lists by stage are sorted by.

Promise: only records that lack it are written, each under the condition that nobody has acted on the case
since it was read, so the command may be repeated at any time. Downside: a read and a write for each case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient


def unlisted(client: DynamoDBClient, table: str, court_id: str) -> Iterator[dict[str, Any]]:
    """Yield a court's cases that stand in no list by stage."""
    pages = client.get_paginator("query")
    for partition in keys.court_lists(court_id):
        for page in pages.paginate(
            TableName=table,
            IndexName="by_court",
            KeyConditionExpression="court_list = :list",
            ExpressionAttributeValues={":list": {"S": partition}},
        ):
            for entry in page["Items"]:
                key = {name: entry[name] for name in ("PK", "SK")}
                item = client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})
                if item and "court_stage" not in item:
                    yield dict(item)


def list_by_stage(client: DynamoDBClient, table: str, court_id: str, item: dict[str, Any]) -> bool:
    """Put a case into the lists by stage; False if somebody acted on it meanwhile, which does it too."""
    stage = item["stage"]["S"]
    try:
        client.update_item(
            TableName=table,
            Key={name: item[name] for name in ("PK", "SK")},
            UpdateExpression="SET court_stage = :court, institution_stage = :institution",
            ConditionExpression="head = :head",
            ExpressionAttributeValues={
                ":court": {"S": keys.stage_list(court_id, stage)},
                ":institution": {"S": keys.stage_list(item["institution_list"]["S"], stage)},
                ":head": item["head"],
            },
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True
