"""Converts stored items of schema 1 to schema 2, one function for each kind whose layout changed.

Promise: each function is pure; an item gets the new layout in the table when it is next written. Items of
schema 1 stay readable for ever. Kinds that are not here still have the layout of schema 1.
"""

from __future__ import annotations

import json
from typing import Any, Final

Item = dict[str, Any]
_CALLBACKS: Final = ("review", "docketed", "refusal", "ruling")


def case(item: Item) -> Item:
    """Collect a case's attributes and maps into one JSON text; their names become its keys."""
    content = _plain({"M": item})
    content.setdefault("sequence", content["version"])  # in schema 1 each event was an act
    return item | {"content": _text(content)}


def callback(item: Item) -> Item:
    """Read a court's command from the attribute that was named after its kind."""
    kind = next(name for name in _CALLBACKS if "M" in item.get(name, {}))
    asked = {"kind": kind, "transfer_id": item["transfer_id"]["S"], **_plain(item[kind])}
    return item | {"command": _text(asked)}


def settlement(item: Item) -> Item:
    """Move the negotiation's parts into an object of their own; number a plan's lines."""
    old = _read(item["content"])
    old["negotiation"] = {name: old.pop(name) for name in ("owed", "offers", "answers")}
    if old["agreement"] is not None:
        plan = old["agreement"]["plan"]
        plan["lines"] = [[number, *line] for number, line in enumerate(plan["lines"], start=1)]
    return item | {"content": _text(old)}


def debt(item: Item) -> Item:
    """Add each cost's component and rule and the kind of rates and interest days; rename LPR quotes."""
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
    """Store the tiers as a list, without the object around it."""
    return item | {"tiers": _text(_read(item["tiers"])["tiers"])}


def _read(value: Item) -> Any:
    return json.loads(value["S"])


def _text(value: Any) -> Item:
    return {"S": json.dumps(value, ensure_ascii=False)}


def _plain(value: Item) -> Any:
    """Return a DynamoDB value as a JSON value; numbers are whole."""
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
