"""A change whose answer was lost: the caller is told so, and its repeat is answered as done."""

from collections.abc import Callable
from typing import Any, cast

import pytest
import urllib3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError

from chalicelib.adapters.aws import client
from chalicelib.adapters.dynamo.store import DynamoStore
from tests.contract.storage.conftest import RawTable
from tests.contract.storage.steps import add
from tests.support.aws import REGION
from tests.support.fakes import FakeClock
from tests.support.fakes.samples import INSTITUTION
from tests.support.http import Answer, Api

WRITE = "dynamodb.TransactWriteItems"


@pytest.fixture
def dynamodb(table: RawTable) -> Any:
    """Make the hub's own client of the table, which repeats what gets no answer."""
    url = table.client.meta.endpoint_url
    return client("dynamodb", read_seconds=30.0, endpoint_url=url, region_name=REGION)


@pytest.fixture
def api(dynamodb: Any, table: RawTable, kms: Any, kms_key_id: str, clock: FakeClock) -> Api:
    """Make the API on a real table."""
    store = DynamoStore(dynamodb, table.name, kms=lambda: kms, kms_key_id=kms_key_id, now=clock.epoch)
    made = Api()
    made.hub.cases = cast("Any", store.cases)
    add(store.cases, "C-1")
    return made


def withdraw(api: Api) -> Answer:
    """Withdraw the case on its first version."""
    return api.post("/v1/cases/C-1/withdrawal", {}, INSTITUTION, If_Match='"1"')


def lose_the_answer(**_: object) -> None:
    """Fail after the table has done what it was asked for."""
    raise ReadTimeoutError(endpoint_url="https://table.test")


def test_a_change_without_an_answer_is_unknown_and_its_repeat_is_done(api: Api, dynamodb: Any) -> None:
    """503 without a claim that nothing was changed; then 200 with the case, and one event."""
    dynamodb.meta.events.register(f"after-call.{WRITE}", lose_the_answer)
    first = withdraw(api)
    assert (first.status, first.code) == (503, "outcome_unknown")
    dynamodb.meta.events.unregister(f"after-call.{WRITE}", lose_the_answer)
    again = withdraw(api)
    assert (again.status, again.body["stage"], again.headers["ETag"]) == (200, "withdrawn", '"2"')
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.hub.cases.events("C-1", 0, 10)) == 2


def test_a_change_that_the_sdk_repeats_is_done_once(api: Api, dynamodb: Any) -> None:
    """Its first attempt took effect and its answer was lost: the second one's answer is the caller's."""
    lose = _lost_once()
    dynamodb.meta.events.register(f"before-send.{WRITE}", lose)
    answer = withdraw(api)
    dynamodb.meta.events.unregister(f"before-send.{WRITE}", lose)
    assert (answer.status, answer.body["stage"], answer.headers["ETag"]) == (200, "withdrawn", '"2"')
    assert len(api.hub.cases.events("C-1", 0, 10)) == 2


def _lost_once() -> Callable[..., AWSResponse | None]:
    lost: list[str] = []

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        if lost:
            return None
        headers = {name: _text(value) for name, value in request.headers.items()}
        sent = urllib3.request(request.method, request.url, body=cast("bytes", request.body), headers=headers)
        assert sent.status == 200
        lost.append("done")
        return AWSResponse(request.url, 500, HTTPHeaders(), _Nothing())

    return send


class _Nothing:
    """A body without content."""

    def stream(self, **_: object) -> list[bytes]:
        """Return none of it."""
        return []


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()
