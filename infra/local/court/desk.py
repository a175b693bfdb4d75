"""The court's registry desk (立案庭): takes a filing, examines its dossier, decides, and tells the hub.

Promise: what is decided depends on the seed and the transfer id alone, so a run can be repeated; a corrected
filing (`replaces`) is accepted; documents whose digest differs from the manifest are always returned. An
application for judicial confirmation is neither returned nor docketed but ruled on. A desk that starts again
goes on with every filing where it was. Downside: what was held back to arrive out of order then goes first.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from infra.local.court import confirmation
from infra.local.court.clock import day_in_china, instant
from infra.local.court.contract import published
from infra.local.court.hub import HubUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.local.court.clock import Calendar
    from infra.local.court.confirmation import Verdict
    from infra.local.court.hub import Hub
    from infra.local.court.knobs import Knobs, Panel
    from infra.local.court.outbox import Outbox
    from infra.local.court.registry import Callback, Filing, Registry
    from infra.local.court.schedule import Schedule

    Step = Callable[[], dict[str, Any] | None]

log = logging.getLogger("court")

_EXAMINATION_ATTEMPTS: Final = 8
_TEXTS: Final = {
    "document_mismatch": "材料摘要与清单不符",
    "dossier_unavailable": "卷宗无法调取",
    "form_incomplete": "要素填写不全",
    "not_within_jurisdiction": "不属于本院管辖",
}


@dataclass(frozen=True, kw_only=True)
class House:
    """What distinguishes this court from another."""

    court_id: str
    court_code: str = "闽0902"
    judges: tuple[str, ...] = ("judge-sim-1", "judge-sim-2")
    small_claims_limit: Decimal = Decimal(50000)
    """Yuan; in force it is 50 % of the province's average annual wage (民事诉讼法 art. 165)."""
    seed: int = 0


class Desk:
    """Works on filings and sends their callbacks one after the other."""

    def __init__(
        self,
        house: House,
        hub: Hub,
        outbox: Outbox,
        schedule: Schedule,
        registry: Registry,
        panel: Panel,
        clock: Calendar,
    ) -> None:
        """Take everything it works with; it keeps no state of its own."""
        self._house = house
        self._hub = hub
        self._outbox = outbox
        self._schedule = schedule
        self._registry = registry
        self._panel = panel
        self._clock = clock

    def take(self, filing: Filing) -> None:
        """Begin work on a new filing; with the `early` knob its first callback leaves before this returns."""
        if filing.status == "cancelled":  # withdrawn by a notice that arrived before it
            self.cancel(filing)
            return
        if filing.status == "replaced":
            return
        first = self._registry.owe(filing, lambda: self._reviewed(filing, "received"))
        if first is not None:
            self._begin(filing, first)

    def _begin(self, filing: Filing, first: Callback) -> None:
        knobs, die = self._panel.now, self._die(filing, "order")
        early, reorder = die.random() < knobs.early_rate, die.random() < knobs.reorder_rate
        if early:
            self._registry.count("early_callbacks")
            self._outbox.attempt(first)
        if reorder and not early:
            self._registry.count("reordered_filings")
            self._later(lambda: self._examine(filing, first))
        else:
            self._later(
                lambda: self._outbox.deliver(first, lambda: self._later(lambda: self._examine(filing)))
            )

    def cancel(self, filing: Filing) -> None:
        """Tell the hub that the court has stopped."""
        self._later(lambda: self._run(self._callbacks(filing, [lambda: self._reviewed(filing, "cancelled")])))

    def resume(self, filing: Filing) -> None:
        """Go on with a filing where the court stood when it ended, however it ended."""
        made = {callback.name for callback in filing.callbacks}
        if not made or (filing.status == "cancelled" and "cancelled" not in made):
            self.take(filing)
        else:
            owed = [one for one in filing.callbacks if one.message_id not in filing.acknowledged]
            self._later(lambda: self._run(iter(owed), then=lambda: self._go_on(filing)))

    def asked_again(self, filing: Filing) -> None:
        """Say all once more: the hub submits again what it has heard nothing of for too long."""
        said = list(filing.callbacks)
        self._later(lambda: self._run(iter(said)))

    def _go_on(self, filing: Filing) -> None:
        if filing.status == "received":
            self._examine(filing)
        elif filing.status == "accepted" and filing.matter == "confirmation":
            self._run(self._callbacks(filing, [lambda: self._rule(filing, confirmation.Verdict(None))]))
        elif filing.status == "accepted":
            self._run(self._callbacks(filing, [lambda: self._docket(filing)]))

    def _examine(self, filing: Filing, held_back: Callback | None = None, attempt: int = 1) -> None:
        """Fetch and check the dossier, then decide; `held_back` is the callback to send out of order."""
        knobs = self._panel.now
        if knobs.outage:
            self._later(lambda: self._examine(filing, held_back, attempt))
            return
        try:
            faults = self._check_dossier(filing)
        except HubUnavailable as error:
            log.info("dossier %s: %s", filing.transfer_id, error)
            self._registry.count("dossier_retries")
            if attempt < _EXAMINATION_ATTEMPTS:
                wait = min(knobs.retry_longest_seconds, knobs.retry_first_seconds * 2.0**attempt)
                self._schedule.after(wait, lambda: self._examine(filing, held_back, attempt + 1))
                return
            faults = [_reason(None, "dossier_unavailable")]
        callbacks = self._callbacks(filing, self._decide(filing, faults, knobs))
        if held_back is not None:
            # The first callback goes last, which is as far out of order as it can be.
            callbacks = iter([*reversed(list(callbacks)), held_back])
        self._run(callbacks)

    def _run(self, callbacks: Iterator[Callback], then: Callable[[], None] = lambda: None) -> None:
        """Send one callback after the other, at the court's pace; each is made when its turn comes."""
        callback = next(callbacks, None)
        if callback is None:
            then()
        else:
            self._outbox.deliver(callback, lambda: self._later(lambda: self._run(callbacks, then)))

    def _callbacks(self, filing: Filing, steps: list[Step]) -> Iterator[Callback]:
        for step in steps:
            callback = self._registry.owe(filing, step)
            if callback is None:  # a notice has ended the filing meanwhile
                return
            yield callback

    def _check_dossier(self, filing: Filing) -> list[dict[str, Any]]:
        """Return a reason per document that differs from the manifest. Raises HubUnavailable."""
        dossier = self._hub.dossier(filing.transfer_id)
        if published().faults("Dossier", dossier) or dossier["transfer_id"] != filing.transfer_id:
            self._registry.count("contract_violations")
            raise HubUnavailable("not_the_dossier")
        shown = {entry["document_id"]: entry["sha256"] for entry in dossier["manifest"]}
        wrong = []
        for entry in filing.message["manifest"]:
            digest = self._hub.document_digest(filing.transfer_id, entry["document_id"])
            self._registry.count("documents_fetched")
            if not digest == entry["sha256"] == shown.get(entry["document_id"]):
                self._registry.count("document_mismatches")
                wrong.append(_reason(entry["document_id"], "document_mismatch"))
        return wrong

    def _decide(self, filing: Filing, faults: list[dict[str, Any]], knobs: Knobs) -> list[Step]:
        if filing.matter == "confirmation":
            return self._hear(filing, [fault["code"] for fault in faults], knobs)
        if faults:
            return [lambda: self._return(filing, "rejected", faults)]
        if filing.message["replaces"] is None:
            die = self._die(filing, "decision").random()
            if die < knobs.refusal_rate:
                return [lambda: self._refuse(filing)]
            if die < knobs.refusal_rate + knobs.rejection_rate:
                return [lambda: self._return(filing, "rejected", self._formal_faults(filing))]
            if die < knobs.refusal_rate + knobs.rejection_rate + knobs.partial_rate:
                return [lambda: self._return(filing, "partially_accepted", self._formal_faults(filing))]
        return [lambda: self._accept(filing), lambda: self._docket(filing)]

    def _hear(self, filing: Filing, faults: list[str], knobs: Knobs) -> list[Step]:
        die = self._die(filing, "ruling")
        by_chance = die.choice(confirmation.GROUNDS) if die.random() < knobs.ruling_rejection_rate else None
        verdict = confirmation.examine(filing.message, faults, by_chance)
        before: list[Step] = [] if verdict.ground else [lambda: self._accept(filing)]
        return [*before, lambda: self._rule(filing, verdict)]

    def _formal_faults(self, filing: Filing) -> list[dict[str, Any]]:
        manifest = filing.message["manifest"]
        document = self._die(filing, "fault").choice(manifest)["document_id"] if manifest else None
        return [_reason(document, "form_incomplete")]

    def _return(self, filing: Filing, result: str, reasons: list[dict[str, Any]]) -> dict[str, Any] | None:
        if not self._registry.decide(filing, result):
            return None
        filing.reasons.extend(reason["code"] for reason in reasons)
        return self._reviewed(filing, result, reasons)

    def _accept(self, filing: Filing) -> dict[str, Any] | None:
        return self._reviewed(filing, "accepted") if self._registry.decide(filing, "accepted") else None

    def _refuse(self, filing: Filing) -> dict[str, Any] | None:
        if not self._registry.decide(filing, "refused"):
            return None
        code = "not_within_jurisdiction"
        filing.reasons.append(code)
        data = {"filing_id": filing.filing_id, "code": code, "message": _TEXTS[code]}
        return self._message(filing, "filing.refused", data)

    def _docket(self, filing: Filing) -> dict[str, Any] | None:
        now = self._clock.now()
        number = self._next_case_number("执" if filing.matter == "enforcement" else "民初")
        if not self._registry.decide(filing, "docketed", number):
            return None
        return self._message(
            filing,
            "filing.docketed",
            {
                "filing_id": filing.filing_id,
                "official_filing_date": day_in_china(filing.received_at).isoformat(),
                "docketed_at": instant(now),
                "court_case_number": number,
                "judge_id": self._judge(filing),
                "procedure": self._procedure(filing),
            },
        )

    def _rule(self, filing: Filing, verdict: Verdict) -> dict[str, Any] | None:
        number = self._next_case_number("诉前调确")
        if not self._registry.decide(filing, "ruled", number, verdict):
            return None
        data = {
            "filing_id": filing.filing_id,
            "court_case_number": number,
            "judge_id": self._judge(filing),
            "ruling": verdict.ruling,
            "ruled_on": day_in_china(self._clock.now()).isoformat(),
            "ground": verdict.ground,
        }
        said = {"message": verdict.message} if verdict.message else {}
        return self._message(filing, "confirmation.ruled", data | said)

    def _next_case_number(self, type_word: str) -> str:
        year = day_in_china(self._clock.now()).year
        number = self._registry.next_number(f"{type_word}{year}")
        return f"（{year}）{self._house.court_code}{type_word}{number}号"

    def _judge(self, filing: Filing) -> str:
        guiding: str | None = filing.message["guiding_judge_id"]
        return guiding or self._die(filing, "judge").choice(self._house.judges)

    def _procedure(self, filing: Filing) -> str | None:
        if filing.matter == "enforcement":
            return None
        if Decimal(filing.message["claim"]["total"]) <= self._house.small_claims_limit:
            return "small_claims"
        return "summary" if filing.message["fast_track"] else "ordinary"

    def _reviewed(
        self, filing: Filing, result: str, reasons: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        data = {"filing_id": filing.filing_id, "result": result, "reasons": reasons or []}
        return self._message(filing, "filing.reviewed", data)

    def _message(self, filing: Filing, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": kind,
            "court_id": self._house.court_id,
            "transfer_id": filing.transfer_id,
            "occurred_at": instant(self._clock.now()),
            "data": data,
        }

    def _later(self, job: Callable[[], None]) -> None:
        self._schedule.after(self._panel.now.pace_seconds, job)

    def _die(self, filing: Filing, purpose: str) -> random.Random:
        return random.Random(f"{self._house.seed}/{filing.transfer_id}/{purpose}")  # noqa: S311 - repeatable by seed


def _reason(document_id: str | None, code: str) -> dict[str, Any]:
    return {"document_id": document_id, "code": code, "message": _TEXTS[code]}
