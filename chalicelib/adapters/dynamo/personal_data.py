"""The parties' personal data: sealed field by field, looked up by an HMAC of the id number.

Promise: of a `PartyDetails` only the party id, ciphertext and, for the respondents, the index of their id
number are stored. Applicants are not indexed: all cases of an institution would be in one partition, that of
its own id number. Correcting one party leaves the others' ciphertext as it is.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.dynamo.records import PartiesRecord, PersonRecord, SealedPartyMap
from chalicelib.adapters.dynamo.structure import from_json, to_json
from chalicelib.domain.id_documents import IdDocument, Sex
from chalicelib.domain.liability import LiabilityTerms
from chalicelib.domain.parties import PARTICULARS, FormerPhone, PartyDetails
from chalicelib.domain.representatives import Representative

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from chalicelib.adapters.dynamo.records import Key
    from chalicelib.adapters.dynamo.sealing import DataKey, DataKeys
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case

FIELDS: Final = (
    "name",
    "id_number",
    "phone",
    "address",
    "account",
    "id_document",
    "liability",
    "representatives",
    "former_phone",
    "former_phones",
    *PARTICULARS,
)
"""The sealed fields of a party; the first four are always there."""
_NOT_TEXT: Final[Mapping[str, Any]] = {
    "liability": LiabilityTerms,
    "representatives": tuple[Representative, ...],
    "former_phones": tuple[FormerPhone, ...],
}
"""The fields that are sealed as JSON, each with its type."""
_FROM_TEXT: Final[Mapping[str, Callable[[str], Any]]] = {
    "id_document": IdDocument,
    "sex": Sex,
    "birth_date": date.fromisoformat,
}
"""The fields that are sealed as the text of a value, each with what makes the value of it."""


def seal(case: Case, details: Iterable[PartyDetails], key: DataKey) -> list[SealedPartyMap]:
    """Seal the parties' details for their case."""
    return [
        SealedPartyMap(
            party_id=entry.party_id,
            key_id=key.key_id,
            id_index=key.index_of(entry.id_number) if entry.party_id in case.respondent_ids else None,
            **{field: key.seal(_written(field, value), place) for field, value, place in _given(case, entry)},
        )
        for entry in details
    ]


def unseal(case: Case, record: PartiesRecord, data_keys: DataKeys) -> tuple[PartyDetails, ...]:
    """Open the details in the order of the case's parties; raises SealBroken."""
    opened = {}
    for sealed in record.parties:
        key = data_keys.for_opening(case.institution_id, sealed.key_id)
        fields = {field: _read(field, key.open(value, place)) for field, value, place in _given(case, sealed)}
        opened[sealed.party_id] = PartyDetails(party_id=sealed.party_id, **fields)
    return tuple(opened[party.party_id] for party in case.parties)


def _given(case: Case, party: PartyDetails | SealedPartyMap) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Yield each field that a party has, with its value and the place that it is sealed for."""
    place = PartiesRecord.place(case_id=case.case_id)
    for field in FIELDS:
        value = getattr(party, field)
        if value is not None and value != ():
            yield field, value, (*place, party.party_id, field)


def _written(field: str, value: Any) -> str:
    if field not in _NOT_TEXT:
        return str(value)
    return json.dumps(to_json(_NOT_TEXT[field], value), ensure_ascii=False, sort_keys=True)


def _read(field: str, opened: bytes) -> Any:
    text = opened.decode()
    if field in _NOT_TEXT:
        return from_json(_NOT_TEXT[field], json.loads(text), field)
    return _FROM_TEXT[field](text) if field in _FROM_TEXT else text


def merged(stored: Sequence[SealedPartyMap], corrected: Sequence[SealedPartyMap]) -> list[SealedPartyMap]:
    """Replace the corrected parties among the stored ones; what a later release put beside them stays."""
    parties = {party.party_id: party for party in stored}
    for party in corrected:
        known, before = party.get_attributes(), parties.get(party.party_id, party)
        for name in before.attribute_values.keys() - known.keys():
            setattr(party, name, before.attribute_values[name])
        parties[party.party_id] = party
    return list(parties.values())


def writes(
    table: Table, case: Case, parties: Sequence[SealedPartyMap], before: Sequence[SealedPartyMap] = ()
) -> list[Write]:
    """Return the writes that store a case's sealed parties in place of those before, and their look-ups."""

    def place(id_index: str) -> Key:
        return PersonRecord.place(institution_id=case.institution_id, id_index=id_index, case_id=case.case_id)

    record = PartiesRecord(*PartiesRecord.place(case_id=case.case_id), parties=list(parties))
    known, sought = _people(before), _people(parties)
    return [
        (table.to_rewrite if before else table.to_put)(record),
        *(table.to_put(PersonRecord(*place(id_index))) for id_index in sorted(sought - known)),
        *(table.to_delete(place(id_index)) for id_index in sorted(known - sought)),
    ]


def _people(parties: Iterable[SealedPartyMap]) -> set[str]:
    return {party.id_index for party in parties if party.id_index is not None}
