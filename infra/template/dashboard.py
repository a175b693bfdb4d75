"""The CloudWatch dashboard: from the caseload at the top to the machinery at the bottom.

Promise: an on-call engineer sees on one page whether cases move, where they wait and what fails.
Downside: metrics are named here as text; the alarms' tests check the names.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from chalicelib.registry import consumers
from infra.template.alarms import NAMESPACE
from infra.template.chalice_config import functions
from infra.template.functions import function_name
from infra.template.intrinsics import Template, sub

if TYPE_CHECKING:
    from infra.template.stages import Stage

_WIDTH: Final = 12
_HEIGHT: Final = 6
_CASES: Final = (
    "CasesFiled",
    "CasesUnreadable",
    "StepsExpired",
    "ExecutionsRestarted",
    "DeadlinesUnknown",
    "AgreementsWatched",
    "SigningCodesIssued",
    "SignInCodesIssued",
    "SignInsByLink",
    "SignInsByLinkRefused",
    "SigningCertificateDays",
)
_SWEEP: Final = (
    "SweepBehindSeconds",
    "SweepShardsUnread",
    "SweepFailedUnknownCourt",
    "SweepFailedRecordTooNew",
    "SweepFailedUnreadable",
    "SweepFailedBusy",
    "SweepFailedOtherwise",
    "CalendarYearMissing",
    "CasesPastDeadline",
)
_COURT: Final = (
    "CourtApplications",
    "CourtSubmissions",
    "CourtFailures",
    "CourtCircuitOpen",
    "CallbacksStored",
    "CallbacksApplied",
    "CallbacksRepeated",
    "CallbacksIgnored",
)
_NOTICES: Final = (
    "NoticesSent",
    "NoticesRefused",
    "NoticesLapsed",
    "NoticesUnsent",
    "NoticesPutOff",
    "NoticesHeldBack",
)
METRICS: Final = (*_CASES, *_SWEEP, *_COURT, *_NOTICES)
"""Every metric the hub emits itself."""


def resources(stage: Stage) -> Template:
    """Return the dashboard."""
    body = json.dumps({"widgets": _placed(_widgets(stage))}, ensure_ascii=False)
    return {
        "Dashboard": {
            "Type": "AWS::CloudWatch::Dashboard",
            "Properties": {"DashboardName": stage.prefix, "DashboardBody": sub(body)},
        }
    }


def _widgets(stage: Stage) -> list[dict[str, Any]]:
    own = [NAMESPACE, "stage", stage.name]
    queues = [f"{stage.prefix}-{row.name}" for row in consumers()]
    dlqs = [*(f"{name}-dlq" for name in queues), f"{stage.prefix}-relay-dlq"]
    names = [function_name(stage, function) for function in functions()]
    api = ["ApiName", stage.prefix, "Stage", "${RestAPI.Stage}"]
    machine = ["StateMachineArn", "${MediationStateMachine}"]
    return [
        _graph("案件 / Cases", [[own[0], metric, *own[1:]] for metric in _CASES]),
        _graph("巡检 / Sweep", [[own[0], metric, *own[1:]] for metric in _SWEEP], stat="Maximum"),
        _graph("法院 / Court", [[own[0], metric, *own[1:]] for metric in _COURT]),
        _graph("通知 / Notices", [[own[0], metric, *own[1:]] for metric in _NOTICES]),
        _graph(
            "调解流程 / Executions",
            [
                ["AWS/States", f"Executions{how}", *machine]
                for how in ("Started", "Succeeded", "Failed", "TimedOut", "Aborted")
            ],
        ),
        _graph(
            "接口 / API", [["AWS/ApiGateway", metric, *api] for metric in ("Count", "4XXError", "5XXError")]
        ),
        _graph(
            "接口延迟 / API latency (ms)",
            [["AWS/ApiGateway", "Latency", *api, {"stat": stat}] for stat in ("p50", "p95", "p99")],
        ),
        _graph(
            "队列中最早消息 / Oldest message (s)",
            [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", name] for name in queues],
            stat="Maximum",
        ),
        _graph(
            "死信 / Dead letters",
            [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name] for name in dlqs],
            stat="Maximum",
        ),
        _graph(
            "数据流滞后 / Stream lag (ms)",
            [["AWS/Lambda", "IteratorAge", "FunctionName", function_name(stage, "relay")]],
            stat="Maximum",
        ),
        _graph(
            "函数错误 / Function errors",
            [["AWS/Lambda", "Errors", "FunctionName", name] for name in names],
        ),
        _graph(
            "函数耗时 / Function duration p95 (ms)",
            [["AWS/Lambda", "Duration", "FunctionName", name] for name in names],
            stat="p95",
        ),
    ]


def _graph(title: str, metrics: list[list[Any]], stat: str = "Sum") -> dict[str, Any]:
    return {
        "type": "metric",
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": "${AWS::Region}",
            "stat": stat,
            "period": 300,
            "metrics": metrics,
        },
    }


def _placed(widgets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two to a row, in the order of reading."""
    return [
        {**widget, "x": index % 2 * _WIDTH, "y": index // 2 * _HEIGHT} for index, widget in enumerate(widgets)
    ]
