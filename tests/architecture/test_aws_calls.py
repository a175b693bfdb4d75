"""Every call to AWS goes through one place, and ends before the function that makes it."""

from __future__ import annotations

import ast

import pytest

from chalicelib.adapters import aws
from chalicelib.settings import Settings
from infra.template.chalice_config import Function, functions
from tests.architecture.test_modules import SOURCES

PACKAGE = {name: source for name, source in SOURCES.items() if name.startswith("chalicelib/")}
CALLERS = [function for function in functions().values() if function.uses != ("issuers",)]
"""All but the authorizer, which asks the issuers and nothing of AWS."""


@pytest.mark.parametrize("function", CALLERS, ids=lambda function: function.name)
def test_a_call_ends_before_its_function(function: Function) -> None:
    """Three attempts, each with a second to connect and three to answer, and the waits between them."""
    assert aws.LONGEST_CALL_SECONDS == 3 * (1 + 3) + (1 + 5) + (2 + 5)
    assert function.timeout_seconds > aws.LONGEST_CALL_SECONDS


def test_the_waits_are_those_that_the_bound_is_made_of() -> None:
    """What a client is given is what was computed with."""
    made = aws.client("sqs", read_seconds=Settings(stage="dev", table="t").aws_read_seconds).meta.config
    assert (made.connect_timeout, made.read_timeout) == (1.0, 3.0)
    assert made.retries == {"mode": "standard", "total_max_attempts": 3}


def test_clients_are_made_in_one_place() -> None:
    """So each has its time-outs."""
    assert [name for name, source in PACKAGE.items() if "import boto3" in source] == [
        "chalicelib/adapters/aws.py"
    ]


def test_each_call_is_made_where_its_failures_are_named() -> None:
    """In a `with calling(…)`."""
    assert sum(len(calls(source)) for source in PACKAGE.values()) > 10
    assert [(name, line) for name, source in PACKAGE.items() for line in unnamed(source)] == []


def test_the_operations_are_those_that_were_compared_with_aws() -> None:
    """Each is on moto as on AWS, or `docs/testing.md` says what holds the difference; so does a new one."""
    asked = {name for source in PACKAGE.values() for name in operations(source)}
    assert asked == {
        *("batch_get_item", "get_item", "put_item", "query", "transact_write_items", "update_item"),
        *("decrypt", "generate_data_key", "sign"),
        *("get_object", "generate_presigned_url", "put_object", "get_secret_value"),
        *("change_message_visibility", "send_message", "send_message_batch"),
        *("describe_execution", "send_task_failure", "send_task_success", "start_execution"),
    }


def test_a_call_outside_is_found() -> None:
    """The search sees what it searches for."""
    inside = "with calling():\n    self._client.get(1)\n"
    assert (calls(inside), unnamed(inside)) == ([2], [])
    assert unnamed("self._client.get(1)\n") == [1]
    assert unnamed("getattr(self._client, name)()\n") == [1]


def calls(source: str) -> list[int]:
    """Return the lines where a client is asked something."""
    return _lines(ast.parse(source))


def unnamed(source: str) -> list[int]:
    """Return those of them that stand in no `with calling`."""
    named = [
        line
        for block in ast.walk(ast.parse(source))
        if isinstance(block, ast.With) and ast.unparse(block.items[0]).startswith("calling(")
        for line in _lines(block)
    ]
    return [line for line in calls(source) if line not in named]


def operations(source: str) -> set[str]:
    """Return what clients are asked for, by name or through the table's `_call`, `_send`, `_conditional`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if _asks(node):
                found.add(name)
            case ast.Call(
                func=ast.Attribute(attr="_call" | "_send" | "_conditional"),
                args=[ast.Constant(value=str(name))],
            ):
                found.add(name)
    return found


def _lines(tree: ast.AST) -> list[int]:
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and _asks(node)]


def _asks(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=asked) | ast.Call(func=ast.Name(id="getattr"), args=[asked, *_]):
            return ast.unparse(asked) in {"self._client", "self.client", "kms", "self._kms()"}
    return False
