"""The local gateway has API Gateway's manners: events, authorizer, refusals, connections."""

import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chalice.app import Chalice

from infra.local.gateway import serve
from tests.contract.emulator.gateway_app import ASKED, PROBLEMS, Client, make_app


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve the app above."""
    with serve(make_app(), problems=PROBLEMS) as url:
        yield url


@pytest.fixture
def ask(url: str) -> Iterator[Client]:
    """Open a connection."""
    client = Client(url)
    yield client
    client.connection.close()


def test_the_event_is_that_of_a_rest_api(ask: Client) -> None:
    """Method, path, query, headers and body arrive as API Gateway hands them on."""
    status, event, _ = ask(
        "POST",
        "/v1/echo?a=1&a=2&empty=",
        '{"name": "张三"}'.encode(),
        Content_Type="application/json",
        X_Thing="here",
    )
    assert status == 200
    assert (event["httpMethod"], event["resource"], event["path"]) == ("POST", "/v1/echo", "/v1/echo")
    assert event["queryStringParameters"] == {"a": "2", "empty": ""}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "empty": [""]}
    assert event["headers"]["X-Thing"] == "here"
    assert event["multiValueHeaders"]["X-Thing"] == ["here"]
    assert (event["body"], event["isBase64Encoded"]) == ('{"name": "张三"}', False)
    assert event["pathParameters"] is None
    assert event["requestContext"]["resourcePath"] == "/v1/echo"
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"


def test_a_request_without_anything_has_nulls(ask: Client) -> None:
    """No query, no body: null, as in a real event."""
    _, event, _ = ask("GET", "/v1/echo")
    assert (event["body"], event["queryStringParameters"], event["multiValueQueryStringParameters"]) == (
        None,
        None,
        None,
    )


def test_a_binary_body_arrives_as_base64(ask: Client) -> None:
    """Chalice's binary types decide, parameters of the media type aside."""
    _, event, _ = ask("POST", "/v1/echo", b"\x00\xff", Content_Type="application/octet-stream; v=1")
    assert (event["body"], event["isBase64Encoded"]) == ("AP8=", True)


def test_a_gateway_that_takes_everything_for_binary_sends_base64() -> None:
    """As the template's `*/*` makes API Gateway do; an answer of text stays text."""
    with serve(make_app(), problems=PROBLEMS, binary_types=("*/*",)) as url:
        ask = Client(url)
        status, event, _ = ask("POST", "/v1/echo", b"{}", Content_Type="application/json")
        ask.connection.close()
    assert (status, event["body"], event["isBase64Encoded"]) == (200, "e30=", True)


def test_text_that_is_not_utf8_does_not_break_the_gateway(ask: Client) -> None:
    """It arrives with replacement characters, for the function to refuse."""
    _, event, _ = ask("POST", "/v1/echo", b'{"a": "\xff"}', Content_Type="application/json")
    assert event["body"] == '{"a": "�"}'


def test_a_chunked_body_is_read(url: str, ask: Client) -> None:
    """Chunked requests are as good as others, and a broken one is refused."""
    _, event, _ = ask("POST", "/v1/echo", iter([b"one ", b"two"]))
    assert event["body"] == "one two"
    assert b" 400 " in _raw(url, b"POST /v1/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("/v1/cases/search", {"searched": True}),
        ("/v1/cases/c%2F1%20x", {"case_id": "c/1 x"}),
        ("/v1/cases/c-1/events/7/", {"case_id": "c-1", "number": "7"}),
    ],
)
def test_a_path_finds_its_route(ask: Client, target: str, answer: Any) -> None:
    """Literal segments win, parameters are decoded, a trailing slash does not matter."""
    assert ask("GET", target)[:2] == (200, answer)


@pytest.mark.parametrize(
    ("method", "target", "headers", "status", "code"),
    [
        ("GET", "/nowhere", {}, 404, "not_found"),
        ("GET", "/v1/cases//events/7", {}, 404, "not_found"),
        ("GET", "//evil.example/v1/echo", {}, 404, "not_found"),
        ("GET", "/v1/me", {}, 401, "unauthenticated"),
        ("GET", "/v1/me", {"Authorization": ""}, 401, "unauthenticated"),
        ("GET", "/v1/me", {"Authorization": "Bearer bad"}, 401, "unauthenticated"),
        ("GET", "/v1/me/others", {"Authorization": "Bearer narrow"}, 403, "not_permitted"),
        ("GET", "/v1/me", {"Authorization": "Bearer broken"}, 500, "internal_error"),
        ("GET", "/v1/me", {"Authorization": "Bearer nothing"}, 500, "internal_error"),
        ("GET", "/v1/huge", {}, 504, "gateway_timeout"),
    ],
)
def test_what_the_gateway_refuses_it_refuses_in_the_given_words(
    ask: Client, method: str, target: str, headers: dict[str, str], status: int, code: str
) -> None:
    """Status, media type and body are the template's, the request id is filled in; the connection goes on."""
    answered, problem, sent = ask(method, target, **headers)
    assert (answered, problem["code"], problem["status"]) == (status, code, status)
    assert sent["Content-Type"] == "application/problem+json"
    assert problem["request_id"] == sent["x-amzn-RequestId"] != "$context.requestId"
    assert sent.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)
    assert ask("GET", "/v1/cases/search")[0] == 200


def test_a_denial_is_answered_with_the_reason_in_its_context() -> None:
    """As ACCESS_DENIED is worded in the template: with a status of its own and the authorizer's variables."""
    denied = {
        "status": 401,
        "code": "unauthenticated",
        "detail": "$context.authorizer.detail",
        "reason": "$context.authorizer.reason",
    }
    with serve(make_app(), problems=PROBLEMS, denied=denied) as url:
        ask = Client(url)
        status, problem, sent = ask("GET", "/v1/me", Authorization="Bearer denied")
        ask.connection.close()
    assert (status, problem["status"], problem["reason"]) == (401, 401, "expired")
    assert problem["detail"] == "The token has expired"
    assert sent["WWW-Authenticate"] == "Bearer"


def test_a_function_that_breaks_is_a_gateway_problem(caplog: pytest.LogCaptureFixture) -> None:
    """Where not even Chalice answers, the gateway does."""

    class Broken(Chalice):
        def __call__(self, *_: Any) -> Any:
            raise RuntimeError

    app = Broken("broken", configure_logs=False)
    app.route("/")(dict)
    with serve(app, problems=PROBLEMS) as url:
        client = Client(url)
        status, problem, _ = client("GET", "/")
        client.connection.close()
    assert (status, problem["code"]) == (504, "gateway_timeout")
    assert "the function failed" in caplog.text


def test_what_the_authorizer_tells_reaches_the_function_as_text(ask: Client) -> None:
    """Principal and context; API Gateway makes a text of every value."""
    status, told, _ = ask("GET", "/v1/me", Authorization="Bearer good")
    assert (status, told) == (200, {"principalId": "someone", "role": "judge", "admin": "true"})


@pytest.mark.parametrize("kind", ["list", "map"])
def test_a_context_that_api_gateway_refuses_is_refused(ask: Client, kind: str) -> None:
    """It takes no list and no map in it."""
    status, problem, _ = ask("GET", "/v1/me", Authorization=f"Bearer {kind}")
    assert (status, problem["code"]) == (500, "internal_error")


def test_an_authorizers_failure_is_logged_without_its_message(
    ask: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """The message may quote the token."""
    with caplog.at_level(logging.DEBUG):
        ask("GET", "/v1/me", Authorization="Bearer broken")
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(("ttl_seconds", "asked"), [(0, 4), (60, 2)])
def test_a_policy_is_remembered_by_token(ttl_seconds: float, asked: int) -> None:
    """With a time to live each token is judged once, its policy for each route."""
    ASKED.clear()
    with serve(make_app(), problems=PROBLEMS, authorizer_ttl_seconds=ttl_seconds) as url:
        ask = Client(url)
        statuses = [
            ask("GET", target, Authorization=f"Bearer {token}")[0]
            for token in ("good", "narrow")
            for target in ("/v1/me", "/v1/me/others")
        ]
        ask.connection.close()
    assert statuses == [200, 200, 200, 403]
    assert len(ASKED) == asked


def test_a_method_the_route_does_not_have_is_left_to_the_app(ask: Client) -> None:
    """The app's 405 names the methods there are; a HEAD has no body to trip over."""
    status, _, headers = ask("DELETE", "/v1/echo")
    assert (status, set(headers["Allow"].split(", "))) == (405, {"GET", "POST"})
    assert ask("TRACE", "/v1/echo")[0] == 405
    assert ask("HEAD", "/v1/echo")[:2] == (405, b"")
    assert ask("GET", "/v1/cases/search")[0] == 200


def test_bytes_several_headers_and_no_content_are_answered(ask: Client) -> None:
    """What the function answers goes out as it is."""
    status, body, headers = ask("GET", "/v1/document", Accept="application/octet-stream")
    assert (status, body, headers.get_all("Set-Cookie")) == (200, b"\x00\xff", ["a=1", "b=2"])
    status, body, headers = ask("GET", "/v1/nothing")
    assert (status, body, headers.get("Content-Length")) == (204, b"", None)


def test_too_large_a_body_is_refused_unread(url: str) -> None:
    """The client is told and the connection closed, before the body was sent."""
    answer = _raw(url, b"POST /v1/echo HTTP/1.1\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n")
    assert b"413" in answer
    assert b"request_too_large" in answer
    assert b"Connection: close" in answer


def test_an_answer_counts_with_its_escapes(ask: Client) -> None:
    """A quote is four bytes on its way from Lambda: escaped in the body, and again around it."""
    assert ask("GET", "/v1/quotes/1500000")[0] == 200
    status, problem, _ = ask("GET", "/v1/quotes/1600000")
    assert (status, problem["code"]) == (504, "gateway_timeout")


def test_a_request_counts_with_its_escapes(ask: Client) -> None:
    """What fits into the gateway's 10 MB may still be too much for Lambda's 6 MB."""
    assert ask("POST", "/v1/echo", b"{}")[0] == 200
    for body in (b"x" * 6_300_000, b'"' * 3_200_000):
        status, problem, _ = ask("POST", "/v1/echo", body)
        assert (status, problem["code"]) == (413, "request_too_large")
    assert ask("GET", "/v1/cases/search")[0] == 200


def test_a_body_in_pieces_counts_as_a_whole(url: str) -> None:
    """Chunks that come to more than 10 MB are refused."""
    piece = b"400000\r\n" + b"x" * 0x400000 + b"\r\n"
    head = b"POST /v1/echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"413" in _raw(url, head + 2 * piece + b"400000\r\n")


def test_a_call_that_lasts_too_long_is_answered_by_the_gateway() -> None:
    """The client is told while the function goes on; the next request is served."""
    app, release = Chalice("slow", configure_logs=False), threading.Event()
    app.route("/wait")(lambda: {"waited": release.wait(60)})
    app.route("/")(dict)
    with serve(app, problems=PROBLEMS, longest_call_seconds=0.5) as url:
        client = Client(url)
        status, problem, _ = client("GET", "/wait")
        assert (status, problem["code"]) == (504, "gateway_timeout")
        release.set()
        assert client("GET", "/")[0] == 200
        client.connection.close()


@pytest.mark.parametrize("length", [b"-1", b"many"])
def test_a_senseless_length_is_refused(url: str, length: bytes) -> None:
    """A length that is none is a bad request."""
    answer = _raw(url, b"POST /v1/echo HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"bad_request" in answer


def test_what_is_not_http_is_refused_in_the_given_words(url: str) -> None:
    """A request line that is none gets a problem, not Python's HTML."""
    answer = _raw(url, b"GET / HTTP/9.9\r\n\r\n")
    assert b"application/problem+json" in answer


def test_a_client_that_waits_to_be_told_is_told(url: str) -> None:
    """`Expect: 100-continue` is answered at once."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /v1/echo HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"hi")
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_requests_at_the_same_time_do_not_mix(url: str) -> None:
    """Each thread sees its own current request."""

    def get(name: str) -> Any:
        client = Client(url)
        answer = client("GET", f"/v1/slow/{name}")[1]
        client.connection.close()
        return answer

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(get, "abcd"))
    assert answers == [{"asked": name, "seen": name} for name in "abcd"]


def _raw(url: str, request: bytes) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer
