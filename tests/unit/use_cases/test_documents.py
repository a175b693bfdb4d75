"""The papers of a case: made once, seen by whom they are for, signed when the agreement is in force."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

import pytest

from chalicelib.domain.commands import Correct
from chalicelib.domain.errors import (
    CaseNotFound,
    NotPermitted,
    PaperNotFound,
    PaperNotPossible,
)
from chalicelib.domain.papers import DOCX, PDF, Paper, PaperKind
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.list_documents import list_documents
from chalicelib.use_cases.make_document import make_document
from chalicelib.use_cases.paper_sources import sources_of
from chalicelib.use_cases.papers import PaperRequest, ServiceAddress
from chalicelib.use_cases.read_document_of_case import read_document_of_case
from tests.support.desk import Desk
from tests.support.fakes.papers import UNSHOWABLE
from tests.support.fakes.samples import (
    BORROWER_DETAILS,
    CENTRE,
    COURT,
    INSTITUTION,
    JUDGE,
    MEDIATOR,
    borrower,
)
from tests.unit.documents.cases import ACCOUNT

if TYPE_CHECKING:
    from chalicelib.domain.papers import StoredPaper

TEMPLATE: Final = "mediation_agreement/2"
FACTS: Final = PaperRequest(kind=PaperKind.UNDISPUTED_FACTS, facts=("本金已发放。",))
SERVICE: Final = PaperRequest(
    kind=PaperKind.SERVICE_ADDRESS,
    party_id="r1",
    service=ServiceAddress(address="测试路1号", recipient="张试", phone="13800001234"),
)
SIGNED: Final = PaperRequest(kind=PaperKind.SIGNED_AGREEMENT)
STRANGER: Final = Actor(role=Role.INSTITUTION, subject="clerk-2", institution_id="bank-2")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def case_id(desk: Desk) -> str:
    return desk.reach(Stage.IN_MEDIATION)


def agreement_of(desk: Desk, case_id: str, content: bytes = b"%PDF agreement", at: int = 0) -> StoredPaper:
    """Store an agreement as if it had been made `at` seconds from now."""
    paper = Paper(
        kind=PaperKind.MEDIATION_AGREEMENT,
        template_id="mediation_agreement/2",
        media_type=PDF,
        content=content,
    )
    desk.hub.clock.advance(seconds=at)
    return desk.hub.papers.add(paper, paper.kept(case_id, made_by=Role.MEDIATOR, at=desk.hub.clock.now()))


def test_a_paper_is_made_once(desk: Desk, case_id: str) -> None:
    """The same request on the same day is the same document; other facts, format or day another."""
    first = make_document(desk.hub, MEDIATOR, case_id, FACTS)
    desk.hub.clock.advance(seconds=60)
    assert make_document(desk.hub, CENTRE, case_id, FACTS) == first
    assert (first.made_by, first.media_type) == (Role.MEDIATOR, PDF)
    others = {
        make_document(desk.hub, MEDIATOR, case_id, replace(FACTS, facts=("另一事实。",))).document_id,
        make_document(desk.hub, MEDIATOR, case_id, replace(FACTS, wanted="docx")).document_id,
    }
    desk.hub.clock.advance(seconds=86_400)
    others.add(make_document(desk.hub, MEDIATOR, case_id, FACTS).document_id)
    assert len(others | {first.document_id}) == 4


def test_a_stored_paper_is_what_was_made(desk: Desk, case_id: str) -> None:
    """Listed and read back, its bytes hashing to its id."""
    made = make_document(desk.hub, MEDIATOR, case_id, replace(FACTS, wanted="docx"))
    assert list_documents(desk.hub, INSTITUTION, case_id) == (made,)
    fetched = read_document_of_case(desk.hub, borrower(case_id), case_id, made.document_id)
    assert (fetched.sha256, fetched.media_type) == (made.document_id, DOCX)
    assert hashlib.sha256(fetched.content).hexdigest() == made.document_id
    assert len(fetched.content) == made.size


@pytest.mark.parametrize(
    ("actor", "kind"),
    [
        (INSTITUTION, PaperKind.UNDISPUTED_FACTS),
        (INSTITUTION, PaperKind.MEDIATION_REPORT),
        (MEDIATOR, PaperKind.COMPLAINT),
        (CENTRE, PaperKind.COMPLAINT),
        (JUDGE, PaperKind.MEDIATION_AGREEMENT),
        (COURT, PaperKind.CALCULATION),
    ],
)
def test_not_everybody_makes_everything(desk: Desk, case_id: str, actor: Actor, kind: PaperKind) -> None:
    """A kind that is not the role's is refused before anything is looked for."""
    with pytest.raises(NotPermitted):
        make_document(desk.hub, actor, case_id, PaperRequest(kind=kind))
    assert not desk.hub.papers.stored


@pytest.mark.parametrize("wanted", ["xlsx", "json"])
def test_only_a_complaint_has_an_element_table(
    desk: Desk, case_id: str, wanted: Literal["xlsx", "json"]
) -> None:
    """Of another paper it is refused; of a complaint the contract is asked for, as it is for its PDF."""
    with pytest.raises(PaperNotPossible) as refused:
        make_document(desk.hub, MEDIATOR, case_id, replace(FACTS, wanted=wanted))
    assert refused.value.missing == ("pdf",)
    complaint = PaperRequest(kind=PaperKind.COMPLAINT, wanted=wanted)
    with pytest.raises(PaperNotPossible) as refused:
        make_document(desk.hub, INSTITUTION, case_id, complaint)
    assert refused.value.missing == ("contract",)


def test_a_strangers_case_has_no_papers(desk: Desk, case_id: str) -> None:
    """Making, listing and reading answer as for an unknown case."""
    made = make_document(desk.hub, MEDIATOR, case_id, FACTS)
    for ask in (
        lambda: make_document(desk.hub, STRANGER, case_id, PaperRequest(kind=PaperKind.CALCULATION)),
        lambda: list_documents(desk.hub, STRANGER, case_id),
        lambda: read_document_of_case(desk.hub, STRANGER, case_id, made.document_id),
    ):
        with pytest.raises(CaseNotFound):
            ask()


def test_what_may_not_be_seen_is_not_there(desk: Desk, case_id: str) -> None:
    """Neither listed nor found: another party's address, for a borrower."""
    made = make_document(desk.hub, MEDIATOR, case_id, replace(SERVICE, party_id="a1"))
    assert made.party_id == "a1"
    assert list_documents(desk.hub, borrower(case_id), case_id) == ()
    with pytest.raises(PaperNotFound):
        read_document_of_case(desk.hub, borrower(case_id), case_id, made.document_id)
    with pytest.raises(PaperNotFound):
        read_document_of_case(desk.hub, INSTITUTION, case_id, "0" * 64)
    own = make_document(desk.hub, MEDIATOR, case_id, SERVICE)
    assert list_documents(desk.hub, borrower(case_id), case_id) == (own,)


@pytest.mark.parametrize(
    ("actor", "request_", "missing"),
    [
        (MEDIATOR, PaperRequest(kind=PaperKind.MEDIATION_AGREEMENT), ("agreement",)),
        (INSTITUTION, PaperRequest(kind=PaperKind.CONFIRMATION_APPLICATION), ("agreement", "in_force_on")),
        (INSTITUTION, PaperRequest(kind=PaperKind.COMPLAINT), ("contract",)),
        (INSTITUTION, PaperRequest(kind=PaperKind.CALCULATION), ("statement",)),
        (MEDIATOR, PaperRequest(kind=PaperKind.SERVICE_ADDRESS), ("party_id", "service")),
        (MEDIATOR, replace(SERVICE, party_id="r9"), ("party_id",)),
        (MEDIATOR, PaperRequest(kind=PaperKind.UNDISPUTED_FACTS), ("facts",)),
        (MEDIATOR, PaperRequest(kind=PaperKind.MEDIATION_REPORT), ("ended_at",)),
        (MEDIATOR, replace(FACTS, template_id="undisputed_facts/99"), ("template",)),
        (MEDIATOR, SIGNED, ("signatures",)),
        (MEDIATOR, replace(SIGNED, wanted="docx"), ("pdf",)),
    ],
)
def test_what_is_missing_is_named(
    desk: Desk, case_id: str, actor: Actor, request_: PaperRequest, missing: tuple[str, ...]
) -> None:
    """All of it at once, and nothing is stored."""
    with pytest.raises(PaperNotPossible) as refused:
        make_document(desk.hub, actor, case_id, request_)
    assert (refused.value.kind, refused.value.missing) == (request_.kind, missing)
    assert not desk.hub.papers.stored


def test_the_agreement_in_force_is_signed_once(desk: Desk) -> None:
    """The very document that all signed; again returns the first, whose bytes begin with the agreement's."""
    case_id = desk.reach(Stage.PERFORMING)
    agreement_of(desk, case_id, b"%PDF another", at=5)
    signed = make_document(desk.hub, INSTITUTION, case_id, SIGNED)
    assert (signed.of, signed.kind) == (desk.case(case_id).agreement_sha256, PaperKind.SIGNED_AGREEMENT)
    assert make_document(desk.hub, MEDIATOR, case_id, SIGNED) == signed
    _, agreement = desk.hub.papers.get(case_id, signed.of or "")
    fetched = read_document_of_case(desk.hub, borrower(case_id), case_id, signed.document_id)
    assert fetched.content.startswith(agreement)


@pytest.mark.parametrize(("certified", "missing"), [(True, "agreement"), (False, "signing_certificate")])
def test_without_agreement_or_certificate_nothing_is_signed(certified: bool, missing: str) -> None:
    """Each is named."""
    desk = Desk()
    case_id = desk.reach(Stage.PERFORMING)
    desk.hub.renderer.certified = certified
    if certified:
        desk.hub.papers.stored.clear()
    with pytest.raises(PaperNotPossible) as refused:
        make_document(desk.hub, MEDIATOR, case_id, SIGNED)
    assert refused.value.missing == (missing,)


def test_sources_tell_what_the_case_has_already(desk: Desk, case_id: str) -> None:
    """The kinds of papers made, the names on paper, the day in China; nothing personal in a repr."""
    make_document(desk.hub, MEDIATOR, case_id, FACTS)
    sources = sources_of(desk.hub, desk.case(case_id), SERVICE)
    assert sources.papers == {PaperKind.UNDISPUTED_FACTS}
    assert (sources.names.court, sources.mediator_name) == ("court-jc人民法院", "林和")
    assert sources.judge_name == "周正"
    assert sources.made_on.isoformat() == "2026-03-02"
    assert "6217" not in repr(ACCOUNT)
    for personal in (sources, SERVICE, SERVICE.service, FACTS):
        assert "张试" not in repr(personal)
        assert "测试路" not in repr(personal)
        assert "本金" not in repr(personal)


def test_a_name_that_can_not_be_printed_holds_up_no_suit(desk: Desk) -> None:
    """The court gets the data, in which the name is whole, and the same papers as for any other name."""
    case_id = desk.reach(Stage.RETURNED)
    renamed = replace(BORROWER_DETAILS, name=f"{UNSHOWABLE}试")
    desk.act(case_id, Role.INSTITUTION, Correct(details=(renamed,)))
    desk.run()
    first, second = (dossier(desk, f"{case_id}-{suit}") for suit in ("T1", "T2"))
    assert first == second
    assert "complaint" in second
    assert renamed.name in desk.hub.dossier_store.get(f"{case_id}-T2", "complaint").decode()


def dossier(desk: Desk, transfer_id: str) -> set[str]:
    """Return the documents that the court was told of."""
    body = desk.hub.court.submissions[f"{transfer_id}-submission"].body
    return {entry["document_id"] for entry in body["manifest"]}
