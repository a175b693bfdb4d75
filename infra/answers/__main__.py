r"""`python -m infra.answers`: shows that a change of the code left the API's answers as they were.

record    run a checkout's tests and write down each answer that they get
compare   print what differs between two recordings, the OpenAPI documents included

The checkout may be of any revision, also one without this tool. Its tests run with this interpreter. Exit
code 1: the recordings differ; 2: the checkout's tests failed, or a recording can't be read.

For example:
  git worktree add --detach /tmp/before 405812a
  python -m infra.answers record --tree /tmp/before --out /tmp/before.jsonl
  python -m infra.answers record --out /tmp/after.jsonl
  python -m infra.answers compare /tmp/before.jsonl /tmp/after.jsonl
  python -m infra.answers compare /tmp/before.jsonl /tmp/after.jsonl --ignore salt --ignore chain_version \
      --ignore-items sequence,previous,hash
  python -m infra.answers record --out /tmp/offers.jsonl -- tests/api/test_offers.py
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.answers.comparing import Rules, differences
from infra.answers.recording import TESTS, RecordingFailed, read, record

if TYPE_CHECKING:
    from collections.abc import Sequence

_EQUAL, _DIFFERENT, _FAILED = 0, 1, 2
_SHOWN: Final = 100


def main(argv: Sequence[str] | None = None) -> int:
    """Record or compare; return the exit code."""
    options = _parser().parse_args(argv)
    try:
        return _record(options) if options.command == "record" else _compare(options)
    except RecordingFailed as failed:
        sys.stderr.write(f"not recorded: the tests of {failed} did not pass\n")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
    return _FAILED


def _record(options: argparse.Namespace) -> int:
    began = time.monotonic()
    entries = record(options.tree, options.out, options.pytest or TESTS)
    tests = len({entry["test"] for entry in entries})
    sys.stdout.write(f"{len(entries)} answers of {tests} tests in {time.monotonic() - began:.0f} s\n")
    return _EQUAL


def _compare(options: argparse.Namespace) -> int:
    items = frozenset(frozenset(names.split(",")) for names in options.ignore_items)
    rules = Rules(frozenset(options.ignore), items)
    before, after = read(options.before), read(options.after)
    found = list(differences(before, after, rules))
    for told in found[: options.show]:
        sys.stdout.write(f"{told}\n")
    if len(found) > options.show:
        sys.stdout.write(f"and {len(found) - options.show} more\n")
    sys.stdout.write(f"{len(found)} differences between {len(before)} and {len(after)} answers\n")
    return _DIFFERENT if found else _EQUAL


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.answers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    recording = commands.add_parser("record", help="write down the answers that a checkout's tests get")
    recording.add_argument("--tree", type=Path, default=Path(), help="the checkout; default: this folder")
    recording.add_argument("--out", type=Path, required=True, help="the recording to write")
    recording.add_argument(
        "pytest", nargs="*", help=f"what pytest is told, after --; default: {' '.join(TESTS)}"
    )
    comparing = commands.add_parser("compare", help="print what differs between two recordings")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument(
        "--ignore", action="append", default=[], metavar="NAME", help="allow differences in this member"
    )
    comparing.add_argument(
        "--ignore-items",
        action="append",
        default=[],
        metavar="NAME,NAME",
        help="allow additional elements of lists that have exactly these members",
    )
    comparing.add_argument("--show", type=int, default=_SHOWN, help=f"how many to print; default {_SHOWN}")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
