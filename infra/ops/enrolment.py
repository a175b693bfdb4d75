"""Enrols an institution from a file, where the centre can't do so over the API yet: before an upgrade.

The file holds the body of `POST /v1/institutions`. Promise: it is checked as the API checks it, and the same
file again changes nothing. Downside: who may read and write the table acts as the centre here.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from chalicelib.capabilities.institutions.routes import InstitutionIn
from chalicelib.capabilities.institutions.service import enrol
from chalicelib.domain.errors import NotAsEnrolled, StaleInstitution, UnknownCourt
from chalicelib.domain.roles import Actor, Role
from chalicelib.use_cases.records import Idempotency
from infra.ops.target import WrongInput

if TYPE_CHECKING:
    from chalicelib.capabilities.institutions.model import Enrolment
    from chalicelib.use_cases.ports import Hub

BY: Final = "operator"
"""Who stands beside the version as the one who stored it."""


def read(text: str) -> InstitutionIn:
    """Read a file's content; raises WrongInput, which names the fields and none of their values."""
    try:
        return InstitutionIn.model_validate_json(text)
    except ValidationError as error:
        fields = {"/".join(map(str, fault["loc"])) or "the file" for fault in error.errors()}
        raise WrongInput(f"no body of POST /v1/institutions: look at {', '.join(sorted(fields))}") from error


def store(hub: Hub, court_id: str, body: InstitutionIn) -> Enrolment:
    """Store it for a court's centre; the same body again returns what was stored. Raises WrongInput."""
    raw = body.model_dump_json().encode()
    key = Idempotency(
        caller=BY, key=f"{body.institution_id}-{body.version}", body_sha256=hashlib.sha256(raw).hexdigest()
    )
    try:
        for each in body.courts:
            hub.limits_of(each)
        return enrol(
            hub,
            Actor(role=Role.CENTRE, subject=BY, court_id=court_id),
            body.institution(),
            body.private(),
            expected_version=body.version,
            reason=body.reason,
            idempotency=key,
        ).enrolment
    except UnknownCourt as error:
        raise WrongInput(f"the hub does not serve the court {error}") from error
    except NotAsEnrolled as error:
        raise WrongInput(f"name {court_id}, and no court that is enrolled by another centre") from error
    except StaleInstitution as error:
        raise WrongInput("another version is stored: take its number, or 0 for a new institution") from error
