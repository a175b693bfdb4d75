"""One function for each type of resource the local stack creates, from CloudFormation's properties.

Each uses a resource that exists already. Downside: a property that is not read here has no effect locally.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.template_values import Template


class StaleResourceError(RuntimeError):
    """A resource of that name exists and differs in a property that cannot be changed; delete it first."""


@dataclass(frozen=True, slots=True)
class Made:
    """A created resource: the value of Ref, and its attributes."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What differs from the template locally."""

    secret: str | None = None
    queue_visibility_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Make:
    """What a creator needs: AWS, resolved values, and the template around its resource."""

    client: Callable[[str], Any]
    resolve: Callable[[Any], Any]
    template: Template
    overrides: Overrides


Creator = Callable[[Make, str, Template], Made]


def _key(make: Make, logical_id: str, properties: Template) -> Made:
    kms = make.client("kms")
    alias = _alias_of(make, logical_id)
    try:
        key = kms.describe_key(KeyId=alias)["KeyMetadata"] if alias else None
    except kms.exceptions.NotFoundException:
        key = None
    if key is None:
        key = kms.create_key(
            Description=make.resolve(properties.get("Description", "")),
            Policy=json.dumps(make.resolve(properties["KeyPolicy"])),
            KeySpec=properties.get("KeySpec", "SYMMETRIC_DEFAULT"),
            KeyUsage=properties.get("KeyUsage", "ENCRYPT_DECRYPT"),
        )["KeyMetadata"]
    return Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})


def _alias_of(make: Make, key: str) -> str | None:
    """Return the alias of a key, by which a later run finds the key again: a key itself has no name."""
    for resource in make.template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource.get("Type") == "AWS::KMS::Alias" and properties["TargetKeyId"] in (
            {"Ref": key},
            {"Fn::GetAtt": [key, "Arn"]},
        ):
            return str(make.resolve(properties["AliasName"]))
    return None


def _alias(make: Make, _logical_id: str, properties: Template) -> Made:
    kms = make.client("kms")
    name = make.resolve(properties["AliasName"])
    target = make.resolve(properties["TargetKeyId"])
    try:
        kms.create_alias(AliasName=name, TargetKeyId=target)
    except kms.exceptions.AlreadyExistsException:
        kms.update_alias(AliasName=name, TargetKeyId=target)
    return Made(name)


_TABLE_PROPERTIES = (
    "TableName",
    "KeySchema",
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
)


def _table(make: Make, _logical_id: str, properties: Template) -> Made:
    dynamodb = make.client("dynamodb")
    wanted = {name: make.resolve(properties[name]) for name in _TABLE_PROPERTIES if name in properties}
    if stream := make.resolve(properties.get("StreamSpecification")):
        wanted["StreamSpecification"] = {"StreamEnabled": True, **stream}
    name = wanted["TableName"]
    try:
        dynamodb.create_table(**wanted)
    except dynamodb.exceptions.ResourceInUseException:
        _check_table(dynamodb.describe_table(TableName=name)["Table"], wanted)
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    if expiry := make.resolve(properties.get("TimeToLiveSpecification")):
        _expire(dynamodb, name, expiry)
    table = dynamodb.describe_table(TableName=name)["Table"]
    return Made(name, {"Arn": table["TableArn"], "StreamArn": table.get("LatestStreamArn", "")})


def _check_table(existing: Template, wanted: Template) -> None:
    def shape(table: Template) -> Any:
        indexes = table.get("GlobalSecondaryIndexes", [])
        return (
            table["KeySchema"],
            sorted(
                (index["IndexName"], str(index["KeySchema"]), str(index["Projection"])) for index in indexes
            ),
            table.get("StreamSpecification", {}).get("StreamViewType"),
        )

    if shape(existing) != shape(wanted):
        raise StaleResourceError(f"table {wanted['TableName']} exists with other keys, indexes or stream")


def _expire(dynamodb: Any, table: str, expiry: Template) -> None:
    found = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    # AWS answers with an error if it is switched on already.
    if found["TimeToLiveStatus"] == "DISABLED":
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)


_QUEUE_ATTRIBUTES = (
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
    "DelaySeconds",
)


def _queue(make: Make, _logical_id: str, properties: Template) -> Made:
    sqs = make.client("sqs")
    attributes = {
        name: str(make.resolve(properties[name])) for name in _QUEUE_ATTRIBUTES if name in properties
    }
    if "RedrivePolicy" in properties:
        attributes["RedrivePolicy"] = json.dumps(make.resolve(properties["RedrivePolicy"]))
        if make.overrides.queue_visibility_seconds is not None:
            attributes["VisibilityTimeout"] = str(make.overrides.queue_visibility_seconds)
    name = make.resolve(properties["QueueName"])
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    except sqs.exceptions.QueueDoesNotExist:
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return Made(url, {"Arn": arn, "QueueName": name, "QueueUrl": url})


def _bucket(make: Make, _logical_id: str, properties: Template) -> Made:
    s3 = make.client("s3")
    name, region = make.resolve(properties["BucketName"]), s3.meta.region_name
    # S3 refuses us-east-1, its default, as an explicit location.
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=name, **where)
    except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        s3.head_bucket(Bucket=name)
    if encryption := make.resolve(properties.get("BucketEncryption")):
        rules = [_encryption_rule(rule) for rule in encryption["ServerSideEncryptionConfiguration"]]
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
    if versioning := make.resolve(properties.get("VersioningConfiguration")):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    return Made(name, {"Arn": f"arn:{s3.meta.partition}:s3:::{name}"})


def _encryption_rule(rule: Template) -> Template:
    # CloudFormation and S3 name the same thing differently.
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    return {names.get(name, name): value for name, value in rule.items()}


def _secret(make: Make, _logical_id: str, properties: Template) -> Made:
    secrets = make.client("secretsmanager")
    name = make.resolve(properties["Name"])
    text = make.overrides.secret or make.resolve(properties.get("SecretString", "{}"))
    try:
        arn = secrets.create_secret(Name=name, SecretString=text)["ARN"]
    except secrets.exceptions.ResourceExistsException:
        arn = secrets.describe_secret(SecretId=name)["ARN"]
        if make.overrides.secret is not None:
            secrets.put_secret_value(SecretId=name, SecretString=text)
    return Made(arn, {"Id": arn})


_SUBSTITUTION = re.compile(r"\$\{(\w+)\}")


def _state_machine(make: Make, _logical_id: str, properties: Template) -> Made:
    sfn = make.client("stepfunctions")
    name = make.resolve(properties["StateMachineName"])
    definition, role = _definition(make, properties), make.resolve(properties["RoleArn"])
    for page in sfn.get_paginator("list_state_machines").paginate():
        for machine in page["stateMachines"]:
            if machine["name"] == name:
                arn = machine["stateMachineArn"]
                sfn.update_state_machine(stateMachineArn=arn, definition=definition, roleArn=role)
                return Made(arn, {"Arn": arn, "Name": name})
    arn = sfn.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]
    return Made(arn, {"Arn": arn, "Name": name})


def _definition(make: Make, properties: Template) -> str:
    if "Definition" in properties:
        text = json.dumps(properties["Definition"])
    else:
        text = str(make.resolve(properties["DefinitionString"]))
    substitutions = make.resolve(properties.get("DefinitionSubstitutions", {}))
    return _SUBSTITUTION.sub(lambda found: str(substitutions.get(found[1], found[0])), text)


CREATORS: Mapping[str, Creator] = {
    "AWS::KMS::Key": _key,
    "AWS::KMS::Alias": _alias,
    "AWS::DynamoDB::Table": _table,
    "AWS::SQS::Queue": _queue,
    "AWS::S3::Bucket": _bucket,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::StepFunctions::StateMachine": _state_machine,
}
"""The types of resources that exist locally."""
