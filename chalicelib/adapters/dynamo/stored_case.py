"""Makes records of cases and events: a case is one JSON text and the attributes for conditions and lists.

Promise: what is an attribute of its own is not in the text too. Why a text: botocore and PynamoDB take time
for each attribute, and a list has fifty cases with forty attributes each (decision 14).
Downside: a query or condition can't use anything that is only in the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import CaseRecord, EventRecord
from chalicelib.adapters.dynamo.structure import from_json, to_json
from chalicelib.adapters.dynamo.table import read, reading
from chalicelib.domain.case import Case

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.table import Item
    from chalicelib.domain.events import Event

_BESIDE: Final = ("institution_id", "mediator_id", "judge_id", "stage")
"""The fields of a case that are attributes of its record; so is `head`, and `case_id` is in its key."""


def case_record(case: Case) -> CaseRecord:
    """Return the record of a case, with the keys of the lists it stands in."""
    content = to_json(Case, case)
    return CaseRecord.from_value(
        case,
        content={key: content[key] for key in content.keys() - {*_BESIDE, "head", "case_id"}},
        court_list=keys.court_list(case.court_id, case.case_id),
        filed_key=keys.filed_key(case.filed_at, case.case_id),
        institution_stage=keys.stage_list(case.institution_id, case.stage),
        court_stage=keys.stage_list(case.court_id, case.stage),
    )


def case_of(item: Item) -> Case:
    """Read a case, without the head of its log of talk; raises RecordTooNew or RecordUnreadable."""
    record = read(CaseRecord, item)
    beside = {name: getattr(record, name) for name in _BESIDE}
    beside |= {"head": record.last_event_hash, "case_id": record.pk.removeprefix(keys.CASE_PREFIX)}
    with reading(CaseRecord):
        case: Case = from_json(Case, {**record.content, **beside}, record.pk)
    # An earlier schema has nothing unknown, and its attributes go when the record is written anew.
    return case if record.schema == CaseRecord.schema.default else replace(case, as_stored={})


def event_record(event: Event, act: str | None = None, *, moves: bool = True) -> EventRecord:
    """Return the record of an event, and what its act is recognised by; chain version 1 had less.

    One that does not move its case says so, which saves a message and its handling (`consumers.STAYS`).
    """
    return EventRecord.from_value(
        event,
        chain_version=None if event.chain_version == 1 else event.chain_version,
        salt=event.salt or None,
        act=act,
        stays=None if moves else True,
    )
