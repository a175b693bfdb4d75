"""The only place where adapters meet use cases.

Promise: nothing is built at import; each part is imported and built when it is first asked for and then
kept, so a function loads only what it uses. One `LiveHub` serves a whole process. Downside: a wrong
setting is noticed when its part is first used, not at start.
"""

from __future__ import annotations

import random
import secrets
import time
import uuid
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from chalicelib import settings as environment
from chalicelib.adapters.clock import CaseClock, real_now
from chalicelib.consumers import load
from chalicelib.domain.errors import UnknownCourt
from chalicelib.domain.hashing import SALT_BYTES
from chalicelib.observability import EmfMetrics, switch_on_tracing
from chalicelib.registry import absent, maker_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from chalicelib.adapters.court.circuit import CircuitCourt, Status
    from chalicelib.adapters.document_store import S3DossierStore
    from chalicelib.adapters.documents.papers import PaperRenderer
    from chalicelib.adapters.documents.signer import Signer, Timestamps
    from chalicelib.adapters.dynamo.cases import DynamoCases
    from chalicelib.adapters.dynamo.codes import DynamoCodes
    from chalicelib.adapters.dynamo.court import DynamoCallbacks, DynamoTransfers
    from chalicelib.adapters.dynamo.due import (
        DynamoDeadlines,
        DynamoDispatches,
        DynamoDueIndex,
        DynamoNotices,
        DynamoWorkflows,
    )
    from chalicelib.adapters.dynamo.money import DynamoDebts, DynamoPolicies, DynamoSettlements
    from chalicelib.adapters.dynamo.papers import DynamoPapers
    from chalicelib.adapters.dynamo.sessions import DynamoEndedSessions
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.talk import DynamoTalk
    from chalicelib.adapters.identity.sign_in import PeopleIssuers
    from chalicelib.adapters.identity.tokens import TokenVerifier
    from chalicelib.adapters.partner_keys import PartnerKeys
    from chalicelib.adapters.queues import SqsQueues
    from chalicelib.adapters.retries import Retries
    from chalicelib.adapters.sealing_cookies import Sealer
    from chalicelib.adapters.sms import SmsGateway
    from chalicelib.adapters.step_functions import StepFunctionsEngine
    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.notices import QuietHours
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.steps import CourtLimits
    from chalicelib.settings import CourtSettings, Settings
    from chalicelib.use_cases.papers import CourtNames
    from chalicelib.use_cases.people_ports import MeetingChannel

P = TypeVar("P")
_RANDOM: Final = random.SystemRandom()


class LiveHub:
    """The hub on AWS, or on services with the same interfaces."""

    # The parts of the store, with the names they have there; `__getattr__` returns them.
    callbacks: DynamoCallbacks
    cases: DynamoCases
    codes: DynamoCodes
    deadlines: DynamoDeadlines
    debts: DynamoDebts
    dispatches: DynamoDispatches
    due: DynamoDueIndex
    ended_sessions: DynamoEndedSessions
    notices: DynamoNotices
    policies: DynamoPolicies
    settlements: DynamoSettlements
    talk: DynamoTalk
    transfers: DynamoTransfers
    workflows: DynamoWorkflows

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts: dict[type, Any] = {}
        if settings.tracing:
            switch_on_tracing()

    def __getattr__(self, name: str) -> Any:
        """Return a part of the store; the first call for any part builds the store."""
        if name not in LiveHub.__annotations__:
            raise AttributeError(name)
        return getattr(self._store, name)

    @cached_property
    def engine(self) -> StepFunctionsEngine:
        """The workflow engine."""
        from chalicelib.adapters.step_functions import StepFunctionsEngine

        return StepFunctionsEngine(self._client("stepfunctions"), self._settings.state_machine_arn)

    @cached_property
    def queues(self) -> SqsQueues:
        """The queues."""
        from chalicelib.adapters.queues import SqsQueues

        return SqsQueues(self._client("sqs"), self._settings.queue_urls)

    @cached_property
    def dossier_store(self) -> S3DossierStore:
        """The document store."""
        from chalicelib.adapters.document_store import S3DossierStore

        return S3DossierStore(self._client("s3"), self._settings.documents_bucket)

    @cached_property
    def papers(self) -> DynamoPapers:
        """The papers of cases."""
        from chalicelib.adapters.document_store import S3Papers

        return self._store.papers(S3Papers(self._client("s3"), self._settings.documents_bucket))

    @cached_property
    def renderer(self) -> PaperRenderer:
        """Makes papers; the libraries that draw and sign load with the first one."""
        from chalicelib.adapters.documents.papers import PaperRenderer

        return PaperRenderer(self._signer, self._timestamps())

    def unprintable(self, text: str) -> tuple[str, ...]:
        """Return the code points of what papers can't show; the list loads with the first rare character."""
        from chalicelib.adapters.documents.typeface import unprintable

        return unprintable(text)

    @cached_property
    def court(self) -> CircuitCourt:
        """Every court's endpoint, each behind its circuit."""
        from chalicelib.adapters.court.circuit import CircuitCourt, CircuitPolicy
        from chalicelib.adapters.court.one_network import CourtEndpoint, OneNetworkCourt
        from chalicelib.adapters.dynamo.circuit import DynamoCircuitStore

        settings = self._settings
        endpoints = {
            court_id: CourtEndpoint(court.url, court.timeout_seconds)
            for court_id, court in settings.courts.items()
        }
        return CircuitCourt(
            OneNetworkCourt(endpoints, self.partner_keys.signing, real_now),
            DynamoCircuitStore(self._dynamodb, settings.table),
            real_now,
            _RANDOM.random,
            policy=CircuitPolicy(
                first_open_seconds=settings.circuit_first_seconds,
                longest_open_seconds=settings.circuit_longest_seconds,
            ),
            on_state_change=self._circuit_changed,
        )

    @cached_property
    def retries(self) -> Retries:
        """Delays messages to a receiver that is unavailable."""
        from chalicelib.adapters.retries import Retries

        return Retries(self.queues.hide, _RANDOM.random, self._settings.longest_retry_seconds)

    @cached_property
    def messenger(self) -> SmsGateway | None:
        """The message gateway; None where none is configured."""
        from chalicelib.adapters.sms import SmsGateway

        url = self._settings.sms_url
        return SmsGateway(url, self.partner_keys.sms, real_now) if url else None

    @cached_property
    def meeting_channels(self) -> Mapping[str, MeetingChannel]:
        """The channels of meetings that are configured."""
        from chalicelib.adapters.meetings import TelephoneConference, VideoRooms

        host, number = self._settings.video_host, self._settings.conference_number
        video = {"video": VideoRooms(host, self.partner_keys.video)} if host else {}
        return {**video, **({"telephone": TelephoneConference(number)} if number else {})}

    @property
    def quiet_hours(self) -> QuietHours | None:
        """When messages wait; None for never."""
        return self._settings.quiet_hours

    @property
    def link_base(self) -> str:
        """The beginning of the links in messages."""
        return self._settings.link_base

    @cached_property
    def partner_keys(self) -> PartnerKeys:
        """The courts' and the message gateway's keys."""
        from chalicelib.adapters.partner_keys import PartnerKeys

        return PartnerKeys(self._client("secretsmanager"), self._settings.partners_secret, real_now)

    @cached_property
    def people_issuers(self) -> PeopleIssuers:
        """The issuers at which people sign in to the console."""
        from chalicelib.adapters.identity.sign_in import PeopleIssuers

        return PeopleIssuers(self._settings.issuers, now=time.time)

    @cached_property
    def sealer(self) -> Sealer:
        """Seals the console's cookies."""
        from chalicelib.adapters.sealing_cookies import Sealer

        return Sealer(self.partner_keys)

    def request_sign_in_code(self, token: str) -> None:
        """Send the code of a party's link."""
        from chalicelib.use_cases.request_sign_in_code import request_sign_in_code

        request_sign_in_code(self, token)

    def sign_in_by_link(self, token: str, code: str) -> Actor | None:
        """Return who comes in by a party's link and code."""
        from chalicelib.use_cases.sign_in_by_link import sign_in_by_link

        return sign_in_by_link(self, token, code)

    def links_revoked_at(self, case_id: str, party_id: str) -> int | None:
        """Return when a party's links were last revoked, in epoch seconds."""
        from chalicelib.use_cases.capability_ports import PartyLinks

        return self.part(PartyLinks).revoked_at(case_id, party_id)

    @property
    def bucket_url(self) -> str:
        """The address of the bucket, to which a page may post a file."""
        return self._settings.bucket_url

    @cached_property
    def clock(self) -> CaseClock:
        """Case time."""
        settings = self._settings
        ahead = settings.clock_origin - settings.clock_started
        return CaseClock(settings.seconds_per_day, settings.clock_origin, lambda: real_now() + ahead)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Working days in China."""
        from chalicelib.adapters.calendar import load_calendar

        return load_calendar()

    @cached_property
    def metrics(self) -> EmfMetrics:
        """Counters."""
        return EmfMetrics(self._settings.stage)

    @cached_property
    def certificate_ends(self) -> datetime | None:
        """When the signing certificate ends; None where there is none. Raises SigningFailed."""
        if not self._settings.signing_certificates:
            return None
        from chalicelib.adapters.documents.kms_key import end_of

        return end_of(self._settings.signing_certificates)

    @property
    def public_url(self) -> str:
        """The URL at which courts reach the hub."""
        return self._settings.public_url

    @property
    def shows_api_document(self) -> bool:
        """Whether everybody may read the API's document."""
        return self._settings.shows_api_document

    @property
    def shows_public_roster(self) -> bool:
        """Whether everybody may read who mediates."""
        return self._settings.shows_public_roster

    @property
    def follow_up_after(self) -> timedelta:
        """The case time after which the reconciler looks after started work."""
        return self._settings.follow_up_after

    def part(self, port: type[P]) -> P:
        """Return a capability's implementation of a port, or the port's own answer if there is none."""
        if port not in self._parts:
            maker = maker_of(port)
            self._parts[port] = absent(port) if maker is None else load(maker)(self._store)
        part: P = self._parts[port]
        return part

    def new_id(self) -> str:
        """Return a new id of a case or of something beside it."""
        return uuid.uuid4().hex

    def pause(self, longest: float) -> None:
        """Wait for a random time of at most so many seconds."""
        time.sleep(_RANDOM.random() * longest)

    def new_salt(self) -> str:
        """Return 128 random bits as 32 hex digits, for one event or entry."""
        return secrets.token_hex(SALT_BYTES)

    def limits_of(self, court_id: str) -> CourtLimits:
        """Return a court's limits; raises UnknownCourt."""
        return self._court_settings(court_id).policy

    def names_of(self, court_id: str) -> CourtNames:
        """Return the names of a court and of its mediation centre; raises UnknownCourt."""
        from chalicelib.use_cases.papers import CourtNames

        court = self._court_settings(court_id)
        return CourtNames(court=court.name, organisation=court.organisation, case_number=court.case_number)

    def _court_settings(self, court_id: str) -> CourtSettings:
        court = self._settings.courts.get(court_id)
        if court is None:
            raise UnknownCourt(court_id)
        return court

    def _signer(self) -> Signer | None:
        settings = self._settings
        if not settings.signing_key_id or not settings.signing_certificates:
            return None
        from chalicelib.adapters.documents.kms_key import KmsSigner

        return KmsSigner.load(self._client("kms"), settings.signing_key_id, settings.signing_certificates)

    def _timestamps(self) -> Timestamps | None:
        settings = self._settings
        if not settings.timestamp_url:
            return None
        from chalicelib.adapters.documents.signer import Timestamps

        return Timestamps(url=settings.timestamp_url, roots=settings.trusted_roots)

    def _client(self, service: str) -> Any:
        from chalicelib.adapters.aws import client

        return client(service, read_seconds=self._settings.aws_read_seconds)

    @cached_property
    def _dynamodb(self) -> Any:
        return self._client("dynamodb")

    @cached_property
    def _store(self) -> DynamoStore:
        from chalicelib.adapters.dynamo.store import DynamoStore

        return DynamoStore(
            self._dynamodb,
            self._settings.table,
            kms=lambda: self._client("kms"),
            kms_key_id=self._settings.kms_key_id,
            now=time.time,
        )

    def _circuit_changed(self, _court_id: str, _before: Status, after: Status) -> None:
        from chalicelib.adapters.court.circuit import Status

        self.metrics.count("CourtCircuitOpen", int(after is not Status.CLOSED))


@cache
def hub() -> LiveHub:
    """Return this process's hub, built from its environment when first asked for."""
    return LiveHub(environment.from_process())


def verifying_keys(court_id: str) -> tuple[str, ...]:
    """Return the keys a court's callbacks may be signed with; empty for an unknown court."""
    return hub().partner_keys.verifying(court_id)


@cache
def tokens() -> TokenVerifier:
    """Return this process's token verifier; it keeps the issuers' keys."""
    from chalicelib.adapters.identity import token_verifier

    return token_verifier(environment.from_process().issuers, now=time.time)
