"""Who is told of an event, on whose telephone, and until when that is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import Confirmation, Ruling
from chalicelib.domain.notices import (
    NoticeKind,
    PartyNotice,
    QuietHours,
    notice_of,
    notice_to,
    sending_time,
)
from chalicelib.domain.parties import FormerPhone, PartyDetails, Side
from chalicelib.domain.pending_act import Objection, RecordedAct
from chalicelib.domain.representatives import Authority, Mandate, Representative, RepresentativeKind
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.settlement_outcome import OfferStanding
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.telling import notices_after, people_of, still_told
from tests.support.builders import START, context_of, filed

if TYPE_CHECKING:
    from chalicelib.domain.case import Case

CASE = filed("a1", "r1", "r2", "r3").case
LIMIT = START + timedelta(days=7)
OFFER = OfferStanding(
    number=1,
    side=Side.APPLICANT,
    expires_at=LIMIT,
    made_by=frozenset({"a1"}),
    awaits=frozenset({"r1", "r2"}),
    left_out=frozenset({"r3"}),
)
OWN_OFFER = replace(OFFER, side=Side.RESPONDENT, made_by=frozenset({"r1"}), awaits=frozenset({"a1", "r2"}))


def told(
    kind: EventType, before: Case = CASE, *, spoken_for: str = "", **after: Any
) -> dict[str, tuple[str, ...]]:
    """Return by kind who is told because of an event."""
    event = lifecycle.record(before, kind, {}, context_of(SYSTEM, START)).event
    spoken = frozenset({spoken_for} - {""})
    notices = notices_after(before, replace(before, **after), event, spoken)
    assert len({notice.notice_id for notice in notices}) == len(notices)
    return {str(notice.kind): notice.party_ids for notice in notices}


CONFIRMED = Confirmation(in_force_at=START, ruling=Ruling(on=START.date()))
SIGNED: dict[str, Any] = {
    "offer": OFFER,
    "agreement_sha256": "a" * 64,
    "signatures": frozenset({"a1", "r1", "r2"}),
    "stage": Stage.PERFORMING,
}
ALL = ("r1", "r2", "r3")


@pytest.mark.parametrize(
    ("event", "after", "kind", "whom"),
    [
        pytest.param(EventType.CASE_SCREENED, {}, "invited", ALL, id="invitation after screening"),
        pytest.param(
            EventType.APPOINTMENT_ACCEPTED, {"deadline": LIMIT}, "consent_asked", ALL, id="consent asked"
        ),
        pytest.param(
            EventType.APPOINTMENT_ACCEPTED,
            {"deadline": LIMIT},
            "consent_lapsing",
            ALL,
            id="consent about to lapse",
        ),
        pytest.param(
            EventType.MEDIATOR_APPOINTED,
            {},
            "mediator_appointed",
            ALL,
            id="mediator appointed and how to challenge",
        ),
        pytest.param(EventType.OFFER_MADE, {"offer": OFFER}, "offer_made", ("r1", "r2"), id="offer made"),
        pytest.param(
            EventType.SETTLEMENT_REACHED,
            {"offer": OFFER, "agreement_sha256": "a" * 64, "deadline": LIMIT},
            "agreement_ready",
            ("r1", "r2"),
            id="agreement to read and sign",
        ),
        pytest.param(EventType.AGREEMENT_SIGNED, SIGNED, "agreement_in_force", ("r1", "r2"), id="in force"),
        pytest.param(
            EventType.AGREEMENT_PAID, SIGNED, "agreement_in_force", ("r1", "r2"), id="in force, paid at once"
        ),
        pytest.param(
            EventType.CONFIRMATION_APPLIED_FOR,
            SIGNED,
            "confirmation_applied",
            ("r1", "r2"),
            id="confirmation applied",
        ),
        pytest.param(
            EventType.CONFIRMATION_RULED,
            {**SIGNED, "confirmation": CONFIRMED},
            "confirmation_ruled",
            ("r1", "r2"),
            id="confirmation ruled",
        ),
        pytest.param(EventType.TRANSFER_REQUESTED, {}, "transferred", ALL, id="transferred"),
        pytest.param(EventType.CASE_DOCKETED, {}, "docketed", ALL, id="docketed"),
        pytest.param(
            EventType.AGREEMENT_REOPENED, SIGNED, "reopened", ("r1", "r2"), id="what ended the case bounced"
        ),
        pytest.param(
            EventType.LITIGATION_DROPPED, {"stage": Stage.CLOSED}, "closed", ALL, id="closed, not insisted on"
        ),
        pytest.param(EventType.DECISION_EXPIRED, {"stage": Stage.CLOSED}, "closed", ALL, id="closed by time"),
        pytest.param(EventType.FILING_REFUSED, {"stage": Stage.REFUSED}, "closed", ALL, id="closed, refused"),
        pytest.param(
            EventType.AGREEMENT_PERFORMED,
            {**SIGNED, "stage": Stage.PERFORMED},
            "closed",
            ("r1", "r2"),
            id="closed, performed",
        ),
        pytest.param(
            EventType.MEDIATION_FAILED,
            {"step": Step.DECISION, "deadline": START + timedelta(days=15)},
            "decision_due",
            ("a1",),
            id="the institution is reminded before its 15 days to decide end",
        ),
    ],
)
def test_being_told(event: EventType, after: dict[str, Any], kind: str, whom: tuple[str, ...]) -> None:
    """Word by word what a party has to be told from filing on; the rest has tests of its own.

    Those are: an offer answered (below), a payment due and late and a default (`test_watching`), every act in
    one's name (`test_second_record`), who has no mobile number (`test_send_notice`).
    """
    screened = replace(CASE, stage=Stage.SCREENED)
    assert told(event, screened, **after)[kind] == whom


def test_who_has_consented_already_is_not_invited_any_more() -> None:
    """Nor asked for consent, nor reminded of it."""
    some = replace(CASE, consents=frozenset({"a1", "r2"}))
    assert told(EventType.CASE_SCREENED, some) == {"invited": ("r1", "r3")}
    assert told(EventType.APPOINTMENT_ACCEPTED, some, deadline=LIMIT) == {
        "consent_asked": ("r1", "r3"),
        "consent_lapsing": ("r1", "r3"),
    }


def test_a_limit_that_ends_at_once_has_no_reminder() -> None:
    """The question and the reminder would come together."""
    soon = START + timedelta(days=2)
    assert [*told(EventType.APPOINTMENT_ACCEPTED, deadline=soon)] == ["consent_asked"]


def test_an_offer_is_told_to_those_it_is_for() -> None:
    """Not to who is left out, and not to the institution, which reads the API."""
    assert told(EventType.OFFER_MADE, offer=OFFER) == {"offer_made": ("r1", "r2")}
    assert told(EventType.OFFER_MADE, offer=OWN_OFFER) == {"offer_made": ("r2",)}


@pytest.mark.parametrize(
    ("event", "offer", "speaker", "expected"),
    [
        (EventType.OFFER_ACCEPTED, OFFER, "r1", ()),
        (EventType.OFFER_ACCEPTED, OWN_OFFER, "a1", ("r1",)),
        (EventType.OFFER_DECLINED, OFFER, "r1", ("r2",)),
        (EventType.OFFER_DECLINED, OWN_OFFER, "a1", ("r1", "r2")),
        (EventType.OFFER_WITHDRAWN, OFFER, "a1", ("r1", "r2")),
        (EventType.OFFER_ACCEPTED, replace(OWN_OFFER, made_by=frozenset()), "r2", ("r1", "r3")),
        (EventType.OFFER_DECLINED, None, "r1", ()),
    ],
)
def test_an_answer_is_told_to_whom_it_concerns(
    event: EventType, offer: OfferStanding | None, speaker: str, expected: tuple[str, ...]
) -> None:
    """Its makers hear of an acceptance; of an end of the offer all it was for; nobody of the own word."""
    answered = told(event, replace(CASE, offer=offer), spoken_for=speaker)
    assert answered.get("offer_answered", ()) == expected


def test_who_is_left_out_of_an_agreement_hears_nothing_of_it() -> None:
    """From its document to its end; without an agreement in force the whole claim goes to court."""
    drawn: dict[str, Any] = {"offer": OFFER, "agreement_sha256": "a" * 64, "deadline": LIMIT}
    assert told(EventType.SETTLEMENT_REACHED, **drawn) == {"agreement_ready": ("r1", "r2")}
    in_force = replace(CASE, **drawn, signatures=frozenset({"a1", "r1", "r2"}), stage=Stage.DEFAULTED)
    assert told(EventType.TRANSFER_REQUESTED, in_force) == {"transferred": ("r1", "r2")}
    assert told(EventType.LITIGATION_DROPPED, in_force) == {"closed": ("r1", "r2")}
    unsigned = replace(in_force, signatures=frozenset({"a1"}))
    assert told(EventType.TRANSFER_REQUESTED, unsigned) == {"transferred": ("r1", "r2", "r3")}


@pytest.mark.parametrize(
    ("event", "stage", "kind"),
    [
        (EventType.TRANSFER_REQUESTED, Stage.TRANSFERRING, "transferred"),
        (EventType.ENFORCEMENT_REQUESTED, Stage.TRANSFERRING, "transferred"),
        (EventType.CONFIRMATION_APPLIED_FOR, Stage.PERFORMING, "confirmation_applied"),
        (EventType.CONFIRMATION_APPLIED_FOR, Stage.DEFAULTED, "confirmation_applied"),
    ],
)
def test_what_is_held_is_told_when_it_leaves(event: EventType, stage: Stage, kind: str) -> None:
    """While somebody may still object, nothing went to the court, and nobody is told that it did."""
    assert told(event, stage=stage, held_until=LIMIT) == {}
    held = replace(CASE, stage=stage, held_until=LIMIT)
    assert told(EventType.DAYS_TO_OBJECT_OVER, held, stage=stage, held_until=None) == {kind: ALL}
    assert told(event, stage=stage) == {kind: ALL}


def test_who_never_heard_of_a_case_is_not_told_that_it_is_over() -> None:
    """Withdrawn before screening: nobody was invited."""
    assert told(EventType.CASE_WITHDRAWN, stage=Stage.WITHDRAWN) == {}
    screened = replace(CASE, stage=Stage.SCREENED)
    assert told(EventType.CASE_WITHDRAWN, screened, stage=Stage.WITHDRAWN) == {"closed": ("r1", "r2", "r3")}


def test_the_institution_is_reminded_once_that_its_time_to_decide_ends() -> None:
    """Whatever ended the mediation; not again by what happens in the same step."""
    waits: dict[str, Any] = {"step": Step.DECISION, "deadline": START + timedelta(days=15)}
    assert told(EventType.MEDIATION_FAILED, **waits) == {"decision_due": ("a1",)}
    assert told(EventType.MEDIATION_FAILED, replace(CASE, **waits)) == {}


def objected(party_id: str, recorded_at: Stage = Stage.IN_MEDIATION, **fields: Any) -> Case:
    """Return a case in which this party's objection waits, to an act recorded at a stage."""
    act = RecordedAct(
        number=2, action=Action.CONSENT, party_id=party_id, stage=recorded_at, at=START, until=LIMIT
    )
    return replace(CASE, objection=Objection(act=act, at=START), **fields)


def test_an_objection_is_told_to_the_others_whom_the_case_is_about() -> None:
    """Once, in one notice; not to who objects, nor to whom an agreement in force leaves out."""
    raised = objected("r1")
    event = lifecycle.record(CASE, EventType.OBJECTION_RAISED, {}, context_of(SYSTEM, START)).event
    (notice,) = notices_after(CASE, raised, event)
    assert (notice.kind, notice.party_ids, notice.values) == ("objection_raised", ("r2", "r3"), {})
    bound: dict[str, Any] = {
        "offer": OFFER,
        "agreement_sha256": "a" * 64,
        "signatures": frozenset({"a1", "r1", "r2"}),
        "stage": Stage.PERFORMING,
    }
    for party_id, told_of_it in (("r1", ("r2",)), ("r3", ("r1", "r2"))):
        in_force = objected(party_id, **bound)
        assert told(EventType.OBJECTION_RAISED, in_force) == {"objection_raised": told_of_it}


def test_an_objection_before_screening_is_told_to_nobody() -> None:
    """The others have not heard of the case."""
    assert told(EventType.OBJECTION_RAISED, objected("r2", Stage.FILED, stage=Stage.FILED)) == {}


@pytest.mark.parametrize("event", [EventType.OBJECTION_UPHELD, EventType.OBJECTION_DISMISSED])
def test_a_decided_objection_is_told_to_all_whom_the_case_is_about(event: EventType) -> None:
    """And to who objected, even if an agreement in force leaves that person out; it says which way."""
    before = objected("r1")
    decided = replace(before, objection=None)
    made = lifecycle.record(before, event, {}, context_of(SYSTEM, START)).event
    (notice,) = notices_after(before, decided, made)
    assert (notice.kind, notice.party_ids) == ("objection_decided", ("r1", "r2", "r3"))
    assert notice.values == {"decision": str(event).removeprefix("objection_")}
    bound: dict[str, Any] = {
        "offer": OFFER,
        "agreement_sha256": "a" * 64,
        "signatures": frozenset({"a1", "r1", "r2"}),
        "stage": Stage.PERFORMING,
    }
    for party_id, told_of_it in (("r1", ("r1", "r2")), ("r3", ("r1", "r2", "r3"))):
        in_force = objected(party_id, **bound)
        assert told(event, in_force, objection=None) == {"objection_decided": told_of_it}


def test_before_screening_only_who_objected_is_told_of_the_decision() -> None:
    """The others were not invited yet."""
    before = objected("r2", Stage.FILED, stage=Stage.UNRESOLVED)
    assert told(EventType.OBJECTION_UPHELD, before, objection=None, stage=Stage.FILED) == {
        "objection_decided": ("r2",)
    }


def test_after_an_objection_is_decided_the_step_asks_again() -> None:
    """For the consents or signatures that are missing, by the new last day."""
    before = objected("r1", consents=frozenset({"a1", "r1", "r2"}))
    waits = replace(before, consents=frozenset({"a1", "r2"}))
    asked = told(EventType.OBJECTION_UPHELD, waits, objection=None, step=Step.CONSENT, deadline=LIMIT)
    assert asked == {
        "objection_decided": ("r1", "r2", "r3"),
        "consent_asked": ("r1", "r3"),
        "consent_lapsing": ("r1", "r3"),
    }
    signing: dict[str, Any] = {"step": Step.SIGNING, "deadline": LIMIT, "signatures": frozenset({"r2"})}
    again = told(EventType.OBJECTION_DISMISSED, objected("r1", offer=OFFER), objection=None, **signing)
    assert again["agreement_ready"] == ("r1",)


def test_the_institution_is_reminded_of_its_time_to_decide_once_no_objection_waits() -> None:
    """The limit began anew with the decision; while the objection waits the limit is the centre's."""
    waits: dict[str, Any] = {"step": Step.DECISION, "deadline": START + timedelta(days=15)}
    before = objected("r1", stage=Stage.UNRESOLVED, **waits)
    assert told(EventType.OBJECTION_DISMISSED, before, objection=None)["decision_due"] == ("a1",)
    undisturbed = replace(CASE, **waits)
    raised = told(EventType.OBJECTION_RAISED, undisturbed, objection=before.objection)
    assert "decision_due" not in raised
    assert told(EventType.OBJECTION_OVERDUE, before) == {}


def test_no_reminder_is_true_while_an_objection_waits() -> None:
    """Not even if the centre's last day is by chance the one that the reminder names."""
    limit = datetime(2026, 3, 12, 15, 59, tzinfo=UTC)
    case = objected("r1", step=Step.SIGNING, deadline=limit)
    ready = reminder(NoticeKind.AGREEMENT_READY)
    assert still_told(case, ready) == frozenset()
    assert still_told(replace(case, objection=None), ready) == {"r1", "r2"}


@pytest.mark.parametrize("decision", ["upheld", "dismissed"])
def test_a_decided_challenge_is_told_to_every_respondent(decision: str) -> None:
    """Whoever raised it, as it is about the mediator of all of them."""
    event = lifecycle.record(CASE, EventType(f"challenge_{decision}"), {}, context_of(SYSTEM, START)).event
    (notice,) = notices_after(CASE, CASE, event)
    assert (notice.kind, notice.party_ids) == ("challenge_decided", ("r1", "r2", "r3"))
    assert notice.values == {"decision": decision}


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        (EventType.DETAILS_CORRECTED, {"party_id": "r2", "fields": ["phone"]}, ("r2",)),
        (EventType.DETAILS_CORRECTED, {"party_id": "a1", "fields": ["phone"]}, ()),
        (EventType.TRANSFER_CORRECTED, {"parties": ["a1", "r1", "r3"]}, ("r1", "r3")),
        (EventType.TRANSFER_CORRECTED, {"parties": []}, ()),
    ],
)
def test_a_correction_is_told_to_the_respondent_it_is_about(
    kind: EventType, facts: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """Once it may have heard of the case."""
    screened = replace(CASE, stage=Stage.SCREENED)
    event = lifecycle.record(screened, kind, facts, context_of(SYSTEM, START)).event
    notices = notices_after(screened, screened, event)
    assert [(each.kind, each.party_ids) for each in notices] == [
        (NoticeKind.DETAILS_CORRECTED, expected) for _ in expected[:1]
    ]
    assert notices_after(CASE, CASE, event) == ()


def test_whom_the_bank_named_is_told_of_nothing_and_its_party_that_it_was_named() -> None:
    """Once the party may have heard of the case; an agent of its own choice needs no such message."""
    named = Mandate(agent_id="g1", authority=Authority.SPECIAL, confirmed=False)
    chosen = replace(named, agent_id="g2", confirmed=True)
    parties = tuple(
        replace(each, agents={"r1": (named,), "r2": (chosen,)}.get(each.party_id, ()))
        for each in CASE.parties
    )
    case = replace(CASE, parties=parties)
    assert told(EventType.CASE_SCREENED, case) == {"invited": ALL, "agent_named": ("r1",)}
    beside = (stands_by(RepresentativeKind.AGENT, "13900000001", "g1"),)
    known = {"r1": replace(details("r1", "13900000009"), representatives=beside)}
    assert people_of(INVITED, case, known) == {"r1": {"r1": "13900000009"}}


def test_a_replaced_number_is_told_of_the_correction_and_of_nothing_else() -> None:
    """If it takes messages."""
    mobile, landline = (
        replace(details("r1", "13900000009"), former_phone=phone) for phone in ("13900000001", "0593-2881234")
    )
    corrected = notice_of(CASE.case_id, 5, "r1", NoticeKind.DETAILS_CORRECTED, {})
    now = {"r1": "13900000009"}
    assert people_of(corrected, CASE, {"r1": mobile}) == {"r1": {"r1-former": "13900000001", **now}}
    assert people_of(corrected, CASE, {"r1": landline}) == {"r1": now}
    assert people_of(INVITED, CASE, {"r1": mobile}) == {"r1": now}
    kept = FormerPhone(phone="13900000001", since=5, by=5)
    known = {"r1": replace(details("r1", "13900000009"), former_phones=(kept,))}
    assert people_of(corrected, CASE, known) == {"r1": {"r1-former": "13900000001", **now}}
    later = notice_of(CASE.case_id, 6, "r1", NoticeKind.DETAILS_CORRECTED, {})
    assert people_of(later, CASE, known) == {"r1": now}


def test_an_event_without_what_it_is_about_tells_nobody() -> None:
    """As records of earlier releases may lack it."""
    assert told(EventType.OBJECTION_UPHELD) == {}
    assert told(EventType.OFFER_MADE) == {}
    assert told(EventType.CONFIRMATION_RULED) == {}
    assert notice_to("C-1", 2, (), NoticeKind.INVITED, {}) is None


def reminder(kind: NoticeKind, until: str = "2026-03-12") -> PartyNotice:
    """Return a notice to two that names a last day."""
    made = notice_to("C-1", 4, ("r1", "r2"), kind, {"until": until})
    assert made is not None
    return made


def test_a_reminder_of_consent_is_for_who_is_still_silent() -> None:
    """It lapses with the step, and with another last day."""
    limit = datetime(2026, 3, 12, 15, 59, tzinfo=UTC)
    case = replace(CASE, step=Step.CONSENT, deadline=limit, consents=frozenset({"a1", "r1"}))
    lapsing = reminder(NoticeKind.CONSENT_LAPSING)
    assert still_told(case, lapsing) == {"r2"}
    assert still_told(replace(case, step=Step.MEDIATION), lapsing) == frozenset()
    assert still_told(case, reminder(NoticeKind.CONSENT_LAPSING, "2026-03-13")) == frozenset()
    decision = replace(case, step=Step.DECISION)
    assert still_told(decision, reminder(NoticeKind.DECISION_DUE)) == {"r1", "r2"}
    assert still_told(replace(decision, deadline=None), reminder(NoticeKind.DECISION_DUE)) == frozenset()


def test_a_payment_is_reminded_of_only_while_the_agreement_is_performed() -> None:
    """It may have waited for the morning."""
    values = {"line": "1", "due_on": "2026-06-20", "amount": "1.00"}
    due = notice_of("C-1", 3, "r1", NoticeKind.PAYMENT_DUE, values)
    assert still_told(replace(CASE, stage=Stage.PERFORMING), due) == {"r1"}
    for stage in (Stage.DEFAULTED, Stage.PERFORMED):
        assert still_told(replace(CASE, stage=stage), due) == frozenset()


def details(party_id: str, phone: str, *representatives: Representative) -> PartyDetails:
    """Return details with a number."""
    return PartyDetails(
        party_id=party_id,
        name="张试",
        id_number="1",
        phone=phone,
        address="x",
        representatives=representatives,
    )


def stands_by(kind: RepresentativeKind, phone: str | None, agent_id: str | None = None) -> Representative:
    """Return a representative with a number."""
    return Representative(kind=kind, name="李代", phone=phone, agent_id=agent_id)


def test_agents_and_heads_are_told_with_their_party_and_nobody_else() -> None:
    """Not a relative, not an agent whose mandate ended, not who has no mobile number."""
    (a1, r1, *rest) = CASE.parties
    agents = (Mandate(agent_id="g1", authority=Authority.GENERAL),)
    case = replace(CASE, parties=(a1, replace(r1, agents=agents), *rest))
    known = {
        "r1": details(
            "r1",
            "0593-2881234",
            stands_by(RepresentativeKind.AGENT, "13900000001", "g1"),
            stands_by(RepresentativeKind.AGENT, "13900000002", "g2"),
            stands_by(RepresentativeKind.RELATIVE, "13900000003"),
            stands_by(RepresentativeKind.LEGAL_REPRESENTATIVE, "13900000004"),
            stands_by(RepresentativeKind.PERSON_IN_CHARGE, None),
        ),
        "r2": details("r2", "13900000005"),
    }
    notice = notice_to("C-1", 2, ("r1", "r2"), NoticeKind.INVITED, {})
    assert notice is not None
    people = people_of(notice, case, known)
    assert people == {
        "r1": {"r1-g1": "13900000001", "r1-legal_representative": "13900000004"},
        "r2": {"r2": "13900000005"},
    }
    assert [notice.message_id(person) for person in ("r1", "r2", "r1-g1")] == [
        "C-1-N2-r1-invited",
        "C-1-N2-r1-invited-r2",
        "C-1-N2-r1-invited-r1-g1",
    ]


def test_what_an_agent_did_is_told_to_whom_it_acts_for_and_not_to_an_agent() -> None:
    """An entity's representative stands for it; whom only its agent could tell gets no message."""
    (a1, r1, *rest) = CASE.parties
    agents = (Mandate(agent_id="g1", authority=Authority.SPECIAL),)
    case = replace(CASE, parties=(a1, replace(r1, agents=agents), *rest))
    agent = stands_by(RepresentativeKind.AGENT, "13900000001", "g1")
    head = stands_by(RepresentativeKind.LEGAL_REPRESENTATIVE, "13900000004")
    notice = notice_of("C-1", 2, "r1", NoticeKind.AGENT_ACTED, {"act": "consent"})
    for known, expected in (
        (details("r1", "13900000005", agent), {"r1": "13900000005"}),
        (details("r1", "0593-2881234", agent, head), {"r1-legal_representative": "13900000004"}),
        (details("r1", "0593-2881234", agent), {}),
    ):
        assert people_of(notice, case, {"r1": known}) == {"r1": expected}


def test_a_code_goes_to_its_partys_own_number_only() -> None:
    """Whoever signs with it is the party."""
    code = notice_of(CASE.case_id, 1, "r1", NoticeKind.SIGNING_CODE, {"number": "1"})
    head = stands_by(RepresentativeKind.LEGAL_REPRESENTATIVE, "13900000004")
    known = {"r1": details("r1", "13900000001", head)}
    assert people_of(code, CASE, known) == {"r1": {"r1": "13900000001"}}


INVITED = notice_of("C-1", 2, "r1", NoticeKind.INVITED, {})


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis takes naive bounds and adds the zone
)
def test_nothing_is_sent_between_nine_in_the_evening_and_eight(at: datetime) -> None:
    """In China (UTC+8); what is held back is sent at eight, at most eleven hours later."""
    sent = sending_time(INVITED, at, QuietHours())
    clock = sent + timedelta(hours=8)
    assert 8 <= clock.hour < 21
    assert timedelta() <= sent - at <= timedelta(hours=11)
    assert sent == at or clock.time() == time(8)
    assert sending_time(INVITED, at, None) == at


@pytest.mark.parametrize("kind", ["signing_code", "act_recorded", "agent_acted", "details_corrected"])
def test_codes_and_acts_in_ones_name_are_told_at_night_too(kind: str) -> None:
    """Somebody waits for a code; an act that one did not do must be heard of at once."""
    night = datetime(2026, 3, 1, 18, tzinfo=UTC)
    about = {"act": "consent"}
    values = {"signing_code": {"number": "1"}, "act_recorded": about, "agent_acted": about}.get(kind, {})
    assert sending_time(notice_of("C-1", 2, "r1", NoticeKind(kind), values), night, QuietHours()) == night


@pytest.mark.parametrize(
    ("at", "hours"),
    [
        (datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC), 1 / 3600),  # 7:59:59
        (datetime(2026, 3, 2, 0, tzinfo=UTC), 0),  # 8:00
        (datetime(2026, 3, 2, 12, 59, 59, tzinfo=UTC), 0),  # 20:59:59
        (datetime(2026, 3, 2, 13, tzinfo=UTC), 11),  # 21:00
    ],
)
def test_the_quiet_hours_begin_at_nine_and_end_at_eight(at: datetime, hours: float) -> None:
    """8:00 in China is day, 21:00 is night."""
    assert sending_time(INVITED, at, QuietHours()) - at == timedelta(hours=hours)


def test_quiet_hours_may_be_within_a_day() -> None:
    """As of a court that lets people have their noon."""
    noon = QuietHours(begins=time(12), ends=time(14))
    assert sending_time(INVITED, datetime(2026, 3, 2, 5, tzinfo=UTC), noon).hour == 6
    assert sending_time(INVITED, datetime(2026, 3, 2, 6, tzinfo=UTC), noon).hour == 6


def test_a_reminder_waits_for_its_day_and_then_for_the_morning() -> None:
    """Its day begins at midnight, when nobody is told anything."""
    day = datetime(2026, 3, 9, 16, tzinfo=UTC)
    later = replace(INVITED, not_before=day)
    assert sending_time(later, day - timedelta(days=3), None) == day
    assert sending_time(later, day - timedelta(days=3), QuietHours()) == day + timedelta(hours=8)
    assert sending_time(later, day + timedelta(days=1, hours=9), None) == day + timedelta(days=1, hours=9)
