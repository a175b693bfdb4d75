"""Powertools' resolver with pydantic's validation."""

# No `from __future__ import annotations`: Powertools reads these annotations as values.
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from dispute import Filed, Filing, store

log = Logger(service="peer")
app = APIGatewayRestResolver(enable_validation=True)


@app.post("/v1/filings")
def submit_filing(body: Filing) -> Response[Filed]:
    """File a dispute."""
    filed = store(body)
    log.info("filed", case_id=filed.case_id)
    return Response(status_code=201, content_type="application/json", body=filed)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Serve one request."""
    return app.resolve(event, context)
