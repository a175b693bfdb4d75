"""Act on a case: authorise a command, apply it by the domain's table of transitions, store the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.commands import Correct
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import numbered_as, remembering_phone
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.use_cases.capability_ports import EnrolledInstitution
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import change_by, context_of
from chalicelib.use_cases.second_records import with_code

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.commands import Command
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def act_on_case(
    hub: Hub,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    expected_version: int | None = None,
    channel: Channel = Channel.ONLINE,
    as_read: Case | None = None,
    code: str | None = None,
) -> Case:
    """Change a case by a command and return it as stored.

    `expected_version` is the version the caller read; the hub's own acts give none. `as_read` is the case as
    it was read just now, which saves reading it again. `code` confirms an act in a person's name.
    Raises NotPermitted, CaseNotFound, StaleVersion,
    ActionNotAvailable, RuleViolated or, for a corrected claim, a LoanError.
    """
    authorise(actor, command.action)
    case = as_read or hub.cases.get(case_id)
    authorise_on(actor, command.action, case)
    if expected_version not in {None, case.version}:
        raise StaleVersion(case_id)
    context = with_code(hub, case, command, context_of(hub, actor, case.court_id, channel), code)
    change = change_by(hub, case, command, context)
    if isinstance(command, Correct):
        if command.details:
            hub.part(EnrolledInstitution).check_parties(case, command.details)
        _check_claim(hub, case_id, command.claim, context)
    parties = {party.party_id: party for party in case.parties}
    given = command.details if isinstance(command, Correct) else ()
    known = {entry.party_id: entry for entry in hub.cases.details(case)} if given else {}
    details = [
        remembering_phone(
            known[entry.party_id], numbered_as(parties[entry.party_id], entry), change.event.sequence
        )
        for entry in given
    ]
    return hub.cases.save(change, follow_up_time(hub), details)


def _check_claim(hub: Hub, case_id: str, claim: Claim | None, context: Context) -> None:
    if claim is None:
        return
    debt = hub.debts.get(case_id)
    if debt is not None:
        from chalicelib.domain.explanation import compared  # noqa: PLC0415 - the arithmetic, for few acts

        compared(debt, claim, context.limits.claim_tolerance).accept()
