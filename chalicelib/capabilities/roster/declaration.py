"""The roster: `POST` and `GET /v1/roster`, and `GET /v1/roster/{person_id}`."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.roster"
_PORTS: Final = "chalicelib.use_cases.capability_ports"

ENTER_PERSON: Final = Action.declare("enter_person", (Role.CENTRE,))
READ_ROSTER: Final = Action.declare("read_roster", (Role.CENTRE,))
# Mediators and judges read their own entry only: `service.read_person`.
READ_PERSON: Final = Action.declare("read_person", (Role.CENTRE, Role.MEDIATOR, Role.JUDGE))

READ_RECOMMENDATIONS: Final = Action.declare("read_recommendations", (Role.CENTRE,))
# Parties and mediator learn by which criteria it was chosen; only the centre, whom else it could have been.
READ_APPOINTMENTS: Final = Action.declare(
    "read_appointments", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE)
)

# The fact is for who decides on it: the parties, the mediator it is about, and the centre.
READ_DISCLOSURES: Final = Action.declare(
    "read_disclosures", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE), by_any_agent=True
)

# Whoever may have to choose, or to say whether somebody is linked; the public's own route asks for no role.
READ_MEDIATORS: Final = Action.declare(
    "read_mediators",
    (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE, Role.JUDGE),
    by_any_agent=True,
)
REASSIGN_CASES: Final = Action.declare("reassign_cases", (Role.CENTRE,))

CAPABILITY: Final = Capability(
    name="roster",
    zh="人员名册",
    en="the roster of mediators, centre staff and judges",
    actions=(
        ENTER_PERSON,
        READ_ROSTER,
        READ_PERSON,
        READ_RECOMMENDATIONS,
        READ_APPOINTMENTS,
        READ_DISCLOSURES,
        READ_MEDIATORS,
        REASSIGN_CASES,
    ),
    routes=(
        Route(method="POST", path="/v1/roster", handler=f"{_HERE}.routes:enter"),
        Route(method="GET", path="/v1/roster", handler=f"{_HERE}.routes:list_people"),
        Route(method="GET", path="/v1/roster/{person_id}", handler=f"{_HERE}.routes:show_person"),
        Route(method="GET", path="/v1/mediators", handler=f"{_HERE}.public_routes:list_mediators"),
        Route(method="GET", path="/v1/mediators/export", handler=f"{_HERE}.public_routes:export"),
        Route(
            method="GET",
            path="/v1/public/courts/{court_id}/mediators",
            handler=f"{_HERE}.public_routes:list_public_mediators",
            token=False,
        ),
        Route(
            method="GET",
            path="/v1/public/courts/{court_id}/mediators/export",
            handler=f"{_HERE}.public_routes:export_public",
            token=False,
        ),
        Route(
            method="GET",
            path="/v1/cases/{case_id}/recommendations",
            handler=f"{_HERE}.routes:recommend",
        ),
        Route(method="GET", path="/v1/cases/{case_id}/appointments", handler=f"{_HERE}.routes:explain"),
        Route(method="POST", path="/v1/cases/{case_id}/disclosures", handler=f"{_HERE}.routes:disclose"),
        Route(
            method="GET", path="/v1/cases/{case_id}/disclosures", handler=f"{_HERE}.routes:list_disclosures"
        ),
        Route(
            method="POST",
            path="/v1/roster/{person_id}/reassignments",
            handler=f"{_HERE}.routes:reassign",
        ),
    ),
    writers={
        "chalicelib.domain.appointment:Appointed": f"{_HERE}.store:reason_writes",
        f"{_HERE}.model:DisclosedFact": f"{_HERE}.store:fact_writes",
        "chalicelib.domain.appointment:CaseMoved": f"{_HERE}.store:count_writes",
    },
    parts={
        f"{_HERE}.service:Roster": f"{_HERE}.store:roster",
        f"{_PORTS}:EligibleMediator": f"{_HERE}.store:eligible",
        f"{_PORTS}:NamesOfPeople": f"{_HERE}.store:names",
    },
)
