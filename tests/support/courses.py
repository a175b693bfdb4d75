"""Cases brought to a stage over HTTP, each act by the role that does it and on the version it read.

Promise: only the API moves a case here; the hub's own steps run in between. So a test finds at a stage
what callers would find there.
"""

from typing import Any

from chalicelib.domain.roles import Actor
from tests.support.bodies import filing
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api


def file_case(api: Api, contract_number: str = "JC-1", actor: Actor = INSTITUTION, **told: Any) -> str:
    """File a dispute, with what a test tells of it, and let the hub screen it; return the case's id."""
    body = filing(contract_number=contract_number, **told)
    answer = api.post("/v1/filings", body, actor, Idempotency_Key=f"file-{contract_number}")
    assert answer.status == 201, answer.raw
    api.hub.run()
    return str(answer.body["case_id"])


def act(api: Api, case_id: str, resource: str, body: Any, actor: Actor = INSTITUTION) -> Answer:
    """Act on a case as it is now, then let the hub run."""
    version = api.hub.cases.get(case_id).version
    answer = api.post(f"/v1/cases/{case_id}/{resource}", body, actor, If_Match=f'"{version}"')
    api.hub.run()
    return answer


def done(answer: Answer) -> Any:
    """Return the case in an act's answer; fails if the act was refused."""
    assert answer.status == 200, answer.raw.decode()
    return answer.body


APPOINTMENT = {"action": "appoint", "mediator_id": "m-1", "judge_id": "j-1"}


def in_mediation(api: Api, contract_number: str = "JC-1", **told: Any) -> str:
    """Bring a new case into mediation."""
    case_id = file_case(api, contract_number, **told)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    consent = {"party_id": "r1", "given": True, "online": True}
    done(act(api, case_id, "consents", consent, borrower(case_id)))
    return case_id


def submitted(api: Api, contract_number: str = "JC-1", **told: Any) -> str:
    """Bring a new case through a failed mediation to the court."""
    case_id = in_mediation(api, contract_number, **told)
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    done(act(api, case_id, "transfer", {"insists": True}))
    assert api.hub.cases.get(case_id).stage == "submitted"
    return case_id
