"""Watch an agreement in force: remind of payments and of the confirmation window, declare a default.

An application that was held for the days to object leaves when they are over. If the court has not ruled on
it in time, it gets the same one again.

The due index makes a case due on its next day. If a day was missed, a default is found at the next look, but
that day's reminders are not sent. When the time after a default ends, the step expires.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import last_day, ruling_overdue, window_reminders
from chalicelib.domain.agreement.default import declare_default, line_in_default
from chalicelib.domain.agreement.position import position
from chalicelib.domain.agreement.reminders import reminders_on
from chalicelib.domain.agreement.settlement import next_follow_up
from chalicelib.domain.calendar import local_date
from chalicelib.domain.confirmation_commands import confirmation_of
from chalicelib.domain.court_commands import Expire
from chalicelib.domain.notices import NoticeKind, PartyNotice, notice_to
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.settlement_commands import DeclareDefault, Remind
from chalicelib.domain.steps import Step
from chalicelib.domain.telling import concerned, default_notice
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import context_of, settlement_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from chalicelib.domain.agreement.performance import Performance
    from chalicelib.domain.agreement.plan import PlanLine
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case, Change, Context
    from chalicelib.use_cases.ports import Hub


def watch_agreement(hub: Hub, case: Case) -> Case:
    """Do what is due for a watched case, if anything, and return the case as it is afterwards."""
    if case.deadline is None or hub.clock.now() < case.deadline:
        return case
    if case.step is Step.DEFAULT or case.objection is not None or _leaves(case, hub.clock.now()):
        return act_on_case(hub, SYSTEM, case.case_id, Expire())
    context = context_of(hub, SYSTEM, case.court_id)
    change = _looked_at(case, settlement_of(hub, case), context)
    stored = hub.cases.save(change, follow_up_time(hub))
    hub.metrics.count("AgreementsWatched")
    return stored


def _leaves(case: Case, now: datetime) -> bool:
    """Tell whether an application was held for the days to object, and these are over."""
    return case.held_until is not None and now >= case.held_until


def _looked_at(case: Case, settlement: Settlement, context: Context) -> Change:
    today = local_date(context.at)
    late = line_in_default(settlement.performance, today, context.calendar)
    if late is not None:
        return _defaulted(case, settlement, late, context)
    notices = [*_payments(case, settlement.performance, today), *_window(case, settlement, context)]
    confirmation = confirmation_of(case)
    command = Remind(
        follow_up_on=next_follow_up(settlement, confirmation, today, context.calendar),
        reminders=len(notices),
        ruling_overdue=case.held_until is None
        and ruling_overdue(confirmation, today, context.limits.court_review_days),
    )
    return lifecycle.apply(case, command, context).with_records(*notices)


def _defaulted(case: Case, settlement: Settlement, late: PlanLine, context: Context) -> Change:
    performance = declare_default(settlement.performance, local_date(context.at), context.calendar)
    change = lifecycle.apply(case, DeclareDefault(line=late.number), context)
    notice = default_notice(case, late.number, position(performance).remaining)
    return change.with_records(settlement.with_performance(performance), notice)


def _payments(case: Case, performance: Performance, today: date) -> Iterator[PartyNotice]:
    due = {line.number: line.due for line in performance.agreement.plan.lines}
    for reminder in reminders_on(performance, today):
        values = {
            "line": str(reminder.line),
            "due_on": due[reminder.line].isoformat(),
            "amount": str(reminder.remaining),
        }
        kind = NoticeKind.PAYMENT_LATE if reminder.days > 0 else NoticeKind.PAYMENT_DUE
        yield from _to(case, concerned(case), kind, values)


def _window(case: Case, settlement: Settlement, context: Context) -> Iterator[PartyNotice]:
    confirmation = confirmation_of(case)
    wanted = settlement.performance.agreement.confirmation_wanted
    if not wanted or local_date(context.at) not in window_reminders(confirmation, context.calendar):
        return
    missing = case.bound - confirmation.applicants
    closes_on = last_day(confirmation, context.calendar).isoformat()
    yield from _to(case, missing, NoticeKind.CONFIRMATION_WINDOW, {"closes_on": closes_on})


def _to(
    case: Case, party_ids: Iterable[str], kind: NoticeKind, values: Mapping[str, str]
) -> Iterator[PartyNotice]:
    yield from filter(None, (notice_to(case.case_id, case.sequence + 1, party_ids, kind, values),))
