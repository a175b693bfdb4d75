"""One address for service in all papers of a case: the one that its party confirmed last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.errors import PaperNotFound
from chalicelib.domain.papers import ADDRESS_RECORD, PaperKind
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.list_documents import list_documents
from chalicelib.use_cases.make_document import make_document
from chalicelib.use_cases.paper_sources import sources_of
from chalicelib.use_cases.papers import PaperRequest, ServiceAddress
from chalicelib.use_cases.read_document_of_case import read_document_of_case
from tests.support.desk import Desk
from tests.support.fakes.samples import CENTRE, MEDIATOR

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST: Final = ServiceAddress(
    address="测试路1号", recipient="张试", phone="13800001234", electronic="短信 13800001234"
)
SECOND: Final = ServiceAddress(address="测试路2号", recipient="李试", phone="13800004321")
REPORT: Final = PaperRequest(kind=PaperKind.MEDIATION_REPORT)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def case_id(desk: Desk) -> str:
    return desk.reach(Stage.IN_MEDIATION)


def confirm(desk: Desk, case_id: str, service: ServiceAddress | None, party_id: str = "r1") -> None:
    desk.hub.clock.advance(seconds=1)
    request = PaperRequest(kind=PaperKind.SERVICE_ADDRESS, party_id=party_id, service=service)
    make_document(desk.hub, MEDIATOR, case_id, request)


def confirmed(desk: Desk, case_id: str) -> Mapping[str, ServiceAddress]:
    return sources_of(desk.hub, desk.case(case_id), REPORT).confirmed


def test_every_paper_made_later_reads_what_was_confirmed(desk: Desk, case_id: str) -> None:
    """Each party's own; before, nothing is known."""
    assert confirmed(desk, case_id) == {}
    confirm(desk, case_id, FIRST)
    confirm(desk, case_id, SECOND, "a1")
    assert confirmed(desk, case_id) == {"r1": FIRST, "a1": SECOND}


def test_the_last_confirmation_holds(desk: Desk, case_id: str) -> None:
    """Also where an address is confirmed again that was replaced in between."""
    for service in (FIRST, SECOND, FIRST):
        confirm(desk, case_id, service)
    assert confirmed(desk, case_id) == {"r1": FIRST}


def test_a_confirmation_sent_twice_is_stored_once(desk: Desk, case_id: str) -> None:
    """A paper in another format, or on another day, confirms the same address."""
    confirm(desk, case_id, FIRST)
    confirm(desk, case_id, FIRST)
    desk.hub.clock.advance(seconds=86_400)
    confirm(desk, case_id, None)
    records = [paper for paper in desk.hub.papers.list(case_id) if paper.template_id == ADDRESS_RECORD]
    assert len(records) == 1
    assert len(desk.hub.papers.list(case_id)) == 1 + 2


def test_what_is_not_made_confirms_nothing(desk: Desk, case_id: str) -> None:
    """A party that the case does not have, or no address."""
    for request in (
        PaperRequest(kind=PaperKind.SERVICE_ADDRESS, party_id="r9", service=FIRST),
        PaperRequest(kind=PaperKind.SERVICE_ADDRESS, party_id="r1"),
    ):
        with pytest.raises(Exception, match="service_address"):
            make_document(desk.hub, MEDIATOR, case_id, request)
    assert not desk.hub.papers.stored


def test_the_record_is_no_paper_for_anybody(desk: Desk, case_id: str) -> None:
    """It is not listed and not found, and no court gets it; the confirmation is."""
    confirm(desk, case_id, FIRST)
    (record,) = (each for each in desk.hub.papers.list(case_id) if each.template_id == ADDRESS_RECORD)
    assert [each.kind for each in list_documents(desk.hub, CENTRE, case_id)] == [PaperKind.SERVICE_ADDRESS]
    with pytest.raises(PaperNotFound):
        read_document_of_case(desk.hub, CENTRE, case_id, record.document_id)
    assert record.media_type == "application/json"


def test_a_release_without_records_reads_the_filing(desk: Desk, case_id: str) -> None:
    """A confirmation that an earlier release stored alone changes nothing."""
    confirm(desk, case_id, FIRST)
    stored = desk.hub.papers.stored
    for key in [key for key, (record, _) in stored.items() if record.template_id == ADDRESS_RECORD]:
        del stored[key]
    assert confirmed(desk, case_id) == {}
