"""The relay: from the table's stream to the queues, the one path out of the hub.

Promise: each stored record that the table of consumers names becomes one message of ids, but for an event
that leaves its case at its step. Ten messages go out in one call, which saves nine tenths of the relay's
calls and most of its CPU. The first record that can't be relayed is reported, and the stream goes on from it:
no record is lost, and what follows it may be sent twice, which every consumer is written for. Downside: a
stream keeps 24 hours; after a longer outage the reconciler and an operator's `reemit` make up for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.consumers import STAYS
from chalicelib.observability import CORRELATION_ID, about, log, log_failure
from chalicelib.registry import relayed
from chalicelib.use_cases.records import SENT_AT_ONCE, Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chalicelib.use_cases.ports import Queues


class NotTaken(Exception):
    """A queue answered, but did not take the message."""


@dataclass(frozen=True, slots=True)
class _Relayed:
    """A message, and the place in the stream's batch of the record that causes it."""

    place: int
    queue: str
    message: Outgoing
    case_id: str | None


def relay(event: Mapping[str, Any], queues: Callable[[], Queues]) -> dict[str, Any]:
    """Relay a batch of stream records; returns the first that failed, from which the stream goes on."""
    records = event["Records"]
    failed: list[int] = []
    sent: list[_Relayed] = []
    with about(function="relay"):
        for batch in _batches(_messages(records, failed)):
            # The batches begin in the stream's order: what begins behind a failed record comes again with it.
            if not failed or batch[0].place < min(failed):
                refused = _send(batch, records, queues)
                failed += refused
                sent += [each for each in batch if each.place not in refused]
        for each in sent:
            chain = each.message.correlation_id
            log.info("relayed", extra={"case_id": each.case_id, CORRELATION_ID: chain, "queue": each.queue})
    first = [{"itemIdentifier": records[min(failed)]["dynamodb"]["SequenceNumber"]}] if failed else []
    return {"batchItemFailures": first}


def _messages(records: Sequence[Mapping[str, Any]], failed: list[int]) -> list[_Relayed]:
    """Return the messages of the records before the first that can't be read; its place goes to `failed`."""
    found: list[_Relayed] = []
    for place, record in enumerate(records):
        try:
            message = _message(place, record)
        except Exception as error:  # noqa: BLE001 - the stream goes on from here, whatever it was
            _log_failed(record, error)
            failed.append(place)
            break
        if message is not None:
            found.append(message)
    return found


def _message(place: int, record: Mapping[str, Any]) -> _Relayed | None:
    if record["eventName"] != "INSERT" or STAYS in record["dynamodb"].get("NewImage", {}):
        return None
    keys = record["dynamodb"]["Keys"]
    becomes = relayed(keys["PK"]["S"], keys["SK"]["S"])
    if becomes is None:
        return None
    queue, body = becomes
    ids = _stored_ids(record)
    return _Relayed(place, queue, Outgoing(body=body, correlation_id=ids[CORRELATION_ID]), ids["case_id"])


def _batches(messages: Iterable[_Relayed]) -> list[list[_Relayed]]:
    """Group the messages by queue; the groups, of SENT_AT_ONCE at most, stand in the order of their first."""
    batches: list[list[_Relayed]] = []
    filling: dict[str, list[_Relayed]] = {}
    for message in messages:
        batch = filling.get(message.queue)
        if batch is None or len(batch) == SENT_AT_ONCE:
            batch = filling[message.queue] = []
            batches.append(batch)
        batch.append(message)
    return batches


def _send(
    batch: Sequence[_Relayed], records: Sequence[Mapping[str, Any]], queues: Callable[[], Queues]
) -> list[int]:
    """Send a batch; return the places of the records whose messages were not taken."""
    queue = batch[0].queue
    error: Exception = NotTaken(queue)
    try:
        refused = set(queues().send_all(queue, [each.message for each in batch]))
    except Exception as raised:  # noqa: BLE001 - the stream goes on from the first of them, whatever it was
        error, refused = raised, set(range(len(batch)))
    failed = [each.place for number, each in enumerate(batch) if number in refused]
    for place in failed[:1]:
        _log_failed(records[place], error, queue=queue, failed=len(failed))
    return failed


def _log_failed(record: Mapping[str, Any], error: Exception, **more: Any) -> None:
    sequence = record["dynamodb"]["SequenceNumber"]
    log_failure("stream record failed", error, sequence_number=sequence, **_stored_ids(record), **more)


def _stored_ids(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the case that a stored record stands beside, and the chain that it was stored in."""
    change = record["dynamodb"]
    partition = change.get("Keys", {}).get("PK", {}).get("S", "")
    known = change.get("NewImage", {}).get(CORRELATION_ID, {}).get("S")
    return {
        "case_id": partition.removeprefix("CASE#") if partition.startswith("CASE#") else None,
        CORRELATION_ID: known or change["SequenceNumber"],
    }
