"""Settings: the only reader of the environment, but for the version that log lines carry.

Promise: everything is read once, checked, typed and frozen; a missing or malformed variable is named in
one error. Reading is deferred until a handler needs it, so importing the code needs no environment.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.identity.issuers import Issuer
from chalicelib.domain.case_number import DEFAULT_FORM, check_form
from chalicelib.domain.loan.comparison import Tolerance
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DEFAULT_QUIET_HOURS, QuietHours
from chalicelib.domain.steps import CourtLimits
from chalicelib.registry import consumers

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS_PER_DAY = 86_400.0
_API_HANDLER = "app.app"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # where an uncompressed clock starts does not matter


class SettingsError(Exception):
    """A variable is missing or malformed; the message names it and what it should hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtSettings:
    """A court's one-network endpoint (seconds of real time), its limits, and names for its papers."""

    url: str
    timeout_seconds: float = 10.0
    policy: CourtLimits = field(default_factory=CourtLimits)
    name: str = "人民法院"
    organisation: str = "普惠金融司法协同中心"  # the mediation centre beside it
    case_number: str = DEFAULT_FORM

    def __post_init__(self) -> None:
        check_form(self.case_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the hub reads from its environment; most variables are named `HUB_` and the field's name."""

    stage: str
    table: str
    queue_urls: Mapping[str, str] = field(default_factory=dict)
    """By the queue's name; read from one variable for each consumer, `HUB_COURT_QUEUE_URL` for example."""
    state_machine_arn: str = ""
    kms_key_id: str = ""
    documents_bucket: str = ""
    region: str = ""
    partners_secret: str = ""
    public_url: str = ""
    shows_api_document: bool = True
    shows_public_roster: bool = False
    signing_key_id: str = ""
    signing_certificates: str = ""
    timestamp_url: str = ""
    """The timestamp authority (RFC 3161) that dates signatures; if it is empty, this machine's clock does."""
    trusted_roots: str = ""
    """PEM of the authorities above the signing certificate and above the timestamps."""
    sms_url: str = ""
    """The URL of the message gateway; if it is empty, there is no gateway and no message is sent."""
    quiet_hours: QuietHours | None = DEFAULT_QUIET_HOURS
    """When messages wait, in China's time; None for never."""
    link_base: str = ""
    """The beginning of the links in messages; if it is empty, messages have none."""
    video_host: str = ""
    """The host of the meetings by video (Jitsi); if it is empty, no session is held by video."""
    conference_number: str = ""
    """The number of the telephone conference; if it is empty, no session is held by telephone."""
    issuers: tuple[Issuer, ...] = ()
    courts: Mapping[str, CourtSettings] = field(default_factory=dict)
    seconds_per_day: float = SECONDS_PER_DAY
    clock_origin: datetime = _EPOCH
    clock_started: datetime = _EPOCH
    """The instant of real time at which case time was `clock_origin`; another one in local runs only."""
    follow_up_after: timedelta = timedelta(days=1)
    longest_retry_seconds: int = 3600
    aws_read_seconds: float = 3.0
    """How long an attempt of a call to AWS waits for its answer; longer ones would outlast the functions."""
    circuit_first_seconds: float = 30.0
    circuit_longest_seconds: float = 900.0
    tracing: bool = False

    @property
    def bucket_url(self) -> str:
        """The address of the bucket of documents, to which a page may post a file; empty without a bucket."""
        if not self.documents_bucket or not self.region:
            return ""
        suffix = ".cn" if self.region.startswith("cn-") else ""
        return f"https://{self.documents_bucket}.s3.{self.region}.amazonaws.com{suffix}"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; raises SettingsError naming the first variable that is wrong."""
        read = _Reader(environment)
        clock_origin = read.instant("HUB_CLOCK_ORIGIN", _EPOCH)
        return cls(
            stage=read.text("HUB_STAGE"),
            table=read.text("HUB_TABLE", ""),
            queue_urls={row.name: read.text(row.url_variable, "") for row in consumers()},
            state_machine_arn=read.text("HUB_STATE_MACHINE_ARN", ""),
            kms_key_id=read.text("HUB_KMS_KEY_ID", ""),
            documents_bucket=read.text("HUB_DOCUMENTS_BUCKET", ""),
            region=read.text("AWS_REGION", ""),
            partners_secret=read.text("HUB_PARTNERS_SECRET", ""),
            sms_url=read.text("HUB_SMS_URL", ""),
            quiet_hours=_quiet_hours(read.text("HUB_QUIET_HOURS", "21:00-08:00")),
            link_base=read.text("HUB_LINK_BASE", "").rstrip("/"),
            video_host=read.text("HUB_VIDEO_HOST", ""),
            conference_number=read.text("HUB_CONFERENCE_NUMBER", ""),
            public_url=read.text("HUB_PUBLIC_URL", "").rstrip("/"),
            shows_api_document=read.text("HUB_API_DOCUMENT", "open") == "open",
            shows_public_roster=read.text("HUB_PUBLIC_ROSTER", "closed") == "open",
            signing_key_id=read.text("HUB_SIGNING_KEY_ID", ""),
            signing_certificates=read.text("HUB_SIGNING_CERTIFICATES", ""),
            timestamp_url=read.text("HUB_TIMESTAMP_URL", ""),
            trusted_roots=read.text("HUB_TRUSTED_ROOTS", ""),
            issuers=tuple(_issuer(entry) for entry in read.json("HUB_ISSUERS", [])),
            courts={key: _court(entry) for key, entry in read.json("HUB_COURTS", {}).items()},
            seconds_per_day=read.number("HUB_SECONDS_PER_DAY", SECONDS_PER_DAY),
            clock_origin=clock_origin,
            clock_started=read.instant("HUB_CLOCK_STARTED", clock_origin),
            follow_up_after=timedelta(days=read.number("HUB_CHECK_AFTER_DAYS", 1.0)),
            longest_retry_seconds=int(read.number("HUB_LONGEST_RETRY_SECONDS", 3600)),
            aws_read_seconds=read.number("HUB_AWS_READ_SECONDS", 3.0),
            circuit_first_seconds=read.number("HUB_CIRCUIT_FIRST_SECONDS", 30.0),
            circuit_longest_seconds=read.number("HUB_CIRCUIT_LONGEST_SECONDS", 900.0),
            tracing=read.text("HUB_TRACING", "off") == "on",
        )


class _Reader:
    """Reads variables, each with an error that names it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(name) or default
        if value is None:
            raise SettingsError(f"{name} is not set")
        return value

    def number(self, name: str, default: float) -> float:
        try:
            value = float(self.text(name, str(default)))
        except ValueError as error:
            raise SettingsError(f"{name} must be a number") from error
        if not value > 0:
            raise SettingsError(f"{name} must be above zero")
        return value

    def instant(self, name: str, default: datetime) -> datetime:
        try:
            value = datetime.fromisoformat(self.text(name, default.isoformat()))
        except ValueError as error:
            raise SettingsError(f"{name} must be an ISO 8601 time") from error
        if value.tzinfo is None:
            raise SettingsError(f"{name} must name its offset from UTC")
        return value.astimezone(UTC)

    def json(self, name: str, default: list[Any] | dict[str, Any]) -> Any:
        try:
            value = json.loads(self.text(name, json.dumps(default)))
        except json.JSONDecodeError as error:
            raise SettingsError(f"{name} must be JSON") from error
        if not isinstance(value, type(default)):
            raise SettingsError(f"{name} must be a JSON {'list' if isinstance(default, list) else 'object'}")
        return value


def _quiet_hours(text: str) -> QuietHours | None:
    if text == "off":
        return None
    begins, _, ends = text.partition("-")
    try:
        return QuietHours(begins=time.fromisoformat(begins), ends=time.fromisoformat(ends))
    except ValueError as error:
        raise SettingsError("HUB_QUIET_HOURS must be like 21:00-08:00, or off") from error


def _issuer(entry: Mapping[str, Any]) -> Issuer:
    try:
        defaults: dict[str, list[str]] = {
            "algorithms": ["ES256", "RS256"],
            "roles": [],
            "institution_ids": [],
        }
        lists = {name: tuple(entry.get(name, default)) for name, default in defaults.items()}
        return Issuer(**{**entry, **lists})
    except TypeError as error:
        raise SettingsError("HUB_ISSUERS: each entry needs issuer, jwks_uri and audience") from error


def _court(entry: Mapping[str, Any]) -> CourtSettings:
    limits = dict(entry.get("policy", {}))
    if "inclusive_finance_ceiling" in limits:
        limits["inclusive_finance_ceiling"] = Money.parse(limits["inclusive_finance_ceiling"])
    try:
        if "claim_tolerance" in limits:
            limits["claim_tolerance"] = _tolerance(**limits["claim_tolerance"])
        return CourtSettings(**{**entry, "policy": CourtLimits(**limits)})
    except ValueError as error:
        raise SettingsError(f"HUB_COURTS: {error}") from error
    except TypeError as error:
        raise SettingsError(
            "HUB_COURTS: each court needs url; policy takes the names of CourtLimits"
        ) from error


def _tolerance(over: str, under: str | None = None) -> Tolerance:
    return Tolerance(over=Money.parse(over), under=None if under is None else Money.parse(under))


def starts_api(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether this process serves the API: Lambda names the handler it starts in `_HANDLER`.

    The functions behind queues and streams need no request validation, so they skip loading it.
    """
    chosen = os.environ if environment is None else environment
    return chosen.get("_HANDLER", _API_HANDLER) == _API_HANDLER


def from_process() -> Settings:
    """Read the settings of this process."""
    return Settings.from_environment(os.environ)
