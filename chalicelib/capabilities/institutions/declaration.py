"""Institutions and their enrolment: `POST` and `GET /v1/institutions`."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.institutions"

ENROL_INSTITUTION: Final = Action.declare("enrol_institution", (Role.CENTRE,))
LIST_INSTITUTIONS: Final = Action.declare("list_institutions", (Role.CENTRE,))
# An institution reads its own only; see `service`.
READ_INSTITUTION: Final = Action.declare("read_institution", (Role.CENTRE, Role.INSTITUTION))

CAPABILITY: Final = Capability(
    name="institutions",
    zh="机构入驻",
    en="institutions that are enrolled",
    actions=(ENROL_INSTITUTION, LIST_INSTITUTIONS, READ_INSTITUTION),
    routes=(
        Route(method="POST", path="/v1/institutions", handler=f"{_HERE}.routes:enrol_institution"),
        Route(method="GET", path="/v1/institutions", handler=f"{_HERE}.routes:list_institutions"),
        Route(
            method="GET", path="/v1/institutions/{institution_id}", handler=f"{_HERE}.routes:show_institution"
        ),
    ),
    parts={
        f"{_HERE}.service:Institutions": f"{_HERE}.store:institutions",
        "chalicelib.use_cases.capability_ports:EnrolledInstitution": f"{_HERE}.store:enrolled",
    },
)
