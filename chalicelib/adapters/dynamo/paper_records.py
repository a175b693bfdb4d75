"""The record of a paper: ids and codes; its bytes are in the document store."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Code, Instant, Whole, optional
from chalicelib.adapters.dynamo.records import Record
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.roles import Role


class DocumentRecord(Record):
    """CASE#<id> / DOCUMENT#<SHA-256>: a paper of the case."""

    document_id = UnicodeAttribute()
    case_id = UnicodeAttribute()
    kind = Code(PaperKind)
    template_id = UnicodeAttribute()
    media_type = UnicodeAttribute()
    size = Whole()
    made_by = Code(Role)
    made_at = Instant()
    party_id = optional(UnicodeAttribute())
    of = optional(UnicodeAttribute())
