"""However a list is cut into shards and pages, every case comes once, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.listing import Reading, merge
from chalicelib.adapters.dynamo.records import CaseRecord
from chalicelib.adapters.dynamo.stored_case import case_record
from tests.contract.storage.steps import filed
from tests.support.fakes.clock import START


@dataclass(frozen=True)
class Entry:
    """A case in a shard: filed so many seconds after the start, shown or thrown away by a filter."""

    record: CaseRecord
    shown: bool


@st.composite
def shards(draw: st.DrawFn) -> list[list[Entry]]:
    """Make up to 4 shards, each newest first, with a few cases filed in the same second."""
    made: list[list[Entry]] = [[] for _ in range(draw(st.integers(1, 4)))]
    for number, second in enumerate(draw(st.lists(st.integers(0, 9), max_size=25))):
        change = filed(f"C-{number:02}", at=START + timedelta(seconds=second))
        made[draw(st.integers(0, len(made) - 1))].append(Entry(case_record(change.case), draw(st.booleans())))
    for shard in made:
        shard.sort(key=lambda entry: entry.record.filed_key, reverse=True)
    return made


def query(shard: Sequence[Entry], after: str | None, evaluated: int) -> Reading:
    """Answer as DynamoDB does: at most so many evaluated, and where it stopped if it had to."""
    below = [entry for entry in shard if after is None or entry.record.filed_key < after]
    read = below[:evaluated]
    stopped = read[-1].record.filed_key if len(below) >= evaluated else None
    return Reading("shard", [entry.record.serialize() for entry in read if entry.shown], stopped)


@given(shards(), st.integers(1, 6), st.integers(1, 8))
def test_every_case_comes_once_and_in_order(made: list[list[Entry]], limit: int, evaluated: int) -> None:
    """Also where a filter leaves pages short or empty, and where DynamoDB stops early."""
    shown = [entry.record for shard in made for entry in shard if entry.shown]
    expected = [
        r.pk.removeprefix("CASE#") for r in sorted(shown, key=lambda record: record.filed_key, reverse=True)
    ]
    read: list[str] = []
    after: str | None = None
    while True:
        page, following = merge([query(shard, after, evaluated) for shard in made], limit)
        assert len(page) <= limit
        read += [item["PK"]["S"].removeprefix("CASE#") for item in page]
        if following is None:
            break
        assert after is None or following < after
        after = following
    assert read == expected
