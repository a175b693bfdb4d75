"""Sign the agreement, or refuse to: each party signs the same document, online with a one-time code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement import signing as signatures
from chalicelib.domain.agreement.confirmation import Confirmation
from chalicelib.domain.agreement.errors import CodeNotVerified, DocumentDiffers
from chalicelib.domain.agreement.position import counts_as_paid
from chalicelib.domain.agreement.settlement import next_follow_up, put_in_force
from chalicelib.domain.agreement.signing import Signature
from chalicelib.domain.events import Channel
from chalicelib.domain.permissions import authorise
from chalicelib.domain.phones import takes_messages
from chalicelib.domain.roles import Role
from chalicelib.domain.second_record import for_code
from chalicelib.domain.settlement_commands import RefuseToSign, Sign
from chalicelib.domain.stages import Action
from chalicelib.use_cases.loading import carry_out, load_for_act

if TYPE_CHECKING:
    from chalicelib.domain.agreement.settlement import Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.loading import LoadedCase
    from chalicelib.use_cases.ports import Hub


def sign_agreement(
    hub: Hub,
    actor: Actor,
    case_id: str,
    party_id: str,
    document_sha256: str,
    *,
    code: str | None,
    expected_version: int,
    channel: Channel = Channel.ONLINE,
) -> Case:
    """Sign for a party; the last signature puts the agreement in force (TY24, OL19).

    Raises the refusals of `act_on_case`, those of the one-time code, and DocumentDiffers or SignedTooLate.
    """
    authorise(actor, Action.SIGN)
    loaded = load_for_act(
        hub, actor, Action.SIGN, case_id, expected_version=expected_version, channel=channel
    )
    signatures.check_in_time(loaded.settlement.to_sign, loaded.context.at)
    # Checked before the code, so that nobody can use up another party's attempts.
    lifecycle.apply(loaded.case, Sign(party_id=party_id), loaded.context)
    verified = _verified(hub, loaded, party_id, document_sha256, code)
    loaded = replace(loaded, context=replace(loaded.context, code_verified=verified))
    by_token = channel is Channel.ONLINE and not verified
    signature = Signature(
        party_id=party_id,
        document_sha256=document_sha256,
        at=loaded.context.at,
        channel=channel,
        code_verified=verified,
    )
    signed = signatures.sign(loaded.settlement.to_sign, signature, by_token=by_token)
    settlement = replace(loaded.settlement, signing=signed)
    if signed.in_force_at is not None:
        settlement = put_in_force(settlement)
    return carry_out(hub, loaded, _signed(party_id, settlement, loaded), settlement)


def refuse_to_sign(
    hub: Hub,
    actor: Actor,
    case_id: str,
    party_id: str,
    *,
    expected_version: int,
    channel: Channel = Channel.ONLINE,
    code: str | None = None,
) -> Case:
    """Refuse to sign for a party: the mediation ends (OL25)."""
    authorise(actor, Action.REFUSE_TO_SIGN)
    loaded = load_for_act(
        hub, actor, Action.REFUSE_TO_SIGN, case_id, expected_version=expected_version, channel=channel
    )
    command = RefuseToSign(party_id=party_id)
    lifecycle.apply(loaded.case, command, loaded.context)  # so that its refusals come first
    refused = signatures.refuse_to_sign(loaded.settlement.to_sign, party_id, loaded.context.at)
    return carry_out(hub, loaded, command, replace(loaded.settlement, signing=refused), code=code)


def _verified(hub: Hub, loaded: LoadedCase, party_id: str, document_sha256: str, code: str | None) -> bool:
    """Tell whether the code is right; without one a signature in person waits for its second record.

    A wrong document is named before the code is looked at: the code is right, and no attempt is used up.
    """
    if document_sha256 != loaded.settlement.to_sign.document_sha256:
        raise DocumentDiffers
    if code is not None:
        hub.codes.verify(loaded.case, party_id, for_code(loaded.case, party_id, document_sha256), code)
    elif loaded.context.channel is Channel.ONLINE and not _token_suffices(hub, loaded, party_id):
        raise CodeNotVerified
    return code is not None


def _token_suffices(hub: Hub, loaded: LoadedCase, party_id: str) -> bool:
    """Tell whether an institution signs whose number on record can get no code."""
    if loaded.context.actor.role is not Role.INSTITUTION:
        return False
    phones = {entry.party_id: entry.phone for entry in hub.cases.details(loaded.case)}
    return not takes_messages(phones[party_id])


def _signed(party_id: str, settlement: Settlement, loaded: LoadedCase) -> Sign:
    if settlement.to_sign.awaited:
        return Sign(party_id=party_id)
    confirmation = Confirmation(in_force_at=loaded.context.at)
    return Sign(
        party_id=party_id,
        follow_up_on=next_follow_up(settlement, confirmation, loaded.today, loaded.context.calendar),
        counted=len(settlement.payments),
        paid=counts_as_paid(settlement.performance),
    )
