"""Plays stories on emulated AWS in this process, with a court and a message gateway on loopback."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from chalicelib.adapters.signatures import new_key_pair, new_shared_key
from infra import fonts
from infra.local import moto_fixes
from infra.local.certificates import certificates_for
from infra.local.moto_fixes import executions as fixed_executions
from infra.local.resources import create
from infra.local.sms.inbox import Inbox, Knobs
from infra.local.sms.server import Gateway, SmsServer
from infra.template import build
from tests.contract.court.scripted import ScriptedCourt, scripted_court
from tests.faults.outcome import Outcome, outcome_of
from tests.faults.stories import Life
from tests.faults.wire import Call, Fault, Wire
from tests.faults.world import World, aws_client, settle
from tests.support.aws import REGION
from tests.support.fakes import COURT_ID
from tests.support.fakes.clock import START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.wire import Plan

    Story = Callable[[Life], None]

_AFTERWARDS_DAYS = 2
"""After the last act; whatever is still due or on its way has come to its end by then."""


@dataclass(frozen=True)
class Played:
    """A story that was played: what it asked of AWS, what failed of it, what is left."""

    calls: list[Call]
    failed: list[tuple[Call, Fault]]
    outcome: Outcome
    days: int


@dataclass(eq=False)
class Stage:
    """Everything that stories share; each has AWS, the court and the phones for itself."""

    court: ScriptedCourt
    sms: SmsServer
    sms_private: str
    sms_public: str
    court_key: str = field(default_factory=new_shared_key)
    """Signs both ways."""
    wire: Wire = field(default_factory=lambda: Wire(settle))
    template: dict[str, Any] = field(default_factory=lambda: build("dev"))

    def play(self, story: Story, plan: Plan) -> Played:
        """Play a story from an empty table to its end and two days on."""
        self.court.seen.clear()
        self.court.receipt()
        inbox = Inbox(Knobs())
        self.sms.gateway = Gateway([self.sms_public], inbox)
        with at_no_other_endpoint(), mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
            world = World(self._environment(), self.wire, self.court_key)
            life = Life(world, lambda phone, case_id: _code(inbox, phone, case_id))
            self.wire.begin(plan)
            try:
                story(life)
                world.days_pass(_AFTERWARDS_DAYS)
                outcome = outcome_of(life, self.court.seen, inbox.of(None))
            finally:
                fixed_executions.lose_all()
        return Played(self.wire.calls, self.wire.failed, outcome, (world.clock.now() - START).days)

    def _environment(self) -> dict[str, str]:
        keys = {"sign": [self.court_key], "verify": [self.court_key]}
        secret = json.dumps({"courts": {COURT_ID: keys}, "sms": {"sign": [self.sms_private]}})
        made = create(self.template, aws_client, stage="local", secret=secret).environment
        return {
            **made,
            "HUB_PUBLIC_URL": "https://hub.test",
            "HUB_COURTS": json.dumps({COURT_ID: {"url": self.court.url}}),
            "HUB_SMS_URL": self.sms.url,
            "HUB_SIGNING_CERTIFICATES": certificates_for(made["HUB_SIGNING_KEY_ID"], aws_client("kms")),
        }


@contextmanager
def at_no_other_endpoint() -> Iterator[None]:
    """Forget meanwhile where a local stack of another test is: here AWS is emulated in this process."""
    before = {name: os.environ.pop(name) for name in tuple(os.environ) if name.startswith("AWS_ENDPOINT_URL")}
    try:
        yield
    finally:
        os.environ.update(before)


def _code(inbox: Inbox, phone: str, case_id: str) -> str:
    texts = [message for message in inbox.of(phone) if message["message_id"].startswith(case_id)]
    return str([text["values"]["code"] for text in texts if text["template"] == "signing_code"][-1])


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Set the stage once."""
    fonts.ensure()
    moto_fixes.apply()
    sms_private, sms_public = new_key_pair()
    sms = SmsServer(0, Gateway([sms_public], Inbox(Knobs())))
    thread = threading.Thread(target=sms.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    before = dict(os.environ)
    os.environ.update(AWS_REGION=REGION, AWS_DEFAULT_REGION=REGION)
    with scripted_court() as court:
        yield Stage(court, sms, sms_private, sms_public)
    os.environ.clear()
    os.environ.update(before)
    sms.shutdown()
    sms.server_close()
    thread.join()
