"""A request to a JSON service is answered without Flask as it is with it."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any, Final

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from infra.local.moto_fixes.without_flask import WithoutFlask

_SCOPE: Final = {
    "DynamoDB_20120810": "dynamodb",
    "AmazonSQS": "sqs",
    "AWSStepFunctions": "states",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
}
_OF_A_REQUEST: Final = frozenset({"date", "x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id"})


class _Plain(DomainDispatcherApplication):
    """Moto's own application, which counts for what it was asked."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.looks = 0

    def get_application(self, environ: dict[str, Any]) -> Any:
        self.looks += 1
        return super().get_application(environ)


def asked(application: Any, target: str, body: object, **more: str) -> tuple[str, dict[str, str], Any]:
    """Send a request; return status line, headers and body but for what every request has of its own."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    scope = _SCOPE[target.partition(".")[0]]
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(content),
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": "application/x-amz-json-1.0",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_X_AMZ_TARGET": target,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/{scope}/aws4_request, S=1",
        **more,
    }
    head: list[Any] = []
    body_of_answer = b"".join(application(environ, lambda *given: head.extend(given)))
    status, headers = head
    kept = {name.lower(): value for name, value in headers if name.lower() not in _OF_A_REQUEST}
    return status, kept, body_of_answer


_TABLE: Final = {
    "TableName": "t",
    "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("DynamoDB_20120810.GetItem", {"TableName": "none", "Key": {"k": {"S": "a"}}}),
        ("DynamoDB_20120810.ListTables", {}),
        ("DynamoDB_20120810.Unheard", {}),
        ("DynamoDB_20120810.CreateTable", _TABLE | {"KeySchema": []}),
        ("AmazonSQS.ListQueues", {}),
        ("AmazonSQS.GetQueueUrl", {"QueueName": "none"}),
        ("AWSStepFunctions.ListStateMachines", {}),
        ("AWSStepFunctions.StartExecution", {"stateMachineArn": "none"}),
        ("TrentService.Decrypt", {"CiphertextBlob": "bm9uZQ=="}),
        ("secretsmanager.GetSecretValue", {"SecretId": "none"}),
    ],
)
def test_answers_and_refusals_are_the_same(target: str, body: object) -> None:
    """Also the refusals that a handler leaves to Flask."""
    plain = _Plain()
    assert _outcome(WithoutFlask(plain), target, body) == _outcome(plain, target, body)


def _outcome(application: Any, target: str, body: object) -> Any:
    try:
        status, headers, content = asked(application, target, body)
    except Exception as error:  # noqa: BLE001 - a fault of moto's own is to be the same fault
        return type(error), str(error)
    return status, headers["content-type"], content


def test_a_service_is_looked_for_once() -> None:
    """Its second request finds the handler of its first."""
    plain = _Plain()
    application = WithoutFlask(plain)
    for _ in range(3):
        asked(application, "AmazonSQS.ListQueues", {})
        asked(application, "DynamoDB_20120810.ListTables", {})
    assert plain.looks == 2


@pytest.mark.parametrize(
    "more",
    [
        {"PATH_INFO": "/bucket"},
        {"REQUEST_METHOD": "GET"},
        {"HTTP_ORIGIN": "http://a"},
        {"HTTP_AUTHORIZATION": ""},
    ],
)
def test_whatever_is_not_such_a_request_takes_motos_own_way(more: dict[str, str]) -> None:
    """As what a browser sends, which has to be told who may read the answer."""
    plain = _Plain()
    application = WithoutFlask(plain)
    for _ in range(2):
        asked(application, "AmazonSQS.ListQueues", {}, **more)
    assert plain.looks == 2
