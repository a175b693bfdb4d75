"""Who was told of what, and the calls that the centre has to make."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.calls"

READ_CALLS: Final = Action.declare("read_calls", (Role.CENTRE,))
END_CALL: Final = Action.declare("end_call", (Role.CENTRE,))
# A message may be about an offer: no judge, no court, no operator reads of it (TY22).
READ_NOTICES: Final = Action.declare(
    "read_notices", (Role.INSTITUTION, Role.BORROWER, Role.CENTRE), by_any_agent=True
)

CAPABILITY: Final = Capability(
    name="calls",
    zh="短信记录与待电话联系名单",
    en="who was told, and people whom no message reaches",
    actions=(READ_CALLS, END_CALL, READ_NOTICES),
    routes=(
        Route(method="GET", path="/v1/calls", handler=f"{_HERE}.routes:list_calls"),
        Route(method="POST", path="/v1/calls/ended", handler=f"{_HERE}.routes:end"),
        Route(method="GET", path="/v1/cases/{case_id}/notices", handler=f"{_HERE}.routes:list_notices"),
    ),
    parts={f"{_HERE}.service:Calls": f"{_HERE}.store:calls"},
)
