"""The merge template: everything of the stack that Chalice does not generate.

Promise: `build(stage)` is plain data and the single source for the hub's resources, for AWS (merged
into Chalice's template by `infra.package`) and for the local stack (created from it with boto3). Each
module holds one subject. Downside: parts of it (functions, API) are additions to resources that only
Chalice's template completes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.template import (
    alarms,
    api,
    dashboard,
    documents,
    functions,
    parameters,
    queries,
    queues,
    release,
    storage,
    workflow,
)
from infra.template.stages import STAGES

if TYPE_CHECKING:
    from infra.template.intrinsics import Template

SUBJECTS = (storage, documents, queues, workflow, functions, release, api, alarms, dashboard, queries)


def build(stage: str) -> Template:
    """Return the merge template of a stage. Raises KeyError for a stage that does not exist."""
    settings = STAGES[stage]
    resources = {
        logical_id: resource
        for subject in SUBJECTS
        for logical_id, resource in subject.resources(settings).items()
    }
    return {
        "Description": f"Jiefen Hub (解纷枢纽), stage {stage}",
        "Parameters": parameters.parameters(settings),
        "Conditions": parameters.conditions(),
        "Resources": resources,
        "Outputs": api.outputs(),
    }
