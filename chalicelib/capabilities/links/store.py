"""Links on the table, under the hash of their tokens, and what the centre did about them beside the case.

Promise: nobody can make a token from what is stored. It is made from the institution's key and what the link
is for, so that a message that is sent again has the same link. Downside: a look-up is two reads.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Code, Instant, Whole, optional
from chalicelib.adapters.dynamo.due import notice_record
from chalicelib.adapters.dynamo.records import KeyAnswerRecord, Record
from chalicelib.capabilities.links.model import LinkAct, LinkChange, entry_of, told_of
from chalicelib.capabilities.links.service import OnPaper
from chalicelib.domain.links import MESSAGE_SECONDS, PAPER_SECONDS, PartyLink, token_hash
from chalicelib.domain.roles import Role
from chalicelib.use_cases.capability_ports import PartyLinks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.domain.case import Case
    from chalicelib.domain.talk import Entry, Head
    from chalicelib.use_cases.records import Idempotency

# No act begins like this, because an act is JSON: so no act's mark is a link's.
_LINK: Final = b"link "
_TOKEN_BYTES: Final = 15
"""120 bits: 24 letters and digits of base32, which somebody can type from paper."""


class LinkRecord(Record):
    """A link; real time in epoch seconds, removed by TTL when it is over."""

    key = "LINK#{token_sha256}", "LINK"
    token_sha256 = UnicodeAttribute()
    case_id = UnicodeAttribute()
    party_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    issued_at = Whole()
    expires_at = Whole()
    paper = BooleanAttribute()
    issued_by = optional(UnicodeAttribute())


class LinksRevokedRecord(Record):
    """When a party's links were last revoked, in epoch seconds: every link issued by then is over."""

    key = "CASE#{case_id}", "LINKS#{party_id}"
    revoked_at = Whole()


class LinkActRecord(Record):
    """What the centre did about a party's links, under the number of its entry in the log of talk."""

    key = "CASE#{case_id}", "LINK#{sequence:08}"
    done = Code(LinkChange)
    party_id = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()


class LinkKeyRecord(KeyAnswerRecord):
    """Which link on paper an idempotency key made: when, and its number in the log of talk."""

    key = "IDEM#{caller}#{key}", "LINK"
    party_id = UnicodeAttribute()
    sequence = Whole()
    issued_at = Whole()


def party_links(store: DynamoStore) -> DynamoPartyLinks:
    """Make the implementation of the ports `PartyLinks` and `Links`."""
    return DynamoPartyLinks(store)


class DynamoPartyLinks(PartyLinks):
    """The ports `PartyLinks` and `Links`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def for_message(self, case: Case, party_id: str, person_id: str, message_id: str) -> str:
        """Store the link of a message and return its token: the same each time. Raises StoreBusy."""
        token = self._token(case, f"message {message_id}")
        link = _link(case, party_id, person_id, token, self._second(), MESSAGE_SECONDS)
        # A message that is sent again keeps the time of its first link: one that was revoked stays so.
        self._store.table.put(LinkRecord.from_value(link), LinkRecord.pk.does_not_exist())
        return token

    def find(self, token: str) -> PartyLink | None:
        """Return the link of a token, as long as it holds. Raises StoreBusy."""
        record = self._store.table.get(LinkRecord, token_sha256=token_hash(token))
        if record is None:
            return None
        link = record.to_value(PartyLink)
        return link if link.holds(self._second(), self.revoked_at(link.case_id, link.party_id)) else None

    def revoked_at(self, case_id: str, party_id: str) -> int | None:
        """Return when a party's links were last revoked, in epoch seconds. Raises StoreBusy."""
        record = self._store.table.get(LinksRevokedRecord, case_id=case_id, party_id=party_id)
        return record.revoked_at if record else None

    def issue(
        self, case: Case, act: LinkAct, salt: str, idempotency: Idempotency, due_at: datetime
    ) -> OnPaper:
        """Store a link on paper; see the port. Raises IdempotencyKeyReused or StoreBusy."""
        now = self._second()

        def entry_behind(head: Head) -> Entry:
            return entry_of(case.case_id, act, head, salt)

        def writes_of(entry: Entry) -> Sequence[Write]:
            link, _ = self._on_paper(case, act.party_id, entry.sequence, now, act.subject)
            to_put = self._store.table.to_put
            notice = notice_record(told_of(case.case_id, act, entry.sequence), due_at)
            return [to_put(LinkRecord.from_value(link)), to_put(_record(case, act, entry)), to_put(notice)]

        told = {"party_id": act.party_id, "issued_at": now}
        stored = self._store.talk.append_once(
            case.case_id, entry_behind, writes_of, idempotency, LinkKeyRecord, **told
        )
        if isinstance(stored, LinkKeyRecord):
            link, token = self._on_paper(
                case, stored.party_id, stored.sequence, stored.issued_at, act.subject
            )
            return OnPaper(link=link, token=token, replayed=True)
        link, token = self._on_paper(case, act.party_id, stored.sequence, now, act.subject)
        return OnPaper(link=link, token=token)

    def revoke(self, case: Case, act: LinkAct, salt: str) -> None:
        """End a party's links; see the port. Raises StoreBusy."""
        place = LinksRevokedRecord.place(case_id=case.case_id, party_id=act.party_id)
        revoked = LinksRevokedRecord(*place, revoked_at=self._second())
        table = self._store.table
        self._store.talk.append(
            case.case_id,
            lambda head: entry_of(case.case_id, act, head, salt),
            lambda entry: [table.to_put(revoked), table.to_put(_record(case, act, entry))],
        )

    def acts(self, case_id: str) -> tuple[LinkAct, ...]:
        """Read what was done, the oldest first."""
        records = self._store.table.read_all(LinkActRecord, LinkActRecord.all_of(case_id=case_id))
        return tuple(record.to_value(LinkAct) for record in records)

    def _second(self) -> int:
        return int(self._store.now())

    def _on_paper(
        self, case: Case, party_id: str, sequence: int, now: int, issued_by: str
    ) -> tuple[PartyLink, str]:
        token = self._token(case, f"paper {sequence}")
        link = _link(case, party_id, party_id, token, now, PAPER_SECONDS)
        return replace(link, paper=True, issued_by=issued_by), token

    def _token(self, case: Case, about: str) -> str:
        key = self._store.data_keys.for_sealing(case.institution_id)
        mark = bytes.fromhex(key.mark_of(_LINK + f"{case.case_id} {about}".encode()))
        return base64.b32encode(mark[:_TOKEN_BYTES]).decode().lower()


def _link(case: Case, party_id: str, person_id: str, token: str, now: int, seconds: int) -> PartyLink:
    return PartyLink(
        token_sha256=token_hash(token),
        case_id=case.case_id,
        party_id=party_id,
        person_id=person_id,
        issued_at=now,
        expires_at=now + seconds,
    )


def _record(case: Case, act: LinkAct, entry: Entry) -> LinkActRecord:
    return LinkActRecord.from_value(act, LinkActRecord.place(case_id=case.case_id, sequence=entry.sequence))
