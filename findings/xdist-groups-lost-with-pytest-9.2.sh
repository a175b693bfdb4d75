#!/usr/bin/env bash
# pytest-xdist 3.8.0 and pytest 9.2.0: `--dist loadgroup` no longer keeps a group in one worker, and says nothing.
#
# xdist hands tests out by their ids and marks a group by adding "@group" to the private attribute of an item
# that held the id. pytest 9.2.0 computes the id from another attribute, so the addition is lost: three tests of
# one group go to two workers, and what they share is set up twice. With pytest 9.1.1 all is as documented.
# Seen: 9.1.1 one worker, ids end in "@shared"; 9.2.0 two workers, ids without it; both exit with 0.
# Exits with 1 when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/test_group.py" <<'PY'
import pytest

pytestmark = pytest.mark.xdist_group("shared")


@pytest.mark.parametrize("number", range(3))
def test_in_the_group(number):
    pass
PY

# Print how many workers ran the group with this version of pytest.
workers_with() {
  python3 -m venv "$folder/$1"
  "$folder/$1/bin/pip" install -q --disable-pip-version-check "pytest==$1" pytest-xdist==3.8.0
  (cd "$folder" && "$folder/$1/bin/pytest" -p no:cacheprovider -v -n 2 --dist loadgroup test_group.py) |
    grep -o '^\[gw[0-9]*\]' | sort -u | wc -l
}

before=$(workers_with 9.1.1)
after=$(workers_with 9.2.0)
echo "pytest 9.1.1: $before worker(s); pytest 9.2.0: $after worker(s)"
[ "$before" -eq 1 ] && [ "$after" -eq 2 ]
