"""A borrower applies for a mediation itself; the centre takes it up, so that the bank's filing can answer it.

Promise: it does what people do: ask for a code, read it on the phone, show it, apply; then the centre names
the bank. Nothing waits: while the code has not come, the caller tries again. Downside: whoever is refused for
another reason ends the demo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.demo.client import Answer, HubClient
    from infra.local.demo.phones import Phones


_ASK_AGAIN_AFTER: Final = 20
"""Tries. A code that was asked for is on its way, or its gateway is down; too many requests are refused."""


def apply(
    hub: HubClient,
    phones: Phones,
    filing: Mapping[str, Any],
    institution_id: str,
    key: str,
    memory: dict[str, Any],
) -> str | None:
    """Return the id of the application that a filing is to answer; None while there is no good code.

    Raises RuntimeError for a refusal.
    """
    borrower, nobody = filing["respondents"][0], {"role": "ops", "sub": "nobody", "court_id": COURT_ID}
    phone = borrower["phone"]
    code = phones.application_code(phone)
    visit = hub.post(nobody, "/v1/application-visits", {"phone": phone, "code": code}) if code else None
    if visit is None or not visit.ok:
        tries = memory["tries_to_apply"] = memory.get("tries_to_apply", 0) + 1
        if tries % _ASK_AGAIN_AFTER == 1:
            hub.post(nobody, "/v1/application-codes", {"phone": phone})
        return None
    told = {name: borrower[name] for name in ("name", "id_number", "id_document") if borrower.get(name)}
    wish = {"lender": filing["applicant"]["name"], "asks": ["instalments"], "hardship": "harvest"}
    proof = {"visit_token": visit.body["visit_token"], "court_id": COURT_ID}
    body = {**proof, **told, **wish}
    applied = _taken(hub.post(nobody, "/v1/applications", body, Idempotency_Key=key)).body
    centre = {"role": "centre", "sub": "centre-system", "court_id": COURT_ID}
    path = f"/v1/applications/{applied['application_id']}/taking-up"
    _taken(hub.post(centre, path, {"institution_id": institution_id}, If_Match='"1"'))
    application_id: str = applied["application_id"]
    return application_id


def _taken(answer: Answer) -> Answer:
    if not answer.ok:
        raise RuntimeError(f"an application was refused: {answer.status} {answer.code} {answer.body}")
    return answer
