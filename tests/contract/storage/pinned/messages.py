"""What is owed to a court or a party, what came from it, papers and circuits, written out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from chalicelib.adapters.court.circuit import Circuit, Status
from chalicelib.capabilities.contacts.model import Look
from chalicelib.capabilities.contacts.model import Salts as LookSalts
from chalicelib.capabilities.defences.model import Defence
from chalicelib.capabilities.defences.model import Salts as DefenceSalts
from chalicelib.capabilities.guidance.model import Advice, Consultation, DraftAct, OpenQuestion
from chalicelib.capabilities.guidance.model import Salts as AdviceSalts
from chalicelib.capabilities.institutions.model import (
    AcceptedRules,
    Account,
    Branch,
    Contact,
    ElementTable,
    Enrolment,
    Institution,
    InstitutionState,
    Private,
)
from chalicelib.capabilities.links.model import LinkAct, LinkChange
from chalicelib.capabilities.notes.model import Note, Salts
from chalicelib.capabilities.roster.model import Person, PersonState
from chalicelib.capabilities.sessions.model import (
    Attend,
    Attendance,
    Came,
    Draft,
    IdentityCheck,
    Meeting,
    MinutesSignature,
    Move,
    Session,
    SessionAct,
    SessionKind,
    SignMinutes,
)
from chalicelib.capabilities.sessions.model import Done as SessionDone
from chalicelib.capabilities.sessions.service import Minutes
from chalicelib.capabilities.talks.model import Done, Message, Need, ThreadAct, Threads
from chalicelib.capabilities.talks.model import Salts as MessageSalts
from chalicelib.domain.agreement.confirmation import RejectionGround, Ruling
from chalicelib.domain.appointment import (
    Absence,
    Appointed,
    Assessment,
    Candidate,
    CaseMoved,
    Considered,
    Credential,
    CredentialKind,
    Needs,
    Obstacle,
    OrganisationKind,
    Profile,
    Qualification,
    Selection,
)
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.claim import CaseType
from chalicelib.domain.court_commands import RecordDocketing, RecordRefusal, RecordReview, RecordRuling
from chalicelib.domain.disclosure import DisclosedFact
from chalicelib.domain.dossier import ManifestEntry
from chalicelib.domain.notices import NoticeKind, PartyNotice, PhoneCall
from chalicelib.domain.papers import PDF, Paper, PaperKind, StoredPaper
from chalicelib.domain.roles import Role
from chalicelib.domain.steps import Step
from chalicelib.domain.talk import Entry
from chalicelib.domain.transfer import (
    Dispatch,
    DispatchKind,
    Docketing,
    Procedure,
    ReviewReason,
    ReviewResult,
)
from chalicelib.domain.work import Owner, Work, WorkKind
from chalicelib.use_cases.papers import TableColumn
from chalicelib.use_cases.records import (
    CourtCallback,
    Idempotency,
    StoredTransfer,
    WorkflowRecord,
)
from tests.contract.storage.pinned.cases import AT, DUE, ID, LATER

DISPATCH: Final = Dispatch(
    dispatch_id="C-0001-D20", case_id=ID, kind=DispatchKind.SUBMISSION, transfer_id="C-0001-T2"
)
DEADLINE: Final = CaseDeadline(
    case_id=ID,
    kind="evidence",
    rule="TY15",
    due_at=LATER,
    remind_at=DUE,
)
NOTICE: Final = PartyNotice(
    notice_id="C-0001-N14-r1-payment_due-2",
    case_id=ID,
    party_id="r1",
    kind=NoticeKind.PAYMENT_DUE,
    values={"line": "2", "due_on": "2026-05-20", "amount": "50915.63"},
)
REMINDER: Final = PartyNotice(
    notice_id="C-0001-N6-r1-consent_lapsing",
    case_id=ID,
    party_id="r1",
    with_parties=("r2",),
    kind=NoticeKind.CONSENT_LAPSING,
    values={"until": "2026-03-12"},
    not_before=LATER,
)
CALL: Final = PhoneCall(
    call_id="2026-03-02T01:30:00.250000+00:00.C-0001-N14-r1-payment_due-2",
    court_id="court-jc",
    case_id=ID,
    notice_id="C-0001-N14-r1-payment_due-2",
    party_id="r1",
    kind=NoticeKind.PAYMENT_DUE,
    at=AT,
    case_number="蕉调〔2026〕123号",
)
_CENTRE: Final = Owner(role=Role.CENTRE, court_id="court-jc")
OBJECTION_TO_DECIDE: Final = Work(
    owner=_CENTRE,
    kind=WorkKind.DECIDE_OBJECTION,
    case_id=ID,
    due_at=datetime(2026, 4, 8, 16, tzinfo=UTC),
)
MEDIATOR_TO_APPOINT: Final = Work(
    owner=_CENTRE,
    kind=WorkKind.APPOINT_MEDIATOR,
    case_id=ID,
    due_at=datetime(2026, 4, 8, 16, tzinfo=UTC),
    not_before=datetime(2026, 4, 8, 16, tzinfo=UTC),
)
ACT_TO_CONFIRM: Final = Work(
    owner=_CENTRE,
    kind=WorkKind.CONFIRM_ACT,
    case_id=ID,
    due_at=datetime(2026, 3, 9, 2, tzinfo=UTC),
    about="accept_offer.r1",
)
SOMEBODY_TO_RING: Final = Work(
    owner=_CENTRE,
    kind=WorkKind.RING,
    case_id=ID,
    due_at=AT,
    case_number="蕉调〔2026〕123号",
    about="C-0001-N14-r1-payment_due-2.r1",
)
APPOINTMENT_TO_ACCEPT: Final = Work(
    owner=Owner(role=Role.MEDIATOR, court_id="court-jc", person_id="m-1"),
    kind=WorkKind.ACCEPT_APPOINTMENT,
    case_id=ID,
    due_at=datetime(2026, 4, 8, 16, tzinfo=UTC),
)
TRANSFER_OWED: Final = StoredTransfer(transfer_id="C-0001-T2", case_id=ID, court_id="court-jc")
TRANSFER_FIXED: Final = StoredTransfer(
    transfer_id="C-0001-T2",
    case_id=ID,
    court_id="court-jc",
    manifest=(
        ManifestEntry(
            document_id="complaint",
            kind="complaint_data",
            media_type="application/json",
            size=1234,
            sha256="c0" * 32,
        ),
    ),
)
WORKFLOW_FIRST: Final = WorkflowRecord(case_id=ID, generation=1)
WORKFLOW_ARRIVED: Final = WorkflowRecord(
    case_id=ID, generation=1, step=Step.MEDIATION, since=5, token="token-1"
)
WORKFLOW_USUAL: Final = WorkflowRecord(
    case_id=ID,
    generation=1,
    step=Step.MEDIATION,
    since=5,
    token="token-1",
    usual_next=Step.DECISION,
)
WORKFLOW_RESTARTED: Final = WorkflowRecord(case_id=ID, generation=2)


def _callback(
    number: int, command: RecordReview | RecordDocketing | RecordRefusal | RecordRuling, raw: bytes = b""
) -> CourtCallback:
    return CourtCallback(
        callback_id=f"court-jc#msg-{number}",
        court_id="court-jc",
        transfer_id="C-0001-T2",
        occurred_at=LATER,
        command=command,
        raw=raw,
    )


REVIEW: Final = _callback(
    1,
    RecordReview(
        transfer_id="C-0001-T2",
        result=ReviewResult.REJECTED,
        filing_id="F-1",
        reasons=(ReviewReason(document_id="complaint", code="illegible"),),
    ),
)
DOCKETED: Final = _callback(
    2,
    RecordDocketing(
        transfer_id="C-0001-T2",
        filing_id="F-1",
        docketing=Docketing(
            court_case_number="（2026）闽0902民初123号",
            judge_id="j-2",
            procedure=Procedure.SUMMARY,
            official_filing_date=date(2026, 3, 31),
        ),
    ),
)
REFUSED: Final = _callback(3, RecordRefusal(transfer_id="C-0001-T2", filing_id="F-1", code="no_jurisdiction"))
RULED: Final = _callback(
    4,
    RecordRuling(
        transfer_id="C-0001-T2",
        filing_id="F-2",
        court_case_number="（2026）闽0902诉前调确12号",
        judge_id="j-1",
        ruling=Ruling(on=date(2026, 3, 30), rejected_for=RejectionGround.NOT_VOLUNTARY),
    ),
)
RAW: Final = '{"reason":"材料不清"}'.encode()

PAPER: Final = Paper(
    kind=PaperKind.SIGNED_AGREEMENT, template_id="agreement-2", media_type=PDF, content=b"%PDF-1.7 golden"
)
PAPER_SHA256: Final = "fbf536c9da41d9f267a234e9ae2d1484cd63461439845a7f021491f5f3a1ae0a"
PAPER_OF_NOBODY: Final = Paper(
    kind=PaperKind.MEDIATION_REPORT, template_id="mediation-1", media_type=PDF, content=b"%PDF-1.7 report"
)
REPORT_SHA256: Final = "336276927fc27d28c262f08eae5511abe9336bfb08fdeca8c7845c8a69d2e5e7"
STORED_PAPER: Final = StoredPaper(
    document_id=PAPER_SHA256,
    case_id=ID,
    kind=PaperKind.SIGNED_AGREEMENT,
    template_id="agreement-2",
    media_type="application/pdf",
    size=15,
    made_by=Role.BORROWER,
    made_at=LATER,
    party_id="r1",
    of="d0" * 32,
)
STORED_REPORT: Final = StoredPaper(
    document_id=REPORT_SHA256,
    case_id=ID,
    kind=PaperKind.MEDIATION_REPORT,
    template_id="mediation-1",
    media_type="application/pdf",
    size=15,
    made_by=Role.MEDIATOR,
    made_at=AT,
)

CIRCUIT_OPEN: Final = Circuit(status=Status.OPEN, openings=2, until=LATER, version=1)
CIRCUIT_CLOSED: Final = Circuit(status=Status.CLOSED, openings=0, until=None, version=2)


ENROLMENT: Final = Enrolment(
    institution=Institution(
        institution_id="bank-1",
        name="海滨测试银行",
        credit_code="91350100M000100Y43",
        state=InstitutionState.SUSPENDED,
        courts=("court-jc",),
        branches=(Branch(name="海滨测试银行蕉城支行", credit_code="91350900MA2XN0004U"),),
        joint_rules=(AcceptedRules(version="2026-1", accepted_on=date(2026, 1, 5)),),
    ),
    private=Private(
        contacts=(Contact(name="林试", phone="0593-2960001", duty="诉调对接"),),
        accounts=(Account(holder="海滨测试银行", number="6217000000000000004", bank="测试支行"),),
    ),
    version=1,
    reason="违反共同规则",
    by="centre-1",
    at=AT,
)
ENROLMENT_WITH_TABLES: Final = replace(
    ENROLMENT,
    institution=replace(
        ENROLMENT.institution,
        tables=(
            ElementTable(
                table_id="platform-loans",
                case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
                columns=(
                    TableColumn(name="产品", text="个人经营贷"),
                    TableColumn(name="被告", code="defendants.1.name"),
                ),
            ),
        ),
    ),
)
LOOK: Final = Look(
    look_id="4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f",
    case_id=ID,
    at=AT,
    role=Role.MEDIATOR,
    subject="mediator-1",
    purpose="serve_papers",
    fields=("name", "phone", "address", "representatives"),
    parties=("a1", "r1"),
)
LOOK_SALTS: Final = LookSalts(
    entry="5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b", look="b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5"
)
NOTE: Final = Note(
    note_id="3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f",
    at=AT,
    role=Role.BORROWER,
    subject="borrower-1",
    shared=True,
    text="周三以后\n有空",
)
NOTE_SALTS: Final = Salts(entry="5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a", text="a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5")
DEFENCE: Final = Defence(
    defence_id="6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f",
    party_id="r1",
    at=AT,
    subject="borrower-1",
    for_court=True,
    text="已还五千元\n未计入",
)
DEFENCE_OF_AN_AGENT: Final = replace(DEFENCE, subject="agent-1", agent_id="g1")
DEFENCE_SALTS: Final = DefenceSalts(
    entry="5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c", text="c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5"
)
DEFENCE_KEY: Final = Idempotency(caller="borrower#borrower-1", key="key-d", body_sha256="fe" * 32)
MESSAGE: Final = Message(
    message_id="7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
    thread="r1",
    author="mediator",
    at=AT,
    role=Role.MEDIATOR,
    subject="mediator-1",
    text="请于周三\n上线",
)
MESSAGE_SALTS: Final = MessageSalts(
    entry="5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d", text="d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5"
)
MESSAGE_KEY: Final = Idempotency(caller="mediator#mediator-1", key="key-m", body_sha256="fd" * 32)
THREADS: Final = Threads(version=1, read={"mediator": 3})
THREADS_MARKED: Final = replace(THREADS, version=2, needs={"r2": Need.CANNOT_READ})
THREADS_WRITTEN: Final = replace(THREADS_MARKED, version=3, messages=1, told={"r1": 4})
MEDIATION_SESSION: Final = Session(
    session_id="6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f",
    kind=SessionKind.IN_PERSON,
    starts_at=datetime(2026, 3, 9, 6, 30, tzinfo=UTC),
    minutes=30,
    room="room-1",
    mediator_id="m-1",
    invited=("a1", "r1"),
    continues="5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
    reminder="C-0001-N4-r1-session_near",
)
SESSION_ACT: Final = SessionAct(done=SessionDone.SCHEDULED, at=AT, role=Role.MEDIATOR, subject="mediator-1")
SESSION_KEY: Final = Idempotency(caller="mediator#mediator-1", key="key-s", body_sha256="fb" * 32)
SESSION_SALT: Final = "5f" * 16
SESSION_MINUTES: Final = Minutes("f5" * 16, "双方同意\n休会")
SESSION_DRAFTED: Final = replace(
    MEDIATION_SESSION,
    version=3,
    attendance=(Attendance(party_id="r1", came=Came.IN_PERSON, identity=IdentityCheck.DOCUMENT_SEEN),),
    sheet="ab" * 32,
)
SESSION_ATTENDED: Final = replace(SESSION_DRAFTED, version=2, sheet=None)
SESSION_SIGNED: Final = replace(
    SESSION_DRAFTED,
    version=4,
    signatures=(MinutesSignature(party_id="r1", at=AT, recorded_by="clerk-1", on_paper=True),),
)
SESSION_DRAFT: Final = Draft(
    done=SessionDone.MINUTES_DRAFTED,
    at=AT,
    role=Role.MEDIATOR,
    subject="mediator-1",
    sheet="ab" * 32,
)
SESSION_SIGNING: Final = SignMinutes(
    done=SessionDone.MINUTES_SIGNED,
    at=AT,
    role=Role.CENTRE,
    subject="clerk-1",
    party_id="r1",
    sheet="ab" * 32,
    on_paper=True,
)
SESSION_CONFIRMED: Final = replace(
    SESSION_SIGNED,
    version=5,
    signatures=(replace(SESSION_SIGNED.signatures[0], confirmed_by="clerk-2"),),
)
SESSION_CONFIRMING: Final = replace(SESSION_SIGNING, subject="clerk-2")
SESSION_BY_VIDEO: Final = replace(
    MEDIATION_SESSION,
    kind=SessionKind.VIDEO,
    room=None,
    version=2,
    moves=1,
    line="9a" * 16,
)
SESSION_MOVING: Final = Move(
    done=SessionDone.MOVED,
    at=AT,
    role=Role.MEDIATOR,
    subject="mediator-1",
    to=Meeting(kind=SessionKind.VIDEO, starts_at=MEDIATION_SESSION.starts_at, minutes=30),
    mediator_id="m-1",
    line="9a" * 16,
)
SESSION_ATTENDING: Final = Attend(
    done=SessionDone.ATTENDED,
    at=MEDIATION_SESSION.ends_at,
    role=Role.MEDIATOR,
    subject="mediator-1",
    attendance=SESSION_ATTENDED.attendance,
)
MARK: Final = ThreadAct(
    done=Done.NEED_MARKED,
    at=AT,
    role=Role.CENTRE,
    subject="clerk-1",
    party_id="r2",
    need=Need.CANNOT_READ,
)
ADVICE: Final = Advice(
    entry_id="8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f8f",
    at=AT,
    role=Role.MEDIATOR,
    subject="mediator-1",
    person_id="m-1",
    text="保证期间\n如何计算？",
)
ADVICE_SALTS: Final = AdviceSalts(
    entry="5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e", text="e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5"
)
ADVICE_KEY: Final = Idempotency(caller="mediator#mediator-1", key="key-g", body_sha256="fc" * 32)
DRAFT_SEEN: Final = DraftAct(at=AT, role=Role.JUDGE, subject="judge-1", draft="ab" * 32, judge_id="judge-1")
DRAFT_CONSENT: Final = DraftAct(
    at=AT,
    role=Role.BORROWER,
    subject="borrower-1",
    draft="ab" * 32,
    parties=frozenset({"r1", "a1"}),
    given=True,
)
ASKED: Final = Consultation(version=1, entries=1, asked_at=AT)
CONSENTED: Final = replace(ASKED, version=2, draft="ab" * 32, consents=frozenset({"a1", "r1"}))
QUESTION: Final = OpenQuestion(case_id=ID, asked_at=AT, place="2026-03-02T01:30:00.250000+00:00.C-0001")
SEEN: Final = replace(CONSENTED, version=3, seen_by=("judge-1",))
NOTE_KEY: Final = Idempotency(caller="borrower#borrower-1", key="key-n", body_sha256="ef" * 32)
TALK: Final = Entry(
    case_id=ID,
    sequence=4,
    kind="note",
    at=AT,
    role=Role.BORROWER,
    subject="borrower-1",
    data={
        "note_id": "3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f",
        "shared": True,
        "text": "f39ab31ac0dcc5dd89b35852a1fd68fba8a6d59ccbf2ef8612370b2c1b3747ed",
    },
    salt="5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
    previous="1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b",
    hash="925de2aec17221e6c640dc93efd8b83433b27f5391969a3d67b2eae47f8ff942",
)
"""The note's entry in the log; the head was at its predecessor."""
PERSON_ENTERED: Final = Person(
    court_id="court-jc",
    person_id="m-1",
    version=1,
    name="林和",
    role=Role.MEDIATOR,
    state=PersonState.ACTIVE,
    reason="新聘调解员",
    changed_by="centre-1",
    changed_at=AT,
)
PERSON_SUSPENDED: Final = replace(
    PERSON_ENTERED,
    version=2,
    state=PersonState.SUSPENDED,
    reason="证书到期",
    changed_by="centre-2",
    changed_at=LATER,
)
PERSON_WIDENED: Final = replace(
    PERSON_SUSPENDED,
    state=PersonState.ACTIVE,
    profile=Profile(
        organisation=OrganisationKind.COURT_INVITED,
        qualifications=frozenset({Qualification.LAW, Qualification.FINANCE}),
        expertise=frozenset({CaseType.CREDIT_CARD}),
        areas=frozenset({"蕉城"}),
        languages=frozenset({"宁德话", "普通话"}),
        institutions=frozenset({"bank-2"}),
        limit=12,
        credentials=(Credential(kind=CredentialKind.ANNUAL_TRAINING, valid_until=date(2026, 12, 31)),),
        absences=(Absence(first=date(2026, 7, 1), last=date(2026, 7, 15)),),
    ),
)
CANDIDATE: Final = Candidate(person_id="m-1", version=1, given=7, open=3)
GIVEN: Final = CaseMoved(court_id="court-jc", taken_by="m-1", given=True, limit=4, start=4)
DISCLOSED: Final = DisclosedFact(
    case_id="C-0001",
    version=7,
    mediator_id="m-1",
    ground="institution_link",
    at=datetime(2026, 3, 9, 1, 30, tzinfo=UTC),
    role=Role.MEDIATOR,
    subject="mediator-1",
    text="三年前在申请机构任职。",
)
WHY: Final = Appointed(
    case_id="C-0001",
    version=7,
    chosen="m-1",
    selection=Selection(
        needs=Needs(
            institution_id="bank-1",
            case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
            on=date(2026, 3, 9),
            area="蕉城",
            language="宁德话",
            recused=frozenset({"m-4"}),
            waived=frozenset({"m-5"}),
        ),
        considered=(
            Considered(person_id="m-1", version=1, given=7, open=3),
            Considered(person_id="m-2", version=5, given=None, open=0),
        ),
        recommended=(
            Assessment(person_id="m-1", expertise=True, area=False, language=True, given=7, open=3),
        ),
        excluded={"m-2": Obstacle.ABSENT},
    ),
)
WHY_WAIVED: Final = replace(
    WHY,
    selection=replace(WHY.selection, needs=replace(WHY.selection.needs, links_waived=frozenset({"m-5"}))),
)
LINK_ISSUED: Final = LinkAct(
    done=LinkChange.ISSUED, party_id="r1", at=AT, role=Role.CENTRE, subject="centre-1"
)
LINKS_REVOKED: Final = replace(LINK_ISSUED, done=LinkChange.REVOKED)
LINK_KEY: Final = Idempotency(caller="centre#centre-1", key="key-l", body_sha256="ab" * 32)
LINK_SALT: Final = "5a" * 16
LINK_MESSAGE: Final = "C-0001-N2-r1-invited"
LINK_TOKEN: Final = "qf6rokjb4a3llczgzpa7bnvj"
LINK_ON_PAPER: Final = "fi4r2vaswoyqzaunyzfcjpr6"
SESSION: Final = "0123456789abcdef0123456789abcdef"
