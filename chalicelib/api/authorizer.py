"""What the Lambda authorizer decides; `app.py` only wraps it for Chalice.

Promise: a good bearer token becomes the principal id and context that API Gateway hands to the API; a bad one
becomes a policy that denies everything, with the reason in its context, from which the gateway's answer takes
it: an error could only be answered 401 without a word. What is raised, above all `IssuerUnreachable`, becomes
a 500, which clients retry.
Downside: the gateway may cache a decision, so a token can outlive its `exp` by the authorizer's TTL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.identity import TOLD, Refusal, Unauthorized
from chalicelib.api.languages import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.adapters.identity import Principal

NOT_ACCEPTED: Final = "not_accepted"
"""The reason told of a token that no trusted issuer is known to have signed."""
_WORDS: Final[Mapping[str, Words]] = {
    Refusal.NOT_BEARER: Words(
        "Send the header Authorization: Bearer, a blank, and the token.",
        "请在请求头 Authorization 中填写 Bearer、空格和令牌。",
    ),
    Refusal.TOO_LONG: Words(
        "The token is too long; ask for one with fewer claims.", "令牌过长，请减少其中的声明。"
    ),
    Refusal.AUDIENCE_WRONG: Words(
        "The token is for another audience (aud); ask for one for this hub.",
        "令牌的受众（aud）不是本枢纽，请重新申请。",
    ),
    Refusal.TIMES_MALFORMED: Words(
        "The token needs this time in seconds since 1970: {claim}.",
        "令牌缺少以秒计的时间声明或其格式有误：{claim}。",
    ),
    Refusal.LIFE_TOO_LONG: Words(
        "From iat to exp the token lives longer than the hub allows; ask for a shorter one.",
        "令牌自 iat 至 exp 的有效期过长，请申请有效期较短的令牌。",
    ),
    Refusal.EXPIRED: Words("The token has expired; ask for a new one.", "令牌已过期，请重新申请。"),
    Refusal.NOT_YET_VALID: Words(
        "The token is not valid yet; compare the issuer's clock with yours.",
        "令牌尚未生效，请核对签发方的时钟。",
    ),
    Refusal.SUBJECT_MALFORMED: Words(
        "A claim is missing or malformed: {claim}.", "令牌缺少声明或其格式有误：{claim}。"
    ),
    Refusal.ROLE_REFUSED: Words(
        "The claim role is missing, or no role of the hub.", "令牌缺少 role 声明，或其值不是枢纽的角色。"
    ),
    Refusal.ROLE_CLAIM_MALFORMED: Words(
        "This role needs a claim that is missing or malformed: {claim}.",
        "该角色所需声明缺失或格式有误：{claim}。",
    ),
    Refusal.BEYOND_ISSUER: Words(
        "The issuer is not trusted to name this role or institution.",
        "该签发方无权签发此角色或此机构的令牌。",
    ),
    NOT_ACCEPTED: Words(
        "Send a valid bearer token of a configured issuer.", "请提供已配置签发方的有效令牌。"
    ),
}


@dataclass(frozen=True, slots=True)
class Admission:
    """What API Gateway needs to know; `context` reaches the API as `requestContext.authorizer`."""

    principal_id: str
    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a token is refused, as far as its bearer may know it; `detail` is in both languages."""

    reason: str
    detail: str

    @classmethod
    def of(cls, refused: Unauthorized) -> Denial:
        """Word a refusal."""
        reason = refused.reason if refused.reason in TOLD else NOT_ACCEPTED
        return cls(str(reason), _WORDS[reason].both.format(claim=refused.claim))

    @property
    def policy(self) -> dict[str, Any]:
        """Return the answer to API Gateway: nothing is allowed, and why."""
        statement = {"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": "*"}
        return {
            "principalId": "nobody",
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            "context": {"reason": self.reason, "detail": self.detail},
        }


def admit(
    authorization: str, *, verify: Callable[[str], Principal], on_refusal: Callable[[Refusal], None]
) -> Admission | Denial:
    """Judge an Authorization header's value; `on_refusal` gets the true reason, for the log alone."""
    try:
        principal = verify(_bearer_token(authorization))
    except Unauthorized as refused:
        on_refusal(refused.reason)
        return Denial.of(refused)
    return Admission(principal_id=principal.actor.subject, context=principal.context)


def _bearer_token(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized(Refusal.NOT_BEARER)
    return token
