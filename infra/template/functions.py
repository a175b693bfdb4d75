"""What the template adds to the functions Chalice generates: names, environment, event sources, log groups.

Promise: each function sees only the settings it needs, its event source refers to this stack's own table
or queue, partial batch failures are honoured (Chalice has no switch for it), and its log group exists
before it does, with a retention. Downside: the logical ids must match what Chalice derives from
`app.py`; a test on the packaged template holds them together.
"""

from __future__ import annotations

from typing import Final

from infra.template import chalice_config
from infra.template.intrinsics import Template, att, ref, sub, when
from infra.template.queues import QUEUES, RELAY_DLQ
from infra.template.stages import LOG_RETENTION_DAYS, Stage, kept

API_HANDLER: Final = "api_handler"

_QUEUE_URL: Final = {
    queue.name: {f"HUB_{queue.name.upper()}_QUEUE_URL": ref(queue.logical_id)} for queue in QUEUES
}
_TABLE: Final = {"HUB_TABLE": ref("Table")}
_STATE_MACHINE: Final = {"HUB_STATE_MACHINE_ARN": ref("MediationStateMachine")}
_COURTS: Final = {"HUB_COURTS": ref("Courts")}
_PARTNERS: Final = {"HUB_PARTNERS_SECRET": ref("PartnersSecret")}
_SIGNING: Final = {
    "HUB_SIGNING_KEY_ID": att("SigningKey"),
    "HUB_SIGNING_CERTIFICATES": ref("SigningCertificates"),
}
_KEY: Final = {"HUB_KMS_KEY_ID": att("Key")}
_DOCUMENTS: Final = {**_KEY, "HUB_DOCUMENTS_BUCKET": ref("DocumentsBucket")}
_SMS: Final = {"HUB_SMS_URL": ref("SmsUrl")}

_ENVIRONMENT: Final = {
    API_HANDLER: {**_TABLE, **_COURTS, **_PARTNERS, **_DOCUMENTS, **_SIGNING},
    "authorizer": {"HUB_ISSUERS": ref("Issuers")},
    "relay": {name: url for urls in _QUEUE_URL.values() for name, url in urls.items()},
    "workflow": {**_TABLE, **_COURTS, **_STATE_MACHINE},
    "court": {**_TABLE, **_COURTS, **_PARTNERS, **_DOCUMENTS, **_QUEUE_URL["court"]},
    "callbacks": {**_TABLE, **_COURTS},
    "notices": {**_TABLE, **_PARTNERS, **_KEY, **_SMS, **_QUEUE_URL["notices"]},
    "reconcile": {
        **_TABLE,
        **_COURTS,
        **_STATE_MACHINE,
        **_QUEUE_URL["court"],
        **_QUEUE_URL["callbacks"],
        **_QUEUE_URL["notices"],
    },
}

# Batches are small where an item may take seconds (a time-out out there), larger where it is a table write.
_BATCH_SIZE: Final = {"workflow": 10, "court": 5, "callbacks": 10, "notices": 5}
_MAXIMUM_CONCURRENCY: Final = {"workflow": 10, "court": 5, "callbacks": 5, "notices": 5}
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


def logical_id(function: str) -> str:
    """Return the function's id in the template, as Chalice derives it."""
    return "APIHandler" if function == API_HANDLER else function.capitalize()


def role_logical_id(function: str) -> str:
    """Return the id of the function's role, as Chalice derives it."""
    return "".join(part.capitalize() for part in function.split("_")) + "Role"


def log_group_logical_id(function: str) -> str:
    """Return the id of the function's log group."""
    return f"{logical_id(function)}LogGroup"


def function_name(stage: Stage, function: str) -> str:
    """Return the function's name in the account."""
    return f"{stage.prefix}-{'api' if function == API_HANDLER else function}"


def resources(stage: Stage) -> Template:
    """Return the additions to each function, its log group, and the permission to trace."""
    found: Template = {"TracingPolicy": _tracing_policy(stage)}
    for function in chalice_config.function_names():
        found[logical_id(function)] = _addition(stage, function)
        found[log_group_logical_id(function)] = log_group(
            stage, f"/aws/lambda/{function_name(stage, function)}"
        )
    return found


def _addition(stage: Stage, function: str) -> Template:
    properties: Template = {
        "FunctionName": function_name(stage, function),
        "Tracing": when("TracingOn", "Active", "PassThrough"),
        "Environment": {
            "Variables": {
                "HUB_STAGE": stage.name,
                "HUB_TRACING": ref("Tracing"),
                **_ENVIRONMENT[function],
                **(_public_url(stage) if function == "court" else {}),
            }
        },
    }
    if function == "relay":
        properties["Events"] = {"RelayDynamodbEventSource": {"Properties": _stream()}}
    if function in _BATCH_SIZE:
        properties["Events"] = {f"{logical_id(function)}SqsEventSource": {"Properties": _queue(function)}}
    # Lambda would create the log group itself on the first line, without a retention.
    return {"DependsOn": [log_group_logical_id(function)], "Properties": properties}


def _public_url(stage: Stage) -> Template:
    # Only for the court function: the API's own handler can't refer to the API that is made of it.
    own = f"https://${{RestAPI}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{stage.name}"
    return {"HUB_PUBLIC_URL": when("HasDomainName", sub("https://${DomainName}"), sub(own))}


def _stream() -> Template:
    return {
        "Stream": att("Table", "StreamArn"),
        # From the oldest record on: LATEST loses what is written while the poller starts.
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        # A record that can't be relayed is cornered by halving, tried for six hours at most (a shard waits
        # for it meanwhile), then reported to the DLQ; a stream keeps 24 hours, so time to act remains.
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 100,
        "MaximumRecordAgeInSeconds": 6 * _HOUR,
        "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": att(RELAY_DLQ)}},
        # Events, callbacks and transfers are only ever inserted; updates say nothing new.
        "FilterCriteria": {"Filters": [{"Pattern": '{"eventName":["INSERT"]}'}]},
    }


def _queue(function: str) -> Template:
    queue = next(queue for queue in QUEUES if queue.name == function)
    return {
        # Fn::Sub, since Chalice writes one here: merged key by key, a Fn::GetAtt would stand beside it.
        "Queue": sub(f"${{{queue.logical_id}.Arn}}"),
        "BatchSize": _BATCH_SIZE[function],
        "MaximumBatchingWindowInSeconds": 0,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": _MAXIMUM_CONCURRENCY[function]},
    }


def log_group(stage: Stage, name: str) -> Template:
    """Return a log group with this project's retention, in days; it may have to outlive the stack."""
    properties = {"LogGroupName": name, "RetentionInDays": LOG_RETENTION_DAYS}
    return kept(stage, {"Type": "AWS::Logs::LogGroup", "Properties": properties})


def _tracing_policy(stage: Stage) -> Template:
    return {
        "Type": "AWS::IAM::Policy",
        "Condition": "TracingOn",
        "Properties": {
            "PolicyName": f"{stage.prefix}-tracing",
            "Roles": [ref(role_logical_id(function)) for function in chalice_config.function_names()]
            + [ref("MediationRole")],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [_SEND_TRACES]},
        },
    }
