"""An element table opens as a spreadsheet: LibreOffice reads every sheet, and computes nothing."""

from __future__ import annotations

import csv
import io
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.views.court import LoanComplaint
from tests.engines.test_libreoffice import soffice
from tests.support.engines import needs
from tests.unit.documents.samples import SAMPLES

__all__ = ["soffice"]
_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def test_every_sheet_of_a_table_is_read(soffice: str, tmp_path: Path) -> None:
    """A text that begins like a formula is shown as it is, and an amount is a number."""
    spreadsheet = Path(soffice).resolve().with_name("libsclo.so")
    needs("LibreOffice", None if spreadsheet.exists() else "Calc is not installed (libreoffice-calc-nogui)")
    view: Any = SAMPLES[LoanComplaint]
    formula = "=1+1"
    view = replace(view, facts=replace(view.facts, contract_name=formula))
    (tmp_path / "table.xlsx").write_bytes(render(view, "xlsx").content)
    subprocess.run(  # noqa: S603 - a fixed program
        [
            soffice,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *("--headless", "--convert-to", _EVERY_SHEET, "--outdir", str(tmp_path)),
            str(tmp_path / "table.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    read = {
        path.stem: list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        for path in tmp_path.glob("*.csv")
    }
    assert sorted(read) == ["table-当事人", "table-要素表", "table-说明"]
    names, line = read["table-要素表"]
    held = dict(zip(names, line, strict=True))
    assert held["合同签订情况（名称、编号、签订时间、地点）：合同名称"] == formula
    assert held["本金：尚欠本金"] == "150000"
    assert len(read["table-当事人"]) == 12
