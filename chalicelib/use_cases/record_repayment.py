"""Record a payment, under an agreement or outside of one, and take back one recorded by mistake (冲正).

A payment is identified by the institution's reference: recording the same one again changes nothing,
whatever the case's stage is by then, so a retry needs no version. Different payments recorded at the same
time are applied one after the other: whoever comes second waits a moment, longer each time, and is decided
again on the case as it is then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement import performance as performing
from chalicelib.domain.agreement.confirmation import Confirmation
from chalicelib.domain.agreement.default import state_of
from chalicelib.domain.agreement.errors import ReferenceReused
from chalicelib.domain.agreement.position import check_overpayment, position
from chalicelib.domain.agreement.settlement import handled_until, next_follow_up
from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import Contended, StaleVersion
from chalicelib.domain.money import ZERO
from chalicelib.domain.permissions import authorise
from chalicelib.domain.received import check_day, deducted_now, of_the_claim, paid_up, receive, take_back
from chalicelib.domain.settlement_commands import RecordRepayment, ReverseRepayment
from chalicelib.domain.settlement_outcome import PerformanceState
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.telling import default_notice
from chalicelib.domain.transitions import transitions_for
from chalicelib.use_cases.loading import carry_out, load, load_for_act

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from chalicelib.domain.agreement.performance import Performance
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.domain.loan.payments import Payment
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.loading import LoadedCase
    from chalicelib.use_cases.ports import Hub

_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0)
"""The longest waits before each further attempt, in seconds: together far below the API's time-out."""
_PERFORMED_UNDER: Final = frozenset({Stage.PERFORMING, Stage.DEFAULTED})
_ENDED_BY_PAYMENT: Final = frozenset({Stage.PAID, Stage.PERFORMED})


def record_repayment(
    hub: Hub, actor: Actor, case_id: str, payment: Payment, overpayment: Money = ZERO
) -> Case:
    """Record a payment once; `overpayment` is how much of it exceeds what remains (0.00: nothing).

    Raises ActionNotAvailable, ReferenceReused, PaymentDateImpossible, OverpaymentDiffers, or after ten
    attempts Contended.
    """
    authorise(actor, Action.RECORD_REPAYMENT)
    return _decided(hub, lambda: _record(hub, actor, case_id, payment, overpayment))


def reverse_repayment(hub: Hub, actor: Actor, case_id: str, reference: str) -> Case:
    """Take a recorded payment back once.

    Raises ActionNotAvailable, PaymentUnknown, PaymentDeducted or Contended.
    """
    authorise(actor, Action.REVERSE_REPAYMENT)
    return _decided(hub, lambda: _reverse(hub, actor, case_id, reference))


def _decided(hub: Hub, decide: Callable[[], Case]) -> Case:
    for longest in _PAUSES:
        try:
            return decide()
        except (StaleVersion, Contended):
            hub.pause(longest)  # somebody changed the case in the meantime: decide again on its present state
    try:
        return decide()
    except StaleVersion as error:
        # The caller named no version that could be stale.
        raise Contended("the case changes too fast") from error


def _record(hub: Hub, actor: Actor, case_id: str, payment: Payment, overpayment: Money) -> Case:
    loaded = load(hub, actor, Action.RECORD_REPAYMENT, case_id)
    if _known(loaded.settlement, payment):
        return loaded.case
    transitions_for(loaded.case, Action.RECORD_REPAYMENT, loaded.context.at)
    debt = _debt_for(hub, loaded, payment)
    if loaded.case.stage not in _PERFORMED_UNDER:
        return _receive(hub, loaded, payment, overpayment, debt)
    check_day(payment, debt)
    before = loaded.settlement.performance
    performance = performing.record(before, payment, loaded.today)
    check_overpayment(before, performance, overpayment)
    state, look = _outcome(loaded, performance)
    command = RecordRepayment(
        payment=payment, state=state, follow_up_on=look, counted=len(performance.payments)
    )
    return _saved(hub, loaded, performance, command)


def _debt_for(hub: Hub, loaded: LoadedCase, payment: Payment) -> Debt | None:
    """Return the debt where it decides: for a payment before the filing, and where it says what remains."""
    case = loaded.case
    of_long_ago = payment.on < local_date(case.filed_at)
    return hub.debts.get(case.case_id) if of_long_ago or of_the_claim(case) else None


def _receive(hub: Hub, loaded: LoadedCase, payment: Payment, overpayment: Money, debt: Debt | None) -> Case:
    case = loaded.case
    settlement = receive(case, loaded.settlement, payment, overpayment, loaded.today, debt)
    command = RecordRepayment(
        payment=payment,
        state=None,
        follow_up_on=case.follow_up_on,
        counted=len(settlement.payments),
        paid_up=paid_up(case, settlement, loaded.today, debt),
    )
    return carry_out(hub, loaded, command, settlement)


def _known(settlement: Settlement, payment: Payment) -> bool:
    """Tell whether this payment was recorded; raises ReferenceReused if its reference has another one."""
    recorded = {entry.reference: entry for entry in settlement.carried}
    recorded |= performing.recorded_in(settlement.entries)
    found = recorded.get(payment.reference)
    if found is not None and found != payment:
        raise ReferenceReused("reference", f"{payment.reference} was recorded with another content")
    return found is not None


def _reverse(hub: Hub, actor: Actor, case_id: str, reference: str) -> Case:
    loaded = load_for_act(hub, actor, Action.REVERSE_REPAYMENT, case_id)
    deducted = deducted_now(loaded.case, loaded.settlement, loaded.context.at)
    performing.check_not_deducted(deducted, reference)
    if loaded.case.stage not in _PERFORMED_UNDER | _ENDED_BY_PAYMENT:
        return _take_back(hub, loaded, reference)
    performance = performing.reverse(loaded.settlement.performance, reference, loaded.today)
    if performance == loaded.settlement.performance:
        return loaded.case
    state, look = _outcome(loaded, performance)
    command = ReverseRepayment(
        payment=performance.recorded[reference],
        state=state,
        follow_up_on=look,
        counted=len(performance.payments),
        in_force_at=_in_force(loaded).in_force_at,
    )
    return _saved(hub, loaded, performance, command)


def _take_back(hub: Hub, loaded: LoadedCase, reference: str) -> Case:
    case = loaded.case
    settlement = take_back(loaded.settlement, reference, loaded.context.at)
    if settlement == loaded.settlement:
        return case
    debt = hub.debts.get(case.case_id) if of_the_claim(case) else None
    command = ReverseRepayment(
        payment=performing.recorded_in(settlement.entries)[reference],
        state=None,
        follow_up_on=case.follow_up_on,
        counted=len(settlement.payments),
        in_force_at=case.updated_at,
        paid_up=paid_up(case, settlement, loaded.today, debt),
    )
    return carry_out(hub, loaded, command, settlement)


def _outcome(loaded: LoadedCase, performance: Performance) -> tuple[PerformanceState, date | None]:
    state = state_of(performance)
    if state is not PerformanceState.PERFORMING:
        return state, None
    settlement = loaded.settlement.with_performance(performance)
    after = handled_until(loaded.case.follow_up_on, loaded.today)
    return state, next_follow_up(settlement, _in_force(loaded), after, loaded.context.calendar)


def _in_force(loaded: LoadedCase) -> Confirmation:
    """Return the confirmation; what was paid on the spot had none, and is in force since all signed."""
    in_force_at = loaded.settlement.to_sign.in_force_at or loaded.case.updated_at
    return loaded.case.confirmation or Confirmation(in_force_at=in_force_at)


def _saved(
    hub: Hub, loaded: LoadedCase, performance: Performance, command: RecordRepayment | ReverseRepayment
) -> Case:
    return carry_out(
        hub,
        loaded,
        command,
        loaded.settlement.with_performance(performance),
        _told_of_default(loaded.case, performance),
    )


def _told_of_default(case: Case, performance: Performance) -> PartyNotice | None:
    """Return what people are told if the agreement is in default again without a payment."""
    standing = position(performance)
    if case.stage is Stage.DEFAULTED or standing.default is None:
        return None
    return default_notice(case, standing.default.line, standing.remaining)
