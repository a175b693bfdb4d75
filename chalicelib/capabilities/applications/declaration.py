"""A borrower's own application: `/v1/applications`, and what leads to it without an account."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.applications"
_PORTS: Final = "chalicelib.use_cases.capability_ports"
_ONE: Final = "/v1/applications/{application_id}"

ENTER_APPLICATION: Final = Action.declare("enter_application", (Role.CENTRE,))
TAKE_UP_APPLICATION: Final = Action.declare("take_up_application", (Role.CENTRE,))
DECLINE_APPLICATION: Final = Action.declare("decline_application", (Role.CENTRE,))
WITHDRAW_APPLICATION: Final = Action.declare("withdraw_application", (Role.CENTRE,))
# An institution reads what it was asked to answer, and nothing else; see `service`.
READ_APPLICATIONS: Final = Action.declare("read_applications", (Role.CENTRE, Role.INSTITUTION))
READ_APPLICANT: Final = Action.declare("read_applicant", (Role.CENTRE, Role.INSTITUTION))
READ_APPLICATION_FIGURES: Final = Action.declare("read_application_figures", (Role.CENTRE,))

CAPABILITY: Final = Capability(
    name="applications",
    zh="借款人自行申请",
    en="applications by borrowers themselves",
    actions=(
        ENTER_APPLICATION,
        TAKE_UP_APPLICATION,
        DECLINE_APPLICATION,
        WITHDRAW_APPLICATION,
        READ_APPLICATIONS,
        READ_APPLICANT,
        READ_APPLICATION_FIGURES,
    ),
    routes=(
        # Whoever has no account shows a code, and then the pass that it is given for the code.
        Route(
            method="POST", path="/v1/application-codes", handler=f"{_HERE}.routes:request_code", token=False
        ),
        Route(
            method="POST", path="/v1/application-visits", handler=f"{_HERE}.routes:begin_visit", token=False
        ),
        Route(method="POST", path="/v1/applications", handler=f"{_HERE}.routes:submit", token=False),
        Route(method="POST", path="/v1/own-applications", handler=f"{_HERE}.routes:list_own", token=False),
        Route(
            method="POST",
            path="/v1/own-applications/withdrawal",
            handler=f"{_HERE}.routes:withdraw_own",
            token=False,
        ),
        Route(method="POST", path="/v1/counter-applications", handler=f"{_HERE}.routes:enter"),
        Route(method="GET", path="/v1/applications", handler=f"{_HERE}.routes:list_applications"),
        Route(method="GET", path="/v1/application-figures", handler=f"{_HERE}.routes:show_figures"),
        Route(method="GET", path=_ONE, handler=f"{_HERE}.routes:show"),
        Route(method="POST", path=f"{_ONE}/looks", handler=f"{_HERE}.routes:look"),
        Route(method="POST", path=f"{_ONE}/taking-up", handler=f"{_HERE}.routes:take_up"),
        Route(method="POST", path=f"{_ONE}/declining", handler=f"{_HERE}.routes:decline"),
        Route(method="POST", path=f"{_ONE}/withdrawal", handler=f"{_HERE}.routes:withdraw"),
    ),
    parts={
        f"{_HERE}.service:Applications": f"{_HERE}.store:applications",
        f"{_PORTS}:OwnApplications": f"{_HERE}.store:own_applications",
    },
    writers={f"{_HERE}.model:Step": f"{_HERE}.store:step_writes"},
    deadlines={"application_answer": f"{_HERE}.service:on_deadline"},
)
