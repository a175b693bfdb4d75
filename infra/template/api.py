"""API Gateway's part of the API: its own answers, throttling, access log, TLS, host name.

Promise: a refusal by the gateway looks like one by the hub: problem+json (RFC 9457) with a stable code
and the request id, its title in both languages, since the gateway can't negotiate one. The access log
holds the route, never the URL: no query, no path values, no address, and of the caller only the role.
Downside: an operator who needs the caller's address has to ask the firewall.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from chalicelib.api.problem_table import PROBLEMS
from chalicelib.api.problems import TYPE_PREFIX
from infra.template.functions import log_group
from infra.template.intrinsics import Template, att, ref, sub, when

if TYPE_CHECKING:
    from infra.template.stages import Stage

REQUEST_ID: Final = "$context.requestId"
"""Placeholder for the request's id in a body, which API Gateway and the local gateway replace."""
MINIMUM_TLS: Final = "SecurityPolicy_TLS13_1_2_2021_06"
"""TLS 1.2 and 1.3 only; a Regional API's own default still accepts TLS 1.0."""

REFUSALS: Final = {
    "UNAUTHORIZED": "unauthenticated",
    "ACCESS_DENIED": "unauthenticated",  # the authorizer's denial, which says why
    # API Gateway's name for an unknown route or method, because it looks for IAM credentials there.
    "MISSING_AUTHENTICATION_TOKEN": "not_found",
    "RESOURCE_NOT_FOUND": "not_found",
    "BAD_REQUEST_BODY": "bad_request",
    "BAD_REQUEST_PARAMETERS": "bad_request",
    "REQUEST_TOO_LARGE": "request_too_large",
    "UNSUPPORTED_MEDIA_TYPE": "unsupported_media_type",
    "THROTTLED": "too_many_requests",
    "QUOTA_EXCEEDED": "too_many_requests",
    "INTEGRATION_FAILURE": "gateway_timeout",
    "INTEGRATION_TIMEOUT": "gateway_timeout",
    "AUTHORIZER_FAILURE": "internal_error",
    "AUTHORIZER_CONFIGURATION_ERROR": "internal_error",
    "API_CONFIGURATION_ERROR": "internal_error",
    "DEFAULT_4XX": "bad_request",
    "DEFAULT_5XX": "internal_error",
}
"""The code of the hub's problem for each of API Gateway's response types."""
BINARY_MEDIA_TYPES: Final = ("*/*",)
"""All media types, so that an answer's bytes do not depend on the Accept header: API Gateway reads only that
header's first entry, and returns base64 if it is not listed. So request bodies arrive in base64 too."""
_DENIED: Final = "ACCESS_DENIED"
_OF_ANY_STATUS: Final = frozenset({"DEFAULT_4XX", "DEFAULT_5XX"})


def problem_body(code: str) -> dict[str, object]:
    """Return the problem+json body of a code; `request_id` still holds REQUEST_ID."""
    kind = PROBLEMS[code]
    return {
        "type": f"{TYPE_PREFIX}{code}",
        "title": kind.title.both,
        "status": kind.status,
        "code": code,
        "detail": kind.detail.both,
        "request_id": REQUEST_ID,
    }


def denied_body() -> dict[str, object]:
    """Return the body for a token that the authorizer denies, with the reason it put into its context."""
    told = {name: f"$context.authorizer.{name}" for name in ("detail", "reason")}
    return {**problem_body(REFUSALS[_DENIED]), **told}


def problem_bodies() -> dict[int, dict[str, object]]:
    """Return the gateway's own answers by HTTP status, so that a local gateway can give the same ones."""
    return {PROBLEMS[code].status: problem_body(code) for code in REFUSALS.values()}


def problem_headers() -> dict[int, dict[str, str]]:
    """Return the headers that go with `problem_bodies()`, by HTTP status."""
    return {PROBLEMS[code].status: _headers(code) for code in REFUSALS.values()}


def _headers(code: str) -> dict[str, str]:
    kind = PROBLEMS[code]
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if kind.retry_after is not None:
        headers["Retry-After"] = str(kind.retry_after)
    return headers


def resources(stage: Stage) -> Template:
    """Return the additions to Chalice's RestAPI, its access log and its optional host name."""
    return {
        "RestAPI": _addition(stage),
        "ApiAccessLogGroup": log_group(stage, f"/aws/apigateway/{stage.prefix}"),
        **_log_role(),
        **_domain_name(),
    }


def outputs() -> Template:
    """Return what an operator needs of the stack, beside Chalice's own outputs."""
    return {
        "DomainTarget": {
            "Condition": "HasDomainName",
            "Description": "Point the host name's CNAME here",
            "Value": att("ApiDomainName", "RegionalDomainName"),
        },
        "PartnersSecretArn": {
            "Description": "Put the courts' keys here before the first transfer",
            "Value": ref("PartnersSecret"),
        },
    }


def _addition(stage: Stage) -> Template:
    return {
        "Properties": {
            "SecurityPolicy": MINIMUM_TLS,
            "EndpointAccessMode": "BASIC",
            "DisableExecuteApiEndpoint": when("HasDomainName", True, False),
            "TracingEnabled": when("TracingOn", True, False),
            "AccessLogSetting": {
                "DestinationArn": att("ApiAccessLogGroup"),
                "Format": json.dumps(_ACCESS_LOG_LINE),
            },
            # A stage with an access log can't be made before the account has a role for it. DependsOn may not
            # name a resource that a condition can leave out, so the stage refers to it in a variable.
            "Variables": {
                "logsThrough": when("ManagesApiGatewayAccount", ref("ApiGatewayAccount"), "account")
            },
            "MethodSettings": [
                {
                    "ResourcePath": "/*",
                    "HttpMethod": "*",
                    "ThrottlingRateLimit": stage.rate_limit,
                    "ThrottlingBurstLimit": stage.burst_limit,
                    "MetricsEnabled": False,  # metrics per route are billed; the access log has them too
                    # Execution logs would print headers and bodies.
                    "LoggingLevel": "OFF",
                    "DataTraceEnabled": False,
                }
            ],
            "DefinitionBody": {
                "info": {"title": stage.prefix},
                "x-amazon-apigateway-binary-media-types": list(BINARY_MEDIA_TYPES),
                "x-amazon-apigateway-gateway-responses": {
                    response_type: _gateway_response(response_type, code)
                    for response_type, code in REFUSALS.items()
                },
            },
        },
    }


_ACCESS_LOG_LINE: Final = {
    "request_id": REQUEST_ID,
    "time": "$context.requestTimeEpoch",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "integration_latency_ms": "$context.integrationLatency",
    "authorizer_latency_ms": "$context.authorizer.latency",
    "bytes": "$context.responseLength",
    "role": "$context.authorizer.role",
    "refused_by_gateway": "$context.error.responseType",
    "tls": "$context.tlsVersion",
}


def _gateway_response(response_type: str, code: str) -> Template:
    problem = denied_body() if response_type == _DENIED else problem_body(code)
    response: Template = {"statusCode": str(problem["status"])}
    if response_type in _OF_ANY_STATUS:
        del problem["status"]  # the gateway keeps the status that fits the case
        response = {}
    body = json.dumps(problem, ensure_ascii=False)
    return response | {
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in _headers(code).items()
        },
        # The gateway picks a template by the Accept header and falls back to application/json.
        "responseTemplates": {"application/problem+json": body, "application/json": body},
    }


# The setting belongs to the account: another stack may need it after this one is deleted.
_OUTLIVES_THE_STACK: Final = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def _log_role() -> Template:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    managed = "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    return {
        "ApiGatewayLogRole": {
            "Type": "AWS::IAM::Role",
            "Condition": "ManagesApiGatewayAccount",
            **_OUTLIVES_THE_STACK,
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                "ManagedPolicyArns": [sub(managed)],
            },
        },
        "ApiGatewayAccount": {
            "Type": "AWS::ApiGateway::Account",
            "Condition": "ManagesApiGatewayAccount",
            **_OUTLIVES_THE_STACK,
            "Properties": {"CloudWatchRoleArn": att("ApiGatewayLogRole")},
        },
    }


def _domain_name() -> Template:
    return {
        "ApiDomainName": {
            "Type": "AWS::ApiGateway::DomainName",
            "Condition": "HasDomainName",
            "Properties": {
                "DomainName": ref("DomainName"),
                "RegionalCertificateArn": ref("CertificateArn"),
                "EndpointConfiguration": {"Types": ["REGIONAL"]},
                "SecurityPolicy": "TLS_1_2",
            },
        },
        "DomainMapping": {
            "Type": "AWS::ApiGateway::BasePathMapping",
            "Condition": "HasDomainName",
            "Properties": {
                "DomainName": ref("ApiDomainName"),
                "RestApiId": ref("RestAPI"),
                "Stage": ref("RestAPI.Stage"),
            },
        },
    }
