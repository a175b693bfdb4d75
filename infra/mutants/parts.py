"""The parts of the program that are mutated, each with the tests that try it: the list in tests/mutants.toml.

Promise: a part is tried alone, by its own tests only, so that it costs minutes and not the whole suite.
Downside: a test that stands in no part notices nothing here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Files that are mutated together, as patterns, and the tests that have to notice it."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def settings(self) -> str:
        """What mutmut is told of it, as lines of pyproject.toml."""
        return f"only_mutate = {list(self.files)}\npytest_add_cli_args_test_selection = {list(self.tests)}\n"


def parts_in(listed: str) -> tuple[Part, ...]:
    """Read the list of parts, in the order in which they are tried."""
    return tuple(
        Part(entry["name"], tuple(entry["files"]), tuple(entry["tests"]))
        for entry in tomllib.loads(listed)["part"]
    )
