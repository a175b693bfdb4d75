"""An endpoint that refuses, stays silent or hangs up fails every AWS call of every adapter into one error."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ProxyConnectionError
from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.aws import client
from chalicelib.adapters.court.circuit import Circuit
from chalicelib.adapters.document_store import S3DossierStore, S3Papers
from chalicelib.adapters.documents.kms_key import KmsSigner
from chalicelib.adapters.dynamo.circuit import DynamoCircuitStore
from chalicelib.adapters.dynamo.records import KeyRecord, Record
from chalicelib.adapters.dynamo.sealing import DataKeys
from chalicelib.adapters.dynamo.table import Table
from chalicelib.adapters.partner_keys import PartnerKeys
from chalicelib.adapters.queues import SqsQueues
from chalicelib.adapters.step_functions import StepFunctionsEngine
from chalicelib.bootstrap import LiveHub
from chalicelib.domain.dossier import DossierDocument
from chalicelib.domain.errors import OutcomeUnknown, StoreBusy
from chalicelib.domain.papers import Paper, PaperKind
from chalicelib.domain.steps import Step
from chalicelib.settings import Settings
from chalicelib.use_cases.records import Outgoing
from infra.local.processes import free_port
from tests.support.aws import REGION
from tests.support.http import Api, make_app

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ARN = "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:mediation"
DOCUMENT = DossierDocument(document_id="d", kind="k", media_type="application/json", content=b"{}")
PAPER = Paper(kind=PaperKind.CALCULATION, template_id="calculation/1", media_type="x/y", content=b"x")
CLIENTS = {
    "table": "dynamodb",
    "circuit": "dynamodb",
    "kms": "kms",
    "signer": "kms",
    "dossiers": "s3",
    "papers": "s3",
    "keys": "secretsmanager",
    "queues": "sqs",
    "engine": "stepfunctions",
}


class Endpoint:
    """A listener that accepts and never answers, or hangs up at once; it counts who came."""

    def __init__(self, *, hangs_up: bool) -> None:
        self.came = 0
        self._hangs_up = hangs_up
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            self.came += 1
            if self._hangs_up:
                visitor.close()
            else:
                self._open.append(visitor)

    def close(self) -> None:
        """End it."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for visitor in self._open:
            visitor.close()


@pytest.fixture
def silent() -> Iterator[Endpoint]:
    """Listen, accept, and say nothing."""
    endpoint = Endpoint(hangs_up=False)
    yield endpoint
    endpoint.close()


@pytest.fixture
def hanging_up() -> Iterator[Endpoint]:
    """Listen, accept, and hang up."""
    endpoint = Endpoint(hangs_up=True)
    yield endpoint
    endpoint.close()


class _Row(Record):
    key = "p", "s"
    name = UnicodeAttribute(null=True)


def _table(made: Any) -> Table:
    return Table(made, "t")


def _data_keys(kms: Any) -> DataKeys:
    return DataKeys(Table(None, "t"), lambda: kms, "k", lambda: 0.0)  # type: ignore[arg-type] # KMS comes first


def _wrapped() -> KeyRecord:
    return KeyRecord(pk="KEY#bank", sk="KEY", key_id="k1", wrapped=b"w")


def _signer(kms: Any) -> KmsSigner:
    return KmsSigner(b"", (), "k", "ECDSA_SHA_256", kms)


Act = Callable[[Any], object]
ASKED: list[tuple[str, str, Act]] = [
    ("table", "get", lambda made: _table(made).get(_Row)),
    ("table", "query", lambda made: _table(made).query(_Row.pk == "p", limit=1)),
    ("circuit", "get", lambda made: DynamoCircuitStore(made, "t").get("c")),
    ("kms", "make", lambda made: _data_keys(made)._made("bank")),  # noqa: SLF001 - the call itself
    ("kms", "unwrap", lambda made: _data_keys(made)._unwrapped("bank", _wrapped())),  # noqa: SLF001 - as above
    ("signer", "sign", lambda made: _signer(made).sign(b"x")),
    ("dossiers", "put", lambda made: S3DossierStore(made, "b").put("T1", DOCUMENT)),
    ("dossiers", "get", lambda made: S3DossierStore(made, "b").get("T1", "d")),
    ("papers", "put", lambda made: S3Papers(made, "b").put("C-1", PAPER)),
    ("papers", "get", lambda made: S3Papers(made, "b").get("C-1", PAPER.sha256)),
    ("keys", "read", lambda made: PartnerKeys(made, "s", lambda: NOW).verifying("c")),
    ("engine", "running", lambda made: StepFunctionsEngine(made, ARN).running("C-1", 1)),
]
TOLD: list[tuple[str, str, Act]] = [
    ("table", "put", lambda made: _table(made).put(_Row(pk="p", sk="s"), _Row.pk.does_not_exist())),
    (
        "table",
        "update",
        lambda made: _table(made).update(_Row.place(), [_Row.name.set("n")], _Row.pk.exists()),
    ),
    ("table", "transact", lambda made: _table(made).transact([_table(made).to_put(_Row(pk="p", sk="s"))])),
    ("circuit", "put", lambda made: DynamoCircuitStore(made, "t").put("c", Circuit(version=1))),
    ("queues", "send", lambda made: SqsQueues(made, {"court": "http://q.test/court"}).send("court", {})),
    ("queues", "hide", lambda made: SqsQueues(made, {"court": "http://q.test/court"}).hide("court", "h", 1)),
    ("engine", "start", lambda made: StepFunctionsEngine(made, ARN).start("C-1", 1, {})),
    ("engine", "complete", lambda made: StepFunctionsEngine(made, ARN).complete("t", {"step": "ended"})),
    (
        "engine",
        "complete elsewhere",
        lambda made: StepFunctionsEngine(made, ARN).complete("t", {"step": "ended"}, Step.DECISION),
    ),
    (
        "queues",
        "send_all",
        lambda made: SqsQueues(made, {"court": "http://q.test/court"}).send_all(
            "court", [Outgoing(body={}, correlation_id="c")]
        ),
    ),
]
CALLS = [
    pytest.param(CLIENTS[name], act, kind, id=f"{name}.{verb}")
    for calls, kind in ((ASKED, StoreBusy), (TOLD, OutcomeUnknown))
    for name, verb, act in calls
]


def _client(service: str, url: str) -> Any:
    return client(service, read_seconds=0.05, endpoint_url=url, region_name=REGION)


@pytest.mark.parametrize(("service", "act", "kind"), CALLS)
def test_a_silent_endpoint_is_left_after_three_attempts(
    silent: Endpoint, service: str, act: Act, kind: type[StoreBusy]
) -> None:
    """What only asks is busy; what changes something has an unknown outcome."""
    with pytest.raises(StoreBusy) as raised:
        act(_client(service, silent.url))
    assert type(raised.value) is kind
    assert silent.came == 3


@pytest.mark.parametrize(("service", "act", "kind"), CALLS)
def test_a_refused_connection_is_named_too(service: str, act: Act, kind: type[StoreBusy]) -> None:
    """Its error is of another family of botocore's."""
    with pytest.raises(StoreBusy) as raised:
        act(_client(service, f"http://127.0.0.1:{free_port()}"))
    assert type(raised.value) is kind


@pytest.mark.parametrize(("service", "act", "kind"), CALLS)
def test_an_endpoint_that_hangs_up_is_named_too(
    hanging_up: Endpoint, service: str, act: Act, kind: type[StoreBusy]
) -> None:
    """So is a connection that ends before the answer."""
    with pytest.raises(StoreBusy) as raised:
        act(_client(service, hanging_up.url))
    assert type(raised.value) is kind


def test_a_proxy_that_can_not_be_reached_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the hub behind one sees the same error."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(StoreBusy) as raised:
        Table(_client("dynamodb", "http://table.test"), "t").get(_Row)
    assert isinstance(raised.value.__cause__, ProxyConnectionError)


class _Served(Api):
    """The API on a live hub."""

    def __init__(self, hub: LiveHub) -> None:
        super().__init__()
        self.app = make_app(lambda: hub, lambda _court_id: [], self.hub.clock.now)


@pytest.mark.parametrize("stays_silent", [False, True])
def test_the_api_answers_503_without_a_table(
    silent: Endpoint, monkeypatch: pytest.MonkeyPatch, *, stays_silent: bool
) -> None:
    """A reader is told to come back, whether the table refuses the connection or says nothing."""
    url = silent.url if stays_silent else f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    api = _Served(LiveHub(Settings(stage="dev", table="t", aws_read_seconds=0.05)))
    answer = api.get("/v1/cases/C-1")
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "store_busy", "2")
