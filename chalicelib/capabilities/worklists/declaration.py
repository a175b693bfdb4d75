"""Work lists: `GET /v1/work`, what the reader has to do next, by its time."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.worklists"

# A party has its own case before it, a court and operators have nothing to do about it by a list.
READ_WORK: Final = Action.declare("read_work", (Role.MEDIATOR, Role.CENTRE, Role.JUDGE, Role.INSTITUTION))

CAPABILITY: Final = Capability(
    name="worklists",
    zh="待办清单",
    en="work lists",
    actions=(READ_WORK,),
    routes=(Route(method="GET", path="/v1/work", handler=f"{_HERE}.routes:list_work"),),
    parts={f"{_HERE}.service:WorkLists": f"{_HERE}.store:work_lists"},
)
