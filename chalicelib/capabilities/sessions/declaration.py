"""Sessions: `POST` and `GET /v1/cases/{case_id}/sessions`, and what belongs to one of them."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.sessions"
_ONE: Final = "/v1/cases/{case_id}/sessions/{session_id}"

# No judge, court or operator: that one side alone was heard, and what stands in the minutes, is confidential
# (TY22).
SCHEDULE_SESSION: Final = Action.declare("schedule_session", (Role.MEDIATOR, Role.CENTRE))
READ_SESSIONS: Final = Action.declare(
    "read_sessions", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE), by_any_agent=True
)
JOIN_SESSION: Final = Action.declare(
    "join_session", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR), by_any_agent=True
)
RECORD_ATTENDANCE: Final = Action.declare("record_attendance", (Role.MEDIATOR,))
DRAFT_MINUTES: Final = Action.declare("draft_minutes", (Role.MEDIATOR,))
SIGN_MINUTES: Final = Action.declare(
    "sign_minutes", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE)
)

CAPABILITY: Final = Capability(
    name="sessions",
    zh="调解会",
    en="sessions of a mediation",
    actions=(SCHEDULE_SESSION, READ_SESSIONS, JOIN_SESSION, RECORD_ATTENDANCE, DRAFT_MINUTES, SIGN_MINUTES),
    routes=(
        Route(
            method="POST", path="/v1/cases/{case_id}/sessions", handler=f"{_HERE}.routes:schedule_a_session"
        ),
        Route(method="GET", path="/v1/cases/{case_id}/sessions", handler=f"{_HERE}.routes:list_sessions"),
        Route(method="POST", path=f"{_ONE}/time", handler=f"{_HERE}.routes:move_session"),
        Route(method="POST", path=f"{_ONE}/cancellation", handler=f"{_HERE}.routes:cancel_session"),
        Route(method="GET", path=f"{_ONE}/joining", handler=f"{_HERE}.routes:show_way_in"),
        Route(method="GET", path=f"{_ONE}/invitation.ics", handler=f"{_HERE}.routes:show_invitation"),
        Route(method="POST", path=f"{_ONE}/attendance", handler=f"{_HERE}.routes:record_attendance"),
        Route(method="POST", path=f"{_ONE}/minutes", handler=f"{_HERE}.routes:draft_minutes"),
        Route(method="GET", path=f"{_ONE}/minutes", handler=f"{_HERE}.routes:show_minutes"),
        Route(method="POST", path=f"{_ONE}/minutes/codes", handler=f"{_HERE}.routes:request_minutes_code"),
        Route(method="POST", path=f"{_ONE}/minutes/signatures", handler=f"{_HERE}.routes:sign_minutes"),
    ),
    parts={f"{_HERE}.service:Sessions": f"{_HERE}.store:sessions"},
    work=f"{_HERE}.store:work_beside",
)
