"""Who represents a party, in the papers: by name, with what the forms ask for."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.papers import PaperKind
from chalicelib.domain.representatives import Authority, Mandate, Representative, RepresentativeKind
from tests.unit.documents.cases import AT_ONCE, DETAILS, case, settled, sources
from tests.unit.documents.composed import answers, text, text_of

HEAD = Representative(
    kind=RepresentativeKind.LEGAL_REPRESENTATIVE, name="陈试", position="董事长", phone="0593-2960001"
)
CHARGE = Representative(kind=RepresentativeKind.PERSON_IN_CHARGE, name="黄试")
AGENT = Representative(
    kind=RepresentativeKind.AGENT,
    name="林试",
    phone="13900000001",
    agent_id="g1",
    firm="测试律师事务所",
    letter_number="SQ-1",
)
SPOUSE = Representative(kind=RepresentativeKind.RELATIVE, name="李试", relation="配偶")
MEDIATED = case()
PARTIES = (
    replace(MEDIATED.parties[0], agents=(Mandate(agent_id="g1", authority=Authority.SPECIAL),)),
    *MEDIATED.parties[1:],
)
BESIDE = (
    replace(DETAILS[0], representatives=(HEAD, AGENT)),
    replace(DETAILS[1], representatives=(SPOUSE,)),
    DETAILS[2],
    replace(DETAILS[3], representatives=(CHARGE,)),
)


def test_a_complaint_names_who_represents_each_party() -> None:
    """The representative, with position and phone; who acts or assists in the mediation has no row."""
    known = sources(case=replace(sources().case, parties=PARTIES), details=BESIDE)
    said = answers(PaperKind.COMPLAINT, known)
    (bank,) = (value for label, value in said.items() if label == "原告\n（法人、非法人组织）")
    assert "法定代表人/主要负责人：陈试（法定代表人）\n职务：董事长\n联系电话：0593-2960001" in bank
    assert said["原告的委托诉讼代理人"] == "有☐　无☐\n姓名：\n单位：\n联系电话：\n代理权限："
    assert "林试" not in text_of(PaperKind.COMPLAINT, known)
    assert "李试" not in text_of(PaperKind.COMPLAINT, known)


def test_an_agreement_names_the_mediations_agent() -> None:
    """With firm, authority and letter; where none is on record the row is open, and says no 无."""
    known = settled(AT_ONCE, case=replace(settled(AT_ONCE).case, parties=PARTIES), details=BESIDE)
    said = answers(PaperKind.MEDIATION_AGREEMENT, known)
    assert said["申请人的委托代理人"] == (
        "姓名：林试\n单位：测试律师事务所\n联系电话：13900000001\n代理权限：特别授权\n授权委托书编号：SQ-1"
    )
    assert said["被申请人的委托代理人"] == ""
    confirmed = answers(PaperKind.SERVICE_ADDRESS, sources())
    assert confirmed["代为确认的代理人"] == ""


def test_no_paper_calls_somebody_an_agent_whom_only_the_other_side_named() -> None:
    """Before the party confirms; from then on the paper names it."""
    for confirmed, named in ((False, False), (True, True)):
        mandate = Mandate(agent_id="g1", authority=Authority.SPECIAL, confirmed=confirmed)
        parties = (*MEDIATED.parties[:-1], replace(MEDIATED.parties[-1], agents=(mandate,)))
        beside = (*DETAILS[:-1], replace(DETAILS[-1], representatives=(CHARGE, AGENT)))
        known = settled(AT_ONCE, case=replace(settled(AT_ONCE).case, parties=parties), details=beside)
        said = answers(PaperKind.MEDIATION_AGREEMENT, known)["被申请人的委托代理人"]
        assert ("林试" in said) is named
        assert ("林试" in text_of(PaperKind.MEDIATION_AGREEMENT, known)) is named


def test_an_agreement_names_a_relative_as_one() -> None:
    """Not as an agent; a position that nobody stated is left open."""
    known = settled(AT_ONCE, case=replace(settled(AT_ONCE).case, parties=PARTIES), details=BESIDE)
    said = text_of(PaperKind.MEDIATION_AGREEMENT, known)
    assert "协助参加调解的近亲属\n姓名：李试\n与当事人关系：配偶" in said
    assert "法定代表人/主要负责人：黄试（主要负责人）\n职务：\n" in said
    assert "近亲属" not in text("agreement-at-once")


def test_an_agent_whose_mandate_ended_has_no_authority() -> None:
    """The name stays on record; what it may do does not."""
    known = settled(AT_ONCE, details=BESIDE)
    said = answers(PaperKind.MEDIATION_AGREEMENT, known)["申请人的委托代理人"]
    assert (said.startswith("姓名：林试"), "代理权限" in said) == (True, False)


def test_who_acts_in_the_suit_is_left_open() -> None:
    """A mediation's record does not tell it: neither box is ticked, and of a defendant nothing is asked."""
    said = answers(PaperKind.COMPLAINT, sources())
    assert said["原告的委托诉讼代理人"] == "有☐　无☐\n姓名：\n单位：\n联系电话：\n代理权限："
    assert not [label for label in said if label.startswith("被告的委托")]
    known = sources(details=(*DETAILS[:1], replace(DETAILS[1], representatives=(AGENT,)), *DETAILS[2:]))
    assert not [label for label in answers(PaperKind.COMPLAINT, known) if label.startswith("被告的委托")]
