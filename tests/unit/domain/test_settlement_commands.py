"""Commands and rules of the settlement: what each changes, what its event tells, when it is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.calendar import CHINA, WorkingCalendar, end_of, local_date, morning_of
from chalicelib.domain.confirmation_commands import (
    confirmation_of,
)
from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_commands import (
    AcceptOffer,
    DeclareDefault,
    DeclineOffer,
    MakeOffer,
    RecordRepayment,
    Remind,
    Renegotiate,
    ReverseRepayment,
    Settle,
    Sign,
    WithdrawOffer,
)
from chalicelib.domain.settlement_outcome import PerformanceState, SettlementOutcome
from chalicelib.domain.stages import Stage
from tests.support.builders import (
    FAR,
    FOLLOW_UP_ON,
    PAYMENT,
    SHA256,
    START,
    claim_of,
    context_of,
)
from tests.unit.domain.agreed import (
    BANK,
    BORROWER,
    CASE,
    CONFIRMED,
    IN_FORCE,
    MEDIATOR,
    OPEN,
    REJECTED,
    SYSTEM,
    act,
    at,
    refused,
)


def test_offers_change_the_standing_and_tell_nothing() -> None:
    """Of few possibilities the right one could be tried against the event's hash (TY22)."""
    case = at(Stage.IN_MEDIATION)
    made = act(case, MakeOffer(side=Side.APPLICANT, number=1, expires_at=OPEN.expires_at), BANK)
    standing = replace(OPEN, made_by=frozenset({"a1"}), awaits=frozenset({"r1"}))
    assert made.case.offer == standing
    accepted = act(made.case, AcceptOffer(side=Side.RESPONDENT), BORROWER)
    assert accepted.case.offer == replace(standing, awaits=frozenset(), accepted=True)
    declined = act(made.case, DeclineOffer(side=Side.RESPONDENT), BORROWER)
    withdrawn = act(made.case, WithdrawOffer(side=Side.APPLICANT), BANK)
    assert (declined.case.offer, withdrawn.case.offer) == (None, None)
    settle = Settle(outcome=SettlementOutcome.LUMP_SUM, agreement_sha256=SHA256)
    settled = act(accepted.case, settle, MEDIATOR)
    assert (settled.case.outcome, settled.case.agreement_sha256) == (SettlementOutcome.LUMP_SUM, SHA256)
    for change in (made, accepted, declined, withdrawn, settled):
        assert dict(change.event.facts) == {}


def test_who_may_answer_an_offer() -> None:
    """Only the other side, only while it is open; its own side withdraws it before offering anew."""
    case = at(Stage.IN_MEDIATION, offer=OPEN)
    mine = MakeOffer(side=Side.APPLICANT, number=2, expires_at=FAR)
    assert refused(case, mine, BANK) == "takes_turns"
    assert refused(case, AcceptOffer(side=Side.APPLICANT), BANK) == "answers_the_other"
    assert refused(case, DeclineOffer(side=Side.APPLICANT), BANK) == "answers_the_other"
    assert refused(case, WithdrawOffer(side=Side.RESPONDENT), BORROWER) == "takes_back_its_own"
    late = OPEN.expires_at
    in_time = act(case, AcceptOffer(side=Side.RESPONDENT), BORROWER, late - timedelta(microseconds=1))
    assert in_time.case.offer == replace(OPEN, accepted=True)
    assert refused(case, AcceptOffer(side=Side.RESPONDENT), BORROWER, late) == "answers_the_other"
    assert refused(case, WithdrawOffer(side=Side.APPLICANT), BANK, late) == "takes_back_its_own"
    assert act(case, mine, BANK, late).case.offer is not None, "what has expired stands in nobody's way"


def test_after_an_acceptance_only_the_agreement_follows() -> None:
    """And without one there is none."""
    case = at(Stage.IN_MEDIATION, offer=replace(OPEN, accepted=True))
    for command, actor in (
        (MakeOffer(side=Side.RESPONDENT, number=2, expires_at=FAR), BORROWER),
        (AcceptOffer(side=Side.RESPONDENT), BORROWER),
        (DeclineOffer(side=Side.RESPONDENT), BORROWER),
        (WithdrawOffer(side=Side.APPLICANT), BANK),
    ):
        assert refused(case, command, actor) == "nothing_accepted"
    settle = Settle(outcome=SettlementOutcome.LUMP_SUM, agreement_sha256=SHA256)
    for offer in (None, OPEN):
        assert refused(at(Stage.IN_MEDIATION, offer=offer), settle, MEDIATOR) == "offer_accepted_first"


def test_the_last_signature_opens_the_window_unless_it_was_paid() -> None:
    """The first one changes nothing else."""
    case = at(Stage.SETTLED, outcome=SettlementOutcome.LUMP_SUM, agreement_sha256=SHA256)
    first = act(case, Sign(party_id="a1", follow_up_on=FOLLOW_UP_ON), BANK).case
    assert (first.stage, first.confirmation, first.follow_up_on) == (Stage.SETTLED, None, None)
    last = act(first, Sign(party_id="r1", follow_up_on=FOLLOW_UP_ON), BORROWER)
    assert (last.case.stage, last.case.confirmation) == (Stage.PERFORMING, IN_FORCE)
    assert last.case.follow_up_on == FOLLOW_UP_ON
    assert last.case.deadline == morning_of(FOLLOW_UP_ON) == last.follow_up_at
    spot = replace(first, outcome=SettlementOutcome.PAID_ON_THE_SPOT)
    paid = act(spot, Sign(party_id="r1"), BORROWER).case
    assert (paid.stage, paid.confirmation, paid.deadline) == (Stage.PAID, None, None)


def test_an_agreement_in_force_without_a_next_day_is_looked_at_tomorrow() -> None:
    """At nine, in China."""
    remind = Remind(follow_up_on=None, reminders=0)
    change = act(at(Stage.PERFORMING, deadline=START), remind)
    assert change.case.deadline == datetime(2026, 3, 3, 1, 0, tzinfo=UTC) == change.follow_up_at


@pytest.mark.parametrize(
    ("stage", "state", "target"),
    [
        (Stage.PERFORMING, PerformanceState.PERFORMING, Stage.PERFORMING),
        (Stage.PERFORMING, PerformanceState.PERFORMED, Stage.PERFORMED),
        (Stage.DEFAULTED, PerformanceState.PERFORMING, Stage.PERFORMING),
        (Stage.DEFAULTED, PerformanceState.PERFORMED, Stage.PERFORMED),
        (Stage.DEFAULTED, PerformanceState.DEFAULTED, Stage.DEFAULTED),
    ],
)
def test_a_repayment_leads_where_the_performance_stands(
    stage: Stage, state: PerformanceState, target: Stage
) -> None:
    """Whatever leaves the watched steps is due at once; what stays or returns is due on its day."""
    look = FOLLOW_UP_ON + timedelta(days=3)
    change = act(at(stage), RecordRepayment(payment=PAYMENT, state=state, follow_up_on=look, counted=1), BANK)
    assert (change.case.stage, change.case.follow_up_on) == (target, look)
    expected = {Stage.PERFORMING: morning_of(look), Stage.PERFORMED: START, Stage.DEFAULTED: FAR}
    assert change.follow_up_at == expected[target]
    assert dict(change.event.facts) == {"reference": "PAY-1", "amount": "100.00", "on": "2026-03-20"}


def test_a_reversal_leads_back() -> None:
    """Into a default that stands again, or to an earlier look."""

    def command(state: PerformanceState) -> ReverseRepayment:
        return ReverseRepayment(
            payment=PAYMENT, state=state, follow_up_on=FOLLOW_UP_ON, counted=0, in_force_at=START
        )

    facts = {"reference": "PAY-1", "amount": "100.00", "on": "2026-03-20"}
    back = act(at(Stage.PERFORMING), command(PerformanceState.DEFAULTED), BANK)
    assert (back.case.stage, dict(back.event.facts)) == (Stage.DEFAULTED, facts)
    stays = act(at(Stage.PERFORMING), command(PerformanceState.PERFORMING), BANK)
    assert (stays.case.stage, stays.case.deadline) == (Stage.PERFORMING, morning_of(FOLLOW_UP_ON))
    default = act(at(Stage.DEFAULTED), command(PerformanceState.DEFAULTED), BANK)
    assert (default.case.stage, default.case.deadline) == (Stage.DEFAULTED, FAR)
    owing = act(replace(at(Stage.PERFORMING), paid_up=True), command(PerformanceState.PERFORMING), BANK)
    assert owing.case.paid_up is None, (
        "what bounced is owed again, so that a suit for it has something to claim"
    )


def test_what_the_hub_finds_it_finds_on_the_day_only() -> None:
    """Neither a reminder nor a default before the limit has passed."""
    case = at(Stage.PERFORMING)
    early = FAR - timedelta(microseconds=1)
    for command in (Remind(follow_up_on=FOLLOW_UP_ON, reminders=2), DeclareDefault(line=3)):
        assert refused(case, command, SYSTEM, early) == "limit_passed"
    told = act(case, Remind(follow_up_on=FOLLOW_UP_ON, reminders=2), when=FAR)
    assert dict(told.event.facts) == {"reminders": 2}
    found = act(case, DeclareDefault(line=3), when=FAR).case
    assert (found.stage, found.follow_up_on) == (Stage.DEFAULTED, None)


def test_who_defaults_is_waited_for_for_ninety_days_or_two_years() -> None:
    """民事诉讼法 250 where the court has confirmed; each last day rolled past holidays, to its end."""
    found = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 3 March in China
    for confirmation, last in (
        (IN_FORCE, date(2026, 6, 1)),
        (REJECTED, date(2026, 6, 1)),
        (CONFIRMED, date(2028, 3, 3)),
    ):
        case = at(Stage.PERFORMING, confirmation=confirmation, deadline=found)
        assert act(case, DeclareDefault(line=1), when=found).case.deadline == end_of(last)
    holiday = WorkingCalendar(days_off=frozenset({date(2026, 6, 1), date(2028, 3, 3)}))
    for confirmation, last in ((IN_FORCE, date(2026, 6, 2)), (CONFIRMED, date(2028, 3, 6))):
        case = at(Stage.PERFORMING, confirmation=confirmation, deadline=found)
        context = context_of(SYSTEM, found, calendar=holiday)
        assert lifecycle.apply(case, DeclareDefault(line=1), context).case.deadline == end_of(last)


def test_a_new_round_begins_with_a_clean_slate() -> None:
    """About another claim; the clock of the mediation starts anew, the extension is used up no more."""
    case = at(
        Stage.PERFORMING, confirmation=REJECTED, extended_days=2, accepted_at=START - timedelta(days=40)
    )
    change = act(case, Renegotiate(claim=claim_of(7_00)), MEDIATOR)
    after = change.case
    assert (after.round, after.claim, after.accepted_at, after.extended_days) == (2, claim_of(7_00), START, 0)
    assert local_date(after.deadline or START) == date(2026, 4, 2), "the end of 1 April"
    assert (after.confirmation, after.offer, after.outcome) == (None, None, None)
    assert change.follow_up_at == START
    with pytest.raises(LookupError, match="in force"):
        confirmation_of(after)


def test_what_the_table_rules_out_is_a_fault() -> None:
    """An acceptance without an offer can't be asked for through the table."""
    with pytest.raises(LookupError, match="offer is open"):
        AcceptOffer(side=Side.APPLICANT).changes(CASE, context_of(BANK))


def test_the_morning_is_nine_in_china() -> None:
    """On the very day, given in UTC."""
    morning = morning_of(date(2026, 4, 20))
    assert morning == datetime(2026, 4, 20, 9, 0, tzinfo=CHINA)
    assert morning.tzinfo is UTC
    assert local_date(morning) == date(2026, 4, 20)


def test_a_side_can_not_say_of_itself_that_it_was_there() -> None:
    """Only who records others acts in person; a side speaks for itself online."""
    case = at(Stage.IN_MEDIATION)
    offer = MakeOffer(side=Side.APPLICANT, number=1, expires_at=FAR)
    for actor, channel in ((BANK, Channel.IN_PERSON), (MEDIATOR, Channel.ONLINE)):
        with pytest.raises(RuleViolated) as refusal:
            lifecycle.apply(case, offer, context_of(actor, channel=channel))
        assert refusal.value.rule == "own_side"
    with pytest.raises(RuleViolated):
        lifecycle.apply(case, offer, context_of(MEDIATOR, channel=Channel.IN_PERSON))
    theirs = MakeOffer(side=Side.RESPONDENT, number=1, expires_at=FAR)
    context = context_of(MEDIATOR, channel=Channel.IN_PERSON)
    assert lifecycle.apply(case, theirs, context).case.pending
    assert lifecycle.apply(case, theirs, replace(context, code_verified=True)).case.offer
