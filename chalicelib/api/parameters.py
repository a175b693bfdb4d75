"""The parameters that routes share: ids in the path, paging, and the headers that guard changes.

Promise: read, validated and documented from the same annotation. `dispatch` checks earlier whether a
guarding header is there at all, because its absence has a status of its own.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import re
from typing import Annotated, Final

from chalicelib.api.operations import Place
from chalicelib.api.refusals import IdempotencyKeyRequired, IfMatchRequired, IfMatchUnusable
from chalicelib.api.schemas.fields import Read, matching, refuse, string

IF_MATCH: Final = "if-match"
IDEMPOTENCY_KEY: Final = "idempotency-key"
DEFAULT_LIMIT: Final = 20
LARGEST_LIMIT: Final = 100

_KEY: Final = "[A-Za-z0-9._:~-]{1,128}"
_ETAG: Final = '"(0|[1-9][0-9]{0,8})"'
_LIMIT: Final = "-?[0-9]+"
ID: Final = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_LONG_ID: Final = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}"


def etag(version: int) -> str:
    """Write a version as an entity tag."""
    return f'"{version}"'


def check_if_match(value: str) -> None:
    """Refuse a missing version (428) and whatever does not name exactly one (400)."""
    if not value.strip():
        raise IfMatchRequired("no If-Match")
    if re.fullmatch(_ETAG, value.strip()) is None:
        raise IfMatchUnusable("no single strong tag of ours")


def check_idempotency_key(value: str) -> None:
    """Refuse a creation that could not be repeated safely."""
    if re.fullmatch(_KEY, value) is None:
        raise IdempotencyKeyRequired("no usable key")


def _read_version(value: object) -> int:
    return int(string(value).strip().strip('"'))


def _read_limit(value: object) -> int:
    text = string(value, "parameter_repeated")
    if re.fullmatch(_LIMIT, text) is None:
        refuse("limit_format", max=LARGEST_LIMIT)
    if text.startswith("-") or not text.strip("0"):
        refuse("too_small", min=1)
    # By length first: Python refuses to read thousands of digits.
    if len(text.lstrip("0")) > len(str(LARGEST_LIMIT)) or int(text) > LARGEST_LIMIT:
        refuse("too_large", max=LARGEST_LIMIT)
    return int(text)


def _read_flag(value: object) -> bool:
    flag = {"true": True, "false": False}.get(string(value, "parameter_repeated"))
    if flag is None:
        refuse("not_an_option", options="true, false")
    return flag


def _id_in_path(pattern: str) -> Read:
    # Any text is accepted: one that can't be our id is not found, like an id that is not in use.
    return Read(string, {"type": "string", "pattern": f"^{pattern}$"})


CaseId = Annotated[str, _id_in_path(ID), Place("path", "The case's id · 案件编号")]
TransferIdInPath = Annotated[str, _id_in_path(_LONG_ID), Place("path", "The transfer's id · 移送编号")]
DocumentIdInPath = Annotated[str, _id_in_path(_LONG_ID), Place("path", "The document's id · 材料编号")]
InstitutionId = Annotated[
    str, _id_in_path(ID), Place("path", "The institution's id, as in its token · 机构编号")
]
PersonId = Annotated[str, _id_in_path(ID), Place("path", "The person's id, as in its token · 人员编号")]
DryRun = Annotated[
    bool,
    Read(_read_flag, {"type": "boolean", "default": False}),
    Place("query", "Answer what would happen, and do nothing · 仅试算，不作更改"),
]
IfMatch = Annotated[
    int,
    Read(_read_version, {"type": "string", "pattern": f"^{_ETAG}$", "examples": ['"3"']}),
    Place("header", "The ETag of the case as it was read · 所读案件的 ETag", IF_MATCH),
]
IfMatchPolicy = Annotated[
    int,
    Read(_read_version, {"type": "string", "pattern": f"^{_ETAG}$", "examples": ['"1"']}),
    Place("header", "The latest version as it was read, its ETag · 所读最新版本的 ETag", IF_MATCH),
]
IfMatchPerson = Annotated[
    int,
    Read(_read_version, {"type": "string", "pattern": f"^{_ETAG}$", "examples": ['"0"']}),
    Place(
        "header",
        'The person\'s ETag as it was read; "0" for somebody new · 所读人员的 ETag，新增为 "0"',
        IF_MATCH,
    ),
]
IfMatchInstitution = Annotated[
    int,
    Read(_read_version, {"type": "string", "pattern": f"^{_ETAG}$", "examples": ['"0"']}),
    Place(
        "header",
        'The institution\'s ETag as it was read; "0" enrols a new one · 所读机构的 ETag，新机构为 "0"',
        IF_MATCH,
    ),
]
IdempotencyKey = Annotated[
    str,
    matching(_KEY, "identifier_format", longest=128, examples=["JC-2026-000123-1"]),
    Place(
        "header", "New for each filing, the same for its retries · 每次申请唯一，重试不变", IDEMPOTENCY_KEY
    ),
]
Limit = Annotated[
    int,
    Read(_read_limit, {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}),
    Place("query", "Entries per page · 每页条数"),
]
Cursor = Annotated[
    str | None,
    matching("[A-Za-z0-9_-]{1,1024}", "cursor_format", longest=1024),
    Place("query", "`next` of the page before · 上一页的 next"),
]
