"""Saved queries over the functions' logs: what is asked first when something went wrong.

Promise: each stands in CloudWatch Logs Insights under the stack's name, over the log groups it needs and no
others; where it needs a case or an institution, its first line says so. Downside: it reads logs for as long
as they are kept, a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infra.template.chalice_config import API_HANDLER, functions, log_group_id
from infra.template.intrinsics import Template, ref

if TYPE_CHECKING:
    from infra.template.stages import Stage

_ONE_CASE: Final = """# put the case's id in the place of CASE; correlation_id leads to the rest of a request
filter case_id = 'CASE'
| fields @timestamp, function, message, event, role, sequence, route, status, code, error, correlation_id
| sort @timestamp asc
| limit 10000"""
_REFUSALS: Final = """# put the institution's id in the place of INSTITUTION
filter message = 'request' and institution_id = 'INSTITUTION' and status >= 400
| stats count(*) as refusals, latest(case_id) as last_case, latest(correlation_id) as last_chain
    by route, status, code
| sort refusals desc"""
_SLOWEST: Final = """filter message = 'request'
| stats count(*) as requests, pct(milliseconds, 50) as p50, pct(milliseconds, 99) as p99, max(milliseconds)
    by method, route
| sort p99 desc
| limit 50"""


def resources(stage: Stage) -> Template:
    """Return the saved queries."""
    everywhere = tuple(functions())
    return {
        "OneCaseQuery": _query(stage, "one case", _ONE_CASE, everywhere),
        "RefusalsQuery": _query(stage, "a bank's refusals", _REFUSALS, (API_HANDLER,)),
        "SlowestRoutesQuery": _query(stage, "slowest routes", _SLOWEST, (API_HANDLER,)),
    }


def _query(stage: Stage, name: str, text: str, of_functions: tuple[str, ...]) -> Template:
    return {
        "Type": "AWS::Logs::QueryDefinition",
        "Properties": {
            "Name": f"{stage.prefix}/{name}",
            "QueryString": text,
            "LogGroupNames": [ref(log_group_id(function)) for function in of_functions],
        },
    }
