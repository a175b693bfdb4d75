"""Makes the views of a case's papers: pure functions, one module for each family of papers.

Promise: a view says what the sources say; what they don't say is left blank, never guessed. `compose` first
checks what is missing. Downside: the blank does not tell whether there was nothing or it was not recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing.agreement import agreement, confirmation
from chalicelib.adapters.documents.composing.calculation import calculation
from chalicelib.adapters.documents.composing.complaint import complaint
from chalicelib.adapters.documents.composing.mediation import facts, report, service_address
from chalicelib.domain.errors import PaperNotPossible
from chalicelib.domain.papers import PaperKind
from chalicelib.use_cases.papers import what_is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.adapters.documents.registry import View
    from chalicelib.use_cases.papers import PaperSources

_COMPOSERS: Final[Mapping[PaperKind, Callable[[PaperSources], View]]] = {
    PaperKind.MEDIATION_AGREEMENT: agreement,
    PaperKind.CONFIRMATION_APPLICATION: confirmation,
    PaperKind.COMPLAINT: complaint,
    PaperKind.SERVICE_ADDRESS: service_address,
    PaperKind.UNDISPUTED_FACTS: facts,
    PaperKind.MEDIATION_REPORT: report,
    PaperKind.CALCULATION: calculation,
}


def compose(kind: PaperKind, sources: PaperSources) -> View:
    """Return the view of a paper; raises PaperNotPossible naming what is missing."""
    if missing := what_is_missing(kind, sources):
        raise PaperNotPossible(kind, missing)
    return _COMPOSERS[kind](sources)
