"""What is owed and why: the statement of a case, and the same calculation without one.

Promise: one shape for both; a day or a debt that can't be computed is a fault of the request, with a pointer.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Annotated

from chalicelib.api.domain_faults import IN_THE_DEBT, errors_at_pointer
from chalicelib.api.operations import Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import CaseId
from chalicelib.api.schemas.calculations import CalculationIn, calculation_faults
from chalicelib.api.schemas.debt_fields import DebtDay
from chalicelib.api.schemas.statements import StatementOut, statement_out
from chalicelib.domain.errors import CaseNotFound, DebtNotKnown
from chalicelib.domain.stages import Action
from chalicelib.use_cases.calculate import calculate
from chalicelib.use_cases.read_statement import read_statement

operations = Operations("debts")

AsOf = Annotated[
    DebtDay | None,
    Place("query", "The cut-off day; without it the claim's · 截至日，默认为请求的截至日"),
]


@operations.get(
    "/v1/cases/{case_id}/statement",
    "债务计算明细",
    Answered(model=StatementOut),
    actions=(Action.READ_STATEMENT,),
    refusals=(CaseNotFound, DebtNotKnown),
)
def show_statement(call: Call, case_id: CaseId, as_of: AsOf = None) -> Reply:
    """Explain a case's debt: each amount with its days, base, rate and rule.

    The claim is compared as of its own day. The mediation itself interrupts limitation (Civil Code 195).
    """
    with errors_at_pointer({}, "/as_of", part="query"):
        return Reply(statement_out(read_statement(call.hub, call.actor, case_id, as_of)))


@operations.post(
    "/v1/calculations",
    "试算债务",
    Answered(model=StatementOut),
    actions=(Action.CALCULATE,),
    check=calculation_faults,
)
def make_calculation(call: Call, body: CalculationIn) -> Reply:
    """Compute a debt before it is filed; nothing is stored.

    With a claim of the same day, `comparison` says line by line whether a filing would be taken.
    """
    claim = None if body.claim is None else body.claim.claim()
    with errors_at_pointer(IN_THE_DEBT, "/as_of"):
        found = calculate(call.hub, call.actor, body.debt.debt(), body.as_of, claim, body.court_id)
    return Reply(statement_out(found))
