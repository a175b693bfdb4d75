"""Talks in writing: `POST` and `GET /v1/cases/{case_id}/messages`, and what belongs to them."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.talks"

# What is said while a mediation goes on is confidential (TY22): no judge, no court, no operator. The centre
# reads, so that it can read out to who can't; it writes nothing, since it does not mediate.
WRITE_MESSAGE: Final = Action.declare(
    "write_message", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR), by_any_agent=True
)
READ_MESSAGES: Final = Action.declare(
    "read_messages", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE), by_any_agent=True
)
OPEN_JOINT_THREAD: Final = Action.declare("open_joint_thread", (Role.MEDIATOR,))
MARK_NEED: Final = Action.declare("mark_need", (Role.MEDIATOR, Role.CENTRE))

CAPABILITY: Final = Capability(
    name="talks",
    zh="书面沟通",
    en="talks in writing",
    actions=(WRITE_MESSAGE, READ_MESSAGES, OPEN_JOINT_THREAD, MARK_NEED),
    routes=(
        Route(method="POST", path="/v1/cases/{case_id}/messages", handler=f"{_HERE}.routes:send_message"),
        Route(method="GET", path="/v1/cases/{case_id}/messages", handler=f"{_HERE}.routes:list_messages"),
        Route(
            method="POST", path="/v1/cases/{case_id}/joint-thread", handler=f"{_HERE}.routes:set_joint_thread"
        ),
        Route(method="POST", path="/v1/cases/{case_id}/party-needs", handler=f"{_HERE}.routes:mark_party"),
    ),
    parts={f"{_HERE}.service:Messages": f"{_HERE}.store:messages"},
)
