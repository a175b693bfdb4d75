"""The copy of the tree in which a part is mutated, with its properties written so that mutmut mutates them.

mutmut leaves decorated functions alone, and much of the arithmetic is in properties. In the copy each
`@property` is written as a plain method and `name = property(name)` after it: the same class, but mutmut
mutates the method. Downside: mutmut's own commands are to be called in the copy, not in the tree.
"""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.mutants.parts import Part

COPIES: Final = Path("build") / "mutants"
_FOLDERS: Final = ("chalicelib", "infra", "tests")
_SETTINGS: Final = "pyproject.toml"
_NOT_COPIED: Final = shutil.ignore_patterns("__pycache__", "node_modules", "*.ttf")
_HEADER: Final = "[tool.mutmut]\n"


def copy_for(part: Part) -> Path:
    """Return the folder in which a part is mutated; each has its own, so that one can be tried alone."""
    return COPIES / part.name


def refresh(part: Part) -> None:
    """Bring a part's copy of the tree in the current folder up to date; what mutmut keeps in it stays."""
    copy = copy_for(part)
    for folder in _FOLDERS:
        shutil.copytree(folder, copy / folder, ignore=_NOT_COPIED, dirs_exist_ok=True)
    settings = Path(_SETTINGS).read_text(encoding="utf-8")
    (copy / _SETTINGS).write_text(settings.replace(_HEADER, _HEADER + part.settings), encoding="utf-8")
    for pattern in part.files:
        for path in copy.glob(pattern):
            path.write_text(with_plain_properties(path.read_text(encoding="utf-8")), encoding="utf-8")


def with_plain_properties(source: str) -> str:
    """Return a module's source with `name = property(name)` in place of the decorator."""
    lines = source.splitlines()
    properties = sorted(_properties(ast.parse(source)), key=lambda method: method.lineno)
    for method in reversed(properties):  # from the end, so that the lines before keep their numbers
        lines.insert(
            method.end_lineno or 0, f"{' ' * method.col_offset}{method.name} = property({method.name})"
        )
        del lines[method.decorator_list[0].lineno - 1]
    return "".join(f"{line}\n" for line in lines)


def _properties(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1:
            decorator = node.decorator_list[0]
            if isinstance(decorator, ast.Name) and decorator.id == "property":
                yield node
