"""The API's edge: what API Gateway answers by itself, throttling, access log, TLS, host name.

Promise: a refusal by the gateway looks like one by the hub: problem+json (RFC 9457) with a stable code
and the request id, its title in both languages, since the gateway can't negotiate one. The access log
holds the route, never the URL: no query, no path values, no address, and of the caller only the role.
Downside: an operator who needs the caller's address has to ask the firewall.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infra.template.functions import log_group
from infra.template.intrinsics import Template, att, ref, sub, when

if TYPE_CHECKING:
    from infra.template.stages import Stage

REQUEST_ID: Final = "$context.requestId"
"""Stands for the request's id in a body; API Gateway fills it in, and so must the local gateway."""
MINIMUM_TLS: Final = "SecurityPolicy_TLS13_1_2_2021_06"
"""TLS 1.2 and 1.3 only; a Regional API's own default still accepts TLS 1.0."""
RETRY_AFTER_SECONDS: Final = 2


@dataclass(frozen=True)
class Refusal:
    """One kind of answer the gateway gives without asking the hub. Status None: whatever fits the case."""

    status: int | None
    code: str
    title_zh: str
    title: str
    headers: tuple[tuple[str, str], ...] = ()


_UNEXPECTED: Final = Refusal(500, "internal_error", "服务器内部错误", "Internal error")
_TIMED_OUT: Final = Refusal(504, "gateway_timeout", "服务响应超时", "The hub did not answer in time")
_FORBIDDEN: Final = Refusal(403, "not_permitted", "无权执行此操作", "Not permitted")
_NOT_FOUND: Final = Refusal(404, "not_found", "资源不存在", "Not found")
_BAD_REQUEST: Final = Refusal(400, "bad_request", "请求格式错误", "Bad request")
_THROTTLED: Final = Refusal(
    429,
    "too_many_requests",
    "请求过于频繁",
    "Too many requests",
    headers=(("Retry-After", str(RETRY_AFTER_SECONDS)),),
)

REFUSALS: Final = {
    "UNAUTHORIZED": Refusal(
        401,
        "unauthenticated",
        "未通过身份认证",
        "Authentication required",
        headers=(("WWW-Authenticate", "Bearer"),),
    ),
    "ACCESS_DENIED": _FORBIDDEN,
    # What API Gateway calls an unknown route or method: it looks for IAM credentials there.
    "MISSING_AUTHENTICATION_TOKEN": _NOT_FOUND,
    "RESOURCE_NOT_FOUND": _NOT_FOUND,
    "BAD_REQUEST_BODY": _BAD_REQUEST,
    "BAD_REQUEST_PARAMETERS": _BAD_REQUEST,
    "REQUEST_TOO_LARGE": Refusal(413, "request_too_large", "请求体过大", "Request too large"),
    "UNSUPPORTED_MEDIA_TYPE": Refusal(
        415, "unsupported_media_type", "不支持的媒体类型", "Unsupported media type"
    ),
    "THROTTLED": _THROTTLED,
    "QUOTA_EXCEEDED": _THROTTLED,
    "INTEGRATION_FAILURE": _TIMED_OUT,
    "INTEGRATION_TIMEOUT": _TIMED_OUT,
    "AUTHORIZER_FAILURE": _UNEXPECTED,
    "AUTHORIZER_CONFIGURATION_ERROR": _UNEXPECTED,
    "API_CONFIGURATION_ERROR": _UNEXPECTED,
    "DEFAULT_4XX": Refusal(None, "bad_request", "请求被拒绝", "Request refused"),
    "DEFAULT_5XX": Refusal(None, "internal_error", "服务器内部错误", "Internal error"),
}
"""API Gateway's response types and what each says here."""


def problem_body(refusal: Refusal) -> dict[str, object]:
    """Return the problem+json body; `request_id` still holds REQUEST_ID."""
    status = {} if refusal.status is None else {"status": refusal.status}
    return {
        "type": f"urn:jiefen-hub:problem:{refusal.code}",
        "title": f"{refusal.title_zh} / {refusal.title}",
        **status,
        "code": refusal.code,
        "request_id": REQUEST_ID,
    }


def problem_bodies() -> dict[int, dict[str, object]]:
    """Return the gateway's own answers by HTTP status, so that a local gateway can give the same ones."""
    return {
        refusal.status: problem_body(refusal) for refusal in REFUSALS.values() if refusal.status is not None
    }


def problem_headers() -> dict[int, dict[str, str]]:
    """Return the headers that go with `problem_bodies()`, by HTTP status."""
    return {
        refusal.status: {"Content-Type": "application/problem+json", **dict(refusal.headers)}
        for refusal in REFUSALS.values()
        if refusal.status is not None
    }


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
                    "MetricsEnabled": False,  # per-route metrics are billed each; the access log tells
                    # Execution logs would print headers and bodies.
                    "LoggingLevel": "OFF",
                    "DataTraceEnabled": False,
                }
            ],
            "DefinitionBody": {
                "info": {"title": stage.prefix},
                "x-amazon-apigateway-gateway-responses": {
                    response_type: _gateway_response(refusal) for response_type, refusal in REFUSALS.items()
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


def _gateway_response(refusal: Refusal) -> Template:
    body = json.dumps(problem_body(refusal), ensure_ascii=False)
    headers = {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        **dict(refusal.headers),
    }
    response: Template = {
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()
        },
        # The gateway picks a template by the Accept header and falls back to application/json.
        "responseTemplates": {"application/problem+json": body, "application/json": body},
    }
    if refusal.status is not None:
        response["statusCode"] = str(refusal.status)
    return response


# The setting is the account's: another stack may rely on it when this one goes.
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
