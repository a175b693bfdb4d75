"""送达地址确认书, 无争议事实记载 and 调解情况报告, from the case.

Promise: none reads the agreement's terms, so none shows a court what was offered (法释〔2016〕14号 22).
Downside: sessions are not recorded in the case, so the report does not list them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing.people import (
    CAUSES,
    DEBT_NAMES,
    ROLES,
    all_sign,
    details_of,
    given,
    mediators,
    participant,
    participants,
    service_of,
)
from chalicelib.adapters.documents.views.common import Signatory
from chalicelib.adapters.documents.views.mediation import (
    MediationReport,
    ServiceAddressConfirmation,
    UndisputedFacts,
)
from chalicelib.domain.calendar import local_date
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import FailureReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.use_cases.papers import PaperSources

REASONS: Final[Mapping[FailureReason, str]] = {
    FailureReason.PARTY_UNREACHABLE: "当事人无法联系",
    FailureReason.PARTY_REFUSES: "当事人拒绝继续调解",
    FailureReason.DIFFERENCES_TOO_LARGE: "各方分歧较大，无法达成调解协议",
    FailureReason.TIME_LIMIT: "调解期限届满，各方未同意延长期限",
    FailureReason.REFUSES_TO_SIGN: "当事人拒绝签署调解协议",
    FailureReason.CONSENT_SILENCE: "当事人在期限内未表示同意调解",
    FailureReason.SUSPECTED_SHAM: "涉嫌虚假调解",
    FailureReason.OTHER: "其他原因",
    # An agreement in force is a contract; that it was broken is not a secret of the mediation.
    FailureReason.AGREEMENT_DEFAULTED: "调解协议生效后，被申请人未按约履行",
    FailureReason.CONFIRMATION_REJECTED: "司法确认申请被裁定驳回，申请人决定起诉",
}
"""终止原因 (OL25)."""

_ENCLOSURES: Final[Mapping[PaperKind, str]] = {
    PaperKind.UNDISPUTED_FACTS: "无争议事实记载",
    PaperKind.SERVICE_ADDRESS: "送达地址确认书",
}


def service_address(sources: PaperSources) -> ServiceAddressConfirmation:
    """Return the view of a party's confirmation of its address for service."""
    case = sources.case
    party = next(party for party in case.parties if party.party_id == sources.party_id)
    return ServiceAddressConfirmation(
        number=case.known_as,
        organisation=sources.names.organisation,
        court=sources.names.court,
        cause=CAUSES[case.case_type],
        role=ROLES[party.side],
        participant=participant(sources, party),
        service=service_of(sources, party.party_id),
        agent=None,
        signatory=Signatory(role="确认人", name=details_of(sources, party.party_id).name),
        made_on=sources.made_on,
    )


def facts(sources: PaperSources) -> UndisputedFacts:
    """Return the view of the facts that the parties confirmed together."""
    return UndisputedFacts(
        number=sources.case.known_as,
        organisation=sources.names.organisation,
        mediators=mediators(sources),
        applicants=participants(sources, Side.APPLICANT),
        respondents=participants(sources, Side.RESPONDENT),
        cause=CAUSES[sources.case.case_type],
        facts=sources.facts,
        signatories=all_sign(sources),
        made_on=sources.made_on,
    )


def report(sources: PaperSources) -> MediationReport:
    """Return the view of the report to the court."""
    case = sources.case
    return MediationReport(
        number=case.known_as,
        court=sources.names.court,
        organisation=sources.names.organisation,
        mediators=mediators(sources),
        guiding_judge=sources.judge_name,
        applicants=participants(sources, Side.APPLICANT),
        respondents=participants(sources, Side.RESPONDENT),
        cause=CAUSES[case.case_type],
        claim=case.claim,
        accepted_on=local_date(given(case.mediating_since)),
        ended_on=local_date(given(case.ended_at)),
        extended_days=case.extended_days,
        sessions=None,
        agreed=case.failure is None,
        reason=REASONS[case.failure] if case.failure else None,
        undisputed_facts=PaperKind.UNDISPUTED_FACTS in sources.papers,
        addresses_confirmed=PaperKind.SERVICE_ADDRESS in sources.papers,
        enclosures=tuple(name for kind, name in _ENCLOSURES.items() if kind in sources.papers),
        signatory=Signatory(role="调解组织", name=sources.names.organisation),
        made_on=sources.made_on,
        debt=DEBT_NAMES[case.case_type],
    )
