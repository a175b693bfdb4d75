"""A child that logs and answers what it was asked."""

from __future__ import annotations

import json
import sys

from infra.bench.children import reply

sys.stdout.write("a log line\n")
reply({"heard": json.load(sys.stdin)})
