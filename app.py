"""The Chalice app: which functions and routes exist. No logic.

Each function does one thing: the API behind its authorizer, the relay from the table's stream, the
consumers of the four queues, and the reconciler on its schedule. What they are given is built in
`chalicelib.bootstrap` when it is first needed. Event sources are named here for the reader; the
template (`infra/template/functions.py`) puts this stack's own table and queues in their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, Rate

from chalicelib import bootstrap
from chalicelib.adapters.clock import real_now
from chalicelib.observability import log
from chalicelib.settings import starts_api
from chalicelib.workflow.court import handle_callbacks, handle_court
from chalicelib.workflow.notices import handle_notices
from chalicelib.workflow.relay import relay as relay_batch
from chalicelib.workflow.steps import handle_workflow
from chalicelib.workflow.sweep import sweep

if TYPE_CHECKING:
    from chalice.app import AuthRequest, AuthResponse, CloudWatchEvent, DynamoDBEvent, SQSEvent

app = Chalice(app_name="jiefen-hub", configure_logs=False)


@app.authorizer(name="authorizer", ttl_seconds=60)
def authorizer(request: AuthRequest) -> AuthResponse:
    """Admit the holder of a token of a configured issuer."""
    from chalice.app import AuthResponse  # noqa: PLC0415 - only this function answers a gateway

    from chalicelib.api.authorizer import admit  # noqa: PLC0415 - loads PyJWT, which no other function needs

    admission = admit(
        request.token,
        verify=bootstrap.tokens().verify,
        on_refusal=lambda reason: log.warning("token refused", extra={"reason": reason}),
    )
    return AuthResponse(routes=["*"], principal_id=admission.principal_id, context=dict(admission.context))


@app.on_dynamodb_record(stream_arn="table-stream", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Relay what was stored to the queues."""
    return relay_batch(event.to_dict(), lambda: bootstrap.hub().queues)


@app.on_sqs_message(queue="workflow", name="workflow")
def workflow(event: SQSEvent) -> dict[str, Any]:
    """Drive cases through the state machine."""
    return handle_workflow(event.to_dict(), bootstrap.hub)


@app.on_sqs_message(queue="court", name="court")
def court(event: SQSEvent) -> dict[str, Any]:
    """Send what the hub owes to the court."""
    return handle_court(event.to_dict(), bootstrap.hub, lambda: bootstrap.hub().court_retries)


@app.on_sqs_message(queue="callbacks", name="callbacks")
def callbacks(event: SQSEvent) -> dict[str, Any]:
    """Apply what the court said."""
    return handle_callbacks(event.to_dict(), bootstrap.hub)


@app.on_sqs_message(queue="notices", name="notices")
def notices(event: SQSEvent) -> dict[str, Any]:
    """Send parties what the hub owes them."""
    return handle_notices(event.to_dict(), bootstrap.hub, lambda: bootstrap.hub().notice_retries)


@app.schedule(Rate(5, unit=Rate.MINUTES), name="reconcile")
def reconcile(_event: CloudWatchEvent) -> dict[str, Any]:
    """Look after what should have moved by now."""
    return sweep(bootstrap.hub)


if starts_api():
    # Only the API validates requests; the other functions start without what that takes.
    from chalicelib.api import register

    register(
        app,
        authorizer,
        hub=bootstrap.hub,
        callback_keys=bootstrap.verifying_keys,
        real_now=real_now,
    )
