"""The template as deployed: Chalice's part and ours fit, every function may do what it must and no more."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.adapters.dynamo.due import DynamoDueIndex
from chalicelib.settings import Settings
from infra import package
from infra.chalice_files import FOLDER, rendered
from infra.template.chalice_config import functions as rows
from infra.template.chalice_config import logical_id
from infra.template.functions import role_logical_id
from infra.template.stages import STAGES
from tests.support.packaged import functions, template, template_path

if TYPE_CHECKING:
    from collections.abc import Iterator

both_stages = pytest.mark.parametrize("stage", sorted(STAGES))
each_function = pytest.mark.parametrize("function", rows())

WHERE_AWS_ALLOWS_NO_NAME: Final = {
    "AccountAdministers": "a key policy's * is the key itself",
    "AlarmsReachTheTopic": "a key policy's * is the key itself",
    "DeliverLogs": "log delivery has no resource-level permissions",
    "WatchAlarms": "describing alarms has no resource-level permissions",
    "SendTraces": "X-Ray has no resource-level permissions for segments",
}
"""Statements on all resources, by Sid, each with the reason."""

_USES_QUEUE: Final = ("sqs:SendMessage", "sqs:ChangeMessageVisibility")
SETTING_GRANTS: Final = {
    "HUB_TABLE": (("dynamodb:UpdateItem",), "Table"),
    "HUB_WORKFLOW_QUEUE_URL": (_USES_QUEUE, "WorkflowQueue"),
    "HUB_COURT_QUEUE_URL": (_USES_QUEUE, "CourtQueue"),
    "HUB_CALLBACKS_QUEUE_URL": (_USES_QUEUE, "CallbacksQueue"),
    "HUB_NOTICES_QUEUE_URL": (_USES_QUEUE, "NoticesQueue"),
    "HUB_STATE_MACHINE_ARN": (("states:StartExecution",), "MediationStateMachine"),
    "HUB_PARTNERS_SECRET": (("secretsmanager:GetSecretValue",), "PartnersSecret"),
    "HUB_DOCUMENTS_BUCKET": (("s3:GetObject", "s3:PutObject"), "DocumentsBucket"),
    "HUB_KMS_KEY_ID": (("kms:Decrypt",), "Key"),
    "HUB_SIGNING_KEY_ID": (("kms:Sign",), "SigningKey"),
}
"""A setting that names a resource, and the permissions of which one at least makes it useful."""


EXAMPLES: Final = {
    "HUB_QUIET_HOURS": "21:00-08:00",
    "HUB_ISSUERS": '[{"issuer": "https://id.test", "jwks_uri": "https://id.test/jwks", "audience": "hub"}]',
    "HUB_COURTS": '{"jiaocheng": {"url": "https://court.test", "timeout_seconds": 10}}',
    "HUB_TRACING": "off",
}


def _statements(stage: str) -> Iterator[dict[str, Any]]:
    for resource in template(stage)["Resources"].values():
        properties = resource["Properties"]
        documents = [properties[key] for key in ("PolicyDocument", "KeyPolicy") if key in properties]
        documents += [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        for document in documents:
            yield from document["Statement"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _function(stage: str, function: str) -> dict[str, Any]:
    properties: dict[str, Any] = functions(stage)[logical_id(function)]["Properties"]
    return properties


def test_cfn_lint_has_nothing_to_say() -> None:
    """No error, warning or remark, for the Chinese and the global regions.

    `dev` is linted where its packaging is tested: `test_a_stage_is_packaged_and_reported`.
    """
    package.lint(template_path("prod"))


@both_stages
def test_chalice_and_the_configuration_know_the_same_functions(stage: str) -> None:
    """A function in app.py that nobody configured, or the reverse, is found here."""
    assert functions(stage).keys() == {logical_id(name) for name in rows()}


@both_stages
def test_no_partition_stands_in_the_template(stage: str) -> None:
    """ARNs take the partition from the stack they are in."""
    assert "arn:aws" not in template_path(stage).read_text(encoding="utf-8")


@both_stages
def test_the_api_has_no_edge(stage: str) -> None:
    """Edge-optimised APIs do not exist in China; what is open holds nothing of anybody (domain §9)."""
    api = template(stage)["Resources"]["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] == "REGIONAL"
    open_routes = {
        path
        for path, methods in api["DefinitionBody"]["paths"].items()
        for method in methods.values()
        if not method.get("security")
    }
    # A browser shows a sealed cookie, which no authorizer sees.
    pages = {route for route in open_routes if route.startswith("/console")}
    assert sorted(route.count("/") for route in pages) == [1, 2, 3, 4, 5, 6, 7]
    # A court proves itself by its signature on the body, an applicant by the code to its phone, which no
    # authorizer sees either. A roster has its public part, which a stage closes.
    signed = {"/v1/court/callbacks"}
    coded = {
        "/v1/application-codes",
        "/v1/application-visits",
        "/v1/applications",
        "/v1/own-applications",
        "/v1/own-applications/withdrawal",
    }
    public = {f"/v1/public/courts/{{court_id}}/mediators{part}" for part in ("", "/export")}
    assert open_routes - pages == {"/v1/health", "/v1/openapi.json", *signed, *coded, *public}


@both_stages
def test_all_resources_only_where_aws_allows_no_name(stage: str) -> None:
    """Allowed statements name their resources, except those listed with a reason."""
    for statement in _statements(stage):
        if statement["Effect"] == "Allow" and "*" in _listed(statement["Resource"]):
            assert statement["Sid"] in WHERE_AWS_ALLOWS_NO_NAME


@both_stages
def test_no_statement_allows_all_actions_of_a_service(stage: str) -> None:
    """Allowed actions are spelled out; only the account's administration of the key is not."""
    for statement in _statements(stage):
        if statement["Effect"] == "Allow" and statement["Sid"] != "AccountAdministers":
            assert not any("*" in action for action in _listed(statement["Action"]))


@both_stages
@each_function
def test_a_function_has_one_policy_of_its_own(stage: str, function: str) -> None:
    """Its role is its own, holds the one policy of its own file, and nothing managed."""
    assert _function(stage, function)["Role"] == {"Fn::GetAtt": [role_logical_id(function), "Arn"]}
    role = template(stage)["Resources"][role_logical_id(function)]["Properties"]
    (policy,) = role["Policies"]
    file = FOLDER / f"policy-{function}.json"
    assert policy["PolicyDocument"] == json.loads(file.read_text(encoding="utf-8"))
    assert "ManagedPolicyArns" not in role


def test_the_files_of_chalice_are_fresh() -> None:
    """They say what the tables of functions and consumers say; `make chalice` writes them."""
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert written == rendered()


@each_function
def test_settings_and_permissions_go_together(function: str) -> None:
    """A function is told of a resource exactly when it may use it."""
    settings = _function("prod", function)["Environment"]["Variables"]
    statements = rows()[function].policy["Statement"]
    for setting, (actions, resource) in SETTING_GRANTS.items():
        granted = any(
            set(actions) & set(_listed(statement["Action"]))
            and re.search(rf'["{{]{resource}["}}.]', json.dumps(statement["Resource"]))
            for statement in statements
            if "kms:ViaService" not in json.dumps(statement)  # that is the service's own use of the key
        )
        assert granted == (setting in settings), setting


@each_function
def test_the_settings_can_be_read_from_what_a_function_is_told(function: str) -> None:
    """The variables have the names and forms the settings expect; none is unknown to them."""
    filled = {
        name: value if isinstance(value, str) else EXAMPLES.get(name, "filled-in-by-cloudformation")
        for name, value in _function("prod", function)["Environment"]["Variables"].items()
    }
    asked: set[str] = set()

    class Environment(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            asked.add(name)
            return super().get(name, default)

    assert Settings.from_environment(Environment(filled)).stage == "prod"
    assert filled.keys() <= asked


def test_who_reads_a_case_with_what_stands_beside_it_reads_many_records_at_once() -> None:
    """From the table itself; so does who names people on papers. Others read one thing by its key."""
    may = {
        (name, json.dumps(statement["Resource"]))
        for name, function in rows().items()
        for statement in function.policy["Statement"]
        if "dynamodb:BatchGetItem" in _listed(statement["Action"])
    }
    table = '{"Fn::GetAtt": ["Table", "Arn"]}'
    assert may == {(name, table) for name in ("api_handler", "court", "notices", "reconcile", "workflow")}


@both_stages
def test_the_functions_that_draw_papers_get_the_layer(stage: str) -> None:
    """The API makes papers, the court's function draws what it submits; the others start without it."""
    given = {
        name: properties["Properties"]["Layers"]
        for name, properties in functions(stage).items()
        if "Layers" in properties["Properties"]
    }
    assert given == {"APIHandler": [{"Ref": "DrawingLayer"}], "Court": [{"Ref": "DrawingLayer"}]}
    layer = template(stage)["Resources"]["DrawingLayer"]
    assert layer["Type"] == "AWS::Serverless::LayerVersion"
    assert layer["Properties"]["ContentUri"] == "./drawing.zip"


@both_stages
@each_function
def test_a_functions_log_group_exists_before_it(stage: str, function: str) -> None:
    """Named after the function and made first, or Lambda would make one that is kept for ever."""
    (group,) = functions(stage)[logical_id(function)]["DependsOn"]
    name = template(stage)["Resources"][group]["Properties"]["LogGroupName"]
    assert name == f"/aws/lambda/{_function(stage, function)['FunctionName']}"


@both_stages
@pytest.mark.parametrize("function", ["relay", "workflow", "court", "callbacks", "notices"])
def test_an_event_source_is_this_stacks_own_and_reports_partial_failures(stage: str, function: str) -> None:
    """One source per function, by reference; nothing is left of the placeholder in app.py."""
    (event,) = _function(stage, function)["Events"].values()
    properties = event["Properties"]
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    if function == "relay":
        own = {"Fn::GetAtt": ["Table", "StreamArn"]}
        assert properties["Stream"] == {"Fn::If": ["HasRelayStream", {"Ref": "RelayStream"}, own]}
        assert properties["BisectBatchOnFunctionError"] is True
        assert [json.loads(each["Pattern"]) for each in properties["FilterCriteria"]["Filters"]] == [
            {
                "eventName": ["INSERT"],
                "dynamodb": {"NewImage": {"stays": {"BOOL": [{"exists": False}]}}},
            }
        ]
        assert properties["DestinationConfig"]["OnFailure"]["Destination"] == {
            "Fn::GetAtt": ["RelayDlq", "Arn"]
        }
    else:
        assert properties["Queue"] == {"Fn::Sub": f"${{{function.capitalize()}Queue.Arn}}"}


@pytest.mark.parametrize(
    ("function", "batch", "pollers", "attempts", "oldest_seconds"),
    [
        ("workflow", 10, 10, 5, 600),
        ("court", 5, 5, 24, 7200),
        ("callbacks", 10, 5, 10, 900),
        ("notices", 5, 5, 24, 900),
    ],
)
def test_a_queues_limits(function: str, batch: int, pollers: int, attempts: int, oldest_seconds: int) -> None:
    """How many messages and batches at once, how many tries, and from which age on it alarms."""
    (event,) = _function("prod", function)["Events"].values()
    resources, name = template("prod")["Resources"], function.capitalize()
    assert event["Properties"]["BatchSize"] == batch
    assert event["Properties"]["ScalingConfig"] == {"MaximumConcurrency": pollers}
    assert resources[f"{name}Queue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == attempts
    assert resources[f"{name}QueueAgeAlarm"]["Properties"]["Threshold"] == oldest_seconds


@both_stages
@pytest.mark.parametrize("function", ["workflow", "court", "callbacks", "notices"])
def test_a_queue_waits_six_times_its_function(stage: str, function: str) -> None:
    """A message stays hidden for six times the function's limit; no more pollers than may run."""
    properties = _function(stage, function)
    queue = template(stage)["Resources"][f"{function.capitalize()}Queue"]["Properties"]
    assert queue["VisibilityTimeout"] >= 6 * properties["Timeout"]
    (event,) = properties["Events"].values()
    pollers = event["Properties"]["ScalingConfig"]["MaximumConcurrency"]
    assert pollers <= properties.get("ReservedConcurrentExecutions", pollers)


@both_stages
def test_chalice_leaves_the_binary_media_types_as_they_are(stage: str) -> None:
    """Its own list is replaced, not added to."""
    body = template(stage)["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    assert body["x-amazon-apigateway-binary-media-types"] == ["*/*"]


@both_stages
def test_the_reconciler_runs_every_minute(stage: str) -> None:
    """While one run still works on a shard, the next three begin with the other shards."""
    properties = _function(stage, "reconcile")
    (event,) = properties["Events"].values()
    assert event["Properties"]["Schedule"] == "rate(1 minute)"
    assert properties["Timeout"] == 4 * 60
    assert DynamoDueIndex.shards >= 4


def test_only_production_reserves_concurrency_for_the_court() -> None:
    """A court's endpoint meets at most five of us at once; a small account could not reserve any."""
    assert _function("prod", "court")["ReservedConcurrentExecutions"] == 5
    assert "ReservedConcurrentExecutions" not in _function("dev", "court")
