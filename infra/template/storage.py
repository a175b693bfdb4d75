"""The keys, the table and the partners' secret.

Promise: everything at rest that could name a person is under one customer-managed key whose use is logged,
and in prod nothing of it disappears with the stack. Downside: whoever reads the table or the documents
needs kms:Decrypt through that service as well; each function's policy says so.
"""

from __future__ import annotations

from typing import Final

from infra.template.intrinsics import Template, att, ref, sub
from infra.template.stages import Stage, kept

INDEXES: Final[dict[str, tuple[str, str, str | tuple[str, ...]]]] = {
    # A court's list is the one that is long and often read: it holds whole records, which no page has to look
    # up, and is written with every change. The others are written when a case enters or leaves a list.
    "by_court": (
        "court_list",
        "filed_key",
        ("schema", "content", "head", "stage", "institution_list", "mediator_list", "judge_id"),
    ),
    "by_court_stage": ("court_stage", "filed_key", "KEYS_ONLY"),
    "by_institution_id": ("institution_list", "filed_key", "KEYS_ONLY"),
    "by_institution_stage": ("institution_stage", "filed_key", "KEYS_ONLY"),
    "by_mediator_id": ("mediator_list", "filed_key", ("stage",)),
    "by_judge_id": ("judge_id", "filed_key", ("stage",)),
    # The sweep only needs to know what is due; it reads the record itself by key.
    "due": ("due_shard", "due_at", "KEYS_ONLY"),
}
"""Global secondary indexes: partition key, sort key, and the attributes held beside the keys.

Every key is a string.
"""


def resources(stage: Stage) -> Template:
    """Return the stateful resources of a stage."""
    return {
        "Key": _key(stage),
        "KeyAlias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": f"alias/{stage.prefix}", "TargetKeyId": ref("Key")},
        },
        "SigningKey": _signing_key(stage),
        "SigningKeyAlias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": f"alias/{stage.prefix}-signing", "TargetKeyId": ref("SigningKey")},
        },
        "Table": _table(stage),
        "PartnersSecret": _partners_secret(stage),
    }


_ACCOUNT_ADMINISTERS: Final = {
    # Without this statement nobody could manage the key; it lets IAM policies decide who may do what.
    "Sid": "AccountAdministers",
    "Effect": "Allow",
    "Principal": {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
    "Action": "kms:*",
    "Resource": "*",
}


def _signing_key(stage: Stage) -> Template:
    return kept(
        stage,
        {
            "Type": "AWS::KMS::Key",
            "Properties": {
                "Description": f"{stage.prefix}: signs agreements for the centre",
                # Its certificates are short enough for a function's variables; RSA's are not.
                "KeySpec": "ECC_NIST_P256",
                "KeyUsage": "SIGN_VERIFY",
                "PendingWindowInDays": 30,
                "KeyPolicy": {"Version": "2012-10-17", "Statement": [_ACCOUNT_ADMINISTERS]},
            },
        },
    )


def _key(stage: Stage) -> Template:
    statements = [
        _ACCOUNT_ADMINISTERS,
        {
            "Sid": "AlarmsReachTheTopic",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}},
        },
    ]
    return kept(
        stage,
        {
            "Type": "AWS::KMS::Key",
            "Properties": {
                "Description": f"{stage.prefix}: data keys of the institutions, table, documents, secrets",
                "EnableKeyRotation": True,
                "PendingWindowInDays": 30,
                "KeyPolicy": {"Version": "2012-10-17", "Statement": statements},
            },
        },
    )


def _table(stage: Stage) -> Template:
    keys = sorted({"PK", "SK"} | {key for hash_, range_, _ in INDEXES.values() for key in (hash_, range_)})
    return kept(
        stage,
        {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": stage.prefix,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in keys],
                "KeySchema": _key_schema("PK", "SK"),
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": name,
                        "KeySchema": _key_schema(hash_, range_),
                        "Projection": _projection(projection),
                    }
                    for name, (hash_, range_, projection) in INDEXES.items()
                ],
                "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "SSESpecification": {
                    "SSEEnabled": True,
                    "SSEType": "KMS",
                    "KMSMasterKeyId": att("Key"),
                },
                "DeletionProtectionEnabled": stage.keeps_data,
            },
        },
    )


def _projection(held: str | tuple[str, ...]) -> Template:
    if isinstance(held, str):
        return {"ProjectionType": held}
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(held)}


def _key_schema(hash_: str, range_: str) -> list[Template]:
    return [
        {"AttributeName": hash_, "KeyType": "HASH"},
        {"AttributeName": range_, "KeyType": "RANGE"},
    ]


def _partners_secret(stage: Stage) -> Template:
    return kept(
        stage,
        {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {
                "Name": f"{stage.prefix}-partners",
                "Description": "Keys that sign and verify messages between the hub and the courts",
                "KmsKeyId": att("Key"),
                # Readable from the first minute but empty: an operator fills it in, and CloudFormation
                # leaves it alone as long as this line does not change.
                "SecretString": '{"courts": {}}',
            },
        },
    )
