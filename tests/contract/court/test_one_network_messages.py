"""What the adapter sends: the published messages, signed, over connections it keeps."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from standardwebhooks import Webhook

from chalicelib.adapters import signatures
from chalicelib.adapters.court.one_network import CourtEndpoint
from chalicelib.domain.errors import UnknownCourt
from infra.local.court import contract
from tests.contract.court.messages import COURT, notice, submission, utc

if TYPE_CHECKING:
    from chalicelib.adapters.court.one_network import OneNetworkCourt
    from tests.contract.court.scripted import Handler, ScriptedCourt


def test_a_submission_keeps_the_contract_and_returns_the_receipt(
    court: ScriptedCourt, adapter: OneNetworkCourt
) -> None:
    receipt = adapter.submit(submission())
    assert receipt.receipt_id == "R1"
    assert receipt.received_at == datetime(2026, 2, 6, 1, 15, 9, 500000, tzinfo=UTC)
    (seen,) = court.seen
    assert seen.path == "/one-network/v1/filings"
    assert contract.published().faults("Filing", seen.json) == []
    assert seen.json == submission().body


def test_a_notice_keeps_the_contract(court: ScriptedCourt, adapter: OneNetworkCourt) -> None:
    adapter.notify(notice())
    adapter.notify(notice(kind="transfer.corrected", replaced_by="C1-T2"))
    for seen in court.seen:
        assert seen.path == "/one-network/v1/transfers/C1-T1/notices"
        assert contract.published().faults("Notice", seen.json) == []


def test_each_attempt_is_signed_anew_with_every_key_under_the_same_id(
    court: ScriptedCourt, adapter: OneNetworkCourt, hub_keys: list[str]
) -> None:
    shared, _, public = hub_keys
    for _ in range(2):
        adapter.submit(submission())
    for seen in court.seen:
        Webhook(shared).verify(seen.body, seen.headers, json_parse=False)
        assert signatures.verify(seen.headers, seen.body, [public], utc()) == submission().message_id
        assert seen.headers["content-type"] == "application/json"
    assert court.seen[0].body == court.seen[1].body


def test_the_ids_on_the_wire_are_those_of_the_envelope(
    court: ScriptedCourt, adapter: OneNetworkCourt
) -> None:
    """A body that disagrees with its envelope would be receipted under the wrong id."""
    other = {**submission().body, "message_id": "other", "transfer_id": "other", "court_id": "other"}
    adapter.submit(replace(submission(), body=other))
    sent = court.seen[0].json
    assert (sent["message_id"], sent["transfer_id"], sent["court_id"]) == ("C1-T1-submission", "C1-T1", COURT)


def test_an_id_can_not_break_out_of_the_path(court: ScriptedCourt, adapter: OneNetworkCourt) -> None:
    adapter.notify(replace(notice(), transfer_id="../a?b#c"))
    assert court.seen[0].path == "/one-network/v1/transfers/..%2Fa%3Fb%23c/notices"


def test_connections_are_used_again(court: ScriptedCourt, adapter: OneNetworkCourt) -> None:
    ports: set[int] = set()
    proper = court.script

    def script(handler: Handler) -> None:
        ports.add(handler.client_address[1])
        proper(handler)

    court.script = script
    for _ in range(3):
        adapter.submit(submission())
    assert len(ports) == 1


def test_many_threads_may_share_one_adapter(court: ScriptedCourt, adapter: OneNetworkCourt) -> None:
    threads = [threading.Thread(target=lambda: adapter.submit(submission())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(court.seen) == 8


def test_a_court_nobody_configured_is_unknown(adapter: OneNetworkCourt) -> None:
    with pytest.raises(UnknownCourt):
        adapter.submit(replace(submission(), court_id="elsewhere"))


@pytest.mark.parametrize("url", ["http://court.example", "ftp://127.0.0.1", "court.example", ""])
def test_an_endpoint_is_https_or_this_machine(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        CourtEndpoint(url)


def test_endpoints_on_this_machine_or_https_are_fine() -> None:
    for url in ("https://court.example/one-network/v1", "http://localhost:1", "http://[::1]:1"):
        assert CourtEndpoint(url).url == url
