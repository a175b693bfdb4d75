"""Personal data at rest: nothing readable in the table, and nothing that opens where it does not belong."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.dynamo.errors import RecordTooNew, SealBroken
from chalicelib.domain.commands import Correct
from chalicelib.domain.court_commands import RecordReview
from chalicelib.domain.parties import PartyDetails
from chalicelib.domain.transfer import ReviewResult
from chalicelib.use_cases.records import CourtCallback
from tests.contract.storage.conftest import RawTable, StoreMaker
from tests.contract.storage.steps import DUE, act, add, filed, insisting, transferring
from tests.support.fakes import COURT_ID, samples
from tests.support.fakes.clock import START

if TYPE_CHECKING:
    from mypy_boto3_kms.client import KMSClient

    from chalicelib.adapters.dynamo.store import DynamoStore

FREE_TEXT = "张试的地址不明，请补正"
FIELDS = tuple(field.name for field in fields(PartyDetails) if field.name != "party_id")
"""Whatever is known of a person: each field is looked for in what is stored."""


def callback(name: str = "m-1", court_id: str = COURT_ID) -> CourtCallback:
    """Make a court's message with free text."""
    return CourtCallback(
        callback_id=f"{court_id}#{name}",
        court_id=court_id,
        transfer_id="C-1-T1",
        occurred_at=START,
        command=RecordReview(transfer_id="C-1-T1", result=ReviewResult.RECEIVED),
        raw=json.dumps({"message": FREE_TEXT}, ensure_ascii=False).encode(),
    )


def everything_in(table: RawTable) -> str:
    """Write all that is stored as text, bytes as far as they can be read."""

    def readable(value: Any) -> str:
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)

    return json.dumps(table.items(), default=readable, ensure_ascii=False)


def values_of(details: PartyDetails) -> list[str]:
    """Return everything that must not be read in the table."""
    return [value for value in (getattr(details, field) for field in FIELDS) if value]


def test_no_personal_data_is_readable_in_the_table(store: "DynamoStore", table: RawTable) -> None:
    """Filing, transfer, correction and callback store no name, number, phone or address as such."""
    case = transferring(store.cases, "C-1")
    review = RecordReview(transfer_id="C-1-T1", result=ReviewResult.REJECTED)
    case = act(store.cases, case, review, samples.COURT)
    corrected = replace(samples.BORROWER_DETAILS, phone="13900005678", account="6217000000000000004")
    act(store.cases, case, Correct(details=(corrected,)), samples.INSTITUTION)
    store.callbacks.add(callback(), DUE)
    stored = everything_in(table)
    assert "C-1-T1" in stored
    people = (samples.BANK_DETAILS, samples.BORROWER_DETAILS, corrected)
    assert [value for person in people for value in values_of(person) if value in stored] == []
    assert FREE_TEXT not in stored
    assert "张试" not in stored


def test_equal_values_are_sealed_differently(store: "DynamoStore", table: RawTable) -> None:
    """Nobody can tell from the ciphertext that two people share an address."""
    add(store.cases, "C-1")
    add(store.cases, "C-2")
    sealed = [
        party["M"]["address"]["B"]
        for case_id in ("C-1", "C-2")
        for party in table.item(f"CASE#{case_id}", "PARTIES")["parties"]["L"]
    ]
    assert len({bytes(value) for value in sealed}) == 4


def test_the_look_up_index_of_two_institutions_differs(store: "DynamoStore", table: RawTable) -> None:
    """The same person's index of one institution says nothing about another's."""
    add(store.cases, "C-1")
    add(store.cases, "C-2", institution_id="bank-2")
    keys = [item["PK"]["S"].split("#") for item in table.items() if item["PK"]["S"].startswith("PERSON#")]
    assert {(owner, len(index)) for _, owner, index in keys} == {("bank-1", 64), ("bank-2", 64)}
    assert len({index for _, _, index in keys}) == 2


def test_what_one_process_sealed_another_opens(new_store: StoreMaker) -> None:
    """The key is in the table, wrapped; memory is only a short cut."""
    case = add(new_store().cases, "C-1")
    other = new_store()
    assert other.cases.details(case) == samples.filing().details
    assert other.cases.find_by_id_number("bank-1", samples.BORROWER_DETAILS.id_number) == ("C-1",)


def test_of_two_first_filings_at_once_one_makes_the_key(new_store: StoreMaker, table: RawTable) -> None:
    """However many processes meet an institution first, all its data opens with one key."""
    stores = [new_store() for _ in range(6)]

    def file(number: int) -> None:
        change, key = filed(f"C-{number}"), samples.key(f"key-{number}")
        insisting(lambda: stores[number].cases.add(change, samples.filing().details, key, DUE))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(file, range(6)))
    fresh = new_store()
    for number in range(6):
        assert fresh.cases.details(fresh.cases.get(f"C-{number}")) == samples.filing().details
    assert len([item for item in table.items() if item["PK"]["S"].startswith("KEY#")]) == 1


def test_ciphertext_moved_to_another_field_does_not_open(store: "DynamoStore", table: RawTable) -> None:
    """A phone can't be passed off as a name."""
    case = add(store.cases, "C-1")
    item = table.item("CASE#C-1", "PARTIES")
    party = item["parties"]["L"][1]["M"]
    party["name"] = party["phone"]
    table.put(item)
    with pytest.raises(SealBroken):
        store.cases.details(case)


def test_ciphertext_swapped_between_parties_does_not_open(store: "DynamoStore", table: RawTable) -> None:
    """A guarantor can't be made the borrower by swapping rows."""
    case = add(store.cases, "C-1")
    item = table.item("CASE#C-1", "PARTIES")
    first, second = (party["M"] for party in item["parties"]["L"])
    first["id_number"], second["id_number"] = second["id_number"], first["id_number"]
    table.put(item)
    with pytest.raises(SealBroken):
        store.cases.details(case)


def test_ciphertext_copied_to_another_case_does_not_open(store: "DynamoStore", table: RawTable) -> None:
    """Not even between two cases of one institution, with the same key."""
    add(store.cases, "C-1")
    case = add(store.cases, "C-2")
    table.put({**table.item("CASE#C-1", "PARTIES"), "PK": {"S": "CASE#C-2"}})
    with pytest.raises(SealBroken):
        store.cases.details(case)


@pytest.mark.parametrize("position", [0, 5, -1])
def test_an_altered_byte_does_not_open(store: "DynamoStore", table: RawTable, position: int) -> None:
    """Version, nonce, content: each is covered."""
    case = add(store.cases, "C-1")
    item = table.item("CASE#C-1", "PARTIES")
    party = item["parties"]["L"][0]["M"]
    altered = bytearray(bytes(party["name"]["B"]))
    altered[position] ^= 1
    party["name"]["B"] = bytes(altered)
    table.put(item)
    with pytest.raises(SealBroken):
        store.cases.details(case)


def test_another_institutions_key_does_not_open(new_store: StoreMaker, table: RawTable) -> None:
    """A case can't be read by moving it to an institution one has the key of."""
    store = new_store()
    case = add(store.cases, "C-1")
    add(store.cases, "C-2", institution_id="bank-2")
    for other in ("bank-2", "bank-3"):
        with pytest.raises(SealBroken, match="the owner does not have"):
            store.cases.details(replace(case, institution_id=other))
    table.put({**table.item("KEY#bank-2", "KEY"), "PK": {"S": "KEY#bank-1"}})
    with pytest.raises(SealBroken):
        new_store().cases.details(case)


def test_a_callback_moved_to_another_id_does_not_open(store: "DynamoStore", table: RawTable) -> None:
    """A court's bytes belong to their message."""
    store.callbacks.add(callback("m-1"), DUE)
    store.callbacks.add(callback("m-2"), DUE)
    table.put({**table.item(f"CALLBACK#{COURT_ID}#m-1", "CALLBACK"), "PK": {"S": f"CALLBACK#{COURT_ID}#m-2"}})
    with pytest.raises(SealBroken):
        store.callbacks.raw(f"{COURT_ID}#m-2")


def test_kms_is_told_whose_key_it_is(store: "DynamoStore", table: RawTable, kms: "KMSClient") -> None:
    """The wrapped key opens with its owner as encryption context, and with no other."""
    add(store.cases, "C-1")
    wrapped = bytes(table.item("KEY#bank-1", "KEY")["wrapped"]["B"])
    assert kms.decrypt(CiphertextBlob=wrapped, EncryptionContext={"institution_id": "bank-1"})["Plaintext"]
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=wrapped, EncryptionContext={"institution_id": "bank-2"})


def test_a_record_of_a_later_release_is_not_touched(store: "DynamoStore", table: RawTable) -> None:
    """Reading it here and writing it back would lose what this release does not know."""
    add(store.cases, "C-1")
    table.put({**table.item("CASE#C-1", "CASE"), "schema": {"N": "3"}})
    with pytest.raises(RecordTooNew):
        store.cases.get("C-1")
