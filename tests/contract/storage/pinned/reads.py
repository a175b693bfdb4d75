"""What each golden item means, and how a store reads it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import pytest

from chalicelib.adapters.dynamo import contracts
from chalicelib.capabilities.calls.store import calls
from chalicelib.capabilities.defences.service import Stated
from chalicelib.capabilities.guidance.service import Added as Advised
from chalicelib.capabilities.notes.service import Added
from chalicelib.capabilities.sessions.service import Scheduled
from chalicelib.capabilities.talks.service import Added as Sent
from chalicelib.capabilities.worklists.store import work_lists
from chalicelib.domain.agreement.errors import CodesExhausted
from chalicelib.domain.case import Change
from chalicelib.domain.contract_filings import ContractFilings
from chalicelib.domain.errors import DuplicateFiling, RuleViolated
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import Head
from chalicelib.domain.work import Owner
from tests.contract.storage.pinned import agreements, applications, cases, debts, messages
from tests.contract.storage.pinned.desk import Desk


@dataclass(frozen=True)
class Read:
    """What a golden item means, how a store reads it, and which other items that takes."""

    value: object
    read: Callable[[Desk], object]
    given: tuple[str, ...] = ()


def _case(desk: Desk) -> object:
    return desk.store.cases.get(cases.ID)


def _event(sequence: int) -> Callable[[Desk], object]:
    return lambda desk: desk.store.cases.events(cases.ID, sequence - 1, 1)[0]


def _settlement(desk: Desk) -> object:
    return desk.store.settlements.get(cases.CASE_FILED)


def _debt(desk: Desk) -> object:
    return desk.store.debts.get(cases.ID)


def _workflow(desk: Desk) -> object:
    return desk.store.workflows.get(cases.ID)


def _deadline(desk: Desk) -> object:
    return desk.store.deadlines.get(cases.ID, "evidence")


def _work_of_the_centre(desk: Desk) -> object:
    (work,) = work_lists(desk.store).page(Owner(role=Role.CENTRE, court_id="court-jc"), None, 9).works
    return work


def _work_of_a_mediator(desk: Desk) -> object:
    mediator = Owner(role=Role.MEDIATOR, court_id="court-jc", person_id="m-1")
    (work,) = work_lists(desk.store).page(mediator, None, 9).works
    return work


def _callback(number: int) -> Callable[[Desk], object]:
    def read(desk: Desk) -> object:
        callback = desk.store.callbacks.get(f"court-jc#msg-{number}")
        return callback and replace(callback, raw=desk.store.callbacks.raw(callback.callback_id))

    return read


def _duplicate(desk: Desk) -> object:
    change = Change(case=cases.CASE_FILED, event=cases.EVENT_FILED)
    with pytest.raises(DuplicateFiling) as refused:
        desk.store.cases.add(change, cases.DETAILS, replace(cases.IDEMPOTENCY, key="key-2"), cases.DUE)
    return refused.value.existing_case_id


def _contract(desk: Desk) -> object:
    item = desk.raw.item("CONTRACT#bank-1#LOAN%231", "FILINGS")
    return contracts.seen(item).filings


def _note_again(desk: Desk) -> object:
    return desk.notes.add(cases.CASE_FILED, messages.NOTE, messages.NOTE_SALTS, messages.NOTE_KEY)


def _defence_again(desk: Desk) -> object:
    return desk.defences.add(
        cases.CASE_FILED, messages.DEFENCE, messages.DEFENCE_SALTS, messages.DEFENCE_KEY, cases.DUE
    )


def _known(desk: Desk) -> object:
    known = desk.roll.read("bank-1")
    return known and (known.institution, known.accounts())


def _replay(desk: Desk) -> object:
    return desk.store.cases.add(
        Change(case=cases.CASE_FILED, event=cases.EVENT_FILED), cases.DETAILS, cases.IDEMPOTENCY, cases.DUE
    )


def _code(number: int) -> Callable[[Desk], object]:
    return lambda desk: desk.store.codes.code_of(cases.CASE_IN_MEDIATION, "r1", number)


def _paper_code(desk: Desk) -> object:
    return desk.store.codes.on_paper(cases.CASE_IN_MEDIATION, "r1.paper", cases.AGREEMENT_SHA256)


def _link(desk: Desk, token: str) -> object:
    link = desk.links.find(token)
    return link and (link.case_id, link.person_id, link.paper)


def _in_court(desk: Desk, shelf: str) -> object:
    return desk.applications.of_court("court-jc", shelf, None, 10).applications


def _figures(desk: Desk) -> object:
    return desk.applications.figures("court-jc", "2026-03")


def _link_again(desk: Desk) -> object:
    return desk.links.issue(
        cases.CASE_FILED, messages.LINK_ISSUED, messages.LINK_SALT, messages.LINK_KEY, cases.DUE
    ).token


def _spent(desk: Desk) -> object:
    with pytest.raises(CodesExhausted):
        desk.store.codes.verify(cases.CASE_IN_MEDIATION, "r1", cases.AGREEMENT_SHA256, "396669")
    return "exhausted"


def _publication(desk: Desk) -> object:
    return desk.store.policies.publications("bank-1")[0]


def _session_again(desk: Desk) -> object:
    return desk.sessions.add(
        cases.CASE_FILED,
        messages.MEDIATION_SESSION,
        messages.SESSION_ACT,
        messages.SESSION_SALT,
        messages.SESSION_KEY,
        cases.DUE,
    )


def _session_refused(desk: Desk) -> str:
    other = replace(messages.MEDIATION_SESSION, session_id="7e" * 16)
    try:
        desk.sessions.add(
            cases.CASE_FILED, other, messages.SESSION_ACT, "aa" * 16, messages.SESSION_KEY, cases.DUE
        )
    except RuleViolated as refused:
        return refused.rule
    return "not refused"


READS: Final = {
    "case.filed": Read(cases.CASE_FILED, _case),
    "case.in_mediation": Read(cases.CASE_IN_MEDIATION, _case),
    "case.recorded": Read(cases.CASE_RECORDED, _case),
    "case.confirmed": Read(cases.CASE_CONFIRMED, _case),
    "case.objected": Read(cases.CASE_OBJECTED, _case),
    "case.identified": Read(cases.CASE_IDENTIFIED, _case),
    "case.interrupted": Read(cases.CASE_INTERRUPTED, _case),
    "case.pending": Read(cases.CASE_PENDING, _case),
    "case.referred": Read(cases.CASE_REFERRED, _case),
    "case.parted": Read(cases.CASE_PARTED, _case),
    "case.deducted": Read(cases.CASE_DEDUCTED, _case),
    "case.reopened": Read(cases.CASE_REOPENED, _case),
    "case.docketed": Read(cases.CASE_DOCKETED, _case),
    "case.earliest": Read(cases.CASE_EARLIEST, _case),
    "event.filed": Read(cases.EVENT_FILED, _event(1)),
    "event.consent": Read(cases.EVENT_CONSENT, _event(2)),
    "event.act": Read(
        (cases.EVENT_CONSENT, True, False),
        lambda desk: (
            _event(2)(desk),
            desk.store.cases.carried_out(cases.CASE_IN_MEDIATION, cases.ACT),
            desk.store.cases.carried_out(cases.CASE_IN_MEDIATION, b"another"),
        ),
        ("key.bank",),
    ),
    "event.stays": Read(cases.EVENT_CONSENT, _event(2)),
    "event.returned": Read(cases.EVENT_RETURNED, _event(3)),
    "event.salted": Read(cases.EVENT_SALTED, _event(4)),
    "parties": Read(cases.DETAILS, lambda desk: desk.store.cases.details(cases.CASE_FILED), ("key.bank",)),
    "parties.foreign": Read(
        cases.DETAILS_FOREIGN, lambda desk: desk.store.cases.details(cases.CASE_FILED), ("key.bank",)
    ),
    "parties.born": Read(
        cases.DETAILS_BORN, lambda desk: desk.store.cases.details(cases.CASE_FILED), ("key.bank",)
    ),
    "parties.particular": Read(
        cases.DETAILS_PARTICULAR, lambda desk: desk.store.cases.details(cases.CASE_FILED), ("key.bank",)
    ),
    "parties.replaced": Read(
        cases.DETAILS_REPLACED, lambda desk: desk.store.cases.details(cases.CASE_FILED), ("key.bank",)
    ),
    "parties.remembered": Read(
        cases.DETAILS_REMEMBERED, lambda desk: desk.store.cases.details(cases.CASE_FILED), ("key.bank",)
    ),
    "parties.liable": Read(
        cases.DETAILS_LIABLE, lambda desk: desk.store.cases.details(cases.CASE_LIABLE), ("key.bank",)
    ),
    "case.numbered": Read(cases.CASE_NUMBERED, _case),
    "case_number": Read((cases.ID,), lambda desk: desk.store.cases.find_by_number("蕉调(2026)第123号")),
    "counter": Read(2, lambda desk: desk.store.cases.next_number("court-jc", 2026)),
    "case.liable": Read(cases.CASE_LIABLE, _case),
    "parties.represented": Read(
        cases.DETAILS_REPRESENTED,
        lambda desk: desk.store.cases.details(cases.CASE_REPRESENTED),
        ("key.bank",),
    ),
    "case.corrected": Read(cases.CASE_CORRECTED, _case),
    "case.agent_named": Read(cases.CASE_AGENT_NAMED, _case),
    "case.represented": Read(cases.CASE_REPRESENTED, _case),
    "person": Read(
        (cases.ID,),
        lambda desk: desk.store.cases.find_by_id_number("bank-1", "11010519491231002x"),
        ("key.bank",),
    ),
    "idempotency": Read(replace(cases.FILED, replayed=True), _replay),
    "idempotency.told": Read(replace(cases.FILED_AGAIN, replayed=True), _replay),
    "open_claim": Read(cases.ID, _duplicate),
    "contract.open": Read(ContractFilings(open=frozenset({cases.CLAIMED})), _contract),
    "contract.over": Read(ContractFilings(ended=frozenset({cases.CLAIMED})), _contract),
    "contract.filed_again": Read(
        ContractFilings(frozenset({replace(cases.CLAIMED, case_id="C-0002")}), frozenset({cases.CLAIMED})),
        _contract,
    ),
    "key.bank": Read(
        (cases.ID,),
        lambda desk: desk.store.cases.find_by_id_number("bank-1", "11010519491231002X"),
        ("person",),
    ),
    "key.court": Read(
        messages.RAW, lambda desk: desk.store.callbacks.raw("court-jc#msg-1"), ("callback.review",)
    ),
    "settlement.negotiated": Read(agreements.SETTLEMENT_NEGOTIATED, _settlement),
    "settlement.received": Read(agreements.SETTLEMENT_RECEIVED, _settlement),
    "settlement.sued": Read(agreements.SETTLEMENT_SUED, _settlement),
    "settlement.parted": Read(agreements.SETTLEMENT_PARTED, _settlement),
    "settlement.refused": Read(agreements.SETTLEMENT_REFUSED, _settlement),
    "settlement.in_force": Read(
        agreements.SETTLEMENT_IN_FORCE, lambda desk: desk.store.settlements.get(cases.CASE_CONFIRMED)
    ),
    "payee_account": Read(
        agreements.ACCOUNT, lambda desk: desk.store.settlements.account(cases.CASE_CONFIRMED), ("key.bank",)
    ),
    "debt.loan": Read(debts.DEBT_LOAN, _debt),
    "debt.plain": Read(debts.DEBT_PLAIN, _debt),
    "debt.card": Read(debts.DEBT_CARD, _debt),
    "workflow.first": Read(messages.WORKFLOW_FIRST, _workflow),
    "workflow.usual": Read(messages.WORKFLOW_USUAL, _workflow),
    "workflow.arrived": Read(messages.WORKFLOW_ARRIVED, _workflow),
    "workflow.put_off": Read(messages.WORKFLOW_ARRIVED, _workflow),
    "workflow.watched": Read(messages.WORKFLOW_ARRIVED, _workflow),
    "workflow.restarted": Read(messages.WORKFLOW_RESTARTED, _workflow),
    "workflow.reopened": Read(messages.WORKFLOW_ARRIVED, _workflow),
    "workflow.ended": Read(messages.WORKFLOW_ARRIVED, _workflow),
    "deadline.set": Read(messages.DEADLINE, _deadline),
    "deadline.reminded": Read(replace(messages.DEADLINE, reminded=True), _deadline),
    "deadline.over": Read(None, _deadline),
    "dispatch.owed": Read(messages.DISPATCH, lambda desk: desk.store.dispatches.get(cases.ID, "C-0001-D20")),
    "dispatch.delivered": Read(None, lambda desk: desk.store.dispatches.get(cases.ID, "C-0001-D20")),
    "transfer.owed": Read(messages.TRANSFER_OWED, lambda desk: desk.store.transfers.get("C-0001-T2")),
    "transfer.fixed": Read(messages.TRANSFER_FIXED, lambda desk: desk.store.transfers.get("C-0001-T2")),
    "notice.owed": Read(
        messages.NOTICE, lambda desk: desk.store.notices.get(cases.ID, "C-0001-N14-r1-payment_due-2")
    ),
    "notice.reminder": Read(
        messages.REMINDER, lambda desk: desk.store.notices.get(cases.ID, "C-0001-N6-r1-consent_lapsing")
    ),
    "notice.failed": Read(
        messages.NOTICE, lambda desk: desk.store.notices.get(cases.ID, "C-0001-N14-r1-payment_due-2")
    ),
    "notice.unreachable": Read(
        None, lambda desk: desk.store.notices.get(cases.ID, "C-0001-N14-r1-payment_due-2")
    ),
    "work.decide_objection": Read(messages.OBJECTION_TO_DECIDE, _work_of_the_centre),
    "work.appoint_mediator": Read(messages.MEDIATOR_TO_APPOINT, _work_of_the_centre),
    "work.confirm_act": Read(messages.ACT_TO_CONFIRM, _work_of_the_centre),
    "work.accept_appointment": Read(messages.APPOINTMENT_TO_ACCEPT, _work_of_a_mediator),
    "work.ring": Read(messages.SOMEBODY_TO_RING, _work_of_the_centre),
    "call": Read((messages.CALL,), lambda desk: calls(desk.store).page("court-jc", None, 9).calls),
    "call_made": Read((), lambda desk: calls(desk.store).page("court-jc", None, 9).calls),
    "notice.delivered": Read(
        None, lambda desk: desk.store.notices.get(cases.ID, "C-0001-N14-r1-payment_due-2")
    ),
    "callback.review": Read(replace(messages.REVIEW, raw=messages.RAW), _callback(1), ("key.court",)),
    "callback.docketed": Read(replace(messages.DOCKETED, raw=messages.RAW), _callback(2), ("key.court",)),
    "callback.refused": Read(replace(messages.REFUSED, raw=messages.RAW), _callback(3), ("key.court",)),
    "callback.ruled": Read(replace(messages.RULED, raw=messages.RAW), _callback(4), ("key.court",)),
    "callback.settled": Read(None, _callback(1), ("key.court",)),
    "code.first": Read("396669", _code(1), ("key.bank",)),
    "code.second": Read("150269", _code(2), ("key.bank",)),
    "code.paper": Read("244030", _paper_code, ("key.bank",)),
    "code.used": Read("exhausted", _spent, ("key.bank",)),
    "code.spent": Read("exhausted", _spent, ("key.bank",)),
    "document.of_a_party": Read(messages.STORED_PAPER, lambda desk: desk.papers.list(cases.ID)[0]),
    "document.of_nobody": Read(messages.STORED_REPORT, lambda desk: desk.papers.list(cases.ID)[0]),
    "note": Read(messages.NOTE, lambda desk: desk.notes.page(cases.CASE_FILED, 3, 1).notes[0], ("key.bank",)),
    "look": Read((messages.LOOK,), lambda desk: desk.looks.at_case(cases.ID, None, 10).looks),
    "look_of_day": Read(
        (messages.LOOK,), lambda desk: desk.looks.of_day("court-jc", date(2026, 3, 2), None, 10).looks
    ),
    "talk.look": Read(
        ("look", "mediator-1", messages.LOOK.look_id),
        lambda desk: next(
            (each.kind, each.subject, each.data["look_id"]) for each in desk.store.talk.entries(cases.ID)
        ),
    ),
    "defence.of_an_agent": Read(
        messages.DEFENCE_OF_AN_AGENT,
        lambda desk: desk.defences.page(cases.CASE_FILED, 3, 1).defences[0],
        ("key.bank",),
    ),
    "defence": Read(
        messages.DEFENCE, lambda desk: desk.defences.page(cases.CASE_FILED, 3, 1).defences[0], ("key.bank",)
    ),
    "defence_key": Read(
        Stated(defence=messages.DEFENCE, replayed=True), _defence_again, ("defence", "key.bank", "talk_head")
    ),
    "guidance": Read(
        {4: messages.ADVICE}, lambda desk: desk.guidance.page(cases.CASE_FILED, 3, 1).entries, ("key.bank",)
    ),
    "guidance_key": Read(
        Advised(advice=messages.ADVICE, replayed=True),
        lambda desk: desk.guidance.add(
            cases.CASE_FILED, messages.ADVICE, messages.ADVICE_SALTS, messages.ADVICE_KEY, asks=True
        ),
        ("guidance", "key.bank", "talk_head"),
    ),
    "consultation.asked": Read(messages.ASKED, lambda desk: desk.guidance.consultation(cases.ID)),
    "consultation.consented": Read(messages.CONSENTED, lambda desk: desk.guidance.consultation(cases.ID)),
    "consultation.seen": Read(messages.SEEN, lambda desk: desk.guidance.consultation(cases.ID)),
    "open_question": Read(
        (messages.QUESTION,), lambda desk: desk.guidance.questions("court-jc", None, 10).questions
    ),
    "session": Read(
        messages.MEDIATION_SESSION,
        lambda desk: desk.sessions.get(cases.ID, messages.MEDIATION_SESSION.session_id),
    ),
    "session.attended": Read(
        messages.SESSION_ATTENDED,
        lambda desk: desk.sessions.get(cases.ID, messages.MEDIATION_SESSION.session_id),
    ),
    "session.drafted": Read(
        messages.SESSION_DRAFTED,
        lambda desk: desk.sessions.get(cases.ID, messages.MEDIATION_SESSION.session_id),
    ),
    "session.by_video": Read(
        messages.SESSION_BY_VIDEO,
        lambda desk: desk.sessions.get(cases.ID, messages.MEDIATION_SESSION.session_id),
    ),
    "session.confirmed": Read(
        messages.SESSION_CONFIRMED,
        lambda desk: desk.sessions.get(cases.ID, messages.MEDIATION_SESSION.session_id),
    ),
    "session.signed": Read(messages.SESSION_SIGNED, lambda desk: desk.sessions.all_of(cases.ID)[0]),
    "minutes": Read(
        messages.SESSION_MINUTES,
        lambda desk: desk.sessions.minutes(cases.CASE_FILED, messages.MEDIATION_SESSION.session_id),
        ("key.bank",),
    ),
    "session_key": Read(
        Scheduled(session=messages.MEDIATION_SESSION, replayed=True), _session_again, ("session", "talk_head")
    ),
    "held.mediator": Read("mediator_free", _session_refused),
    "held.room": Read("room_free", _session_refused),
    "message": Read(
        {4: messages.MESSAGE}, lambda desk: desk.messages.page(cases.CASE_FILED, 3, 1).messages, ("key.bank",)
    ),
    "message_key": Read(
        Sent(message=messages.MESSAGE, replayed=True),
        lambda desk: desk.messages.add(
            cases.CASE_FILED, messages.MESSAGE, messages.MESSAGE_SALTS, messages.MESSAGE_KEY, cases.DUE
        ),
        ("message", "key.bank", "talk_head"),
    ),
    "threads": Read(messages.THREADS, lambda desk: desk.messages.threads(cases.ID)),
    "threads.marked": Read(messages.THREADS_MARKED, lambda desk: desk.messages.threads(cases.ID)),
    "threads.written": Read(messages.THREADS_WRITTEN, lambda desk: desk.messages.threads(cases.ID)),
    "note_key": Read(
        Added(note=messages.NOTE, replayed=True), _note_again, ("note", "key.bank", "talk_head")
    ),
    "institution": Read(
        (messages.ENROLMENT.institution, messages.ENROLMENT.private.accounts), _known, ("key.bank",)
    ),
    "institution_version.with_tables": Read(
        (messages.ENROLMENT_WITH_TABLES,), lambda desk: desk.institutions.versions("bank-1"), ("key.bank",)
    ),
    "institution_version": Read(
        (messages.ENROLMENT,), lambda desk: desk.institutions.versions("bank-1"), ("key.bank",)
    ),
    "roster.entered": Read(
        {("court-jc", "m-1"): messages.PERSON_ENTERED}, lambda desk: desk.roster.find([("court-jc", "m-1")])
    ),
    "roster.suspended": Read(
        {("court-jc", "m-1"): messages.PERSON_SUSPENDED}, lambda desk: desk.roster.find([("court-jc", "m-1")])
    ),
    "roster.widened": Read(
        (messages.PERSON_WIDENED,), lambda desk: tuple(desk.roster.find([("court-jc", "m-1")]).values())
    ),
    "load": Read((messages.CANDIDATE,), lambda desk: desk.roster.candidates("court-jc"), ("roster.entered",)),
    "appointed": Read((messages.WHY,), lambda desk: desk.roster.appointed("C-0001")),
    "appointed.linked": Read((messages.WHY_WAIVED,), lambda desk: desk.roster.appointed("C-0001")),
    "disclosed": Read((messages.DISCLOSED,), lambda desk: desk.roster.facts(cases.CASE_FILED), ("key.bank",)),
    "case.disclosed": Read(cases.CASE_DISCLOSED, _case),
    "roster_version": Read((messages.PERSON_ENTERED,), lambda desk: desk.roster.versions("court-jc", "m-1")),
    "talk": Read((messages.TALK,), lambda desk: desk.store.talk.entries(cases.ID)),
    "talk_head": Read(Head(4, messages.TALK.hash), lambda desk: desk.store.talk.head(cases.ID)),
    "talk_head.before": Read(Head(3, messages.TALK.previous), lambda desk: desk.store.talk.head(cases.ID)),
    "policy.limited": Read(agreements.POLICY_LIMITED, _publication),
    "policy.open": Read(agreements.POLICY_OPEN, _publication),
    "circuit.open": Read(messages.CIRCUIT_OPEN, lambda desk: desk.circuits.get("court-jc")),
    "circuit.closed": Read(messages.CIRCUIT_CLOSED, lambda desk: desk.circuits.get("court-jc")),
    "link.message": Read(
        ("C-0001", "r1", False), lambda desk: _link(desk, messages.LINK_TOKEN), ("key.bank",)
    ),
    "link.paper": Read(
        ("C-0001", "r1", True), lambda desk: _link(desk, messages.LINK_ON_PAPER), ("key.bank",)
    ),
    "links_revoked": Read(
        None, lambda desk: desk.links.find(messages.LINK_TOKEN), ("link.message", "key.bank")
    ),
    "link_act.issued": Read((messages.LINK_ISSUED,), lambda desk: desk.links.acts(cases.ID)),
    "link_act.revoked": Read((messages.LINKS_REVOKED,), lambda desk: desk.links.acts(cases.ID)),
    "link_key": Read(messages.LINK_ON_PAPER, _link_again, ("link.paper", "link_act.issued", "key.bank")),
    "application.received": Read(
        (applications.RECEIVED, applications.CONTENT),
        lambda desk: desk.applications.find(applications.ID),
        ("key.court",),
    ),
    "application.asked": Read(
        (applications.ASKED, applications.CONTENT),
        lambda desk: desk.applications.find(applications.ID),
        ("key.court",),
    ),
    "application.withdrawn": Read(
        (applications.OVER, applications.CONTENT),
        lambda desk: desk.applications.find(applications.ID),
        ("key.court",),
    ),
    "application.full": Read(
        (applications.FULL, applications.FULL_CONTENT),
        lambda desk: desk.applications.find(applications.ID),
        ("key.court",),
    ),
    "court_application.open": Read((applications.RECEIVED,), lambda desk: _in_court(desk, "open")),
    "court_application.asked": Read((applications.ASKED,), lambda desk: _in_court(desk, "open")),
    "court_application.ended": Read((applications.OVER,), lambda desk: _in_court(desk, "ended")),
    "asked_application": Read(
        (applications.ASKED,),
        lambda desk: desk.applications.of_institution("bank-1", None, 10).applications,
    ),
    "applicant": Read(
        ((applications.RECEIVED, applications.CONTENT),),
        lambda desk: desk.applications.of_visitor(applications.MARK),
        ("application.received", "key.court"),
    ),
    "applicant.over": Read(
        ((applications.OVER, applications.CONTENT),),
        lambda desk: desk.applications.of_visitor(applications.MARK),
        ("application.withdrawn", "key.court"),
    ),
    "application_figures.received": Read({"received": 1}, _figures),
    "application_figures.taken_up": Read({"received": 1, "taken_up": 1}, _figures),
    "application_counter": Read(2, lambda desk: desk.applications.next_number("court-jc", 2026)),
    "application_key": Read(
        (applications.RECEIVED, True),
        lambda desk: desk.applications.add(applications.FIRST, applications.KEY, cases.DUE),
        ("application.received", "key.court"),
    ),
    "applicant_phone": Read(
        "13800001234", lambda desk: desk.applications.phone_of(applications.MARK), ("key.applicants",)
    ),
    "visit": Read(
        applications.VISITOR, lambda desk: desk.applications.visitor(applications.TOKEN), ("key.applicants",)
    ),
    "source": Read(True, lambda desk: desk.applications.count_source("192.0.2.1"), ("key.applicants",)),
    "key.applicants": Read(
        applications.VISITOR, lambda desk: desk.applications.visitor(applications.TOKEN), ("visit",)
    ),
    "ended_session": Read(True, lambda desk: desk.store.ended_sessions.ended(messages.SESSION)),
}
"""By the name of the golden item: the record's name and, after a dot, which of several."""
