"""The Chalice app: which functions and routes exist. No logic.

Each function does one thing: the API behind its authorizer, the relay from the table's stream, the
consumers of the queues (`chalicelib.consumers` lists them), and the reconciler on its schedule. What they
are given is built in `chalicelib.bootstrap` when it is first needed. Event sources are named here for the
reader; the template (`infra/template/functions.py`) puts this stack's own table and queues in their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, Rate

from chalicelib import bootstrap
from chalicelib.adapters.clock import real_now
from chalicelib.observability import log
from chalicelib.registry import consumers
from chalicelib.settings import starts_api
from chalicelib.workflow.batches import queue_batch

if TYPE_CHECKING:
    from chalice.app import AuthRequest, AuthResponse, CloudWatchEvent, DynamoDBEvent, SQSEvent

    from chalicelib.consumers import Consumer

app = Chalice(app_name="jiefen-hub", configure_logs=False)


@app.authorizer(name="authorizer", ttl_seconds=60)
def authorizer(request: AuthRequest) -> AuthResponse | dict[str, Any]:
    """Admit the holder of a token of a configured issuer."""
    from chalice.app import AuthResponse  # noqa: PLC0415 - only this function answers a gateway

    from chalicelib.api.authorizer import Denial, admit  # noqa: PLC0415 - no other function needs it

    decision = admit(
        request.token,
        verify=bootstrap.tokens().verify,
        on_refusal=lambda reason: log.warning(
            "token refused", extra={"reason": reason, "function": "authorizer"}
        ),
    )
    if isinstance(decision, Denial):
        return decision.policy
    return AuthResponse(routes=["*"], principal_id=decision.principal_id, context=dict(decision.context))


@app.on_dynamodb_record(stream_arn="table-stream", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Relay what was stored to the queues."""
    from chalicelib.workflow.relay import relay as relay_batch  # noqa: PLC0415 - only this function needs it

    return relay_batch(event.to_dict(), lambda: bootstrap.hub().queues)


def _register_consumer(consumer: Consumer) -> None:
    def handle(event: SQSEvent) -> dict[str, Any]:
        return queue_batch(consumer, event.to_dict(), bootstrap.hub, lambda: bootstrap.hub().retries)

    # Lambda finds a function by its name in this module, and so does Chalice.
    handle.__name__ = consumer.name
    globals()[consumer.name] = app.on_sqs_message(queue=consumer.name, name=consumer.name)(handle)


for _consumer in consumers():
    _register_consumer(_consumer)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="reconcile")
def reconcile(event: CloudWatchEvent) -> dict[str, Any]:
    """Set overdue cases and messages going again."""
    # Loads the whole procedure, half of what the relay and the authorizer would import with it.
    from chalicelib.workflow.sweep import sweep, watch_certificate  # noqa: PLC0415

    watch_certificate(bootstrap.hub(), real_now())
    context: Any = event.context  # Chalice types it as a dict; it is Lambda's own object
    return sweep(event.to_dict(), context.get_remaining_time_in_millis, bootstrap.hub)


if starts_api():
    # Only the API validates requests; the other functions start without the validation code.
    from chalicelib import api, console

    _given: Any = {
        "hub": bootstrap.hub,
        "callback_keys": bootstrap.verifying_keys,
        "real_now": real_now,
    }
    api.register(app, authorizer, **_given)
    console.register(app, api=api.in_process(**_given), door=bootstrap.hub, real_now=real_now)
