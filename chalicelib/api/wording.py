"""The words for each fault of a request, in both languages, by its code.

Promise: a wording says what to send instead; its placeholders are filled with limits and options of the
API and, where bounds decide, with the amount, percentage or day that is beyond them, never with text that
the caller sent. Codes are published: a meaning never changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Words
from chalicelib.api.problem_table import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Mapping

INVALID: Final = "invalid"

WORDINGS: Final[Mapping[str, Words]] = {
    INVALID: Words("send a value as the API's documentation describes it", "请按接口文档填写"),
    "body_missing": Words("send a JSON object in the body", "请在请求体中发送 JSON 对象"),
    "body_not_utf_8": Words(
        "byte {byte} is not UTF-8: save or encode the text as UTF-8 (not GBK or UTF-16)",
        "第 {byte} 个字节不是 UTF-8 编码：请以 UTF-8 保存或编码（不得使用 GBK、UTF-16）",
    ),
    "json_syntax": Words(
        "this is no JSON from line {line}, column {column} on", "第 {line} 行第 {column} 列起不符合 JSON 语法"
    ),
    "json_punctuation": Words(
        '{character} at line {line}, column {column} is not JSON: use half-width " , : only',
        "第 {line} 行第 {column} 列的 {character} 不是 JSON 标点：请使用半角的双引号、逗号和冒号",
    ),
    "json_control_character": Words(
        "a text has a tab, a line break or another control character at line {line}, column {column}; leave "
        "it out, or write \\t or \\n",
        "第 {line} 行第 {column} 列的文本含有制表符、换行或者其他控制字符：请删除，或者写成 \\t、\\n",
    ),
    "json_trailing_comma": Words(
        "remove the comma at line {line}, column {column}: nothing follows it",
        "第 {line} 行第 {column} 列的逗号之后没有内容，请删除该逗号",
    ),
    "json_more_than_one_value": Words(
        "send one value only: another begins at line {line}, column {column}",
        "只能发送一个值：第 {line} 行第 {column} 列另有内容",
    ),
    "json_name_twice": Words(
        "the name {name} occurs twice in one object, the second time at line {line}, column {column}; keep "
        "one of them",
        "同一对象中字段名 {name} 重复，第二次出现在第 {line} 行第 {column} 列，请只保留一个",
    ),
    "json_no_number": Words("{constant} is no number in JSON", "{constant} 不是 JSON 数字"),
    "json_number_too_long": Words("a number has more than 4,300 digits", "数字超过 4300 位"),
    "json_too_deep": Words("objects and lists are nested too deep", "对象或列表嵌套过深"),
    "json_no_object": Words(
        "send an object, in braces, and no other value", "请发送花括号中的对象，而非其他类型的值"
    ),
    "missing": Words("required", "必填"),
    "unknown_field": Words("there is no such field; remove it", "没有此字段，请删除"),
    "unknown_parameter": Words("there is no such parameter; remove it", "没有此参数，请删除"),
    "unknown_element": Words(
        "no form of this kind of case has such an element; the table in JSON lists the codes",
        "该类案件的表式没有此要素代码，代码见 JSON 要素表",
    ),
    "code_or_text": Words(
        "a column has a code or a text, not both", "每列填写要素代码或者固定内容，不得并用"
    ),
    "limit_format": Words("a whole number from 1 to {max}", "请填写 1 至 {max} 的整数"),
    "parameter_repeated": Words("send this parameter once", "该参数只能出现一次"),
    "string_expected": Words("send text in quotes (a JSON string)", "请填写加引号的文本（JSON 字符串）"),
    "boolean_expected": Words("send true or false, without quotes", "请填写 true 或 false，不加引号"),
    "integer_expected": Words("send a whole number, without quotes", "请填写整数，不加引号"),
    "object_expected": Words("send a JSON object", "请填写 JSON 对象"),
    "list_expected": Words("send a JSON list", "请填写 JSON 列表"),
    "too_short": Words("at least {min} characters", "至少 {min} 个字符"),
    "too_long": Words("at most {max} characters", "至多 {max} 个字符"),
    "too_few": Words("at least {min} entries", "至少 {min} 项"),
    "too_many": Words("at most {max} entries", "至多 {max} 项"),
    "too_small": Words("at least {min}", "不得小于 {min}"),
    "too_large": Words("at most {max}", "不得大于 {max}"),
    "not_an_option": Words("one of: {options}", "须为以下之一：{options}"),
    "text_format": Words(
        "no control or invisible characters, no blanks at either end",
        "不得含控制字符或不可见字符，首尾不得有空格",
    ),
    "identifier_format": Words(
        "letters, digits, and . _ - after the first", "仅限字母、数字，首位之后可用 . _ -"
    ),
    "instalment_scope_format": Words(
        '"whole", or instalments such as "7" or "1-6"', '请填写 "whole"，或期次，例如 "7"、"1-6"'
    ),
    "instalment_scope_order": Words("the first instalment comes before the last", "起始期次不得晚于截止期次"),
    "amount_format": Words(
        "yuan as text in quotes with two decimals and nothing else (no sign, comma or unit), such as "
        '"1234.50"; at most "9999999999999.99"',
        '请填写加引号的人民币元文本，两位小数，不含符号、逗号和单位，例如 "1234.50"，至多 "9999999999999.99"',
    ),
    "amount_not_positive": Words("above 0.00", "须大于 0.00"),
    "date_format": Words('a date such as "2026-01-31"', '请填写日期，例如 "2026-01-31"'),
    "date_unreal": Words("there is no such day", "该日期不存在"),
    "date_too_early": Words("not before {earliest}", "不得早于 {earliest}"),
    "date_in_future": Words("not after today in China, {today}", "不得晚于今日（北京时间 {today}）"),
    "instant_format": Words(
        'an instant in UTC such as "2026-01-31T08:00:00Z"', '请填写 UTC 时间，例如 "2026-01-31T08:00:00Z"'
    ),
    "phone_area_code": Words(
        "a local number: add the area code, such as 0593-2881234", "缺少区号：请补充区号，例如 0593-2881234"
    ),
    "phone_several": Words(
        "several numbers: send one, the mobile number if there is one, since codes and messages go there; a "
        "relative's or an agent's belongs to relatives or agents, and if this one fails, the other is put on "
        "record by a correction",
        "含有多个号码：请只填写一个，有手机号码的填手机号码（接收验证码和短信）；亲属、代理人的号码填在 "
        "relatives、agents，本人的其他号码可在联系不上时以更正的方式登记",
    ),
    "phone_format": Words(
        "a mobile number of 11 digits, a landline such as 0593-2960001转801, a service number, or a number "
        "abroad that begins with + and the country's code",
        "请填写 11 位手机号码、固定电话（例如 0593-2960001转801）或客服号码；境外号码以 + 和地区代码开头",
    ),
    "id_number_format": Words(
        "18 characters: 17 digits, then a digit or X (GB 11643), not the 15 of before 2013; of another "
        'paper, name it in id_document; of an organisation, kind is "entity"',
        "18 位：17 位数字加 1 位数字或 X（GB 11643），不得填写 2013 年前的 15 位号码；"
        '其他证件请填写 id_document；法人、非法人组织的 kind 为 "entity"',
    ),
    "document_number_format": Words(
        "no number of the paper named in id_document: a passport's is such as E12345678, "
        "a 回乡证's H12345678, a 台胞证's 12345678",
        "与 id_document 所列证件的号码格式不符：护照如 E12345678，回乡证如 H12345678，台胞证如 12345678",
    ),
    "id_document_differs": Words(
        "the number is of another paper, or of an organisation",
        "该号码属于其他证件，或者属于法人、非法人组织",
    ),
    "id_number_birth_date": Words(
        "its date of birth does not exist, or is still to come", "其中的出生日期不存在或者尚未到来"
    ),
    "birth_date_differs": Words(
        "the id number tells another day of birth: correct the one that is wrong, or leave this out",
        "与证件号码所载出生日期不一致：请更正有误的一项，或者删除该项",
    ),
    "sex_differs": Words(
        "the id number tells the other sex: correct the one that is wrong, or leave this out",
        "与证件号码所载性别不一致：请更正有误的一项，或者删除该项",
    ),
    "id_number_checksum": Words("its check character is wrong (GB 11643)", "校验码错误（GB 11643）"),
    "credit_code_format": Words(
        'the 18 characters of the unified social credit code (GB 32100); of a person, kind is "person"',
        '须为 18 位统一社会信用代码（GB 32100）；自然人的 kind 为 "person"',
    ),
    "credit_code_checksum": Words("its check character is wrong (GB 32100)", "校验码错误（GB 32100）"),
    "account_format": Words(
        "one account number of 8 to 32 letters and digits, blanks and hyphens apart",
        "请填写一个账号，8 至 32 位字母和数字（空格和连字符不计）",
    ),
    "account_several": Words(
        "several account numbers: send the one that is meant here", "含有多个账号，请只填写本项所指的一个"
    ),
    "total_cap_exceeded": Words(
        "{excess} more is charged than 24 % a year on the same principal and days ({limit}); a court cuts it "
        "if the borrower asks for it (法发〔2017〕22号 2); filed nevertheless",
        "息费合计超出按年利率 24% 计算的 {limit} 元，超出 {excess} 元；借款人请求的，法院予以调减，"
        "不影响本次提交",
    ),
    "filed_before": Words(
        "case {case_id}, filed on {filed_on}, was about the same instalments ({scope}) and is over; filed "
        "nevertheless",
        "{filed_on} 提交的案件 {case_id} 涉及相同期次（{scope}），现已结束；不影响本次提交",
    ),
    "account_checksum": Words(
        "the card number's check digit does not fit (Luhn); filed nevertheless",
        "卡号校验位不符（Luhn），不影响本次提交",
    ),
    "phone_takes_no_codes": Words(
        "this number can't get one-time codes or messages; without a mobile number of the mainland the "
        "party signs in person",
        "该号码无法接收验证码和短信；没有内地手机号码的，当事人应当当面签署",
    ),
    "name_of_several": Words(
        "this looks like several people: list each of them as a party; filed nevertheless",
        "疑似多人姓名，应分别列为当事人；不影响本次提交",
    ),
    "address_incomplete": Words(
        "papers can hardly be served at so short an address: add town, street and number; filed nevertheless",
        "地址过短，难以送达文书，请补充至街道（村）和门牌号；不影响本次提交",
    ),
    "not_printable": Words(
        "papers show {code_points} instead of the character; compare with the party's document",
        "文书中该字符将显示为 {code_points}，请与证件核对",
    ),
    "representative_of_a_person": Words(
        "only an entity has a representative; name a person's agent in agents",
        "仅法人、非法人组织有法定代表人或者负责人；自然人的代理人请填写在 agents",
    ),
    "of_persons_only": Words(
        "only a person has this; leave it out for an entity", "仅自然人填写；法人、非法人组织请删除该项"
    ),
    "of_entities_only": Words(
        "only an entity has this; leave it out for a person", "仅法人、非法人组织填写；自然人请删除该项"
    ),
    "agent_of_both_sides": Words("nobody acts for both sides", "不得同时代理双方当事人（民法典 168）"),
    "agents_differ": Words("a correction can't change who may act", "补正不得变更代理人及其权限"),
    "period_order": Words("the period ends before it begins", "保证期间的届满日早于起始日"),
    "general_guarantor_alone": Words(
        "a general guarantor alone: the court will add the borrower (SPC interpretation of the Civil "
        "Procedure Law, 66)",
        "仅列一般保证人的，人民法院将追加被保证人为共同被告（民诉法解释 66）",
    ),
    "liability_differs": Words(
        "the case has this party's liability as another kind", "与案件登记的责任性质不一致"
    ),
    "own_opponent": Words(
        "this is the applicant's own name or code: nobody is its own opponent",
        "与申请人的名称或者代码相同，当事人不能以自己为对方当事人",
    ),
    "duplicate_party": Words("this party is listed already", "该当事人已经列出，不得重复"),
    "party_kind_differs": Words("the case has this party as another kind", "与案件登记的当事人类型不一致"),
    "applicant_not_enrolled": Words(
        "name and code are neither the enrolled institution's nor a branch's; ask the centre to enrol them",
        "名称、代码与入驻机构及其分支机构均不一致，请更正或请中心登记",
    ),
    "court_not_enrolled": Words(
        "the institution is not enrolled for this court; ask the centre to enrol it",
        "该机构未在该法院入驻，请联系中心办理",
    ),
    "courts_of_others": Words(
        "a centre enrols for its own court: keep the others as they are, and have yours among them",
        "中心仅可为本院登记入驻：须包含本院，且不得增减其他法院",
    ),
    "account_not_enrolled": Words(
        "the institution did not enrol this account; take one of its own, or ask the centre to enrol it",
        "该账户未登记，请使用该机构已登记的收款账户或请中心登记",
    ),
    "account_differs": Words(
        "the account is enrolled with another holder or bank; write them as they are enrolled",
        "与该账户登记的户名或者开户银行不一致，请按登记内容填写",
    ),
    "unknown_court": Words("the hub does not serve this court", "枢纽未接入该法院"),
    "cursor_format": Words("send a cursor as you got it", "请原样发送所得的游标"),
    "template_format": Words(
        "a template's id, such as loan_complaint/2024", "请填写模板编号，例如 loan_complaint/2024"
    ),
    "percent_format": Words(
        'a percentage as text in quotes, digits and a point only (no %), such as "7.25"; from "0" to '
        '"{most}", at most six decimals',
        '请填写加引号的百分数文本，仅含数字和小数点（不含 %），例如 "7.25"，"0" 至 "{most}"，至多六位小数',
    ),
    "date_too_late": Words("not after {latest}", "不得晚于 {latest}"),
    "as_of_differs": Words("the claim is of another day than as_of", "诉讼请求的截至日与 as_of 不一致"),
    "contract_kind_differs": Words(
        "a loan dispute needs a loan contract, a credit-card dispute a card", "合同类型与案由不符"
    ),
    "month_format": Words("a month as 2026-11", "月份格式如 2026-11"),
    "code_format": Words("lower-case letters, digits and _", "仅限小写字母、数字和 _"),
    "ground_missing": Words("a rejection names its ground", "裁定驳回的，须填写事由"),
    "ground_unexpected": Words("null unless the application is rejected", "裁定有效时须为 null"),
    "date_in_past": Words("not before today in China, {today}", "不得早于今日（北京时间 {today}）"),
    "lump_sum_payments": Words("a lump sum is one payment", "一次性还款仅可为一期"),
    "reference_format": Words(
        "letters, digits and . _ : / - , at most 64", "仅限字母、数字及 . _ : / - ，至多 64 位"
    ),
    "sha256_format": Words("64 lower-case hex digits", "64 位小写十六进制数字"),
    "code_digits": Words("six digits", "6 位数字"),
    "court_case_number_format": Words(
        "a case number such as （2026）闽0902民初123号", "请填写案号，例如（2026）闽0902民初123号"
    ),
    **{code: kind.fault for code, kind in PROBLEMS.items() if kind.fault},
}
"""By code: first the API's own faults, then the domain's errors in the words of `PROBLEMS`."""


def wording(code: str, values: Mapping[str, object]) -> Words:
    """Return the words of a code with their placeholders filled."""
    words = WORDINGS.get(code, WORDINGS[INVALID])
    return Words(words.en.format_map(dict(values)), words.zh.format_map(dict(values)))
