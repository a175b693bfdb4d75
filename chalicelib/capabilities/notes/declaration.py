"""Notes on a case: `POST` and `GET /v1/cases/{case_id}/notes`."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.notes"

# Not for judges, courts and operators: a note may tell what was offered, which is confidential (TY22).
_HANDLES_THE_CASE: Final = (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE)
ADD_NOTE: Final = Action.declare("add_note", _HANDLES_THE_CASE)
READ_NOTES: Final = Action.declare("read_notes", _HANDLES_THE_CASE)

CAPABILITY: Final = Capability(
    name="notes",
    zh="案件备注",
    en="notes on a case",
    actions=(ADD_NOTE, READ_NOTES),
    routes=(
        Route(method="POST", path="/v1/cases/{case_id}/notes", handler=f"{_HERE}.routes:write_note"),
        Route(method="GET", path="/v1/cases/{case_id}/notes", handler=f"{_HERE}.routes:list_notes"),
    ),
    parts={f"{_HERE}.service:Notes": f"{_HERE}.store:notes"},
)
