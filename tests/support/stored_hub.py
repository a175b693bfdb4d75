"""A fake hub whose records are kept in a real table: queues, executions, court and clock stay fakes.

Promise: what is stored is what the hub stores, and `relay` sends what the table's stream would: what this hub
has stored since. Downside: what another hub stores in the same table it does not relay, papers' bytes are
kept nowhere, and the people of the roster are those of the fake, so that a table holds cases alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.capabilities.calls.service import Calls
from chalicelib.capabilities.calls.store import calls
from chalicelib.capabilities.contacts.service import Looks
from chalicelib.capabilities.contacts.store import looks
from chalicelib.capabilities.defences.service import Defences
from chalicelib.capabilities.defences.store import defences, for_court
from chalicelib.capabilities.guidance.service import Guidance
from chalicelib.capabilities.guidance.store import drafts_seen, guidance
from chalicelib.capabilities.links.service import Links
from chalicelib.capabilities.links.store import party_links
from chalicelib.capabilities.notes.service import Notes
from chalicelib.capabilities.notes.store import notes
from chalicelib.capabilities.sessions.service import Sessions
from chalicelib.capabilities.sessions.store import sessions
from chalicelib.capabilities.talks.service import Messages
from chalicelib.capabilities.talks.store import messages
from chalicelib.capabilities.worklists.service import WorkLists
from chalicelib.capabilities.worklists.store import work_lists
from chalicelib.consumers import STAYS
from chalicelib.registry import relayed
from chalicelib.use_cases.capability_ports import DefencesForCourt, DraftsSeen, PartyLinks
from tests.contract.storage.pinned.desk import FixedKms
from tests.support.fakes import FakeClock, FakeHub
from tests.support.fakes.engine import FakeEngine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient

Item = dict[str, Any]
Key = tuple[str, str]
_STORED = (
    "callbacks",
    "cases",
    "codes",
    "deadlines",
    "debts",
    "dispatches",
    "due",
    "notices",
    "policies",
    "settlements",
    "talk",
    "transfers",
    "workflows",
)


class StoredHub(FakeHub):
    """The hub on a table, with keys that never change."""

    def __init__(self, client: DynamoDBClient, name: str, clock: FakeClock | None = None) -> None:
        super().__init__(clock)
        kms = cast("KMSClient", FixedKms())
        store = DynamoStore(client, name, kms=lambda: kms, kms_key_id="golden", now=self.clock.epoch)
        for part in _STORED:
            setattr(self, part, getattr(store, part))
        self.parts[Calls] = calls(store)
        self.parts[Links] = self.parts[PartyLinks] = party_links(store)
        self.parts[Defences] = defences(store)
        self.parts[DefencesForCourt] = for_court(store)
        self.parts[Guidance] = guidance(store)
        self.parts[DraftsSeen] = drafts_seen(store)
        self.parts[Looks] = looks(store)
        self.parts[Messages] = messages(store)
        self.parts[Notes] = notes(store)
        self.parts[Sessions] = sessions(store)
        self.parts[WorkLists] = work_lists(store)
        self._client, self._name = client, name
        self._written: dict[Key, None] = {}
        self._known: set[Key] = set()
        client.meta.events.register("provide-client-params.dynamodb.*", self._note)

    def _note(self, params: Mapping[str, Any], **_: Any) -> None:
        writes = [write for entry in params.get("TransactItems", ()) for write in entry.values()]
        for write in writes or [params]:
            place = write.get("Item") or write.get("Key")
            if place and write.get("TableName") == self._name:
                self._written[place["PK"]["S"], place["SK"]["S"]] = None

    def items(self) -> list[Item]:
        """Return everything stored."""
        pages = self._client.get_paginator("scan").paginate(TableName=self._name, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def restore(self, items: Iterable[Item]) -> None:
        """Begin with these records, of which the stream says nothing any more."""
        for item in items:
            self._client.put_item(TableName=self._name, Item=item)
        self.engine = FakeEngine(tokens_before=10**6)  # no token of the records' executions comes again
        self._known |= self._written.keys()
        self._written.clear()

    def relay(self) -> None:
        """Send the queues what was stored since the last call."""
        written, self._written = self._written, {}
        for key in [key for key in written if key not in self._known]:
            becomes = relayed(*key)
            if becomes is not None and self._is_told(*key):
                self._known.add(key)
                self.queues.send(*becomes)

    def _is_told(self, pk: str, sk: str) -> bool:
        key = {"PK": {"S": pk}, "SK": {"S": sk}}
        found = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        return STAYS not in found.get("Item", {STAYS: None})
