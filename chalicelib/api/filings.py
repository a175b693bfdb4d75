"""Routes for banks: file a dispute, and find the bank's own cases against a person.

Promise: a filing is answered once; the same key with the same body again gets the same answer.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalicelib.api.domain_faults import IN_THE_DEBT, errors_at_pointer
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import IdempotencyKey, etag
from chalicelib.api.schemas.cases import PersonSearchOut
from chalicelib.api.schemas.filings import (
    FilingIn,
    FilingOut,
    Warned,
    earlier_cases,
    filing_faults,
    filing_warnings,
    in_the_filing,
)
from chalicelib.api.schemas.people import PersonSearchIn
from chalicelib.api.wording import wording
from chalicelib.domain.errors import (
    ApplicationNotFound,
    DuplicateFiling,
    IdempotencyKeyReused,
    InstitutionNotEnrolled,
    InstitutionSuspended,
    RuleViolated,
)
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.stages import Action
from chalicelib.use_cases.file_dispute import file_dispute
from chalicelib.use_cases.look_up_person import look_up_person
from chalicelib.use_cases.records import Idempotency

operations = Operations("institutions")


@operations.post(
    "/v1/filings",
    "提交纠纷调解申请",
    Answered(model=FilingOut, status=201, headers=("Location", "ETag", "Idempotent-Replayed")),
    actions=(Action.FILE,),
    refusals=(
        DuplicateFiling,
        IdempotencyKeyReused,
        ClaimDiffers,
        InstitutionNotEnrolled,
        InstitutionSuspended,
        ApplicationNotFound,
        RuleViolated,
    ),
    check=filing_faults,
)
def submit_filing(call: Call, idempotency_key: IdempotencyKey, body: FilingIn) -> Reply:
    """File a dispute for mediation, in the name of the enrolled institution or of one of its branches.

    Two cases of one contract can be open at the same time only if they share no instalment: another filing
    gets 409 with `existing_case_id` and `existing_instalment_scope`. A contract's number is the same one in
    another case or width, or with spaces. All faults of a filing are told at once, and nothing is stored
    then. `warnings` name what was accepted but may be a slip: a card number whose check digit does not fit,
    a phone that can't get a one-time code, characters that papers show as code points, a case about the same
    instalments that is over (`filed_before`). With `debt` the claim is compared with
    the computed one; beyond the court's tolerance it is refused (`claim_differs`). With `application_id` the
    filing answers a borrower's own application, of which the centre asked your institution.
    """
    command = body.command(call.actor.institution_id or "")
    idempotency = Idempotency(
        caller=command.institution_id, key=idempotency_key, body_sha256=_digest(call.body)
    )
    with errors_at_pointer(IN_THE_DEBT | in_the_filing(command), "/claim/as_of"):
        filed = file_dispute(call.hub, call.actor, command, idempotency)
    warnings = [
        Warned.of(slip, message=wording(slip.code, slip.values).to(call.language))
        for slip in (*filing_warnings(body, call.hub), *earlier_cases(filed.before))
    ]
    return Reply(
        FilingOut.of(filed, warnings=warnings),
        {
            "Location": f"/v1/cases/{filed.case_id}",
            "ETag": etag(filed.version),
            **({"Idempotent-Replayed": "true"} if filed.replayed else {}),
        },
        case_id=filed.case_id,
    )


@operations.post(
    "/v1/case-searches",
    "按证件号码查找本机构案件",
    Answered(model=PersonSearchOut),
    actions=(Action.LOOK_UP_PERSON,),
)
def search_cases(call: Call, body: PersonSearchIn) -> Reply:
    """Find the institution's own cases against the holder of an id number.

    The number travels in the body, never in an address, and is compared through its HMAC.
    """
    return Reply(PersonSearchOut(case_ids=list(look_up_person(call.hub, call.actor, body.id_number))))


def _digest(body: Mapping[str, Any]) -> str:
    # Hash the content, not the bytes: a retry may write the same JSON in another order.
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
