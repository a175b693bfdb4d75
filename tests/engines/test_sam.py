"""What CloudFormation makes of the packaged template: each call of a function goes through its alias."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from infra import package
from infra.local import fetched
from infra.template.release import as_release
from tests.engines.conftest import HERE
from tests.support.engines import needs
from tests.support.packaged import of_type, template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FUNCTIONS: Final = (
    "APIHandler",
    "Authorizer",
    "Relay",
    "Workflow",
    "Court",
    "Callbacks",
    "Notices",
    "Reconcile",
)
PARAMETERS: Final = {"Issuers": "[]", "Courts": "{}", "AlarmEndpoint": "duty@centre.test"}


@pytest.fixture(scope="module")
def transform(pytestconfig: pytest.Config) -> Callable[..., dict[str, Any]]:
    """AWS's own translator, in a virtual environment of its own; given a template and parameters."""
    try:
        home = fetched.virtual_environment(pytestconfig.rootpath / ".local" / "sam", HERE / "sam.txt")
    except fetched.FetchFailedError as failed:
        needs("the SAM translator", str(failed))
        raise

    def run(given: dict[str, Any], **parameters: str) -> dict[str, Any]:
        uploaded = json.loads(json.dumps(given))
        for function in of_type(uploaded["Resources"], "AWS::Serverless::Function").values():
            function["Properties"]["CodeUri"] = "s3://artefacts/deployment.zip"
        for layer in of_type(uploaded["Resources"], "AWS::Serverless::LayerVersion").values():
            layer["Properties"]["ContentUri"] = "s3://artefacts/layer.zip"
        defaults = {name: entry.get("Default", "") for name, entry in given["Parameters"].items()}
        asked = {"template": uploaded, "parameters": {**defaults, **PARAMETERS, **parameters}}
        done = subprocess.run(  # noqa: S603 - a program of ours
            [str(home / "bin" / "python"), str(HERE / "transform_sam.py")],
            input=json.dumps(asked),
            env=package.environment(),  # the translator takes the partition from the region: China's
            capture_output=True,
            text=True,
            check=True,
        )
        plain: dict[str, Any] = json.loads(done.stdout)
        return plain

    return run


@pytest.fixture(scope="module")
def prod(transform: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """Production's template as CloudFormation carries it out."""
    return transform(template("prod"))


def versions(plain: dict[str, Any]) -> set[str]:
    """Return the ids of the published versions; a new id is a new version."""
    return set(of_type(plain["Resources"], "AWS::Lambda::Version"))


def test_each_function_is_published_under_an_alias_that_codedeploy_moves(prod: dict[str, Any]) -> None:
    """Each has its deployment group, which two alarms of the new version stop."""
    resources = prod["Resources"]
    assert of_type(resources, "AWS::Lambda::Function").keys() == set(FUNCTIONS)
    for function in FUNCTIONS:
        alias = resources[f"{function}Aliaslive"]
        (version,) = (name for name in versions(prod) if name.startswith(f"{function}Version"))
        assert alias["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
        moved = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = resources[moved["DeploymentGroupName"]["Ref"]]["Properties"]
        assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["ReleaseRole", "Arn"]}
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        alarms = [
            resources[entry["Name"]["Ref"]]["Properties"] for entry in group["AlarmConfiguration"]["Alarms"]
        ]
        newest = [
            entry["Value"]
            for alarm in alarms
            for entry in alarm["Dimensions"]
            if entry["Name"] in {"ExecutedVersion", "version"}
        ]
        assert newest == [{"Fn::GetAtt": [version, "Version"]}] * 2


def test_whatever_starts_a_function_starts_its_alias(prod: dict[str, Any]) -> None:
    """Event sources, the schedule, the API with its authorizer, and who is permitted to."""
    resources = prod["Resources"]
    sources = of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    started = [source["Properties"]["FunctionName"]["Ref"] for source in sources]
    (rule,) = of_type(resources, "AWS::Events::Rule").values()
    started += [target["Arn"]["Ref"] for target in rule["Properties"]["Targets"]]
    body = resources["RestAPI"]["Properties"]["Body"]
    uris = [
        method["x-amazon-apigateway-integration"]["uri"]
        for methods in body["paths"].values()
        for name, method in methods.items()
        if name != "options"
    ]
    assert uris
    assert {uri["Fn::Sub"][1]["Alias"]["Ref"] for uri in uris} == {"APIHandlerAliaslive"}
    (scheme,) = body["securityDefinitions"].values()
    admits = scheme["x-amazon-apigateway-authorizer"]["authorizerUri"]["Fn::Sub"][1]["Alias"]["Ref"]
    assert sorted([*started, admits, "APIHandlerAliaslive"]) == sorted(
        f"{name}Aliaslive" for name in FUNCTIONS
    )
    permitted = of_type(resources, "AWS::Lambda::Permission").values()
    assert sorted(entry["Properties"]["FunctionName"]["Ref"] for entry in permitted) == [
        "APIHandlerAliaslive",
        "AuthorizerAliaslive",
        "ReconcileAliaslive",
    ]


def test_cloudformation_can_carry_it_out(prod: dict[str, Any], tmp_path: Path) -> None:
    """Every reference leads somewhere, none in a circle, and China's partition is never passed over."""
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(prod), encoding="utf-8")
    try:
        package.lint(plain)
    except package.PackagingFailed as remarks:
        said = set(re.findall(r"^[EWI]\d{4}", str(remarks), re.MULTILINE))
        # The linter does not fill the state machine's placeholders; the translator has used the parameter up.
        assert said == {"E3601", "W2001"}
    assert "arn:aws:" not in plain.read_text(encoding="utf-8")


def test_a_changed_setting_is_a_release_of_its_own(transform: Callable[..., dict[str, Any]]) -> None:
    """By the name that `make deploy` gives it; for a changed parameter alone SAM publishes nothing."""
    before, after = (transform(as_release(template("prod"), name)) for name in ("a1", "b2"))
    assert not versions(before) & versions(after)
    assert versions(before) == versions(transform(as_release(template("prod"), "a1"), Courts='{"c": {}}'))


def test_the_relay_follows_a_restored_table_to_its_stream(transform: Callable[..., dict[str, Any]]) -> None:
    """By a parameter: CloudFormation still knows the stream of the table that it created."""
    plain = transform(template("prod"), RelayStream="arn:aws-cn:dynamodb:...:stream/2026")
    sources = of_type(plain["Resources"], "AWS::Lambda::EventSourceMapping").values()
    (stream,) = (entry["Properties"] for entry in sources if "StartingPosition" in entry["Properties"])
    assert stream["EventSourceArn"]["Fn::If"][:2] == ["HasRelayStream", {"Ref": "RelayStream"}]


def test_a_mend_can_take_over_whatever_the_alarms_say(transform: Callable[..., dict[str, Any]]) -> None:
    plain = transform(template("prod"), WatchedRelease="false")
    assert not of_type(plain["Resources"], "AWS::CodeDeploy::DeploymentGroup")
    assert all("UpdatePolicy" not in resource for resource in plain["Resources"].values())
