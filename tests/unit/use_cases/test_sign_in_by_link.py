"""Codes for links, and who comes in by them."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.capabilities.links.service import issue_link
from chalicelib.domain.notices import NoticeKind
from chalicelib.use_cases.capability_ports import PartyLinks
from chalicelib.use_cases.records import Idempotency
from chalicelib.use_cases.request_sign_in_code import request_sign_in_code
from chalicelib.use_cases.sign_in_by_link import sign_in_by_link
from tests.support.fakes import FakeHub
from tests.support.fakes.samples import CENTRE, borrower
from tests.support.journey import file


@dataclass
class Play:
    """A filed case whose borrower has a link."""

    hub: FakeHub = field(default_factory=FakeHub)

    def __post_init__(self) -> None:
        self.case_id = file(self.hub)
        self.case = self.hub.cases.get(self.case_id)
        self.token = self.link("r1", "r1")

    def link(self, party_id: str, person_id: str) -> str:
        """Make somebody's link."""
        token = self.hub.part(PartyLinks).for_message(self.case, party_id, person_id, f"m-{person_id}")
        assert token is not None
        return token

    @property
    def codes(self) -> list[str]:
        """The codes that were sent."""
        self.hub.run()
        sent = self.hub.gateway.sent.values()
        return [each.values["code"] for each in sent if each.kind is NoticeKind.SIGN_IN_CODE]


def test_a_code_brings_in_the_links_party() -> None:
    """As a borrower's token would; once."""
    play = Play()
    request_sign_in_code(play.hub, play.token)
    (code,) = play.codes
    actor = sign_in_by_link(play.hub, play.token, code)
    assert actor is not None
    assert (actor.role, actor.case_ids) == ("borrower", borrower(play.case_id).case_ids)
    assert sign_in_by_link(play.hub, play.token, code) is None


def test_the_message_has_the_code_and_no_link_and_names_nobody() -> None:
    """Its values are what the gateway's template needs."""
    play = Play()
    play.hub.link_base = "https://hub.example/console/p"
    request_sign_in_code(play.hub, play.token)
    play.hub.run()
    (message,) = [m for m in play.hub.gateway.sent.values() if m.kind is NoticeKind.SIGN_IN_CODE]
    assert message.link is None
    assert message.values.keys() == {"number", "code"}


def test_nothing_happens_for_any_other_token() -> None:
    """No code is sent, and nobody comes in."""
    play = Play()
    for token in ("", "x" * 24, play.link("a1", "a1"), play.link("r1", "r1-g7")):
        request_sign_in_code(play.hub, token)
        assert sign_in_by_link(play.hub, token, "000000") is None
    assert play.codes == []


def test_nothing_is_sent_to_a_number_that_takes_no_messages() -> None:
    """The head of a party that has none on file, say."""
    play = Play()
    request_sign_in_code(play.hub, play.link("r1", "r1-legal_representative"))
    assert play.codes == []


def test_asking_again_at_once_sends_nothing() -> None:
    """And raises nothing: the page looks the same."""
    play = Play()
    request_sign_in_code(play.hub, play.token)
    request_sign_in_code(play.hub, play.token)
    assert len(play.codes) == 1


def test_a_link_on_paper_opens_with_its_code_and_sends_none() -> None:
    """The code is printed beside it."""
    play = Play()
    key = Idempotency(caller="centre#c", key="k", body_sha256="a" * 64)
    paper = issue_link(play.hub, CENTRE, play.case_id, "r1", key)
    request_sign_in_code(play.hub, paper.token)
    assert play.codes == []
    assert paper.code is not None
    actor = sign_in_by_link(play.hub, paper.token, paper.code)
    assert actor is not None
    assert actor.case_ids == {f"{play.case_id}:r1"}
    assert issue_link(play.hub, CENTRE, play.case_id, "r1", key).code is None


def test_without_the_capability_messages_have_no_link_and_nobody_comes_in() -> None:
    """The hub's own answer where no capability gives one."""
    play = Play()
    play.hub.link_base = "https://hub.example/console/p"
    play.hub.parts[PartyLinks] = PartyLinks()
    play.hub.run()
    assert {message.link for message in play.hub.gateway.sent.values()} == {None}
    request_sign_in_code(play.hub, play.token)
    assert play.codes == []
    assert sign_in_by_link(play.hub, play.token, "000000") is None
    assert PartyLinks().revoked_at(play.case_id, "r1") is None
