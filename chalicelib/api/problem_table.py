"""The one table from an error's code to its HTTP status and its words in both languages.

Promise: HTTP is decided here and nowhere deeper; each row tells the caller what to do. A test walks the
whole error tree and finds the class without a row. Downside: the wording of API Gateway's own answers
stands in the template, with the same codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.agreement_problems import AGREEMENT_PROBLEMS
from chalicelib.api.failure_problems import FAILURES
from chalicelib.api.languages import Words
from chalicelib.api.loan_problems import LOAN_PROBLEMS
from chalicelib.api.problem_kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUSY_SECONDS: Final = 2


PROBLEMS: Final[Mapping[str, Kind]] = {
    "debt_not_known": Kind(
        409,
        Words("The case was filed without its debt", "案件未附合同与还款记录"),
        Words("Only a case filed with debt has a statement.", "仅提交时附 debt 的案件可查询计算明细。"),
    ),
    "bad_request": Kind(
        400,
        Words("Bad request", "请求格式错误"),
        Words("Correct the request as the API's documentation describes it.", "请按接口文档更正请求。"),
    ),
    "malformed_json": Kind(
        400,
        Words("The body is not a JSON object", "请求体不是 JSON 对象"),
        Words(
            "Send one JSON object in UTF-8: no duplicate names, no NaN or Infinity, no extreme nesting.",
            "请发送一个 UTF-8 编码的 JSON 对象：不得有重复字段名、NaN、Infinity 或过深嵌套。",
        ),
    ),
    "idempotency_key_required": Kind(
        400,
        Words("An Idempotency-Key is required", "须提供 Idempotency-Key"),
        Words(
            "Send the header Idempotency-Key: 1 to 128 letters, digits or . _ : ~ - that are new for each "
            "filing and the same for its retries.",
            "请在请求头 Idempotency-Key 中提供 1 至 128 位字母、数字或 . _ : ~ - ，"
            "每次申请使用新值，重试时保持不变。",
        ),
    ),
    "if_match_unusable": Kind(
        400,
        Words("If-Match must name one version", "If-Match 须指明一个版本"),
        Words(
            'Send the ETag as you read it, such as "3"; "*", weak tags and lists are refused.',
            '请原样发送读取时所得的 ETag，例如 "3"；不接受 "*"、弱标签和多个值。',
        ),
    ),
    "cursor_refused": Kind(
        400,
        Words("The cursor does not belong to this list", "游标与本列表不符"),
        Words(
            "Use a cursor only with the caller, resource and filters it was given for, or start without one.",
            "游标仅可由同一调用方以相同条件使用；否则请不带游标重新开始。",
        ),
    ),
    "unauthenticated": Kind(
        401,
        Words("Authentication required", "未通过身份认证"),
        Words("Send a valid bearer token of a configured issuer.", "请提供已配置签发方的有效令牌。"),
    ),
    "bad_signature": Kind(
        401,
        Words("The signature is refused", "签名未通过验证"),
        Words(
            "Sign the exact bytes of the body with a key the hub knows for this court, not more than five "
            "minutes ago (Standard Webhooks).",
            "请用枢纽已登记的本院密钥对请求体原文签名，且签名时间相差不超过五分钟（Standard Webhooks）。",
        ),
    ),
    "not_permitted": Kind(
        403,
        Words("Not permitted", "无权执行此操作"),
        Words("Your role may not do this.", "您的角色无权执行此操作。"),
    ),
    "not_found": Kind(404, Words("Not found", "资源不存在"), Words("Check the address.", "请核对地址。")),
    "route_not_found": Kind(
        404, Words("Not found", "资源不存在"), Words("Check the address.", "请核对地址。")
    ),
    "case_not_found": Kind(
        404,
        Words("Case not found", "案件不存在"),
        Words("There is no such case for you; check its id.", "案件不存在或者您无权访问，请核对案件编号。"),
    ),
    "transfer_not_found": Kind(
        404,
        Words("Transfer not found", "移送记录不存在"),
        Words(
            "There is no such transfer for your court; check its id.",
            "该移送不存在或者并非移送至贵院，请核对移送编号。",
        ),
    ),
    "document_not_found": Kind(
        404,
        Words("Document not found", "材料不存在"),
        Words("Take the document's id from the manifest.", "请使用材料清单中的材料编号。"),
    ),
    "paper_not_found": Kind(
        404,
        Words("Document not found", "文书不存在"),
        Words(
            "There is no such document for you; take its id from the case's list.",
            "文书不存在或者您无权查阅，请使用文书列表中的编号。",
        ),
    ),
    "paper_not_possible": Kind(
        409,
        Words("The document can't be made yet", "暂不能制作该文书"),
        Words(
            "missing names what the case or the request does not have; see the guide to documents.",
            "missing 列出案件或请求中尚缺的内容，参见文书指南。",
        ),
    ),
    "glyphs_missing": Kind(
        409,
        Words("The typeface can't show some characters", "字体缺少部分字符"),
        Words(
            "code_points names the characters; correct them in the party's details or in the request.",
            "code_points 列出相应字符的编码，请在当事人信息或请求中更正。",
        ),
    ),
    "callback_not_found": Kind(
        404,
        Words("Callback not found", "回调不存在"),
        Words("Check the callback's id.", "请核对回调编号。"),
    ),
    "policy_not_found": Kind(
        404,
        Words("Concession policy not found", "减免政策不存在"),
        Words(
            "There is no such institution's policy for you; check its id.",
            "该机构不存在或者您无权查阅其减免政策，请核对机构编号。",
        ),
    ),
    "method_not_allowed": Kind(
        405,
        Words("Method not allowed", "不支持该请求方法"),
        Words("Use a method that the API's documentation lists.", "请使用接口文档列明的请求方法。"),
    ),
    "conflict": Kind(
        409,
        Words("Conflict with the present state", "与当前状态冲突"),
        Words("Read the case again, then decide again.", "请重新读取案件后再作决定。"),
    ),
    "duplicate_filing": Kind(
        409,
        Words("This claim is open already", "该债权已有未结案件"),
        Words(
            "Go on with the case named by existing_case_id; a new filing is possible when it has ended.",
            "请在 existing_case_id 所列案件中继续办理；该案结束后方可再次申请。",
        ),
    ),
    "action_not_available": Kind(
        409,
        Words("Not available at this stage", "当前阶段不可执行此操作"),
        Words(
            "Read the case: allowed_actions lists what can be done now.",
            "请读取案件，allowed_actions 列出当前可执行的操作。",
        ),
    ),
    "rule_violated": Kind(
        409,
        Words("A rule refuses this", "不符合规则"),
        Words("The rule requires", "规则要求"),
    ),
    "stale_version": Kind(
        412,
        Words("The case changed meanwhile", "案件已被更改"),
        Words(
            "Read the case again, then decide again with its new ETag.",
            "请重新读取案件，并以新的 ETag 再作决定。",
        ),
    ),
    "stale_policy": Kind(
        412,
        Words("The policy has a newer version", "减免政策已有新版本"),
        Words(
            "Read the policy again, then decide again with its new ETag.",
            "请重新读取减免政策，并以新的 ETag 再作决定。",
        ),
    ),
    "request_too_large": Kind(
        413,
        Words("Request too large", "请求体过大"),
        Words("Send a smaller body.", "请缩小请求体。"),
    ),
    "unsupported_media_type": Kind(
        415,
        Words("Unsupported media type", "不支持的媒体类型"),
        Words(
            "Send Content-Type: application/json, in UTF-8.",
            "请以 Content-Type: application/json、UTF-8 编码发送。",
        ),
    ),
    "invalid_input": Kind(
        422,
        Words("The request has faults", "请求内容有误"),
        Words(
            "Correct every fault listed in errors, then send it again.",
            "请更正 errors 所列全部问题后重新发送。",
        ),
    ),
    "idempotency_key_reused": Kind(
        422,
        Words("The Idempotency-Key was used with another body", "Idempotency-Key 已用于其他内容"),
        Words(
            "Use a new key for a new filing; repeat the same body to retry.",
            "新的申请请使用新值；重试请发送相同内容。",
        ),
    ),
    "if_match_required": Kind(
        428,
        Words("If-Match is required", "须提供 If-Match"),
        Words(
            "Read what you want to change and send its ETag in If-Match.",
            "请先读取所要更改的内容，并在 If-Match 中发送其 ETag。",
        ),
    ),
    "too_many_requests": Kind(
        429,
        Words("Too many requests", "请求过于频繁"),
        Words("Wait as long as Retry-After says.", "请按 Retry-After 等待后重试。"),
        _BUSY_SECONDS,
    ),
    **FAILURES,
    **LOAN_PROBLEMS,
    **AGREEMENT_PROBLEMS,
}
"""By code; the gateway's own codes are among them, so that its answers are documented too."""
