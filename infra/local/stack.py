"""The whole stack on loopback: emulated AWS, token issuer, court, message gateway, hub; each its own process.

Promise: resources come from the same template that is deployed, and the centre's people stand on its roster;
every process started here ends with the `with` block, also after an error. With an endpoint given, that
endpoint is AWS instead of the emulator, and `AWS_ENDPOINT_URL_DYNAMODB` alone moves the table, as boto3
defines it. Such a table outlives the stack; what its cases need besides is then kept in files: papers, keys,
the court's filings, case time.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import urllib3

from chalicelib.adapters.sealing_cookies import new_key
from chalicelib.adapters.signatures import new_key_pair, new_shared_key
from infra import fonts
from infra.local import kept_clock
from infra.local.certificates import certificates_for
from infra.local.demo.client import HubClient, Issuer
from infra.local.enrolment import centre, enrolments
from infra.local.kept_clock import SECONDS_OF_A_DAY
from infra.local.processes import (
    LOG_FOLDER,
    StackFailedError,
    Supervisor,
    check_answers,
    check_free,
    free_port,
)
from infra.local.resources import create
from infra.local.staff import enter_people
from infra.template import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from infra.local.court.clock import Calendar
    from infra.local.virtual_clock import VirtualClock

COURT_ID: Final = "jiaocheng"
_AUDIENCE: Final = "jiefen-hub"
_CLIENT_ID: Final = "jiefen-console"
_REGION: Final = "cn-north-1"
# LocalStack serves the global partition only and would turn a Chinese region into this one.
_LOCALSTACK_REGION: Final = "us-east-1"
_VISIBILITY_SECONDS: Final = 30
_KEPT_KEYS: Final = Path(".local/kms-secret")
_KEPT: Final = Path(".local/kept")
_CHECK_AFTER_SECONDS: Final = 20.0
_SWEEP_SECONDS: Final = 5.0
_SOON: Final = {
    "HUB_LONGEST_RETRY_SECONDS": "1",
    "HUB_CIRCUIT_FIRST_SECONDS": "0.5",
    "HUB_CIRCUIT_LONGEST_SECONDS": "1",
}
"""Where time waits for whoever is late, nobody is let wait long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where things listen on 127.0.0.1; 0 takes a free port."""

    hub: int = 0
    court: int = 0
    issuer: int = 0
    sms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A running stack."""

    hub_url: str
    court_url: str
    issuer_url: str
    sms_url: str
    """The mock gateway's address; `/control/messages?phone=` reads a phone."""
    aws_url: str
    clock: Calendar
    """The time that hub and court live in."""
    environment: Mapping[str, str]
    """What the hub's process was told."""
    virtual: VirtualClock | None
    """The same as `clock`, where somebody moves it."""
    emulated: bool
    logs: Path
    supervisor: Supervisor

    def check(self) -> None:
        """Raise ChildFailedError if one of the processes has ended."""
        self.supervisor.check()


@contextmanager
def running(
    *,
    ports: Ports | None = None,
    endpoint: str | None = None,
    outlives: bool = False,
    region: str | None = None,
    seconds_per_day: float = SECONDS_OF_A_DAY,
    virtual: bool = False,
    seed: int = 0,
    court_knobs: Mapping[str, Any] | None = None,
    logs: Path = LOG_FOLDER,
) -> Iterator[Stack]:
    """Start the stack and yield it when everything answers; end it all afterwards.

    `outlives`: what is at the endpoint outlives the stack. `virtual` lets time stand until somebody moves it
    (`passing.py`); the emulator must then be ours.
    Raises StackFailedError: a taken port, an endpoint where nothing answers, another stack with these logs, a
    process that ended, a kept clock that can't be read.
    """
    chosen = ports or Ports()
    for port in (chosen.hub, chosen.court, chosen.issuer, chosen.sms):
        if port:
            check_free(port)
    for url in filter(None, (endpoint, os.environ.get("AWS_ENDPOINT_URL_DYNAMODB"))):
        check_answers(url)
    fonts.ensure()
    kept = _KEPT if outlives or "AWS_ENDPOINT_URL_DYNAMODB" in os.environ else None
    with (
        Supervisor(logs) as supervisor,
        kept_clock.going_on(kept, seconds_per_day) as civil_clock,
        ExitStack() as first,
    ):
        first.callback(supervisor.stop)  # no process may see a time after the last one that is kept
        clock = kept_clock.moved(kept or logs, civil_clock) if virtual else None
        follow = [f"--clock-file={clock.path}"] if clock else []
        aws_url = endpoint or _start_emulator(supervisor, follow)
        aws = _aws_environment(aws_url, region or (_LOCALSTACK_REGION if endpoint else _REGION))
        os.environ.update(aws)
        hub_url, court_url, issuer_url, sms_url = (
            f"http://127.0.0.1:{port or free_port()}"
            for port in (chosen.hub, chosen.court, chosen.issuer, chosen.sms)
        )
        origin, started = (
            civil_clock.origin.isoformat(),
            (civil_clock.started or civil_clock.origin).isoformat(),
        )
        keys = _new_keys()
        environment = {
            **aws,
            **_create_resources(keys),
            "HUB_SECONDS_PER_DAY": str(seconds_per_day),
            "HUB_CLOCK_ORIGIN": origin,
            "HUB_CLOCK_STARTED": started,
            **_hub_settings(hub_url, court_url, issuer_url),
            **(_SOON if clock else _retry_settings(seconds_per_day)),
            "HUB_SMS_URL": f"{sms_url}/v1",
            "HUB_LINK_BASE": f"{hub_url}/console/p",
            "HUB_VIDEO_HOST": "meet.example",
            "HUB_CONFERENCE_NUMBER": "+86 10 5555 0100",
            "HUB_QUIET_HOURS": "off",  # who tries the hub out at night reads its messages then
        }
        environment["HUB_SIGNING_CERTIFICATES"] = certificates_for(environment["HUB_SIGNING_KEY_ID"])
        supervisor.start(
            "issuer",
            [
                sys.executable,
                "-m",
                "infra.local.issuer",
                "--port",
                _port(issuer_url),
                "--audience",
                _AUDIENCE,
                "--court-id",
                COURT_ID,
            ],
            ready_url=f"{issuer_url}/jwks.json",
        )
        supervisor.start(
            "sms",
            [sys.executable, "-m", "infra.local.sms", "--port", _port(sms_url)],
            env=keys.of_gateway,
            ready_url=f"{sms_url}/control/state",
        )
        supervisor.start(
            "hub",
            [
                *(sys.executable, "-m", "infra.local.hub", "--port", _port(hub_url)),
                *("--sweep-seconds", str(_sweep_seconds(seconds_per_day)), *follow),
                *("--aws-calls", str(logs / "aws-calls.jsonl")),
                *(() if endpoint else ("--emulator", aws_url)),
            ],
            env=environment,
            ready_url=f"{hub_url}/v1/health",
        )
        supervisor.start(
            "court",
            [
                *(sys.executable, "-m", "infra.local.court", "--port", _port(court_url)),
                *("--hub-url", hub_url, "--issuer-url", issuer_url, "--court-id", COURT_ID),
                *("--seed", str(seed), "--clock-origin", origin, "--clock-started", started),
                *("--seconds-per-day", str(seconds_per_day), *follow),
                *(("--kept", str(kept / "court.sqlite")) if kept else ()),
                *(f"--{name.replace('_', '-')}={value}" for name, value in (court_knobs or {}).items()),
            ],
            env=keys.of_court,
            ready_url=f"{court_url}/control/state",
        )
        _enrol(hub_url, issuer_url)
        _enter_people(hub_url, issuer_url)
        yield Stack(
            hub_url=hub_url,
            court_url=court_url,
            issuer_url=issuer_url,
            sms_url=sms_url,
            aws_url=aws_url,
            clock=clock or civil_clock,
            virtual=clock,
            environment=environment,
            emulated=endpoint is None,
            logs=logs,
            supervisor=supervisor,
        )


@dataclass(frozen=True, slots=True)
class _PartnerKeys:
    """Keys made for this run: the hub signs with ed25519 keys, the court with a shared one."""

    hub_private: str
    hub_public: str
    court_shared: str
    sms_private: str
    sms_public: str
    console: str
    video: str

    @property
    def secret(self) -> str:
        """The content of the hub's secret."""
        court = {"sign": [self.hub_private], "verify": [self.court_shared]}
        sms, console = {"sign": [self.sms_private]}, {"seal": [self.console]}
        partners = {"sms": sms, "console": console, "video": {"sign": [self.video]}}
        return json.dumps({"courts": {COURT_ID: court}, **partners})

    @property
    def of_court(self) -> dict[str, str]:
        """The court's environment variables."""
        return {"COURT_SIGN_KEYS": self.court_shared, "COURT_VERIFY_KEYS": self.hub_public}

    @property
    def of_gateway(self) -> dict[str, str]:
        """The message gateway's environment variables."""
        return {"SMS_VERIFY_KEYS": self.sms_public}


def _enrol(hub_url: str, issuer_url: str) -> None:
    """Enrol the banks; what a kept table has enrolled stays as it is. Raises StackFailedError."""
    with urllib3.PoolManager() as http:
        hub = HubClient(hub_url, Issuer(issuer_url, http), http)
        for body in enrolments(COURT_ID):
            answer = hub.post(centre(COURT_ID), "/v1/institutions", body, If_Match='"0"')
            if not answer.ok and answer.code != "stale_institution":
                raise StackFailedError(f"a bank was not enrolled: {answer.status} {answer.code}")


def _enter_people(hub_url: str, issuer_url: str) -> None:
    with urllib3.PoolManager() as http:
        enter_people(HubClient(hub_url, Issuer(issuer_url, http), http), COURT_ID)


def _new_keys() -> _PartnerKeys:
    return _PartnerKeys(*new_key_pair(), new_shared_key(), *new_key_pair(), new_key(), new_key())


def _start_emulator(supervisor: Supervisor, follow: Sequence[str]) -> str:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    # A table elsewhere outlives the emulator: it lists papers, and its personal data needs the same keys.
    kept = (
        ["--kept-keys", str(_KEPT_KEYS), "--kept-objects", str(_KEPT / "objects")]
        if "AWS_ENDPOINT_URL_DYNAMODB" in os.environ
        else []
    )
    supervisor.start(
        "aws",
        [sys.executable, "-m", "infra.local.moto_server", "--port", str(port), *kept, *follow],
        ready_url=f"{url}/moto-api/",
    )
    return url


def _aws_environment(url: str, region: str) -> dict[str, str]:
    wanted = {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if table := os.environ.get("AWS_ENDPOINT_URL_DYNAMODB"):
        # The table's stream has the same endpoint as the table.
        wanted["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = table
    # What is set already (a table elsewhere, credentials of another endpoint) is left as it is.
    given = {name: os.environ[name] for name in wanted if name in os.environ}
    return {**wanted, **given, "AWS_ENDPOINT_URL": url}


def _create_resources(keys: _PartnerKeys) -> dict[str, str]:
    # A short time-out: in compressed time too, a message must return soon after its consumer died.
    resources = create(
        build("dev"), stage="local", secret=keys.secret, queue_visibility_seconds=_VISIBILITY_SECONDS
    )
    return dict(resources.environment)


def _hub_settings(hub_url: str, court_url: str, issuer_url: str) -> dict[str, str]:
    issuer = {"issuer": issuer_url, "jwks_uri": f"{issuer_url}/jwks.json", "audience": _AUDIENCE}
    issuers = [{**issuer, "client_id": _CLIENT_ID}]
    court = {
        "url": f"{court_url}/one-network/v1",
        "timeout_seconds": 5,
        "name": "福建省宁德市蕉城区人民法院",
        "organisation": "蕉城区普惠金融司法协同中心",
        "case_number": "蕉调〔{year}〕{number}号",
    }
    return {
        "HUB_STAGE": "local",
        "HUB_PUBLIC_URL": hub_url,
        "HUB_ISSUERS": json.dumps(issuers),
        "HUB_COURTS": json.dumps({COURT_ID: court}),
        "HUB_AWS_READ_SECONDS": "30",  # on a busy machine the emulator takes its time
    }


def _retry_settings(seconds_per_day: float) -> dict[str, str]:
    if seconds_per_day >= SECONDS_OF_A_DAY:
        return {}
    # Waits in real time must be shorter than the compressed limits of a case.
    return {
        "HUB_LONGEST_RETRY_SECONDS": "3",
        "HUB_CIRCUIT_FIRST_SECONDS": "1",
        "HUB_CIRCUIT_LONGEST_SECONDS": "4",
        "HUB_CHECK_AFTER_DAYS": str(max(1.0, _CHECK_AFTER_SECONDS / seconds_per_day)),
    }


def _sweep_seconds(seconds_per_day: float) -> float:
    # Agreements in force are checked by the day: sweep at least twice a day, but with 0.5 s between.
    return max(0.5, min(_SWEEP_SECONDS, seconds_per_day / 2))


def _port(url: str) -> str:
    return url.rpartition(":")[2]
