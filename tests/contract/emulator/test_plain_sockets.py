"""What goes over a plain socket is understood, and fails, as over botocore's own connection."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.httpsession import URLLib3Session

from infra.local.plain_sockets import Sockets, sender
from tests.contract.emulator.tables import create_table, item, key
from tests.support.aws import dynamodb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Sending = Callable[..., Callable[[], Any]]

_TARGET: Final = {"X-Amz-Target": "DynamoDB_20120810.GetItem"}


def _other_way(*_: object) -> Any:
    raise LookupError


class _Peer:
    """Listens on loopback and says what a test tells it to, once for each request."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:{1}/".format(*self._socket.getsockname())
        self.heard: list[bytes] = []
        self.connections = 0

    def answer(self, *answers: bytes) -> None:
        """Say each to one request, all on one connection, which ends after them."""

        def talk() -> None:
            connection, _ = self._socket.accept()
            self.connections += 1
            with connection:
                for said in answers:
                    self.heard.append(connection.recv(65_536))
                    connection.sendall(said)

        threading.Thread(target=talk, daemon=True).start()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def peer() -> Iterator[_Peer]:
    """Listen, and end."""
    listening = _Peer()
    yield listening
    listening.close()


@pytest.fixture
def sending() -> Iterator[Callable[..., Callable[[], Any]]]:
    """Return what makes a sender of one request to an address."""
    made: list[Sockets] = []

    def prepare(url: str, *, seconds: float = 5) -> Callable[[], Any]:
        address = urlsplit(url)
        made.append(Sockets(str(address.hostname), address.port or 0))
        limits: Any = (seconds, seconds)
        session = URLLib3Session(timeout=limits)
        request = AWSRequest("POST", url, _TARGET, data=b'{"a":1}').prepare()
        return lambda: sender(_other_way, url, made[-1])(session, request)

    yield prepare
    for sockets in made:
        sockets.close()


def _said(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nX-One:  two\r\ncontent-length: %d\r\n\r\n%b" % (status, len(body), body)


def test_an_answer_is_read_whole_and_the_connection_is_used_again(sending: Sending, peer: _Peer) -> None:
    large = b"x" * 200_000
    peer.answer(_said(large), _said(b"", b"400 Bad Request"))
    send = sending(peer.url)
    first, second = send(), send()
    assert (first.status_code, first.headers["x-one"], first.content) == (200, "two", large)
    assert (second.status_code, second.content) == (400, b"")
    assert peer.connections == 1
    head, _, body = peer.heard[0].partition(b"\r\n\r\n")
    assert body == b'{"a":1}'
    assert b"\r\nContent-Length: 7" in head


def test_a_connection_that_the_other_side_has_closed_is_not_used_again(sending: Sending, peer: _Peer) -> None:
    send = sending(peer.url)
    peer.answer(_said(b"1"))
    assert send().content == b"1"
    peer.answer(_said(b"2"))
    assert send().content == b"2"
    assert peer.connections == 2


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\n", _said(b"12345")[:-1], b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_an_answer_that_breaks_off_is_a_closed_connection(sending: Sending, peer: _Peer, said: bytes) -> None:
    peer.answer(said)
    with pytest.raises(ConnectionClosedError):
        sending(peer.url)()


def test_a_silent_endpoint_is_waited_for_as_long_as_the_client_says(sending: Sending, peer: _Peer) -> None:
    with pytest.raises(ReadTimeoutError):
        sending(peer.url, seconds=0.1)()


def test_an_endpoint_that_nobody_listens_at_is_named(sending: Sending, peer: _Peer) -> None:
    peer.close()
    with pytest.raises(EndpointConnectionError):
        sending(peer.url)()


def test_an_endpoint_that_takes_no_connection_is_a_connect_time_out(sending: Sending) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        # The queue has room for one.
        with socket.create_connection(address), pytest.raises(ConnectTimeoutError):
            sending("http://127.0.0.1:{1}/".format(*address), seconds=0.1)()


@pytest.mark.parametrize(
    ("url", "headers"), [("http://127.0.0.1:1/", {}), ("http://127.0.0.1:1/bucket/key", _TARGET)]
)
def test_anything_else_goes_botocores_own_way(url: str, headers: dict[str, str]) -> None:
    """What has no target (S3), and what goes elsewhere."""
    address, session = urlsplit(url), URLLib3Session()
    request = AWSRequest("POST", url, headers).prepare()
    send = sender(_other_way, "http://127.0.0.1:1/", Sockets(str(address.hostname), 1))
    with pytest.raises(LookupError):
        send(session, request)


def test_a_client_works_and_fails_as_before(aws_endpoint: str, name: str) -> None:
    """An item comes back as it was written, and a condition that fails is the service's own error."""
    table = create_table(dynamodb(aws_endpoint), name)
    address = urlsplit(aws_endpoint)
    base = aws_endpoint.rstrip("/") + "/"
    client: Any = boto3.client("dynamodb", endpoint_url=aws_endpoint, config=Config(read_timeout=20))
    session = client._endpoint.http_session  # noqa: SLF001 - what the replaced method is a method of
    kept = Sockets(str(address.hostname), address.port or 0)
    send = sender(_other_way, base, kept)
    session.send = lambda request: send(session, request)
    client.put_item(TableName=table, Item=item("c", a="龑"))
    assert client.get_item(TableName=table, Key=key("c"))["Item"] == item("c", a="龑")
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        client.put_item(TableName=table, Item=item("c"), ConditionExpression="attribute_not_exists(PK)")
    kept.close()
