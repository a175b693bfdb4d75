"""Items of schema 1, read for ever: each kind whose layout changed is brought to that of schema 2.

Promise: a pure function of what DynamoDB holds, which is written in the new layout when it changes next.
Kinds that are not here still have the layout of schema 1.
"""

from __future__ import annotations

import json
from typing import Any, Final

Item = dict[str, Any]
_CALLBACKS: Final = ("review", "docketed", "refusal", "ruling")


def case(item: Item) -> Item:
    """Gather a case from the attributes and maps it was spread over; their names are the JSON's keys."""
    content = _plain({"M": item})
    content.setdefault("sequence", content["version"])  # until then each event was an act
    return item | {"content": _text(content)}


def callback(item: Item) -> Item:
    """Take what a court asked from the attribute that was named after its kind."""
    kind = next(name for name in _CALLBACKS if "M" in item.get(name, {}))
    asked = {"kind": kind, "transfer_id": item["transfer_id"]["S"], **_plain(item[kind])}
    return item | {"command": _text(asked)}


def settlement(item: Item) -> Item:
    """Gather the negotiation's parts, which stood among the rest; number a plan's lines."""
    old = _read(item["content"])
    old["negotiation"] = {name: old.pop(name) for name in ("owed", "offers", "answers")}
    if old["agreement"] is not None:
        plan = old["agreement"]["plan"]
        plan["lines"] = [[number, *line] for number, line in enumerate(plan["lines"], start=1)]
    return item | {"content": _text(old)}


def debt(item: Item) -> Item:
    """Name each cost's component and rule, and the kind of rates and interest days; rename the quotes."""
    old = _read(item["debt"])
    for entry in (*old["payments"], *old["costs"]):
        entry["amount"] = entry.pop("fen")
    for cost in old["costs"]:
        cost |= {"component": "costs", "rule": "costs_of_enforcing"}
    old["lpr"] = {
        "publications": [
            {"on": quote["on"], "one_year": quote["1Y"], "five_years": quote["5Y"]} for quote in old["lpr"]
        ]
    }
    for rate in old["contract"].get("rates", ()):
        rate["kind"] = "fixed" if "annual_percent" in rate else "lpr"
    if days := old["contract"].get("interest_due"):
        days["kind"] = "explicit_days" if "days" in days else "month_day"
    return item | {"debt": _text(old)}


def policy(item: Item) -> Item:
    """Take the tiers out of the object they stood in."""
    return item | {"tiers": _text(_read(item["tiers"])["tiers"])}


def _read(value: Item) -> Any:
    return json.loads(value["S"])


def _text(value: Any) -> Item:
    return {"S": json.dumps(value, ensure_ascii=False)}


def _plain(value: Item) -> Any:
    """Return a DynamoDB value as JSON has it; numbers are whole."""
    ((kind, inner),) = value.items()
    match kind:
        case "M":
            return {name: _plain(each) for name, each in inner.items()}
        case "L":
            return [_plain(each) for each in inner]
        case "N":
            return int(inner)
        case "NULL":
            return None
    return inner
