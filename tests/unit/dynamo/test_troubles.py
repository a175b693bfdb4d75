"""What AWS may say and moto never does: each is told apart from a refusal, and never taken for success."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.adapters.dynamo.sealing import DataKeys
from chalicelib.adapters.dynamo.table import Cancelled, Table
from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Screen
from chalicelib.domain.errors import CaseNotFound, DuplicateFiling, StaleVersion, StoreBusy
from tests.contract.storage.steps import DUE, context, filed
from tests.support.fakes import samples
from tests.unit.dynamo.scripted import Script

FAILED = "ConditionalCheckFailed"
HELD = (FAILED, {"PK": {"S": "OPEN"}, "SK": {"S": "OPEN"}, "case_id": {"S": "C-0"}})
REST = ["None"] * 5


def add(script: Script) -> Any:
    """File a case."""
    return script.store.cases.add(filed("C-1"), samples.filing().details, samples.key(), DUE)


def save(script: Script) -> None:
    """Save a change."""
    change = lifecycle.apply(filed("C-1").case, Screen(), context(samples.CENTRE))
    script.store.cases.save(change, DUE)


Act = Callable[[Script], object]
READS: list[tuple[str, Act]] = [
    ("query", lambda script: script.store.cases.get("C-1")),
    ("get_item", lambda script: script.store.debts.get("C-1")),
    ("query", lambda script: script.store.cases.events("C-1", 0, 5)),
    ("query", lambda script: script.store.cases.list_for(samples.CENTRE, None, None, 5)),
    ("update_item", lambda script: script.store.workflows.set_follow_up("C-1", DUE)),
    ("update_item", lambda script: script.store.workflows.restart("C-1", 1, DUE)),
]


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError"]
)
@pytest.mark.parametrize(("call", "act"), READS)
def test_a_busy_table_is_called_busy(call: str, act: Act, code: str) -> None:
    """The caller may repeat the request, whatever it was."""
    script = Script()
    script.fails(call, code)
    with pytest.raises(StoreBusy):
        act(script)


@pytest.mark.parametrize("act", [add, save, *(act for _, act in READS)])
def test_no_answer_is_called_busy(act: Act) -> None:
    """Whether it was stored nobody knows; repeating it is safe."""
    script = Script()
    script.is_silent()
    with pytest.raises(StoreBusy):
        act(script)


def test_a_transaction_in_conflict_is_called_busy() -> None:
    """Neither a stale version nor a duplicate: the same request may succeed the next time."""
    script = Script()
    script.cancels("None", "TransactionConflict")
    with pytest.raises(StoreBusy):
        save(script)
    script.has_a_key()
    script.cancels("None", "None", "ThrottlingError", *REST[1:])
    with pytest.raises(StoreBusy):
        add(script)
    script.fails("transact_write_items", "TransactionInProgressException")
    with pytest.raises(StoreBusy):
        save(script)
    script.is_played()


def test_a_conflict_beside_a_failed_condition_does_not_hide_it() -> None:
    """A case that was changed meanwhile is stale, whatever else stood in the way."""
    script = Script()
    script.cancels(FAILED, "TransactionConflict")
    with pytest.raises(StaleVersion):
        save(script)


def test_a_filing_in_conflict_with_itself_is_no_duplicate() -> None:
    """While its own key is contended, the claim may be held by the same filing: it is to be repeated."""
    script = Script()
    script.has_a_key()
    script.cancels("TransactionConflict", HELD, *REST)
    with pytest.raises(StoreBusy):
        add(script)
    script.cancels("None", HELD, *REST)
    with pytest.raises(DuplicateFiling):
        add(script)


def test_what_should_not_happen_is_not_explained_away() -> None:
    """A mistake of ours is raised as it is, neither busy nor a refusal."""
    script = Script()
    script.fails("query", "ResourceNotFoundException")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        script.store.cases.get("C-1")
    script.fails("transact_write_items", "ValidationException")
    with pytest.raises(ClientError, match="ValidationException"):
        save(script)
    script.cancels("None", FAILED)
    with pytest.raises(Cancelled):
        save(script)
    script.has_a_key()
    script.cancels("None", "None", "None", FAILED, *REST[1:])
    with pytest.raises(Cancelled):
        add(script)


@pytest.mark.parametrize("case_id", ["C" * 2044, "案" * 1000, "\ud800"])
def test_what_can_be_no_key_is_not_asked_for(case_id: str) -> None:
    """DynamoDB would refuse the request; nothing is stored there, so nothing is found."""
    with pytest.raises(CaseNotFound):
        Script().store.cases.get(case_id)


def page(name: str, *, last: bool) -> dict[str, Any]:
    """Return a query's page of one person's case."""
    item = {"PK": {"S": "PERSON"}, "SK": {"S": f"CASE#{name}"}}
    return {"Items": [item], **({} if last else {"LastEvaluatedKey": item})}


def test_a_query_that_dynamodb_cuts_is_read_to_its_end() -> None:
    """A page of DynamoDB ends at a megabyte, which is nothing the caller should see."""
    script = Script()
    script.has_a_key()
    script.answers("query", page("C-1", last=False))
    script.answers("query", page("C-2", last=True))
    assert script.store.cases.find_by_id_number("bank-1", "x") == ("C-1", "C-2")
    event = {"case_id": "C-1", "type": "case_filed", "at": "2026-03-02T01:30:00+00:00", "role": "ops"}
    event |= {"subject": "s", "channel": "online", "facts": "{}", "previous": "p", "hash": "h"}
    item = {name: {"S": value} for name, value in event.items()}
    item |= {"PK": {"S": "CASE#C-1"}, "SK": {"S": "EVENT#00000001"}}
    for sequence, more in ((1, True), (2, True)):
        answer = {"Items": [{**item, "sequence": {"N": str(sequence)}}]}
        script.answers("query", {**answer, "LastEvaluatedKey": {"PK": {"S": "p"}}} if more else answer)
    assert [found.sequence for found in script.store.cases.events("C-1", 0, 2)] == [1, 2]
    script.is_played()


@pytest.mark.parametrize(
    "code",
    ["ThrottlingException", "KMSInternalException", "DisabledException", "KMSInvalidStateException"],
)
def test_a_busy_key_service_is_called_busy(code: str) -> None:
    """A filing is not refused because KMS was throttled, nor a case unreadable for good.

    The same with a key that is disabled or about to be deleted: an operator can mend that.
    """
    script = Script()
    script.answers("get_item", {})
    script.fails("generate_data_key", code, "kms")
    with pytest.raises(StoreBusy):
        add(script)
    script.answers("get_item", {"Item": {"key_id": {"S": "k1"}, "wrapped": {"B": b"w"}}})
    script.fails("decrypt", code, "kms")
    with pytest.raises(StoreBusy):
        add(script)
    script.is_played()


def test_a_silent_key_service_is_called_busy() -> None:
    """As is one that gives no answer."""
    script = Script()
    script.answers("get_item", {})
    script.is_silent("kms")
    with pytest.raises(StoreBusy):
        add(script)


def test_a_denied_key_is_not_called_busy() -> None:
    """Repeating would not help: an operator has to look."""
    script = Script()
    script.answers("get_item", {"Item": {"key_id": {"S": "k1"}, "wrapped": {"B": b"w"}}})
    script.fails("decrypt", "AccessDeniedException", "kms")
    with pytest.raises(ClientError, match="AccessDenied"):
        add(script)
    script.answers("get_item", {"Item": {"key_id": {"S": "k1"}, "wrapped": {"B": b"w"}}})
    script.fails("decrypt", "InvalidCiphertextException", "kms")
    with pytest.raises(SealBroken):
        add(script)


def test_a_key_that_vanishes_is_called_busy() -> None:
    """Somebody else's key stood in the way and is gone when it is read: start again."""
    script = Script()
    script.answers("get_item", {})
    script.answers("generate_data_key", {"Plaintext": bytes(32), "CiphertextBlob": b"w"}, "kms")
    script.fails("put_item", "ConditionalCheckFailedException")
    script.answers("get_item", {})
    with pytest.raises(StoreBusy):
        add(script)
    script.is_played()


def test_no_more_keys_are_kept_than_allowed() -> None:
    """The one used longest ago goes first."""
    script = Script()
    keys = DataKeys(Table(script.dynamodb, "t"), lambda: script.kms, "k", script.clock.epoch, capacity=2)
    for owner in ("a", "b"):
        script.has_a_key(owner)
        keys.existing(owner)
    keys.existing("a")
    script.has_a_key("c")
    keys.existing("c")
    keys.existing("a")
    script.has_a_key("b")
    keys.existing("b")
    script.is_played()
