"""The quicker ways do what moto's own ways do."""

import json
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import backends
from moto.core.serialize import BaseJSONSerializer, XFormedAttributePicker, get_serializer_class
from moto.core.utils import get_service_model, unix_time_millis
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.parsing import ast_nodes, expressions, validators
from moto.sqs.models import SQSBackend, sqs_backends

from infra.local.moto_fixes.speed import attributes_by_their_type, kept_long_enough, remembered_names
from infra.local.moto_fixes.updates import (
    clauses_by_class,
    copied_as_a_whole,
    counted_when_parsed,
    walked_by_class,
)

_PLAIN_TRAVERSE = vars(ast_nodes)["DepthFirstTraverser"].traverse
_PLAIN_WALK = vars(ast_nodes)["DepthFirstTraverser"].traverse_node_recursively
_PLAIN_PARSER = vars(expressions)["UpdateExpressionParser"].make
_PLAIN_KEEPING = SQSBackend.is_message_valid_based_on_retention_period
_PLAIN = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001 - what the fix replaces
_SCALARS = (
    st.builds(lambda text: {"S": text}, st.text())
    | st.builds(lambda number: {"N": str(number)}, st.decimals(allow_nan=False, allow_infinity=False))
    | st.builds(lambda flag: {"BOOL": flag}, st.booleans())
    | st.just({"NULL": True})
    | st.builds(lambda content: {"B": content}, st.binary())
    | st.builds(lambda texts: {"SS": texts}, st.lists(st.text(min_size=1), min_size=1))
    | st.builds(lambda numbers: {"NS": list(map(str, numbers))}, st.lists(st.integers(), min_size=1))
    | st.builds(lambda contents: {"BS": contents}, st.lists(st.binary(min_size=1), min_size=1))
)
_ATTRIBUTES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.builds(lambda items: {"L": items}, st.lists(inner, max_size=3))
        | st.builds(lambda fields: {"M": fields}, st.dictionaries(st.text(min_size=1), inner, max_size=3))
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1), _ATTRIBUTES, max_size=4))
def test_an_item_is_written_as_moto_writes_it(item: dict[str, Any]) -> None:
    """Every type, and types in each other."""
    assert _written(item, attributes_by_their_type(_PLAIN)) == _written(item, _PLAIN)


def _written(item: dict[str, Any], serialize: Any) -> Any:
    model = get_service_model("dynamodb")
    own = type("Own", (get_serializer_class("dynamodb", "json"),), {"_serialize_type_structure": serialize})
    serializer: Any = own(
        operation_model=model.operation_model("GetItem"),
        pretty_print=False,
        value_picker=XFormedAttributePicker(),
    )
    return json.loads(serializer.serialize({"Item": item})["body"])


def test_the_services_are_listed_once() -> None:
    """The same names in the same order, without another look at the disk."""
    looks: list[int] = []

    def counted() -> Any:
        looks.append(1)
        return backends.list_of_moto_modules()

    names = remembered_names(counted)
    assert list(names()) == list(names()) == list(backends.list_of_moto_modules())
    assert len(looks) == 1


def test_the_copy_of_an_expression_is_its_own() -> None:
    """A validator replaces parts of it, and the expression is used again."""
    module: Any = expressions
    tree = module.UpdateExpressionParser.make("SET a = b + :one, c.d = if_not_exists(c.d, :none) REMOVE e")
    copy = copied_as_a_whole(deepcopy)(tree)
    assert _told(copy) == _told(tree)
    copy.children[0].children.clear()
    assert _told(copy) != _told(tree)


def _told(node: Any) -> Any:
    inner = getattr(node, "children", None)
    own = node if isinstance(node, str) else None
    return type(node).__name__, own, [_told(child) for child in inner or ()]


@pytest.mark.parametrize(
    "expression",
    [
        "SET a = b + :one, c.d = if_not_exists(c.d, :one) REMOVE e, l[0]",
        "SET #n = list_append(l, :list) ADD numbers :one DELETE texts :texts",
        "SET a = :one, a = :list",
        "SET missing = other",
        "SET a = l + :one",
        "SET PK = :one",
        "SET missing.inner = :one",
        "SET a = :unknown",
        "SET a = :one SET b = :one",
        "ADD numbers :one SET a = :one REMOVE e DELETE texts :texts REMOVE b",
    ],
)
def test_an_update_is_checked_as_moto_checks_it(expression: str) -> None:
    """The same tree of resolved values, or the same refusal; however often it is asked."""
    quick = _checked(expression, walked_by_class, counted_when_parsed(_PLAIN_PARSER))
    assert quick == _checked(expression, lambda original: original, _PLAIN_PARSER)


def _checked(expression: str, walk: Any, parse: Any) -> Any:
    # In a process that moto was changed in, one of the checks does not walk any more: here all do.
    quick: dict[str, Any] = {"traverse_node_recursively": walk(_PLAIN_WALK), "traverse": _PLAIN_TRAVERSE}
    values: dict[str, Any] = {":one": {"N": "1"}, ":list": {"L": [{"S": "x"}]}, ":texts": {"SS": ["u"]}}
    stored = {"PK": {"S": "1"}, "b": {"N": "2"}, "c": {"M": {}}, "l": {"L": [{"S": "y"}]}, "e": {"S": "z"}}
    item = Item(DynamoType({"S": "1"}), None, {**stored, "texts": {"SS": ["u", "v"]}})
    table: Any = SimpleNamespace(table_key_attrs=["PK"], attr=[], attribute_keys=["PK"])
    try:
        tree = parse(expression)
    except Exception as refused:  # noqa: BLE001 - as below
        return type(refused), str(refused)
    validator = validators.UpdateExpressionValidator(tree, {"#n": "named"}, values, item, table)
    walkers: Any = validator.get_ast_processors()
    try:
        for walker in walkers:
            walker.__class__ = type(type(walker).__name__, (type(walker),), quick)
            tree = walker.traverse(tree)
    except Exception as refused:  # noqa: BLE001 - whichever it is, it must be the same
        return type(refused), str(refused)
    return _resolved(tree)


def test_clauses_are_found_as_moto_finds_them() -> None:
    node, parse = vars(ast_nodes)["Node"], counted_when_parsed(_PLAIN_PARSER)
    tree = parse("SET a = if_not_exists(b, :one) + :one, c = :one REMOVE e ADD n :one")
    for kind in map(vars(ast_nodes).get, ("UpdateExpressionSetAction", "UpdateExpressionValue", "Node")):
        found = clauses_by_class(node.find_clauses)(tree, [kind])
        assert list(map(id, found)) == list(map(id, node.find_clauses(tree, [kind])))


def _resolved(node: Any) -> Any:
    inner = getattr(node, "children", None)
    own = node.to_json() if isinstance(node, DynamoType) else node if isinstance(node, str) else None
    return type(node).__name__, own, [_resolved(child) for child in inner or ()]


@pytest.mark.parametrize("age_seconds", [0, 59, 61])
def test_a_message_is_kept_as_long_as_its_queue_says(age_seconds: int) -> None:
    backend = sqs_backends["123456789012"]["cn-north-1"]
    backend.create_queue("kept-a-minute", {})
    backend.set_queue_attributes("kept-a-minute", {"MessageRetentionPeriod": 60})
    message = SimpleNamespace(sent_timestamp=unix_time_millis() - age_seconds * 1000)
    asked: Any = (backend, "kept-a-minute", message)
    assert kept_long_enough(_PLAIN_KEEPING)(*asked) == _PLAIN_KEEPING(*asked) == (age_seconds < 60)
