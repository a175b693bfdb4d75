"""The few CloudFormation intrinsics this template uses, as one-line builders.

Promise: resources use only Ref, Fn::GetAtt, Fn::Sub and Fn::If, because the local stack resolves exactly
these when it creates the same resources with boto3. Downside: any other intrinsic has to be added there
first.
"""

from __future__ import annotations

from typing import Any

Template = dict[str, Any]
"""A CloudFormation template or a part of one, as plain JSON."""


def ref(logical_id: str) -> Template:
    """Refer to a resource's main value, or to a parameter or pseudo parameter."""
    return {"Ref": logical_id}


def att(logical_id: str, attribute: str = "Arn") -> Template:
    """Refer to an attribute of a resource; its ARN unless said otherwise."""
    return {"Fn::GetAtt": [logical_id, attribute]}


def sub(text: str) -> Template:
    """Fill `${...}` in a text."""
    return {"Fn::Sub": text}


def when(condition: str, then: Any, otherwise: Any) -> Template:
    """Choose by a named condition."""
    return {"Fn::If": [condition, then, otherwise]}


def arn(service: str, resource: str) -> Template:
    """Name a resource of this account and region in whatever partition the stack runs."""
    return sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}")


NO_VALUE = ref("AWS::NoValue")
