"""Signing (签署): each party signs the document's hash; in force when all have signed (TY24, OL19).

Promise: one signature per party, all of one document, each with who, when, by which channel and whether a
one-time code was verified. A refusal ends it (OL25).
Downside: a hash proves that the bytes are the same, not that anybody has read them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from chalicelib.domain.agreement.errors import (
    AlreadySigned,
    CodeNotVerified,
    DocumentDiffers,
    HashMalformed,
    PartyUnknown,
    SignedTooLate,
    SigningEnded,
)
from chalicelib.domain.calendar import local_date
from chalicelib.domain.events import Channel

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A party's signature under a document, known by its SHA-256 in lower-case hex."""

    party_id: str
    document_sha256: str
    at: datetime
    channel: Channel
    code_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRefusal:
    """A party refused to sign."""

    party_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What is to be signed, by whom, until which day, and who has signed."""

    document_sha256: str
    party_ids: frozenset[str]
    sign_by: date | None = None
    signatures: tuple[Signature, ...] = ()
    refusal: SigningRefusal | None = None

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.document_sha256):
            raise HashMalformed("document_sha256", "64 lower-case hex digits are a SHA-256")
        if not self.party_ids:
            raise PartyUnknown("party_ids", "an agreement has parties")

    @property
    def signed_by(self) -> frozenset[str]:
        """Who has signed."""
        return frozenset(signature.party_id for signature in self.signatures)

    @property
    def awaited(self) -> frozenset[str]:
        """Whose signature is missing."""
        return self.party_ids - self.signed_by

    @property
    def in_force_at(self) -> datetime | None:
        """The instant of the last signature, which brings the agreement into force; None before it."""
        return None if self.awaited else max(signature.at for signature in self.signatures)


def sign(signing: Signing, signature: Signature, *, by_token: bool = False) -> Signing:
    """Add a signature; raises PartyUnknown or the AgreementRefused that fits.

    `by_token`: an institution whose number gets no messages, which its own token proves.
    """
    _check_may_decide(signing, signature.party_id)
    if signature.document_sha256 != signing.document_sha256:
        raise DocumentDiffers
    if signature.channel is Channel.ONLINE and not (signature.code_verified or by_token):
        raise CodeNotVerified
    check_in_time(signing, signature.at)
    return replace(signing, signatures=(*signing.signatures, signature))


def check_in_time(signing: Signing, at: datetime) -> None:
    """Refuse to sign when the first payment is late already: SignedTooLate."""
    if signing.sign_by is not None and local_date(at) > signing.sign_by:
        raise SignedTooLate


def refuse_to_sign(signing: Signing, party_id: str, at: datetime) -> Signing:
    """End the signing; a party that has signed is bound and can't refuse any more."""
    _check_may_decide(signing, party_id)
    return replace(signing, refusal=SigningRefusal(party_id=party_id, at=at))


def _check_may_decide(signing: Signing, party_id: str) -> None:
    if party_id not in signing.party_ids:
        raise PartyUnknown("party_id", f"{party_id} is no party of this agreement")
    if signing.refusal is not None:
        raise SigningEnded
    if party_id in signing.signed_by:
        raise AlreadySigned
