"""Names on papers: as the roster has them when a paper is made; what was made and signed stays as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.capabilities.roster.model import PersonState
from chalicelib.capabilities.roster.service import Roster, enter_person
from chalicelib.domain.commands import Appoint
from chalicelib.domain.papers import PDF, Paper, PaperKind
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.capability_ports import EligibleMediator, NamesOfPeople
from chalicelib.use_cases.make_document import make_document
from chalicelib.use_cases.paper_sources import CaseSources, sources_of
from chalicelib.use_cases.papers import PaperRequest
from chalicelib.use_cases.read_case import read_case
from tests.support.desk import Desk
from tests.support.fakes import COURT_ID
from tests.support.fakes.papers import FakeRenderer
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, OPS
from tests.support.settling import all_sign

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chalicelib.use_cases.capability_ports import Who
    from chalicelib.use_cases.papers import Format, PaperSources

REPORT = PaperRequest(kind=PaperKind.MEDIATION_REPORT)
AGREEMENT = PaperRequest(kind=PaperKind.MEDIATION_AGREEMENT)


class NamingRenderer(FakeRenderer):
    """Papers that print the mediator and the judge."""

    def make(
        self, kind: PaperKind, sources: PaperSources, wanted: Format, template_id: str | None = None
    ) -> Paper:
        """Make a paper with both names."""
        paper = super().make(kind, sources, wanted, template_id)
        printed = f"{sources.mediator_name}|{sources.judge_name}|".encode()
        return replace(paper, content=printed + paper.content)


@dataclass
class Counting(NamesOfPeople):
    """Names that are not known, and how often they were asked for."""

    asked: int = 0

    def printed(self, people: Collection[Who]) -> Mapping[Who, str]:
        """Count, and know nobody."""
        self.asked += 1
        return super().printed(people)


@pytest.fixture
def desk() -> Desk:
    """Make a desk whose papers print names."""
    desk = Desk()
    desk.hub.renderer = NamingRenderer()
    return desk


def rename(desk: Desk, person_id: str, name: str, role: Role) -> None:
    """Correct a name on the roster."""
    enter_person(
        desk.hub,
        CENTRE,
        person_id=person_id,
        name=name,
        role=role,
        state=PersonState.ACTIVE,
        reason="更正姓名",
        expected_version=1,
    )


def printed(desk: Desk, case_id: str, document_id: str) -> str:
    """Read a stored paper."""
    return desk.hub.papers.get(case_id, document_id)[1].decode()


def test_a_paper_prints_the_names_of_the_roster(desk: Desk) -> None:
    """Of mediator and judge; made again after a correction it is another paper, and the first one stays."""
    case_id = desk.reach(Stage.UNRESOLVED)
    first = make_document(desk.hub, MEDIATOR, case_id, REPORT)
    assert make_document(desk.hub, MEDIATOR, case_id, REPORT) == first
    rename(desk, "m-1", "林·和", Role.MEDIATOR)
    rename(desk, "j-1", "周·正", Role.JUDGE)
    second = make_document(desk.hub, MEDIATOR, case_id, REPORT)
    assert printed(desk, case_id, first.document_id).startswith("林和|周正|")
    assert printed(desk, case_id, second.document_id).startswith("林·和|周·正|")


def test_what_was_drawn_up_is_signed_and_sealed_as_it_is(desk: Desk) -> None:
    """A name that is corrected between two signatures changes neither the document nor its hash."""
    case_id = desk.reach(Stage.SETTLED)
    document_id = desk.case(case_id).agreement_sha256 or ""
    before = printed(desk, case_id, document_id)
    rename(desk, "m-1", "林·和", Role.MEDIATOR)
    make_document(desk.hub, MEDIATOR, case_id, AGREEMENT)
    all_sign(desk.hub, case_id)
    assert desk.case(case_id).agreement_sha256 == document_id
    request = PaperRequest(kind=PaperKind.SIGNED_AGREEMENT)
    signed = make_document(desk.hub, MEDIATOR, case_id, request)
    assert (signed.of, signed.media_type) == (document_id, PDF)
    assert printed(desk, case_id, document_id) == before
    assert printed(desk, case_id, signed.document_id).startswith(before)


def test_a_fixed_dossier_keeps_the_names_it_was_built_with(desk: Desk) -> None:
    """The court fetches what the manifest lists, whatever the roster says since."""
    case_id = desk.reach(Stage.SUBMITTED)
    manifest = desk.hub.transfers.get(f"{case_id}-T1").manifest
    stored = dict(desk.hub.dossier_store.stored)
    rename(desk, "m-1", "林·和", Role.MEDIATOR)
    desk.run()
    assert desk.hub.transfers.get(f"{case_id}-T1").manifest == manifest
    assert desk.hub.dossier_store.stored == stored
    (report,) = [each for (_, name), each in stored.items() if name == "mediation-report-paper"]
    assert report.content.decode().startswith("林和|周正|")


def test_a_suspended_mediator_keeps_the_name(desk: Desk) -> None:
    """Papers of cases under way name it as before."""
    case_id = desk.reach(Stage.UNRESOLVED)
    (roster, who) = desk.hub.part(Roster), (COURT_ID, "m-1")
    entry = roster.find([who])[who]
    assert roster.add(replace(entry, version=2, state=PersonState.SUSPENDED))
    assert sources_of(desk.hub, desk.case(case_id), REPORT).mediator_name == "林和"


def test_without_a_roster_everybody_is_appointed_and_papers_print_ids(desk: Desk) -> None:
    """The ports' own answers are those of a hub without the capability."""
    desk.hub.parts[EligibleMediator] = EligibleMediator()
    desk.hub.parts[NamesOfPeople] = NamesOfPeople()
    case_id = desk.reach(Stage.SCREENED)
    act_on_case(desk.hub, CENTRE, case_id, Appoint(mediator_id="m-of-nobody", judge_id="ghost"))
    sources = sources_of(desk.hub, desk.case(case_id), AGREEMENT)
    assert (sources.mediator_name, sources.judge_name) == ("m-of-nobody", "ghost")
    view = read_case(desk.hub, INSTITUTION, case_id)
    assert (view.name_of("m-of-nobody"), view.name_of(None)) == (None, None)


def test_papers_made_together_ask_for_names_once(desk: Desk) -> None:
    """And a case without mediator and judge asks for none, nor does an operator."""
    names = desk.hub.parts[NamesOfPeople] = Counting()
    case_id = desk.reach(Stage.SCREENED)
    sources_of(desk.hub, desk.case(case_id), AGREEMENT)
    read_case(desk.hub, INSTITUTION, case_id)
    assert names.asked == 0
    case_id = desk.reach(Stage.UNRESOLVED, "LOAN-2")
    names.asked = 0
    together = CaseSources(desk.hub, desk.case(case_id))
    assert {together.of(REPORT).mediator_name, together.of(AGREEMENT).mediator_name} == {"m-1"}
    assert names.asked == 1
    read_case(desk.hub, OPS, case_id)
    assert names.asked == 1
