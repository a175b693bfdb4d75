"""The record of a court's message: what it asks, as one of four maps, and its sealed bytes.

Promise: as in `records`.
"""

from __future__ import annotations

from pynamodb.attributes import ListAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Code, Instant, Map, optional
from chalicelib.adapters.dynamo.confirmations import RulingMap
from chalicelib.adapters.dynamo.records import DocketingMap, DueRecord, ReasonMap
from chalicelib.domain.transfer import ReviewResult


class ReviewMap(Map):
    """The registry's review, as its message said it."""

    result = Code(ReviewResult)
    filing_id = optional(UnicodeAttribute())
    reasons = ListAttribute(of=ReasonMap)


class DocketedMap(Map):
    """That a case was docketed, as the message said it."""

    filing_id = UnicodeAttribute()
    docketing = DocketingMap()


class RefusalMap(Map):
    """That a suit was refused, as the message said it."""

    filing_id = UnicodeAttribute()
    code = UnicodeAttribute()


class RuledMap(Map):
    """That a confirmation was ruled on, as the message said it."""

    filing_id = UnicodeAttribute()
    court_case_number = UnicodeAttribute()
    judge_id = UnicodeAttribute()
    ruling = RulingMap()


class CallbackRecord(DueRecord):
    """CALLBACK#<court_id>#<webhook-id> / CALLBACK: what one of the four maps asks; `raw` is sealed."""

    callback_id = UnicodeAttribute()
    court_id = UnicodeAttribute()
    transfer_id = UnicodeAttribute()
    occurred_at = Instant()
    review = ReviewMap(null=True)
    docketed = DocketedMap(null=True)
    refusal = RefusalMap(null=True)
    ruling = RuledMap(null=True)
    key_id = UnicodeAttribute()
    raw = Bytes()
    outcome = optional(UnicodeAttribute())
