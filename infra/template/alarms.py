"""The alarms and the topic they go to.

Promise: every way the hub can stop moving cases raises one alarm that says what to look at first;
a metric that should always come (the reconciler's) raises an alarm when it is missing. Downside:
thresholds fit a district's caseload; a province's needs its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.registry import consumers
from infra.template.chalice_config import RELAY_DLQ, camel_case, dlq_id, functions, queue_id
from infra.template.chalice_config import logical_id as function_id
from infra.template.intrinsics import Template, arn, att, ref

if TYPE_CHECKING:
    from infra.template.stages import Stage

NAMESPACE: Final = "JiefenHub"
"""CloudWatch namespace of the hub's own metrics; each has exactly one dimension, `stage`."""
_MINUTE: Final = 60


@dataclass(frozen=True)
class Alarm:
    """A metric and the value from which an operator has to act. Period in seconds."""

    name: str
    says: str
    namespace: str
    metric: str
    dimensions: Template
    statistic: str = "Sum"
    at_least: int = 1
    period: int = 5 * _MINUTE
    below: bool = False
    """The alarm is raised by too low a value or by missing data, instead of too high a value."""
    on_change_only: bool = False
    """The metric is written only when it changes, so missing data means no change."""

    @property
    def silence(self) -> str:
        """How CloudWatch treats missing data."""
        if self.on_change_only:
            return "ignore"
        return "breaching" if self.below else "notBreaching"


def resources(stage: Stage) -> Template:
    """Return the topic, its subscription and every alarm."""
    topic = {
        "Type": "AWS::SNS::Topic",
        "Properties": {"TopicName": f"{stage.prefix}-alarms", "KmsMasterKeyId": att("Key")},
    }
    subscription = {
        "Type": "AWS::SNS::Subscription",
        "Condition": "HasAlarmEndpoint",
        "Properties": {
            "TopicArn": ref("AlarmTopic"),
            "Protocol": ref("AlarmProtocol"),
            "Endpoint": ref("AlarmEndpoint"),
        },
    }
    alarms = {_logical_id(alarm): _resource(stage, alarm) for alarm in all_alarms(stage)}
    return {
        "AlarmTopic": topic,
        "AlarmTopicPolicy": _topic_policy(stage),
        "AlarmSubscription": subscription,
        **alarms,
    }


def all_alarms(stage: Stage) -> list[Alarm]:
    """Return every alarm of a stage."""
    return [
        *_queue_alarms(),
        *_function_alarms(),
        *_workflow_alarms(stage),
        *_sweep_alarms(stage),
        *_edge_alarms(stage),
    ]


def _queue_alarms() -> list[Alarm]:
    dlqs = [(f"{row.name}-dlq", dlq_id(row.name)) for row in consumers()] + [("relay-dlq", RELAY_DLQ)]
    not_empty = [
        Alarm(
            name=f"{name}-not-empty",
            says="Messages nobody could handle. Read the consumer's errors, mend, then redrive.",
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": att(logical_id, "QueueName")},
            statistic="Maximum",
            period=_MINUTE,
        )
        for name, logical_id in dlqs
    ]
    old = [
        Alarm(
            name=f"{row.name}-queue-age",
            says="The oldest message waits too long: the consumer fails, is throttled or can't keep up.",
            namespace="AWS/SQS",
            metric="ApproximateAgeOfOldestMessage",
            dimensions={"QueueName": att(queue_id(row.name), "QueueName")},
            statistic="Maximum",
            at_least=row.oldest_seconds,
        )
        for row in consumers()
    ]
    return not_empty + old


def _function_alarms() -> list[Alarm]:
    return [
        Alarm(
            name=f"{function.replace('_', '-')}-{metric.lower()}",
            says=says,
            namespace="AWS/Lambda",
            metric=metric,
            dimensions={"FunctionName": ref(function_id(function))},
        )
        for function in functions()
        for metric, says in (
            ("Errors", "The function failed or ran out of time. Its log names the correlation ids."),
            ("Throttles", "Invocations were refused: concurrency of the function or the account is used up."),
        )
    ]


def _workflow_alarms(stage: Stage) -> list[Alarm]:
    machine = {"StateMachineArn": ref("MediationStateMachine")}
    ended = [
        Alarm(
            name=f"executions-{how}",
            says="The reconciler restarts such cases; if this repeats, the definition or a handler is wrong.",
            namespace="AWS/States",
            metric=metric,
            dimensions=machine,
        )
        for how, metric in (
            ("failed", "ExecutionsFailed"),
            ("timed-out", "ExecutionsTimedOut"),
            ("aborted", "ExecutionsAborted"),
        )
    ]
    return [
        *ended,
        Alarm(
            name="stream-iterator-age",
            says="The relay lags behind the table; after 24 hours the stream forgets what it has not read.",
            namespace="AWS/Lambda",
            metric="IteratorAge",
            dimensions={"FunctionName": ref(function_id("relay"))},
            statistic="Maximum",
            at_least=15 * _MINUTE * 1000,  # milliseconds
        ),
        Alarm(
            name="reconcile-silent",
            says="No reconciler run in 15 minutes: overdue steps and lost executions stay as they are.",
            namespace="AWS/Lambda",
            metric="Invocations",
            dimensions={"FunctionName": ref(function_id("reconcile"))},
            period=15 * _MINUTE,
            below=True,
        ),
        Alarm(
            name="court-circuit-open",
            says="A court's endpoint is down and held back from; transfers wait in the queue.",
            namespace=NAMESPACE,
            metric="CourtCircuitOpen",
            dimensions={"stage": stage.name},
            statistic="Maximum",
            on_change_only=True,
        ),
    ]


def _sweep_alarms(stage: Stage) -> list[Alarm]:
    failed = {
        "unknown-court": ("UnknownCourt", "Cases of a court that the settings do not have wait for it.", 1),
        "record-too-new": ("RecordTooNew", "A later release stored these records: they wait for it.", 1),
        "unreadable": ("Unreadable", "Records this release can't read, such as an unknown stage, wait.", 1),
        # A few are as it should be: somebody acted on a case while the sweep looked at it.
        "busy": ("Busy", "The table is throttled, or many records are in conflict.", 25),
        "otherwise": (
            "Otherwise",
            "Something can't be looked after. Its error is in the reconciler's log.",
            1,
        ),
    }
    return [
        _own(stage, f"sweep-failed-{name}", says, f"SweepFailed{metric}", at_least=at_least)
        for name, (metric, says, at_least) in failed.items()
    ] + [
        _own(
            stage,
            "sweep-shards-unread",
            "The due index does not answer: what is overdue in that shard waits.",
            "SweepShardsUnread",
            at_least=3,
        ),
        _own(
            stage,
            "sweep-behind",
            "What the sweep found had been due for an hour: it is too slow, or it was off.",
            "SweepBehindSeconds",
            statistic="Maximum",
            at_least=60 * _MINUTE,
        ),
        _own(
            stage,
            "cases-past-deadline",
            "A limit passed a day ago and nothing came of it. The sweep starts such cases anew: see why.",
            "CasesPastDeadline",
        ),
    ]


def _own(
    stage: Stage, name: str, says: str, metric: str, *, statistic: str = "Sum", at_least: int = 1
) -> Alarm:
    return Alarm(
        name=name,
        says=says,
        namespace=NAMESPACE,
        metric=metric,
        dimensions={"stage": stage.name},
        statistic=statistic,
        at_least=at_least,
    )


def _edge_alarms(stage: Stage) -> list[Alarm]:
    return [
        Alarm(
            name="api-5xx",
            says="The API answers with server errors.",
            namespace="AWS/ApiGateway",
            metric="5XXError",
            dimensions={"ApiName": stage.prefix, "Stage": ref("RestAPI.Stage")},
            at_least=5,
        )
    ]


def _resource(stage: Stage, alarm: Alarm) -> Template:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": f"{stage.prefix}-{alarm.name}",
            "AlarmDescription": alarm.says,
            "Namespace": alarm.namespace,
            "MetricName": alarm.metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in alarm.dimensions.items()],
            "Statistic": alarm.statistic,
            "Period": alarm.period,
            "EvaluationPeriods": 1,
            "Threshold": alarm.at_least,
            "ComparisonOperator": "LessThanThreshold" if alarm.below else "GreaterThanOrEqualToThreshold",
            "TreatMissingData": alarm.silence,
            "AlarmActions": [ref("AlarmTopic")],
            "OKActions": [ref("AlarmTopic")],
        },
    }


def _logical_id(alarm: Alarm) -> str:
    return camel_case(alarm.name.replace("-", "_")) + "Alarm"


def _topic_policy(stage: Stage) -> Template:
    statement = {
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": ref("AlarmTopic"),
        "Condition": {
            "ArnLike": {"aws:SourceArn": arn("cloudwatch", f"alarm:{stage.prefix}-*")},
            "StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")},
        },
    }
    return {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [ref("AlarmTopic")],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        },
    }
