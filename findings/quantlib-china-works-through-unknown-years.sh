#!/usr/bin/env bash
# QuantLib 1.44: its calendar of China takes every weekday of a year it has no table for as a business day.
#
# The table ends with what was published for 2026. Asked about 2027 or 2028 it raises nothing and answers as if
# there were no holidays but the first of January 2027: 1 October 2027, a Friday, and the Monday after the Spring
# Festival's first days are business days, though the law makes them holidays of every year. A due date or a
# deadline that is rolled by it falls on a holiday, and nobody is told that the table is at its end.
# chinesecalendar 1.11.0 raises NotImplementedError for the same year.
# Seen: 19 weekdays off in 2026, 1 in 2027, none in 2028.
# Exits with 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q --disable-pip-version-check QuantLib==1.44 chinesecalendar==1.11.0
"$folder/env/bin/python" - <<'PY'
from datetime import date

import chinese_calendar
import QuantLib

china = QuantLib.China(QuantLib.China.IB)
off = {
    year: len(china.holidayList(QuantLib.Date(1, 1, year), QuantLib.Date(31, 12, year)))
    for year in (2026, 2027, 2028)
}
national_day = china.isBusinessDay(QuantLib.Date(1, 10, 2027))
try:
    other = str(chinese_calendar.is_workday(date(2027, 10, 1)))
except NotImplementedError as error:
    other = type(error).__name__
print(f"weekdays off: {off}; 2027-10-01 a business day: {national_day}; chinesecalendar: {other}")
raise SystemExit((off, national_day, other) != ({2026: 19, 2027: 1, 2028: 0}, True, "NotImplementedError"))
PY
