"""What all request and response models have in common.

Promise: a request model takes the documented fields and no others, and never repeats an input in an error;
models are compiled when the first request needs them, so importing them is cheap.
Downside: a mistake in a model shows at its first use; the test that writes the OpenAPI document uses all.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from chalicelib.api.schemas.fields import AMOUNT_SCHEMA, DATE_SCHEMA, INSTANT_SCHEMA


class Request(BaseModel):
    """The body of a request, or a part of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, hide_input_in_errors=True)


class Answer(BaseModel):
    """The body of an answer, or a part of it; made by the hub, so it is documented, not distrusted."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
    )


AmountText = Annotated[str, WithJsonSchema(AMOUNT_SCHEMA)]
DayText = Annotated[str, WithJsonSchema(DATE_SCHEMA)]
InstantText = Annotated[str, WithJsonSchema(INSTANT_SCHEMA)]
FreeObject = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]


def instant(at: datetime | None) -> str | None:
    """Write an instant of case time in UTC, as the chain of events hashes it."""
    return None if at is None else at.isoformat()
