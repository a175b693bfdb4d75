"""The parties' personal data: sealed field by field, looked up by an HMAC of the id number.

Promise: of a `PartyDetails` only the party id, ciphertext and, for the respondents, the index of their id
number are stored. Applicants are not indexed: all cases of an institution would be in one partition, that of
its own id number. Correcting one party leaves the others' ciphertext as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import PartiesRecord, PersonRecord, SealedPartyMap
from chalicelib.domain.parties import PartyDetails

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.sealing import DataKey
    from chalicelib.domain.case import Case

FIELDS: Final = ("name", "id_number", "phone", "address", "account")
"""The sealed fields of a party; only `account` may be absent."""


def seal(case: Case, details: Iterable[PartyDetails], key: DataKey) -> list[SealedPartyMap]:
    """Seal the parties' details for their case."""
    return [_sealed(case, entry, key) for entry in details]


def _sealed(case: Case, details: PartyDetails, key: DataKey) -> SealedPartyMap:
    given = {field: value for field in FIELDS if (value := getattr(details, field)) is not None}
    return SealedPartyMap(
        party_id=details.party_id,
        key_id=key.key_id,
        id_index=key.index_of(details.id_number) if details.party_id in case.respondent_ids else None,
        **{
            field: key.seal(value, _place(case.case_id, details.party_id, field))
            for field, value in given.items()
        },
    )


def unseal(case: Case, record: PartiesRecord, data_keys: DataKeys) -> tuple[PartyDetails, ...]:
    """Open the details in the order of the case's parties; raises SealBroken."""
    opened = {}
    for sealed in record.parties:
        key = data_keys.for_opening(case.institution_id, sealed.key_id)
        opened[sealed.party_id] = _unsealed(case.case_id, sealed, key)
    return tuple(opened[party.party_id] for party in case.parties)


def _unsealed(case_id: str, sealed: SealedPartyMap, key: DataKey) -> PartyDetails:
    given = {field: value for field in FIELDS if (value := getattr(sealed, field)) is not None}
    return PartyDetails(
        party_id=sealed.party_id,
        **{
            field: key.open(value, _place(case_id, sealed.party_id, field)).decode()
            for field, value in given.items()
        },
    )


def parties_record(case_id: str, parties: Sequence[SealedPartyMap]) -> PartiesRecord:
    """Return the record of a case's sealed parties."""
    return PartiesRecord(pk=keys.case(case_id), sk=keys.PARTIES, parties=list(parties))


def merged(stored: Sequence[SealedPartyMap], corrected: Sequence[SealedPartyMap]) -> list[SealedPartyMap]:
    """Replace the corrected parties among the stored ones; what a later release put beside them stays."""
    parties = {party.party_id: party for party in stored}
    for party in corrected:
        known, before = party.get_attributes(), parties.get(party.party_id, party)
        for name in before.attribute_values.keys() - known.keys():
            setattr(party, name, before.attribute_values[name])
        parties[party.party_id] = party
    return list(parties.values())


def people(parties: Iterable[SealedPartyMap]) -> set[str]:
    """Return the look-up indexes of the parties that have one."""
    return {party.id_index for party in parties if party.id_index is not None}


def person_record(case: Case, id_index: str) -> PersonRecord:
    """Return the look-up record of a person in a case."""
    return PersonRecord(pk=keys.person(case.institution_id, id_index), sk=keys.case(case.case_id))


def _place(case_id: str, party_id: str, field: str) -> tuple[str, ...]:
    return keys.case(case_id), keys.PARTIES, party_id, field
