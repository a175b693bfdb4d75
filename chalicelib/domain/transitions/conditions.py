"""The forks of the table: where one action leads to two places, what decides between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.domain.commands import Extend, GiveConsent, Sign
from chalicelib.domain.court_commands import RecordReview
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
    lambda case, command: (
        isinstance(command, Sign) and case.party_ids <= case.signatures | {command.party_id}
    ),
)
RETURNED: Final = Condition(
    "the result is partially_accepted, rejected or cancelled",
    "审核结果为部分通过、退回或者撤销",
    lambda _case, command: isinstance(command, RecordReview) and command.result.returns,
)
