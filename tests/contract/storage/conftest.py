"""Every storage there is, under the same tests: the fakes, moto, and DynamoDB Local as the reference."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.capabilities.applications.service import Applications
from chalicelib.capabilities.applications.store import applications
from chalicelib.capabilities.calls.service import Calls
from chalicelib.capabilities.calls.store import calls
from chalicelib.capabilities.contacts.service import Looks
from chalicelib.capabilities.contacts.store import looks
from chalicelib.capabilities.defences.service import Defences
from chalicelib.capabilities.defences.store import defences
from chalicelib.capabilities.guidance.service import Guidance
from chalicelib.capabilities.guidance.store import guidance
from chalicelib.capabilities.institutions.service import Institutions, Roll
from chalicelib.capabilities.institutions.store import DynamoRoll, institutions
from chalicelib.capabilities.links.service import Links
from chalicelib.capabilities.links.store import party_links
from chalicelib.capabilities.notes.service import Notes as Written
from chalicelib.capabilities.notes.store import notes
from chalicelib.capabilities.roster.service import Roster
from chalicelib.capabilities.roster.store import roster
from chalicelib.capabilities.sessions.service import Sessions
from chalicelib.capabilities.sessions.store import sessions
from chalicelib.capabilities.talks.service import Messages
from chalicelib.capabilities.talks.store import messages
from chalicelib.capabilities.worklists.service import WorkLists
from chalicelib.capabilities.worklists.store import work_lists
from chalicelib.use_cases.capability_ports import PartyLinks
from chalicelib.use_cases.court_ports import Callbacks, Dispatches, Transfers
from chalicelib.use_cases.money_ports import Debts, Policies, Settlements
from chalicelib.use_cases.people_ports import Codes, Notices
from chalicelib.use_cases.ports import Cases, Deadlines, DueIndex, Talk, Workflows
from infra.template import build
from tests.support.aws import REGION, dynamodb, unique
from tests.support.fakes import FakeClock, FakeHub
from tests.support.fakes.institutions import FakeRoll

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms.client import KMSClient

ENGINES = ("moto", "dynamodb_local")
_BATCH = 25
_NOT_FOR_CREATE_TABLE = (
    "TimeToLiveSpecification",
    "PointInTimeRecoverySpecification",
    "SSESpecification",
    "DeletionProtectionEnabled",
)


@dataclass(frozen=True)
class Storage:
    """The storage's ports (`written` are notes on cases), and the clock by which idempotency keys expire."""

    cases: Cases
    settlements: Settlements
    debts: Debts
    workflows: Workflows
    deadlines: Deadlines
    due: DueIndex
    dispatches: Dispatches
    transfers: Transfers
    callbacks: Callbacks
    policies: Policies
    notices: Notices
    codes: Codes
    talk: Talk
    written: Written
    institutions: Institutions
    roll: Roll
    looks: Looks
    calls: Calls
    applications: Applications
    defences: Defences
    messages: Messages
    sessions: Sessions
    guidance: Guidance
    roster: Roster
    links: Links
    party_links: PartyLinks
    work: WorkLists
    clock: FakeClock


@dataclass(frozen=True)
class RawTable:
    """A table, seen past the adapter."""

    client: "DynamoDBClient"
    name: str

    def items(self) -> list[dict[str, Any]]:
        """Return everything stored; only a test may scan."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def items_of(self, pk: str) -> list[dict[str, Any]]:
        """Return everything stored under a partition key."""
        values: Any = {":pk": {"S": pk}}
        return self.client.query(
            TableName=self.name,
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )["Items"]

    def empty(self) -> None:
        """Delete everything, which is faster than a new table."""
        requests: list[Any] = [
            {"DeleteRequest": {"Key": {"PK": item["PK"], "SK": item["SK"]}}} for item in self.items()
        ]
        for start in range(0, len(requests), _BATCH):
            self.client.batch_write_item(RequestItems={self.name: requests[start : start + _BATCH]})

    def put(self, item: dict[str, Any]) -> None:
        """Write an item as an attacker with access to the table could."""
        self.client.put_item(TableName=self.name, Item=item)

    def item(self, pk: str, sk: str) -> dict[str, Any]:
        """Read an item."""
        key = {"PK": {"S": pk}, "SK": {"S": sk}}
        return self.client.get_item(TableName=self.name, Key=key, ConsistentRead=True)["Item"]


StoreMaker = Callable[[], DynamoStore]


@pytest.fixture
def clock() -> FakeClock:
    """Make a clock that stands still."""
    return FakeClock()


@pytest.fixture(scope="session")
def kms(aws_endpoint: str) -> "KMSClient":
    """Return moto's KMS: DynamoDB Local has none."""
    return boto3.session.Session("test", "test", region_name=REGION).client("kms", endpoint_url=aws_endpoint)


@pytest.fixture(scope="session")
def kms_key_id(kms: "KMSClient") -> str:
    """Make a key for all the tests."""
    return kms.create_key()["KeyMetadata"]["Arn"]


@pytest.fixture(scope="session")
def moto_table(aws_endpoint: str) -> RawTable:
    """Make a table on moto."""
    return _create_table(aws_endpoint)


@pytest.fixture(scope="session")
def dynamodb_local_table(dynamodb_local_endpoint: str) -> RawTable:
    """Make a table on DynamoDB Local."""
    return _create_table(dynamodb_local_endpoint)


@pytest.fixture(params=ENGINES)
def table(request: pytest.FixtureRequest) -> RawTable:
    """Give an empty table on each engine."""
    return _empty_table(request)


def _empty_table(request: pytest.FixtureRequest) -> RawTable:
    raw: RawTable = request.getfixturevalue(f"{request.param}_table")
    raw.empty()
    return raw


def _create_table(endpoint: str) -> RawTable:
    """Make a table with the keys and indexes of the packaged template."""
    properties = dict(build("dev")["Resources"]["Table"]["Properties"])
    for name in _NOT_FOR_CREATE_TABLE:
        del properties[name]
    properties["StreamSpecification"] = {**properties["StreamSpecification"], "StreamEnabled": True}
    raw = RawTable(dynamodb(endpoint), unique("storage"))
    raw.client.create_table(**{**properties, "TableName": raw.name})
    return raw


@pytest.fixture
def new_store(table: RawTable, kms: "KMSClient", kms_key_id: str, clock: FakeClock) -> StoreMaker:
    """Return a maker of stores on one table, each with nothing in memory, as in another process."""
    return lambda: DynamoStore(
        table.client, table.name, kms=lambda: kms, kms_key_id=kms_key_id, now=clock.epoch
    )


@pytest.fixture
def store(new_store: StoreMaker) -> DynamoStore:
    """Make one store on an empty table."""
    return new_store()


@pytest.fixture
def counting(table: RawTable, kms: "KMSClient") -> Callable[[], Any]:
    """Count what is sent, by operation, past all caches and retries."""

    @contextmanager
    def count() -> Iterator[Counter[str]]:
        counted: Counter[str] = Counter()

        def note(model: Any, **_: Any) -> None:
            counted[model.name] += 1

        for client in (table.client, kms):
            client.meta.events.register("before-call", note, unique_id="counting")
        yield counted
        for client in (table.client, kms):
            client.meta.events.unregister("before-call", unique_id="counting")

    return count


@pytest.fixture(params=["fake", *ENGINES])
def storage(request: pytest.FixtureRequest, clock: FakeClock) -> Storage:
    """Make each storage in turn, empty."""
    if request.param == "fake":
        hub = FakeHub(clock)
        hub.memory.roster.clear()  # a stored roster begins empty
        return _seen(hub, clock)
    raw = _empty_table(request)
    kms_client: KMSClient = request.getfixturevalue("kms")
    kms_key: str = request.getfixturevalue("kms_key_id")
    return _seen(
        DynamoStore(raw.client, raw.name, kms=lambda: kms_client, kms_key_id=kms_key, now=clock.epoch), clock
    )


def _seen(parts: FakeHub | DynamoStore, clock: FakeClock) -> Storage:
    return Storage(
        parts.cases,
        parts.settlements,
        parts.debts,
        parts.workflows,
        parts.deadlines,
        parts.due,
        parts.dispatches,
        parts.transfers,
        parts.callbacks,
        parts.policies,
        parts.notices,
        parts.codes,
        parts.talk,
        notes(parts) if isinstance(parts, DynamoStore) else parts.part(Written),
        institutions(parts) if isinstance(parts, DynamoStore) else parts.part(Institutions),
        DynamoRoll(parts) if isinstance(parts, DynamoStore) else FakeRoll(parts.memory),
        looks(parts) if isinstance(parts, DynamoStore) else parts.part(Looks),
        calls(parts) if isinstance(parts, DynamoStore) else parts.part(Calls),
        applications(parts) if isinstance(parts, DynamoStore) else parts.part(Applications),
        defences(parts) if isinstance(parts, DynamoStore) else parts.part(Defences),
        messages(parts) if isinstance(parts, DynamoStore) else parts.part(Messages),
        sessions(parts) if isinstance(parts, DynamoStore) else parts.part(Sessions),
        guidance(parts) if isinstance(parts, DynamoStore) else parts.part(Guidance),
        roster(parts) if isinstance(parts, DynamoStore) else parts.part(Roster),
        party_links(parts) if isinstance(parts, DynamoStore) else parts.part(Links),
        party_links(parts) if isinstance(parts, DynamoStore) else parts.part(PartyLinks),
        work_lists(parts) if isinstance(parts, DynamoStore) else parts.part(WorkLists),
        clock,
    )
