"""Has a case's papers made, fetches them over HTTP and checks the bytes.

Promise: every agreement is fetched, and of each other kind enough to see every format. A paper with the wrong
format or SHA-256 is a fault of the run. Downside: only a person can see whether a paper reads well; give a
folder to keep them.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from infra.local.demo.client import Answer
    from infra.local.demo.script import View

    Claims = Callable[[str], Mapping[str, Any]]

_OF_EACH_KIND: Final = 8
_HEADS: Final = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_FACTS: Final = ("借款合同由双方签订，借款已实际发放。", "借款人对尚欠本金数额无异议。")


class Api(Protocol):
    """The part of the hub's API that papers need."""

    def get(self, who: Mapping[str, Any], path: str, /) -> Answer:
        """GET a resource."""
        ...

    def post(self, who: Mapping[str, Any], path: str, body: Mapping[str, Any], /) -> Answer:
        """POST a body."""
        ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    kind: str
    role: str
    body: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ("pdf", "docx")


class Papers:
    """Follows the caseload's papers; safe to use from any thread."""

    def __init__(self, hub: Api, folder: Path | None = None) -> None:
        """With a folder, every fetched paper is kept there."""
        self._hub = hub
        self._folder = folder
        self._lock = threading.Lock()
        self.fetched: Counter[str] = Counter()
        self.faults: list[str] = []

    def follow(self, view: View, filing: Mapping[str, Any], seen: set[str], claims: Claims) -> None:
        """Fetch the agreement, and make papers that are possible now; `seen` holds what was made."""
        sha256 = view["agreement_sha256"]
        if sha256 and sha256 not in seen:
            seen.add(sha256)
            self._fetch("mediation_agreement", "pdf", view["case_id"], sha256, claims("borrower"))
        for wanted in _ripe(view, filing):
            if wanted.kind in seen:
                continue
            with self._lock:
                turn = self.fetched[f"asked {wanted.kind}"]
                self.fetched[f"asked {wanted.kind}"] += 1
            seen.add(wanted.kind)
            if turn < _OF_EACH_KIND:
                self._make(wanted, wanted.formats[turn % len(wanted.formats)], view["case_id"], claims)

    def _make(self, wanted: _Wanted, form: str, case_id: str, claims: Claims) -> None:
        who, body = claims(wanted.role), {"kind": wanted.kind, "format": form, **wanted.body}
        answer = self._hub.post(who, f"/v1/cases/{case_id}/documents", body)
        if answer.status in _BUSY:
            answer = self._hub.post(who, f"/v1/cases/{case_id}/documents", body)
        if answer.ok:
            self._fetch(wanted.kind, form, case_id, answer.body["document_id"], who)
        else:
            self.faults.append(f"{wanted.kind} of {case_id}: {answer.status} {answer.code}")

    def _fetch(self, kind: str, form: str, case_id: str, sha256: str, who: Mapping[str, Any]) -> None:
        answer = self._hub.get(who, f"/v1/cases/{case_id}/documents/{sha256}")
        content = answer.body if isinstance(answer.body, bytes) else b""
        if not content.startswith(_HEADS[form]) or hashlib.sha256(content).hexdigest() != sha256:
            self.faults.append(f"{kind} of {case_id}: {answer.status}, not the {form} it is said to be")
            return
        with self._lock:
            self.fetched[f"{kind}.{form}"] += 1
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{kind}-{case_id[:8]}-{sha256[:8]}.{form}").write_bytes(content)

    def counts(self) -> dict[str, int]:
        """Return how many papers were fetched and passed the check, by kind and format."""
        with self._lock:
            return {name: n for name, n in sorted(self.fetched.items()) if not name.startswith("asked ")}


def _ripe(view: View, filing: Mapping[str, Any]) -> Iterator[_Wanted]:
    talked = view["accepted_at"] is not None
    if talked:
        person = filing["respondents"][0]
        service = {
            "address": person["address"],
            "recipient": person["name"],
            "phone": person["phone"],
            "electronic": f"短信 {person['phone']}",
        }
        yield _Wanted("service_address", "mediator", {"party_id": "r1", "service": service})
        yield _Wanted("undisputed_facts", "mediator", {"facts": list(_FACTS)})
    if talked and view["ended_at"] is not None:
        yield _Wanted("mediation_report", "mediator")
    if view["stage"] in {"performing", "paid", "performed"}:
        yield _Wanted("signed_agreement", "borrower", formats=("pdf",))
    if view["confirmation"] is not None and view["confirmation"]["applied_by"]:
        yield _Wanted("confirmation_application", "institution")
    if "debt" in filing:
        yield _Wanted("calculation", "institution")
        yield _Wanted("complaint", "institution", formats=("pdf", "docx", "xlsx"))
