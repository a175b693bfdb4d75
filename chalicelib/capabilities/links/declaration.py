"""Links by which parties without an account come in: `/v1/cases/{case_id}/links` for the centre."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.links"

ISSUE_LINK: Final = Action.declare("issue_link", (Role.CENTRE,))
REVOKE_LINKS: Final = Action.declare("revoke_links", (Role.CENTRE,))
READ_LINKS: Final = Action.declare("read_links", (Role.CENTRE,))

CAPABILITY: Final = Capability(
    name="links",
    zh="当事人链接",
    en="links for parties without an account",
    actions=(ISSUE_LINK, REVOKE_LINKS, READ_LINKS),
    routes=(
        Route(method="POST", path="/v1/cases/{case_id}/links", handler=f"{_HERE}.routes:issue"),
        Route(method="GET", path="/v1/cases/{case_id}/links", handler=f"{_HERE}.routes:list_acts"),
        Route(method="POST", path="/v1/cases/{case_id}/link-revocations", handler=f"{_HERE}.routes:revoke"),
    ),
    parts={
        "chalicelib.use_cases.capability_ports:PartyLinks": f"{_HERE}.store:party_links",
        f"{_HERE}.service:Links": f"{_HERE}.store:party_links",
    },
)
