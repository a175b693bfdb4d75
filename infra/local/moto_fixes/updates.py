"""Update expressions of moto that are parsed and walked without repeated work.

What moto 5.2.5 does: each update parses its expression anew and copies the tree that comes of it node by
node. Ten checks then walk the copy, and ask at each node whether it is of each class they are for; the one
that counts clauses looks through what is below each clause again. That is a quarter of what the emulator
computes in a demo.

What this does: remembers the parsed expression, whose clauses were counted when it was parsed; copies a tree
as a whole; asks once for each class of nodes.

Downside: an expression with a clause too many is refused before the item's condition is looked at, as on AWS,
where moto says that the condition failed.
"""

import pickle
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from moto.dynamodb.parsing import ast_nodes, expressions, validators

from infra.local.replacing import replace

Method = Callable[..., Any]

_nodes: Any = ast_nodes  # a module without types
_parsing: Any = expressions


def apply() -> None:
    """Patch moto's expressions of updates."""
    replace(_parsing.UpdateExpressionParser, "make", counted_when_parsed)
    replace(validators.ActionCountValidator, "traverse", lambda _original: lambda _counter, tree: tree)
    replace(validators, "deepcopy", copied_as_a_whole)
    replace(_nodes.DepthFirstTraverser, "traverse_node_recursively", walked_by_class)
    replace(_nodes.Node, "find_clauses", clauses_by_class)


def counted_when_parsed(original: Method) -> Method:
    """Remember a parsed expression, whose clauses are counted then: no name or value changes their number."""
    count = validators.ActionCountValidator.traverse_node_recursively

    def parse(expression: str) -> Any:
        tree = original(expression)
        count(validators.ActionCountValidator(), tree)
        return tree

    return lru_cache(maxsize=1024)(parse)


def copied_as_a_whole(_original: Method) -> Method:
    """Copy the tree of an expression by pickling it: a quarter of the time that a deep copy takes."""
    return lambda tree: pickle.loads(pickle.dumps(tree, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - of this process


class _Processes(dict[Any, Method | None]):
    """What a walker does with a node, by the node's class."""

    def __init__(self, walker: Any) -> None:
        self._processing = tuple(walker._processing_map().items())  # noqa: SLF001 - moto's own walkers call it

    def __missing__(self, kind: type[Any]) -> Method | None:
        found = (process for of, process in self._processing if issubclass(kind, of))
        self[kind] = process = next(found, None)
        return process


def walked_by_class(_original: Method) -> Method:
    """Walk a tree bottom up as moto does; what is done with a class of nodes is found once a walk."""
    hook_of_none = _nodes.DepthFirstTraverser.pre_processing_of_child

    def walk_from(walker: Any, root: Any, child_id: int = -1) -> Any:
        processes, hooked = _Processes(walker), type(walker).pre_processing_of_child is not hook_of_none

        def walk(node: Any, child_id: int) -> Any:
            kind: Any = type(node)
            if not _is_node(kind):
                return node
            parent = node.parent
            for place, child in enumerate(node.children or ()):
                if hooked:
                    walker.pre_processing_of_child(node, place)
                walk(child, place)
            process = processes[kind]
            return node if process is None else put(process(node), parent, child_id)

        return walk(root, child_id)

    def put(processed: Any, parent: Any, child_id: int) -> Any:
        processed.parent = parent
        if parent:
            parent.children[child_id] = processed
        return processed

    return walk_from


def clauses_by_class(_original: Method) -> Method:
    """Find clauses as moto does; whether a class of nodes may hold some is found once."""

    def find(node: Any, wanted: Any) -> list[Any]:
        found = []
        for child in node.children or ():
            kind: Any = type(child)
            if kind in wanted:
                found.append(child)
            elif _holds_clauses(kind):
                found.extend(find(child, wanted))
        return found

    return find


@lru_cache(maxsize=256)
def _is_node(kind: Any) -> bool:
    return issubclass(kind, _nodes.Node)


@lru_cache(maxsize=256)
def _holds_clauses(kind: Any) -> bool:
    return issubclass(kind, (_nodes.Expression, _nodes.UpdateExpressionFunction))
