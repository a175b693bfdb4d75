"""Values of a template are what CloudFormation would make of them, or an error that says what is missing."""

from typing import Any

import pytest

from infra.local.template_values import UnresolvableValueError, Values

TEMPLATE = {
    "Parameters": {
        "Tracing": {"Type": "String", "Default": "off"},
        "Stage": {"Type": "String", "Default": "dev"},
        "Courts": {"Type": "String"},
    },
    "Conditions": {
        "TracingOn": {"Fn::Equals": [{"Ref": "Tracing"}, "on"]},
        "TracingOff": {"Fn::Not": [{"Condition": "TracingOn"}]},
        "Both": {"Fn::And": [{"Condition": "TracingOn"}, {"Condition": "TracingOff"}]},
        "Either": {"Fn::Or": [{"Condition": "TracingOn"}, {"Condition": "TracingOff"}]},
    },
}


@pytest.fixture
def values() -> Values:
    """Resolve against resources that answer with their own names."""

    def attribute(logical_id: str, name: str | None) -> str:
        return f"<{logical_id}>" if name is None else f"<{logical_id}.{name}>"

    return Values(TEMPLATE, attribute, {"AWS::Region": "cn-north-1"}, {"Stage": "local"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        ({"Ref": "Queue"}, "<Queue>"),
        ({"Ref": "AWS::Region"}, "cn-north-1"),
        ({"Ref": "Tracing"}, "off"),
        ({"Ref": "Stage"}, "local"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "<Queue.Arn>"),
        ({"Fn::GetAtt": "Queue.Arn"}, "<Queue.Arn>"),
        (
            {"Fn::Sub": "a-${AWS::Region}-${Queue}-${Queue.Arn}-${!kept}"},
            "a-cn-north-1-<Queue>-<Queue.Arn>-${kept}",
        ),
        ({"Fn::Sub": ["${own}-${Stage}", {"own": {"Ref": "Queue"}}]}, "<Queue>-local"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 1]]}, "a-local-1"),
        ({"Fn::If": ["TracingOn", "yes", {"Ref": "Queue"}]}, "<Queue>"),
        ({"Fn::If": ["TracingOff", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Both", "yes", "no"]}, "no"),
        ({"Fn::If": ["Either", "yes", "no"]}, "yes"),
        ([1, {"Ref": "AWS::NoValue"}, {"a": {"Ref": "AWS::NoValue"}, "b": 2}], [1, {"b": 2}]),
    ],
)
def test_a_value_is_resolved(values: Values, value: Any, expected: Any) -> None:
    """Each function the hub's template may use."""
    assert values.resolve(value) == expected


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"Fn::Select": [0, ["a"]]}, "Fn::Select"),
        ({"Ref": "Courts"}, "Courts"),
        ({"Fn::If": ["Nowhere", 1, 2]}, "Nowhere"),
    ],
)
def test_what_cannot_be_resolved_is_named(values: Values, value: Any, named: str) -> None:
    """The error says what is missing."""
    with pytest.raises(UnresolvableValueError, match=named):
        values.resolve(value)
