"""What AWS answers is told apart: nothing was changed, nobody knows, or repeating does not help."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoRegionError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from chalicelib.adapters.aws import calling
from chalicelib.adapters.documents.errors import SigningFailed
from chalicelib.adapters.documents.kms_key import KmsSigner
from chalicelib.domain.errors import OutcomeUnknown, StoreBusy

URL = "https://service.test"
NO_ANSWERS = [
    EndpointConnectionError(endpoint_url=URL),
    ConnectTimeoutError(endpoint_url=URL),
    ReadTimeoutError(endpoint_url=URL),
    ProxyConnectionError(proxy_url=URL),
    ConnectionClosedError(endpoint_url=URL),
    SSLError(endpoint_url=URL, error=OSError("broken")),
    HTTPClientError(error="broken"),
    ResponseStreamingError(error="broken"),
    IncompleteReadError(actual_bytes=1, expected_bytes=2),
    ResponseParserError("not what AWS says"),
]
REFUSED = [
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "RequestThrottled",
    "TransactionConflictException",
]
OUT_OF_USE = [
    "DisabledException",
    "KMSInvalidStateException",
    "KeyUnavailableException",
    "KMS.DisabledException",
    "KMS.KMSInvalidStateException",
    "KmsInvalidStateException",
    "KmsDisabled",
    "KmsInvalidState",
]
"""A key that is disabled or about to be deleted, as KMS, S3, Step Functions and SQS call it."""


def error(code: str, status: int = 400, retries: int = 0) -> ClientError:
    """Return AWS's refusal."""
    metadata: Any = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return ClientError({"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": metadata}, "Operation")


def raised_for(cause: Exception, *, changes: bool) -> BaseException:
    """Return what a call that fails so is called."""
    with pytest.raises(Exception) as raised, calling(changes=changes):  # noqa: PT011 - what it is, is the question
        raise cause
    return raised.value


@pytest.mark.parametrize("cause", NO_ANSWERS, ids=lambda cause: type(cause).__name__)
def test_no_answer_leaves_a_change_unknown(cause: Exception) -> None:
    """A question may be asked again; a change may have taken effect."""
    assert type(raised_for(cause, changes=False)) is StoreBusy
    unknown = raised_for(cause, changes=True)
    assert type(unknown) is OutcomeUnknown
    assert unknown.__cause__ is cause


@pytest.mark.parametrize("code", [*REFUSED, *OUT_OF_USE])
def test_a_refusal_for_now_changed_nothing(code: str) -> None:
    """Throttled, in conflict, or without its key: also where a change was asked for."""
    assert type(raised_for(error(code), changes=True)) is StoreBusy
    assert type(raised_for(error(code), changes=False)) is StoreBusy


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_after_another_attempt_leaves_a_change_unknown(code: str) -> None:
    """The attempt before it may have been carried out, and its answer lost."""
    assert type(raised_for(error(code, retries=1), changes=True)) is OutcomeUnknown
    assert type(raised_for(error(code, retries=1), changes=False)) is StoreBusy


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InternalServerError", 500),
        ("ServiceUnavailable", 503),
        ("KMSInternalException", 500),
        ("TransactionInProgressException", 400),
        ("NeverSeenBefore", 502),
    ],
)
def test_a_failing_service_leaves_a_change_unknown(code: str, status: int) -> None:
    """DynamoDB's documentation says it of its 500; the same transaction may also still be at work."""
    assert type(raised_for(error(code, status), changes=True)) is OutcomeUnknown
    assert type(raised_for(error(code, status), changes=False)) is StoreBusy


@pytest.mark.parametrize(
    "cause",
    [
        error("AccessDeniedException"),
        error("ValidationException"),
        error("NotFoundException"),
        NoRegionError(),
    ],
)
def test_what_repeating_does_not_help_is_raised_as_it_is(cause: Exception) -> None:
    """Somebody has to look: a permission, a request of ours, a setting."""
    assert raised_for(cause, changes=True) is cause


class _Kms:
    """A key service that fails one way."""

    def __init__(self, cause: Exception) -> None:
        self._cause = cause

    def sign(self, **_: object) -> None:
        """Fail."""
        raise self._cause


@pytest.mark.parametrize("cause", [*NO_ANSWERS, *map(error, OUT_OF_USE)])
def test_a_signature_that_can_be_had_later_is_no_failed_document(cause: Exception) -> None:
    """A disabled key and a silent service are mended, a refused one is not."""
    with pytest.raises(StoreBusy):
        KmsSigner(b"", (), "k", "ECDSA_SHA_256", _Kms(cause)).sign(b"x")  # type: ignore[arg-type] # a fake
    with pytest.raises(SigningFailed):
        KmsSigner(b"", (), "k", "ECDSA_SHA_256", _Kms(error("AccessDenied"))).sign(b"x")  # type: ignore[arg-type]
