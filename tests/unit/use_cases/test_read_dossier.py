"""The dossier as the court fetches it: its own transfers, once built, and the very bytes it was told of."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from chalicelib.domain.commands import RequestTransfer
from chalicelib.domain.errors import DocumentNotFound, NotPermitted, TransferNotFound
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.read_dossier import read_document, read_dossier
from tests.support.desk import Desk, corrected
from tests.support.fakes.samples import BORROWER_DETAILS, COURT, INSTITUTION

OTHER_COURT = replace(COURT, court_id="court-2")


def test_the_court_reads_parties_claim_and_documents() -> None:
    """Every document's bytes have the SHA-256 and the size that the submission named."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    view = read_dossier(desk.hub, COURT, f"{case_id}-T1")
    assert (view.transfer.case_id, view.transfer.court_id) == (case_id, COURT.court_id)
    assert BORROWER_DETAILS.id_number in {sheet["id_number"] for sheet in view.complaint["parties"]}
    (submission,) = desk.hub.court.submissions.values()
    told = {entry["document_id"]: (entry["sha256"], entry["size"]) for entry in submission.body["manifest"]}
    assert len(told) == len(view.manifest) == 4
    for entry in view.manifest:
        found = read_document(desk.hub, COURT, f"{case_id}-T1", entry.document_id)
        assert (found.sha256, found.media_type) == (entry.sha256, entry.media_type)
        assert told[entry.document_id] == (hashlib.sha256(found.content).hexdigest(), len(found.content))


def test_another_courts_transfer_an_unknown_and_an_unbuilt_one_look_the_same() -> None:
    """404 in each case, for the dossier and for each document."""
    desk = Desk()
    case_id = desk.reach(Stage.TRANSFERRING)
    unbuilt = Desk()
    unbuilt.reach(Stage.UNRESOLVED)
    for hub, court, transfer_id in (
        (desk.hub, OTHER_COURT, f"{case_id}-T1"),
        (desk.hub, COURT, f"{case_id}-T9"),
        (unbuilt.hub, COURT, f"{case_id}-T1"),
    ):
        with pytest.raises(TransferNotFound):
            read_dossier(hub, court, transfer_id)
        with pytest.raises(TransferNotFound):
            read_document(hub, court, transfer_id, "complaint")


def test_a_transfer_whose_dossier_is_not_built_yet_is_not_there_yet() -> None:
    """Between the request and the first attempt to send it there is nothing to read."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    desk.hub.court.down = True
    desk.act(case_id, Role.INSTITUTION, RequestTransfer())
    with pytest.raises(TransferNotFound):
        read_dossier(desk.hub, COURT, f"{case_id}-T1")
    desk.run()
    assert read_dossier(desk.hub, COURT, f"{case_id}-T1").manifest


def test_only_what_the_manifest_names_can_be_read() -> None:
    """Even if the store had more."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    with pytest.raises(DocumentNotFound):
        read_document(desk.hub, COURT, f"{case_id}-T1", "mediation-notes")


def test_an_earlier_attempts_dossier_stays_as_it_was() -> None:
    """A correction makes a new dossier; the old one still says what the court was told then."""
    desk = Desk()
    case_id = desk.reach(Stage.RETURNED)
    first = read_dossier(desk.hub, COURT, f"{case_id}-T1")
    desk.act(case_id, Role.INSTITUTION, corrected())
    desk.run()
    second = read_dossier(desk.hub, COURT, f"{case_id}-T2")
    assert read_dossier(desk.hub, COURT, f"{case_id}-T1") == first
    assert first.complaint["claim"]["principal"] == "100000.00"
    assert second.complaint["claim"]["principal"] == "90000.00"


def test_nobody_else_reads_it() -> None:
    """Not even the institution that filed."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    for role in Role:
        if role is not Role.COURT:
            with pytest.raises(NotPermitted):
                read_dossier(desk.hub, replace(INSTITUTION, role=role), f"{case_id}-T1")
