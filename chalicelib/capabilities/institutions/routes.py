"""Routes of the centre: enrol institutions, change or suspend them, and read what is enrolled.

Promise: a change names the version it is based on and its reason, and every version is kept. A suspended
institution files nothing new within a minute; its open cases go on. Downside: a change sends the whole
enrolment, not the part that changes.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, Cursor, IfMatchInstitution, InstitutionId, Limit, etag
from chalicelib.api.refusals import CursorRefused, RequestFault
from chalicelib.api.schemas.base import Answer, DayText, InstantText, Request, within
from chalicelib.api.schemas.fields import Identifier, Name, PastDay, Statement, matching
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
    ElementTable,
    Enrolment,
    Institution,
    InstitutionState,
    Private,
)
from chalicelib.capabilities.institutions.service import enrol, list_enrolled, read_institution
from chalicelib.domain.claim import CaseType
from chalicelib.domain.errors import (
    InstitutionNotFound,
    StaleInstitution,
    UnknownCourt,
)
from chalicelib.use_cases.papers import TableColumn
from chalicelib.use_cases.ports import Hub

operations: Final = Operations("institutions")
_PATH: Final = "/v1/institutions"
_CHANGED: Final = 200
_MOST_TABLES: Final = 10
_MOST_COLUMNS: Final = 150
ElementCode = Annotated[str, matching("[a-z][a-z0-9_.]{0,63}", "code_format", longest=64)]


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


class ColumnIn(Request):
    """A column: an element by its code, or a text that is always the same, or nothing (要素表的一列)."""

    name: Name = Field(description="As the platform calls it · 平台的列名")
    code: ElementCode | None = Field(
        default=None,
        description="As the table in JSON has it; of a party `defendants.1.name` · 要素代码",
        examples=["claims.principal", "defendants.1.name"],
    )
    text: Name | None = Field(default=None, description="Instead of an element · 固定内容")


class TableIn(Request):
    """The columns in which a court's platform wants this institution's complaints of a kind (要素表)."""

    table_id: Identifier = Field(examples=["platform-loans"])
    case_type: CaseType
    columns: list[ColumnIn] = Field(min_length=1, max_length=_MOST_COLUMNS)

    def table(self) -> ElementTable:
        """Return the table."""
        columns = tuple(column.make(TableColumn) for column in self.columns)
        return self.make(ElementTable, columns=columns)


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
    tables: list[TableIn] | None = Field(
        default=None,
        max_length=_MOST_TABLES,
        description="Its own element tables; left out, they stay · 机构自有要素表，不填则保持不变",
    )
    reason: Statement = Field(description="Why, kept with the version · 登记、变更的理由")

    def own_tables(self) -> tuple[ElementTable, ...] | None:
        """Return the tables; None if they stay as they are."""
        return None if self.tables is None else tuple(each.table() for each in self.tables)

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


class ColumnOut(Answer):
    """A column of an element table."""

    name: str
    code: str | None
    text: str | None


class TableOut(Answer):
    """An element table of the institution's own."""

    table_id: str
    case_type: CaseType
    columns: list[ColumnOut]


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
    tables: list[TableOut] = within("institution", "tables")
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
    """Yield the courts that the hub does not serve, and columns of elements that no form has."""
    yield from _column_faults(body.get("tables"))
    courts = body.get("courts")
    for index, court_id in enumerate(courts if isinstance(courts, list) else ()):
        if isinstance(court_id, str):
            try:
                hub.limits_of(court_id)
            except UnknownCourt:
                yield RequestFault(f"/courts/{index}", "unknown_court")


def _column_faults(tables: object) -> Iterator[RequestFault]:
    if not isinstance(tables, list):
        return
    from chalicelib.adapters.documents.registry import is_element  # noqa: PLC0415 - for the few with tables

    for number, table in enumerate(tables):
        columns = table.get("columns") if isinstance(table, dict) else None
        for index, column in enumerate(columns if isinstance(columns, list) else ()):
            code = column.get("code") if isinstance(column, dict) else None
            at = f"/tables/{number}/columns/{index}"
            if isinstance(code, str) and not is_element(str(table.get("case_type")), code):
                yield RequestFault(f"{at}/code", "unknown_element")
            if code is not None and column.get("text") is not None:
                yield RequestFault(f"{at}/text", "code_or_text")


@operations.post(
    _PATH,
    "登记、变更入驻机构",
    Answered(model=EnrolledOut, status=201, headers=("ETag", "Location"), also=(_CHANGED,)),
    actions=(ENROL_INSTITUTION,),
    refusals=(StaleInstitution,),
    check=enrolment_faults,
)
def enrol_institution(call: Call, if_match: IfMatchInstitution, body: InstitutionIn) -> Reply:
    """Enrol an institution, or change or suspend it, for a stated reason.

    Only an enrolled and active institution files, in its own name or a branch's, with a court that it is
    enrolled for; agreements are paid to its enrolled accounts. A suspension holds after a minute at most; the
    institution's open cases go on. The whole enrolment is sent, with the ETag that was read. The same change
    by the same person again gets the first answer.
    """
    with errors_at_pointer({"courts": "/courts"}):
        stored = enrol(
            call.hub,
            call.actor,
            body.institution(),
            body.private(),
            tables=body.own_tables(),
            expected_version=if_match,
            reason=body.reason,
        )
    headers = {"ETag": etag(stored.version), "Location": f"{_PATH}/{body.institution_id}"}
    return Reply(EnrolledOut.of(stored), headers, status=201 if stored.version == 1 else _CHANGED)


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
    Answered(model=InstitutionOut, headers=("ETag",)),
    actions=(READ_INSTITUTION,),
    refusals=(InstitutionNotFound,),
)
def show_institution(call: Call, institution_id: InstitutionId) -> Reply:
    """Read what is enrolled of an institution; an institution reads its own only.

    Send the ETag in `If-Match` with the change that you decide on.
    """
    versions: tuple[Enrolment, ...] = read_institution(call.hub, call.actor, institution_id)
    changes = [ChangeOut.of(version) for version in versions]
    latest = versions[-1]
    return Reply(InstitutionOut.of(latest, changes=changes), {"ETag": etag(latest.version)})
