"""The stores on one table, with keys and a clock that never change."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from chalicelib.adapters.dynamo.circuit import DynamoCircuitStore
from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.capabilities.applications.store import applications
from chalicelib.capabilities.contacts.store import looks
from chalicelib.capabilities.defences.store import defences
from chalicelib.capabilities.guidance.store import guidance
from chalicelib.capabilities.institutions.store import DynamoRoll, institutions
from chalicelib.capabilities.links.store import party_links
from chalicelib.capabilities.notes.store import notes
from chalicelib.capabilities.roster.store import roster
from chalicelib.capabilities.sessions.store import sessions
from chalicelib.capabilities.talks.store import messages
from chalicelib.domain.agreement.errors import CodeNotVerified
from chalicelib.domain.case import Case, Change
from chalicelib.domain.events import Event
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.papers import Paper
from tests.contract.storage.conftest import RawTable
from tests.contract.storage.pinned import cases
from tests.support.fakes import FakeClock
from tests.support.fakes.machinery import data_url

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

Item = dict[str, Any]


class FixedKms:
    """A key service whose keys never change: an owner's key is the SHA-256 of its name."""

    def generate_data_key(self, *, KeyId: str, KeySpec: str, EncryptionContext: Item) -> Item:  # noqa: N803 - boto3's names
        """Return the owner's key."""
        assert (KeyId, KeySpec, [*EncryptionContext]) == ("golden", "AES_256", ["institution_id"])
        owner: str = EncryptionContext["institution_id"]
        return {"CiphertextBlob": f"wrapped for {owner}".encode(), "Plaintext": secret_of(owner)}

    def decrypt(self, *, KeyId: str, CiphertextBlob: bytes, EncryptionContext: Item) -> Item:  # noqa: N803 - boto3's names
        """Return the key that was wrapped."""
        made = self.generate_data_key(KeyId=KeyId, KeySpec="AES_256", EncryptionContext=EncryptionContext)
        assert made["CiphertextBlob"] == CiphertextBlob
        return made


def secret_of(owner: str) -> bytes:
    """Return an owner's key."""
    return hashlib.sha256(owner.encode()).digest()


class Contents:
    """Papers' bytes in memory."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def put(self, case_id: str, paper: Paper) -> None:
        """Keep them."""
        self._kept[case_id, paper.sha256] = paper.content

    def get(self, case_id: str, document_id: str) -> bytes:
        """Read them."""
        return self._kept[case_id, document_id]

    def link(self, case_id: str, document_id: str) -> str:
        """Return an address that has them in it."""
        return data_url(self._kept[case_id, document_id])


class Desk:
    """The stores on one table, as the hub has them, with fixed keys and a fixed clock."""

    def __init__(self, raw: RawTable) -> None:
        self.raw = raw
        self.clock = FakeClock(cases.AT)
        kms = cast("KMSClient", FixedKms())
        self.store = DynamoStore(
            raw.client, raw.name, kms=lambda: kms, kms_key_id="golden", now=self.clock.epoch
        )
        self.papers = self.store.papers(Contents())
        self.looks = looks(self.store)
        self.applications = applications(self.store)
        self.notes = notes(self.store)
        self.defences = defences(self.store)
        self.messages = messages(self.store)
        self.sessions = sessions(self.store)
        self.guidance = guidance(self.store)
        self.institutions, self.roll = institutions(self.store), DynamoRoll(self.store)
        self.roster = roster(self.store)
        self.links = party_links(self.store)
        self.circuits = DynamoCircuitStore(raw.client, raw.name)

    def save(
        self,
        case: Case,
        event: Event = cases.EVENT_CONSENT,
        *records: object,
        before: Case | None = None,
        follow_up_at: datetime | None = None,
        act: bytes | None = None,
    ) -> None:
        """Save a change of a case whose earlier version is stored."""
        self.raw.put(
            {
                "PK": {"S": f"CASE#{case.case_id}"},
                "SK": {"S": "CASE"},
                "version": {"N": str(case.version - 1)},
                "head": {"S": event.previous},
            }
        )
        self.store.cases.save(
            Change(
                case=case, event=event, before=before, records=records, follow_up_at=follow_up_at, act=act
            ),
            cases.DUE,
        )

    def file(self, debt: Debt | None = None) -> None:
        """File the case."""
        change = Change(case=cases.CASE_FILED, event=cases.EVENT_FILED).with_records(debt)
        self.store.cases.add(change, cases.DETAILS, cases.IDEMPOTENCY, cases.DUE)

    def guess(self, code: str) -> None:
        """Try a code, in vain."""
        with pytest.raises(CodeNotVerified):
            self.store.codes.verify(cases.CASE_IN_MEDIATION, "r1", cases.AGREEMENT_SHA256, code)
