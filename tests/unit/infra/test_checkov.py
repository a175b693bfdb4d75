"""What checkov finds is mended or explained, and what is explained is found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from infra.checkov.__main__ import EXPLANATIONS, main
from infra.checkov.findings import FindingsUnreadable, judge, read_explanations, read_report

if TYPE_CHECKING:
    from pathlib import Path

REASON = "Nothing it uses is inside a VPC."


def report(*failed: tuple[str, str], resources: int = 3, errors: int = 0) -> str:
    """Write a report as checkov does."""
    checks = [{"check_id": id_, "check_name": "Ensure it", "resource": f"AWS::X.{at}"} for id_, at in failed]
    summary = {"resource_count": resources, "parsing_errors": errors, "failed": len(failed)}
    return json.dumps(
        {"check_type": "cloudformation", "results": {"failed_checks": checks}, "summary": summary}
    )


def explanations(*resources: str, reason: str = REASON) -> str:
    """Write the file of explanations with one check."""
    return f'[[explained]]\ncheck = "CKV_1"\nresources = {json.dumps(resources)}\nreason = "{reason}"\n'


def test_what_is_found_and_explained_passes() -> None:
    judgement = judge(read_report(report(("CKV_1", "Relay"))), read_explanations(explanations("Relay")))
    assert judgement.passed
    assert judgement.explained == 1


@pytest.mark.parametrize("finding", [("CKV_1", "Court"), ("CKV_2", "Relay")])
def test_a_finding_that_is_not_explained_fails_and_is_named(finding: tuple[str, str]) -> None:
    """Another resource of an explained check, and another check at an explained resource."""
    found = read_report(report(("CKV_1", "Relay"), finding))
    judgement = judge(found, read_explanations(explanations("Relay")))
    assert not judgement.passed
    assert judgement.lines()[0] == f"not explained: {finding[0]} at {finding[1]}: Ensure it"


def test_an_explanation_whose_finding_is_gone_fails_and_is_named() -> None:
    judgement = judge({}, read_explanations(explanations("Relay")))
    assert not judgement.passed
    assert judgement.lines()[0] == "explained, but not found: CKV_1 at Relay"


@pytest.mark.parametrize(
    "unusable", ["", "[]", '{"passed": 0, "failed": 0}', report(resources=0), report(errors=1)]
)
def test_a_report_that_read_no_template_is_no_report(unusable: str) -> None:
    """A checkov that crashed, or did not understand the file, finds nothing."""
    with pytest.raises(FindingsUnreadable):
        read_report(unusable)


@pytest.mark.parametrize("text", [explanations("Relay", reason="ok"), explanations("Relay", "Relay")])
def test_an_explanation_has_a_reason_and_stands_once(text: str) -> None:
    with pytest.raises(FindingsUnreadable):
        read_explanations(text)


def test_the_command_judges_productions_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its exit code is 1 for a finding without a reason, 0 for one with it, 2 where nothing was judged."""
    judged: list[str] = []

    def find_one(template: Path) -> str:
        judged.append(json.loads(template.read_text(encoding="utf-8"))["Description"])
        return report(("CKV_1", "Relay"))

    file = tmp_path / "findings.toml"
    codes = []
    for resources in (["Relay"], ["Court"]):
        file.write_text(explanations(*resources), encoding="utf-8")
        codes.append(main(find_one, file))
    codes.append(main(lambda _: "", file))
    assert codes == [0, 1, 2]
    assert set(judged) == {"Jiefen Hub (解纷枢纽), stage prod"}
    assert "not explained: CKV_1 at Relay" in capsys.readouterr().out


def test_every_reason_of_the_file_can_be_read() -> None:
    """None is missing and none stands twice; whether each is needed, `make checkov` says."""
    assert read_explanations(EXPLANATIONS.read_text(encoding="utf-8"))
