"""What checkov found in the template, beside what is explained.

Promise: each finding is either mended or explained in `findings.toml`; an explanation whose finding is gone
is reported too, so that the file says what is so today. Downside: a finding is known by check and resource; a
second fault of the same check at the same resource would pass.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Finding = tuple[str, str]
"""A check's id, such as CKV_AWS_117, and the resource's id in the template."""
_SHORTEST_REASON: Final = 20


class FindingsUnreadable(Exception):
    """checkov's report or the file of explanations can't be used; the message is one line."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings that nobody explained, and explanations of what was not found."""

    unexplained: Mapping[Finding, str]
    """With the name that checkov gives the check."""
    stale: frozenset[Finding]
    explained: int

    @property
    def passed(self) -> bool:
        """Whether what is found is what is explained."""
        return not self.unexplained and not self.stale

    def lines(self) -> list[str]:
        """Say it in lines, one for each finding."""
        counts = f"{self.explained} findings explained, {len(self.unexplained)} not; {len(self.stale)} stale"
        return [
            *(
                f"not explained: {check} at {resource}: {name}"
                for (check, resource), name in sorted(self.unexplained.items())
            ),
            *(f"explained, but not found: {check} at {resource}" for check, resource in sorted(self.stale)),
            f"checkov: {counts}",
        ]


def judge(found: Mapping[Finding, str], explained: Mapping[Finding, str]) -> Judgement:
    """Compare what was found with what is explained."""
    return Judgement(
        unexplained={finding: name for finding, name in found.items() if finding not in explained},
        stale=frozenset(explained.keys() - found.keys()),
        explained=len(found.keys() & explained.keys()),
    )


def read_report(text: str) -> dict[Finding, str]:
    """Return the findings of checkov's JSON report with the checks' names; raises FindingsUnreadable."""
    try:
        report: dict[str, Any] = json.loads(text)
        summary, failed = report["summary"], report["results"]["failed_checks"]
        read = (summary["resource_count"], summary["parsing_errors"])
    except (ValueError, TypeError, KeyError) as error:
        raise FindingsUnreadable(f"checkov wrote no report on a template ({type(error).__name__})") from error
    if not read[0] or read[1]:
        raise FindingsUnreadable(f"checkov read {read[0]} resources, with {read[1]} errors")
    return {
        (check["check_id"], check["resource"].rsplit(".", 1)[-1]): check["check_name"] for check in failed
    }


def read_explanations(text: str) -> dict[Finding, str]:
    """Return the reason of each explained finding; raises FindingsUnreadable."""
    explained: dict[Finding, str] = {}
    for entry in tomllib.loads(text)["explained"]:
        check, reason = entry["check"], entry["reason"]
        if len(reason) < _SHORTEST_REASON:
            raise FindingsUnreadable(f"{check} has no reason")
        for resource in entry["resources"]:
            if (check, resource) in explained:
                raise FindingsUnreadable(f"{check} is explained twice at {resource}")
            explained[check, resource] = reason
    return explained
