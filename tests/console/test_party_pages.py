"""A party's pages, from the first offer to the last paper: what they show, what they do, in which words."""

from __future__ import annotations

from typing import Final
from urllib.request import urlopen

import pytest

from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.papers import PDF, Paper, PaperKind
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Role
from tests.support import settling
from tests.support.browsing import Browser, Seen, Site
from tests.support.fakes import FakeHub
from tests.support.fakes.samples import BORROWER_DETAILS, INSTITUTION, MEDIATOR, borrower
from tests.support.journey import mediated_case

OFFICIALESE: Final = (
    *("被申请人", "受要约人", "要约", "兹", "予以", "须经", "应当", "届时", "该等", "贵方", "敬请"),
    *("逾期", "届满", "履行", "依法", "项下", "标的", "送达", "裁定", "诉求", "给付", "清偿", "罚则"),
)
"""What no farmer says, and so no page of a party."""
HEARD: Final = ("challenge", "end-talks", "defences", "messages", "sessions")
"""Its pages of being heard while talks go on; `test_hearing` has those about objections."""


class Visitor:
    """A borrower in front of its case; every page that it sees is kept."""

    def __init__(self, hub: FakeHub | None = None, language: str = "zh") -> None:
        self.hub = hub or FakeHub()
        self.case_id = mediated_case(self.hub)
        self.site = Site(hub=self.hub)
        self.browser: Browser = self.site.browser(borrower(self.case_id), language)
        self.seen: list[Seen] = []

    def open(self, page: str = "") -> Seen:
        """Open a page of the case."""
        path = f"cases/{self.case_id}" + (f"/{page}" if page else "")
        return self._kept(self.browser.open(path))

    def send(self, page: str, *, at: str | None = None, **typed: str) -> Seen:
        """Open an act's page and send its form."""
        place = None if at is None else f"cases/{self.case_id}/{at}"
        return self._kept(self.browser.send(self.open(page), at=place, **typed))

    def _kept(self, seen: Seen) -> Seen:
        self.seen.append(seen)
        return seen

    def offers(self, seen: Seen, page: str) -> bool:
        """Tell whether a page leads to another one of the case."""
        return f"/console/cases/{self.case_id}/{page}" in seen.links

    @property
    def code(self) -> str:
        """The code for signing that the phone got last."""
        self.hub.run()
        inbox = self.hub.gateway.inbox(BORROWER_DETAILS.phone)
        return [each.values["code"] for each in inbox if each.kind is NoticeKind.SIGNING_CODE][-1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_party_goes_from_an_offer_to_its_plan_by_forms(language: str) -> None:
    """Read, accept, read the agreement, a code, sign; then what is next, and the papers."""
    party = Visitor(language=language)
    hub, case_id = party.hub, party.case_id
    seen = party.open()
    assert party.offers(seen, "claim")
    assert party.offers(seen, "rights")
    assert not party.offers(seen, "accept-offer")
    settling.offers(hub, case_id)
    seen = party.open()
    assert party.offers(seen, "accept-offer")
    shown = party.open("accept-offer")
    assert "107,330.56" in shown.text
    assert "壹拾万柒仟叁佰叁拾元伍角陆分" in shown.text
    assert "6,257.60" in shown.text  # penalty and compound interest, which the tier gives up
    party.send("accept-offer")
    assert not party.offers(party.open(), "accept-offer")
    settling.settles(hub, case_id)
    assert party.offers(party.open(), "sign")
    paper = party.open("sign")
    sha256 = hub.cases.get(case_id).agreement_sha256
    assert party.offers(paper, f"papers/{sha256}")
    sent = party.send("sign", at="sign/code")
    assert (sent.status, sent.path) == (200, f"cases/{case_id}/sign")
    refused = party.send("sign", code="12")
    assert refused.status == 422
    assert "6 " in refused.text
    party.send("sign", code=party.code)
    assert "r1" in hub.cases.get(case_id).signatures
    settling.signs(hub, case_id, "a1")
    plan = party.open("plan")
    assert "107,330.56" in plan.text
    assert party.offers(party.open(), "confirm")
    party.send("confirm")
    confirmation = hub.cases.get(case_id).confirmation
    assert confirmation is not None
    assert confirmation.applicants == {"r1"}
    settling.pays_everything(hub, case_id)
    paid = party.open("plan")
    assert ("全部还清了" if language == "zh" else "Everything is paid") in paid.text
    party.open("papers")
    assert {seen.status for seen in party.seen} == {200, 422}


def test_no_page_of_a_party_speaks_officialese() -> None:
    """From the start to what is agreed, every page of the walk."""
    party = Visitor()
    for page in (
        "",
        "claim",
        "rights",
        "ways",
        "offers",
        "papers",
        "pay-monthly",
        "pay-once",
        "extend",
        *HEARD,
    ):
        party.open(page)
    settling.agrees(party.hub, party.case_id)
    for page in ("", "offers", "sign", "refuse-to-sign", "plan"):
        party.open(page)
    settling.all_sign(party.hub, party.case_id)
    for page in ("", "plan", "confirm", "papers"):
        party.open(page)
    assert {seen.status for seen in party.seen} == {200}
    found = {word: seen.path for seen in party.seen for word in OFFICIALESE if word in seen.text}
    assert found == {}


def test_a_party_makes_its_own_proposal() -> None:
    """Months and a first day are enough; the hub works out the rest and sends it to the bank."""
    party = Visitor()
    assert "请先等银行提方案" in party.open("pay-monthly").text
    settling.offers(party.hub, party.case_id, settling.instalments(party.hub))
    wrong = party.send("pay-monthly", schedule_count__int="")
    assert wrong.status in {400, 422}
    seen = party.browser.send(
        party.open("pay-monthly"),
        **{
            "schedule.count:int": "6",
            "schedule.year:int": "2026",
            "schedule.month:int": "4",
            "schedule.day:int": "15",
        },
    )
    assert (seen.status, seen.path) == (200, f"cases/{party.case_id}")
    offer = party.hub.cases.get(party.case_id).offer
    assert offer is not None
    assert offer.side is Side.RESPONDENT
    assert offer.awaits == {"a1"}
    assert "分 6 次还" in party.open("offers").text


def test_a_party_works_out_what_each_way_of_paying_costs() -> None:
    """Before anybody has offered: at once, in some months, in as many as it chooses. Nothing is stored."""
    party = Visitor()
    assert party.offers(party.open(), "ways")
    shown = party.open("ways")
    assert "107,330.56" in shown.text  # at once: penalty and compound interest waived
    assert "110,459.35" in shown.text  # in months: half of them
    version = party.hub.cases.get(party.case_id).version
    seen = party.send("ways", schedule_count__int="")
    assert seen.status == 422
    form = {**party.open("ways").hidden, "schedule.count:int": "10"}
    chosen = party.browser.request("POST", f"cases/{party.case_id}/ways", form)
    assert (chosen.status, "分 10 个月还" in chosen.text, "11,045.93 元" in chosen.text) == (200, True, True)
    far = party.browser.request("POST", f"cases/{party.case_id}/ways", {**form, "schedule.count:int": "900"})
    assert (far.status, "#f-schedule-count" in far.links) == (422, True)
    assert party.hub.cases.get(party.case_id).version == version
    settling.agrees(party.hub, party.case_id)
    assert not party.offers(party.open(), "ways")


def test_a_partys_papers_are_the_apis_bytes() -> None:
    """Type, name and content; another's paper is the same 404 as none."""
    party = Visitor()
    settling.agrees(party.hub, party.case_id)
    sha256 = party.hub.cases.get(party.case_id).agreement_sha256
    answer = party.browser.request("GET", f"cases/{party.case_id}/papers/{sha256}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert party.open(f"papers/{'0' * 64}").status == 404
    other = party.site.browser(borrower("C-else"))
    assert other.open(f"cases/{party.case_id}/papers/{sha256}").status == 404


def test_a_paper_too_big_for_an_answer_leaves_by_a_link() -> None:
    """A paper of more than 4 MiB: the page leads to a signed address, which gives the very bytes."""
    party = Visitor()
    content = b"%PDF" + b"a" * (4 * 1024 * 1024)
    made = Paper(kind=PaperKind.CALCULATION, template_id="calculation/1", media_type=PDF, content=content)
    kept = made.kept(party.case_id, made_by=Role.MEDIATOR, at=party.hub.clock.now())
    sha256 = party.hub.papers.add(made, kept).document_id
    answer = party.browser.request("GET", f"cases/{party.case_id}/papers/{sha256}")
    assert (answer.status, answer.headers["Cache-Control"]) == (303, "no-store")
    with urlopen(answer.headers["Location"]) as linked:  # noqa: S310 - the fake made it
        assert linked.read() == content
    other = party.site.browser(borrower("C-else"))
    assert other.open(f"cases/{party.case_id}/papers/{sha256}").status == 404


def test_staff_and_banks_have_other_pages_for_the_same_acts() -> None:
    """A mediator who opens a party's question finds no such page."""
    party = Visitor()
    settling.offers(party.hub, party.case_id)
    for actor in (MEDIATOR, INSTITUTION):
        browser = party.site.browser(actor)
        assert browser.open(f"cases/{party.case_id}/accept-offer").status == 404
        assert (
            f"/console/cases/{party.case_id}/accept-offer" not in browser.open(f"cases/{party.case_id}").links
        )
