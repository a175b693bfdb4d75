"""What an operator decides at deployment, and the conditions that follow from it.

Promise: nothing here is secret (keys live in Secrets Manager) and only values without a possible default
must be given: issuers, courts and, in production, who is told of alarms. Downside: a parameter holds at most
4,096 characters, some 20 courts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.template.intrinsics import Template, ref

if TYPE_CHECKING:
    from infra.template.stages import Stage


def parameters(stage: Stage) -> Template:
    """Return the parameters of a stage's template."""
    return {
        "Issuers": {
            "Type": "String",
            "MinLength": 2,
            "AllowedPattern": r"\[.*\]",
            "ConstraintDescription": "a JSON array",
            "Description": 'Token issuers: [{"issuer", "jwks_uri", "audience", "algorithms", "client_id"}]',
        },
        "Courts": {
            "Type": "String",
            "MinLength": 2,
            "AllowedPattern": r"\{.*\}",
            "ConstraintDescription": "a JSON object",
            "Description": 'Courts by id: {"<court_id>": {"url", "timeout_seconds"}}',
        },
        "SmsUrl": {
            "Type": "String",
            "Default": "",
            "AllowedPattern": r"(https://.+)?",
            "ConstraintDescription": "an https URL, or nothing",
            "Description": "Message gateway (docs/sms-gateway.openapi.yaml); empty: parties get no messages",
        },
        "LinkBase": {
            "Type": "String",
            "Default": "",
            "AllowedPattern": r"(https://.+)?",
            "ConstraintDescription": "an https URL, or nothing",
            "Description": "What links in messages begin with; empty: messages have no link",
        },
        "VideoHost": {
            "Type": "String",
            "Default": "",
            "AllowedPattern": r"([a-z0-9.-]+)?",
            "ConstraintDescription": "a host name, or nothing",
            "Description": "Jitsi host of sessions by video; empty: none is held by video",
        },
        "ConferenceNumber": {
            "Type": "String",
            "Default": "",
            "AllowedPattern": r"(\+?[0-9 -]{5,20})?",
            "ConstraintDescription": "a telephone number, or nothing",
            "Description": "Telephone conference of sessions; empty: none is held by telephone",
        },
        "QuietHours": {
            "Type": "String",
            "Default": "21:00-08:00",
            "AllowedPattern": r"[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]|off",
            "ConstraintDescription": "like 21:00-08:00, or off",
            "Description": "When messages to parties wait, in China's time",
        },
        "ApiDocument": {
            "Type": "String",
            "AllowedValues": ["open", "closed"],
            "Default": "open",
            "Description": "Whether everybody may read GET /v1/openapi.json; closed: nobody, it answers 404",
        },
        "PublicRoster": {
            "Type": "String",
            "AllowedValues": ["open", "closed"],
            "Default": "closed",
            "Description": "Whether everybody may read who mediates, without a token; closed: it answers 404",
        },
        "Tracing": {
            "Type": "String",
            "AllowedValues": ["on", "off"],
            "Default": "off",
            "Description": "X-Ray tracing; off in the Chinese regions, where Lambda does not offer it",
        },
        "AlarmProtocol": {
            "Type": "String",
            "AllowedValues": ["email", "https", "sqs"],
            "Default": "email",
            "Description": "How alarms reach the endpoint below",
        },
        "AlarmEndpoint": _alarm_endpoint(stage),
        "DomainName": {
            "Type": "String",
            "Default": "",
            "Description": "Host name to serve under; empty: the API's own. In China it needs an ICP record",
        },
        "CertificateArn": {
            "Type": "String",
            "Default": "",
            "Description": "Certificate of the host name, in the stack's region",
        },
        "SigningCertificates": {
            "Type": "String",
            "Default": "",
            # A function's variables hold 4 KB in all, so the root is better left out.
            "Description": "PEM certificates of the signing key, its own first; empty: nothing is signed",
        },
        "TimestampUrl": {
            "Type": "String",
            "Default": "",
            "Description": "Timestamp authority (RFC 3161) for signatures; empty: dated by the hub's clock",
        },
        "TrustedRoots": {
            "Type": "String",
            "Default": "",
            "Description": "PEM of the roots of the signing certificate and of the timestamp authority",
        },
        "RelayStream": {
            "Type": "String",
            "Default": "",
            "Description": "Stream of a table that was restored; empty: that of the table as it was created",
        },
        "WatchedRelease": {
            "Type": "String",
            "AllowedValues": ["true", "false"],
            "Default": "true",
            "Description": "false: a new build takes over at once whatever its alarms say",
        },
        "ManageApiGatewayAccount": {
            "Type": "String",
            "AllowedValues": ["yes", "no"],
            "Default": "yes",
            "Description": "Whether this stack gives API Gateway its log role: once per account and region",
        },
    }


def _alarm_endpoint(stage: Stage) -> Template:
    if stage.must_tell_somebody:
        return {
            "Type": "String",
            "MinLength": 1,
            "ConstraintDescription": "an address, URL or ARN: somebody has to be told of alarms",
            "Description": "Who is told of alarms (an address, URL or ARN)",
        }
    return {
        "Type": "String",
        "Default": "",
        "Description": "Who is told of alarms (an address, URL or ARN); empty: nobody, the topic stays",
    }


def conditions() -> Template:
    """Return the named conditions over the parameters."""
    return {
        "TracingOn": {"Fn::Equals": [ref("Tracing"), "on"]},
        "NoAlarmEndpoint": {"Fn::Equals": [ref("AlarmEndpoint"), ""]},
        "HasAlarmEndpoint": {"Fn::Not": [{"Condition": "NoAlarmEndpoint"}]},
        "NoRelayStream": {"Fn::Equals": [ref("RelayStream"), ""]},
        "HasRelayStream": {"Fn::Not": [{"Condition": "NoRelayStream"}]},
        "NoDomainName": {"Fn::Equals": [ref("DomainName"), ""]},
        "HasDomainName": {"Fn::Not": [{"Condition": "NoDomainName"}]},
        "ManagesApiGatewayAccount": {"Fn::Equals": [ref("ManageApiGatewayAccount"), "yes"]},
    }
