"""Runs with the packages of `sam.txt`: reads {"template", "parameters"}, writes the plain template."""

from __future__ import annotations

import json
import sys
from typing import Any

from samtranslator.translator.transform import transform  # type: ignore[import-not-found]


class NoManagedPolicies:
    """Stands for a look at the account: the hub's functions have policies of their own."""

    def load(self) -> dict[str, Any]:
        """Return no policy."""
        return {}


asked = json.load(sys.stdin)
json.dump(transform(asked["template"], asked["parameters"], NoManagedPolicies()), sys.stdout)
