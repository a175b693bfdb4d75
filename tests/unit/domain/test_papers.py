"""Who may have which paper made, and who may see it: one table, for every role and kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from chalicelib.domain.papers import ACCESS, PDF, Paper, PaperKind, StoredPaper, may_make, may_see
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from tests.support.builders import filed, insiders

CASE: Final = replace(filed("a1", "r1", "r2").case, mediator_id="m1")
_PARTIES: Final = {Role.INSTITUTION, Role.BORROWER}
_MEDIATION: Final = {Role.MEDIATOR, Role.CENTRE}


def stored(kind: PaperKind, party_id: str | None = None) -> StoredPaper:
    return StoredPaper(
        document_id="0" * 64,
        case_id=CASE.case_id,
        kind=kind,
        template_id="x/1",
        media_type=PDF,
        size=1,
        made_by=Role.CENTRE,
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
        party_id=party_id,
    )


@pytest.mark.parametrize("kind", PaperKind)
def test_every_kind_has_its_row(kind: PaperKind) -> None:
    """Whoever makes a kind sees it, is permitted the action, and is neither a court nor a judge."""
    access = ACCESS[kind]
    assert access.make
    assert access.make <= access.see
    assert access.make <= Action.MAKE_DOCUMENT.roles
    assert access.see <= Action.READ_DOCUMENTS.roles
    assert not access.see & {Role.COURT, Role.JUDGE, Role.OPS, Role.SYSTEM}


@pytest.mark.parametrize(
    ("kind", "make", "see"),
    [
        (PaperKind.MEDIATION_AGREEMENT, _PARTIES | _MEDIATION, _PARTIES | _MEDIATION),
        (PaperKind.CALCULATION, _PARTIES | _MEDIATION, _PARTIES | _MEDIATION),
        (PaperKind.COMPLAINT, {Role.INSTITUTION}, {Role.INSTITUTION}),
        (PaperKind.UNDISPUTED_FACTS, _MEDIATION, _PARTIES | _MEDIATION),
        (PaperKind.MEDIATION_REPORT, _MEDIATION, _MEDIATION),
    ],
)
def test_who_makes_and_sees(kind: PaperKind, make: set[Role], see: set[Role]) -> None:
    """The complaint is the institution's alone; the report is the mediation's."""
    assert {role for role in Role if may_make(role, kind)} == make
    seeing = {actor.role for actor in insiders(CASE) if may_see(actor, CASE, stored(kind))}
    assert seeing == see


def test_a_borrower_sees_no_other_partys_address() -> None:
    """Its own confirmation of where it is served, and not the guarantor's; the institution sees both."""
    actors = {(actor.role, actor.party_in(CASE.case_id)): actor for actor in insiders(CASE)}
    address = stored(PaperKind.SERVICE_ADDRESS, "r1")
    assert may_see(actors[Role.BORROWER, "r1"], CASE, address)
    assert not may_see(actors[Role.BORROWER, "r2"], CASE, address)
    assert may_see(actors[Role.INSTITUTION, None], CASE, address)


def test_a_papers_id_is_the_hash_of_its_bytes() -> None:
    """And its repr shows none of them."""
    paper = Paper(kind=PaperKind.CALCULATION, template_id="x/1", media_type=PDF, content=b"abc")
    assert paper.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert "abc" not in repr(paper)
    assert stored(PaperKind.CALCULATION).sha256 == "0" * 64
