"""The judge's guidance: `POST` and `GET /v1/cases/{case_id}/guidance`, and the draft that a judge may see."""

from __future__ import annotations

from typing import Final

from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action
from chalicelib.registry import Capability, Route

_HERE: Final = "chalicelib.capabilities.guidance"

# Between the mediator of a case and its judge (M15), who hears the suit if the talks fail (M9): no party, no
# bank, and not the centre, which neither mediates nor judges.
ASK_JUDGE: Final = Action.declare("ask_judge", (Role.MEDIATOR,))
ADVISE: Final = Action.declare("advise", (Role.JUDGE,))
READ_GUIDANCE: Final = Action.declare("read_guidance", (Role.MEDIATOR, Role.JUDGE))
READ_QUESTIONS: Final = Action.declare("read_questions", (Role.JUDGE,))
READ_DRAFT: Final = Action.declare("read_draft", (Role.JUDGE,))
CONSENT_TO_SHOW: Final = Action.declare(
    "consent_to_show", (Role.INSTITUTION, Role.BORROWER), by_any_agent=True
)
READ_DRAFT_CONSENTS: Final = Action.declare(
    "read_draft_consents", (Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR), by_any_agent=True
)

CAPABILITY: Final = Capability(
    name="guidance",
    zh="法官指导",
    en="the judge's guidance",
    actions=(
        ASK_JUDGE,
        ADVISE,
        READ_GUIDANCE,
        READ_QUESTIONS,
        READ_DRAFT,
        CONSENT_TO_SHOW,
        READ_DRAFT_CONSENTS,
    ),
    routes=(
        Route(method="POST", path="/v1/cases/{case_id}/guidance", handler=f"{_HERE}.routes:ask_or_advise"),
        Route(method="GET", path="/v1/cases/{case_id}/guidance", handler=f"{_HERE}.routes:list_guidance"),
        Route(method="GET", path="/v1/guidance", handler=f"{_HERE}.routes:list_questions"),
        Route(method="GET", path="/v1/cases/{case_id}/guidance/draft", handler=f"{_HERE}.routes:show_draft"),
        Route(
            method="POST",
            path="/v1/cases/{case_id}/draft-consents",
            handler=f"{_HERE}.routes:consent_to_show_draft",
        ),
        Route(
            method="GET",
            path="/v1/cases/{case_id}/draft-consents",
            handler=f"{_HERE}.routes:show_draft_consents",
        ),
    ),
    parts={
        f"{_HERE}.service:Guidance": f"{_HERE}.store:guidance",
        "chalicelib.use_cases.capability_ports:DraftsSeen": f"{_HERE}.store:drafts_seen",
    },
    work=f"{_HERE}.store:work_beside",
)
