"""The parts of the OpenAPI document that no model and no handler provides: prose, headers, tags.

Promise: what stands here holds for every route. Downside: prose is not tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = "1.0.0"
TITLE: Final = "Jiefen Hub · 解纷枢纽"
DESCRIPTION: Final = """\
Banks file disputes over loans and cards, a mediation centre settles them, and what stays unresolved goes to
the court. 金融纠纷诉前调解与立案移送接口。

- **Amounts** are strings of yuan with two decimals, **dates** are days in China, **times** are in UTC.
  金额为两位小数的人民币元字符串，日期为北京时间日期，时间为 UTC。
- **Unknown fields** are refused, and all faults of a request are told at once, with JSON pointers.
  不接受未知字段；请求中的全部问题一次列出。
- **Refusals** are `application/problem+json` (RFC 9457): `code` is stable; `title`, `detail` and messages
  speak the language of `Accept-Language` (zh-CN or en).
  错误以 problem+json 返回，`code` 稳定，文字随 `Accept-Language`。
- **Changes** send `If-Match` with the ETag that was read; 412 means somebody was faster: read again.
  更改须携带所读版本的 `If-Match`；412 表示案件已被他人更改。
- **Repayments** name your own reference instead: the same one again changes nothing.
  登记还款以机构流水号为准，重复发送不会重复登记。
- **A filing** sends `Idempotency-Key`: the same key and body again get the same answer.
  提交申请须携带 `Idempotency-Key`，重试返回相同结果。
- **Another tenant's case** does not exist for you: 404. 其他机构的案件一律 404。
- **Personal data** is masked, never in an address and never in an error.
  个人信息脱敏显示，不出现在网址和错误信息中。
"""
TAGS: Final[Mapping[str, str]] = {
    "institutions": "Banks · 金融机构",
    "cases": "Everybody who has part in a case · 案件各方",
    "acts": "Acts on a case: institutions, borrowers, mediators, the centre · 案件办理",
    "settlement": "Offers, the agreement, its signatures · 协商、协议与签署",
    "performance": "An agreement in force: payments, confirmation, enforcement · 履行、司法确认与执行",
    "documents": "The papers of a case · 案件文书",
    "debts": "What is owed and why · 债务计算",
    "court": "Courts · 法院",
    "service": "The service itself · 服务",
}
BEARER_SCHEME: Final = (
    "JWT (ES256 or RS256) of a configured OIDC issuer. Claims: `role`, and by role `institution_id`, "
    "`mediator_id`, `judge_id`, `court_id`, `case_ids` (a borrower's `<case_id>:<party_id>`). An agent has "
    "the role of its party and `agent_of`: `<case_id>:<party_id>:<agent_id>`; it acts within its authority."
)
SIGNATURE_SCHEME: Final = (
    "Standard Webhooks 1.0 over `{webhook-id}.{webhook-timestamp}.{body}`: `v1` HMAC-SHA256 or `v1a` "
    "ed25519, with a key of the court that the body names; at most 5 minutes off."
)
PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "Accept-Language": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "description": "zh-CN or en (default) · 语言",
        "schema": {"type": "string", "examples": ["zh-CN"]},
    },
    "X-Correlation-Id": {
        "name": "X-Correlation-Id",
        "in": "header",
        "required": False,
        "description": "The caller's own id for a chain of requests, returned and logged: up to 64 letters, "
        "digits or . _ -; anything else is replaced by the request's id · 关联编号",
        "schema": {"type": "string", "examples": ["batch-7"]},
    },
}


def _header(description: str, *, always: bool = True, **schema: Any) -> dict[str, Any]:
    return {"description": description, "required": always, "schema": {"type": "string", **schema}}


RESPONSE_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "Content-Digest": _header("SHA-256 of the bytes (RFC 9530) · 内容摘要"),
    "ETag": _header("The version of what was read, for `If-Match` · 所读内容的版本", pattern='^"[0-9]+"$'),
    "Idempotent-Replayed": _header("`true` if an earlier answer is repeated · 重复应答", always=False),
    "Location": _header("The address of what was made, or of a big file for a minute · 地址"),
    "Retry-After": _header("Seconds to wait · 等待秒数", always=False, pattern="^[0-9]+$"),
    "WWW-Authenticate": _header("The scheme to use · 认证方式", always=False),
    "X-Request-Id": _header("The request's id, as in problems and logs · 请求编号", always=False),
}
