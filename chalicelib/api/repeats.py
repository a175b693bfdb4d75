"""The same act sent again: answered as done, where its first answer was lost.

Promise: an act that names the version it is based on is stored with a keyed hash of who asked for what:
caller, route, body and `If-Match`. Sent again after it took effect, it would be refused as based on an older
version; it is answered with the case as it is now instead, marked `Idempotent-Replayed`. Nobody else's act is
taken for it, nor another act of the same caller. Downside: acts stored before this release have no such hash.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from chalicelib.domain.errors import CaseNotFound, StaleVersion
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.api.operations import Call, Operation, Reply
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.use_cases.ports import Cases, Hub

REPLAYED: Final = {"Idempotent-Replayed": "true"}


def answered(operation: Operation, call: Call, arguments: Mapping[str, Any]) -> Reply:
    """Let the handler answer; a repeat of an act on a case is answered as done."""
    if not {"case_id", "if_match"} <= arguments.keys():
        return operation.handler(call, **arguments)
    act = _act(operation, call, arguments)
    acting = replace(call, provider=lambda: cast("Hub", _ActingHub(call.hub, act)))
    try:
        return operation.handler(acting, **arguments)
    except (StaleVersion, CaseNotFound) as refused:
        # Only a mediator can lose sight of a case by an act of its own: by declining the appointment.
        if isinstance(refused, CaseNotFound) and call.actor.role is not Role.MEDIATOR:
            raise
        case = call.hub.cases.get(arguments["case_id"])
        if not call.hub.cases.carried_out(case, act):
            raise
        from chalicelib.api.presenting import answer_with  # noqa: PLC0415 - the models of a case, for few repeats

        reply = answer_with(call, case)
        return replace(reply, headers={**reply.headers, **REPLAYED})


def _act(operation: Operation, call: Call, arguments: Mapping[str, Any]) -> bytes:
    case_id = arguments["case_id"]
    # A borrower's next token may name other cases too.
    caller = {**asdict(call.actor), "case_ids": call.actor.party_in(case_id)}
    if caller.pop("agent_of"):
        caller["agent"] = call.actor.agent_in(case_id)
    content = {
        "caller": caller,
        "method": operation.method,
        "path": operation.path,
        "arguments": {name: value for name, value in arguments.items() if name != "body"},
        "body": call.body,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class _ActingHub:
    """The hub while it serves one act: a change is stored with it."""

    hub: Hub
    act: bytes

    @property
    def cases(self) -> _ActingCases:
        return _ActingCases(self.hub.cases, self.act)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.hub, name)


@dataclass(frozen=True, slots=True)
class _ActingCases:
    stored: Cases
    act: bytes

    def save(self, change: Change, due_at: datetime, details: Sequence[PartyDetails] = ()) -> Case:
        return self.stored.save(replace(change, act=self.act), due_at, details)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stored, name)
