"""What every test run has in common."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

from tests.support.examples import DEFAULT

# A shared machine is slow now and then: time is never what a property is about.
settings.register_profile(
    "hub",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    max_examples=DEFAULT,
)
# What `make test-long` runs: many more examples, others each time.
settings.register_profile("long", settings.get_profile("hub"), max_examples=1000, derandomize=False)
# Mutation testing runs the tests thousands of times and only asks whether one fails, not why.
settings.register_profile(
    "mutants", settings.get_profile("hub"), max_examples=30, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("hub")

# No test may find real credentials or a real region by accident.
os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
os.environ.setdefault("AWS_DEFAULT_REGION", "cn-north-1")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")

pytest_plugins = ["tests.support.aws"]
