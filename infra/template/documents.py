"""The bucket of documents and evidence, and the log of who read them.

Promise: documents are encrypted under the hub's key, versioned, never public and reachable over TLS
only; each access is logged for as long as personal-data handling records are kept, and a record of it that is
deleted stays as a version. Downside: S3's own
access log is delivered within hours and without guarantee; it is an audit aid, not the audit trail of
the case.
"""

from __future__ import annotations

from typing import Final

from infra.template.intrinsics import Template, att, ref, sub
from infra.template.stages import AUDIT_RETENTION_DAYS, Stage, kept

_OLD_LOG_DAYS: Final = 90


def resources(stage: Stage) -> Template:
    """Return both buckets and their policies."""
    return {
        "DocumentsBucket": kept(stage, {"Type": "AWS::S3::Bucket", "Properties": _documents(stage)}),
        "DocumentsBucketPolicy": _bucket_policy("DocumentsBucket"),
        "AccessLogBucket": kept(stage, {"Type": "AWS::S3::Bucket", "Properties": _access_logs(stage)}),
        "AccessLogBucketPolicy": _bucket_policy("AccessLogBucket", _log_delivery(stage)),
    }


def _documents(stage: Stage) -> Template:
    under_the_hubs_key = {
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": att("Key")},
        "BucketKeyEnabled": True,  # saves one KMS request per object
    }
    abandoned_uploads = {
        "Id": "abandoned-uploads",
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    return {
        "BucketName": sub(f"{stage.prefix}-documents-${{AWS::AccountId}}-${{AWS::Region}}"),
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [under_the_hubs_key]},
        "VersioningConfiguration": {"Status": "Enabled"},
        "LoggingConfiguration": {
            "DestinationBucketName": ref("AccessLogBucket"),
            "LogFilePrefix": "documents/",
        },
        "LifecycleConfiguration": {"Rules": [abandoned_uploads]},
        **_closed(),
    }


def _access_logs(stage: Stage) -> Template:
    # S3 delivers access logs only to buckets encrypted with its own key; logs hold object keys, no content.
    s3_key = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    expire = {
        "Id": "expire",
        "Status": "Enabled",
        "ExpirationInDays": AUDIT_RETENTION_DAYS,
        # Time enough to notice that somebody deleted or replaced the record of a read.
        "NoncurrentVersionExpiration": {"NoncurrentDays": _OLD_LOG_DAYS},
    }
    return {
        "BucketName": sub(f"{stage.prefix}-access-logs-${{AWS::AccountId}}-${{AWS::Region}}"),
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [s3_key]},
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {"Rules": [expire]},
        **_closed(),
    }


def _closed() -> Template:
    return {
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    }


def _log_delivery(stage: Stage) -> Template:
    return {
        "Sid": "S3DeliversAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": sub("${AccessLogBucket.Arn}/documents/*"),
        "Condition": {
            # By name, not by reference: the documents bucket already refers to this one.
            "ArnLike": {"aws:SourceArn": sub(f"arn:${{AWS::Partition}}:s3:::{stage.prefix}-documents-*")},
            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
        },
    }


def _bucket_policy(bucket: str, *more: Template) -> Template:
    tls_only = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [att(bucket), sub(f"${{{bucket}.Arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": ref(bucket),
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [tls_only, *more]},
        },
    }
