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
from infra.template.intrinsics import Template, arn, att, ref, sub
from infra.template.storage import INDEXES

if TYPE_CHECKING:
    from infra.template.stages import Stage

NAMESPACE: Final = "JiefenHub"
"""CloudWatch namespace of the hub's own metrics; each has exactly one dimension, `stage`."""
_MINUTE: Final = 60
_DAY: Final = 24 * 60 * _MINUTE
CERTIFICATE_DAYS: Final = 60
"""How long before its end a signing certificate alarms: a new one takes weeks to be issued."""


@dataclass(frozen=True)
class Alarm:
    """A metric and the value from which an operator has to act. Period in seconds."""

    name: str
    says: str
    namespace: str
    metric: str
    dimensions: Template
    statistic: str = "Sum"
    """Or a percentile, such as p99."""
    at_least: int = 1
    period: int = 5 * _MINUTE
    periods: int = 1
    """How many periods in a row it takes."""
    below: bool = False
    """The alarm is raised by too low a value instead of too high a value."""
    silence_alarms: bool = False
    """The alarm is raised by missing data, too."""
    on_change_only: bool = False
    """The metric is written only when it changes, so missing data means no change."""

    @property
    def silence(self) -> str:
        """How CloudWatch treats missing data."""
        if self.on_change_only:
            return "ignore"
        return "breaching" if self.silence_alarms else "notBreaching"


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
    alarms = {logical_id(alarm): _resource(stage, alarm) for alarm in all_alarms(stage)}
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
        *(alarm for function in functions() for alarm in release_alarms(stage, function)),
        *_workflow_alarms(stage),
        *_sweep_alarms(stage),
        *_table_alarms(),
        *_people_alarms(stage),
        *_edge_alarms(stage),
    ]


def _queue_alarms() -> list[Alarm]:
    nobody = "Messages nobody could handle. Read the consumer's errors, mend, then redrive."
    positions = (
        "Positions of the stream that the relay gave up on: what was stored there reached no queue. "
        "Read the relay's errors, mend, then redrive relay within 24 hours of the change."
    )
    dlqs = [(f"{row.name}-dlq", dlq_id(row.name), nobody) for row in consumers()]
    not_empty = [
        Alarm(
            name=f"{name}-not-empty",
            says=says,
            namespace="AWS/SQS",
            metric="ApproximateNumberOfMessagesVisible",
            dimensions={"QueueName": att(logical_id, "QueueName")},
            statistic="Maximum",
            period=_MINUTE,
        )
        for name, logical_id, says in [*dlqs, ("relay-dlq", RELAY_DLQ, positions)]
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


def failures_namespace(stage: Stage) -> str:
    """Return the CloudWatch namespace of the failures that each version logs; a metric for each function."""
    return f"{NAMESPACE}/{stage.name}/failures"


def release_alarms(stage: Stage, function: str) -> list[Alarm]:
    """Return the alarms that end a release of a function; each looks at the new version alone."""
    id_, name = function_id(function), function.replace("_", "-")
    version = att(f"{id_}.Version", "Version")
    goes_back = "A release that is under way goes back by itself."
    return [
        Alarm(
            name=f"{name}-new-version-errors",
            says=f"The newest version of the function failed or ran out of time. {goes_back}",
            namespace="AWS/Lambda",
            metric="Errors",
            dimensions={
                "FunctionName": ref(id_),
                "Resource": sub(f"${{{id_}}}:live"),
                "ExecutedVersion": version,
            },
            period=_MINUTE,
        ),
        Alarm(
            name=f"{name}-new-version-failures",
            says=f"The newest version of the function logs failures of its own making. {goes_back}",
            namespace=failures_namespace(stage),
            metric=id_,
            dimensions={"version": version},
            at_least=3,  # one message that no build can handle comes twice in that time
        ),
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
            silence_alarms=True,
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
            "calendar-year-missing",
            "It is December, and next year's holidays are not in the table: its deadlines are provisional.",
            "CalendarYearMissing",
        ),
        _own(
            stage,
            "cases-past-deadline",
            "A limit passed a day ago and nothing came of it. The sweep starts such cases anew: see why.",
            "CasesPastDeadline",
        ),
    ]


def _table_alarms() -> list[Alarm]:
    table = {"TableName": ref("Table")}
    places = {"table": table} | {
        name.replace("_", "-"): {**table, "GlobalSecondaryIndexName": name} for name in INDEXES
    }
    return [
        Alarm(
            name=f"throttled-{does}s-{place}",
            says="DynamoDB refused requests: a key is too hot, or the account's limit is reached. "
            "Callers get 503 and try again.",
            namespace="AWS/DynamoDB",
            metric=f"{does.capitalize()}ThrottleEvents",
            dimensions=dimensions,
            at_least=10,  # a burst on a new partition throttles a few, and the SDK repeats them
        )
        for place, dimensions in places.items()
        for does in ("read", "write")
    ]


def _people_alarms(stage: Stage) -> list[Alarm]:
    return [
        _own(
            stage,
            "notices-refused",
            "Numbers that get no messages: those parties were not told. The institution corrects the phone.",
            "NoticesRefused",
        ),
        _own(
            stage,
            "notices-unsent",
            "Messages were not sent because no gateway is configured: nobody is told anything.",
            "NoticesUnsent",
        ),
        _own(
            stage,
            "signing-certificate-ends",
            "The signing certificate ends within 60 days, or can't be read: have a new one issued.",
            "SigningCertificateDays",
            statistic="Minimum",
            at_least=CERTIFICATE_DAYS,
            period=_DAY,
            below=True,
        ),
    ]


def _own(
    stage: Stage,
    name: str,
    says: str,
    metric: str,
    *,
    statistic: str = "Sum",
    at_least: int = 1,
    period: int = 5 * _MINUTE,
    below: bool = False,
) -> Alarm:
    return Alarm(
        name=name,
        says=says,
        namespace=NAMESPACE,
        metric=metric,
        dimensions={"stage": stage.name},
        statistic=statistic,
        at_least=at_least,
        period=period,
        below=below,
    )


def _edge_alarms(stage: Stage) -> list[Alarm]:
    return [
        Alarm(
            name="api-latency",
            says="One in a hundred answers of the API took 5 seconds or more, for 15 minutes.",
            namespace="AWS/ApiGateway",
            metric="Latency",
            dimensions={"ApiName": stage.prefix, "Stage": ref("RestAPI.Stage")},
            statistic="p99",
            at_least=5000,  # milliseconds; a cold start takes less
            periods=3,
        ),
        Alarm(
            name="api-5xx",
            says="The API answers with server errors.",
            namespace="AWS/ApiGateway",
            metric="5XXError",
            dimensions={"ApiName": stage.prefix, "Stage": ref("RestAPI.Stage")},
            at_least=5,
        ),
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
            **_statistic(alarm),
            "Period": alarm.period,
            "EvaluationPeriods": alarm.periods,
            "Threshold": alarm.at_least,
            "ComparisonOperator": "LessThanThreshold" if alarm.below else "GreaterThanOrEqualToThreshold",
            "TreatMissingData": alarm.silence,
            "AlarmActions": [ref("AlarmTopic")],
            "OKActions": [ref("AlarmTopic")],
        },
    }


def _statistic(alarm: Alarm) -> Template:
    if alarm.statistic.startswith("p"):
        # A percentile of a handful of requests says nothing.
        return {"ExtendedStatistic": alarm.statistic, "EvaluateLowSampleCountPercentile": "ignore"}
    return {"Statistic": alarm.statistic}


def logical_id(alarm: Alarm) -> str:
    """Return an alarm's id in the template."""
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
