"""Calls to AWS: clients that give up in time, and one error for whatever may succeed when it is repeated.

Promise: a call ends within LONGEST_CALL_SECONDS, which is less than the time-out of any function that calls
AWS, so that an endpoint which accepts and stays silent fails one message and not its whole batch. No
connection, no answer and "not now" become StoreBusy, whichever service it was; if a write may have been made
all the same, OutcomeUnknown. Downside: the time to connect counts for each address of an endpoint, and the
resolver of names has a limit of its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError

from chalicelib.domain.errors import OutcomeUnknown, StoreBusy

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT_SECONDS: Final = 1.0
READ_SECONDS: Final = 3.0
ATTEMPTS: Final = 3
_ASKED_TO_WAIT: Final = 5.0
LONGEST_CALL_SECONDS: Final[float] = ATTEMPTS * (CONNECT_SECONDS + READ_SECONDS) + sum(
    2**attempt + _ASKED_TO_WAIT for attempt in range(ATTEMPTS - 1)
)
"""All attempts and the longest waits between them.

botocore's standard mode waits up to 1, 2, 4 … seconds, and up to 5 more where the service asks for it.
"""

# They have no common ancestor below BotoCoreError, which misuse of a client raises as well.
_NO_ANSWER: Final = (NoConnection, HTTPClientError, IncompleteReadError, ResponseParserError)
_REFUSED: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        # A key of KMS that is disabled or about to be deleted, as KMS says it and the services on top of it:
        # an operator can mend that, and what waited for it then succeeds.
        "DisabledException",
        "KeyUnavailableException",
        "KMSInvalidStateException",
        "KmsDisabled",
        "KmsInvalidState",
        "KmsInvalidStateException",
        "KmsThrottled",
        "KmsThrottlingException",
        "DecryptionFailure",
    }
)
_UNKNOWN: Final = frozenset(
    {
        "DependencyTimeoutException",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "InternalServiceErrorException",
        "KMSInternalException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "TransactionInProgressException",  # the same transaction, sent before, is still at work
    }
)
_SERVER_ERROR: Final = 500


def client(service: str, *, read_seconds: float, **overrides: Any) -> Any:
    """Make a client of a service; `overrides` are boto3's own arguments."""
    import boto3  # noqa: PLC0415 - a function pays for it only if it calls AWS
    from botocore.config import Config  # noqa: PLC0415 - the same

    make: Any = boto3.client  # the stubs know each service by name; here the name is a value
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_seconds,
        # Links to files are signed like requests; in some regions botocore else signs them in the old way.
        signature_version="s3v4" if service == "s3" else None,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        # Saves a sixth of a call's CPU: the type checker has checked the arguments, and AWS does so again.
        parameter_validation=False,
        # Saves a tenth of a call's CPU: botocore else composes the same text anew for each request, twice.
        user_agent=f"jiefen-hub Boto3/{boto3.__version__}",
    )
    return make(service, config=config, **overrides)


@contextmanager
def calling(*, changes: bool = False) -> Iterator[None]:
    """Name what goes wrong with a call: StoreBusy, or OutcomeUnknown if it perhaps `changes` something.

    Any other error is raised as it is: repeating the call would not help.
    """
    try:
        yield
    except _NO_ANSWER as error:
        raise _lost(type(error).__name__, changes=changes) from error
    except ClientError as error:
        code = error.response["Error"]["Code"].removeprefix("KMS.")
        if code in _REFUSED:
            # An attempt before the last one may have been made, and only its answer lost.
            again = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            raise _lost(code, changes=changes and again > 0) from error
        if code in _UNKNOWN or _status(error) >= _SERVER_ERROR:
            raise _lost(code, changes=changes) from error
        raise


def is_refusal(code: str) -> bool:
    """Tell whether a code says "not now"; nothing was changed then."""
    return code in _REFUSED


def _lost(why: str, *, changes: bool) -> StoreBusy:
    return OutcomeUnknown(why) if changes else StoreBusy(why)


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
