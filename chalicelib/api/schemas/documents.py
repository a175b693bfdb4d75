"""The papers of a case: what is asked for, and how a stored one is listed.

Promise: the request brings what no record holds (undisputed facts, an address to be served at) and nothing
that one does. Downside: which fields a kind needs is told by the refusal that names them, not by the schema.
"""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from chalicelib.api.schemas.base import Answer, InstantText, Request, within
from chalicelib.api.schemas.fields import Address, Identifier, Name, matching, visible
from chalicelib.api.schemas.identifiers import Phone
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.roles import Role
from chalicelib.use_cases.papers import PaperRequest, ServiceAddress

_MOST_FACTS: Final = 50
_LONGEST_FACT: Final = 1000

Template = Annotated[
    str,
    matching("[a-z_]{1,40}/[0-9]{1,4}", "template_format", longest=45, examples=["loan_complaint/2024"]),
]
FactText = Annotated[str, visible(longest=_LONGEST_FACT)]
Electronic = Annotated[str, visible(longest=100)]


class ServiceIn(Request):
    """Where a party is served (送达地址)."""

    address: Address
    recipient: Name = Field(description="收件人")
    phone: Phone
    electronic: Electronic | None = Field(
        default=None,
        description="How and where; left out: not accepted · 电子送达方式，不填即不接受",
        examples=["短信 13800001234"],
    )

    def service(self) -> ServiceAddress:
        """Return the address as papers show it."""
        return self.make(ServiceAddress)


class DocumentIn(Request):
    """Which paper is wanted, and what it needs beside the case."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "mediation_agreement"},
                {"kind": "undisputed_facts", "format": "docx", "facts": ["借款本金已于2025年1月6日发放。"]},
            ]
        }
    )

    kind: PaperKind
    format: Literal["pdf", "docx", "xlsx", "json"] = Field(
        default="pdf",
        description="`xlsx`, `json`: the element table of a complaint · 起诉状的要素表可为 xlsx、json",
    )
    template: Template | None = Field(
        default=None, description="An older wording; left out: the newest · 指定旧版模板"
    )
    table: Identifier | None = Field(
        default=None,
        description="One of the institution's own element tables; left out: the form's · 机构自有要素表",
    )
    party_id: Identifier | None = Field(default=None, description="Whose service address · 所涉当事人")
    facts: list[FactText] = Field(
        default_factory=list, max_length=_MOST_FACTS, description="For undisputed_facts · 无争议事实"
    )
    service: ServiceIn | None = Field(default=None, description="For service_address · 送达地址")

    def request(self) -> PaperRequest:
        """Return the use case's request."""
        return PaperRequest(
            kind=self.kind,
            wanted=self.format,
            template_id=self.template,
            table_id=self.table,
            party_id=self.party_id,
            facts=tuple(self.facts),
            service=self.service.service() if self.service else None,
        )


class CaseDocumentOut(Answer):
    """A stored paper; its id is the SHA-256 of its bytes."""

    document_id: str
    kind: PaperKind
    template_id: str
    media_type: str
    size: int = Field(description="Bytes · 字节数")
    sha256: str
    party_id: str | None = Field(description="Whose address it confirms · 所涉当事人")
    signs: str | None = within("of", description="The document that it is the signed form of · 所签署的文书")
    made_by: Role
    made_at: InstantText


class CaseDocumentListOut(Answer):
    """The papers of a case that the caller may see, the oldest first."""

    items: list[CaseDocumentOut]
