"""A change is stored over the version it was made from, with everything it brings, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.case import Case
from chalicelib.domain.commands import Correct, Drop, Retransfer, Screen, Withdraw
from chalicelib.domain.court_commands import RecordReview
from chalicelib.domain.dossier import ManifestEntry
from chalicelib.domain.errors import CaseNotFound, StaleVersion, TransferNotFound
from chalicelib.domain.events import verify_chain
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import Dispatch, DispatchKind, ReviewReason, ReviewResult
from chalicelib.use_cases.records import StoredTransfer
from tests.contract.storage.conftest import Storage
from tests.contract.storage.steps import (
    DUE,
    LATER,
    act,
    add,
    assigned,
    context,
    filed,
    insisting,
    transferring,
    unresolved,
)
from tests.support.fakes import COURT_ID, samples
from tests.support.fakes.clock import START

MANIFEST = (
    ManifestEntry(document_id="d1", kind="k", media_type="application/json", size=2, sha256="a" * 64),
)


def test_every_change_is_read_back(storage: Storage) -> None:
    """After a whole mediation the case is what the domain made of it, and its chain is unbroken."""
    case = transferring(storage.cases, "C-1")
    assert storage.cases.get("C-1") == case
    assert verify_chain(storage.cases.events("C-1", 0, 100)) == case.last_event_hash


def test_events_come_in_pages(storage: Storage) -> None:
    """Events above a sequence number come oldest first, no more than asked for."""
    case = assigned(storage.cases, "C-1")
    assert [event.sequence for event in storage.cases.events("C-1", 0, 2)] == [1, 2]
    assert [event.sequence for event in storage.cases.events("C-1", 2, 10)] == [3]
    assert storage.cases.events("C-1", case.version, 10) == ()
    assert storage.cases.events("C-1", 10**9, 10) == ()
    assert storage.cases.events("C-2", 0, 10) == ()


def test_a_change_made_from_an_older_version_is_refused(storage: Storage) -> None:
    """The second of two changes made from one version is stale, and nothing of it is stored."""
    case = add(storage.cases, "C-1")
    screened = act(storage.cases, case, Screen())
    withdrawn = lifecycle.apply(case, Withdraw(), context(samples.INSTITUTION))
    with pytest.raises(StaleVersion):
        storage.cases.save(withdrawn, DUE)
    assert storage.cases.get("C-1") == screened
    assert len(storage.cases.events("C-1", 0, 10)) == screened.version
    with pytest.raises(StaleVersion):
        storage.cases.save(replace(withdrawn, case=replace(withdrawn.case, version=9)), DUE)


def test_a_change_of_an_unknown_case_is_refused(storage: Storage) -> None:
    """A case that was never filed can't be saved."""
    change = lifecycle.apply(filed("C-1").case, Screen(), context(samples.CENTRE))
    with pytest.raises(StaleVersion):
        storage.cases.save(change, DUE)


def test_of_many_changes_at_once_one_is_stored(storage: Storage) -> None:
    """Concurrent changes of one version: one wins, the others are stale."""
    case = add(storage.cases, "C-1")

    def screen(number: int) -> bool:
        at = START + timedelta(seconds=number)
        try:
            insisting(lambda: act(storage.cases, case, Screen(), at=at))
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(screen, range(8))).count(True) == 1
    assert len(storage.cases.events("C-1", 0, 10)) == 2


@pytest.mark.parametrize("case_id", ["C-9", "", "C#9", "案", "\ud800", "C" * 5000])
def test_an_unknown_case_is_not_found(storage: Storage, case_id: str) -> None:
    """Whatever a caller asks for, what is not stored is not found."""
    with pytest.raises(CaseNotFound):
        storage.cases.get(case_id)


def test_a_transfer_is_there_with_its_dispatch(storage: Storage) -> None:
    """Asking for a transfer stores the transfer and the submission that is owed."""
    case = transferring(storage.cases, "C-1")
    transfer_id = case.transfer.transfer_id if case.transfer else ""
    assert storage.transfers.get(transfer_id) == StoredTransfer(
        transfer_id=transfer_id, case_id="C-1", court_id=COURT_ID
    )
    dispatch_id = f"C-1-D{case.version}"
    assert storage.dispatches.get("C-1", dispatch_id) == Dispatch(
        dispatch_id=dispatch_id, case_id="C-1", kind=DispatchKind.SUBMISSION, transfer_id=transfer_id
    )
    with pytest.raises(TransferNotFound):
        storage.transfers.get("C-1-T2")


def test_a_submission_owed_again_keeps_its_manifest(storage: Storage) -> None:
    """An overdue submission is a new message about the same transfer."""
    case = transferring(storage.cases, "C-1")
    transfer_id = case.transfer.transfer_id if case.transfer else ""
    kept = storage.transfers.fix_manifest(transfer_id, MANIFEST)
    change = lifecycle.apply(case, Withdraw(), context(samples.INSTITUTION))
    owed = Dispatch(
        dispatch_id="C-1-D99", case_id="C-1", kind=DispatchKind.SUBMISSION, transfer_id=transfer_id
    )
    again = replace(change, records=(owed,))
    storage.cases.save(again, LATER)
    assert storage.transfers.get(transfer_id).manifest == kept == MANIFEST


def returned(storage: Storage) -> Case:
    """Bring a case to where the court wants a correction."""
    case = transferring(storage.cases, "C-1")
    review = RecordReview(
        transfer_id=case.transfer.transfer_id if case.transfer else "",
        result=ReviewResult.REJECTED,
        filing_id="F-1",
        reasons=(ReviewReason(document_id="complaint", code="address_unclear"),),
    )
    return act(storage.cases, case, review, samples.COURT)


def test_a_correction_replaces_one_party_and_opens_a_new_transfer(storage: Storage) -> None:
    """The named party's details are replaced, the others' stay, and the next transfer is a new one."""
    moved = replace(samples.BORROWER_DETAILS, address="福建省宁德市蕉城区新址9号")
    case = act(storage.cases, returned(storage), Correct(details=(moved,)), samples.INSTITUTION)
    assert storage.cases.details(case) == (samples.BANK_DETAILS, moved)
    assert storage.cases.find_by_id_number("bank-1", moved.id_number) == ("C-1",)
    again = act(storage.cases, case, Retransfer())
    assert storage.transfers.get("C-1-T2").manifest is None
    assert storage.cases.get("C-1") == again


def test_a_corrected_id_number_is_found_and_the_wrong_one_is_not(storage: Storage) -> None:
    """Nobody is found any more by a number that was a mistake."""
    corrected = replace(samples.BORROWER_DETAILS, id_number="350902199003070016")
    act(storage.cases, returned(storage), Correct(details=(corrected,)), samples.INSTITUTION)
    assert storage.cases.find_by_id_number("bank-1", "350902199003070016") == ("C-1",)
    assert storage.cases.find_by_id_number("bank-1", samples.BORROWER_DETAILS.id_number) == ()


def test_a_stale_correction_corrects_nothing(storage: Storage) -> None:
    """Details belong to their change: a stale one leaves them as they were."""
    case = returned(storage)
    corrected = replace(samples.BORROWER_DETAILS, name="李试")
    change = lifecycle.apply(case, Correct(details=(corrected,)), context(samples.INSTITUTION))
    act(storage.cases, case, Withdraw(), samples.INSTITUTION)
    with pytest.raises(StaleVersion):
        storage.cases.save(change, DUE, (corrected,))
    assert storage.cases.details(case) == (samples.BANK_DETAILS, samples.BORROWER_DETAILS)


def test_a_closed_case_stays_readable(storage: Storage) -> None:
    """Ending a case frees its claim and deletes nothing else."""
    case = act(storage.cases, unresolved(storage.cases, "C-1"), Drop(), samples.INSTITUTION)
    assert storage.cases.get("C-1").stage is Stage.CLOSED
    assert storage.cases.details(case) == (samples.BANK_DETAILS, samples.BORROWER_DETAILS)
