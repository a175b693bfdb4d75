"""Build a submission: the dossier that the court will fetch, and the short message that lists it.

Promise: a second build lists the same documents: they are stored before the manifest is fixed, and every
later message lists the fixed manifest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain import court_application as application
from chalicelib.domain.claim import Track
from chalicelib.domain.dossier import claim_figures, documents, facts_for_court, manifest, seal_of
from chalicelib.domain.papers import PDF, PaperKind
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.transfer import Matter
from chalicelib.use_cases.capability_ports import CourtEvidence, DefencesForCourt, DraftsSeen
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.paper_sources import CaseSources, sources_of
from chalicelib.use_cases.papers import PaperRequest, what_is_missing
from chalicelib.use_cases.records import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalicelib.domain.case import Case
    from chalicelib.domain.court_application import ApplicationFacts
    from chalicelib.domain.dossier import DossierDocument, DossierFacts, ManifestEntry
    from chalicelib.domain.papers import StoredPaper
    from chalicelib.use_cases.ports import Hub

_AFTER_A_MEDIATION: Final = (PaperKind.COMPLAINT, PaperKind.CALCULATION, PaperKind.MEDIATION_REPORT)
# The calculation from the contract does not show what is owed under an agreement.
_AFTER_AN_AGREEMENT: Final = (PaperKind.MEDIATION_REPORT,)
_CONFIRMED_BY_THE_PARTIES: Final = frozenset({PaperKind.UNDISPUTED_FACTS, PaperKind.SERVICE_ADDRESS})


def build_submission(hub: Hub, case: Case, matter: Matter) -> Submission:
    """Store the dossier of this matter if it is not stored yet, and return the message about it."""
    if matter is Matter.SUIT:
        return _suit(hub, case)
    settlement, details = settlement_of(hub, case), hub.cases.details(case)
    made = (
        application.application_to_confirm
        if matter is Matter.CONFIRMATION
        else application.application_to_enforce
    )
    facts = made(case, settlement, details)
    entries = _fixed(hub, case, facts.transfer_id, lambda: _application(hub, case, facts))
    about = {
        "case_number": case.case_number,
        "matter": matter,
        "agreement": application.submission(facts),
        "mediation": {
            "accepted_on": facts.accepted_on.isoformat() if facts.accepted_on else None,
            "ended_on": facts.agreed_on.isoformat(),
            "reason": None,
        },
        "replaces": case.transfer.replaces if matter is Matter.ENFORCEMENT and case.transfer else None,
        **_seen(hub, case),
    }
    return _message(hub, facts, about, entries)


def _suit(hub: Hub, case: Case) -> Submission:
    sources = CaseSources(hub, case)
    facts = facts_for_court(case, sources.details)

    def built() -> tuple[DossierDocument, ...]:
        seal = seal_of(hub.cases.events(case.case_id, after=0))
        defences = hub.part(DefencesForCourt).documents(case)
        return (*documents(facts, seal), *_papers(hub, case, sources), *defences)

    about = {
        "case_number": case.case_number,
        "mediation": {
            "accepted_on": facts.accepted_on.isoformat() if facts.accepted_on else None,
            "ended_on": facts.ended_on.isoformat() if facts.ended_on else None,
            "reason": facts.reason,
        },
        "replaces": case.transfer.replaces if case.transfer else None,
        **_seen(hub, case),
    }
    return _message(hub, facts, about, _fixed(hub, case, facts.transfer_id, built))


def _seen(hub: Hub, case: Case) -> dict[str, list[str]]:
    """Return which judges have seen a draft of the parties' agreement, for who allots the case."""
    judges = hub.part(DraftsSeen).judges(case)
    return {"draft_seen_by": list(judges)} if judges else {}


def _papers(hub: Hub, case: Case, sources: CaseSources) -> Iterator[DossierDocument]:
    """Yield the papers that go with a suit, as far as the case has what they need."""
    for kind in _AFTER_AN_AGREEMENT if case.confirmation else _AFTER_A_MEDIATION:
        request = PaperRequest(kind=kind)
        own = sources.of(request)
        if what_is_missing(kind, own):
            continue
        drawn = hub.renderer.make(kind, own, request.wanted)
        yield application.paper(kind, drawn.media_type, drawn.content)
    for kept in sources.papers:
        if _goes_along(case, kept):
            _, content = hub.papers.get(case.case_id, kept.document_id)
            number = kept.document_id[:8]
            yield application.paper(kept.kind, kept.media_type, content, number)


def _goes_along(case: Case, kept: StoredPaper) -> bool:
    """Tell whether a stored paper goes to the court: one that the parties confirmed, never an offer.

    An agreement that was in force and is sued on is a contract, so it goes too; one that was rejected, or
    never signed, stays in the mediation (TY22).
    """
    if kept.document_id == case.agreement_sha256:
        return case.failure is FailureReason.AGREEMENT_DEFAULTED
    return kept.kind in _CONFIRMED_BY_THE_PARTIES and kept.media_type == PDF


def _application(hub: Hub, case: Case, facts: ApplicationFacts) -> tuple[DossierDocument, ...]:
    _, agreement = hub.papers.get(case.case_id, facts.agreement_sha256)
    found = [
        application.data_document(facts),
        application.paper(PaperKind.MEDIATION_AGREEMENT, PDF, agreement),
    ]
    if facts.matter is Matter.CONFIRMATION:
        request = PaperRequest(kind=PaperKind.CONFIRMATION_APPLICATION)
        drawn = hub.renderer.make(request.kind, sources_of(hub, case, request), request.wanted)
        found.append(application.paper(request.kind, drawn.media_type, drawn.content))
    return tuple(found)


def _fixed(
    hub: Hub, case: Case, transfer_id: str, build: Callable[[], tuple[DossierDocument, ...]]
) -> Sequence[ManifestEntry]:
    stored = hub.transfers.get(transfer_id)
    if stored.manifest is not None:
        return stored.manifest
    built = (*build(), *hub.part(CourtEvidence).documents(case))
    for document in built:
        hub.dossier_store.put(transfer_id, document)
    return hub.transfers.fix_manifest(transfer_id, manifest(built))


def _message(
    hub: Hub,
    facts: DossierFacts | ApplicationFacts,
    about: dict[str, Any],
    entries: Sequence[ManifestEntry],
) -> Submission:
    message_id = f"{facts.transfer_id}-submission"
    body = {
        "message_id": message_id,
        "transfer_id": facts.transfer_id,
        "court_id": facts.court_id,
        "case_type": facts.case_type,
        "fast_track": facts.track is Track.INCLUSIVE_FINANCE,
        "institution_id": facts.institution_id,
        "guiding_judge_id": facts.guiding_judge_id,
        "claim": claim_figures(facts.claim),
        **about,
        "dossier_url": f"{hub.public_url}/v1/court/transfers/{facts.transfer_id}",
        "manifest": [
            {
                "document_id": entry.document_id,
                "kind": entry.kind,
                "media_type": entry.media_type,
                "size": entry.size,
                "sha256": entry.sha256,
            }
            for entry in entries
        ],
    }
    return Submission(
        message_id=message_id, transfer_id=facts.transfer_id, court_id=facts.court_id, body=body
    )
