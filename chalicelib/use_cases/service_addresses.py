"""The parties' addresses for service (送达地址), as each confirmed its own last.

Promise: all papers of a case read the address that the last confirmation named, so no two differ. It is
stored among the case's papers before the confirmation is drawn, and seen by nobody as a paper.
Downside: a case whose confirmations were made by an earlier release has no record until the next one.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from chalicelib.domain.papers import ADDRESS_RECORD, JSON, Paper, PaperKind
from chalicelib.use_cases.papers import ServiceAddress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.case import Case
    from chalicelib.domain.papers import StoredPaper
    from chalicelib.domain.roles import Role
    from chalicelib.use_cases.papers import PaperSources
    from chalicelib.use_cases.ports import Hub


def record_confirmed(hub: Hub, case: Case, sources: PaperSources, role: Role) -> None:
    """Store the address that a party confirms, unless it is the one that is known.

    The instant is part of it: an address that is confirmed again after another one is the last again.
    """
    service, party_id = sources.service, sources.party_id
    if service is None or party_id is None or sources.confirmed.get(party_id) == service:
        return
    at = hub.clock.now()
    content = json.dumps({**asdict(service), "party_id": party_id, "at": at.isoformat()}, ensure_ascii=False)
    paper = Paper(
        kind=PaperKind.SERVICE_ADDRESS,
        template_id=ADDRESS_RECORD,
        media_type=JSON,
        content=content.encode(),
    )
    hub.papers.add(paper, paper.kept(case.case_id, made_by=role, at=at, party_id=party_id))


def confirmed_addresses(hub: Hub, case_id: str, papers: Iterable[StoredPaper]) -> dict[str, ServiceAddress]:
    """Read the last confirmed address of each party of a case; `papers` are its papers, the oldest first."""
    last = {each.party_id: each for each in papers if each.template_id == ADDRESS_RECORD}
    return {
        party_id: _read(hub.papers.get(case_id, each.document_id)[1])
        for party_id, each in last.items()
        if party_id is not None
    }


def _read(content: bytes) -> ServiceAddress:
    held = json.loads(content)
    return ServiceAddress(**{name: held[name] for name in ("address", "recipient", "phone", "electronic")})
