"""What the court remembers: messages it stored, filings it opened, what it owes the hub of each.

Promise: it holds ids, codes, digests and amounts, never a person's data; any thread may call. What an answer
or a callback says was stored before. Downside: counters are of this process only.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from infra.local.court.confirmation import Verdict
from infra.local.court.storage import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infra.local.court.storage import Storage

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
    callbacks: list[Callback] = field(default_factory=list, repr=False, compare=False)
    """All that the court has to say of it so far."""
    acknowledged: list[str] = field(default_factory=list)
    """The ids of those that the hub has stored, in that order."""

    @property
    def transfer_id(self) -> str:
        """The hub's id of this attempt."""
        return str(self.message["transfer_id"])

    @property
    def matter(self) -> str:
        """What the court is asked for: a suit, a confirmation or an enforcement."""
        return str(self.message.get("matter", "suit"))

    @property
    def history(self) -> list[str]:
        """What the hub acknowledged, in that order."""
        names = {callback.message_id: callback.name for callback in self.callbacks}
        return [names[message_id] for message_id in self.acknowledged]


@dataclass(frozen=True)
class Callback:
    """A callback as it is sent; the bytes are the same at every attempt."""

    filing: Filing
    name: str
    message_id: str
    body: bytes

    @classmethod
    def of(cls, filing: Filing, message: Mapping[str, Any]) -> Callback:
        """Give the message its id and its bytes."""
        name = str(message["data"].get("result") or message["type"].rpartition(".")[2])
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(filing, name, f"cb_{uuid.uuid4().hex}", body)


class MessageConflict(Exception):
    """The message id, or the transfer, was used for something else; `args[0]` is the code."""


class Registry:
    """The court's memory and its counters."""

    def __init__(self, storage: Storage | None = None) -> None:
        """Remember what is in the storage; without one, start empty and forget all at the end."""
        self._storage = storage
        self._lock = threading.RLock()
        self._answers: dict[str, tuple[str, dict[str, str]]] = {}
        self._filings: dict[str, Filing] = {}
        self._early_notices: dict[str, str] = {}
        self._sequences: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self.correlations: dict[str, str] = {}
        """By transfer: the id that its first filing came with; the callbacks about it go with the same."""
        if storage is not None:
            self._recall(storage)

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
            self._put([self._answered(message, receipt), *self._kept(filing)])
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
            filing, entries = (None, []) if "payment" in message else self._stop(message)
            self._counts["payments"] += "payment" in message
            self._put([self._answered(message, receipt), *entries])
            self._counts["notices"] += 1
            return receipt, filing

    def filing(self, transfer_id: str) -> Filing:
        """Return a filing."""
        with self._lock:
            return self._filings[transfer_id]

    def filings(self) -> list[Filing]:
        """Return all filings, the oldest first."""
        with self._lock:
            return list(self._filings.values())

    def owe(self, filing: Filing, decide: Callable[[], dict[str, Any] | None]) -> Callback | None:
        """Decide, and store the decision with its callback; return it, or None if there is none to send."""
        with self._lock:
            message = decide()
            if message is None:
                return None
            callback = Callback.of(filing, message)
            filing.callbacks.append(callback)
            self._put(self._kept(filing))
            return callback

    def decide(
        self, filing: Filing, status: str, case_number: str | None = None, verdict: Verdict | None = None
    ) -> bool:
        """Set a filing's status; False if a notice or an earlier decision has ended it. See `owe`."""
        with self._lock:
            if filing.status in DONE:
                return False
            filing.status = status
            filing.court_case_number = case_number
            filing.verdict = verdict
            return True

    def acknowledged(self, callback: Callback) -> None:
        """Note that the hub stored a callback."""
        with self._lock:
            callback.filing.acknowledged.append(callback.message_id)
            self._put(self._kept(callback.filing))
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
                        "acknowledged": filing.history,
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

    def _answered(self, message: Mapping[str, Any], receipt: dict[str, str]) -> Entry:
        self._answers[message["message_id"]] = (_canonical(message), receipt)
        return Entry("answer", message["message_id"], self._answers[message["message_id"]])

    def _stop(self, notice: Mapping[str, Any]) -> tuple[Filing | None, list[Entry]]:
        """End the filing that a notice names; return it if the hub has to be told, and what to store."""
        status = "cancelled" if notice["type"] == "transfer.withdrawn" else "replaced"
        transfer_id = notice["transfer_id"]
        filing = self._filings.get(transfer_id)
        if filing is None:
            self._early_notices[transfer_id] = status
            return None, [Entry("early_notice", transfer_id, status)]
        if filing.status in DONE:
            return None, []
        filing.status = status
        return filing if status == "cancelled" else None, self._kept(filing)

    def _kept(self, filing: Filing) -> list[Entry]:
        correlation = self.correlations.get(filing.transfer_id)
        return [
            Entry("filing", filing.transfer_id, {**_written(filing), "correlation": correlation}),
            *(Entry("sequence", name, number) for name, number in self._sequences.items()),
        ]

    def _put(self, entries: list[Entry]) -> None:
        if self._storage is not None:
            self._storage.put(entries)

    def _recall(self, storage: Storage) -> None:
        for message_id, (canonical, receipt) in storage.all("answer"):
            self._answers[message_id] = (canonical, receipt)
        for transfer_id, kept in storage.all("filing"):
            self._filings[transfer_id] = _read(kept)
            if kept["correlation"]:
                self.correlations[transfer_id] = kept["correlation"]
        self._sequences.update(dict(storage.all("sequence")))
        early = storage.all("early_notice")
        self._early_notices = {id_: status for id_, status in early if id_ not in self._filings}


def _written(filing: Filing) -> dict[str, Any]:
    return {
        "message": filing.message,
        "filing_id": filing.filing_id,
        "received_at": filing.received_at.isoformat(),
        "status": filing.status,
        "court_case_number": filing.court_case_number,
        "verdict": filing.verdict,
        "reasons": filing.reasons,
        "callbacks": [[one.name, one.message_id, one.body.decode()] for one in filing.callbacks],
        "acknowledged": filing.acknowledged,
    }


def _read(kept: Mapping[str, Any]) -> Filing:
    filing = Filing(
        kept["message"],
        kept["filing_id"],
        datetime.fromisoformat(kept["received_at"]),
        kept["status"],
        kept["court_case_number"],
        Verdict(*kept["verdict"]) if kept["verdict"] else None,
        kept["reasons"],
        acknowledged=kept["acknowledged"],
    )
    for name, message_id, body in kept["callbacks"]:
        filing.callbacks.append(Callback(filing, name, message_id, body.encode()))
    return filing


def _canonical(message: Mapping[str, Any]) -> str:
    # By content: a retry may have the fields in another order, and a later time.
    return json.dumps({**message, "occurred_at": None}, sort_keys=True)
