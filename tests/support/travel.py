"""Plays the roles of a journey over HTTP, one sentence a call."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo.people import filing
from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    import urllib3

    from infra.local.demo.client import Answer, HubClient
    from infra.local.stack import Stack

BANK: Final = {"role": "institution", "sub": "bank-system", "institution_id": "bank-rcb"}
OTHER_BANK: Final = {"role": "institution", "sub": "bank-system", "institution_id": "bank-psbc"}
CENTRE: Final = {"role": "centre", "sub": "centre-1", "court_id": COURT_ID}
MEDIATOR: Final = {"role": "mediator", "sub": "m-1", "court_id": COURT_ID, "mediator_id": "m-001"}
COURT: Final = {"role": "court", "sub": "court-system", "court_id": COURT_ID}
_PATIENCE_SECONDS: Final = 120.0


@dataclass
class Traveller:
    """Acts on one case at a time; every act is checked to have been taken."""

    stack: Stack
    hub: HubClient
    http: urllib3.PoolManager
    case_id: str = ""
    filed: dict[str, Any] = field(default_factory=dict)

    def files(self, seed: str) -> None:
        """File a dispute made up from a seed, against one borrower."""
        self.filed = filing(Random(seed), 1, COURT_ID, date.today())  # noqa: DTZ011, S311 - a day, no secret
        self.filed["contract_number"] = f"JC-{uuid.uuid4().hex[:12]}"
        self.filed["respondents"] = self.filed["respondents"][:1]
        answer = self.hub.post(BANK, "/v1/filings", self.filed, Idempotency_Key=uuid.uuid4().hex)
        assert answer.status == 201, (answer.status, answer.code)
        self.case_id = answer.body["case_id"]

    @property
    def borrower(self) -> dict[str, Any]:
        """The claims of the case's borrower."""
        return {"role": "borrower", "sub": f"b-{self.case_id}", "case_ids": [f"{self.case_id}:r1"]}

    def reads(self, who: dict[str, Any] = CENTRE) -> dict[str, Any]:
        """Read the case."""
        answer = self.hub.get(who, f"/v1/cases/{self.case_id}")
        assert answer.status == 200, (answer.status, answer.code)
        body: dict[str, Any] = answer.body
        return body

    def waits_for(self, *stages: str) -> dict[str, Any]:
        """Wait until the case stands at one of the stages; return it."""
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while (case := self.reads())["stage"] not in stages:
            assert time.monotonic() < give_up_at, f"still {case['stage']}, not {stages}"
            self.stack.check()
            time.sleep(0.1)
        return case

    def tries(self, who: dict[str, Any], resource: str, body: dict[str, Any]) -> Answer:
        """Ask for an act on the case as it stands."""
        version = self.reads()["version"]
        return self.hub.post(who, f"/v1/cases/{self.case_id}/{resource}", body, If_Match=f'"{version}"')

    def acts(self, who: dict[str, Any], resource: str, **body: Any) -> dict[str, Any]:
        """Act on the case; again if it moved between reading and acting."""
        for _ in range(5):
            answer = self.tries(who, resource, body)
            if answer.status != 412:
                break
        assert answer.status == 200, (resource, answer.status, answer.body)
        case: dict[str, Any] = answer.body
        return case

    def comes_to_mediation(self, seed: str) -> None:
        """File, and bring the case to where the mediator and the parties sit together."""
        self.files(seed)
        self.waits_for("screened")
        self.acts(CENTRE, "assignment", action="appoint", mediator_id="m-001", judge_id="j-001")
        self.acts(MEDIATOR, "assignment", action="accept")
        self.acts(self.borrower, "consents", party_id="r1", given=True, online=True)
        assert self.waits_for("in_mediation")["accepted_at"]

    def events(self) -> list[dict[str, Any]]:
        """Read everything that happened to the case."""
        answer = self.hub.get(BANK, f"/v1/cases/{self.case_id}/events?limit=100")
        assert answer.status == 200
        items: list[dict[str, Any]] = answer.body["items"]
        return items
