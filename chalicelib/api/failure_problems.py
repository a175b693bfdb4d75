"""The problems that are no fault of the caller's: the hub, the court or the gateway failed.

Promise: as in `problem_table`; each says whether to try again, or whom to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Words
from chalicelib.api.problem_kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERNAL_ERROR: Final = "internal_error"
_BUSY_SECONDS: Final = 2

FAILURES: Final[Mapping[str, Kind]] = {
    "hub_error": Kind(
        500,
        Words("Internal error", "服务器内部错误"),
        Words(
            "Try again later; tell the operator the request id if it stays.",
            "请稍后重试；如持续出现，请将 request_id 告知运维人员。",
        ),
    ),
    INTERNAL_ERROR: Kind(
        500,
        Words("Internal error", "服务器内部错误"),
        Words(
            "Try again later; tell the operator the request id if it stays.",
            "请稍后重试；如持续出现，请将 request_id 告知运维人员。",
        ),
    ),
    "chain_broken": Kind(
        500,
        Words("The record of events does not verify", "事件记录校验不通过"),
        Words("Tell the operator the request id.", "请将 request_id 告知运维人员。"),
    ),
    # A filing for an unknown court is a fault of its body; this is a case whose court was taken away.
    "unknown_court": Kind(
        500,
        Words("The case's court is not configured", "案件所属法院未配置"),
        Words("Tell the operator the request id.", "请将 request_id 告知运维人员。"),
    ),
    "seal_broken": Kind(
        500,
        Words("A stored record does not open", "存储的记录无法解密"),
        Words("Tell the operator the request id.", "请将 request_id 告知运维人员。"),
    ),
    "record_too_new": Kind(
        500,
        Words("A stored record is of a later release", "存储的记录来自更新的版本"),
        Words("Tell the operator the request id.", "请将 request_id 告知运维人员。"),
    ),
    "court_error": Kind(
        502,
        Words("The court's endpoint failed", "法院端接口异常"),
        Words("Try again later.", "请稍后重试。"),
    ),
    "court_refused_message": Kind(
        502,
        Words("The court's endpoint refused a message", "法院端接口拒收消息"),
        Words("Tell the operator the request id.", "请将 request_id 告知运维人员。"),
    ),
    "store_busy": Kind(
        503,
        Words("The hub is busy", "系统繁忙"),
        Words(
            "Nothing was changed. Wait as long as Retry-After says, then send the same request again.",
            "未作任何更改。请按 Retry-After 等待后重新发送同一请求。",
        ),
        _BUSY_SECONDS,
    ),
    "court_unavailable": Kind(
        503,
        Words("The court's endpoint is unavailable", "法院端接口暂不可用"),
        Words("Wait as long as Retry-After says.", "请按 Retry-After 等待后重试。"),
        _BUSY_SECONDS,
    ),
    "issuer_unreachable": Kind(
        503,
        Words("The token could not be judged", "暂时无法核验令牌"),
        Words("Wait as long as Retry-After says, then send it again.", "请按 Retry-After 等待后重新发送。"),
        _BUSY_SECONDS,
    ),
    "messenger_error": Kind(
        502,
        Words("The message gateway failed", "短信网关异常"),
        Words("Try again later.", "请稍后重试。"),
    ),
    "messenger_refused": Kind(
        502,
        Words("The message gateway refused a message", "短信网关拒收消息"),
        Words("Tell the operator the request id.", "请将 request_id 告知运维人员。"),
    ),
    "messenger_unavailable": Kind(
        503,
        Words("The message gateway is unavailable", "短信网关暂不可用"),
        Words("Wait as long as Retry-After says.", "请按 Retry-After 等待后重试。"),
        _BUSY_SECONDS,
    ),
    "gateway_timeout": Kind(
        504,
        Words("The hub did not answer in time", "服务响应超时"),
        Words("Read the state, then try again.", "请先查询当前状态，再行重试。"),
    ),
}
