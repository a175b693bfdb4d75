"""Settlements over HTTP: offers, answers, the agreement, signatures, payments, each by the right party.

Promise: only the API moves a case here; codes are read from the fake gateway, as a person reads them, and
time passes as the reconciler's schedule would have it. Downside: one institution, one borrower.
"""

from datetime import date, timedelta
from typing import Any, Final

from chalicelib.domain.calendar import local_date
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.roles import Actor
from chalicelib.use_cases.reconcile import reconcile
from tests.support.bodies import ruled
from tests.support.courses import act, done, in_mediation
from tests.support.fakes.samples import BANK_DETAILS, BORROWER_DETAILS, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api

SIDES: Final = {"a1": "applicant", "r1": "respondent"}
KEPT: Final = "107330.56"
"""The part of the filing's claim that a lump sum keeps."""
INSTALMENTS_KEPT: Final = "110459.35"
"""The part that instalments keep."""
CLAUSE: Final = {"grace_days": 3, "clawback": True, "acceleration": True}
SETTLEMENT: Final[dict[str, Any]] = {
    "account": {"holder": "海滨测试银行", "number": "6217000000000000004", "bank": "测试支行"},
    "default_clause": CLAUSE,
    "confirmation_wanted": True,
}
PAID_ON_THE_SPOT: Final = SETTLEMENT | {
    "default_clause": None,
    "confirmation_wanted": False,
    "receipt_reference": "RECEIPT-1",
}


def today(api: Api) -> date:
    """Return the day in China."""
    return local_date(api.hub.clock.now())


def day(api: Api, days: int) -> str:
    """Return the day so many days from today."""
    return str(today(api) + timedelta(days=days))


def whose(case_id: str, party_id: str) -> Actor:
    """Return the actor of a party."""
    return INSTITUTION if party_id == "a1" else borrower(case_id)


def offer(api: Api, party_id: str = "a1", **changes: Any) -> dict[str, Any]:
    """Return a party's offer of a lump sum within ten days."""
    body = {
        "side": SIDES[party_id],
        "tier": "lump_sum",
        "schedule": {"kind": "lump_sum", "by": day(api, 10)},
        "valid_days": 3,
    }
    return body | changes


def two_parts(api: Api, first: str = "60000.00", second: str = "50459.35") -> dict[str, Any]:
    """Return an offer of two payments, in 20 and in 40 days."""
    parts = [{"on": day(api, 20), "amount": first}, {"on": day(api, 40), "amount": second}]
    return offer(api, tier="instalments", schedule={"kind": "custom", "parts": parts})


def monthly(kind: str = "equal_payment", count: int = 12, **changes: Any) -> dict[str, Any]:
    """Return a schedule of monthly payments from April 2026 on."""
    schedule = {"kind": kind, "year": 2026, "month": 4, "day": 20, "count": count, "annual_percent": "4.35"}
    return schedule | changes


def offers(api: Api, case_id: str, body: dict[str, Any] | None = None, party_id: str = "a1") -> Answer:
    """Let a party make an offer."""
    return act(api, case_id, "offers", body or offer(api, party_id), whose(case_id, party_id))


def answers(api: Api, case_id: str, reply: str, party_id: str = "r1", number: int = 1) -> Answer:
    """Let a party answer an offer, or take its own back."""
    body = {"side": SIDES[party_id], "reply": reply}
    return act(api, case_id, f"offers/{number}/answers", body, whose(case_id, party_id))


def accepted(api: Api, body: dict[str, Any] | None = None, contract_number: str = "JC-1") -> str:
    """Bring a new case to an accepted offer of the institution."""
    case_id = in_mediation(api, contract_number)
    done(offers(api, case_id, body))
    done(answers(api, case_id, "accepted"))
    return case_id


def settled(
    api: Api, body: dict[str, Any] | None = None, terms: Any = SETTLEMENT, contract_number: str = "JC-1"
) -> str:
    """Bring a new case to an agreement that nobody has signed."""
    case_id = accepted(api, body, contract_number)
    done(act(api, case_id, "settlement", terms, MEDIATOR))
    return case_id


def identified(api: Api, case_id: str, party_id: str = "r1", actor: Actor = MEDIATOR) -> None:
    """Let the mediator check who a respondent is, unless that is done or the talks are over."""
    case = api.get(f"/v1/cases/{case_id}", actor).body
    unknown = [each["party_id"] for each in case["parties"] if not each["identified"]]
    if party_id != "a1" and party_id in unknown and "check_identity" in case["allowed_actions"]:
        done(act(api, case_id, "identity-checks", {"party_id": party_id, "how": "video"}, actor))


def code_for(api: Api, case_id: str, party_id: str) -> str:
    """Ask for a code and read it on the party's phone; the mediator knows who asks."""
    identified(api, case_id, party_id)
    url = f"/v1/cases/{case_id}/signing-codes"
    answer = api.post(url, {"party_id": party_id}, whose(case_id, party_id))
    assert answer.status == 202, answer.raw.decode()
    api.hub.run()
    phone = (BANK_DETAILS if party_id == "a1" else BORROWER_DETAILS).phone
    codes = [sent for sent in api.hub.gateway.inbox(phone) if sent.kind is NoticeKind.SIGNING_CODE]
    return codes[-1].values["code"]


def signature(api: Api, case_id: str, party_id: str, **changes: Any) -> dict[str, Any]:
    """Return a party's signature under the current document; its code has to be added."""
    identified(api, case_id, party_id)
    sha256 = api.get(f"/v1/cases/{case_id}").body["agreement_sha256"]
    return {"party_id": party_id, "document_sha256": sha256, **changes}


def signs(api: Api, case_id: str, party_id: str) -> Answer:
    """Let a party ask for its code and sign with it."""
    body = signature(api, case_id, party_id, code=code_for(api, case_id, party_id))
    return act(api, case_id, "signatures", body, whose(case_id, party_id))


def in_force(
    api: Api, body: dict[str, Any] | None = None, terms: Any = SETTLEMENT, contract_number: str = "JC-1"
) -> str:
    """Bring a new case to an agreement that all have signed."""
    case_id = settled(api, body, terms, contract_number)
    for party_id in SIDES:
        done(signs(api, case_id, party_id))
    return case_id


def pays(
    api: Api,
    case_id: str,
    amount: str,
    reference: str = "PAY-1",
    on: str = "",
    actor: Actor = INSTITUTION,
    overpayment: str | None = None,
) -> Answer:
    """Let the institution record a payment, of today unless told otherwise."""
    body = {"reference": reference, "on": on or day(api, 0), "amount": amount}
    body |= {} if overpayment is None else {"overpayment": overpayment}
    answer = api.post(f"/v1/cases/{case_id}/repayments", body, actor)
    api.hub.run()
    return answer


def reverses(api: Api, case_id: str, reference: str = "PAY-1", actor: Actor = INSTITUTION) -> Answer:
    """Let the institution take a payment back."""
    answer = api.post(f"/v1/cases/{case_id}/reversals", {"reference": reference}, actor)
    api.hub.run()
    return answer


def applies(api: Api, case_id: str, party_id: str) -> Answer:
    """Let a party apply for judicial confirmation."""
    body = {"side": SIDES[party_id], "party_id": party_id}
    return act(api, case_id, "confirmation", body, whose(case_id, party_id))


def ruled_on(api: Api, case_id: str, ground: str | None = None) -> str:
    """Let both sides apply and the court rule; return the case's id."""
    for party_id in SIDES:
        done(applies(api, case_id, party_id))
    ruling = {"ruling": "rejected" if ground else "confirmed", "ground": ground}
    answer = api.call_back(ruled(f"{case_id}-C1", **ruling), f"ruling-{case_id}")
    assert answer.status == 202, answer.raw.decode()
    api.hub.run()
    return case_id


def passes(api: Api, days: int) -> None:
    """Let days pass; the hub reconciles and runs on each."""
    for _ in range(days):
        api.hub.clock.advance(days=1)
        reconcile(api.hub)
        api.hub.run()


def seen(api: Api, case_id: str) -> tuple[Any, ...]:
    """Return the case, its events, settlement and documents as read: no refusal may change them."""
    urls = ("", "/events", "/settlement", "/documents")
    return tuple(api.get(f"/v1/cases/{case_id}{url}").body for url in urls)


def settlement_of(api: Api, case_id: str, actor: Actor = INSTITUTION) -> Any:
    """Read the settlement."""
    return api.get(f"/v1/cases/{case_id}/settlement", actor).body
