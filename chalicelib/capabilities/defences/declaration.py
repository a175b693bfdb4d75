"""Statements of defence: `POST` and `GET /v1/cases/{case_id}/defences`."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.defences"

# The party states it, or its agent: a defence admits, waives and settles nothing, so general authority is
# enough (民事诉讼法 62). A court has it in its dossier, if the party asks.
STATE_DEFENCE: Final = Action.declare("state_defence", (Role.BORROWER,), by_any_agent=True)
READ_DEFENCES: Final = Action.declare(
    "read_defences", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE), by_any_agent=True
)

CAPABILITY: Final = Capability(
    name="defences",
    zh="当事人答辩意见",
    en="what a party says in its defence",
    actions=(STATE_DEFENCE, READ_DEFENCES),
    routes=(
        Route(method="POST", path="/v1/cases/{case_id}/defences", handler=f"{_HERE}.routes:state_a_defence"),
        Route(method="GET", path="/v1/cases/{case_id}/defences", handler=f"{_HERE}.routes:list_defences"),
    ),
    parts={
        f"{_HERE}.service:Defences": f"{_HERE}.store:defences",
        "chalicelib.use_cases.capability_ports:DefencesForCourt": f"{_HERE}.store:for_court",
    },
)
