"""The table's keys, in one place: the key of each record, and how lists and due dates spread over shards.

Promise: two different things never share a key: free text in a key is escaped, so that a `#` in a
contract number is not read as a separator. Downside: the number of shards can't change while records
exist, since a record's shard is stored with it.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Final

SHARDS: Final = 4
"""Partitions of each court's list and of the due index; each carries 1,000 writes a second."""

CASE: Final = "CASE"
TALK_HEAD: Final = "CASE#TALK"  # begins like the case's, so that one query reads both
PARTIES: Final = "PARTIES"
DEBT: Final = "DEBT"
WORKFLOW: Final = "WORKFLOW"
TRANSFER: Final = "TRANSFER"
CALLBACK: Final = "CALLBACK"
IDEM: Final = "IDEM"
OPEN: Final = "OPEN"
KEY: Final = "KEY"
DOCUMENT_PREFIX: Final = "DOCUMENT#"
DEADLINE_PREFIX: Final = "DEADLINE#"
CASE_PREFIX: Final = "CASE#"
LAST_EVENT: Final = 99_999_999


def case(case_id: str) -> str:
    """PK of a case and everything beside it."""
    return f"{CASE_PREFIX}{case_id}"


def event(sequence: int) -> str:
    """SK of an event; eight digits keep the order."""
    return f"EVENT#{sequence:08}"


def talk(sequence: int) -> str:
    """SK of an entry of the case's log of talk."""
    return f"TALK#{sequence:08}"


def dispatch(dispatch_id: str) -> str:
    """SK of a message owed to the court."""
    return f"DISPATCH#{dispatch_id}"


def settlement(round_: int) -> str:
    """SK of a round's settlement."""
    return f"SETTLEMENT#{round_:04}"


def payee_account(round_: int) -> str:
    """SK of the account that a round's agreement has to be paid to."""
    return f"PAYEE#{round_:04}"


def document(document_id: str) -> str:
    """SK of a paper of a case; its id is the SHA-256 of its bytes."""
    return f"{DOCUMENT_PREFIX}{document_id}"


def notice(notice_id: str) -> str:
    """SK of a message owed to a party."""
    return f"NOTICE#{notice_id}"


def deadline(kind: str) -> str:
    """SK of a deadline beside a case."""
    return f"{DEADLINE_PREFIX}{kind}"


def code(party_id: str) -> str:
    """SK of the record of a party's latest one-time code."""
    return f"CODE#{party_id}"


def transfer(transfer_id: str) -> str:
    """PK of a transfer."""
    return f"TRANSFER#{transfer_id}"


def callback(callback_id: str) -> str:
    """PK of a court's message; the id begins with the court's, which makes it unique among courts."""
    return f"CALLBACK#{callback_id}"


def idempotency(caller: str, key: str) -> str:
    """PK of the answer that was given to a caller's key."""
    return f"IDEM#{_escaped(caller)}#{_escaped(key)}"


def open_claim(institution_id: str, contract_number: str, instalment_scope: str) -> str:
    """PK of a claim, which can't be open in two cases."""
    return f"OPEN#{_escaped(institution_id)}#{_escaped(contract_number)}#{_escaped(instalment_scope)}"


def data_key(owner: str) -> str:
    """PK of an owner's wrapped data key."""
    return f"KEY#{owner}"


def person(institution_id: str, id_index: str) -> str:
    """PK of an institution's cases against one person; `id_index` is an HMAC, which holds no `#`."""
    return f"PERSON#{institution_id}#{id_index}"


def policies(institution_id: str) -> str:
    """PK of an institution's concession policies."""
    return f"POLICY#{_escaped(institution_id)}"


def policy_version(version: int) -> str:
    """SK of a version; eight digits keep the order."""
    return f"V#{version:08}"


def shard_of(key: str) -> int:
    """Return the shard of an id: evenly spread, and never another one for the same id."""
    return zlib.crc32(key.encode()) % SHARDS


def court_list(court_id: str, shard: int) -> str:
    """Return the partition of a court's list."""
    return f"{court_id}#{shard}"


def sortable(at: datetime) -> str:
    """Write an instant so that text order is time order: UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def filed_key(filed_at: datetime, case_id: str) -> str:
    """Return the sort key of a case in every list: ordered by the time of filing, and unique."""
    return f"{sortable(filed_at)}#{case_id}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("#", "%23")
