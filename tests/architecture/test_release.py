"""A new build gets a part of the calls first, and goes back by itself when it fails."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from infra.template.release import as_release
from infra.template.stages import STAGES
from tests.support.packaged import functions, of_type, template

both_stages = pytest.mark.parametrize("stage", sorted(STAGES))
CANARY: Final = "Canary10Percent10Minutes"
LINEAR: Final = "Linear10PercentEvery1Minute"
IN_PRODUCTION: Final = {
    "APIHandler": CANARY,
    "Authorizer": CANARY,
    "Relay": LINEAR,
    "Workflow": LINEAR,
    "Court": LINEAR,
    "Callbacks": LINEAR,
    "Notices": LINEAR,
    "Reconcile": LINEAR,
}


def test_production_moves_in_steps_and_the_others_at_once() -> None:
    """By function; whoever waits for an answer meets a tenth of the new build at most."""
    for stage, wanted in (("prod", IN_PRODUCTION), ("dev", dict.fromkeys(IN_PRODUCTION, "AllAtOnce"))):
        preferences = {
            name: function["Properties"]["DeploymentPreference"]
            for name, function in functions(stage).items()
        }
        assert {name: preference["Type"] for name, preference in preferences.items()} == wanted


@both_stages
def test_each_function_has_its_alias_and_two_alarms_of_the_version_behind_it(stage: str) -> None:
    resources = template(stage)["Resources"]
    for name, function in functions(stage).items():
        properties = function["Properties"]
        assert properties["AutoPublishAlias"] == "live"
        assert properties["AutoPublishAliasAllProperties"] is True
        errors, failures = (
            resources[alarm["Ref"]]["Properties"] for alarm in properties["DeploymentPreference"]["Alarms"]
        )
        newest = {"Fn::GetAtt": [f"{name}.Version", "Version"]}
        assert (errors["Namespace"], errors["MetricName"], errors["Threshold"]) == ("AWS/Lambda", "Errors", 1)
        assert errors["Dimensions"] == [
            {"Name": "FunctionName", "Value": {"Ref": name}},
            {"Name": "Resource", "Value": {"Fn::Sub": f"${{{name}}}:live"}},
            {"Name": "ExecutedVersion", "Value": newest},
        ]
        assert failures["Dimensions"] == [{"Name": "version", "Value": newest}]
        (counter,) = (
            entry["Properties"]
            for entry in of_type(resources, "AWS::Logs::MetricFilter").values()
            if entry["Properties"]["LogGroupName"] == {"Ref": f"{name}LogGroup"}
        )
        (counted,) = counter["MetricTransformations"]
        assert (counted["MetricNamespace"], counted["MetricName"]) == (
            failures["Namespace"],
            failures["MetricName"],
        )
        assert counted["MetricNamespace"] == f"JiefenHub/{stage}/failures"
        assert counted["Dimensions"] == [{"Key": "version", "Value": "$.version"}]


@both_stages
def test_the_api_calls_aliases_and_is_permitted_to(stage: str) -> None:
    """Every route and the authorizer; no function's own ARN, which is always the newest build, is left."""
    resources = template(stage)["Resources"]
    body = resources["RestAPI"]["Properties"]["DefinitionBody"]
    text = json.dumps(body)
    assert ".Arn}" not in text
    assert text.count('{"Alias": {"Ref": "APIHandler.Alias"}}') == text.count('"aws_proxy"') > 0
    assert text.count('{"Alias": {"Ref": "Authorizer.Alias"}}') == 1
    permitted = of_type(resources, "AWS::Lambda::Permission").values()
    assert sorted(entry["Properties"]["FunctionName"]["Ref"] for entry in permitted) == [
        "APIHandler.Alias",
        "Authorizer.Alias",
    ]


@both_stages
def test_codedeploy_may_move_aliases_and_nothing_else(stage: str) -> None:
    """Of this stack's functions; only CodeDeploy itself takes the role, and only for this account."""
    role = template(stage)["Resources"]["ReleaseRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"]["Service"][0] == "codedeploy.amazonaws.com"
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (policy,) = role["Policies"]
    may = {
        action: statement["Resource"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert may.keys() == {
        "lambda:GetAlias",
        "lambda:UpdateAlias",
        "lambda:GetProvisionedConcurrencyConfig",
        "cloudwatch:DescribeAlarms",
        "s3:GetObject",
    }
    assert may["lambda:UpdateAlias"]["Fn::Sub"].endswith(f":function:jiefen-hub-{stage}-*")


def test_nothing_starts_a_function_past_its_alias() -> None:
    """The state machine asks through a queue, so it has no function to name."""
    machine = template("prod")["Resources"]["MediationStateMachine"]["Properties"]
    assert "lambda" not in machine["DefinitionString"]


def test_a_release_has_its_name_in_every_function() -> None:
    """So each function changes with it: Lambda publishes no version of a function that is as it was."""

    def names(of: dict[str, Any]) -> set[str]:
        return {
            function["Properties"]["Description"]
            for function in of_type(of["Resources"], "AWS::Serverless::Function").values()
        }

    assert names(as_release(template("prod"), "a1")) == {"jiefen-hub release a1"}
    assert all("Description" not in function["Properties"] for function in functions("prod").values())
