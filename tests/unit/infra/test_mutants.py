"""How the outcome of mutation testing is judged."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from infra.mutants import tree as copied
from infra.mutants.__main__ import LISTED, main
from infra.mutants.judgement import Accepted, Change, Judgement, accepted_in, survivors_in
from infra.mutants.parts import Part, parts_in
from infra.mutants.program import MutmutFailed, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_MUTMUT: Final = """#!{python}
import json, pathlib, sys, time
told = json.loads(pathlib.Path({told!r}).read_text())
with open("calls", "a") as calls:
    print(json.dumps(sys.argv[1:]), file=calls)
if sys.argv[1] == "run":
    time.sleep(told["seconds"])
    raise SystemExit(told["exit code"])
if not told["answers"]:
    raise SystemExit("no answer")
if sys.argv[1] == "results":
    for mutant, status in told["statuses"].items():
        print(f"    {{mutant}}: {{status}}")
else:
    print("# the mutant: survived", "--- a.py", "+++ a.py", "@@ -1,2 +1,2 @@", sep="\\n")
    print(" def due():", "-    a < b", "+    a <= b", sep="\\n")
"""
_PARTS: Final = """
[[part]]
name = "loan"
files = ["chalicelib/domain/loan/*.py"]
tests = ["tests/unit/domain/loan"]
"""
_LOAN, _DAYS = (
    Part("loan", ("chalicelib/domain/loan/*.py",), ("tests/unit/domain/loan",)),
    Part("days", ("chalicelib/domain/calendar.py",), ("tests/unit/domain/test_calendar.py",)),
)
_TWO: Final = f"""{_PARTS}
[[part]]
name = "days"
files = ["chalicelib/domain/calendar.py"]
tests = ["tests/unit/domain/test_calendar.py"]
"""
_ROOT: Final = Path(__file__).parents[3]
_DUE: Final = Change("loan.ledger.Ledger.due", "a < b", "a <= b")
_ACCEPTED: Final = """
[[accepted]]
function = "loan.ledger.Ledger.due"
before = "a < b"
after = ["a <= b"]
reason = "equivalent: they never meet"
"""


def _name(number: int) -> str:
    return f"chalicelib.domain.loan.ledger.xǁLedgerǁdue__mutmut_{number}"


def _statuses(*statuses: str) -> dict[str, str]:
    return {_name(number): status for number, status in enumerate(statuses, start=1)}


def _judged(statuses: Iterable[str], survivors: int = 0, accepted: tuple[Accepted, ...] = ()) -> Judgement:
    made = _statuses(*statuses)
    survived = [mutant for mutant, status in made.items() if status == "survived"][:survivors]
    changes = {mutant: Change("f", "a", str(number)) for number, mutant in enumerate(survived)}
    return Judgement({"loan.ledger": made}, changes, accepted)


class _Tree:
    """A small tree with a program that answers as mutmut does, and a list of accepted mutants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "mutmut"
        told = folder / "told.json"
        self.program.write_text(_MUTMUT.format(python=sys.executable, told=str(told)), encoding="utf-8")
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)
        for name in (
            "pyproject.toml",
            "infra/__init__.py",
            "infra/local/x.py",
            "chalicelib/domain/calendar.py",
            "chalicelib/domain/loan/y.py",
            "chalicelib/face.ttf",
        ):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x = 1\n", encoding="utf-8")
        (folder / "pyproject.toml").write_text("[tool.mutmut]\nx = 1\n[tool.y]\n", encoding="utf-8")
        self.tell(_statuses("killed"))
        self.accept("accepted = []\n" + _PARTS)

    def tell(
        self, statuses: dict[str, str], *, exit_code: int = 0, seconds: float = 0, answers: bool = True
    ) -> None:
        told = {"statuses": statuses, "exit code": exit_code, "seconds": seconds, "answers": answers}
        (self.folder / "told.json").write_text(json.dumps(told), encoding="utf-8")

    def accept(self, listed: str) -> None:
        path = self.folder / LISTED
        path.parent.mkdir(exist_ok=True)
        path.write_text(listed, encoding="utf-8")

    def run(self, *arguments: str) -> int:
        return main(arguments, self.program)

    def runs(self, part: Part = _LOAN) -> list[list[str]]:
        calls = (self.folder / copied.copy_for(part) / "calls").read_text(encoding="utf-8").splitlines()
        return [call[1:] for call in map(json.loads, calls) if call[0] == "run"]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Tree:
    monkeypatch.chdir(tmp_path)
    return _Tree(tmp_path)


@pytest.mark.parametrize(("noticed", "passed"), [(95, True), (94, False)])
def test_ninety_five_of_a_hundred_must_be_noticed(noticed: int, passed: bool) -> None:
    """A test that fails or never ends has noticed; one that is accepted still counts as not noticed."""
    survived = 100 - noticed
    judgement = _judged(["killed"] * (noticed - 1) + ["timeout"] + ["survived"] * survived, survived)
    assert (judgement.noticed, judgement.percent, judgement.passed) == (noticed, noticed, passed)


@pytest.mark.parametrize("status", ["not checked", "check was interrupted by user", "skipped"])
def test_a_run_that_did_not_end_does_not_pass(status: str) -> None:
    """Though nearly all were noticed, and what was not tried is no survivor."""
    judgement = _judged(["killed"] * 999 + [status])
    assert (judgement.untried, judgement.passed) == (1, False)
    assert survivors_in(judgement.statuses) == []


@pytest.mark.parametrize("status", ["survived", "no tests", "suspicious", "segfault"])
def test_whatever_was_tried_and_not_noticed_is_a_survivor(status: str) -> None:
    assert survivors_in(_statuses("killed", status, "timeout")) == [_name(2)]
    assert _judged([status]).percent == 0


def test_nothing_made_is_nothing_noticed() -> None:
    assert not _judged([]).passed


def test_an_accepted_mutant_must_have_survived() -> None:
    """A list that excuses what tests do notice is out of date, and fails the run."""
    entry = Accepted(Change("f", "a", "0"), "equivalent")
    survived = _judged(["killed"] * 99 + ["survived"], 1, (entry,))
    assert (survived.unexplained, survived.stale, survived.passed) == ((), (), True)
    noticed = _judged(["killed"] * 100, 0, (entry,))
    assert (noticed.stale, noticed.passed) == ((entry,), False)


def test_a_small_module_is_held_to_the_same_rate() -> None:
    """18 of 20 are too few, though the whole is 98 %; what is accepted does not count against a module."""
    small = {f"small_{number}": status for number, status in enumerate(["killed"] * 18 + ["survived"] * 2)}
    changes = {f"small_{number}": Change("small.f", "a", str(number)) for number in (18, 19)}
    modules = {"large": _statuses(*["killed"] * 80), "small": small}
    assert Judgement(modules, changes, ()).below == ("small",)
    assert not Judgement(modules, changes, ()).passed
    entry = Accepted(Change("small.f", "a", "18"), "equivalent")
    judgement = Judgement(modules, changes, (entry,))
    assert (judgement.below, judgement.percent) == (("small",), 98)  # 18 of 19
    both = (entry, Accepted(Change("small.f", "a", "19"), "equivalent"))
    assert Judgement(modules, changes, both).passed


@pytest.mark.parametrize(
    ("mutant", "place"),
    [
        ("chalicelib.domain.loan.accrual.xǁ_Walkǁ_close__mutmut_12", ("loan.accrual", "_Walk._close")),
        ("chalicelib.domain.loan.accrual.xǁ_Walkǁ__init____mutmut_1", ("loan.accrual", "_Walk.__init__")),
        ("chalicelib.domain.loan.rates.x__resets__mutmut_8", ("loan.rates", "_resets")),
        ("chalicelib.domain.loan.rates.x_rate_steps__mutmut_11", ("loan.rates", "rate_steps")),
    ],
)
def test_a_mutants_name_tells_its_function(mutant: str, place: tuple[str, str]) -> None:
    """So that a reason outlives the numbers, which shift with every edit."""
    assert place_of(mutant) == place


def test_a_name_of_another_form_is_refused() -> None:
    with pytest.raises(MutmutFailed, match="rates-8"):
        place_of("rates-8")


def test_every_accepted_change_has_its_reason() -> None:
    """The list in the tree is read; each entry may name several changes of one line."""
    listed = accepted_in((_ROOT / LISTED).read_text(encoding="utf-8"))
    assert len({entry.change for entry in listed}) == len(listed) > 0
    assert all(entry.reason and entry.change.before != entry.change.after for entry in listed)


def test_every_accepted_change_is_of_a_line_that_stands() -> None:
    """In the file of its function: whoever edits it looks at the reason again, without an hour's run."""
    for entry in accepted_in((_ROOT / LISTED).read_text(encoding="utf-8")):
        place = entry.change.function
        base = _ROOT if place.startswith(("chalicelib.", "infra.")) else _ROOT / "chalicelib" / "domain"
        names = place.split(".")
        files = (base.joinpath(*names[:count]).with_suffix(".py") for count in range(len(names), 0, -1))
        source = next(path for path in files if path.exists()).read_text(encoding="utf-8")
        assert entry.change.before in source, f"{place}: {entry.change.before}"


def test_a_survivor_is_shown_and_its_reason_beside_it(
    tree: _Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    """The row of its module, the changed line, and the rate with what it is made of."""
    tree.tell(_statuses(*["killed"] * 19, "survived"))
    assert tree.run() == 0
    shown = capsys.readouterr().out
    assert "SURVIVED\n  loan.ledger.Ledger.due\n    - a < b\n    + a <= b\n" in shown
    assert "19 noticed (19 killed + 0 timed out) of 20 mutants made: 95.0 %" in shown
    tree.accept(_ACCEPTED + _PARTS)
    assert tree.run("--report") == 0
    shown = capsys.readouterr().out
    assert "accepted: equivalent: they never meet\n  loan.ledger.Ledger.due" in shown
    assert "not noticed: 1 accepted, 0 unexplained; not tried: 0" in shown
    assert accepted_in(_ACCEPTED) == (Accepted(_DUE, "equivalent: they never meet"),)


def test_what_is_accepted_in_vain_is_shown(tree: _Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.accept(_ACCEPTED + _PARTS)
    assert tree.run() == 1
    assert "ACCEPTS WHAT DID NOT SURVIVE\n  loan.ledger.Ledger.due" in capsys.readouterr().out


def test_each_run_starts_anew(tree: _Tree) -> None:
    """Results of tests that have changed since would be believed otherwise."""
    kept = tree.folder / copied.copy_for(_LOAN) / "kept"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert tree.run("--report") == 0
    assert kept.exists()
    assert tree.run("--jobs", "3") == 0
    assert not kept.exists()
    assert tree.runs() == [["--max-children=3"]]


def test_survivors_alone_can_be_tried_again(tree: _Tree) -> None:
    """By their names, with what is known of the others; so is what a run that was cut off had not tried."""
    (tree.folder / copied.copy_for(_LOAN)).mkdir(parents=True)
    tree.tell(_statuses("killed", "survived", "no tests", "timeout", "not checked"))
    assert tree.run("--survivors") == 1
    assert tree.runs() == [["--max-children=1", *map(_name, range(2, 6))]]


def test_nothing_is_tried_again_where_nothing_survived(tree: _Tree) -> None:
    """With no names mutmut tries all of them; none is to be tried."""
    (tree.folder / copied.copy_for(_LOAN)).mkdir(parents=True)
    assert tree.run("--survivors") == 0
    assert tree.runs() == []


def test_each_part_is_tried_in_a_copy_of_its_own(tree: _Tree) -> None:
    """There its files alone are mutated, and its tests alone are run; typefaces are not copied."""
    tree.accept("accepted = []\n" + _TWO)
    assert tree.run() == 0
    for part in (_LOAN, _DAYS):
        assert tree.runs(part) == [["--max-children=1"]]
        copy = tree.folder / copied.copy_for(part)
        settings = tomllib.loads((copy / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
        assert settings == {
            "mutmut": {
                "only_mutate": list(part.files),
                "pytest_add_cli_args_test_selection": list(part.tests),
                "x": 1,
            },
            "y": {},
        }
        assert (copy / "chalicelib" / "domain" / "calendar.py").exists()
        assert not (copy / "chalicelib" / "face.ttf").exists()


def test_a_part_can_be_tried_alone(tree: _Tree) -> None:
    """What is accepted of other parts was not looked at, and is not missed."""
    tree.accept(_ACCEPTED.replace("loan.ledger", "calendar") + _TWO)
    assert tree.run("loan") == 0
    assert not (tree.folder / copied.copy_for(_DAYS)).exists()
    assert tree.run() == 1


def test_a_part_that_is_not_listed_is_refused(tree: _Tree, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        tree.run("weather")
    assert "weather" in capsys.readouterr().err


def test_each_part_has_its_files_and_its_tests() -> None:
    """Every pattern finds files, no file stands in two parts, each of the loan in one; each test is there."""
    parts = parts_in((_ROOT / LISTED).read_text(encoding="utf-8"))
    files = [path for part in parts for pattern in part.files for path in _ROOT.glob(pattern)]
    assert all(any(_ROOT.glob(pattern)) for part in parts for pattern in part.files)
    assert len(set(files)) == len(files) > 0
    of_the_loan = {
        path for path in (_ROOT / "chalicelib/domain/loan").glob("*.py") if path.stem != "__init__"
    }
    assert of_the_loan <= set(files)
    assert all((_ROOT / test.partition("::")[0]).exists() for part in parts for test in part.tests)


def test_time_is_bounded(tree: _Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """What was tried until then is judged, and the rest counts against the run."""
    tree.tell(_statuses("killed", "not checked"), seconds=600)
    assert tree.run("--minutes", "0") == 1
    assert "not tried: 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statuses", "exit_code", "answers", "said"),
    [
        (_statuses("killed"), 1, True, "exit code 1"),
        ({}, 0, True, "no results yet"),
        (_statuses("killed"), 0, False, "no answer"),
    ],
)
def test_a_mutmut_that_fails_is_not_judged(
    tree: _Tree,
    capsys: pytest.CaptureFixture[str],
    statuses: dict[str, str],
    exit_code: int,
    answers: bool,
    said: str,
) -> None:
    """Neither if it ends with an error, nor if it leaves no results or can't tell them."""
    tree.tell(statuses, exit_code=exit_code, answers=answers)
    assert tree.run() == 2
    shown = capsys.readouterr().out
    assert shown.startswith("not judged\n")
    assert said in shown


_MIXED: Final = """
from hypothesis import given, strategies as st

@given(st.booleans())
def test_drawn(value): ...

def test_first(): ...

class TestMore:
    @given(st.booleans())
    def test_drawn_too(self, value): ...

    def test_second(self): ...
"""


def test_examples_are_tried_before_properties(tmp_path: Path) -> None:
    """Each in the order in which it stands."""
    (tmp_path / "test_mixed.py").write_text(_MIXED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-c", "none.ini", "--rootdir=."]
    command += ["-p", "infra.mutants.quick_first", "-p", "no:cacheprovider", "test_mixed.py"]
    (tmp_path / "none.ini").touch()
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    named = [line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    assert named == ["test_first", "test_second", "test_drawn", "test_drawn_too"]


_PROPERTY: Final = """class Debt:
    @property
    def owed(self) -> int:
        return self.fen + 1

    @cached
    @property
    def paid(self) -> int:
        return 2

    @staticmethod
    def nothing() -> int:
        return 0
"""


def test_a_property_is_laid_open_in_the_copy(tree: _Tree) -> None:
    """It means the same, and no method is decorated for mutmut to pass over; other decorators stay."""
    path = Path("chalicelib") / "domain" / "loan" / "debt.py"
    (tree.folder / path).write_text(_PROPERTY, encoding="utf-8")
    copied.refresh(_LOAN)
    opened = """class Debt:
    def owed(self) -> int:
        return self.fen + 1
    owed = property(owed)
"""
    text = (tree.folder / copied.copy_for(_LOAN) / path).read_text(encoding="utf-8")
    assert text == opened + _PROPERTY.partition("fen + 1\n")[2]
    assert (tree.folder / path).read_text(encoding="utf-8") == _PROPERTY
