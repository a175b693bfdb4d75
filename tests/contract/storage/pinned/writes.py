"""What the stores are asked to do, and the golden items they then have to hold."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from chalicelib.capabilities.calls.store import calls
from chalicelib.domain.case import Case, Change
from chalicelib.domain.notices import Outcome
from chalicelib.domain.parties import PartyDetails
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from chalicelib.use_cases.records import Arrival, Due
from tests.contract.storage.pinned import agreements, applications, cases, debts, messages
from tests.contract.storage.pinned.desk import Desk


@dataclass(frozen=True)
class Write:
    """What a store is asked to do, the golden items it then has to hold, and those it starts from."""

    act: Callable[[Desk], object]
    items: tuple[str, ...]
    given: tuple[str, ...] = ()


def _arrive(desk: Desk, usual_next: Step | None = None) -> object:
    step = cases.CASE_IN_MEDIATION.step
    return desk.store.workflows.arrive(
        Arrival(case_id=cases.ID, generation=1, step=step, since=5, token="token-1", usual_next=usual_next)
    )


def _put_off(desk: Desk) -> object:
    work = Due(consumer="workflow", ids=(cases.ID,), at=cases.DUE)
    return desk.store.due.move([(work, replace(work, failures=2))])


def _use_code(desk: Desk) -> None:
    desk.store.codes.verify(cases.CASE_IN_MEDIATION, "r1", cases.AGREEMENT_SHA256, "396669", once=True)


def _issue(desk: Desk) -> object:
    return desk.store.codes.issue(cases.CASE_IN_MEDIATION, "r1", cases.AGREEMENT_SHA256, cases.DUE)


def _issue_again(desk: Desk) -> object:
    desk.clock.advance(seconds=61)
    return _issue(desk)


def _guess_five_times(desk: Desk) -> None:
    for _ in range(5):
        desk.guess("000000")


def _file(desk: Desk, details: tuple[PartyDetails, ...], case: Case = cases.CASE_FILED) -> object:
    change = Change(case=case, event=cases.EVENT_FILED)
    return desk.store.cases.add(change, details, cases.IDEMPOTENCY, cases.DUE)


def _add(callback: Any) -> Callable[[Desk], object]:
    return lambda desk: desk.store.callbacks.add(replace(callback, raw=messages.RAW), cases.DUE)


def _make_paper(desk: Desk) -> object:
    paper = messages.PAPER
    kept = paper.kept(cases.ID, made_by=Role.BORROWER, at=cases.LATER, party_id="r1", of="d0" * 32)
    return desk.papers.add(paper, kept)


def _make_report(desk: Desk) -> object:
    paper = messages.PAPER_OF_NOBODY
    return desk.papers.add(paper, paper.kept(cases.ID, made_by=Role.MEDIATOR, at=cases.AT))


def _give_three(desk: Desk) -> None:
    for number in range(3):
        case = replace(cases.CASE_IN_MEDIATION, case_id=f"C-{number}")
        desk.save(case, replace(cases.EVENT_CONSENT, case_id=case.case_id), messages.GIVEN)


WRITES: Final = {
    "a filing": Write(
        lambda desk: desk.file(),
        (
            "case.filed",
            "event.filed",
            "parties",
            "person",
            "idempotency",
            "open_claim",
            "contract.open",
            "key.bank",
            "workflow.first",
        ),
    ),
    "a filing of what was filed before": Write(
        lambda desk: _file(desk, cases.DETAILS, replace(cases.CASE_FILED, case_id="C-0002")),
        ("contract.filed_again", "idempotency.told"),
        given=("contract.over",),
    ),
    "a filing with a passport": Write(lambda desk: _file(desk, cases.DETAILS_FOREIGN), ("parties.foreign",)),
    "a filing with sex and day of birth": Write(
        lambda desk: _file(desk, cases.DETAILS_BORN), ("parties.born",)
    ),
    "a filing with what the forms ask": Write(
        lambda desk: _file(desk, cases.DETAILS_PARTICULAR), ("parties.particular",)
    ),
    "a number that was replaced": Write(
        lambda desk: _file(desk, cases.DETAILS_REPLACED), ("parties.replaced",)
    ),
    "every number that was replaced": Write(
        lambda desk: _file(desk, cases.DETAILS_REMEMBERED), ("parties.remembered",)
    ),
    "a filing that names a respondent's agents": Write(
        lambda desk: _file(desk, cases.DETAILS, cases.CASE_AGENT_NAMED), ("case.agent_named",)
    ),
    "a filing against a guarantor": Write(
        lambda desk: _file(desk, cases.DETAILS_LIABLE, cases.CASE_LIABLE), ("parties.liable", "case.liable")
    ),
    "a filing by an agent": Write(
        lambda desk: _file(desk, cases.DETAILS_REPRESENTED, cases.CASE_REPRESENTED),
        ("parties.represented", "case.represented"),
    ),
    "a case whose parties were changed": Write(
        lambda desk: _file(desk, cases.DETAILS, cases.CASE_CORRECTED), ("case.corrected",)
    ),
    "a filing with a loan": Write(lambda desk: desk.file(debts.DEBT_LOAN), ("debt.loan",)),
    "a filing with a plain loan": Write(lambda desk: desk.file(debts.DEBT_PLAIN), ("debt.plain",)),
    "a filing with a card": Write(lambda desk: desk.file(debts.DEBT_CARD), ("debt.card",)),
    "an arrival": Write(
        lambda desk: _arrive(desk, Step.DECISION), ("workflow.usual",), given=("workflow.first",)
    ),
    "an arrival of an earlier machine": Write(_arrive, ("workflow.arrived",), given=("workflow.usual",)),
    "an event": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION), ("case.in_mediation", "event.consent")
    ),
    "an event of an act": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION, act=cases.ACT), ("event.act",)
    ),
    "an event that leaves its case at its step": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION, before=cases.CASE_IN_MEDIATION), ("event.stays",)
    ),
    "an event of the court": Write(
        lambda desk: desk.save(cases.CASE_DOCKETED, cases.EVENT_RETURNED), ("event.returned",)
    ),
    "an event that changes nothing": Write(
        lambda desk: desk.save(cases.CASE_RECORDED, cases.EVENT_SALTED), ("case.recorded", "event.salted")
    ),
    "offers": Write(
        lambda desk: desk.save(
            replace(cases.CASE_FILED, version=2), cases.EVENT_CONSENT, agreements.SETTLEMENT_NEGOTIATED
        ),
        ("settlement.negotiated",),
    ),
    "an offer to two": Write(
        lambda desk: desk.save(
            replace(cases.CASE_FILED, version=2), cases.EVENT_CONSENT, agreements.SETTLEMENT_PARTED
        ),
        ("settlement.parted",),
    ),
    "payments during mediation": Write(
        lambda desk: desk.save(
            replace(cases.CASE_FILED, version=2), cases.EVENT_CONSENT, agreements.SETTLEMENT_RECEIVED
        ),
        ("settlement.received",),
    ),
    "payments before a suit": Write(
        lambda desk: desk.save(
            replace(cases.CASE_FILED, version=2), cases.EVENT_CONSENT, agreements.SETTLEMENT_SUED
        ),
        ("settlement.sued",),
    ),
    "an offer that deducts a payment": Write(
        lambda desk: desk.save(cases.CASE_DEDUCTED), ("case.deducted",), given=("workflow.arrived",)
    ),
    "a case of parties, each for itself": Write(
        lambda desk: desk.save(cases.CASE_PARTED), ("case.parted",), given=("workflow.arrived",)
    ),
    "a case's number": Write(lambda desk: desk.save(cases.CASE_NUMBERED), ("case.numbered", "case_number")),
    "a court's first number of a year": Write(
        lambda desk: desk.store.cases.next_number("court-jc", 2026), ("counter",)
    ),
    "a case that a court sent": Write(lambda desk: desk.save(cases.CASE_REFERRED), ("case.referred",)),
    "an interruption": Write(
        lambda desk: desk.save(cases.CASE_INTERRUPTED), ("case.interrupted", "work.accept_appointment")
    ),
    "a checked identity": Write(lambda desk: desk.save(cases.CASE_IDENTIFIED), ("case.identified",)),
    "an objection": Write(
        lambda desk: desk.save(cases.CASE_OBJECTED), ("case.objected", "work.decide_objection")
    ),
    "an act that is pending": Write(
        lambda desk: desk.save(cases.CASE_PENDING), ("case.pending", "work.confirm_act")
    ),
    "a refusal to sign": Write(
        lambda desk: desk.save(
            replace(cases.CASE_FILED, version=2), cases.EVENT_CONSENT, agreements.SETTLEMENT_REFUSED
        ),
        ("settlement.refused",),
    ),
    "an agreement in force": Write(
        lambda desk: desk.save(
            cases.CASE_CONFIRMED,
            cases.EVENT_CONSENT,
            agreements.SETTLEMENT_IN_FORCE,
            agreements.ACCOUNT,
            messages.NOTICE,
            follow_up_at=cases.LOOK_AFTER,
        ),
        (
            "case.confirmed",
            "settlement.in_force",
            "payee_account",
            "workflow.watched",
            "notice.owed",
            "key.bank",
        ),
        given=("workflow.arrived",),
    ),
    "an agreement whose last payment bounced": Write(
        lambda desk: desk.save(
            cases.CASE_REOPENED,
            cases.EVENT_CONSENT,
            before=replace(cases.CASE_REOPENED, stage=Stage.PERFORMED),
            follow_up_at=cases.LOOK_AFTER,
        ),
        ("case.reopened", "workflow.reopened"),
        given=("workflow.ended",),
    ),
    "a case at the court": Write(
        lambda desk: desk.save(cases.CASE_DOCKETED, cases.EVENT_CONSENT, messages.DISPATCH),
        ("case.docketed", "dispatch.owed", "transfer.owed", "contract.over"),
        given=("open_claim", "contract.open"),
    ),
    "a delivered dispatch": Write(
        lambda desk: desk.store.dispatches.delivered(cases.ID, "C-0001-D20"),
        ("dispatch.delivered",),
        given=("dispatch.owed",),
    ),
    "a delivered notice": Write(
        lambda desk: desk.store.notices.ended(messages.NOTICE, {"r1": Outcome.SENT}, (), cases.LATER),
        ("notice.delivered",),
        given=("notice.owed",),
    ),
    "a reminder to several": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION, cases.EVENT_CONSENT, messages.REMINDER),
        ("notice.reminder",),
    ),
    "a notice that the gateway refused": Write(
        lambda desk: desk.store.notices.failed(messages.NOTICE),
        ("notice.failed",),
        given=("notice.owed",),
    ),
    "a notice that reached nobody": Write(
        lambda desk: desk.store.notices.ended(
            messages.NOTICE, {"r1": Outcome.NOT_REACHABLE}, (messages.CALL,), cases.LATER
        ),
        ("notice.unreachable", "call", "work.ring"),
        given=("notice.owed",),
    ),
    "a call": Write(
        lambda desk: calls(desk.store).end("court-jc", messages.CALL.call_id, "clerk-1", cases.LATER),
        ("call_made",),
        given=("call",),
    ),
    "a deadline": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION, cases.EVENT_CONSENT, messages.DEADLINE),
        ("deadline.set",),
    ),
    "a reminder": Write(
        lambda desk: desk.store.deadlines.handled(messages.DEADLINE),
        ("deadline.reminded",),
        given=("deadline.set",),
    ),
    "a deadline's day": Write(
        lambda desk: desk.store.deadlines.handled(replace(messages.DEADLINE, reminded=True)),
        ("deadline.over",),
        given=("deadline.reminded",),
    ),
    "a fixed manifest": Write(
        lambda desk: desk.store.transfers.fix_manifest("C-0001-T2", messages.TRANSFER_FIXED.manifest or ()),
        ("transfer.fixed",),
        given=("transfer.owed",),
    ),
    "a restart": Write(
        lambda desk: desk.store.workflows.restart(cases.ID, 1, cases.DUE),
        ("workflow.restarted",),
        given=("workflow.arrived",),
    ),
    "a look that failed twice": Write(_put_off, ("workflow.put_off",), given=("workflow.arrived",)),
    "an end": Write(
        lambda desk: desk.store.workflows.end(cases.ID, 1), ("workflow.ended",), given=("workflow.arrived",)
    ),
    "a review": Write(_add(messages.REVIEW), ("callback.review", "key.court")),
    "a docketing": Write(_add(messages.DOCKETED), ("callback.docketed",)),
    "a refusal": Write(_add(messages.REFUSED), ("callback.refused",)),
    "a ruling": Write(_add(messages.RULED), ("callback.ruled",)),
    "a settled callback": Write(
        lambda desk: desk.store.callbacks.settle("court-jc#msg-1", "applied"),
        ("callback.settled",),
        given=("callback.review",),
    ),
    "a code": Write(_issue, ("code.first",)),
    "another code": Write(_issue_again, ("code.second",), given=("code.first",)),
    "five attempts": Write(_guess_five_times, ("code.spent",), given=("code.first", "key.bank")),
    "a party's paper": Write(_make_paper, ("document.of_a_party",)),
    "a report": Write(_make_report, ("document.of_nobody",)),
    "an enrolment": Write(
        lambda desk: desk.institutions.store(messages.ENROLMENT),
        ("institution", "institution_version"),
        given=("key.bank",),
    ),
    "an enrolment with tables": Write(
        lambda desk: desk.institutions.store(messages.ENROLMENT_WITH_TABLES),
        ("institution_version.with_tables",),
        given=("key.bank",),
    ),
    "a note": Write(
        lambda desk: desk.notes.add(cases.CASE_FILED, messages.NOTE, messages.NOTE_SALTS, messages.NOTE_KEY),
        ("note", "note_key", "talk", "talk_head"),
        given=("talk_head.before", "key.bank"),
    ),
    "a defence by an agent": Write(
        lambda desk: desk.defences.add(
            cases.CASE_FILED,
            messages.DEFENCE_OF_AN_AGENT,
            messages.DEFENCE_SALTS,
            messages.DEFENCE_KEY,
            cases.DUE,
        ),
        ("defence.of_an_agent",),
        given=("talk_head.before", "key.bank"),
    ),
    "a defence": Write(
        lambda desk: desk.defences.add(
            cases.CASE_FILED, messages.DEFENCE, messages.DEFENCE_SALTS, messages.DEFENCE_KEY, cases.DUE
        ),
        ("defence", "defence_key"),
        given=("talk_head.before", "key.bank"),
    ),
    "a question": Write(
        lambda desk: desk.guidance.add(
            cases.CASE_FILED, messages.ADVICE, messages.ADVICE_SALTS, messages.ADVICE_KEY, asks=True
        ),
        ("guidance", "guidance_key", "consultation.asked", "open_question"),
        given=("talk_head.before", "key.bank"),
    ),
    "consents to showing a draft": Write(
        lambda desk: desk.guidance.act(cases.ID, messages.DRAFT_CONSENT, messages.ADVICE_SALTS.entry),
        ("consultation.consented",),
        given=("talk_head.before", "consultation.asked"),
    ),
    "a judge who sees a draft": Write(
        lambda desk: desk.guidance.act(cases.ID, messages.DRAFT_SEEN, messages.ADVICE_SALTS.entry),
        ("consultation.seen",),
        given=("talk_head.before", "consultation.consented"),
    ),
    "a first reading": Write(lambda desk: desk.messages.shown(cases.ID, "mediator", 3), ("threads",)),
    "a mark": Write(
        lambda desk: desk.messages.act(cases.ID, messages.MARK, messages.MESSAGE_SALTS.entry),
        ("threads.marked",),
        given=("talk_head.before", "threads"),
    ),
    "a session": Write(
        lambda desk: desk.sessions.add(
            cases.CASE_FILED,
            messages.MEDIATION_SESSION,
            messages.SESSION_ACT,
            messages.SESSION_SALT,
            messages.SESSION_KEY,
            cases.DUE,
        ),
        ("session", "session_key", "held.mediator", "held.room"),
        given=("talk_head.before",),
    ),
    "the minutes of a session": Write(
        lambda desk: desk.sessions.act(
            cases.CASE_FILED,
            messages.MEDIATION_SESSION.session_id,
            messages.SESSION_DRAFT,
            messages.SESSION_SALT,
            cases.DUE,
            messages.SESSION_MINUTES,
        ),
        ("session.drafted", "minutes"),
        given=("talk_head.before", "key.bank", "session.attended"),
    ),
    "who attended a session": Write(
        lambda desk: desk.sessions.act(
            cases.CASE_FILED,
            messages.MEDIATION_SESSION.session_id,
            messages.SESSION_ATTENDING,
            messages.SESSION_SALT,
            cases.DUE,
        ),
        ("session.attended",),
        given=("talk_head.before", "session"),
    ),
    "a session moved to another way of meeting": Write(
        lambda desk: desk.sessions.act(
            cases.CASE_FILED,
            messages.MEDIATION_SESSION.session_id,
            messages.SESSION_MOVING,
            messages.SESSION_SALT,
            cases.DUE,
        ),
        ("session.by_video",),
        given=("talk_head.before", "session"),
    ),
    "a signature on paper confirmed": Write(
        lambda desk: desk.sessions.act(
            cases.CASE_FILED,
            messages.MEDIATION_SESSION.session_id,
            messages.SESSION_CONFIRMING,
            messages.SESSION_SALT,
            cases.DUE,
        ),
        ("session.confirmed",),
        given=("talk_head.before", "session.signed"),
    ),
    "a signature under the minutes": Write(
        lambda desk: desk.sessions.act(
            cases.CASE_FILED,
            messages.MEDIATION_SESSION.session_id,
            messages.SESSION_SIGNING,
            messages.SESSION_SALT,
            cases.DUE,
        ),
        ("session.signed",),
        given=("talk_head.before", "session.drafted"),
    ),
    "a message": Write(
        lambda desk: desk.messages.add(
            cases.CASE_FILED, messages.MESSAGE, messages.MESSAGE_SALTS, messages.MESSAGE_KEY, cases.DUE
        ),
        ("message", "message_key", "threads.written"),
        given=("talk_head.before", "key.bank", "threads.marked"),
    ),
    "a look": Write(
        lambda desk: desk.looks.add(cases.CASE_FILED, messages.LOOK, messages.LOOK_SALTS),
        ("look", "look_of_day", "talk.look"),
        given=("talk_head.before",),
    ),
    "somebody new on the roster": Write(
        lambda desk: desk.roster.add(messages.PERSON_ENTERED), ("roster.entered", "roster_version")
    ),
    "a profile": Write(
        lambda desk: desk.roster.add(messages.PERSON_WIDENED), ("roster.widened",), given=("roster.entered",)
    ),
    "cases given": Write(_give_three, ("load",)),
    "why somebody was appointed": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION, cases.EVENT_CONSENT, messages.WHY), ("appointed",)
    ),
    "that a link was waived": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION, cases.EVENT_CONSENT, messages.WHY_WAIVED),
        ("appointed.linked",),
    ),
    "what a relation to the case consists in": Write(
        lambda desk: desk.save(cases.CASE_IN_MEDIATION, cases.EVENT_CONSENT, messages.DISCLOSED),
        ("disclosed",),
        given=("key.bank",),
    ),
    "a relation to the case": Write(lambda desk: desk.save(cases.CASE_DISCLOSED), ("case.disclosed",)),
    "an appointment for which it is too early": Write(
        lambda desk: desk.save(replace(cases.CASE_DISCLOSED, stage=Stage.SCREENED, mediator_id=None)),
        ("work.appoint_mediator",),
    ),
    "a suspension": Write(
        lambda desk: desk.roster.add(messages.PERSON_SUSPENDED),
        ("roster.suspended",),
        given=("roster.entered",),
    ),
    "a policy with conditions": Write(
        lambda desk: desk.store.policies.publish(agreements.POLICY_LIMITED), ("policy.limited",)
    ),
    "a policy without": Write(
        lambda desk: desk.store.policies.publish(agreements.POLICY_OPEN), ("policy.open",)
    ),
    "a code on paper": Write(
        lambda desk: desk.store.codes.on_paper(cases.CASE_IN_MEDIATION, "r1.paper", cases.AGREEMENT_SHA256),
        ("code.paper",),
    ),
    "a code that was used": Write(_use_code, ("code.used",), given=("code.first", "key.bank")),
    "a message's link": Write(
        lambda desk: desk.links.for_message(cases.CASE_FILED, "r1", "r1", messages.LINK_MESSAGE),
        ("link.message",),
        given=("key.bank",),
    ),
    "a link on paper": Write(
        lambda desk: desk.links.issue(
            cases.CASE_FILED, messages.LINK_ISSUED, messages.LINK_SALT, messages.LINK_KEY, cases.DUE
        ),
        ("link.paper", "link_act.issued", "link_key"),
        given=("key.bank",),
    ),
    "links that were revoked": Write(
        lambda desk: desk.links.revoke(cases.CASE_FILED, messages.LINKS_REVOKED, messages.LINK_SALT),
        ("links_revoked", "link_act.revoked"),
    ),
    "an application": Write(
        lambda desk: desk.applications.add(applications.FIRST, applications.KEY, cases.DUE),
        (
            "application.received",
            "court_application.open",
            "applicant",
            "application_figures.received",
            "application_key",
        ),
        given=("key.court",),
    ),
    "an application of which a bank is asked": Write(
        lambda desk: desk.applications.save(applications.TAKEN_UP, cases.DUE),
        ("application.asked", "asked_application", "court_application.asked", "application_figures.taken_up"),
        given=("application.received", "application_figures.received"),
    ),
    "an application that has ended": Write(
        lambda desk: desk.applications.save(applications.WITHDRAWN, cases.DUE),
        ("application.withdrawn", "court_application.ended", "applicant.over"),
        given=("application.asked",),
    ),
    "an application with every field": Write(
        lambda desk: desk.applications.save(applications.FILLED, cases.DUE),
        ("application.full",),
        given=("application.asked", "key.court"),
    ),
    "a number of an application": Write(
        lambda desk: desk.applications.next_number("court-jc", 2026), ("application_counter",)
    ),
    "an applicant's phone": Write(
        lambda desk: desk.applications.keep_phone(applications.VISITOR), ("applicant_phone", "key.applicants")
    ),
    "an applicant's pass": Write(
        lambda desk: desk.applications.open_visit(applications.VISITOR, applications.TOKEN), ("visit",)
    ),
    "a code that a source asks for": Write(
        lambda desk: desk.applications.count_source("192.0.2.1"), ("source",)
    ),
    "a session that was ended": Write(
        lambda desk: desk.store.ended_sessions.end(messages.SESSION, 1_780_329_600), ("ended_session",)
    ),
    "an open circuit": Write(
        lambda desk: desk.circuits.put("court-jc", messages.CIRCUIT_OPEN), ("circuit.open",)
    ),
    "a closed circuit": Write(
        lambda desk: desk.circuits.put("court-jc", messages.CIRCUIT_CLOSED),
        ("circuit.closed",),
        given=("circuit.open",),
    ),
}
NOT_WRITTEN_ANY_MORE: Final = {"case.earliest", "talk_head.before"}
"""Items as an earlier release wrote them; they are only read."""
