"""Two lives of a case, as its people live them: to the court, and to an agreement that is kept.

Promise: each act is asked of the API on the version that its actor has just read; the machinery runs between
acts, and the sweep every day. Nobody waits for a limit to pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.calendar import local_date
from infra.local.demo.script import fen, yuan
from tests.support.bodies import docketed, filing, reviewed, ruled
from tests.support.fakes import COURT_ID
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, borrower

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.roles import Actor
    from tests.faults.world import World

_DAYS_TO_FIND_IT: Final = 3
BANK_PHONE: Final = "13905932822"
BORROWER_PHONE: Final = "13800001234"
ACCOUNT: Final = {"holder": "海滨测试银行", "number": "6217000000000000004", "bank": "测试支行"}
ENROLMENT: Final = {
    "institution_id": INSTITUTION.institution_id,
    **{name: filing()["applicant"][name] for name in ("name", "unified_social_credit_code")},
    "courts": [COURT_ID],
    "accounts": [ACCOUNT],
    "reason": "签订入驻协议",
}
CLAUSE: Final = {"grace_days": 1, "clawback": True, "acceleration": True}


@dataclass
class Life:
    """A case and the world that it lives in."""

    world: World
    read_code: Callable[[str, str], str]
    """Reads the latest one-time code of a case on a phone."""
    case_id: str = ""

    def file(self) -> None:
        """Let the centre enrol the institution, and that file."""
        enrolled = self.world.ask("POST", "/v1/institutions", CENTRE, ENROLMENT, If_Match='"0"')
        assert enrolled.status == 201, enrolled.raw
        body = filing(applicant__phone=BANK_PHONE)
        answer = self.world.ask("POST", "/v1/filings", INSTITUTION, body, Idempotency_Key="file-1")
        assert answer.status in {200, 201}, answer.raw
        self.case_id = answer.body["case_id"]
        self.world.drive()

    @property
    def borrower(self) -> Actor:
        """The case's borrower."""
        return borrower(self.case_id)

    def read(self, part: str = "", actor: Actor = CENTRE) -> Any:
        """Read the case, or a part of it."""
        answer = self.world.ask("GET", f"/v1/cases/{self.case_id}{part}", actor)
        assert answer.status == 200, answer.raw
        return answer.body

    def act(self, actor: Actor, resource: str, **body: Any) -> Any:
        """Act on the case as it stands; then the machinery goes on."""
        version = self.read()["version"]
        url = f"/v1/cases/{self.case_id}/{resource}"
        answer = self.world.ask("POST", url, actor, body, If_Match=f'"{version}"')
        assert answer.status == 200, (resource, answer.raw)
        self.world.drive()
        return answer.body

    def stands(self, stage: str) -> Any:
        """Check where the case stands; what was lost on the way is found by a sweep within days."""
        for _ in range(_DAYS_TO_FIND_IT):
            if (case := self.read())["stage"] == stage:
                return case
            self.world.days_pass(1)
        raise AssertionError(f"still {case['stage']}, not {stage}")

    def comes_to_mediation(self) -> None:
        """File, appoint, accept and consent."""
        self.file()
        self.stands("screened")
        self.act(CENTRE, "assignment", action="appoint", mediator_id="m-1", judge_id="j-1")
        self.act(MEDIATOR, "assignment", action="accept")
        self.act(self.borrower, "consents", party_id="r1", given=True, online=True)
        self.stands("in_mediation")
        self.act(MEDIATOR, "identity-checks", party_id="r1", how="video")
        self.world.days_pass(1)

    def is_told_by_the_court(self, number: int, body: Any) -> None:
        """Let the court send a callback."""
        answer = self.world.call_back(f"msg-{number}", body)
        assert answer.status == 202, answer.raw
        self.world.drive()

    def is_fetched_by_the_court(self, transfer_id: str) -> None:
        """Let the court read the dossier with all its documents."""
        path = f"/v1/court/transfers/{transfer_id}"
        dossier = self.world.ask("GET", path, COURT)
        assert dossier.status == 200, dossier.raw
        for entry in dossier.body["manifest"]:
            document = self.world.ask("GET", f"{path}/documents/{entry['document_id']}", COURT)
            assert document.status == 200, document.raw

    def signs(self, actor: Actor, party_id: str, phone: str) -> None:
        """Let a party ask for its code, and sign with it."""
        url = f"/v1/cases/{self.case_id}/signing-codes"
        assert self.world.ask("POST", url, actor, {"party_id": party_id}).status == 202
        self.world.drive()
        document, code = self.read()["agreement_sha256"], self.read_code(phone, self.case_id)
        self.act(actor, "signatures", party_id=party_id, document_sha256=document, code=code)

    def pays(self, reference: str, amount: str) -> None:
        """Let the institution record a payment of today."""
        body = {"reference": reference, "on": self.day(0), "amount": amount}
        answer = self.world.ask("POST", f"/v1/cases/{self.case_id}/repayments", INSTITUTION, body)
        assert answer.status == 200, answer.raw
        self.world.drive()

    def day(self, days: int) -> str:
        """Write the day so many days from today."""
        return (local_date(self.world.clock.now()) + timedelta(days=days)).isoformat()

    def instalments(self) -> dict[str, Any]:
        """Return two payments of what is kept when half of the penalties is waived."""
        owed = self.read("/settlement")["owed"]
        kept = fen(owed["total"]) - sum(
            (fen(owed[name]) + 1) // 2 for name in ("penalty_interest", "compound_interest")
        )
        parts = [
            {"on": self.day(5), "amount": yuan(kept // 2)},
            {"on": self.day(7), "amount": yuan(kept - kept // 2)},
        ]
        return {"tier": "instalments", "schedule": {"kind": "custom", "parts": parts}}


def goes_to_the_court(life: Life) -> None:
    """Mediation fails, the bank insists, the court takes the case over and dockets it."""
    life.comes_to_mediation()
    life.act(MEDIATOR, "failure", reason="differences_too_large")
    life.stands("unresolved")
    life.act(INSTITUTION, "transfer", insists=True)
    transfer_id = life.stands("submitted")["transfer"]["transfer_id"]
    life.is_fetched_by_the_court(transfer_id)
    life.is_told_by_the_court(1, reviewed(transfer_id))
    life.world.days_pass(1)
    life.is_told_by_the_court(2, reviewed(transfer_id, "accepted"))
    life.is_told_by_the_court(3, docketed(transfer_id))
    life.stands("docketed")


def is_settled_and_performed(life: Life) -> None:
    """Offer, counter-offer, agreement, signatures, judicial confirmation, reminders and two payments."""
    life.comes_to_mediation()
    terms = life.instalments()
    lump_sum = {"tier": "lump_sum", "schedule": {"kind": "lump_sum", "by": life.day(5)}}
    life.act(INSTITUTION, "offers", side="applicant", valid_days=5, **lump_sum)
    life.act(life.borrower, "offers", side="respondent", valid_days=5, **terms)
    life.act(INSTITUTION, "offers/2/answers", side="applicant", reply="accepted")
    life.act(MEDIATOR, "settlement", account=ACCOUNT, default_clause=CLAUSE, confirmation_wanted=True)
    life.signs(INSTITUTION, "a1", BANK_PHONE)
    life.signs(life.borrower, "r1", BORROWER_PHONE)
    life.stands("performing")
    life.act(INSTITUTION, "confirmation", side="applicant", party_id="a1")
    life.act(life.borrower, "confirmation", side="respondent", party_id="r1")
    life.world.days_pass(1)
    transfer_id = f"{life.case_id}-C1"
    life.is_fetched_by_the_court(transfer_id)
    life.is_told_by_the_court(1, reviewed(transfer_id, "accepted"))
    life.is_told_by_the_court(2, ruled(transfer_id))
    lines = life.read("/settlement")["agreement"]["plan"]["lines"]
    life.world.days_pass(3)
    life.pays("PAY-1", lines[0]["amount"])
    life.world.days_pass(2)
    life.pays("PAY-2", lines[1]["amount"])
    life.stands("performed")
