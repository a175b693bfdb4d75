"""计算说明, from the statement that the arithmetic made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.documents.composing.liability import borrowers
from chalicelib.adapters.documents.composing.people import given, names
from chalicelib.adapters.documents.views.calculation import Calculation
from chalicelib.domain.claim import CaseType
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from chalicelib.use_cases.papers import PaperSources


def calculation(sources: PaperSources) -> Calculation:
    """Return the view of the calculation statement."""
    return Calculation(
        number=sources.case.known_as,
        contract_number=sources.case.contract_number,
        lender=names(sources, Side.APPLICANT),
        borrower=borrowers(sources),
        statement=given(sources.statement),
        made_on=sources.made_on,
        card=sources.case.case_type is CaseType.CREDIT_CARD,
    )
