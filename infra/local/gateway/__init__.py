"""API Gateway on loopback: serves a Chalice app over HTTP as the gateway does.

Calls the app with the events of a REST API's Lambda proxy integration, runs its authorizer as API Gateway
does (401 for "Unauthorized" and for no token, 403 for a policy that does not allow, 500 for an authorizer
that breaks), and answers what the gateway itself refuses with the template's bodies.

Why not `chalice local`: it drops the connection when an authorizer raises, hands out bodies as bytes, fails
on chunked requests and answers in its own words. Downside: no throttling, no CORS preflight, no
`{proxy+}`.
"""

from infra.local.gateway.refusals import Refusals
from infra.local.gateway.server import serve

__all__ = ["Refusals", "serve"]
