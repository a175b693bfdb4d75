"""How a new build takes over: it gets a part of the calls first, and when it fails the old one comes back.

Promise: whatever calls a function calls its alias `live`. In a release CodeDeploy moves the aliases to the
new versions step by step. Two alarms of each new version stop it: invocations that fail, and failures of its
own making in its log. Then the alias goes back, and CloudFormation takes the whole stack back. What others
cause (a court that is down, a busy table) does not count. Downside: a fault that shows after the ten minutes
of a release is for an operator; and the table does not go back: the old build must read what the new stored.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from infra.template.alarms import failures_namespace, release_alarms
from infra.template.alarms import logical_id as alarm_id
from infra.template.chalice_config import API_HANDLER, functions, log_group_id, logical_id
from infra.template.grants import allow
from infra.template.intrinsics import Template, arn, att, ref, sub
from infra.template.stages import APP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.template.stages import Stage

ALIAS: Final = "live"
_CALLED_BY_PEOPLE: Final = (API_HANDLER, "authorizer")
_A_TENTH_FOR_TEN_MINUTES: Final = "Canary10Percent10Minutes"
_A_TENTH_MORE_EACH_MINUTE: Final = "Linear10PercentEvery1Minute"
OF_ITS_OWN_MAKING: Final = (
    '{ $.version = "*" && (($.level = "ERROR" && $.code NOT EXISTS) || $.code = "record_unreadable") }'
)
"""The lines that speak against a build: an error without a code of the domain, or a record it can't read."""


def additions(stage: Stage, function: str) -> Template:
    """Return the properties of a function that publish each build of it and move its alias there."""
    gradually = _A_TENTH_FOR_TEN_MINUTES if function in _CALLED_BY_PEOPLE else _A_TENTH_MORE_EACH_MINUTE
    return {
        "AutoPublishAlias": ALIAS,
        # Or a changed limit or setting would wait in the function for the next code.
        "AutoPublishAliasAllProperties": True,
        "DeploymentPreference": {
            "Enabled": ref("WatchedRelease"),
            "Type": gradually if stage.releases_gradually else "AllAtOnce",
            "Alarms": [ref(alarm_id(alarm)) for alarm in release_alarms(stage, function)],
            "Role": att("ReleaseRole"),
        },
    }


def resources(stage: Stage) -> Template:
    """Return CodeDeploy's role, and what counts each version's failures from its log."""
    counters = {
        f"{logical_id(function)}FailuresFilter": _counter(stage, function) for function in functions()
    }
    return {"ReleaseRole": _role(stage), **counters}


def through_aliases(template: Template) -> Template:
    """Lead the API's calls and permissions to the aliases, in Chalice's template; it is changed and returned.

    SAM leads the events there. Chalice writes the functions' own ARNs, which always are the newest build.
    """
    ids = {f"${{{(id_ := logical_id(function))}.Arn}}": id_ for function in functions()}
    for call in _calls(template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]):
        (named,) = (name for name in ids if name in call["Fn::Sub"])
        # With Ref, so that the API is not changed before the alias exists.
        call["Fn::Sub"] = [call["Fn::Sub"].replace(named, "${Alias}"), {"Alias": ref(f"{ids[named]}.Alias")}]
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Permission":
            allowed = resource["Properties"]["FunctionName"]
            id_ = allowed["Ref"] if "Ref" in allowed else allowed["Fn::GetAtt"][0]
            resource["Properties"]["FunctionName"] = ref(f"{id_}.Alias")
    return template


def as_release(template: Template, name: str) -> Template:
    """Return the packaged template with the name of a release in each function.

    A version is published of a function that changed, and a changed parameter alone is no change to SAM.
    """
    named: Template = deepcopy(template)
    for resource in named["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Description"] = f"{APP} release {name}"
    return named


def _calls(body: Template) -> Iterator[Template]:
    """Yield every place where API Gateway is told which function to call."""
    for methods in body["paths"].values():
        for method in methods.values():
            if "uri" in (integration := method["x-amazon-apigateway-integration"]):
                yield integration["uri"]
    for scheme in body["securityDefinitions"].values():
        yield scheme["x-amazon-apigateway-authorizer"]["authorizerUri"]


def _counter(stage: Stage, function: str) -> Template:
    return {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": ref(log_group_id(function)),
            "FilterPattern": OF_ITS_OWN_MAKING,
            "MetricTransformations": [
                {
                    "MetricNamespace": failures_namespace(stage),
                    "MetricName": logical_id(function),
                    "MetricValue": "1",
                    "Dimensions": [{"Key": "version", "Value": "$.version"}],
                }
            ],
        },
    }


def _role(stage: Stage) -> Template:
    trust = {
        "Effect": "Allow",
        # Its name in all regions, and the one that the Chinese regions used first.
        "Principal": {
            "Service": ["codedeploy.amazonaws.com", sub("codedeploy.${AWS::Region}.${AWS::URLSuffix}")]
        },
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
    }
    statements = [
        allow(
            "MoveAliases",
            ("lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"),
            # By name: a function may refer to the API, the API to an alias, and that to this role.
            arn("lambda", f"function:{stage.prefix}-*"),
        ),
        # Describing alarms has no resource-level permissions.
        allow("WatchAlarms", "cloudwatch:DescribeAlarms", "*"),
        # What CloudFormation tells CodeDeploy to do, as AWS's own AWSCodeDeployRoleForLambdaLimited has it.
        allow("ReadItsOrders", "s3:GetObject", sub("arn:${AWS::Partition}:s3:::*/CodeDeploy/*")),
    ]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [
                {
                    "PolicyName": "ReleaseRolePolicy",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
                }
            ],
        },
    }
