"""The forks of the table: where one action leads to two places, what decides between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.confirmation import ConfirmationState
from chalicelib.domain.agreement.default import PerformanceState
from chalicelib.domain.commands import Extend, GiveConsent
from chalicelib.domain.confirmation_commands import ApplyForConfirmation, confirmation_of
from chalicelib.domain.court_commands import Expire, RecordReview
from chalicelib.domain.settlement_commands import RecordRepayment, ReverseRepayment, Sign
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.transitions.row import Condition

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import Command


def _consents_complete(case: Case, command: Command) -> bool:
    given = {command.party_id} if isinstance(command, GiveConsent) else set()
    return case.party_ids <= case.consents | given


CONSENTS_COMPLETE: Final = Condition(
    "every party has consented", "全体当事人均已同意调解", _consents_complete
)
ACCEPTED_AND_CONSENTS_COMPLETE: Final = Condition(
    "the mediator has accepted and this is the last consent",
    "调解员已接受指派，且全体当事人均已同意调解",
    lambda case, command: case.accepted_at is not None and _consents_complete(case, command),
)
ACCEPTED_ALREADY: Final = Condition(
    "the mediator has accepted",
    "调解员已接受指派",
    lambda case, _command: case.accepted_at is not None,
)
BOTH_SIDES_AGREE: Final = Condition(
    "the other side has agreed to the same number of days",
    "对方当事人已同意延长相同天数",
    lambda case, command: isinstance(command, Extend) and command.agreed(case),
)
SIGNED_BY_ALL: Final = Condition(
    "this is the last signature",
    "全体当事人均已签署",
    lambda case, command: isinstance(command, Sign) and command.completes(case),
)
SIGNED_BY_ALL_AND_PAID: Final = Condition(
    "this is the last signature, and the sum was paid on the spot",
    "全体当事人均已签署，且款项已当场付清",
    lambda case, command: (
        isinstance(command, Sign)
        and command.completes(case)
        and case.outcome is SettlementOutcome.PAID_ON_THE_SPOT
    ),
)
PAID_IN_FULL: Final = Condition(
    "nothing remains to be paid",
    "已全部付清",
    lambda _case, command: (
        isinstance(command, RecordRepayment) and command.state is PerformanceState.PERFORMED
    ),
)
NO_LONGER_IN_DEFAULT: Final = Condition(
    "with this payment there was no default",
    "计入该笔款项后不构成违约",
    lambda _case, command: (
        isinstance(command, RecordRepayment) and command.state is PerformanceState.PERFORMING
    ),
)
IN_DEFAULT: Final = Condition(
    "without this payment a declared default stands",
    "冲正该笔款项后，此前认定的违约仍然成立",
    lambda _case, command: (
        isinstance(command, ReverseRepayment) and command.state is PerformanceState.DEFAULTED
    ),
)
BOTH_SIDES_APPLY: Final = Condition(
    "the other side has applied",
    "对方当事人已申请",
    lambda case, command: (
        isinstance(command, ApplyForConfirmation) and bool(confirmation_of(case).applied_by - {command.side})
    ),
)
BEFORE_THE_COURT: Final = Condition(
    "the court has not ruled on the application to confirm",
    "法院尚未就司法确认申请作出裁定",
    lambda case, command: (
        isinstance(command, Expire)
        and confirmation_of(case).state in {ConfirmationState.APPLIED, ConfirmationState.TRANSFERRED}
    ),
)
RETURNED: Final = Condition(
    "the result is partially_accepted, rejected or cancelled",
    "审核结果为部分通过、退回或者撤销",
    lambda _case, command: isinstance(command, RecordReview) and command.result.returns,
)
