"""All templates: the id, the view, the wording and the layout of each.

Promise: an id is never given to another wording. The newest template of a view stands last and is used
unless a caller names another (an older edition that a court still asks for).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from chalicelib.adapters.documents.element_table import codes, codes_of_parties
from chalicelib.adapters.documents.errors import UnknownTemplate
from chalicelib.adapters.documents.templates import (
    agreement,
    calculation,
    card_complaint,
    loan_complaint,
    mediation,
)
from chalicelib.adapters.documents.templates.agreement_2 import agreement_2, agreement_3
from chalicelib.adapters.documents.templates.card_complaint import card_complaint_2024, card_complaint_2025
from chalicelib.adapters.documents.templates.complaint import EDITION_2024, EDITION_2025
from chalicelib.adapters.documents.templates.loan_complaint import loan_complaint_2024, loan_complaint_2025
from chalicelib.adapters.documents.views.calculation import Calculation
from chalicelib.adapters.documents.views.court import CardComplaint, ConfirmationApplication, LoanComplaint
from chalicelib.adapters.documents.views.mediation import (
    MediationAgreement,
    MediationReport,
    ServiceAddressConfirmation,
    UndisputedFacts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.adapters.documents.outline import Outline
    from chalicelib.adapters.documents.templates.elements import Part

View: TypeAlias = (
    Calculation
    | CardComplaint
    | ConfirmationApplication
    | LoanComplaint
    | MediationAgreement
    | MediationReport
    | ServiceAddressConfirmation
    | UndisputedFacts
)


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a paper: the view it takes, its wording, and the layout (`layouts/<n>.typ`) of its PDF.

    `elements` are the parts of a complaint's form, which make its element table (要素表) too.
    """

    template_id: str
    view: type[View]
    lay_out: Callable[[Any], Outline]
    layout: int = 1
    elements: tuple[Part, ...] | None = None


_ALL: Final = (
    Template("mediation_agreement/1", MediationAgreement, agreement.agreement_1),
    Template("mediation_agreement/2", MediationAgreement, agreement_2),
    Template("mediation_agreement/3", MediationAgreement, agreement_3),
    Template("confirmation_application/1", ConfirmationApplication, agreement.confirmation_1),
    Template(
        "loan_complaint/2024", LoanComplaint, loan_complaint_2024, elements=loan_complaint.parts(EDITION_2024)
    ),
    Template(
        "loan_complaint/2025", LoanComplaint, loan_complaint_2025, elements=loan_complaint.parts(EDITION_2025)
    ),
    Template(
        "card_complaint/2024", CardComplaint, card_complaint_2024, elements=card_complaint.parts(EDITION_2024)
    ),
    Template(
        "card_complaint/2025", CardComplaint, card_complaint_2025, elements=card_complaint.parts(EDITION_2025)
    ),
    Template("service_address/1", ServiceAddressConfirmation, mediation.service_address_1),
    Template("undisputed_facts/1", UndisputedFacts, mediation.undisputed_facts_1),
    Template("mediation_report/1", MediationReport, mediation.report_1),
    Template("calculation/1", Calculation, calculation.calculation_1),
)

TEMPLATES: Final[Mapping[str, Template]] = {template.template_id: template for template in _ALL}
_NEWEST: Final[Mapping[type[View], Template]] = {template.view: template for template in _ALL}


def template_for(view: View, template_id: str | None = None) -> Template:
    """Return the template named, or the newest for the view. Raises UnknownTemplate."""
    if template_id is None:
        return _NEWEST[type(view)]
    template = TEMPLATES.get(template_id)
    if template is None or template.view is not type(view):
        raise UnknownTemplate(f"{template_id} is no template for {type(view).__name__}")
    return template


def is_element(case_type: str, code: str) -> bool:
    """Tell whether an institution's column may name this code: of the form's own, or of a party's."""
    side, number, of_party = (*code.split(".", 2), "", "")[:3]
    if side in _SIDES:
        return re.fullmatch("[1-9][0-9]?", number) is not None and of_party in codes_of_parties()
    view = _OF_A_CASE.get(case_type)
    return any(each.view is view and code in codes(each.elements or ()) for each in _ALL)


_SIDES: Final = frozenset({"plaintiffs", "defendants", "third_parties"})
_OF_A_CASE: Final[Mapping[str, type[View]]] = {
    "financial_loan_contract": LoanComplaint,
    "credit_card": CardComplaint,
}
