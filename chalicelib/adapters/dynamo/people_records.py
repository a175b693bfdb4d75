"""The records of what is said to people: messages owed to parties, and what is known of one-time codes.

Promise: as `records`; neither a phone nor a code's digits stand in them.
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Code, Json, Whole
from chalicelib.adapters.dynamo.records import DueRecord, Record
from chalicelib.domain.notices import NoticeKind


class NoticeRecord(DueRecord):
    """CASE#<id> / NOTICE#<id>: a message to a party, owed for as long as it is due; no phone, no code."""

    notice_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    party_id = UnicodeAttribute()
    kind = Code(NoticeKind)
    values = Json()


class CodeRecord(Record):
    """CASE#<id> / CODE#<party_id>: a party's latest one-time code, all but its digits; in epoch seconds."""

    number = Whole()
    document_sha256 = UnicodeAttribute()
    issued_at = Whole()
    day_since = Whole()
    in_day = Whole()
    attempts = Whole()
