"""The shape of every refusal (RFC 9457), for the document; `problems` makes the refusals themselves."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.api.schemas.verdicts import ComparedLineOut


class FaultOut(BaseModel):
    """One thing wrong with a request."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    part: Literal["body", "query", "path", "header"] = Field(
        alias="in", description="Part of the request · 所在部分"
    )
    pointer: str = Field(description="JSON pointer (RFC 6901) into that part", examples=["/claim/principal"])
    code: str = Field(examples=["amount_format"])
    message: str = Field(description="What to send instead, in the caller's language · 更正方法")


class ProblemOut(BaseModel):
    """A refusal: `code` says which, `detail` what to do; neither ever quotes the request."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    type: str = Field(examples=["urn:jiefen-hub:problem:invalid_input"])
    title: str
    status: int = Field(ge=400, le=599)
    code: str = Field(examples=["invalid_input"])
    detail: str
    request_id: str = Field(description="Tell it to the operator · 报障时请提供")
    errors: list[FaultOut] | None = Field(
        None, description="With invalid_input, malformed_json and whoever is not eligible: every fault"
    )
    error_count: int | None = Field(None, description="With errors: how many there are")
    reason: str | None = Field(None, description="With unauthenticated: why the token is refused")
    existing_case_id: str | None = Field(None, description="With duplicate_filing: the open case")
    existing_instalment_scope: str | None = Field(
        None, description="With duplicate_filing: what the open case claims of the contract"
    )
    stage: str | None = Field(None, description="With action_not_available: where the case stands")
    action: str | None = Field(None, description="With action_not_available: what was asked")
    rule: str | None = Field(None, description="With rule_violated: the rule's stable name")
    article: str | None = Field(None, description="With rule_violated: the law or policy it comes from")
    why: str | None = Field(
        None, description="With mediator_not_eligible and judge_not_eligible: what keeps it from the case"
    )
    role: str | None = Field(None, description="With not_permitted: the caller's role")
    kind: str | None = Field(None, description="With paper_not_possible: the kind of document")
    missing: list[str] | None = Field(
        None,
        description="With paper_not_possible: everything it lacks. With action_not_available and "
        "rule_violated: what the action waits for, what comes first before what it needs last · 尚缺的内容",
        examples=[["mediator_acceptance", "consent:r1"]],
    )
    found: list[str] | None = Field(
        None, description="With text_tells_of_parties: what the text holds", examples=[["name", "phone"]]
    )
    lines: list[ComparedLineOut] | None = Field(None, description="With claim_differs: every line")
    limit_bytes: int | None = Field(None, description="With request_too_large: the largest body")
