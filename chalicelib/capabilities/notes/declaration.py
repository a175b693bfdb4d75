"""Notes on a case: `POST` and `GET /v1/cases/{case_id}/notes`."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability

# Never a judge, a court or an operator: a note is talk, and may tell of what was offered (TY22).
_HANDLES_THE_CASE: Final = (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE)
ADD_NOTE: Final = Action.declare("add_note", _HANDLES_THE_CASE)
READ_NOTES: Final = Action.declare("read_notes", _HANDLES_THE_CASE)

CAPABILITY: Final = Capability(
    name="notes",
    zh="案件备注",
    en="notes on a case",
    actions=(ADD_NOTE, READ_NOTES),
    routes={
        ("POST", "/v1/cases/{case_id}/notes"): "chalicelib.capabilities.notes.routes:add",
        ("GET", "/v1/cases/{case_id}/notes"): "chalicelib.capabilities.notes.routes:show",
    },
    parts={
        "chalicelib.capabilities.notes.service:Notes": "chalicelib.capabilities.notes.store:notes",
    },
)
