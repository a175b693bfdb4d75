"""All routes, by audience: the one list that everything else is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api import (
    acts,
    cases,
    court,
    debts,
    documents,
    filings,
    performance,
    policies,
    service,
    settlement,
)

if TYPE_CHECKING:
    from chalicelib.api.operations import Operation

OPERATIONS: Final[tuple[Operation, ...]] = tuple(
    operation
    for audience in (
        filings,
        cases,
        acts,
        debts,
        settlement,
        performance,
        documents,
        court,
        policies,
        service,
    )
    for operation in audience.operations.all
)
