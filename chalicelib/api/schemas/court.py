"""What courts send and fetch: callbacks of the one-network contract, and dossiers.

Promise: a callback becomes the command it stands for; of its free text nothing enters the case.
Downside: the contract (docs/one-network.openapi.yaml) is written by hand; a test holds these models to it.
"""

import re
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, RootModel, ValidationInfo, field_validator

from chalicelib.api.schemas.base import Answer, Request
from chalicelib.api.schemas.cases import ClaimOut
from chalicelib.api.schemas.fields import Code, Day, Instant, Read, TransferId, refuse, string
from chalicelib.domain.agreement.confirmation import RejectionGround, Ruling
from chalicelib.domain.claim import CaseType
from chalicelib.domain.court_commands import RecordDocketing, RecordRefusal, RecordReview, RecordRuling
from chalicelib.domain.id_documents import IdDocument
from chalicelib.domain.liability import LiabilityKind
from chalicelib.domain.parties import PartyKind, Side
from chalicelib.domain.representatives import Authority, RepresentativeKind
from chalicelib.domain.transfer import Docketing, Procedure, ReviewReason, ReviewResult

_CASE_NUMBER: Final = r"[（(][0-9]{4}[）)][\u4e00-\u9fa5]{1,4}[0-9]{0,6}[\u4e00-\u9fa5]{1,8}[0-9]{1,9}号"
_WHOLE_DOSSIER: Final = "dossier"
_MOST_REASONS: Final = 500
_LONGEST_TEXT: Final = 500


def _read_case_number(value: object) -> str:
    text = string(value)
    if re.fullmatch(_CASE_NUMBER, text) is None:
        refuse("court_case_number_format")
    return text.replace("(", "（").replace(")", "）")


def _read_court_text(value: object) -> str:
    if len(text := string(value)) > _LONGEST_TEXT:
        refuse("too_long", max=_LONGEST_TEXT)
    return text


CourtText = Annotated[str, Read(_read_court_text, {"type": "string", "maxLength": _LONGEST_TEXT})]
CourtCaseNumber = Annotated[
    str,
    Read(
        _read_case_number,
        {"type": "string", "pattern": f"^{_CASE_NUMBER}$", "examples": ["（2026）闽0902民初123号"]},
    ),
]


class ReasonIn(Request):
    """What is wrong with which document; null is the dossier as a whole."""

    document_id: TransferId | None
    code: Code
    message: CourtText

    def reason(self) -> ReviewReason:
        """Return what the case records: the code, without the text."""
        return ReviewReason(document_id=self.document_id or _WHOLE_DOSSIER, code=self.code)


class ReviewIn(Request):
    """The registry's review (审核结果)."""

    filing_id: TransferId
    result: ReviewResult
    reasons: list[ReasonIn] = Field(max_length=_MOST_REASONS)


class DocketingIn(Request):
    """The docketing (立案)."""

    filing_id: TransferId
    official_filing_date: Day
    docketed_at: Instant
    court_case_number: CourtCaseNumber
    judge_id: TransferId
    procedure: Procedure | None = Field(description="Null for an enforcement (执行) · 执行案件为空")


class RefusalIn(Request):
    """The refusal of the suit (不予受理)."""

    filing_id: TransferId
    code: Code
    message: CourtText


class RulingIn(Request):
    """The ruling on an application for judicial confirmation (司法确认裁定)."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"ruling": {"const": "rejected"}}},
            "then": {"properties": {"ground": {"type": "string"}}},
            "else": {"properties": {"ground": {"type": "null"}}},
        }
    )

    filing_id: TransferId
    court_case_number: CourtCaseNumber
    judge_id: TransferId
    ruling: Literal["confirmed", "rejected"]
    ruled_on: Day
    ground: RejectionGround | None = Field(description="Set exactly when rejected · 仅在驳回时填写")
    message: CourtText = ""

    @field_validator("ground")
    @classmethod
    def _fits_the_ruling(cls, ground: RejectionGround | None, said: ValidationInfo) -> RejectionGround | None:
        match said.data.get("ruling"), ground:
            case "rejected", None:
                refuse("ground_missing")
            case "confirmed", RejectionGround():
                refuse("ground_unexpected")
        return ground


class _Callback(Request):
    court_id: TransferId
    transfer_id: TransferId
    occurred_at: Instant


class ReviewedIn(_Callback):
    """The court has reviewed a submission."""

    type: Literal["filing.reviewed"]
    data: ReviewIn

    def command(self) -> RecordReview:
        """Return the command."""
        return RecordReview(
            transfer_id=self.transfer_id,
            result=self.data.result,
            filing_id=self.data.filing_id,
            reasons=tuple(entry.reason() for entry in self.data.reasons),
        )


class DocketedIn(_Callback):
    """The court has docketed the case."""

    type: Literal["filing.docketed"]
    data: DocketingIn

    def command(self) -> RecordDocketing:
        """Return the command."""
        return RecordDocketing(
            transfer_id=self.transfer_id,
            filing_id=self.data.filing_id,
            docketing=Docketing(
                court_case_number=self.data.court_case_number,
                judge_id=self.data.judge_id,
                procedure=self.data.procedure,
                official_filing_date=self.data.official_filing_date,
            ),
        )


class RefusedIn(_Callback):
    """The court refuses the suit."""

    type: Literal["filing.refused"]
    data: RefusalIn

    def command(self) -> RecordRefusal:
        """Return the command."""
        return RecordRefusal(transfer_id=self.transfer_id, filing_id=self.data.filing_id, code=self.data.code)


class RuledIn(_Callback):
    """The court has ruled on an application for judicial confirmation."""

    type: Literal["confirmation.ruled"]
    data: RulingIn

    def command(self) -> RecordRuling:
        """Return the command."""
        return RecordRuling(
            transfer_id=self.transfer_id,
            filing_id=self.data.filing_id,
            court_case_number=self.data.court_case_number,
            judge_id=self.data.judge_id,
            ruling=Ruling(on=self.data.ruled_on, rejected_for=self.data.ground),
        )


class CallbackIn(RootModel[ReviewedIn | DocketedIn | RefusedIn | RuledIn]):
    """A court's message about a transfer, as in docs/one-network.openapi.yaml."""

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "filing.reviewed",
                    "court_id": "jiaocheng",
                    "transfer_id": "01K7-T1",
                    "occurred_at": "2026-02-06T01:20:00Z",
                    "data": {"filing_id": "F2026000017", "result": "received", "reasons": []},
                }
            ]
        },
    )
    root: Annotated[ReviewedIn | DocketedIn | RefusedIn | RuledIn, Field(discriminator="type")]


class CallbackOut(Answer):
    """The acknowledgement; sent only when the callback is stored."""

    callback_id: str
    duplicate: bool = Field(description="Stored before: nothing new happens · 此前已存储")


class DossierLiabilityOut(Answer):
    """As what a respondent answers, and the terms as the institution stated them (责任性质)."""

    kind: LiabilityKind
    contract_number: str | None
    scope: str | None
    maximum: str | None
    starts: str | None
    ends: str | None
    thing: str | None
    registered: bool | None
    deceased: str | None


class DossierRepresentativeOut(Answer):
    """Who represents or assists a party (法定代表人、负责人、委托代理人、近亲属)."""

    kind: RepresentativeKind
    name: str
    phone: str | None
    position: str | None
    firm: str | None
    authority: Authority | None
    letter_number: str | None
    relation: str | None


class DossierPartyOut(Answer):
    """A party in full, for the court alone."""

    party_id: str
    side: Side
    kind: PartyKind
    name: str
    id_number: str
    id_document: IdDocument | None = None
    phone: str
    address: str
    liability: DossierLiabilityOut | None = Field(default=None, description="Of respondents · 被申请人的责任")
    representatives: list[DossierRepresentativeOut] = Field(default_factory=list)


class DocumentOut(Answer):
    """A document of the dossier; its bytes are fetched by its id."""

    document_id: str
    kind: str
    media_type: str
    size: int = Field(description="Bytes · 字节数")
    sha256: str


class DossierLateOut(Answer):
    """Doubled interest for late performance of what is enforced (加倍部分债务利息): yuan, percent a day."""

    base: str
    days: int
    daily_percent: str
    amount: str


class DossierOut(Answer):
    """A transfer's dossier, as it was when it was built."""

    transfer_id: str
    court_id: str
    institution_id: str
    case_type: CaseType
    contract_number: str
    instalment_scope: str
    claim: ClaimOut
    parties: list[DossierPartyOut]
    late_performance: DossierLateOut | None = Field(
        default=None, description="Of enforcements · 执行案件适用"
    )
    manifest: list[DocumentOut]
