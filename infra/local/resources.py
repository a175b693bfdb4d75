"""Creates the hub's resources from its CloudFormation template, on any AWS-compatible endpoint.

The template is the single source: what is deployed is what runs locally. Needed because moto's
CloudFormation cannot deploy the whole stack. It may run twice: existing resources are used and brought
up to date. boto3 reads the endpoint from AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_DYNAMODB.

Downside: only what the hub itself talks to is created; roles, policies, logs and alarms are not, and a local
table is not encrypted, protected or backed up.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from infra.local import creators
from infra.local.creators import CREATORS, Made, Make
from infra.local.template_values import Template, UnresolvableValueError, Values

LOSE_WORKFLOWS_PATH = "/hub-local/lose-workflows"
ACTIVITY_PATH = "/hub-local/activity"
TIME_PATH = "/hub-local/time"

_STAGED_NAME = re.compile(r"\bjiefen-hub-(?:dev|prod)\b")
"""The start of every physical name in the template; locally it carries the local stage instead."""

Clients = Callable[[str], Any]


class WrongRegionError(RuntimeError):
    """The endpoint does not serve the region's partition: LocalStack puts everything of China elsewhere."""


@dataclass(frozen=True, slots=True)
class Resources:
    """The created resources by logical id, and the environment variables that name them."""

    made: Mapping[str, Made]
    environment: Mapping[str, str]

    def ref(self, logical_id: str) -> str:
        """Return the value of Ref: a queue's URL, a table's or bucket's name, an ARN."""
        return self.made[logical_id].ref


def create(
    template: Template,
    clients: Clients | None = None,
    *,
    stage: str,
    secret: str | None = None,
    parameters: Mapping[str, str] | None = None,
    queue_visibility_seconds: int | None = None,
) -> Resources:
    """Create what the template describes, named after `stage`; `secret` becomes each secret's text.

    `clients` makes a boto3 client by service name. `queue_visibility_seconds` replaces the visibility
    time-out of the queues, which is meant for real courts, not for compressed time. Raises
    UnresolvableValueError, WrongRegionError, and StaleResourceError where a resource of that name exists and
    differs in a property that cannot be changed.
    """
    renamed: Template = json.loads(_STAGED_NAME.sub(f"jiefen-hub-{stage}", json.dumps(template)))
    overrides = creators.Overrides(secret=secret, queue_visibility_seconds=queue_visibility_seconds)
    builder = _Builder(renamed, clients or default_clients, parameters or {}, overrides)
    made = {
        logical_id: builder.made(logical_id)
        for logical_id, resource in renamed["Resources"].items()
        if resource.get("Type") in CREATORS
    }
    return Resources(made, {**builder.environment(), "HUB_STAGE": stage})


def default_clients(service: str) -> Any:
    """Make a client for whatever the environment names; S3 by path, as a local host has no subdomains."""
    config = Config(s3={"addressing_style": "path"}) if service == "s3" else None
    make: Any = boto3.client
    return make(service, config=config)


def lose_workflows(aws_url: str) -> dict[str, int]:
    """Make the emulator forget every execution and empty every queue; returns how many of each.

    Only our moto server can do that; another endpoint raises RuntimeError.
    """
    request = urllib.request.Request(aws_url.rstrip("/") + LOSE_WORKFLOWS_PATH, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            counts: dict[str, int] = json.load(answer)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        raise RuntimeError(f"{aws_url} cannot lose its workflows on demand") from refusal
    return counts


class _Builder:
    """Creates resources in the order of their references."""

    def __init__(
        self,
        template: Template,
        clients: Clients,
        parameters: Mapping[str, str],
        overrides: creators.Overrides,
    ) -> None:
        self._resources: Template = template["Resources"]
        self._made: dict[str, Made] = {}
        self._being_made: set[str] = set()
        sts = clients("sts")
        caller, region, partition = sts.get_caller_identity(), sts.meta.region_name, sts.meta.partition
        account, served = caller["Account"], caller["Arn"].split(":")[1]
        if served != partition:
            raise WrongRegionError(
                f"the endpoint serves {served}, {region} is of {partition}: set AWS_REGION"
            )
        self._values = Values(
            template,
            self._attribute,
            {"AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": partition},
            parameters,
        )
        self._roles = f"arn:{partition}:iam::{account}:role"
        self._make = Make(clients, self._values.resolve, template, overrides)

    def made(self, logical_id: str) -> Made:
        """Return a resource, created now if it was not yet."""
        if logical_id not in self._made:
            if logical_id in self._being_made:
                raise UnresolvableValueError(f"{logical_id} refers to itself")
            self._being_made.add(logical_id)
            resource = self._resources[logical_id]
            create_one = CREATORS[resource["Type"]]
            self._made[logical_id] = create_one(self._make, logical_id, resource.get("Properties", {}))
        return self._made[logical_id]

    def environment(self) -> dict[str, str]:
        """Return the functions' variables that stand for a created resource."""
        variables = [
            variable
            for resource in self._resources.values()
            for variable in resource.get("Properties", {}).get("Environment", {}).get("Variables", {}).items()
        ]
        return {
            name: self._values.resolve(value) for name, value in variables if self._names_a_made_one(value)
        }

    def _names_a_made_one(self, value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        target = value.get("Ref") or value.get("Fn::GetAtt", [None])[0]
        return target in self._made

    def _attribute(self, logical_id: str, attribute: str | None) -> Any:
        kind = self._resources.get(logical_id, {}).get("Type")
        if kind in CREATORS:
            made = self.made(logical_id)
            if attribute is None:
                return made.ref
            if attribute in made.attributes:
                return made.attributes[attribute]
        if kind == "AWS::IAM::Role" and attribute == "Arn":
            # Any ARN will do: no role is checked locally.
            return f"{self._roles}/{logical_id}"
        wanted = logical_id if attribute is None else f"{logical_id}.{attribute}"
        raise UnresolvableValueError(f"{wanted} ({kind or 'not in the template'}) is not known locally")
