#!/usr/bin/env bash
# python-stdnum 2.2: `stdnum.cn.ric` refuses the true numbers of people born before their district had its code.
#
# Its table says in which years each code of six digits was in use, and `validate` wants the year of birth among
# them. Numbers were first given out in 1984, with the code of that day, whatever the holder's age: the district
# Gulou of Fuzhou has 350102 since 1983, and who was born there in 1950 got a number that begins with it. Such a
# number is "invalid or unknown"; so is a newcomer's with the code of the district that registered the birth late.
# And nothing looks at whether the day has come: a birth in the year 2099 is valid.
# Seen: 350102 with 1984 valid, with 1950 refused; 350902 (since 1999) with 1990 refused; 110101 with 2099 valid.
# The numbers are made up: serial 001 and the check digit that fits.
# Exits with 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q --disable-pip-version-check python-stdnum==2.2
"$folder/env/bin/python" - <<'PY'
from stdnum.cn import ric


def number(district, birth):
    """A number with serial 001 and its check digit."""
    body = f"{district}{birth}001"
    return body + ric.calc_check_digit(body + "0")


seen = {
    (district, birth): ric.is_valid(number(district, birth))
    for district, birth in [
        ("350102", "19840307"),
        ("350102", "19500307"),
        ("350902", "19900307"),
        ("110101", "20990307"),
    ]
}
for (district, birth), valid in seen.items():
    print(f"district {district}, born {birth}: {'valid' if valid else 'refused'}")
raise SystemExit(list(seen.values()) != [True, False, False, True])
PY
