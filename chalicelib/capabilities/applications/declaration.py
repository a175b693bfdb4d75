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


def _route(method: str, path: str, handler: str) -> Route:
    return Route(method=method, path=path, handler=f"{_HERE}.routes:{handler}")


def _open(path: str, handler: str) -> Route:
    return Route(method="POST", path=path, handler=f"{_HERE}.routes:{handler}", token=False)


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
        _open("/v1/application-codes", "request_applicant_code"),
        _open("/v1/application-visits", "begin_application_visit"),
        _open("/v1/applications", "submit_application"),
        _open("/v1/own-applications", "list_own_applications"),
        _open("/v1/own-applications/withdrawal", "withdraw_own_application"),
        _route("POST", "/v1/counter-applications", "enter_application"),
        _route("GET", "/v1/applications", "list_applications"),
        _route("GET", "/v1/application-figures", "show_application_figures"),
        _route("GET", _ONE, "show_application"),
        _route("POST", f"{_ONE}/looks", "look_at_applicant"),
        _route("POST", f"{_ONE}/taking-up", "take_up_application"),
        _route("POST", f"{_ONE}/declining", "decline_application"),
        _route("POST", f"{_ONE}/withdrawal", "withdraw_application"),
    ),
    parts={
        f"{_HERE}.service:Applications": f"{_HERE}.store:applications",
        f"{_PORTS}:OwnApplications": f"{_HERE}.store:own_applications",
    },
    writers={f"{_HERE}.model:Step": f"{_HERE}.store:step_writes"},
    deadlines={"application_answer": f"{_HERE}.service:on_deadline"},
)
