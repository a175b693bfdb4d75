"""FastAPI behind Mangum."""

# No `from __future__ import annotations`: FastAPI reads these annotations as values.
from aws_lambda_powertools import Logger
from dispute import Filed, Filing, store
from fastapi import FastAPI
from mangum import Mangum

log = Logger(service="peer")
app = FastAPI()


@app.post("/v1/filings", status_code=201)
def submit_filing(body: Filing) -> Filed:
    """File a dispute."""
    filed = store(body)
    log.info("filed", case_id=filed.case_id)
    return filed


handler = Mangum(app, lifespan="off")
