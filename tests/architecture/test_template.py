"""The merge template: data at rest, queues, logs, and who is told when."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from infra.template import SUBJECTS, alarms, build
from infra.template.chalice_config import ROOT
from infra.template.dashboard import METRICS
from infra.template.stages import LOG_RETENTION_DAYS, STAGES
from tests.support.packaged import Resources, of_type

if TYPE_CHECKING:
    from collections.abc import Iterator

SIX_MONTHS: Final = 183
UNAVAILABLE_IN_CHINA: Final = (
    "AWS::Cognito",
    "AWS::Lambda::Url",
    "AWS::XRay",
    "AWS::CloudFront",
    "AWS::Pinpoint",
)
both_stages = pytest.mark.parametrize("stage", sorted(STAGES))


def _resources(stage: str) -> Resources:
    resources: Resources = build(stage)["Resources"]
    return resources


def _walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


@both_stages
def test_only_intrinsics_that_the_local_stack_resolves(stage: str) -> None:
    """Resources use Ref, Fn::GetAtt, Fn::Sub (as text) and Fn::If, each alone in its object."""
    for node in _walk(_resources(stage)):
        intrinsic = {key for key in node if key.startswith("Fn::") or key == "Ref"}
        assert intrinsic <= {"Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If"}
        assert not intrinsic or len(node) == 1
        assert isinstance(node.get("Fn::Sub", ""), str)


@both_stages
def test_every_reference_leads_somewhere(stage: str) -> None:
    """Whatever is referred to is a resource, a parameter, or made by Chalice or AWS."""
    template = build(stage)
    chalice = {"RestAPI", "RestAPI.Stage"} | {
        role["Ref"] for role in template["Resources"]["TracingPolicy"]["Properties"]["Roles"]
    }
    known = {*template["Resources"], *template["Parameters"], *chalice}
    for node in _walk(template["Resources"]):
        names = [node["Ref"]] if "Ref" in node else node.get("Fn::GetAtt", [])[:1]
        names = [re.sub(r"\.(Alias|Version)$", "", name) for name in names]
        names += re.findall(r"\$\{([^}.]+)[^}]*\}", node.get("Fn::Sub", ""))
        assert {name for name in names if not name.startswith("AWS::")} <= known


@both_stages
def test_nothing_names_a_partition_or_a_service_missing_in_china(stage: str) -> None:
    """ARNs take the partition from the stack; no type is unavailable in the Chinese regions (domain §9)."""
    assert "arn:aws" not in json.dumps(build(stage))
    for resource in _resources(stage).values():
        assert not resource.get("Type", "").startswith(UNAVAILABLE_IN_CHINA)
    assert build(stage)["Parameters"]["Tracing"]["Default"] == "off"
    assert "sms" not in build(stage)["Parameters"]["AlarmProtocol"]["AllowedValues"]


@both_stages
def test_no_secret_stands_in_the_template(stage: str) -> None:
    """The partners' secret is created empty; keys come from an operator."""
    (secret,) = of_type(_resources(stage), "AWS::SecretsManager::Secret").values()
    assert json.loads(secret["Properties"]["SecretString"]) == {"courts": {}}


@both_stages
def test_the_signing_key_signs_and_does_nothing_else(stage: str) -> None:
    """Asymmetric, with an alias of its own, certificates by parameter."""
    resources = _resources(stage)
    key = resources["SigningKey"]["Properties"]
    assert (key["KeyUsage"], key["KeySpec"]) == ("SIGN_VERIFY", "ECC_NIST_P256")
    assert resources["SigningKeyAlias"]["Properties"]["TargetKeyId"] == {"Ref": "SigningKey"}
    assert build(stage)["Parameters"]["SigningCertificates"]["Default"] == ""


@both_stages
def test_the_table_is_encrypted_recoverable_and_streamed(stage: str) -> None:
    """On demand, under the hub's key, point-in-time recovery, old and new images, TTL."""
    table = _resources(stage)["Table"]["Properties"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {
        "by_court",
        "by_court_stage",
        "by_institution_id",
        "by_institution_stage",
        "by_mediator_id",
        "by_judge_id",
        "due",
    }


def test_production_data_outlive_the_stack() -> None:
    """In prod whatever holds data is retained, and the table refuses deletion; dev cleans up."""
    holding = (
        "Table",
        "Key",
        "SigningKey",
        "DocumentsBucket",
        "AccessLogBucket",
        "PartnersSecret",
        "ApiAccessLogGroup",
    )
    for stage, policy in (("prod", "Retain"), ("dev", "Delete")):
        resources = _resources(stage)
        assert {resources[name]["DeletionPolicy"] for name in holding} == {policy}
        assert {resources[name]["UpdateReplacePolicy"] for name in holding} == {policy}
        assert resources["Table"]["Properties"]["DeletionProtectionEnabled"] == (stage == "prod")


@both_stages
def test_buckets_are_closed_encrypted_and_tls_only(stage: str) -> None:
    """No bucket can be public, none takes plain HTTP, each is encrypted and keeps its versions."""
    resources = _resources(stage)
    policies = {
        policy["Properties"]["Bucket"]["Ref"]: policy["Properties"]["PolicyDocument"]["Statement"][0]
        for policy in of_type(resources, "AWS::S3::BucketPolicy").values()
    }
    for name, bucket in of_type(resources, "AWS::S3::Bucket").items():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["Properties"]["BucketEncryption"]
        assert bucket["Properties"]["VersioningConfiguration"]["Status"] == "Enabled"
        assert policies[name]["Effect"] == "Deny"
        assert policies[name]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert resources["Key"]["Properties"]["EnableKeyRotation"] is True


@both_stages
def test_every_queue_has_a_dlq_with_an_alarm(stage: str) -> None:
    """A queue redrives to a DLQ that keeps messages 14 days, longer than itself, and admits only it."""
    resources = _resources(stage)
    watched = {
        alarm["Properties"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }
    queues = of_type(resources, "AWS::SQS::Queue")
    dlqs = {name for name in queues if name.endswith("Dlq")}
    assert watched == dlqs
    assert dlqs == {"WorkflowDlq", "CourtDlq", "CallbacksDlq", "NoticesDlq", "RelayDlq"}
    for name in queues.keys() - dlqs:
        queue = queues[name]["Properties"]
        target = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        dlq = queues[target]["Properties"]
        assert dlq["MessageRetentionPeriod"] == 14 * 86400 > queue["MessageRetentionPeriod"]
        (source,) = dlq["RedriveAllowPolicy"]["sourceQueueArns"]
        assert source["Fn::Sub"].endswith(f":{queue['QueueName']}")


@both_stages
def test_every_queue_is_a_standard_one(stage: str) -> None:
    """The emulator loses a FIFO queue's messages when it redrives them."""
    for queue in of_type(_resources(stage), "AWS::SQS::Queue").values():
        assert "FifoQueue" not in queue["Properties"]
        assert not queue["Properties"]["QueueName"].endswith(".fifo")


@both_stages
def test_nothing_waits_for_a_one_time_schedule(stage: str) -> None:
    """No emulator starts EventBridge Scheduler's one-time schedules: due dates stand in the due index."""
    assert not of_type(_resources(stage), "AWS::Scheduler::Schedule")


@both_stages
def test_every_queue_is_encrypted_and_tls_only(stage: str) -> None:
    """SSE-SQS on each queue, and a policy that refuses plain HTTP."""
    resources = _resources(stage)
    for name, queue in of_type(resources, "AWS::SQS::Queue").items():
        assert queue["Properties"]["SqsManagedSseEnabled"] is True
        (statement,) = resources[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Deny", {"Fn::GetAtt": [name, "Arn"]})


@both_stages
def test_logs_are_kept_six_months(stage: str) -> None:
    """Every log group has a retention of at least 183 days (domain §8)."""
    groups = of_type(_resources(stage), "AWS::Logs::LogGroup")
    assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {LOG_RETENTION_DAYS}
    assert LOG_RETENTION_DAYS >= SIX_MONTHS


@both_stages
def test_the_state_machine_logs_errors_without_data(stage: str) -> None:
    """Executions' input and output never reach a log."""
    logging = _resources(stage)["MediationStateMachine"]["Properties"]["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)


@both_stages
def test_every_alarm_tells_somebody_what_to_look_at(stage: str) -> None:
    """Each alarm reaches the topic when it starts and when it ends, and describes itself."""
    found = of_type(_resources(stage), "AWS::CloudWatch::Alarm").values()
    for alarm in found:
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["Properties"]["OKActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["Properties"]["AlarmDescription"].endswith(".")
    names = [alarm["Properties"]["AlarmName"] for alarm in found]
    assert len(names) == len(set(names)) == len(alarms.all_alarms(STAGES[stage]))


@both_stages
def test_every_way_to_stop_has_its_alarm(stage: str) -> None:
    """Queues, executions, stream, circuit, and a sweep that is silent, behind or failing."""
    metrics = [alarm.metric for alarm in alarms.all_alarms(STAGES[stage])]
    assert metrics.count("ApproximateAgeOfOldestMessage") == 4
    for metric in (
        "ExecutionsFailed",
        "ExecutionsTimedOut",
        "ExecutionsAborted",
        "IteratorAge",
        "CourtCircuitOpen",
        "Invocations",
        "5XXError",
        "SweepBehindSeconds",
        "SweepShardsUnread",
        "SweepFailedUnknownCourt",
        "SweepFailedRecordTooNew",
        "SweepFailedUnreadable",
        "SweepFailedBusy",
        "SweepFailedOtherwise",
        "CasesPastDeadline",
        "CalendarYearMissing",
        "Latency",
        "NoticesRefused",
        "NoticesUnsent",
        "SigningCertificateDays",
    ):
        assert metric in metrics


@both_stages
def test_the_saved_queries_ask_for_what_the_hub_logs(stage: str) -> None:
    """One case over all functions; refusals and slow routes over the API's log alone."""
    found = of_type(_resources(stage), "AWS::Logs::QueryDefinition").values()
    queries = [query["Properties"] for query in found]
    assert {query["Name"]: len(query["LogGroupNames"]) for query in queries} == {
        f"jiefen-hub-{stage}/one case": 8,
        f"jiefen-hub-{stage}/a bank's refusals": 1,
        f"jiefen-hub-{stage}/slowest routes": 1,
    }
    asked = " ".join(query["QueryString"] for query in queries)
    fields = "case_id function event role sequence route status code error correlation_id milliseconds"
    for field in (*fields.split(), "institution_id"):
        assert re.search(rf"\b{field}\b", asked), field


@both_stages
def test_throttling_of_the_table_and_of_each_index_alarms(stage: str) -> None:
    """Reads and writes, each place on its own."""
    places = sorted(
        (alarm.metric, alarm.dimensions.get("GlobalSecondaryIndexName", ""))
        for alarm in alarms.all_alarms(STAGES[stage])
        if alarm.namespace == "AWS/DynamoDB"
    )
    indexes = [
        "",
        "by_court",
        "by_court_stage",
        "by_institution_id",
        "by_institution_stage",
        "by_judge_id",
        "by_mediator_id",
        "due",
    ]
    assert places == [
        (metric, index) for metric in ("ReadThrottleEvents", "WriteThrottleEvents") for index in indexes
    ]


@both_stages
def test_the_relays_dead_letters_have_a_text_of_their_own(stage: str) -> None:
    """They are positions of the stream, which keeps a day."""
    found = _resources(stage)
    assert "24 hours" in found["RelayDlqNotEmptyAlarm"]["Properties"]["AlarmDescription"]
    assert "ositions" not in found["CourtDlqNotEmptyAlarm"]["Properties"]["AlarmDescription"]


@both_stages
def test_a_certificate_alarms_sixty_days_before_its_end(stage: str) -> None:
    alarm = _resources(stage)["SigningCertificateEndsAlarm"]["Properties"]
    assert (alarm["Statistic"], alarm["ComparisonOperator"], alarm["Threshold"]) == (
        "Minimum",
        "LessThanThreshold",
        60,
    )


@both_stages
def test_slow_answers_alarm_by_their_99th_percentile(stage: str) -> None:
    alarm = _resources(stage)["ApiLatencyAlarm"]["Properties"]
    assert "Statistic" not in alarm
    assert (alarm["ExtendedStatistic"], alarm["Threshold"], alarm["EvaluationPeriods"]) == ("p99", 5000, 3)


def test_production_needs_an_address_for_its_alarms() -> None:
    """CloudFormation refuses an empty one; elsewhere the topic may have no reader."""
    prod, dev = (build(stage)["Parameters"]["AlarmEndpoint"] for stage in ("prod", "dev"))
    assert "Default" not in prod
    assert prod["MinLength"] == 1
    assert dev["Default"] == ""


@both_stages
def test_silence_is_judged_by_what_it_means(stage: str) -> None:
    """A circuit stays open until it is said to be closed; a reconciler that is silent is broken."""
    treatment = {
        alarm["Properties"]["MetricName"]: alarm["Properties"]["TreatMissingData"]
        for alarm in of_type(_resources(stage), "AWS::CloudWatch::Alarm").values()
    }
    assert treatment.pop("CourtCircuitOpen") == "ignore"
    assert treatment.pop("Invocations") == "breaching"
    assert set(treatment.values()) == {"notBreaching"}


@both_stages
def test_the_dashboard_shows_every_metric_of_the_hub(stage: str) -> None:
    """All of the hub's own metrics are drawn, by namespace and stage; its alarms use no others."""
    body = json.loads(_resources(stage)["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    drawn = [metric for widget in body["widgets"] for metric in widget["properties"]["metrics"]]
    own = {metric[1] for metric in drawn if metric[0] == "JiefenHub" and metric[2:] == ["stage", stage]}
    assert own == set(METRICS)
    for alarm in alarms.all_alarms(STAGES[stage]):
        if alarm.namespace == "JiefenHub":
            assert alarm.metric in METRICS
            assert alarm.dimensions == {"stage": stage}


def test_the_dashboard_knows_every_metric_the_code_counts() -> None:
    """A metric somebody adds to the code appears here until it is drawn, and the reverse."""
    subjects = (
        "Calendar|Cases|Steps|Sweep|Executions|Deadlines|Agreements|Signing|Links|Papers|Court|Callbacks"
        "|Notices"
    )
    counted = re.compile(rf'"((?:{subjects})[A-Z][A-Za-z]+)"')
    sources = (ROOT / "chalicelib").rglob("*.py")
    found = {name for source in sources for name in counted.findall(source.read_text(encoding="utf-8"))}
    assert found == set(METRICS)


def test_the_stages_differ_where_they_should() -> None:
    """Prod takes more traffic than dev, and both are otherwise the same set of resources."""
    assert _resources("prod").keys() == _resources("dev").keys()
    assert STAGES["prod"].rate_limit > STAGES["dev"].rate_limit


@both_stages
def test_no_two_subjects_define_the_same_resource(stage: str) -> None:
    """Nothing is lost where the subjects' resources are put together."""
    of_subjects = [name for subject in SUBJECTS for name in subject.resources(STAGES[stage])]
    assert sorted(of_subjects) == sorted(_resources(stage))


def test_an_unknown_stage_is_refused() -> None:
    """A stage nobody described can't be built."""
    with pytest.raises(KeyError):
        build("staging")
