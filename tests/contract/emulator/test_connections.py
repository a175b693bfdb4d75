"""A connection to the emulator serves many requests, and keeps nobody waiting."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.aws import PLAIN


@pytest.mark.skipif(PLAIN, reason="moto as released closes each connection")
def test_who_asks_before_it_sends_is_answered_and_the_connection_stays(aws_endpoint: str) -> None:
    """Botocore asks before each upload to S3, and waits a second for the answer."""
    address = urlsplit(aws_endpoint)
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=20) as connection:
        for _ in range(2):
            head = ["PUT /any/key HTTP/1.1", "Host: localhost", "Content-Length: 2", "Expect: 100-continue"]
            connection.sendall("\r\n".join([*head, "", ""]).encode())
            assert connection.recv(64).startswith(b"HTTP/1.1 100")
            connection.sendall(b"{}")
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += connection.recv(65536)
            top, _, body = answer.partition(b"\r\n\r\n")
            lengths = [line for line in top.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            left = int(lengths[0].partition(b":")[2]) - len(body)
            while left > 0:
                left -= len(connection.recv(left))
