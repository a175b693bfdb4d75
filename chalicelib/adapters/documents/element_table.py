"""The element table (要素表) of a complaint: what its form says, in columns for a court's batch platform.

Promise: a column for each element of the product's form (`templates/elements.py`), under a code that stays,
and a line for each party; so the table says what the complaint says. None is not known, False is a no.
A court's platform that wants other names, another order or constants gets the columns that an institution
enrolled for it. Downside: such a column has an element as it is, or a text; nothing is computed from both.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.templates import shared
from chalicelib.adapters.documents.templates.elements import Column, columns
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from chalicelib.adapters.documents.templates.elements import Cell, Part
    from chalicelib.adapters.documents.views.common import Participant
    from chalicelib.adapters.documents.views.court import CardComplaint, LoanComplaint
    from chalicelib.use_cases.papers import TableColumn

_PARTIES: Final = "当事人信息"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table:
    """A complaint's table: the form's edition, the columns of the case, and those of each party."""

    template_id: str
    columns: tuple[Column, ...]
    parties: tuple[tuple[Column, ...], ...]

    def __repr__(self) -> str:
        return f"Table({self.template_id!r}, ...)"


def table_of(parts: Iterable[Part], view: LoanComplaint | CardComplaint, template_id: str) -> Table:
    """Return the table of a complaint."""
    litigation = view.litigation
    head = (
        _column("litigation.number", "案号", litigation.number, "案件"),
        _column("litigation.court", "受理法院", litigation.court, "案件"),
        _column("made_on", "制作日期", view.made_on, "案件"),
    )
    sides = (
        ("原告", litigation.plaintiffs),
        ("被告", litigation.defendants),
        ("第三人", litigation.third_parties),
    )
    parties = tuple(tuple(_party(role, each)) for role, side in sides for each in side)
    return Table(template_id=template_id, columns=(*head, *columns(parts, view)), parties=parties)


def _party(role: str, participant: Participant) -> Iterator[Column]:
    who = participant.who
    yield _column("role", "诉讼地位", role)
    yield _column("nature", "当事人类型", shared.nature(who))
    yield _column("standing", "责任性质", participant.standing)
    for element in shared.particulars(who):
        yield _column(element.path, element.label, element.cell(who))
    yield _column(
        "agents", "委托诉讼代理人", shared.agents(participant.agents) if participant.agents else None
    )
    if participant.service:
        for element in shared.SERVICE:
            yield _column(f"service.{element.path}", element.label, element.cell(participant.service))


def _column(code: str, name: str, value: Cell, part: str = _PARTIES) -> Column:
    return Column(code=code, part=part, name=name, value=value)


def rewritten(table: Table, rewrite: Callable[[str], str]) -> Table:
    """Return the table with every text rewritten, so that it has the characters that the form prints."""

    def of(columns: Iterable[Column]) -> tuple[Column, ...]:
        return tuple(
            replace(each, value=rewrite(each.value)) if isinstance(each.value, str) else each
            for each in columns
        )

    return replace(table, columns=of(table.columns), parties=tuple(map(of, table.parties)))


def arranged(table: Table, own: Sequence[TableColumn]) -> Table:
    """Return the table with an institution's own columns in place of the form's, if there are any.

    A column whose element the form does not have, or of a party that there is not, is empty.
    """
    if not own:
        return table
    known = {each.code: each for each in table.columns}
    counted: Counter[Cell] = Counter()
    for party in table.parties:
        role = _SIDES[next(each.value for each in party if each.code == "role")]
        counted[role] += 1
        known |= {f"{role}.{counted[role]}.{each.code}": each for each in party}
    return replace(table, columns=tuple(_own(column, known) for column in own))


def _own(column: TableColumn, known: Mapping[str, Column]) -> Column:
    found = known.get(column.code or "")
    value = column.text if found is None else found.value
    return Column(code=column.code or "", part=found.part if found else "", name=column.name, value=value)


def codes(parts: Iterable[Part]) -> frozenset[str]:
    """Return the codes that an institution's columns may name beside those of parties."""
    of_form = (element.path for part in parts for row in part.rows for element in row.elements)
    return frozenset((*_HEAD, *of_form))


def codes_of_parties() -> frozenset[str]:
    """Return what may follow `defendants.1.` in a column's code."""
    elements = (*shared.PERSON, *shared.ENTITY)
    served = (f"service.{element.path}" for element in shared.SERVICE)
    return frozenset(("role", "nature", "standing", "agents", *served, *(each.path for each in elements)))


_HEAD: Final = ("litigation.number", "litigation.court", "made_on")
_SIDES: Final[Mapping[Cell, str]] = {"原告": "plaintiffs", "被告": "defendants", "第三人": "third_parties"}


def in_json(table: Table) -> bytes:
    """Return the table as JSON: amounts as text with two decimals, days as 2026-05-08."""
    content = {
        "template_id": table.template_id,
        "elements": [
            {"code": each.code, "part": each.part, "name": each.name, "value": _plain(each.value)}
            for each in table.columns
        ],
        "parties": [{each.code: _plain(each.value) for each in party} for party in table.parties],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _plain(value: Cell) -> str | bool | int | None:
    return str(value) if isinstance(value, Money | date) else value
