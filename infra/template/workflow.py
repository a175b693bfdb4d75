"""The mediation state machine, its role and its log.

Promise: the definition is the repository's file, unchanged: what differs between partitions and stacks comes
from DefinitionSubstitutions. Its role can do one thing to the hub: put a message on the workflow queue. Only
errors are logged, without execution data. Downside: its permissions for log delivery can't name a resource.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infra.template.chalice_config import ROOT
from infra.template.functions import log_group
from infra.template.intrinsics import Template, att, ref, when

if TYPE_CHECKING:
    from infra.template.stages import Stage

DEFINITION: Final = ROOT / "chalicelib" / "workflow" / "mediation.asl.json"


def definition() -> str:
    """Return the state machine's text, `${...}` placeholders unfilled."""
    return DEFINITION.read_text(encoding="utf-8")


def resources(stage: Stage) -> Template:
    """Return the state machine with its role and log group."""
    return {
        "MediationStateMachine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": f"{stage.prefix}-mediation",
                "StateMachineType": "STANDARD",
                "DefinitionString": definition(),
                "DefinitionSubstitutions": {
                    "Partition": ref("AWS::Partition"),
                    "WorkflowQueueUrl": ref("WorkflowQueue"),
                },
                "RoleArn": att("MediationRole"),
                "LoggingConfiguration": {
                    "Level": "ERROR",
                    "IncludeExecutionData": False,
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": att("MediationLogGroup")}}],
                },
                "TracingConfiguration": {"Enabled": when("TracingOn", True, False)},
            },
        },
        # Step Functions delivers only to a resource policy it can extend; this prefix has one of its own.
        "MediationLogGroup": log_group(stage, f"/aws/vendedlogs/states/{stage.prefix}-mediation"),
        "MediationRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": _trust(),
                "Policies": [
                    {
                        "PolicyName": "MediationRolePolicy",
                        "PolicyDocument": {"Version": "2012-10-17", "Statement": [_ask(), _deliver_logs()]},
                    }
                ],
            },
        },
    }


def _trust() -> Template:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "states.amazonaws.com"},
        "Action": "sts:AssumeRole",
        # Another account's state machine must not borrow this role (confused deputy).
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _ask() -> Template:
    return {
        "Sid": "AskTheHub",
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": att("WorkflowQueue"),
    }


def _deliver_logs() -> Template:
    return {
        "Sid": "DeliverLogs",
        "Effect": "Allow",
        "Action": [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
        ],
        "Resource": "*",  # log delivery has no resource-level permissions
    }
