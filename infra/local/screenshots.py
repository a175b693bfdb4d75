"""`make screenshots`: the pictures of README and guides, taken from the console's real pages in Chromium.

Promise: the local stack runs, each person comes in by clicks, and what they see is written to `docs/images/`,
each picture in at most 60 KB. Downside: dates in the pictures are those of the day; colours are reduced to
32.
"""

from __future__ import annotations

import io
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from infra.local.enrolment import ACCOUNT
from infra.local.example import role_claims
from infra.local.stack import running
from infra.local.visitors import Visitors, chromium, missing

if TYPE_CHECKING:
    from collections.abc import Mapping

IMAGES: Final = Path("docs/images")
LARGEST: Final = 60_000
"""Bytes of a picture."""
_COLOURS: Final = 32


def main() -> int:
    """Take the pictures; 2 without Chromium."""
    if why := missing():
        print(why, file=sys.stderr)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running() as stack, chromium() as browser:
        people = Visitors(stack, browser)
        party, mediator, centre, bank = (
            people.party(),
            *map(people.staff, ("mediator", "centre", "institution")),
        )
        _first_looks(people, party, mediator, centre, bank)
        _settling(people, party, mediator)
    return 0


def _first_looks(people: Visitors, party: Any, mediator: Any, centre: Any, bank: Any) -> None:
    _write(party, "party")
    people.open(party, "/ways")
    _write(party, "party-ways")
    people.open(mediator)
    _write(mediator, "mediator")
    people.open(mediator, "/record-offer?kind=lump_sum")
    _write(mediator, "mediator-offer")
    centre.goto(f"{people.home}/today")
    _write(centre, "centre-today")
    people.open(centre, "/links")
    _write(centre, "centre-links")
    bank.goto(f"{people.home}/file")
    _write(bank, "bank-file")
    people.open(bank, "/bank-offer?kind=equal_payment")
    _write(bank, "bank-offer")


def _settling(people: Visitors, party: Any, mediator: Any) -> None:
    """Agree over the API, and see the agreement."""
    by = (date.today() + timedelta(days=20)).isoformat()  # noqa: DTZ011 - an example's own day
    schedule = {"kind": "lump_sum", "by": by}
    offer = {"side": "applicant", "tier": "lump_sum", "schedule": schedule, "valid_days": 7}
    _act(people, "institution", "offers", offer)
    _act(people, "borrower", "offers/1/answers", {"side": "respondent", "reply": "accepted"})
    clause = {"grace_days": 5, "clawback": True, "acceleration": True}
    terms = {"account": dict(ACCOUNT), "default_clause": clause, "confirmation_wanted": True}
    _act(people, "mediator", "settlement", terms)
    people.open(party, "/sign")
    _write(party, "party-sign")
    people.open(mediator, "/settlement")
    _write(mediator, "mediator-agreement")


def _act(people: Visitors, role: str, resource: str, body: Mapping[str, Any]) -> None:
    claims, path = role_claims(people.case_id)[role], f"/v1/cases/{people.case_id}"
    version = people.hub.get(claims, path).body["version"]
    answer = people.hub.post(claims, f"{path}/{resource}", body, If_Match=f'"{version}"')
    if not answer.ok:
        raise RuntimeError(f"{resource}: {answer.status} {answer.code}")


def _write(page: Any, name: str) -> None:
    seen = Image.open(io.BytesIO(page.screenshot()))
    path = IMAGES / f"{name}.png"
    seen.convert("RGB").quantize(_COLOURS).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path}  {size:,} bytes")
    if size > LARGEST:
        raise RuntimeError(f"{path} is larger than {LARGEST:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
