"""The environment is read once, and what is wrong with it is named."""

from __future__ import annotations

import json

import pytest

from chalicelib.domain.loan.comparison import Tolerance
from chalicelib.domain.money import Money
from chalicelib.settings import Settings, SettingsError, starts_api

MINIMAL = {"HUB_STAGE": "dev", "HUB_TABLE": "t"}


def read(**variables: str) -> Settings:
    return Settings.from_environment({**MINIMAL, **variables})


def test_defaults_are_those_of_production() -> None:
    settings = read()
    assert (settings.seconds_per_day, settings.longest_retry_seconds, settings.tracing) == (
        86_400,
        3600,
        False,
    )


def test_a_court_has_names_for_its_papers() -> None:
    """Its own and its mediation centre's; general ones where none are given."""
    courts = {"a": {"url": "https://a.test"}, "b": {"url": "https://b.test", "name": "乙法院"}}
    found = read(HUB_COURTS=json.dumps(courts)).courts
    assert (found["a"].name, found["b"].name, found["b"].organisation) == (
        "人民法院",
        "乙法院",
        "普惠金融司法协同中心",
    )


def test_a_court_has_a_form_of_its_case_numbers() -> None:
    courts = {
        "a": {"url": "https://a.test"},
        "b": {"url": "https://b.test", "case_number": "乙{year}-{number}"},
    }
    found = read(HUB_COURTS=json.dumps(courts, ensure_ascii=False)).courts
    assert (found["a"].case_number, found["b"].case_number) == (
        "调〔{year}〕{number}号",
        "乙{year}-{number}",
    )


def test_the_hub_signs_only_where_it_is_told_of_key_and_certificates() -> None:
    """Both are empty unless set."""
    assert (read().signing_key_id, read().signing_certificates) == ("", "")
    assert read(HUB_TIMESTAMP_URL="http://tsa").timestamp_url == "http://tsa"
    assert read(HUB_TRUSTED_ROOTS="pem").trusted_roots == "pem"
    assert read(HUB_SIGNING_KEY_ID="k", HUB_SIGNING_CERTIFICATES="pem").signing_certificates == "pem"


def test_case_time_begins_at_the_real_time_unless_it_was_kept() -> None:
    """Only a local run on a kept table tells both."""
    origin, started = "2027-01-01T00:00:00+00:00", "2026-03-02T00:00:00+00:00"
    begun = read(HUB_CLOCK_ORIGIN=origin)
    assert begun.clock_started == begun.clock_origin
    assert read(HUB_CLOCK_ORIGIN=origin, HUB_CLOCK_STARTED=started).clock_started.isoformat() == started


def test_each_queue_is_told_by_a_variable_of_its_own() -> None:
    """A function is told of some; the others are empty."""
    urls = read(HUB_COURT_QUEUE_URL="https://sqs.test/court").queue_urls
    assert urls == {"workflow": "", "court": "https://sqs.test/court", "callbacks": "", "notices": ""}


def test_a_missing_stage_is_named() -> None:
    with pytest.raises(SettingsError, match="HUB_STAGE is not set"):
        Settings.from_environment({})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HUB_SECONDS_PER_DAY", "fast", "must be a number"),
        ("HUB_SECONDS_PER_DAY", "0", "above zero"),
        ("HUB_SECONDS_PER_DAY", "nan", "above zero"),
        ("HUB_CLOCK_ORIGIN", "yesterday", "ISO 8601"),
        ("HUB_CLOCK_ORIGIN", "2026-01-01T00:00:00", "offset"),
        ("HUB_ISSUERS", "{", "must be JSON"),
        ("HUB_ISSUERS", "{}", "JSON list"),
        ("HUB_ISSUERS", '[{"issuer": "https://a"}]', "needs issuer, jwks_uri and audience"),
        ("HUB_COURTS", "[]", "JSON object"),
        ("HUB_COURTS", '{"c": {}}', "each court needs url"),
        (
            "HUB_COURTS",
            '{"c": {"url": "https://c", "case_number": "{number}"}}',
            r"holds \{year\} and \{number\}",
        ),
        (
            "HUB_COURTS",
            '{"c": {"url": "https://c", "policy": {"mediation_weeks": 4}}}',
            "names of CourtLimits",
        ),
        (
            "HUB_COURTS",
            '{"c": {"url": "https://c", "policy": {"claim_tolerance": {"above": "1.00"}}}}',
            "names of CourtLimits",
        ),
    ],
)
def test_a_malformed_variable_is_named(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        read(**{name: value})
    assert name in str(caught.value)


def test_a_court_brings_its_own_limits() -> None:
    courts = {
        "c": {"url": "https://c", "policy": {"mediation_days": 15, "inclusive_finance_ceiling": "1.00"}}
    }
    policy = read(HUB_COURTS=json.dumps(courts)).courts["c"].policy
    assert (policy.mediation_days, policy.inclusive_finance_ceiling) == (15, Money(100))
    assert policy.acceptance_working_days == 3


@pytest.mark.parametrize(
    ("written", "tolerance"),
    [
        ({"over": "1.00"}, Tolerance(over=Money(100), under=None)),
        ({"over": "0.00", "under": None}, Tolerance(over=Money(0), under=None)),
        ({"over": "0.10", "under": "0.20"}, Tolerance(over=Money(10), under=Money(20))),
    ],
)
def test_a_court_brings_its_own_tolerance(written: dict[str, str | None], tolerance: Tolerance) -> None:
    courts = {"c": {"url": "https://c", "policy": {"claim_tolerance": written}}}
    assert read(HUB_COURTS=json.dumps(courts)).courts["c"].policy.claim_tolerance == tolerance


def test_only_the_api_function_loads_the_api() -> None:
    assert starts_api({})
    assert starts_api({"_HANDLER": "app.app"})
    assert not starts_api({"_HANDLER": "app.relay"})


def test_quiet_hours_are_nine_to_eight_another_time_or_off() -> None:
    """China's time; what is no time is named."""
    quiet = read().quiet_hours
    assert quiet is not None
    assert (quiet.begins.isoformat(), quiet.ends.isoformat()) == ("21:00:00", "08:00:00")
    other = read(HUB_QUIET_HOURS="22:30-07:00").quiet_hours
    assert other is not None
    assert (other.begins.isoformat(), other.ends.isoformat()) == ("22:30:00", "07:00:00")
    assert read(HUB_QUIET_HOURS="off").quiet_hours is None
    for wrong in ("21:00", "nine-eight", "25:00-08:00"):
        with pytest.raises(SettingsError, match="HUB_QUIET_HOURS"):
            read(HUB_QUIET_HOURS=wrong)


def test_links_have_a_base_or_there_are_none() -> None:
    assert (read().video_host, read().conference_number) == ("", "")
    assert read(HUB_VIDEO_HOST="meet.example").video_host == "meet.example"
    assert read(HUB_CONFERENCE_NUMBER="+86 10 5555 0100").conference_number == "+86 10 5555 0100"
    assert read().link_base == ""
    assert read(HUB_LINK_BASE="https://hub.example/go/").link_base == "https://hub.example/go"
