"""The contacts of a case's parties: `GET /v1/cases/{case_id}/contacts`, and who looked at them."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.contacts"

# PIPL art. 6: only who has to ring or write to the parties; a party reads its own data with the case.
READ_CONTACTS: Final = Action.declare("read_contacts", (Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE))
READ_LOOKS: Final = Action.declare("read_looks", (Role.DATA_PROTECTION,))

CAPABILITY: Final = Capability(
    name="contacts",
    zh="当事人联系方式",
    en="how parties are reached",
    actions=(READ_CONTACTS, READ_LOOKS),
    routes=(
        Route(method="GET", path="/v1/cases/{case_id}/contacts", handler=f"{_HERE}.routes:show_contacts"),
        Route(
            method="GET",
            path="/v1/cases/{case_id}/contact-looks",
            handler=f"{_HERE}.routes:list_looks_at_a_case",
        ),
        Route(method="GET", path="/v1/contact-looks", handler=f"{_HERE}.routes:list_looks_of_a_day"),
    ),
    parts={f"{_HERE}.service:Looks": f"{_HERE}.store:looks"},
)
