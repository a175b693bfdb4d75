"""What the court remembers: messages it stored, filings it opened, how each filing ended. In memory only.

Promise: it holds ids, codes, digests and amounts, never a person's data; any thread may call.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from infra.local.court.confirmation import Verdict

DONE: Final = frozenset({"docketed", "refused", "ruled", "cancelled", "replaced"})
RETURNED: Final = frozenset({"rejected", "partially_accepted"})


@dataclass
class Filing:
    """A transfer that the court works on; `status` is the court's last decision."""

    message: Mapping[str, Any]
    filing_id: str
    received_at: datetime
    status: str = "received"
    court_case_number: str | None = None
    verdict: Verdict | None = None
    reasons: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    """What the hub acknowledged, in that order."""

    @property
    def transfer_id(self) -> str:
        """The hub's id of this attempt."""
        return str(self.message["transfer_id"])

    @property
    def matter(self) -> str:
        """What the court is asked for: a suit, a confirmation or an enforcement."""
        return str(self.message.get("matter", "suit"))


class MessageConflict(Exception):
    """The message id, or the transfer, was used for something else; `args[0]` is the code."""


class Registry:
    """The court's memory and its counters."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.RLock()
        self._answers: dict[str, tuple[str, dict[str, str]]] = {}
        self._filings: dict[str, Filing] = {}
        self._early_notices: dict[str, str] = {}
        self._sequences: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()

    def count(self, name: str) -> None:
        """Add to a counter that `state` shows."""
        with self._lock:
            self._counts[name] += 1

    def next_number(self, sequence: str) -> int:
        """Return 1, 2, 3 ... of the named sequence."""
        with self._lock:
            self._sequences[sequence] += 1
            return self._sequences[sequence]

    def file(
        self, message: Mapping[str, Any], received_at: datetime, receipt: dict[str, str]
    ) -> tuple[dict[str, str], Filing | None]:
        """Store a filing; return its receipt, and the filing if it is new. Raises MessageConflict."""
        with self._lock:
            earlier = self._seen(message)
            if earlier is not None:
                return earlier, None
            if message["transfer_id"] in self._filings:
                raise MessageConflict("transfer_already_filed")
            filing = Filing(message, f"F{received_at.year}{self.next_number('filing'):06}", received_at)
            receipt["receipt_id"] = f"R{self.next_number('receipt'):06}"
            filing.status = self._early_notices.pop(filing.transfer_id, "received")
            self._filings[filing.transfer_id] = filing
            self._remember(message, receipt)
            self._counts["filings"] += 1
            return receipt, filing

    def notice(
        self, message: Mapping[str, Any], receipt: dict[str, str]
    ) -> tuple[dict[str, str], Filing | None]:
        """Store a notice; return its receipt, and the filing to cancel, if any. Raises MessageConflict."""
        with self._lock:
            earlier = self._seen(message)
            if earlier is not None:
                return earlier, None
            self._remember(message, receipt)
            self._counts["notices"] += 1
            return receipt, self._stop(message)

    def decide(
        self, filing: Filing, status: str, case_number: str | None = None, verdict: Verdict | None = None
    ) -> bool:
        """Set a filing's status; False if a notice or an earlier decision has ended it."""
        with self._lock:
            if filing.status in DONE:
                return False
            filing.status = status
            filing.court_case_number = case_number
            filing.verdict = verdict
            return True

    def acknowledged(self, filing: Filing, what: str) -> None:
        """Note that the hub stored a callback."""
        with self._lock:
            filing.history.append(what)
            self._counts["callbacks_acknowledged"] += 1

    def state(self) -> dict[str, Any]:
        """Return counters and filings, ids and codes only."""
        with self._lock:
            return {
                "counts": dict(sorted(self._counts.items())),
                "filings": [
                    {
                        "transfer_id": filing.transfer_id,
                        "matter": filing.matter,
                        "filing_id": filing.filing_id,
                        "replaces": filing.message["replaces"],
                        "status": filing.status,
                        "court_case_number": filing.court_case_number,
                        "ruling": filing.verdict.ruling if filing.verdict else None,
                        "ground": filing.verdict.ground if filing.verdict else None,
                        "reasons": list(filing.reasons),
                        "acknowledged": list(filing.history),
                    }
                    for filing in self._filings.values()
                ],
            }

    def _seen(self, message: Mapping[str, Any]) -> dict[str, str] | None:
        stored = self._answers.get(message["message_id"])
        if stored is None:
            return None
        if stored[0] != _canonical(message):
            raise MessageConflict("message_id_reused")
        self._counts["repeated_messages"] += 1
        return stored[1]

    def _remember(self, message: Mapping[str, Any], receipt: dict[str, str]) -> None:
        self._answers[message["message_id"]] = (_canonical(message), receipt)

    def _stop(self, notice: Mapping[str, Any]) -> Filing | None:
        """End the filing that a notice names; return it if the hub has to be told of the cancellation."""
        status = "cancelled" if notice["type"] == "transfer.withdrawn" else "replaced"
        filing = self._filings.get(notice["transfer_id"])
        if filing is None:
            self._early_notices[notice["transfer_id"]] = status
            return None
        if filing.status in DONE:
            return None
        filing.status = status
        return filing if status == "cancelled" else None


def _canonical(message: Mapping[str, Any]) -> str:
    # By content: a retry may have the fields in another order, and a later time.
    return json.dumps({**message, "occurred_at": None}, sort_keys=True)
