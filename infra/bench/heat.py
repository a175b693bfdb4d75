"""The hottest partition keys when FILINGS cases are filed a second, half of them by one bank.

How: one measured case wrote so many units to so many partitions of each index. CASES such cases are made up,
each with an id of its own: its shards follow from the id as the hub's do, every second one is the bank's,
mediators and judges take turns. In a steady state each second brings as many units as FILINGS cases take in
their whole life, so a key's rate is its share of all units. All cases are one court's, the worst case.

DynamoDB gives a partition key 1,000 write units a second; the budget is half of it. Downside: a rush is not
simulated; and the court answers as fast as people file.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.work import shards_of
from chalicelib.domain.roles import Role
from chalicelib.domain.work import Owner
from infra.bench.figures import Figure, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILINGS: Final = 100
BUDGET: Final = 500
CASES: Final = 4_000
WORK: Final = "work lists"
"""What stands in the table itself beside the cases, in partitions that many cases share."""
_OTHER_BANKS, _MEDIATORS, _JUDGES = 20, 200, 40


def figures_of(heat: Mapping[tuple[str, str], int]) -> list[Figure]:
    """Return the write units a second of each index's hottest key, from what one case wrote."""
    return [
        Figure(
            section=Section.KEYS,
            name=index,
            value=units,
            unit="units/s",
            budget=BUDGET,
            note=f"key {key}; {_of(heat, index)} units a case",
        )
        for index, (key, units) in hottest(heat).items()
    ]


def hottest(heat: Mapping[tuple[str, str], int], filings: int = FILINGS) -> dict[str, tuple[str, float]]:
    """Return the hottest key of each index, and of the work lists, with its write units a second."""
    drawn = Random(1)  # noqa: S311 - a simulation
    load: dict[str, Counter[str]] = {}
    for number in range(CASES):
        case_id = f"{drawn.getrandbits(128):032x}"
        for (name, partition), units in heat.items():
            if index := name or _list(partition):
                key = _KEYS[index](partition, number, case_id)
                load.setdefault(index, Counter())[key] += units
    rate = filings / CASES
    return {
        index: (key, units * rate)
        for index, found in sorted(load.items())
        for key, units in found.most_common(1)
    }


def _of(heat: Mapping[tuple[str, str], int], index: str) -> int:
    return sum(units for (name, partition), units in heat.items() if (name or _list(partition)) == index)


def _list(partition: str) -> str:
    """Return what a partition of the table itself is called that is no case's own: a work list."""
    return WORK if partition.startswith("WORK#") else ""


def _works(partition: str, number: int, case_id: str) -> str:
    """Return the shard of a made-up owner's work list."""
    role, owner = Role(partition.split("#")[1].partition(":")[0]), partition.split("#")[1]
    if role is Role.INSTITUTION:
        owner = _bank(number)
    elif role in {Role.MEDIATOR, Role.JUDGE}:
        owner = f"{role} {number % (_MEDIATORS if role is Role.MEDIATOR else _JUDGES)}"
    return f"{owner}#{keys.shard(case_id, len(shards_of(Owner(role=role))))}"


def _bank(number: int) -> str:
    return "the bank" if number % 2 else f"bank {number // 2 % _OTHER_BANKS}"


def _sharded(partition: str, _number: int, case_id: str) -> str:
    court, _, _ = partition.rpartition("#")
    return keys.court_list(court, case_id)


def _banks(partition: str, number: int, _case_id: str) -> str:
    _, _, stage = partition.partition("#")
    return keys.stage_list(_bank(number), stage) if stage else _bank(number)


_KEYS: Final[Mapping[str, Callable[[str, int, str], str]]] = {
    "by_court": _sharded,
    "by_court_stage": lambda partition, _number, _case_id: partition,
    "by_institution_id": _banks,
    "by_institution_stage": _banks,
    "by_mediator_id": lambda _partition, number, _case_id: f"mediator {number % _MEDIATORS}",
    "by_judge_id": lambda _partition, number, _case_id: f"judge {number % _JUDGES}",
    WORK: _works,
    "due": lambda _partition, _number, case_id: keys.due_shard(case_id),
}
"""By index: the key of a made-up case in place of the measured one's partition."""
