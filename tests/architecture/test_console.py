"""The console decides nothing: what a page offers is the case's `allowed_actions`."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Final

import pytest

from chalicelib import console
from chalicelib.console.pages import index
from chalicelib.console.wording import words
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.steps import Step

HOME: Final = Path(console.__file__).parent
MODULES: Final = sorted(path for path in HOME.rglob("*.py") if path.parent.name != "words")
TEMPLATES: Final = sorted((HOME / "templates").rglob("*.html"))
DECIDES: Final = {
    "Stage",
    "Role",
    "Step",
    "Action",
    "may",
    "sees",
    "authorise",
    "authorise_on",
    "allowed_actions",
}
"""What a page could decide with."""
CODES: Final = {*map(str, Stage), *map(str, Step), *map(str, Role), "role", "stage", "step"}
named = pytest.mark.parametrize


@named("module", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_no_module_can_decide(module: Path) -> None:
    """None imports stages, permissions, commands or use cases, nor compares with their codes.

    A view may say whose page of an act it is (`roles=`), which offers nothing; it may not ask for a role.
    """
    tree = ast.parse(module.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported = {alias.name for node in imports for alias in node.names}
    assert not imported & (DECIDES - ({"Role"} if module.parent.name == "views" else set()))
    modules = {node.module or "" for node in imports}
    assert not [name for name in modules if re.match(r"chalicelib\.domain\.(commands|life|perm|trans)", name)]
    for asked in ast.walk(tree):
        if isinstance(asked, ast.Compare | ast.Match):
            inside = list(ast.walk(asked))
            texts = {each.value for each in inside if isinstance(each, ast.Constant)}
            assert not texts & CODES, ast.unparse(asked)
            names = {each.id for each in inside if isinstance(each, ast.Name)}
            assert "Role" not in names, ast.unparse(asked)


@named("template", TEMPLATES, ids=lambda path: str(path.relative_to(HOME)))
def test_no_template_asks_for_stage_or_role(template: Path) -> None:
    """It shows their words; what follows from them is the API's to say."""
    conditions = re.findall(r"{%-?\s*(?:el)?if\b(.*?)%}", template.read_text(encoding="utf-8"), re.DOTALL)
    for condition in conditions:
        assert not re.search(r"\.stage|\.step\b|caller\.role|session\.caller", condition), condition


def test_every_act_has_its_action_its_route_its_template_and_its_words() -> None:
    """So that none fails when it is first offered."""
    from chalicelib.api.routes import declared  # noqa: PLC0415 - the console itself may not

    routes = {route.path for route in declared() if route.method == "POST" and route.token}
    actions = {str(action) for action in Action}
    for name, act in index().acts.items():
        assert (HOME / "templates" / "acts" / f"{name}.html").exists()
        assert {f"act.{name}", f"done.{name}"} <= words().keys()
        assert act.action in actions
        assert act.route in routes


def test_every_key_of_a_template_has_words() -> None:
    """Those that are written out; a code's words may be missing, then it is shown as it is."""
    for template in TEMPLATES:
        keys = re.findall(r"""\bt\("([a-z_.]+[a-z_])["]\s*[,)]""", template.read_text(encoding="utf-8"))
        assert set(keys) <= words().keys(), template


@named(
    "kind", [("stage", Stage), ("step", Step), ("role", Role), ("event", EventType)], ids=lambda kind: kind[0]
)
def test_every_code_that_pages_show_has_words(kind: tuple[str, type]) -> None:
    prefix, codes = kind
    assert {f"{prefix}.{code}" for code in codes} <= words().keys()  # type: ignore[attr-defined]


def test_every_text_is_in_both_languages() -> None:
    """Chinese in Chinese characters, English without them, with the same placeholders."""
    for key, (zh, en) in words().items():
        if key not in {"console.other_language", "amount"}:
            assert re.search(r"[\u4e00-\u9fff]|^：$", zh), key
            assert not re.search(r"[\u4e00-\u9fff]", en), key
        assert sorted(re.findall(r"{\w+}", zh)) == sorted(re.findall(r"{\w+}", en)), key


def test_the_console_is_loaded_with_its_first_page_only() -> None:
    """The app's import knows its addresses and nothing of what serves them."""
    import subprocess  # noqa: PLC0415

    loaded = subprocess.run(
        [sys.executable, "-c", "import app, sys; print('\\n'.join(sys.modules))"],
        cwd=HOME.parents[1],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert [name for name in loaded if name.startswith("chalicelib.console")] == ["chalicelib.console"]
    assert "jinja2" not in loaded
