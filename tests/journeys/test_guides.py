"""The guides' blocks work as they stand: pasted into bash, one after the other, against the running stack."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import urllib3

from infra.local import shell
from infra.local.demo.client import HubClient, Issuer
from infra.local.example import example_case, open_talks
from tests.support.guides import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.stack import Stack

pytestmark = pytest.mark.xdist_group("stack")

GUIDES: Final = Path(__file__).parents[2] / "docs" / "guides"
PAGES: Final = {
    path.name: page for path in sorted(GUIDES.glob("*.md")) if "```sh" in (page := path.read_text("utf-8"))
}
ONE_LANGUAGE: Final = [name for name in PAGES if not name.endswith(".zh-CN.md")]
"""The commands of both languages are the same (tests/api/test_guides.py)."""
_BLOCK: Final = re.compile(r"^```sh\n(?P<block>.*)^```$", re.MULTILINE | re.DOTALL)
_STATUS: Final = re.compile(r"^```http\nHTTP/1\.1 (?P<status>\d+)")
_BETWEEN: Final = "\x1e"
"""Ends what a block printed; a block prints no such character."""


@pytest.fixture(scope="module")
def pasted(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pasting]:
    """Every guide in a bash of its own, at the same time: they mostly wait for the hub."""
    folder = tmp_path_factory.mktemp("pasted")
    script = folder / "run.sh"
    with urllib3.PoolManager() as http:
        hub = HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)
        talks, filing = open_talks(hub)
        shell.write_script(script, stack, {"CASE": example_case(hub), "TALKS": talks["case_id"]}, filing)
    return {name: Pasting.of(PAGES[name], script, folder / name) for name in ONE_LANGUAGE}


@dataclass(frozen=True, slots=True)
class Pasting:
    """A bash that a guide is pasted into. What it prints goes into files: a full pipe would hold it up."""

    bash: subprocess.Popen[bytes]
    printed: Path
    complaints: Path

    @classmethod
    def of(cls, page: str, script: Path, folder: Path) -> Pasting:
        """Begin to paste a page's blocks, each followed by its exit code and the last status."""
        folder.mkdir()
        commands, printed, complaints = (folder / name for name in ("commands", "printed", "complaints"))
        blocks = (f"STATUS=200\n{block}echo '{_BETWEEN}'$?,$STATUS\n" for block, _ in _blocks(page))
        commands.write_text(f". {script}\n{''.join(blocks)}", "utf-8")
        with printed.open("wb") as out, complaints.open("wb") as err:
            bash = subprocess.Popen(  # noqa: S603 - the commands are ours
                ["/bin/bash", commands], env={"PATH": os.environ["PATH"]}, stdout=out, stderr=err
            )
        return cls(bash, printed, complaints)

    def ended(self) -> list[tuple[str, str]]:
        """Wait; return what each block printed, and its exit code and status."""
        assert self.bash.wait(timeout=240) == 0
        assert self.complaints.read_text("utf-8") == ""
        found: list[tuple[str, str]] = re.findall(
            rf"([^{_BETWEEN}]*){_BETWEEN}(\d+,\d+)\n", self.printed.read_text("utf-8")
        )
        return found


@pytest.mark.parametrize("name", ONE_LANGUAGE)
def test_a_guide_can_be_pasted(name: str, pasted: dict[str, Pasting]) -> None:
    """Each request is answered with the status that the guide shows, or is taken where it shows none."""
    ended = pasted[name].ended()
    blocks = list(_blocks(PAGES[name]))
    assert len(ended) == len(blocks)
    for (block, status), (said, told) in zip(blocks, ended, strict=True):
        assert re.fullmatch(f"0,{status or '20[0-9]'}", told), (block, said)


@pytest.mark.parametrize("name", PAGES)
def test_what_cannot_be_pasted_says_so(name: str) -> None:
    """A request that is shown as plain HTTP stands in a section that says why."""
    mark = "不能粘贴执行" if name.endswith(".zh-CN.md") else "not to be pasted"
    for section in re.split(r"^## ", PAGES[name], flags=re.MULTILINE):
        shown = re.search(r"^```http\n(?!HTTP)|^<!-- play:", section, re.MULTILINE)
        assert (shown is not None) == (mark in section), section.splitlines()[0]


def _blocks(page: str) -> Iterator[tuple[str, str]]:
    """Yield what is pasted, and the status of the answer that is shown below it, if one is."""
    for part, after in zip(shown := parts(page), [*shown[1:], ""], strict=True):
        if (pasted := _BLOCK.fullmatch(part)) is not None:
            answer = _STATUS.match(after)
            yield pasted["block"], answer["status"] if answer else ""
