"""The search for a person: the one request that consists of personal data."""

from pydantic import ConfigDict

from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.identifiers import AnyNumber


class PersonSearchIn(Request):
    """Whose cases are looked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id_number": "11010519491231002X"}]})

    id_number: AnyNumber
