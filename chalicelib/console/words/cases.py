"""The words of the start page, of a case, and of the acts on it by centre and mediator."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "home.title": ("我的案件", "My cases"),
    "home.nothing": ("现在没有需要办理的案件。", "There is no case for you now."),
    "home.elsewhere": ("其他事项", "Other things to do"),
    "home.more": (
        "这里显示所有等待办理的案件，和最近的 100 件。",
        "These are all cases that wait for somebody, and the latest 100.",
    ),
    "hint.mediator_id": (
        "不选的，由系统按推荐指派",
        "The hub chooses, as it recommends, if you choose nobody",
    ),
    "home.ended": ("已经结束的案件", "Cases that have ended"),
    "case.title": ("案件 {number}", "Case {number}"),
    "case.unnumbered": ("（尚无案号）", "(no number yet)"),
    "case.back": ("返回案件 {number}", "Back to case {number}"),
    "case.all": ("返回我的案件", "Back to my cases"),
    "case.until": ("{what}：{day}截止，", "{what}: until {day},"),
    "case.provisional": (
        "（该年放假安排尚未公布，这一天可能调整）",
        "(the holidays of that year are not out yet; the day may change)",
    ),
    "case.nothing_to_do": ("现在不需要您办理。", "There is nothing for you to do now."),
    "case.ended": ("案件已于{day}结束。", "The case ended on {day}."),
    "case.about": ("案件情况", "About the case"),
    "case.type": ("纠纷类型", "Kind"),
    "case.contract": ("合同 {number}", "Contract {number}"),
    "case.contract_number": ("合同编号", "Contract number"),
    "case.mediator": ("调解员", "Mediator"),
    "case.judge": ("指导法官", "Guiding judge"),
    "case.nobody_yet": ("尚未指派", "Nobody yet"),
    "case.filed_at": ("申请日期", "Filed on"),
    "case.failure": ("没有达成调解的原因", "Why there was no agreement"),
    "case.claim": ("请求的金额", "What is claimed"),
    "case.parties": ("当事人", "Parties"),
    "case.timeline": ("办理经过", "What happened"),
    "claim.principal": ("本金", "Principal"),
    "claim.interest": ("利息", "Interest"),
    "claim.penalty_interest": ("罚息", "Penalty interest"),
    "claim.compound_interest": ("复利", "Compound interest"),
    "claim.fees": ("费用", "Fees"),
    "claim.total": ("合计", "Total"),
    "claim.as_of": ("计算到{day}", "As of {day}"),
    "party.consented": ("已同意调解", "has consented"),
    "party.no_consent_yet": ("尚未同意调解", "has not consented yet"),
    "party.id_number": ("证件号码", "Number of the paper"),
    "party.phone": ("电话", "Phone"),
    "party.address": ("地址", "Address"),
    "act.appoint": ("指派调解员", "Appoint a mediator"),
    "done.appoint": ("已指派，系统会通知当事人。", "Appointed. The hub tells the parties."),
    "field.mediator_id": ("调解员", "Mediator"),
    "field.judge_id": ("指导法官", "Guiding judge"),
    "act.open-choice": ("请各方选择调解员", "Have the parties choose"),
    "open_choice.what_follows": (
        "系统推荐三名调解员。各方在两个工作日内选择同一人的，即行指派；否则由中心指派。",
        (
            "The hub recommends three mediators. If all parties name the same within two working days, that "
            "one is appointed; otherwise the centre appoints."
        ),
    ),
    "done.open-choice": ("已推荐，系统会通知当事人。", "Recommended. The hub tells the parties."),
    "field.area": ("区域", "Area"),
    "field.language": ("语言或者方言", "Language"),
    "act.choose": ("选调解员", "Choose a mediator"),
    "choose.what_follows": (
        "{day}以前，各方选了同一个人，就由这个人来调解；选的不一样，由调解中心决定。",
        "If everybody chooses the same person before {day}, that one mediates. If not, the centre decides.",
    ),
    "done.choose": ("已经记下您的选择。", "Your choice is on record."),
    "act.bank-choose": ("选择调解员", "Choose a mediator"),
    "done.bank-choose": ("已记录选择。", "The choice is on record."),
    "act.record-choice": ("登记当事人选择的调解员", "Record whom a party chooses"),
    "done.record-choice": ("已登记，等待复核。", "Recorded. It waits for its second record."),
    "act.replace": ("更换调解员", "Replace the mediator"),
    "replace.what_follows": (
        "原调解员不再看到这个案件。达成协议之前更换的，由新的调解员先接受指派，其间调解期限停止计算；之后更换的，直接接手。",
        (
            "The mediator sees the case no more. Before an agreement the new one accepts first, and the time "
            "of the mediation stands still until then; later the new one takes over as the case stands."
        ),
    ),
    "done.replace": ("已更换，系统会通知当事人。", "Replaced. The hub tells the parties."),
    "act.replace-judge": ("更换指导法官", "Replace the judge"),
    "replace_judge.what_follows": (
        "新的法官接手本案的指导和待答复的问题，原法官不再能看到本案。",
        "The new judge takes over the guidance and its questions; the one before sees the case no more.",
    ),
    "done.replace-judge": ("已更换。", "Replaced."),
    "replacement.unable": ("不能继续履职（因病等）", "Can't go on (illness or the like)"),
    "replacement.conflict": ("有应当回避的情形", "A conflict of interest"),
    "replacement.challenge_upheld": ("准许了回避申请", "A challenge was upheld"),
    "replacement.suspended": ("已暂停或者离开名册", "Suspended, or left the roster"),
    "replacement.other": ("其他原因", "Another reason"),
    "act.accept": ("接受指派", "Accept the appointment"),
    "accept.what_follows": (
        "接受后，系统请各方确认是否同意调解；都同意了，调解就开始。与当事人有亲属、利害关系的，请不要接受。",
        "The hub then asks all parties for consent. Do not accept if you are related to a party.",
    ),
    "done.accept": ("已接受指派。", "You have accepted the appointment."),
    "act.decline": ("谢绝指派", "Decline the appointment"),
    "decline.what_follows": (
        "谢绝后，中心会指派别的调解员，您不再看到这个案件。",
        "Then the centre appoints somebody else, and you see the case no more.",
    ),
    "done.decline": (
        "已谢绝，中心会指派别的调解员。",
        "You have declined. The centre appoints somebody else.",
    ),
    "act.fail": ("结束调解（没有达成）", "End the mediation without agreement"),
    "fail.what_follows": (
        "结束后不能再恢复。由银行决定是否起诉。双方在调解中说的话，不会告诉法院。",
        "This can't be taken back. The bank decides whether to sue. The court is not told what was said.",
    ),
    "done.fail": ("调解已结束。", "The mediation has ended."),
    "field.reason": ("原因", "Reason"),
    "act.extend": ("延长调解期限", "Extend the mediation"),
    "extend.what_follows": (
        "各方都同意同样的天数，期限才延长。",
        "The time is extended when all parties have agreed to the same number of days.",
    ),
    "done.extend": ("已登记。", "Recorded."),
    "field.party_id": ("代哪位当事人登记", "In whose name"),
    "case.read": ("案件材料", "What is known of the case"),
    "case.pending": (
        "有 {count} 项代为登记的事项等待复核，{time} 前没有复核就作废。",
        "{count} recorded in somebody's name wait for a second record; without it they lapse at {time}.",
    ),
    "field.days": ("天数", "Days"),
}
