"""Capabilities are what their declarations say: each name loads, each word is there, nothing loads early."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from chalicelib import capabilities as home
from chalicelib.api.routes import operation_of
from chalicelib.consumers import load
from chalicelib.registry import absent, capabilities, maker_of

if TYPE_CHECKING:
    from chalicelib.registry import Capability

HOME = Path(home.__path__[0])
FOLDERS = sorted(path.name for path in HOME.iterdir() if (path / "__init__.py").exists())
each_capability = pytest.mark.parametrize("capability", capabilities(), ids=lambda each: each.name)


def test_every_folder_is_a_capability() -> None:
    """There is no list to forget one in."""
    assert [each.name for each in capabilities()] == FOLDERS
    assert "notes" in FOLDERS


def test_every_folder_stands_under_the_contract_of_its_floors() -> None:
    """A new one is checked like the others only if `pyproject.toml` names it."""
    contracts = tomllib.loads((HOME.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    (floors,) = (
        contract
        for contract in contracts["tool"]["importlinter"]["contracts"]
        if contract["name"] == "within a capability imports point one way"
    )
    assert floors["containers"] == [f"{home.__name__}.{name}" for name in FOLDERS]


@each_capability
def test_what_a_declaration_names_is_there(capability: Capability) -> None:
    """Parts, writers, deadlines and consumers load, and a port is named by where it is."""
    for port, maker in capability.parts.items():
        assert maker_of(load(port)) == maker
        assert callable(load(maker))
    for name in (*capability.writers.values(), *capability.deadlines.values()):
        assert callable(load(name))
    for row in capability.consumers:
        assert callable(row.load())


@each_capability
def test_a_declared_route_is_the_one_its_handler_has(capability: Capability) -> None:
    """The gateway learns method and path from the declaration, the document from the handler."""
    for route in capability.routes:
        operation = operation_of(route)
        assert (operation.method, operation.path) == (route.method, route.path)
        assert operation.tag == capability.name
        assert set(operation.actions) <= set(capability.actions)


@each_capability
def test_a_capability_has_its_words(capability: Capability) -> None:
    """In both languages, and so has each of its events; what it declares is its own."""
    for zh, en in ((capability.zh, capability.en), *capability.events.values()):
        assert any("\u4e00" <= character <= "\u9fff" for character in zh)
        assert en.isascii()
    assert all(action.declared and action.roles for action in capability.actions)
    assert all(event.declared for event in capability.events)


def test_a_port_a_stored_type_and_a_kind_of_deadline_belong_to_one_capability() -> None:
    """Or the first by its name would get what is another's."""
    for named in ("parts", "writers", "deadlines"):
        every = [name for each in capabilities() for name in getattr(each, named)]
        assert len(every) == len(set(every))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_declaration_needs_the_standard_library_and_the_vocabulary_only(name: str) -> None:
    """So that a function that does not use the capability pays nothing for it."""
    module = import_module(f"chalicelib.capabilities.{name}.declaration")
    allowed = {
        "chalicelib.consumers",
        "chalicelib.registry",
        "chalicelib.domain.roles",
        "chalicelib.domain.stages",
    }
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for each in names:
            assert each in allowed or each.partition(".")[0] in sys.stdlib_module_names


def test_registering_routes_loads_no_capability() -> None:
    """Models and stores load with the first request that needs them."""
    code = (
        "import sys, app\n"
        "from chalicelib.api.registration import register_all\n"
        "loaded = [name for name in sys.modules if name.startswith('chalicelib.capabilities.')]\n"
        "print(sorted(name for name in loaded if name.count('.') > 2))"
    )
    found = subprocess.run(  # noqa: S603 - a fixed program
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME.parents[1]
    )
    assert ast.literal_eval(found.stdout) == [
        f"chalicelib.capabilities.{name}.declaration" for name in FOLDERS
    ]


def test_a_port_without_a_capability_gives_its_own_answer() -> None:
    """The core never asks whether a capability is there; a port without an answer says that it has none."""

    class Asked:
        """A port with an answer."""

        def who(self) -> str:
            """Return it."""
            return "nobody"

    class Given(Protocol):
        """A port without one."""

    assert maker_of(Asked) is None
    assert absent(Asked).who() == "nobody"
    with pytest.raises(LookupError, match=r"no capability gives .*Given"):
        absent(Given)
