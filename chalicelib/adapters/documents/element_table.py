"""The element table (要素表) of a complaint: what its form says, in columns for a court's batch platform.

Promise: a column for each element of the product's form (`templates/elements.py`), under a code that stays,
and a line for each party; so the table says what the complaint says. None is not known, False is a no.
Downside: a court's platform that wants other names or another order needs a mapping from our codes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.templates import shared
from chalicelib.adapters.documents.templates.elements import Column, columns
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.adapters.documents.templates.elements import Cell, Part
    from chalicelib.adapters.documents.views.common import Participant
    from chalicelib.adapters.documents.views.court import CardComplaint, LoanComplaint

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
