"""Builders: parties, claims, filings, actors and commands; at random (hypothesis) and as whole sets.

Promise: every value is invented and every id opaque; `commands_for` has, for each action that changes a
case, commands that fit the case and commands that don't, so that a test with them covers the whole table
of transitions. Downside: a new command needs its line in `commands_for`, which `test_transitions` demands.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import RejectionGround, Ruling
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.case import Context
from chalicelib.domain.choice import NameMediator, OpenChoice
from chalicelib.domain.claim import CaseType, Claim
from chalicelib.domain.commands import (
    Accept,
    Appoint,
    Command,
    Correct,
    Decline,
    Drop,
    Extend,
    Fail,
    FileDispute,
    GiveConsent,
    RefuseConsent,
    ReplaceJudge,
    ReplaceMediator,
    RequestTransfer,
    Retransfer,
    Screen,
    Withdraw,
)
from chalicelib.domain.confirmation_commands import ApplyForConfirmation, RecordApplicationReceipt
from chalicelib.domain.court_commands import (
    Expire,
    MoveDeadline,
    RecordDocketing,
    RecordReceipt,
    RecordRefusal,
    RecordReview,
    RecordRuling,
)
from chalicelib.domain.disclosure import Disclose, WaiveRecusal
from chalicelib.domain.errors import HubError
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.components import NOTHING
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from chalicelib.domain.objection_commands import (
    ChallengeMediator,
    DecideChallenge,
    DecideObjection,
    EndMediation,
    Object,
)
from chalicelib.domain.parties import Identification, IdentityShown, Party, PartyDetails, PartyKind, Side
from chalicelib.domain.party_commands import (
    CheckIdentity,
    ConfirmAgent,
    CorrectDetails,
    RecordAgent,
    RevokeAgent,
)
from chalicelib.domain.reasons import (
    ChallengeFinding,
    ChallengeGround,
    CorrectionReason,
    DeclineReason,
    DisclosureGround,
    FailureReason,
    ObjectionFinding,
    ReplacementGround,
)
from chalicelib.domain.representatives import Authority
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.settlement_commands import (
    AcceptOffer,
    DeclareDefault,
    DeclineOffer,
    MakeOffer,
    RecordRepayment,
    RefuseToSign,
    Remind,
    Renegotiate,
    RequestEnforcement,
    ReverseRepayment,
    Settle,
    Sign,
    WithdrawOffer,
)
from chalicelib.domain.settlement_outcome import PerformanceState, SettlementOutcome
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.transfer import (
    Docketing,
    Procedure,
    ReviewReason,
    ReviewResult,
    confirmation_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.case import Case, Change

CASE_ID: Final = "C-0001"
COURT_ID: Final = "court-jc"
INSTITUTION_ID: Final = "bank-1"
START: Final = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""A Monday, 09:30 in China, with no holiday near."""
SALT: Final = "5a" * 16
FAR: Final = datetime(2027, 3, 2, tzinfo=UTC)
"""An instant later than all others here."""
FOLLOW_UP_ON: Final = date(2026, 4, 20)
SHA256: Final = "ab" * 32
PAYMENT: Final = Payment(on=date(2026, 3, 20), amount=Money(100_00), reference="PAY-1")
IDENTIFIED: Final = Identification(subject="mediator-1", how=IdentityShown.VIDEO, at=START)
"""The mediator knows who the respondents are, so that walks come to signatures."""
NOBODY: Final = "x9"
"""A party id no case has."""
FILER: Final = Actor(role=Role.INSTITUTION, subject="clerk-1", institution_id=INSTITUTION_ID)


def party(party_id: str) -> Party:
    """Make a party; "a1" is an applicant, "r1" a respondent."""
    if party_id.startswith("a"):
        return Party(party_id=party_id, side=Side.APPLICANT, kind=PartyKind.ENTITY)
    return Party(party_id=party_id, side=Side.RESPONDENT, kind=PartyKind.PERSON, identity=IDENTIFIED)


def details_of(party_id: str) -> PartyDetails:
    """Make a party's personal data; every field is a text that occurs nowhere else."""
    return PartyDetails(
        party_id=party_id,
        name=f"姓名之{party_id}",
        id_number=f"证号之{party_id}",
        phone=f"电话之{party_id}",
        address=f"住址之{party_id}",
        account=f"账号之{party_id}",
    )


def claim_of(principal_fen: int = 100_000_00) -> Claim:
    """Make a claim of principal and a little interest."""
    return Claim(
        principal=Money(principal_fen),
        interest=Money(7_330_56),
        penalty_interest=Money(5_830_21),
        compound_interest=Money(427_39),
        fees=Money(0),
        as_of=date(2026, 2, 28),
    )


def filing_of(*party_ids: str, claim: Claim | None = None, online: bool = True) -> FileDispute:
    """Make a filing between these parties."""
    return FileDispute(
        institution_id=INSTITUTION_ID,
        court_id=COURT_ID,
        case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
        contract_number="LOAN-1",
        instalment_scope="all",
        claim=claim or claim_of(),
        parties=tuple(party(party_id) for party_id in party_ids),
        details=tuple(details_of(party_id) for party_id in party_ids),
        online=online,
    )


def context_of(
    actor: Actor = SYSTEM,
    at: datetime = START,
    *,
    channel: Channel = Channel.ONLINE,
    limits: CourtLimits | None = None,
    calendar: WorkingCalendar | None = None,
) -> Context:
    """Make a context; a court's default limits and a calendar of weekends unless told otherwise."""
    return Context(
        actor=actor,
        at=at,
        salt=SALT,
        channel=channel,
        limits=limits or CourtLimits(),
        calendar=calendar or WorkingCalendar(),
    )


def filed(*party_ids: str, limits: CourtLimits | None = None) -> Change:
    """File a case between these parties, or between one institution and one borrower."""
    return lifecycle.file(filing_of(*(party_ids or ("a1", "r1"))), CASE_ID, context_of(FILER, limits=limits))


def insiders(case: Case) -> tuple[Actor, ...]:
    """Return every actor of the case; mediator and judge have made-up ids until they are appointed."""
    borrowers = (
        Actor(
            role=Role.BORROWER, subject=f"borrower-{r}", case_ids=frozenset({f"{case.case_id}:{r}", "C-9:r1"})
        )
        for r in sorted(case.respondent_ids)
    )
    mediator, judge = case.mediator_id or "m1", case.judge_id or "j1"
    return (
        Actor(role=Role.INSTITUTION, subject="clerk-1", institution_id=case.institution_id),
        Actor(role=Role.MEDIATOR, subject="mediator-1", mediator_id=mediator, court_id=case.court_id),
        Actor(role=Role.CENTRE, subject="centre-1", court_id=case.court_id),
        Actor(role=Role.CENTRE, subject="centre-2", court_id=case.court_id),
        Actor(role=Role.JUDGE, subject="judge-1", judge_id=judge, court_id=case.court_id),
        Actor(role=Role.COURT, subject="court-1", court_id=case.court_id),
        Actor(role=Role.OPS, subject="ops-1", court_id=case.court_id),
        Actor(role=Role.DATA_PROTECTION, subject="dp-1", court_id=case.court_id),
        SYSTEM,
        *borrowers,
    )


def strangers(case: Case) -> tuple[Actor, ...]:
    """Return an actor of every role for whom the case must not exist, and some without any id."""
    mediator, judge = case.mediator_id or "m1", case.judge_id or "j1"
    others = (
        Actor(role=Role.MEDIATOR, subject="namesake-m", mediator_id=mediator, court_id="court-2"),
        Actor(role=Role.JUDGE, subject="namesake-j", judge_id=judge, court_id="court-2"),
        Actor(role=Role.INSTITUTION, subject="clerk-2", institution_id="bank-2", court_id=case.court_id),
        Actor(role=Role.MEDIATOR, subject="mediator-9", mediator_id="m9", court_id=case.court_id),
        Actor(role=Role.JUDGE, subject="judge-9", judge_id="j9", court_id=case.court_id),
        Actor(role=Role.CENTRE, subject="centre-2", court_id="court-2"),
        Actor(role=Role.COURT, subject="court-2", court_id="court-2"),
        Actor(role=Role.OPS, subject="ops-2", court_id="court-2"),
        Actor(role=Role.BORROWER, subject="borrower-9", case_ids=frozenset({"C-9:r1"})),
        Actor(role=Role.BORROWER, subject="bank-as-borrower", case_ids=frozenset({f"{case.case_id}:a1"})),
    )
    readers = set(Role) - {Role.SYSTEM, Role.DATA_PROTECTION}
    empty = (Actor(role=role, subject="nobody") for role in sorted(readers))
    numberless = (
        Actor(role=role, subject="nobody", court_id=case.court_id) for role in (Role.MEDIATOR, Role.JUDGE)
    )
    return (*others, *empty, *numberless)


def commands_for(case: Case, limits: CourtLimits) -> Iterator[Command]:
    """Yield commands of every action, some that fit the case and some that don't."""
    yield from (Screen(), Screen(case_number="调〔2026〕1号"), Accept(), Withdraw(), Drop(), Expire())
    yield from (RequestTransfer(), Retransfer())
    stored = case.deadline or FAR
    later = max(stored, case.updated_at) + timedelta(days=30)
    for before, after in ((stored, later), (later, stored), (stored, stored)):
        yield MoveDeadline(rule="mediation_days", before=before, after=after, since=case.entered_at_version)
    yield from (Appoint(mediator_id=f"m{n}", judge_id=f"j{n}") for n in (1, 2))
    yield OpenChoice(judge_id="j1", recommended=("m1", "m2"))
    yield NameMediator(party_id="a1", mediator_id="m2")
    yield from (NameMediator(party_id=each, mediator_id="m1") for each in (*sorted(case.party_ids), NOBODY))
    yield from (Disclose(mediator_id=f"m{n}", ground=DisclosureGround.OTHER_RELATION) for n in (1, 2))
    yield from (waiver(party_id, "other_relation") for party_id in (*sorted(case.party_ids), NOBODY))
    yield waiver("r1", "earlier_role")
    for each in case.disclosures:
        for party_id in sorted(case.party_ids):
            yield WaiveRecusal(party_id=party_id, mediator_id=each.mediator_id, ground=each.ground)
    yield from (Decline(reason=reason) for reason in DeclineReason)
    yield from (Fail(reason=reason) for reason in FailureReason)
    yield from (Settle(outcome=outcome, agreement_sha256=SHA256) for outcome in SettlementOutcome)
    yield from settlement_commands(case)
    yield from (ReplaceJudge(judge_id=f"j{n}", ground=ReplacementGround.UNABLE) for n in (1, 2))
    yield from (ReplaceMediator(mediator_id=f"m{n}", ground=ReplacementGround.UNABLE) for n in (1, 2))
    yield from (DecideChallenge(reason=reason) for reason in ChallengeFinding)
    for reason in (ObjectionFinding.NOT_SAID, ObjectionFinding.RECORDED_RIGHTLY):
        yield DecideObjection(reason=reason, outcome=SettlementOutcome.LUMP_SUM, agreement_sha256=SHA256)
    acts = {act.number for act in case.recorded} | {0}
    for party_id in (*sorted(case.party_ids), NOBODY):
        yield from (GiveConsent(party_id=party_id, online=online) for online in (True, False))
        yield RefuseConsent(party_id=party_id)
        yield Sign(party_id=party_id, follow_up_on=FOLLOW_UP_ON)
        yield RefuseToSign(party_id=party_id)
        yield EndMediation(party_id=party_id)
        yield ChallengeMediator(party_id=party_id, ground=ChallengeGround.OTHER_RELATION)
        yield from (Object(party_id=party_id, act=number) for number in sorted(acts))
        yield from (ApplyForConfirmation(side=side, party_id=party_id) for side in Side)
        yield Extend(side=Side.RESPONDENT, party_id=party_id, days=1)
        yield Correct(details=(details_of(party_id),))
    yield from party_commands(case)
    left = limits.extension_cap_days - case.extended_days
    for days in sorted({-1, 0, 1, left, left + 1}):
        yield from (Extend(side=side, days=days) for side in Side)
    yield from (Correct(), Correct(claim=claim_of(case.claim.principal.fen + 1)))
    present = case.transfer.transfer_id if case.transfer else f"{case.case_id}-T1"
    for transfer_id in (present, f"{case.case_id}-T0", "C-9-T1"):
        yield from court_messages(transfer_id)


def waiver(party_id: str, ground: str) -> WaiveRecusal:
    """Return a party's waiver of a relation of the first mediator."""
    return WaiveRecusal(party_id=party_id, mediator_id="m1", ground=ground)


def party_commands(case: Case) -> Iterator[Command]:
    """Yield commands about the parties themselves; few, for they are possible wherever a case stands."""
    for party in case.parties:
        yield RecordAgent(party_id=party.party_id, authority=Authority.SPECIAL, letter_number="8")
        for agent in party.agents:
            yield RevokeAgent(party_id=party.party_id, agent_id=agent.agent_id)
            yield ConfirmAgent(party_id=party.party_id, agent_id=agent.agent_id)
    first = min(case.respondent_ids)
    for fields in ((), ("phone",)):
        yield CorrectDetails(party_id=first, fields=fields, reason=CorrectionReason.CHANGED_SINCE)
    yield from (RevokeAgent(party_id=first, agent_id="g0"), ConfirmAgent(party_id=first, agent_id="g0"))
    # Of each respondent: who put one's number on record may check the others only.
    for party_id in ("a1", *sorted(case.respondent_ids), NOBODY):
        yield CheckIdentity(party_id=party_id, how=IdentityShown.VIDEO)


def _begun_plans(case: Case) -> Iterator[Command]:
    """Yield offers whose first payment is late already."""
    for in_parts in (False, True):
        yield MakeOffer(
            side=Side.APPLICANT, number=1, expires_at=FAR, sign_by=case.filed_at, in_parts=in_parts
        )


def settlement_commands(case: Case) -> Iterator[Command]:
    """Yield every command on offers and on an agreement in force; its terms are not looked at."""
    some = frozenset(sorted(case.respondent_ids)[:1])
    said: list[tuple[Side, str]] = [(side, "") for side in Side]
    said += [(Side.RESPONDENT, party_id) for party_id in (*sorted(case.respondent_ids), NOBODY)]
    for side, party_id in said:
        for respondents in (frozenset[str](), some, some | {NOBODY}):
            yield MakeOffer(side=side, party_id=party_id, number=1, expires_at=FAR, respondents=respondents)
        yield AcceptOffer(side=side, party_id=party_id)
        yield DeclineOffer(side=side, party_id=party_id)
        yield WithdrawOffer(side=side, party_id=party_id)
    yield from _begun_plans(case)
    performed = case.stage in {Stage.PERFORMING, Stage.DEFAULTED, Stage.PERFORMED, Stage.PAID}
    for state in PerformanceState if performed else (None,):
        yield RecordRepayment(payment=PAYMENT, state=state, follow_up_on=FOLLOW_UP_ON, counted=1)
        yield ReverseRepayment(
            payment=PAYMENT,
            state=state,
            follow_up_on=FOLLOW_UP_ON,
            counted=int(state is PerformanceState.DEFAULTED),
            in_force_at=case.filed_at,
        )
    if not performed:
        yield RecordRepayment(payment=PAYMENT, state=None, follow_up_on=FOLLOW_UP_ON, counted=1, paid_up=True)
    for overdue in (False, True):
        yield Remind(follow_up_on=FOLLOW_UP_ON, reminders=1, ruling_overdue=overdue)
    yield DeclareDefault(line=1)
    nothing = NOTHING.as_claim(case.claim.as_of)
    for claim in (case.claim, nothing):
        yield from (Renegotiate(claim=claim), RequestEnforcement(claim=claim), RequestTransfer(claim=claim))
    for about in (confirmation_id(case.case_id, case.round), f"{case.case_id}-C0"):
        yield RecordApplicationReceipt(transfer_id=about, receipt_id="receipt-c")
        yield from rulings(about)


def rulings(about: str) -> Iterator[RecordRuling]:
    """Yield the court's two rulings on an application: confirmed, and rejected."""
    for ground in (None, RejectionGround.CONTENT_UNCLEAR):
        yield RecordRuling(
            transfer_id=about,
            filing_id="F-1",
            court_case_number="（2026）闽0902诉前调确12号",
            judge_id="j1",
            ruling=Ruling(on=date(2026, 5, 6), rejected_for=ground),
        )


def court_messages(transfer_id: str) -> Iterator[Command]:
    """Yield every message that a court can send about a transfer."""
    yield RecordReceipt(transfer_id=transfer_id, receipt_id="receipt-1")
    for result in ReviewResult:
        reasons = (ReviewReason(document_id="complaint", code="illegible"),) if result.returns else ()
        yield RecordReview(transfer_id=transfer_id, result=result, filing_id="F-1", reasons=reasons)
    docketing = Docketing(
        court_case_number="（2026）闽0902民初123号",
        judge_id="j1",
        procedure=Procedure.SMALL_CLAIMS,
        official_filing_date=date(2026, 5, 6),
    )
    yield RecordDocketing(transfer_id=transfer_id, filing_id="F-1", docketing=docketing)
    yield RecordRefusal(transfer_id=transfer_id, filing_id="F-1", code="no_jurisdiction")
    yield from rulings(transfer_id)


def attempt(case: Case, command: Command, context: Context) -> Change | HubError:
    """Apply a command, or return how it was refused."""
    try:
        return lifecycle.apply(case, command, context)
    except HubError as refusal:
        return refusal


# --- at random -------------------------------------------------------------------------------------

moneys = st.builds(Money, st.integers(0, 10**15 - 1))
claims = st.builds(
    Claim,
    principal=moneys,
    interest=moneys,
    penalty_interest=moneys,
    compound_interest=moneys,
    fees=moneys,
    as_of=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
)
court_limits = st.builds(
    CourtLimits,
    inclusive_finance_ceiling=moneys,
    mediation_days=st.integers(1, 60),
    extension_cap_days=st.integers(0, 40),
    consent_days=st.integers(1, 15),
    acceptance_working_days=st.integers(1, 5),
    court_review_days=st.integers(1, 15),
)
instants = st.datetimes(datetime(2020, 5, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds and adds the zone
party_sets = st.builds(
    lambda applicants, respondents: (
        *(f"a{n}" for n in range(1, applicants + 1)),
        *(f"r{n}" for n in range(1, respondents + 1)),
    ),
    st.integers(1, 2),
    st.integers(1, 3),
)
filings = st.builds(
    lambda party_ids, claim, online: filing_of(*party_ids, claim=claim, online=online),
    party_sets,
    claims,
    st.booleans(),
)
