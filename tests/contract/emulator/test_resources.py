"""The local resources are those of the template, on moto and with the table on DynamoDB Local."""

import copy
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from infra.local.creators import StaleResourceError
from infra.local.resources import WrongRegionError, create, lose_workflows
from infra.local.template_values import UnresolvableValueError
from tests.support.aws import PLAIN, REGION, dynamodb, unique

Clients = Callable[[str], Any]


def _template(part: str) -> dict[str, Any]:
    prefix = f"jiefen-hub-dev-{part}"
    resources = {
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": f"{prefix}-mediation",
                "DefinitionString": json.dumps(
                    {
                        "StartAt": "Ask",
                        "States": {
                            "Ask": {
                                "Type": "Task",
                                "Resource": "arn:${Partition}:states:::sqs:sendMessage",
                                "Parameters": {"QueueUrl": "${QueueUrl}", "MessageBody": "${Unknown}"},
                                "End": True,
                            }
                        },
                    }
                ),
                "DefinitionSubstitutions": {
                    "Partition": {"Ref": "AWS::Partition"},
                    "QueueUrl": {"Ref": "Queue"},
                },
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "LoggingConfiguration": {"Destinations": [{"Fn::GetAtt": ["Nowhere", "Arn"]}]},
            },
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": f"{prefix}-workflow",
                "VisibilityTimeout": 360,
                "RedrivePolicy": {
                    "deadLetterTargetArn": {"Fn::GetAtt": ["Dlq", "Arn"]},
                    "maxReceiveCount": 5,
                },
            },
        },
        "Dlq": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"{prefix}-workflow-dlq"}},
        "Alias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": f"alias/{prefix}", "TargetKeyId": {"Ref": "Key"}},
        },
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}},
        },
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": prefix,
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
                "AttributeDefinitions": [
                    {"AttributeName": "PK", "AttributeType": "S"},
                    {"AttributeName": "due_shard", "AttributeType": "S"},
                ],
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": "due",
                        "KeySchema": [{"AttributeName": "due_shard", "KeyType": "HASH"}],
                        "Projection": {"ProjectionType": "KEYS_ONLY"},
                    }
                ],
                "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
                "DeletionProtectionEnabled": True,
            },
        },
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketName": {"Fn::Sub": f"{prefix}-documents-${{AWS::AccountId}}"},
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]},
                            }
                        }
                    ]
                },
                "VersioningConfiguration": {"Status": "Enabled"},
            },
        },
        "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"Name": f"{prefix}-partners", "SecretString": '{"courts": {}}'},
        },
        "Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue"}]}},
        "Relay": {
            "Properties": {
                "Environment": {
                    "Variables": {
                        "HUB_STAGE": "dev",
                        "HUB_COURTS": {"Ref": "Courts"},
                        "HUB_TABLE": {"Ref": "Table"},
                        "HUB_KMS_KEY_ID": {"Fn::GetAtt": ["Key", "Arn"]},
                        "HUB_WORKFLOW_QUEUE_URL": {"Ref": "Queue"},
                    }
                }
            }
        },
    }
    return {"Parameters": {"Courts": {"Type": "String"}}, "Resources": resources}


@pytest.fixture
def part() -> str:
    """Make a part of the names that no other test uses."""
    return unique("t")


@pytest.fixture
def clients(aws_endpoint: str, engine: str) -> Clients:
    """Make clients of moto, but for the table's engine."""
    session = boto3.session.Session("test", "test", region_name=REGION)

    def client(service: str) -> Any:
        make: Any = session.client
        return make(service, endpoint_url=engine if service == "dynamodb" else aws_endpoint)

    return client


def test_everything_the_hub_talks_to_is_created(clients: Clients, part: str) -> None:
    """Each resource has its properties, its references resolved, and the local stage in its name."""
    resources = create(_template(part), clients, stage="local", secret='{"courts": {"a": 1}}')

    name = f"jiefen-hub-local-{part}"
    table = clients("dynamodb").describe_table(TableName=name)["Table"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["due"]
    expiry = clients("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}

    sqs = clients("sqs")
    queue = sqs.get_queue_attributes(QueueUrl=resources.ref("Queue"), AttributeNames=["All"])["Attributes"]
    assert queue["VisibilityTimeout"] == "360"
    assert json.loads(queue["RedrivePolicy"]) == {
        "deadLetterTargetArn": resources.made["Dlq"].attributes["Arn"],
        "maxReceiveCount": 5,
    }

    machine = clients("stepfunctions").describe_state_machine(stateMachineArn=resources.ref("Machine"))
    ask = json.loads(machine["definition"])["States"]["Ask"]
    assert ask["Resource"] == "arn:aws-cn:states:::sqs:sendMessage"
    assert ask["Parameters"] == {"QueueUrl": resources.ref("Queue"), "MessageBody": "${Unknown}"}

    key_arn = resources.made["Key"].attributes["Arn"]
    assert clients("kms").describe_key(KeyId=resources.ref("Alias"))["KeyMetadata"]["Arn"] == key_arn
    s3, bucket = clients("s3"), resources.ref("Bucket")
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": key_arn,
    }
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    secret = clients("secretsmanager").get_secret_value(SecretId=resources.ref("Secret"))["SecretString"]
    assert secret == '{"courts": {"a": 1}}'
    assert resources.environment == {
        "HUB_STAGE": "local",
        "HUB_TABLE": name,
        "HUB_KMS_KEY_ID": key_arn,
        "HUB_WORKFLOW_QUEUE_URL": resources.ref("Queue"),
    }


def test_a_second_run_takes_over_what_exists(clients: Clients, part: str) -> None:
    """Data stay; what can be changed follows the template and the overrides."""
    first = create(_template(part), clients, stage="local")
    clients("dynamodb").put_item(TableName=first.ref("Table"), Item={"PK": {"S": "c"}})
    changed = _template(part)
    definition = '{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}'
    changed["Resources"]["Machine"]["Properties"]["DefinitionString"] = definition

    again = create(changed, clients, stage="local", secret='{"courts": {"b": 2}}', queue_visibility_seconds=5)

    assert again.environment == first.environment
    assert "Item" in clients("dynamodb").get_item(TableName=again.ref("Table"), Key={"PK": {"S": "c"}})
    sfn = clients("stepfunctions")
    assert sfn.describe_state_machine(stateMachineArn=again.ref("Machine"))["definition"] == definition
    secret = clients("secretsmanager").get_secret_value(SecretId=again.ref("Secret"))["SecretString"]
    assert secret == '{"courts": {"b": 2}}'
    sqs = clients("sqs")
    for logical_id, seconds in (("Queue", "5"), ("Dlq", "30")):
        url = again.ref(logical_id)
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        assert found == {"VisibilityTimeout": seconds}


def test_a_secret_somebody_filled_in_is_kept(clients: Clients, part: str) -> None:
    """Without a text of its own a second run leaves the secret alone."""
    create(_template(part), clients, stage="local", secret='{"courts": {"a": 1}}')
    again = create(_template(part), clients, stage="local")
    secret = clients("secretsmanager").get_secret_value(SecretId=again.ref("Secret"))["SecretString"]
    assert secret == '{"courts": {"a": 1}}'


def test_a_table_of_another_shape_is_refused(clients: Clients, part: str) -> None:
    """Data of an older template are not silently used with other indexes."""
    create(_template(part), clients, stage="local")
    changed = copy.deepcopy(_template(part))
    del changed["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
    changed["Resources"]["Table"]["Properties"]["AttributeDefinitions"].pop()
    with pytest.raises(StaleResourceError, match=part):
        create(changed, clients, stage="local")


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ({"Ref": "Nowhere"}, "Nowhere"),
        ({"Fn::GetAtt": ["Dlq", "Colour"]}, "Dlq.Colour"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "itself"),
    ],
)
def test_a_reference_to_nothing_is_named(clients: Clients, part: str, reference: Any, named: str) -> None:
    """The error says which reference leads nowhere, or in a circle."""
    template = _template(part)
    template["Resources"]["Queue"]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"] = reference
    with pytest.raises(UnresolvableValueError, match=named):
        create(template, clients, stage="local")


def test_an_endpoint_of_another_partition_is_refused(clients: Clients, part: str) -> None:
    """Names and ARNs of two partitions would not fit together; nothing is created."""

    def of_another_partition(service: str) -> Any:
        client = clients(service)
        if service == "sts":
            identity = {**client.get_caller_identity(), "Arn": "arn:aws:iam::000000000000:root"}
            client.get_caller_identity = lambda: identity
        return client

    with pytest.raises(WrongRegionError, match="serves aws, cn-north-1 is of aws-cn: set AWS_REGION"):
        create(_template(part), of_another_partition, stage="local")


def test_boto3s_own_variables_say_where(
    aws_endpoint: str, dynamodb_local_endpoint: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS_ENDPOINT_URL names the endpoint, AWS_ENDPOINT_URL_DYNAMODB that of the table alone."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_local_endpoint)
    resources = create(_template(part), stage="local")
    assert dynamodb(dynamodb_local_endpoint).describe_table(TableName=resources.ref("Table"))
    elsewhere = dynamodb(aws_endpoint)
    with pytest.raises(elsewhere.exceptions.ResourceNotFoundException):
        elsewhere.describe_table(TableName=resources.ref("Table"))
    assert resources.ref("Queue").startswith(aws_endpoint)


@pytest.mark.skipif(PLAIN, reason="the knob is ours")
def test_workflows_can_be_lost_on_the_emulator_only(
    aws_endpoint: str, dynamodb_local_endpoint: str, clients: Clients, part: str
) -> None:
    """The emulator answers with what it lost; another endpoint refuses."""
    create(_template(part), clients, stage="local")
    assert lose_workflows(aws_endpoint)["queues"] >= 2
    with pytest.raises(RuntimeError, match="cannot lose its workflows"):
        lose_workflows(dynamodb_local_endpoint)
