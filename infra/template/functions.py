"""What the template adds to the functions Chalice generates: names, environment, event sources, log groups.

Promise: each function sees only the settings it needs, its event source refers to this stack's own table
or queue, partial batch failures are reported (Chalice has no switch for it), and its log group, with a
retention, exists before it does; the functions that draw papers get the layer that brings what draws.
Downside: the logical ids must match what Chalice derives from
`app.py`; a test on the packaged template compares them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from chalicelib.consumers import STAYS
from chalicelib.registry import consumers
from infra.template import release
from infra.template.chalice_config import (
    API_HANDLER,
    RELAY_DLQ,
    Function,
    camel_case,
    functions,
    log_group_id,
    logical_id,
    queue_id,
)
from infra.template.intrinsics import Template, att, ref, sub, when
from infra.template.stages import LOG_RETENTION_DAYS, Stage, kept

if TYPE_CHECKING:
    from chalicelib.consumers import Consumer

LAYER_PACKAGE: Final = "drawing.zip"
"""The layer's zip, beside the template."""
_LAYER: Final = "DrawingLayer"
_HOUR: Final = 3600

_SEND_TRACES: Final = {
    "Sid": "SendTraces",
    "Effect": "Allow",
    "Action": [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    ],
    "Resource": "*",  # X-Ray has no resource to name for these
}


def role_logical_id(function: str) -> str:
    """Return the id of the function's role, as Chalice derives it."""
    return f"{camel_case(function)}Role"


def function_name(stage: Stage, function: str) -> str:
    """Return the function's name in the account."""
    return deployed_name(stage.prefix, function)


def deployed_name(stack: str, function: str) -> str:
    """Return the name of a stack's function."""
    return f"{stack}-{'api' if function == API_HANDLER else function}"


def resources(stage: Stage) -> Template:
    """Return the additions to each function, its log group, and the permission to trace."""
    found: Template = {"TracingPolicy": _tracing_policy(stage), _LAYER: _layer(stage)}
    for name, function in functions().items():
        found[logical_id(name)] = _addition(stage, function)
        found[log_group_id(name)] = log_group(stage, f"/aws/lambda/{function_name(stage, name)}")
    for consumer in consumers():
        events = {f"{logical_id(consumer.name)}SqsEventSource": {"Properties": _queue(consumer)}}
        found[logical_id(consumer.name)]["Properties"]["Events"] = events
    found["Relay"]["Properties"]["Events"] = {"RelayDynamodbEventSource": {"Properties": _stream()}}
    return found


_OPEN_TO_ALL: Final = {"HUB_API_DOCUMENT": ref("ApiDocument"), "HUB_PUBLIC_ROSTER": ref("PublicRoster")}
"""What everybody may read where the stage says so."""


def _addition(stage: Stage, function: Function) -> Template:
    properties: Template = {
        "FunctionName": function_name(stage, function.name),
        "Tracing": when("TracingOn", "Active", "PassThrough"),
        "Environment": {
            "Variables": {
                "HUB_STAGE": stage.name,
                "HUB_TRACING": ref("Tracing"),
                **function.settings,
                **(_public_url(stage) if "public_url" in function.uses else {}),
                **(_OPEN_TO_ALL if function.name == API_HANDLER else {}),
            }
        },
        **release.additions(stage, function.name),
    }
    if function.draws:
        properties["Layers"] = [ref(_LAYER)]
    # Lambda would create the log group itself on the first line, without a retention.
    return {"DependsOn": [log_group_id(function.name)], "Properties": properties}


def _layer(stage: Stage) -> Template:
    properties = {
        "LayerName": f"{stage.prefix}-drawing",
        "Description": "What draws and signs papers: typst, python-docx, pyHanko, the typeface",
        "ContentUri": f"./{LAYER_PACKAGE}",
        "RetentionPolicy": "Delete",  # a published version of a function keeps the layer it was made with
    }
    return {"Type": "AWS::Serverless::LayerVersion", "Properties": properties}


def _public_url(stage: Stage) -> Template:
    # Not for the API's handler: the API refers to it, so it can't refer to the API.
    own = f"https://${{RestAPI}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{stage.name}"
    return {"HUB_PUBLIC_URL": when("HasDomainName", sub("https://${DomainName}"), sub(own))}


_TOLD: Final = {
    "eventName": ["INSERT"],
    "dynamodb": {"NewImage": {STAYS: {"BOOL": [{"exists": False}]}}},
}


def _stream() -> Template:
    return {
        "Stream": when("HasRelayStream", ref("RelayStream"), att("Table", "StreamArn")),
        # Start at the oldest record: LATEST loses what is written while the poller starts.
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        # A record that can't be relayed is isolated by halving its batch, retried for at most six hours (its
        # shard waits meanwhile), then reported to the DLQ; the stream keeps 24 hours, enough time to act.
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 100,
        "MaximumRecordAgeInSeconds": 6 * _HOUR,
        "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": att(RELAY_DLQ)}},
        # Events, callbacks and transfers are only ever inserted; updates need no message. Nor does an event
        # that leaves its case at its step: filtering it out saves the invocation too.
        "FilterCriteria": {"Filters": [{"Pattern": json.dumps(_TOLD)}]},
    }


def _queue(consumer: Consumer) -> Template:
    return {
        # Fn::Sub, as Chalice writes: the merge is key by key, so a Fn::GetAtt would be added beside it.
        "Queue": sub(f"${{{queue_id(consumer.name)}.Arn}}"),
        "BatchSize": consumer.batch_size,
        "MaximumBatchingWindowInSeconds": 0,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": consumer.concurrency},
    }


def log_group(stage: Stage, name: str) -> Template:
    """Return a log group with this project's retention; if the stage keeps data, it outlives the stack."""
    properties = {"LogGroupName": name, "RetentionInDays": LOG_RETENTION_DAYS}
    return kept(stage, {"Type": "AWS::Logs::LogGroup", "Properties": properties})


def _tracing_policy(stage: Stage) -> Template:
    return {
        "Type": "AWS::IAM::Policy",
        "Condition": "TracingOn",
        "Properties": {
            "PolicyName": f"{stage.prefix}-tracing",
            "Roles": [ref(role_logical_id(function)) for function in functions()] + [ref("MediationRole")],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [_SEND_TRACES]},
        },
    }
