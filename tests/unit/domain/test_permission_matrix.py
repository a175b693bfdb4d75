"""Who may do what and see what, cell by cell, written out from the law and the centre's model.

Promise: nothing here is computed from the tables it tests; who changes a permission changes it here as well
and says by which rule. Sources: TY = 法释〔2016〕14号, OL = 人民法院在线调解规则, CPL = 民事诉讼法,
PIPL = 个人信息保护法, M1 to M16 = the centre's model.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.errors import NotPermitted, RuleViolated
from chalicelib.domain.lifecycle import allowed_actions
from chalicelib.domain.papers import PaperKind, StoredPaper, may_make, may_see
from chalicelib.domain.permissions import authorise, authorise_on, may, sees, within_authority
from chalicelib.domain.representatives import Authority, Mandate
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Action, EventType
from chalicelib.registry import capabilities
from tests.support.builders import context_of, filed

if TYPE_CHECKING:
    from chalicelib.domain.case import Case

ROLES: Final = (
    "institution",
    "borrower",
    "mediator",
    "centre",
    "judge",
    "court",
    "ops",
    "system",
    "data_protection",
)
ACTIONS: Final = """
                           inst borr medi cent judg cour ops  syst data
file                       yes  -    -    -    -    -    -    -    -   M1: the institution applies
screen                     -    -    -    yes  -    -    -    yes  -   M2: the centre, by the claim's total
appoint                    -    -    -    yes  -    -    -    -    -   TY12, OL10: else the centre appoints
open_choice                -    -    -    yes  -    -    -    -    -   OL10: the centre recommends
name_mediator              yes  yes  -    yes  -    -    -    -    -   OL10: a party, or said to the centre
disclose                   -    -    yes  yes  -    -    -    -    -   OL13: who knows of the relation
waive_recusal              yes  yes  -    yes  -    -    -    -    -   TY15: a party, or said to the centre
accept                     -    -    yes  -    -    -    -    -    -   OL12: the appointed mediator
decline                    -    -    yes  -    -    -    -    -    -   OL12, TY15: the appointed mediator
consent                    -    yes  yes  yes  -    -    -    -    -   TY11: the debtor, or recorded for it
refuse_consent             -    yes  yes  yes  -    -    -    -    -   TY11: the debtor, or recorded for it
extend                     yes  yes  yes  yes  -    -    -    -    -   TY27, OL24: both parties agree
offer                      yes  yes  yes  yes  -    -    -    -    -   Civil Code 472: or recorded for one
accept_offer               yes  yes  yes  yes  -    -    -    -    -   Civil Code 479: or recorded for one
decline_offer              yes  yes  yes  yes  -    -    -    -    -   Civil Code 478: or recorded for one
withdraw_offer             yes  yes  yes  yes  -    -    -    -    -   Civil Code 476: or recorded for one
settle                     -    -    yes  -    -    -    -    -    -   OL25: the mediator draws it up
sign                       yes  yes  yes  yes  -    -    -    -    -   TY24, OL19: or before who mediates
refuse_to_sign             yes  yes  yes  yes  -    -    -    -    -   OL25: or before who mediates
record_repayment           yes  -    -    -    -    -    -    -    -   M16: who is paid
reverse_repayment          yes  -    -    -    -    -    -    -    -   M16: who is paid
apply_for_confirmation     yes  yes  yes  yes  -    -    -    -    -   CPL 205: or recorded for one
renegotiate                -    -    yes  -    -    -    -    -    -   CPL 206: again after a rejection
enforce                    yes  -    -    -    -    -    -    -    -   CPL 206, 250: the creditor
fail                       -    -    yes  -    -    -    -    -    -   OL25: the mediator ends it for a reason
withdraw                   yes  -    -    -    -    -    -    -    -   OL25: the applicant
drop                       yes  -    -    -    -    -    -    -    -   TY21: only who may insist may drop it
transfer                   yes  -    -    -    -    -    -    -    -   TY21, OL21: the party that insists
correct                    yes  -    -    -    -    -    -    -    -   CPL 126: who filed corrects
correct_details            yes  -    -    yes  -    -    -    -    -   PIPL 46: who keeps the record
check_identity             -    -    yes  yes  -    -    -    -    -   OL17: who mediates, or its centre
record_agent               yes  yes  -    yes  -    -    -    -    -   CPL 61: the party, or recorded for one
confirm_agent              -    yes  -    yes  -    -    -    -    -   CPL 61: a debtor, or recorded for one
revoke_agent               yes  yes  -    yes  -    -    -    -    -   CPL 63: the party, or recorded for one
retransfer                 -    -    -    -    -    -    -    yes  -   the hub's own act
record_receipt             -    -    -    -    -    -    -    yes  -   the hub's own act
record_review              -    -    -    -    -    yes  -    yes  -   CPL 126: the court, also in its receipt
record_docketing           -    -    -    -    -    yes  -    -    -   CPL 126: the court
record_refusal             -    -    -    -    -    yes  -    -    -   CPL 126: the court
record_application_receipt -    -    -    -    -    -    -    yes  -   the hub's own act
record_ruling              -    -    -    -    -    yes  -    -    -   CPL 206: the court
remind                     -    -    -    -    -    -    -    yes  -   the hub's own act
move_deadline              -    -    -    -    -    -    -    yes  -   the hub's own act
declare_default            -    -    -    -    -    -    -    yes  -   the hub's own act
object                     -    yes  -    yes  -    -    -    -    -   Civil Code 143: or said to the centre
decide_objection           -    -    -    yes  -    -    -    -    -   [policy]: the centre, by somebody else
end_mediation              yes  yes  yes  yes  -    -    -    -    -   OL25: a party refuses to go on
challenge                  yes  yes  -    yes  -    -    -    -    -   TY15: a party, or said to the centre
decide_challenge           -    -    -    yes  -    -    -    -    -   TY15: the centre that appoints
replace_judge              -    -    -    yes  -    -    -    -    -   M15: the centre that attaches one
replace_mediator           -    -    -    yes  -    -    -    -    -   TY15: the centre that appoints
expire                     -    -    -    -    -    -    -    yes  -   the hub's own act
read                       yes  yes  yes  yes  yes  yes  yes  -    -   each its own cases
read_parties               yes  yes  yes  yes  yes  yes  -    -    -   PIPL 6: operators need no names
read_settlement            yes  yes  yes  yes  -    -    -    -    -   TY22: confidential
read_dossier               -    -    -    -    -    yes  -    -    -   OL21: the court it goes to
list                       yes  -    yes  yes  yes  yes  yes  -    -   a borrower has its one case
look_up_person             yes  -    -    -    -    -    -    -    -   among its own cases
receive_callback           -    -    -    -    -    yes  -    -    -   the court speaks for itself
make_document              yes  yes  yes  yes  -    -    -    -    -   which kinds, the next table says
read_documents             yes  yes  yes  yes  -    -    -    -    -   a court has the dossier (TY22)
read_policy                yes  -    yes  yes  -    -    -    -    -   M12, TY22: tiers are met in offers
publish_policy             yes  -    -    -    -    -    -    -    -   M12: each institution its own
read_statement             yes  yes  yes  yes  -    -    -    -    -   a court gets the claim
calculate                  yes  -    yes  yes  -    -    -    -    -   M12: who works out an offer
add_note                   yes  yes  yes  yes  -    -    -    -    -   TY22: who handles it, in confidence
state_defence              -    yes  -    -    -    -    -    -    -   CPL 128: a party, or its agent
read_defences              yes  yes  yes  yes  -    -    -    -    -   TY22: a court only if the party asks
write_message              yes  yes  yes  -    -    -    -    -    -   TY22: who talks with the mediator
read_messages              yes  yes  yes  yes  -    -    -    -    -   TY22: the centre reads out to who can't
open_joint_thread          -    -    yes  -    -    -    -    -    -   TY22: the mediator leads the talks
schedule_session           -    -    yes  yes  -    -    -    -    -   OL12: who conducts the mediation
read_sessions              yes  yes  yes  yes  -    -    -    -    -   TY22: who is invited, in confidence
join_session               yes  yes  yes  -    -    -    -    -    -   TY22: who takes part, and nobody else
record_attendance          -    -    yes  -    -    -    -    -    -   OL17: the mediator checks identities
draft_minutes              -    -    yes  -    -    -    -    -    -   TY20: the mediator keeps the minutes
sign_minutes               yes  yes  yes  yes  -    -    -    -    -   TY20: who was present; on paper by two
mark_need                  -    -    yes  yes  -    -    -    -    -   M10: who knows how a party is reached
ask_judge                  -    -    yes  -    -    -    -    -    -   M15: who mediates asks
advise                     -    -    -    -    yes  -    -    -    -   M15: the guiding judge explains the law
read_guidance              -    -    yes  -    yes  -    -    -    -   M15, M9: between these two
read_questions             -    -    -    -    yes  -    -    -    -   M15: who is asked
read_draft                 -    -    -    -    yes  -    -    -    -   TY22: once all have consented
consent_to_show            yes  yes  -    -    -    -    -    -    -   TY22: whose confidence it is
read_draft_consents        yes  yes  yes  -    -    -    -    -    -   TY22: whose consent it is
read_contacts              yes  -    yes  yes  -    -    -    -    -   PIPL 6: who has to reach the parties
read_looks                 -    -    -    -    -    -    -    -    yes PIPL 51, 54: who watches over them
read_work                  yes  -    yes  yes  yes  -    -    -    -   M4: who has something to do about cases
read_calls                 -    -    -    yes  -    -    -    -    -   PIPL 6: who rings the parties
read_notices               yes  yes  -    yes  -    -    -    -    -   PIPL 6: a party its own, the centre all
end_call                   -    -    -    yes  -    -    -    -    -   PIPL 6: who rings the parties
issue_link                 -    -    -    yes  -    -    -    -    -   the centre sees who stands before it
revoke_links               -    -    -    yes  -    -    -    -    -   whoever lost a phone tells the centre
read_links                 -    -    -    yes  -    -    -    -    -   the centre answers for its papers
read_notes                 yes  yes  yes  yes  -    -    -    -    -   TY22: who handles it, in confidence
enter_person               -    -    -    yes  -    -    -    -    -   M3: the roster is the centre's
read_roster                -    -    -    yes  -    -    -    -    -   M3: the roster is the centre's
read_recommendations       -    -    -    yes  -    -    -    -    -   OL10: the centre that appoints
reassign_cases             -    -    -    yes  -    -    -    -    -   TY15: the centre that appoints
read_appointments          yes  yes  yes  yes  -    -    -    -    -   OL10: parties learn why this mediator
read_disclosures           yes  yes  yes  yes  -    -    -    -    -   OL13: who decides on it
read_mediators             yes  yes  yes  yes  yes  -    -    -    -   OL10: who chooses, or is asked
read_person                -    -    yes  yes  yes  -    -    -    -   a mediator or judge its own entry
enter_application          -    -    -    yes  -    -    -    -    -   M1: at the centre's counter
take_up_application        -    -    -    yes  -    -    -    -    -   M1: the centre decides
decline_application        -    -    -    yes  -    -    -    -    -   M1: the centre decides
withdraw_application       -    -    -    yes  -    -    -    -    -   TY11: for who says so at the counter
read_applications          yes  -    -    yes  -    -    -    -    -   PIPL 6: who is asked, and who asks
read_applicant             yes  -    -    yes  -    -    -    -    -   PIPL 51: who has to know, on record
read_application_figures   -    -    -    yes  -    -    -    -    -   M1: the centre answers for silence
enrol_institution          -    -    -    yes  -    -    -    -    -   M5: the centre agrees the joint rules
list_institutions          -    -    -    yes  -    -    -    -    -   M5: the centre agrees the joint rules
read_institution           yes  -    -    yes  -    -    -    -    -   M5: an institution its own
"""
AGENTS: Final = """
consent                 general  TY11: taking part in the mediation
refuse_consent          general  TY11: not taking part
object                  general  Civil Code 171: what others said in the party's name
end_mediation           general  OL25: not going on
challenge               general  TY15: whom the party trusts
name_mediator           general  TY15: whom the party trusts
waive_recusal           general  TY15: whom the party trusts
extend                  general  TY27: time for the mediation
offer                   special  CPL 62: settling
accept_offer            special  CPL 62: settling
decline_offer           special  CPL 62: settling
withdraw_offer          special  CPL 62: settling
sign                    special  CPL 62: settling
refuse_to_sign          special  CPL 62: settling
apply_for_confirmation  special  CPL 62: giving the settlement force
withdraw                special  CPL 62: waiving the claim
drop                    special  CPL 62: waiving the claim
transfer                special  CPL 62: suing
correct                 special  CPL 62: changing the claim
correct_details         special  the bank's record of people
enforce                 special  CPL 62: a claim of its own
read                    general  who takes part has to know
read_parties            general  who takes part has to know
read_settlement         general  who takes part has to know
read_documents          general  who takes part has to know
read_statement          general  who takes part has to know
make_document           general  who takes part has to know
read_disclosures        general  who takes part has to know
read_mediators          general  who takes part has to know
consent_to_show         general  TY11: as other consents
read_draft_consents     general  who takes part has to know
write_message           general  CPL 61: an agent speaks for its party
read_messages           general  who takes part has to know
read_sessions           general  who takes part has to know
join_session            general  CPL 61: an agent speaks for its party
state_defence           general  CPL 62: a defence settles, waives and admits nothing
read_defences           general  who takes part has to know
read_notices            general  who takes part has to know
"""
"""What an agent may do, and from which authority on; nothing else."""
HIDDEN_EVENTS: Final = {
    "offer_made",
    "offer_accepted",
    "offer_declined",
    "offer_withdrawn",
    "settlement_reached",
    "act_recorded",
    "objection_raised",
    "objection_upheld",
    "objection_dismissed",
    "objection_overdue",
}
NOT_TOLD: Final = {"judge", "court", "ops"}
"""TY22: what was offered must not come to a court's knowledge; operators need not know."""
PAPERS: Final = """
                           inst borr medi cent judg cour ops  syst data
mediation_agreement        both both both both -    -    -    -    -   TY24: it is everybody's in the case
calculation                both both both both -    -    -    -    -   everybody's in the case
confirmation_application   both both both both -    -    -    -    -   CPL 205: the parties' joint application
signed_agreement           both both both both -    -    -    -    -   TY24, OL19: everybody's in the case
complaint                  both -    -    -    -    -    -    -    -   TY22: nobody else's while they talk
service_address            see  see  both both -    -    -    -    -   OL17: confirmed before the mediator
undisputed_facts           see  see  both both -    -    -    -    -   OL18: jointly confirmed
mediation_report           -    -    both both -    -    -    -    -   TY22: between mediator and centre
"""


capabilities()  # their actions are known once they are loaded, whichever tests run before


def table(text: str) -> dict[str, dict[str, str]]:
    """Read a table: the cells of each line by role; what follows them is the rule's source."""
    head, *lines = text.strip("\n").splitlines()
    assert [name[:4].strip() for name in ROLES] == head.split()
    return {line.split()[0]: dict(zip(ROLES, line.split()[1:10], strict=True)) for line in lines}


def actor(role: str) -> Actor:
    """Make someone who has to do with the sample case, as far as a role can."""
    return Actor(
        role=Role(role),
        subject="x",
        institution_id="bank-1",
        court_id="court-jc",
        mediator_id="m1",
        judge_id="j1",
        case_ids=frozenset({"C-0001:r1"}),
    )


@pytest.mark.parametrize(
    ("action", "role", "cell"),
    [(action, role, cell) for action, cells in table(ACTIONS).items() for role, cell in cells.items()],
)
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(action: str, role: str, cell: str) -> None:
    assert cell in {"yes", "-"}
    assert may(actor(role), Action(action)) is (cell == "yes")
    if cell == "-":
        with pytest.raises(NotPermitted):
            authorise(actor(role), Action(action))


def test_the_matrix_is_whole() -> None:
    """Every role has its column, every action, capabilities' too, and every kind of paper its line."""
    assert set(ROLES) == {str(role) for role in Role}
    declared = {str(action) for each in capabilities() for action in each.actions}
    assert set(table(ACTIONS)) == {str(action) for action in Action} | declared
    assert set(table(PAPERS)) == {str(kind) for kind in PaperKind}


def test_what_was_offered_and_agreed_is_hidden_and_from_whom() -> None:
    """Every other event is shown to all who see the case."""
    assert {str(kind) for kind in EventType if kind.hidden_from} == HIDDEN_EVENTS
    for kind in HIDDEN_EVENTS:
        assert {str(role) for role in EventType(kind).hidden_from} == NOT_TOLD


def paper(kind: str, party_id: str | None = None) -> StoredPaper:
    """Make a paper of the sample case."""
    return StoredPaper(
        document_id="ab" * 32,
        case_id="C-0001",
        kind=PaperKind(kind),
        template_id="1",
        media_type="application/pdf",
        size=1,
        made_by=Role.MEDIATOR,
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
        party_id=party_id,
    )


@pytest.fixture(scope="module")
def case() -> Case:
    """Give the sample case, C-0001 of bank-1 against r1."""
    return filed().case


@pytest.mark.parametrize(
    ("kind", "role", "cell"),
    [(kind, role, cell) for kind, cells in table(PAPERS).items() for role, cell in cells.items()],
)
def test_a_role_makes_and_sees_the_papers_the_matrix_says(
    case: Case, kind: str, role: str, cell: str
) -> None:
    assert cell in {"both", "see", "-"}
    assert may_make(Role(role), PaperKind(kind)) is (cell == "both")
    assert may_see(actor(role), case, paper(kind)) is (cell in {"both", "see"})


@pytest.mark.parametrize(
    ("party_id", "seen"), [(None, True), ("r1", True), ("r2", False), ("a1", False)], ids=str
)
def test_a_borrower_sees_no_other_partys_paper(case: Case, party_id: str | None, *, seen: bool) -> None:
    """Its own address and what belongs to nobody, but not a guarantor's or the bank's."""
    assert may_see(actor("borrower"), case, paper("service_address", party_id)) is seen
    assert may_see(actor("institution"), case, paper("service_address", party_id))


def test_an_agent_may_do_what_its_authority_reaches() -> None:
    """Cell by cell; what is in no line is the party's own, above all what concerns no case."""
    agents = {line.split()[0]: line.split()[1] for line in AGENTS.strip().splitlines()}
    case = _represented()
    for role, place in (("institution", "a1"), ("borrower", "r1")):
        for authority, agent_id in (("general", "g1"), ("special", "g2")):
            agent = _agent(role, f"{case.case_id}:{place}:{agent_id}")
            for action in map(Action, table(ACTIONS)):
                by_party = table(ACTIONS)[action][role] == "yes"
                reached = agents.get(action) in {"general", authority}
                allowed = may(agent, action) and within_authority(agent, action, case)
                assert allowed is (by_party and reached), (role, authority, action)


def test_an_agent_sees_the_case_of_its_own_party_only() -> None:
    """As long as the party has it; a bank's lawyer neither sees other cases nor acts for a debtor."""
    case = _represented()
    assert sees(_agent("institution", f"{case.case_id}:a1:g1"), case)
    assert sees(_agent("borrower", f"{case.case_id}:r1:g2"), case)
    for role, place in (
        ("institution", "C-other:a1:g1"),
        ("institution", f"{case.case_id}:a1:g9"),
        ("institution", f"{case.case_id}:r1:g1"),
        ("borrower", f"{case.case_id}:a1:g1"),
        ("borrower", f"{case.case_id}:r1:g9"),
    ):
        assert not sees(_agent(role, place), case), place


def test_what_exceeds_an_agents_authority_names_the_rule() -> None:
    """民事诉讼法 62; what only the party does is refused as for any other role."""
    case = _represented()
    agent = _agent("institution", f"{case.case_id}:a1:g1")
    with pytest.raises(RuleViolated) as refused:
        authorise_on(agent, Action.SIGN, case)
    assert (refused.value.rule, refused.value.article) == ("within_authority", "民事诉讼法 62")
    with pytest.raises(NotPermitted):
        authorise_on(agent, Action.RECORD_REPAYMENT, case)
    authorise_on(_agent("institution", f"{case.case_id}:a1:g2"), Action.SIGN, case)
    assert allowed_actions(case, context_of(agent)) == ()


def _represented() -> Case:
    mandates = (
        Mandate(agent_id="g1", authority=Authority.GENERAL),
        Mandate(agent_id="g2", authority=Authority.SPECIAL),
    )
    case = filed().case
    return replace(case, parties=tuple(replace(party, agents=mandates) for party in case.parties))


def _agent(role: str, place: str) -> Actor:
    bank = "bank-1" if role == "institution" else None
    return Actor(role=Role(role), subject="x", institution_id=bank, agent_of=frozenset({place}))
