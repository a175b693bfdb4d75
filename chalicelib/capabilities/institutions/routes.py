"""Routes of the centre: enrol institutions, change or suspend them, and read what is enrolled.

Promise: a change names the version it is based on and its reason, and every version is kept. A suspended
institution files nothing new within a minute; its open cases go on. Downside: a change sends the whole
enrolment, not the part that changes.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, Cursor, IdempotencyKey, InstitutionId, Limit
from chalicelib.api.refusals import CursorRefused, RequestFault
from chalicelib.api.schemas.base import Answer, DayText, InstantText, Request, within
from chalicelib.api.schemas.fields import Identifier, Name, PastDay, Statement, whole_number
from chalicelib.api.schemas.identifiers import Account as AccountNumber
from chalicelib.api.schemas.identifiers import CreditCode, Phone
from chalicelib.capabilities.institutions.declaration import (
    ENROL_INSTITUTION,
    LIST_INSTITUTIONS,
    READ_INSTITUTION,
)
from chalicelib.capabilities.institutions.model import (
    AcceptedRules,
    Account,
    Branch,
    Contact,
    Enrolment,
    Institution,
    InstitutionState,
    Private,
)
from chalicelib.capabilities.institutions.service import enrol, list_enrolled, read_institution
from chalicelib.domain.errors import (
    IdempotencyKeyReused,
    InstitutionNotFound,
    StaleInstitution,
    UnknownCourt,
)
from chalicelib.use_cases.ports import Hub
from chalicelib.use_cases.records import Idempotency

operations: Final = Operations("institutions")
_PATH: Final = "/v1/institutions"


class BranchIn(Request):
    """A branch in whose name the institution files (分支机构); one without a code has the institution's."""

    name: Name
    unified_social_credit_code: CreditCode


class ContactIn(Request):
    """Whom the centre rings (联系人)."""

    name: Name
    phone: Phone
    duty: Name | None = Field(default=None, description="职责")


class AccountIn(Request):
    """An account that agreements may name to be paid to (收款账户)."""

    holder: Name
    number: AccountNumber
    bank: Name


class RulesIn(Request):
    """A version of the joint rules that the institution accepted (共同规则)."""

    version: Identifier
    accepted_on: PastDay


class InstitutionIn(Request):
    """What is enrolled of an institution, as a whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "institution_id": "bank-rcb",
                    "name": "示例农村商业银行股份有限公司",
                    "unified_social_credit_code": "91350100M000100Y43",
                    "courts": ["jiaocheng"],
                    "accounts": [
                        {
                            "holder": "示例农村商业银行股份有限公司",
                            "number": "6217000000000000004",
                            "bank": "示例农村商业银行蕉城支行",
                        }
                    ],
                    "version": 0,
                    "reason": "签订入驻协议",
                }
            ]
        }
    )

    institution_id: Identifier = Field(description="The institution's id, as in its token · 机构编号")
    name: Name = Field(description="The legal name, as in its registration · 法定名称")
    unified_social_credit_code: CreditCode
    state: InstitutionState = Field(
        default=InstitutionState.ACTIVE,
        description="A suspended institution files nothing new; its open cases go on · 暂停后不得提交新申请",
    )
    courts: list[Identifier] = Field(
        max_length=50,
        json_schema_extra={"uniqueItems": True},
        description="The courts it may file with; a centre adds and removes its own only · 可申请的法院",
    )
    branches: list[BranchIn] = Field(default_factory=list, max_length=500, description="分支机构")
    contacts: list[ContactIn] = Field(default_factory=list, max_length=20, description="联系人")
    accounts: list[AccountIn] = Field(default_factory=list, max_length=100, description="收款账户")
    joint_rules: list[RulesIn] = Field(default_factory=list, max_length=50, description="已接受的共同规则")
    version: Annotated[int, whole_number(least=0, most=99_999_998)] = Field(
        description="The version as it was read; 0 enrols a new institution · 所读版本，新机构为 0"
    )
    reason: Statement = Field(description="Why, kept with the version · 登记、变更的理由")

    def institution(self) -> Institution:
        """Return the institution."""
        return Institution(
            institution_id=self.institution_id,
            name=self.name,
            credit_code=self.unified_social_credit_code,
            state=self.state,
            courts=tuple(dict.fromkeys(self.courts)),
            branches=tuple(
                Branch(name=branch.name, credit_code=branch.unified_social_credit_code)
                for branch in self.branches
            ),
            joint_rules=tuple(rules.make(AcceptedRules) for rules in self.joint_rules),
        )

    def private(self) -> Private:
        """Return what is stored sealed."""
        return Private(
            contacts=tuple(contact.make(Contact) for contact in self.contacts),
            accounts=tuple(account.make(Account) for account in self.accounts),
        )


class BranchOut(Answer):
    """A branch."""

    name: str
    unified_social_credit_code: str = within("credit_code")


class ContactOut(Answer):
    """A contact."""

    name: str
    phone: str
    duty: str | None


class AccountOut(Answer):
    """An account."""

    holder: str
    number: str
    bank: str


class RulesOut(Answer):
    """A version of the joint rules, and since when it is accepted."""

    version: str
    accepted_on: DayText


class ListedOut(Answer):
    """An institution in the list."""

    institution_id: str = within("institution", "institution_id")
    name: str = within("institution", "name")
    unified_social_credit_code: str = within("institution", "credit_code")
    state: InstitutionState = within("institution", "state")
    courts: list[str] = within("institution", "courts")
    version: int
    at: InstantText


class ChangeOut(Answer):
    """A version: when it was stored, by whom (`sub` of the token) and why."""

    version: int
    at: InstantText
    by: str
    reason: str


class InstitutionOut(ListedOut):
    """What is enrolled of an institution now."""

    branches: list[BranchOut] = within("institution", "branches")
    joint_rules: list[RulesOut] = within("institution", "joint_rules")
    contacts: list[ContactOut] = within("private", "contacts")
    accounts: list[AccountOut] = within("private", "accounts")
    changes: list[ChangeOut] = Field(description="Every version, the first one first · 历次登记")


class InstitutionListOut(Answer):
    """One page of the institutions, by their ids."""

    items: list[ListedOut]
    next: str | None


class EnrolledOut(ListedOut):
    """The version that was stored."""

    by: str
    reason: str


def enrolment_faults(body: Mapping[str, Any], hub: Hub) -> Iterator[RequestFault]:
    """Yield the courts that the hub does not serve."""
    courts = body.get("courts")
    for index, court_id in enumerate(courts if isinstance(courts, list) else ()):
        if isinstance(court_id, str):
            try:
                hub.limits_of(court_id)
            except UnknownCourt:
                yield RequestFault(f"/courts/{index}", "unknown_court")


@operations.post(
    _PATH,
    "登记、变更入驻机构",
    Answered(model=EnrolledOut, status=201, headers=("Location", "Idempotent-Replayed")),
    actions=(ENROL_INSTITUTION,),
    refusals=(StaleInstitution, IdempotencyKeyReused),
    check=enrolment_faults,
)
def enrol_institution(call: Call, idempotency_key: IdempotencyKey, body: InstitutionIn) -> Reply:
    """Enrol an institution, or change or suspend it, for a stated reason.

    Only an enrolled and active institution files, in its own name or a branch's, with a court that it is
    enrolled for; agreements are paid to its enrolled accounts. A suspension holds after a minute at most; the
    institution's open cases go on. The whole enrolment is sent, with the `version` that was read.
    """
    idempotency = Idempotency(
        caller=f"{call.actor.role}#{call.actor.subject}", key=idempotency_key, body_sha256=_digest(call.body)
    )
    with errors_at_pointer({"courts": "/courts"}):
        stored = enrol(
            call.hub,
            call.actor,
            body.institution(),
            body.private(),
            expected_version=body.version,
            reason=body.reason,
            idempotency=idempotency,
        )
    location = f"{_PATH}/{stored.enrolment.institution.institution_id}"
    replayed = {"Idempotent-Replayed": "true"} if stored.replayed else {}
    return Reply(EnrolledOut.of(stored.enrolment), {"Location": location, **replayed})


@operations.get(
    _PATH,
    "查询入驻机构列表",
    Answered(model=InstitutionListOut),
    actions=(LIST_INSTITUTIONS,),
    refusals=(CursorRefused,),
)
def list_institutions(call: Call, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Reply:
    """List the enrolled institutions by their ids, without contacts and accounts."""
    page = list_enrolled(call.hub, call.actor, place_of(cursor, call.actor, _PATH) or "", limit)
    following = cursor_for(call.actor, _PATH, page.after) if page.after else None
    return Reply(InstitutionListOut(items=[ListedOut.of(each) for each in page.institutions], next=following))


@operations.get(
    f"{_PATH}/{{institution_id}}",
    "查询入驻机构",
    Answered(model=InstitutionOut),
    actions=(READ_INSTITUTION,),
    refusals=(InstitutionNotFound,),
)
def show_institution(call: Call, institution_id: InstitutionId) -> Reply:
    """Read what is enrolled of an institution; an institution reads its own only."""
    versions: tuple[Enrolment, ...] = read_institution(call.hub, call.actor, institution_id)
    changes = [ChangeOut.of(version) for version in versions]
    return Reply(InstitutionOut.of(versions[-1], changes=changes))


def _digest(body: Mapping[str, Any]) -> str:
    # Hash the content, not the bytes: a retry may write the same JSON in another order.
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
