"""The golden items: read from their files, opened without the hub's code, and told apart by their keys."""

import base64
import json
import re
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.contract.storage.pinned.desk import secret_of

ROOT: Final = Path(__file__).parents[3]
GOLDEN: Final = ROOT / "golden"
PAGE: Final = ROOT.parent / "docs" / "access-patterns.md"
Item = dict[str, Any]

# By the ids the golden keys have.
SECRETS: Final = {
    "9eb146e208f61353": secret_of("bank-1"),
    "8a776bfb3c78eff0": secret_of("court:court-jc"),
    "a7f50c3ca9a4fdd3": secret_of("applications"),
}


def versions() -> list[str]:
    """Return the folders, oldest first: the layout's number, then what was added to it."""
    return sorted((path.name for path in GOLDEN.glob("v*")), key=_numbers)


def _numbers(folder: str) -> list[int]:
    return [int(number) for number in folder.removeprefix("v").split(".")]


def golden(folder: str, name: str) -> Item:
    """Read a golden item as boto3 gives it."""
    item: Item = from_json(json.loads((GOLDEN / folder / f"{name}.json").read_text(encoding="utf-8")))
    return item


def newest(name: str, schema: int | None = None) -> Item:
    """Read the newest golden item of a name, of one layout if told so."""
    for folder in reversed(versions()):
        if (GOLDEN / folder / f"{name}.json").exists() and schema in {None, _numbers(folder)[0]}:
            return golden(folder, name)
    raise FileNotFoundError(f"tests/golden has no {name}.json of layout {schema}")


def from_json(value: Any) -> Any:
    """Read what `to_json` wrote."""
    if isinstance(value, dict):
        if [*value] == ["B"]:
            return {"B": base64.b64decode(value["B"])}
        return {key: from_json(inner) for key, inner in value.items()}
    return [from_json(inner) for inner in value] if isinstance(value, list) else value


def to_json(value: Any) -> Any:
    """Write an item as its golden file has it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: to_json(inner) for key, inner in sorted(value.items())}
    return [to_json(inner) for inner in value] if isinstance(value, list) else value


def opened(item: Item) -> Item:
    """Return an item with what is sealed opened, and its JSON texts read; opened without the hub's code."""

    def walk(value: Any, name: str, around: Item) -> Any:
        match value:
            case {"B": sealed} if "key_id" in around and name != "wrapped":
                return {"opened": _open(sealed, name, around)}
            case {"M": inner}:
                return {"M": {key: walk(part, key, inner) for key, part in inner.items()}}
            case {"L": inner}:
                return {"L": [walk(part, name, around) for part in inner]}
            case {"SS": inner}:
                return {"SS": sorted(inner)}
            case {"S": text} if text.startswith("{"):
                return {"JSON": json.loads(text)}
        return value

    def _open(sealed: bytes, name: str, around: Item) -> str:
        party = [around["party_id"]["S"]] if around is not item and "party_id" in around else []
        key_id = around["key_id"]["S"]
        place = json.dumps([item["PK"]["S"], item["SK"]["S"], *party, name, key_id])
        version, nonce, content = sealed[:1], sealed[1:13], sealed[13:]
        assert version == b"\x01"
        return AESGCM(SECRETS[key_id]).decrypt(nonce, content, place.encode()).decode()

    return {name: walk(value, name, item) for name, value in item.items()}


def shape(item: Item) -> tuple[str, str]:
    """Return what kind of record an item is, by its keys as the page of access patterns writes them."""
    found = [row for row in rows() if _fits(row[0], item["PK"]["S"]) and _fits(row[1], item["SK"]["S"])]
    assert len(found) == 1, f"docs/access-patterns.md has {len(found)} rows for {item['PK']} / {item['SK']}"
    return found[0]


def rows() -> list[tuple[str, str]]:
    """Return the keys of every kind of record there is, as the page of access patterns lists them."""
    records = PAGE.read_text(encoding="utf-8").split("## Records")[1].split("## Indexes")[0]
    return re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", records, flags=re.MULTILINE)


def _fits(pattern: str, key: str) -> bool:
    # A callback's id begins with its court's.
    pattern = pattern.replace("{callback_id}", "{court_id}#{webhook_id}")
    return bool(re.fullmatch(re.sub(r"{[^}]*}", "[^#]+", pattern), key))
