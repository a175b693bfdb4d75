"""Whatever bytes and status come back, a call ends as a receipt or as one of the court's two errors."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import urllib3
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters import signatures
from chalicelib.adapters.court.one_network import CourtEndpoint, OneNetworkCourt
from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable
from chalicelib.use_cases.records import Receipt, Submission

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = signatures.new_shared_key()
SUBMISSION = Submission(message_id="m1", transfer_id="t1", court_id="a", body={"about": "受理"})

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)
# Shapes close to the real one find more than random JSON.
receipts = st.fixed_dictionaries(
    {
        "receipt_id": st.just("R1") | json_values,
        "message_id": st.just("m1") | json_values,
        "received_at": st.just("2026-02-06T01:15:09Z") | st.datetimes().map(str) | json_values,
    }
)
bodies = st.binary(max_size=200) | (json_values | receipts).map(lambda value: json.dumps(value).encode())


class CannedPool(urllib3.PoolManager):
    """A pool whose every request is answered from a can."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        super().__init__()
        self._answer = (status, body, headers)

    def request(self, *_: Any, **__: Any) -> urllib3.HTTPResponse:
        """Answer."""
        status, body, headers = self._answer
        return urllib3.HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)


def outcome(status: int, body: bytes, headers: dict[str, str]) -> Receipt | Exception:
    """Submit; return the receipt or the error."""
    court = OneNetworkCourt(
        {"a": CourtEndpoint("https://court.example")},
        lambda _: [KEY],
        lambda: NOW,
        http=CannedPool(status, body, headers),
    )
    try:
        return court.submit(SUBMISSION)
    except (CourtUnavailable, CourtRefusedMessage) as error:
        return error


@given(st.integers(200, 599), bodies, st.text(max_size=40))
def test_every_answer_has_one_of_three_meanings(status: int, body: bytes, retry_after: str) -> None:
    result = outcome(status, body, {"retry-after": retry_after})
    if status == 202:
        assert isinstance(result, Receipt | CourtUnavailable)
    elif 400 <= status < 500 and status not in {408, 425, 429}:
        assert isinstance(result, CourtRefusedMessage)
        assert result.status == status
    else:
        assert isinstance(result, CourtUnavailable)
        assert result.retry_after_seconds is None or 0 <= result.retry_after_seconds <= 86400


@given(receipts)
def test_a_receipt_is_taken_only_if_all_of_it_is_right(fields: dict[str, Any]) -> None:
    result = outcome(202, json.dumps(fields).encode(), {})
    if isinstance(result, Receipt):
        assert fields["message_id"] == "m1"
        assert result.receipt_id == fields["receipt_id"]
        assert result.received_at.utcoffset() is not None


@given(st.text(min_size=1))
def test_an_error_never_repeats_what_the_court_wrote(text: str) -> None:
    result = outcome(422, json.dumps({"code": f"{text}。", "title": text}).encode(), {})
    assert str(result) == "the court refused the message: 422 http_422"
