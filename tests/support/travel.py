"""Plays the roles of a journey over HTTP; each call reads as a sentence."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

from infra.local.court.clock import day_in_china
from infra.local.demo.people import filing
from infra.local.demo.phones import Phones
from infra.local.demo.script import fen, yuan
from infra.local.enrolment import ACCOUNT
from infra.local.stack import COURT_ID
from tests.support.aws import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    import urllib3

    from infra.local.demo.client import Answer, HubClient
    from infra.local.passing import Passing
    from infra.local.stack import Stack

BANK: Final = {"role": "institution", "sub": "bank-system", "institution_id": "bank-rcb"}
OTHER_BANK: Final = {"role": "institution", "sub": "bank-system", "institution_id": "bank-psbc"}
CENTRE: Final = {"role": "centre", "sub": "centre-1", "court_id": COURT_ID}
MEDIATOR: Final = {"role": "mediator", "sub": "m-1", "court_id": COURT_ID, "mediator_id": "m-001"}
JUDGE: Final = {"role": "judge", "sub": "j-1", "court_id": COURT_ID, "judge_id": "j-001"}
COURT: Final = {"role": "court", "sub": "court-system", "court_id": COURT_ID}
_PATIENCE_SECONDS: Final = 600.0
_LOOK_SECONDS: Final = 0.2
FIRST_DUE_DAYS: Final = 14
"""Days until a plan begins."""


@dataclass
class Traveller:
    """Acts on one case at a time; every act must be accepted."""

    stack: Stack
    hub: HubClient
    http: urllib3.PoolManager
    passing: Passing | None
    """How time passes; None where it passes by itself."""
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
        """Let time pass until the case stands at one of the stages; return it."""
        return self.waits_until(lambda case: case["stage"] in stages)

    def waits_until(self, reached: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Let time pass, as far as no work is under way, until the case is as it should be; return it."""
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        mark = self.passing.mark() if self.passing else 0
        while not reached(case := self.reads()):
            assert time.monotonic() < give_up_at, f"still {case['stage']}"
            self.stack.check()
            if self.passing is None:
                time.sleep(_LOOK_SECONDS)
            else:
                self.passing.pass_on(mark)
                mark = self.passing.mark()
        return case

    def tries(self, who: dict[str, Any], resource: str, body: dict[str, Any]) -> Answer:
        """Ask for an act on the case as it stands."""
        version = self.reads()["version"]
        return self.hub.post(who, f"/v1/cases/{self.case_id}/{resource}", body, If_Match=f'"{version}"')

    def acts(self, who: dict[str, Any], resource: str, **body: Any) -> dict[str, Any]:
        """Act on the case; retry if it changed between reading and acting."""
        for _ in range(5):
            answer = self.tries(who, resource, body)
            if answer.status != 412:
                break
        assert answer.status == 200, (resource, answer.status, answer.body)
        case: dict[str, Any] = answer.body
        return case

    def comes_to_mediation(self, seed: str) -> None:
        """File a case, and bring it into mediation."""
        self.files(seed)
        self.waits_for("screened")
        self.acts(CENTRE, "assignment", action="appoint", mediator_id="m-001", judge_id="j-001")
        self.acts(MEDIATOR, "assignment", action="accept")
        self.acts(self.borrower, "consents", party_id="r1", given=True, online=True)
        assert self.waits_for("in_mediation")["accepted_at"]
        self.acts(MEDIATOR, "identity-checks", party_id="r1", how="video")

    def events(self) -> list[dict[str, Any]]:
        """Read everything that happened to the case."""
        answer = self.hub.get(BANK, f"/v1/cases/{self.case_id}/events?limit=100")
        assert answer.status == 200
        items: list[dict[str, Any]] = answer.body["items"]
        return items

    def in_days(self, days: int) -> str:
        """Write the day so many days from today, by the hub's clock."""
        return (day_in_china(self.stack.clock.now()) + timedelta(days=days)).isoformat()

    def settlement(self, who: dict[str, Any] = CENTRE) -> dict[str, Any]:
        """Read offers, agreement, signatures and payments."""
        answer = self.hub.get(who, f"/v1/cases/{self.case_id}/settlement")
        assert answer.status == 200, (answer.status, answer.code)
        body: dict[str, Any] = answer.body
        return body

    def lump_sum(self) -> dict[str, Any]:
        """Return an offer of one payment."""
        return {"tier": "lump_sum", "schedule": {"kind": "lump_sum", "by": self.in_days(FIRST_DUE_DAYS)}}

    def instalments(self, count: int = 2) -> dict[str, Any]:
        """Propose so many payments, three days apart, of what is kept when half is waived."""
        owed = self.settlement()["owed"]
        waived = sum((fen(owed[name]) + 1) // 2 for name in ("penalty_interest", "compound_interest"))
        kept = fen(owed["total"]) - waived
        amounts = [kept // count] * (count - 1)
        amounts.append(kept - sum(amounts))
        parts = [
            {"on": self.in_days(FIRST_DUE_DAYS + 3 * number), "amount": yuan(amount)}
            for number, amount in enumerate(amounts)
        ]
        return {"tier": "instalments", "schedule": {"kind": "custom", "parts": parts}}

    def offers(self, who: dict[str, Any], terms: dict[str, Any]) -> dict[str, Any]:
        """Let a side make an offer."""
        return self.acts(who, "offers", side=_side(who), valid_days=5, **terms)

    def accepts(self, who: dict[str, Any]) -> dict[str, Any]:
        """Let a side accept the other one's open offer."""
        number = self.reads()["offer"]["number"]
        return self.acts(who, f"offers/{number}/answers", side=_side(who), reply="accepted")

    def settles(self, **more: Any) -> dict[str, Any]:
        """Let the mediator draw up the agreement from the accepted offer."""
        clause = {"grace_days": 1, "clawback": True, "acceleration": True}
        body = {"account": ACCOUNT, "default_clause": clause, "confirmation_wanted": False, **more}
        return self.acts(MEDIATOR, "settlement", **body)

    def reads_code(self, party_id: str) -> str:
        """Wait for a party's one-time code, and read it on the party's phone."""
        holder = self.filed["applicant"] if party_id == "a1" else self.filed["respondents"][0]
        phones = Phones(self.stack.sms_url, self.http)
        return str(eventually(lambda: phones.latest_code(holder["phone"], self.case_id), seconds=30))

    def signs(self, who: dict[str, Any], party_id: str) -> dict[str, Any]:
        """Let a party ask for its code and sign with it."""
        path = f"/v1/cases/{self.case_id}/signing-codes"
        assert self.hub.post(who, path, {"party_id": party_id}).status == 202
        document, code = self.reads()["agreement_sha256"], self.reads_code(party_id)
        return self.acts(who, "signatures", party_id=party_id, document_sha256=document, code=code)

    def agrees(self, terms: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Offer, accept, draw up and sign: the agreement is in force."""
        self.offers(BANK, terms)
        self.accepts(self.borrower)
        self.settles(**more)
        self.signs(BANK, "a1")
        return self.signs(self.borrower, "r1")

    def pays(self, reference: str, amount: str) -> dict[str, Any]:
        """Let the institution record a payment of today."""
        body = {"reference": reference, "on": self.in_days(0), "amount": amount}
        answer = self.hub.post(BANK, f"/v1/cases/{self.case_id}/repayments", body)
        assert answer.status == 200, (answer.status, answer.body)
        case: dict[str, Any] = answer.body
        return case


def _side(who: dict[str, Any]) -> str:
    return "respondent" if who["role"] == "borrower" else "applicant"
