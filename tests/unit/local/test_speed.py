"""The quicker ways do what moto's own ways do."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from moto import backends
from moto.core.serialize import BaseJSONSerializer, XFormedAttributePicker, get_serializer_class
from moto.core.utils import get_service_model
from moto.dynamodb.parsing import expressions

from infra.local.moto_fixes.speed import attributes_by_their_type, copied_as_a_whole, remembered_names

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
