"""Routes for courts: report what became of a transfer, and fetch the documents that a submission only names.

Promise: a callback is acknowledged only when it is stored; a dossier is shown to the court it was transferred
to and to nobody else. The contract is docs/one-network.openapi.yaml.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Annotated, Final

from chalicelib.adapters.signatures import BadSignature
from chalicelib.api.operations import JSON_TYPE, SEE_OTHER, Access, Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import DocumentIdInPath, TransferIdInPath
from chalicelib.api.presenting import file_reply
from chalicelib.api.schemas.court import CallbackIn, CallbackOut, DossierOut
from chalicelib.api.schemas.fields import matching
from chalicelib.domain.errors import DocumentNotFound, TransferNotFound
from chalicelib.domain.papers import PDF
from chalicelib.domain.stages import Action
from chalicelib.use_cases.read_dossier import read_document, read_dossier
from chalicelib.use_cases.records import CourtCallback
from chalicelib.use_cases.store_callback import store_callback

operations = Operations("court")

LARGEST_CALLBACK: Final = 64 * 1024
"""A callback is stored as one encrypted record with its bytes."""

WebhookId = Annotated[
    str,
    matching("[A-Za-z0-9_-]{1,128}", "identifier_format", longest=128),
    Place("header", "The same over all attempts · 报文编号，重试不变", "webhook-id"),
]
WebhookTimestamp = Annotated[
    str,
    matching("[0-9]{1,11}", "identifier_format", longest=11),
    Place("header", "Seconds since 1970, of this attempt · 本次发送时间", "webhook-timestamp"),
]


@operations.post(
    "/v1/court/callbacks",
    "法院回调",
    Answered(model=CallbackOut, status=202),
    access=Access.SIGNATURE,
    refusals=(BadSignature, TransferNotFound),
    largest_body=LARGEST_CALLBACK,
)
def receive_callback(
    call: Call, webhook_id: WebhookId, webhook_timestamp: WebhookTimestamp, body: CallbackIn
) -> Reply:
    """Receive a court's review result, docketing or refusal.

    Signed by the court per the Standard Webhooks specification over the exact bytes. Stored before it is
    acknowledged, applied afterwards; a repeated `webhook-id` is acknowledged as a duplicate.
    """
    del webhook_timestamp  # checked together with the signature
    message = body.root
    callback = CourtCallback(
        callback_id=f"{message.court_id}#{webhook_id}",
        court_id=message.court_id,
        transfer_id=message.transfer_id,
        occurred_at=message.occurred_at,
        command=message.command(),
        raw=call.raw,
    )
    stored = store_callback(call.hub, call.actor, callback)
    return Reply(CallbackOut(callback_id=callback.callback_id, duplicate=not stored))


@operations.get(
    "/v1/court/transfers/{transfer_id}",
    "调取移送卷宗",
    Answered(model=DossierOut),
    actions=(Action.READ_DOSSIER,),
    refusals=(TransferNotFound,),
)
def show_dossier(call: Call, transfer_id: TransferIdInPath) -> Reply:
    """Fetch a transfer's parties, claim and manifest, as they were when the dossier was built.

    Never an offer, a concession or a note of the mediation (TY22).
    """
    view = read_dossier(call.hub, call.actor, transfer_id)
    data = {"late_performance": None, **view.complaint}
    return Reply(DossierOut.of(view.transfer, **data, manifest=view.manifest))


@operations.get(
    "/v1/court/transfers/{transfer_id}/documents/{document_id}",
    "调取卷宗材料",
    Answered(model=None, headers=("Content-Digest",), media_types=(JSON_TYPE, PDF), also=(SEE_OTHER,)),
    actions=(Action.READ_DOSSIER,),
    refusals=(TransferNotFound, DocumentNotFound),
)
def show_document(call: Call, transfer_id: TransferIdInPath, document_id: DocumentIdInPath) -> Reply:
    """Fetch a document's bytes; their SHA-256 stands in the manifest.

    One of more than 4 MiB is answered by 303: `Location` gives its bytes for a minute, without a token.
    """
    return file_reply(read_document(call.hub, call.actor, transfer_id, document_id))
