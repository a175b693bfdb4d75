"""Calls that the centre has to make: `GET /v1/calls`, and what was done about one."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.calls"

READ_CALLS: Final = Action.declare("read_calls", (Role.CENTRE,))
END_CALL: Final = Action.declare("end_call", (Role.CENTRE,))

CAPABILITY: Final = Capability(
    name="calls",
    zh="待电话联系名单",
    en="people whom no message reaches",
    actions=(READ_CALLS, END_CALL),
    routes=(
        Route(method="GET", path="/v1/calls", handler=f"{_HERE}.routes:list_calls"),
        Route(method="POST", path="/v1/calls/ended", handler=f"{_HERE}.routes:end"),
    ),
    parts={f"{_HERE}.service:Calls": f"{_HERE}.store:calls"},
)
