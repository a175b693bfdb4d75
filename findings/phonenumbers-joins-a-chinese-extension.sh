#!/usr/bin/env bash
# phonenumbers 9.0.43 (libphonenumber): an extension as people write it in China is refused, or becomes the number.
#
# A bank's branch is reached by 0593-2881234转801, in letters' heads also 0593-2881234-801. With 转 (transfer to)
# the whole text "did not seem to be a phone number", though the same text with "ext." is read. With a hyphen the
# extension is taken for more digits of the subscriber's number: nothing is raised, and the number that comes out
# has three digits too many. Only `is_valid_number` tells.
# Seen: 转 raises NumberParseException; the hyphen gives 5932881234801 without an extension; "ext." gives 801.
# Exits with 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q --disable-pip-version-check phonenumbers==9.0.43
"$folder/env/bin/python" - <<'PY'
import phonenumbers


def read(text):
    """National number and extension, or the name of the error."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as error:
        return type(error).__name__
    return number.national_number, number.extension, phonenumbers.is_valid_number(number)


seen = [read(f"0593-2881234{between}801") for between in (" ext. ", "转", "-")]
print(seen)
expected = [(5932881234, "801", True), "NumberParseException", (5932881234801, None, False)]
raise SystemExit(seen != expected)
PY
