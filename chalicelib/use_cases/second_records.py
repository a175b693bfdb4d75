"""Check the one-time code by which a person confirms an act that is recorded in its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.second_record import fingerprint, for_code, named_in

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.commands import Command
    from chalicelib.use_cases.ports import Hub


def with_code(hub: Hub, case: Case, command: Command, context: Context, code: str | None) -> Context:
    """Return the context, with the code verified if there is one; raises its refusals.

    Without a code, or if the actor speaks for itself, nothing is checked.
    """
    party_id = named_in(case, command, context)
    if code is None or not party_id:
        return context
    lifecycle.apply(case, command, context)  # so that a refused act uses up no attempt
    hub.codes.verify(case, party_id, for_code(case, party_id, fingerprint(case, command)), code)
    return replace(context, code_verified=True)
