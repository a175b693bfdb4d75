"""Example cases, and the token claims of everybody involved in them."""

from __future__ import annotations

import itertools
import time
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo.people import filing
from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.demo.client import HubClient

INSTITUTION: Final = {"role": "institution", "sub": "bank-system", "institution_id": "bank-rcb"}
_KEY: Final = "example-case"
_TALKS_KEY: Final = "example-talks"
_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.2


def example_filing(name: str, number: int = 1) -> dict[str, Any]:
    """Return a filing made up from a name, the same for the same name and day."""
    return filing(Random(name), number, COURT_ID, _today())  # noqa: S311 - an example is no secret


def example_case(hub: HubClient) -> str:
    """File the example case, or find it on a stack that has it already; return its id."""
    return _filed(hub, _KEY, example_filing(_KEY))


def talks_filing(name: str = _TALKS_KEY, number: int = 3) -> dict[str, Any]:
    """Return the filing of a case whose parties talk: against one borrower."""
    made = example_filing(name, number)
    return {**made, "respondents": made["respondents"][:1]}


def talks_case(hub: HubClient, name: str = _TALKS_KEY, number: int = 3) -> Mapping[str, Any]:
    """File a case whose parties talk and bring it into mediation; return it as it stands then.

    If the stack has the case already, it may be at a later stage.
    """
    case_id = _filed(hub, name, talks_filing(name, number))
    claims, path = role_claims(case_id), f"/v1/cases/{case_id}"
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        view: Mapping[str, Any] = hub.get(claims["centre"], path).body
        if view["stage"] not in {"filed", "screened", "assigned"}:
            _talk(hub, case_id)
            return view
        act = _towards_mediation(view)
        if act is not None:
            role, resource, body = act
            hub.post(claims[role], f"{path}/{resource}", body, If_Match=f'"{view["version"]}"')
        time.sleep(_LOOK_SECONDS)
    raise RuntimeError("the example's parties never came together")


def open_talks(hub: HubClient) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return a case in which nobody has offered yet, and its filing; on a kept table earlier ones may be."""
    tried = itertools.chain(((_TALKS_KEY, 3),), ((f"{_TALKS_KEY}-{n}", 1000 + n) for n in itertools.count(1)))
    for name, number in tried:
        view = talks_case(hub, name, number)
        if view["stage"] == "in_mediation" and view["offer"] is None:
            return view, talks_filing(name, number)
    raise AssertionError("there is always another number")


def _talk(hub: HubClient, case_id: str) -> None:
    """Let borrower and mediator write, and the mediator ask the judge; once, by the keys."""
    claims, path = role_claims(case_id), f"/v1/cases/{case_id}"
    for role, resource, body in (
        ("borrower", "messages", {"text": "请问可以分期还吗？"}),
        ("mediator", "messages", {"thread": "r1", "text": "可以，我先问银行。"}),
        ("mediator", "guidance", {"text": "借款人自愿承诺还款的，诉讼时效如何计算？"}),
    ):
        hub.post(claims[role], f"{path}/{resource}", body, Idempotency_Key=f"{case_id}-{role}-{resource}")


def _towards_mediation(view: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]] | None:
    match view["stage"]:
        case "screened":
            body = {"action": "appoint", "mediator_id": "m-001", "judge_id": "j-001"}
            return "centre", "assignment", body
        case "assigned" if view["accepted_at"] is None:
            return "mediator", "assignment", {"action": "accept"}
        case "assigned":
            return "borrower", "consents", {"party_id": "r1", "given": True, "online": True}
        case _:
            return None


def key_of_today(name: str) -> str:
    """Return the key of an example that is filed today: its body holds the day, so each day has a key."""
    return f"{name}-{_today().isoformat()}"


def _today() -> date:
    return date.today()  # noqa: DTZ011 - an example's own day


def _filed(hub: HubClient, name: str, filing_: dict[str, Any]) -> str:
    # On a table that was kept, the case of an earlier day is the same claim and is found again.
    answer = hub.post(INSTITUTION, "/v1/filings", filing_, Idempotency_Key=key_of_today(name))
    if not answer.ok and answer.code != "duplicate_filing":
        raise RuntimeError(f"the example case was refused: {answer.status} {answer.code}")
    return str(answer.body["case_id"] if answer.ok else answer.body["existing_case_id"])


def role_claims(case_id: str) -> dict[str, dict[str, Any]]:
    """Return a token's claims for each role around a case."""
    staff = {"court_id": COURT_ID}
    return {
        "institution": INSTITUTION,
        "centre": {"role": "centre", "sub": "centre-1", **staff},
        "mediator": {"role": "mediator", "sub": "m-001", "mediator_id": "m-001", **staff},
        "judge": {"role": "judge", "sub": "j-001", "judge_id": "j-001", **staff},
        "borrower": {"role": "borrower", "sub": "b-1", "case_ids": [f"{case_id}:r1"]},
        "court": {"role": "court", "sub": "court-1", **staff},
        "ops": {"role": "ops", "sub": "ops-1", **staff},
        "data_protection": {"role": "data_protection", "sub": "dp-1", **staff},
    }
