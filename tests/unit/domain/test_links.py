"""A link: until when it holds, and who comes in by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.domain.links import PartyLink, token_hash
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.representatives import Authority, Mandate
from chalicelib.domain.roles import Actor, Role
from tests.support.builders import filed

LINK: Final = PartyLink(
    token_sha256="a" * 64,
    case_id="C-0001",
    party_id="r1",
    person_id="r1",
    issued_at=1000,
    expires_at=2000,
)


def test_it_holds_until_its_second() -> None:
    """Over at `expires_at`, and if the links were revoked in the second of its issue or later."""
    assert LINK.holds(1999, None)
    assert not LINK.holds(2000, None)
    assert LINK.holds(1500, 999)
    assert not LINK.holds(1500, 1000)
    assert not LINK.holds(1500, 1200)


def test_a_party_comes_in_as_itself() -> None:
    """As a borrower's token says it, and for one case."""
    case = replace(filed().case, case_id="C-0001")
    assert LINK.actor(case) == Actor(
        role=Role.BORROWER, subject="link:C-0001:r1", case_ids=frozenset({"C-0001:r1"})
    )


def test_an_agent_comes_in_as_an_agent_and_a_head_as_its_party() -> None:
    """What an agent may do is for its authority to say."""
    case = replace(filed().case, case_id="C-0001")
    agents = (Mandate(agent_id="g1", authority=Authority.GENERAL),)
    parties = tuple(replace(p, agents=agents) if p.party_id == "r1" else p for p in case.parties)
    by_agent = replace(LINK, person_id="r1-g1").actor(replace(case, parties=parties))
    assert by_agent == Actor(
        role=Role.BORROWER, subject="link:C-0001:r1-g1", agent_of=frozenset({"C-0001:r1:g1"})
    )
    by_head = replace(LINK, person_id="r1-legal_representative").actor(case)
    assert by_head is not None
    assert by_head.case_ids == {"C-0001:r1"}


def test_nobody_else_comes_in() -> None:
    """Neither an applicant, whose people have accounts, nor a party that the case does not have."""
    case = replace(filed().case, case_id="C-0001")
    assert replace(LINK, party_id="a1", person_id="a1").actor(case) is None
    assert replace(LINK, party_id="r9", person_id="r9").actor(case) is None


def test_an_agent_whose_mandate_is_over_does_not_come_in() -> None:
    """Least of all as the party itself."""
    assert replace(LINK, person_id="r1-g1").actor(replace(filed().case, case_id="C-0001")) is None


def test_who_was_named_by_the_other_side_does_not_come_in_before_the_party_confirms() -> None:
    """Neither as its agent nor as the party."""
    case = replace(filed().case, case_id="C-0001")
    for confirmed, comes_in in ((False, False), (True, True)):
        agents = (Mandate(agent_id="g1", authority=Authority.GENERAL, confirmed=confirmed),)
        parties = tuple(replace(p, agents=agents) if p.party_id == "r1" else p for p in case.parties)
        actor = replace(LINK, person_id="r1-g1").actor(replace(case, parties=parties))
        assert (actor is not None) is comes_in


def test_codes_of_links_are_counted_apart() -> None:
    """Neither signing nor the other way in uses them up."""
    assert LINK.code_holder == "r1.sign_in"
    assert replace(LINK, paper=True).code_holder == "r1.paper"


def test_its_notice_names_number_and_person() -> None:
    """Two persons of a party have notices of different ids."""
    notice = LINK.notice(3)
    assert (notice.notice_id, notice.kind) == ("C-0001-N3-r1-sign_in_code", NoticeKind.SIGN_IN_CODE)
    assert notice.values == {"number": "3", "person": "r1"}
    assert replace(LINK, person_id="r1-g1").notice(3).notice_id == "C-0001-N3-r1-sign_in_code-r1-g1"


def test_a_token_is_known_by_its_hash() -> None:
    """In capitals or not."""
    # printf abc | sha256sum
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert token_hash("abc") == token_hash("ABC") == expected
