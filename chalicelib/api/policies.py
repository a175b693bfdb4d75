"""Routes for banks: read, publish and try out their concession policy (减免政策); mediators read any.

Promise: a version that was published never changes, and publishing names the latest version it is based
on (`If-Match`), so that the second of two clerks is refused. The same publication sent again by the same
person gets the first answer. Downside: somebody else's equal publication is refused.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import re
from typing import Final

from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import ID, DryRun, IfMatchPolicy, InstitutionId, etag
from chalicelib.api.schemas.concessions import (
    PolicyBookOut,
    PolicyOut,
    PreviewOut,
    policy_book_out,
    policy_out,
    preview_out,
)
from chalicelib.api.schemas.policies import PolicyIn, PreviewIn, policy_faults, preview_faults
from chalicelib.domain.errors import PolicyNotFound, StalePolicy
from chalicelib.domain.stages import Action
from chalicelib.use_cases.preview_concession import preview_concession
from chalicelib.use_cases.publish_policy import publish_policy
from chalicelib.use_cases.read_policy_book import read_policy_book

operations = Operations("institutions")

_PATH: Final = "/v1/institutions/{institution_id}/concession-policy"
_NOTHING_CREATED: Final = 200
_IN_A_POLICY: Final = {"valid_from": "/valid_from", "valid_to": "/valid_to", "tiers": "/tiers"}
_IN_A_PREVIEW: Final = {
    "tier": "/tier",
    "repayment": "/repayment",
    "paid_within_days": "/days",
    "instalments_up_to": "/payments",
    "claim_up_to": "/owed",
}


@operations.get(
    _PATH,
    "查询减免政策",
    Answered(model=PolicyBookOut, headers=("ETag",)),
    actions=(Action.READ_POLICY,),
    refusals=(PolicyNotFound,),
)
def show_concession_policy(call: Call, institution_id: InstitutionId) -> Reply:
    """Read all versions of an institution's concession policy, and which is in force today.

    Version 1 is the model's default (M12): a lump sum waives all penalty and compound interest, instalments
    half. On a day, the newest version valid then is in force; a case keeps the version it was offered under.
    """
    view = read_policy_book(call.hub, call.actor, _known(institution_id))
    return Reply(policy_book_out(view), {"ETag": etag(view.book.latest_version)})


@operations.post(
    _PATH,
    "发布减免政策新版本",
    Answered(model=PolicyOut, status=201, headers=("ETag",), also=(_NOTHING_CREATED,)),
    actions=(Action.PUBLISH_POLICY,),
    refusals=(PolicyNotFound, StalePolicy),
    check=policy_faults,
)
def publish_concession_policy(
    call: Call,
    institution_id: InstitutionId,
    if_match: IfMatchPolicy,
    body: PolicyIn,
    dry_run: DryRun = False,
) -> Reply:
    """Publish the next version of your concession policy; the earlier ones stay as they are.

    With `dry_run=true` the answer is 200 with the version that would be published, and nothing is stored. The
    ETag is that of the latest version afterwards.
    """
    with errors_at_pointer(_IN_A_POLICY):
        published = publish_policy(
            call.hub,
            call.actor,
            _known(institution_id),
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            tiers=body.domain_tiers(),
            expected_version=if_match,
            dry_run=dry_run,
        )
    if dry_run:
        content = policy_out(published.policy, None)
        return Reply(content, {"ETag": etag(if_match)}, status=_NOTHING_CREATED)
    return Reply(policy_out(published.policy, published), {"ETag": etag(published.policy.version)})


@operations.post(
    f"{_PATH}/preview",
    "试算减免金额",
    Answered(model=PreviewOut),
    actions=(Action.READ_POLICY,),
    refusals=(PolicyNotFound,),
    check=preview_faults,
)
def preview_concession_policy(call: Call, institution_id: InstitutionId, body: PreviewIn) -> Reply:
    """Try out what a tier of the policy in force would waive of a debt; nothing is stored.

    Every condition of the tier that is not met is a fault at its field.
    """
    with errors_at_pointer(_IN_A_PREVIEW):
        concession = preview_concession(
            call.hub,
            call.actor,
            _known(institution_id),
            tier=body.tier,
            proposal=body.proposal(),
            owed=body.owed.amounts(),
        )
    return Reply(preview_out(concession))


def _known(institution_id: str) -> str:
    # Mediators may read any institution's policy, but a text that is no id can't name an institution.
    if re.fullmatch(ID, institution_id) is None:
        raise PolicyNotFound(institution_id)
    return institution_id
