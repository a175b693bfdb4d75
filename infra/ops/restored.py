"""Checks a restored table before the hub works on it, for `python -m infra.ops restore-check`.

Promise: every case is read as the hub reads it: its history is whole up to the hash that the case names, its
claim is held by it and by no other, it stands in the due index for as long as it is open, and its sealed data
open with the present key. What is owed to courts is named, since it will be sent again, under the ids it had.
Nothing is changed; ids and codes are shown only. Downside: it reads the whole table, and what happened after
the moment of the restore nobody can see in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import OpenClaimRecord
from chalicelib.domain.errors import ChainBroken, HubError
from infra.ops import chain
from infra.template.release import ALIAS
from infra.template.storage import INDEXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub

Item = dict[str, Any]
Items = dict[tuple[str, str], Item]
_READ: Final = "PK, SK, due_at, due_shard, case_id, kind, transfer_id"
_SHARDS: Final = tuple({"S": str(shard)} for shard in range(keys.DUE_SHARDS))
_OPEN: Final = "OPEN#"
_DISPATCH: Final = "DISPATCH#"


def items_of(dynamodb: DynamoDBClient, table: str) -> Items:
    """Read every record's key and what the due index and the claims need of it; nothing personal."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression=_READ, ConsistentRead=True
    )
    return {(item["PK"]["S"], item["SK"]["S"]): dict(item) for page in pages for item in page["Items"]}


def case_ids(items: Iterable[tuple[str, str]]) -> list[str]:
    """Return the ids of all cases."""
    return sorted(pk.removeprefix(keys.CASE_PREFIX) for pk, sk in items if sk == "CASE")


def owed_to_courts(items: Items) -> list[str]:
    """Return case, kind and transfer of the messages to courts that are not delivered yet."""
    owed = [item for (_, sk), item in items.items() if sk.startswith(_DISPATCH) and "due_at" in item]
    return sorted(" ".join(item[name]["S"] for name in ("case_id", "kind", "transfer_id")) for item in owed)


def problems(hub: Hub, items: Items) -> Iterator[str]:
    """Yield what is wrong, a line for each, beginning with the case's id."""
    over: dict[str, bool] = {}
    for case_id in case_ids(items):
        try:
            case = hub.cases.get(case_id)
            over[case_id] = case.stage.terminal
            yield from _of_case(hub, case, items)
        except ChainBroken as broken:
            yield f"{case_id}: the history is broken: {broken}"
        except HubError as error:
            yield f"{case_id}: {error.code}"
    yield from _claims(items, over)


def _of_case(hub: Hub, case: Case, items: Items) -> Iterator[str]:
    events = hub.cases.events(case.case_id, after=0)
    chain.verified(
        events, version=case.version, head=case.last_event_hash, talk=hub.talk.entries(case.case_id)
    )
    if (len(events), events[-1].hash) != (case.sequence, case.last_event_hash):
        yield f"{case.case_id}: it has {len(events)} events and says {case.sequence}"
    hub.cases.details(case)
    hub.settlements.get(case)
    if case.transfer is not None:
        hub.transfers.get(case.transfer.transfer_id)
    claim = OpenClaimRecord.place(
        institution_id=case.institution_id,
        contract_number=case.contract_number,
        instalment_scope=case.instalment_scope,
    )
    if not case.stage.terminal and _holder(items, claim) != case.case_id:
        yield f"{case.case_id}: it is open and does not hold its claim"
    driven = items.get((f"{keys.CASE_PREFIX}{case.case_id}", "WORKFLOW"), {})
    if case.stage.terminal == ("due_at" in driven):
        yield f"{case.case_id}: it is {'over and still' if case.stage.terminal else 'open and not'} due"
    if "due_at" in driven and driven.get("due_shard") not in _SHARDS:
        yield f"{case.case_id}: it is due in no shard that the sweep reads"


def _claims(items: Items, over: Mapping[str, bool]) -> Iterator[str]:
    for pk, sk in sorted(items):
        if pk.startswith(_OPEN):
            holder = _holder(items, (pk, sk))
            if over.get(holder, True):
                yield f"{holder}: it holds a claim and is {'over' if holder in over else 'not there'}"


def _holder(items: Items, claim: tuple[str, str]) -> str:
    holder: str = items.get(claim, {}).get("case_id", {}).get("S", "")
    return holder


def to_do(dynamodb: DynamoDBClient, table: str, key_id: str) -> Iterator[str]:
    """Yield the settings that a restore does not bring along and that are not set yet."""
    found = dynamodb.describe_table(TableName=table)["Table"]
    if found.get("StreamSpecification", {}).get("StreamViewType") != "NEW_AND_OLD_IMAGES":
        yield "stream: aws dynamodb update-table, StreamViewType=NEW_AND_OLD_IMAGES"
    if key_id and found.get("SSEDescription", {}).get("KMSMasterKeyArn") != key_id:
        yield f"encryption: aws dynamodb update-table, KMSMasterKeyId={key_id}"
    if not found.get("DeletionProtectionEnabled"):
        yield "deletion protection: aws dynamodb update-table --deletion-protection-enabled"
    if missing := INDEXES.keys() - {index["IndexName"] for index in found.get("GlobalSecondaryIndexes", [])}:
        yield f"indexes: {', '.join(sorted(missing))} are missing; restore again with all of them"
    expiry = _answer(lambda: dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"])
    if expiry.get("AttributeName") != "expires_at":
        yield "expiry: aws dynamodb update-time-to-live, AttributeName=expires_at"
    backups = _answer(
        lambda: dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    )
    if backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
        yield "point-in-time recovery: aws dynamodb update-continuous-backups"


def relay_to_do(dynamodb: DynamoDBClient, functions: Any, table: str, relay: str) -> Iterator[str]:
    """Yield what the relay misses: a restored table has another stream."""
    stream = dynamodb.describe_table(TableName=table)["Table"].get("LatestStreamArn")
    mappings = functions.list_event_source_mappings(FunctionName=f"{relay}:{ALIAS}")["EventSourceMappings"]
    if stream not in {mapping["EventSourceArn"] for mapping in mappings}:
        yield f"relay: make deploy with the parameter RelayStream={stream}"


def _answer(ask: Any) -> Any:
    """Return what an engine says of a setting; nothing if it does not have it, as DynamoDB Local."""
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"].get("Code") in {"UnknownOperationException", "UnsupportedOperation"}:
            return {}
        raise
