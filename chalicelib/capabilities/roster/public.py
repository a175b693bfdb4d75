"""The public part of a roster: who mediates, with which knowledge, where and in which languages.

Promise: of a person nothing else is shown than its name and its id, and what it can do as a mediator; who is
suspended is left out. A cell of the export never begins a formula in a spreadsheet. Downside: filters look at
one page after another, so that a page may be short although more follow.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.capabilities.roster.declaration import READ_MEDIATORS
from chalicelib.capabilities.roster.model import PersonState
from chalicelib.capabilities.roster.service import Roster
from chalicelib.domain.permissions import authorise
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.capabilities.roster.model import Person
    from chalicelib.domain.claim import CaseType
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub

_AT_ONCE: Final = 100
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins a formula, full width included, or may hide that something does."""
_HEAD: Final = (
    "调解员编号 mediator_id",
    "姓名 name",
    "调解组织 organisation",
    "专业 qualifications",
    "案由 expertise",
    "服务区域 areas",
    "语言 languages",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader looks for; None for what does not matter."""

    expertise: CaseType | None = None
    area: str | None = None
    language: str | None = None

    def fits(self, person: Person) -> bool:
        """Tell whether a person is an active mediator who has all of it."""
        profile = person.profile
        asked = (
            (self.expertise, profile.expertise),
            (self.area, profile.areas),
            (self.language, profile.languages),
        )
        mediates = person.role is Role.MEDIATOR and person.state is PersonState.ACTIVE
        return mediates and all(value is None or value in has for value, has in asked)


def read_mediators(
    hub: Hub, actor: Actor, court_id: str, wanted: Wanted, after: str | None, limit: int
) -> tuple[tuple[Person, ...], str | None]:
    """Return a page of a court's mediators, and where the list goes on; raises NotPermitted."""
    authorise(actor, READ_MEDIATORS)
    return public_page(hub, court_id, wanted, after, limit)


def public_page(
    hub: Hub, court_id: str, wanted: Wanted, after: str | None, limit: int
) -> tuple[tuple[Person, ...], str | None]:
    """Return the same to anybody, where the stage shows it."""
    page = hub.part(Roster).page(court_id, after, limit)
    return tuple(filter(wanted.fits, page.people)), page.after


def export_mediators(hub: Hub, actor: Actor, court_id: str, wanted: Wanted) -> bytes:
    """Return a court's mediators as CSV, UTF-8 with its mark for spreadsheets; raises NotPermitted."""
    authorise(actor, READ_MEDIATORS)
    return public_export(hub, court_id, wanted)


def public_export(hub: Hub, court_id: str, wanted: Wanted) -> bytes:
    """Return the same to anybody, where the stage shows it."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_HEAD)
    rows.writerows(_row(person) for person in _everybody(hub, court_id, wanted))
    return text.getvalue().encode("utf-8-sig")


def _everybody(hub: Hub, court_id: str, wanted: Wanted) -> Iterator[Person]:
    people, after = public_page(hub, court_id, wanted, None, _AT_ONCE)
    yield from people
    while after is not None:
        people, after = public_page(hub, court_id, wanted, after, _AT_ONCE)
        yield from people


def _row(person: Person) -> list[str]:
    profile = person.profile
    lists = (profile.qualifications, profile.expertise, profile.areas, profile.languages)
    joined = ("；".join(sorted(each)) for each in lists)
    cells = (person.person_id, person.name, profile.organisation or "", *joined)
    return [f"'{cell}" if cell.startswith(_FORMULA) else str(cell) for cell in cells]
