"""The words of the judge's room, and of a party that lets the judge see a draft."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "questions.title": ("待您答复的问题", "Questions for you"),
    "questions.lead": (
        "调解员提出、尚未答复的法律问题，最早的在前。",
        "Questions of law that mediators wait for you to answer, the oldest first.",
    ),
    "questions.since": ("{time}提出", "asked {time}"),
    "questions.none": ("没有待答复的问题。", "Nothing waits for you."),
    "guidance.title": ("法官指导", "The judge's guidance"),
    "guidance.lead": (
        "只谈法律问题，不写当事人姓名、号码和方案金额：调解不成的，本案由同一法官审理。当事人、机构和中心看不到本页。",
        (
            "About the law only: no names, numbers or offered amounts, since the same judge hears the suit "
            "if the talks fail. Parties, bank and centre do not see this page."
        ),
    ),
    "guidance.none": ("还没有提问。", "Nothing has been asked yet."),
    "guidance.question": ("调解员提问", "The mediator asks"),
    "guidance.advice": ("法官答复", "The judge advises"),
    "guidance.ask": ("提问", "Ask"),
    "guidance.advise": ("答复", "Advise"),
    "guidance.found": (
        "内容中有：{what}。请删去后再发送。",
        "The text holds: {what}. Leave that out and send it again.",
    ),
    "guidance.draft": ("协议草案", "The draft of the agreement"),
    "guidance.recorded": (
        "全体当事人同意给您看。打开即记录在案；起诉的，移送报文会列明。",
        "Every party lets you see it. Opening it is on record, and a transfer to the court tells it.",
    ),
    "guidance.open": ("打开草案", "Open the draft"),
    "guidance.no_draft": ("没有可以查看的草案。", "There is no draft to be seen."),
    "guidance.shown": ("全体当事人已同意给法官看。", "Every party lets the judge see it."),
    "guidance.not_shown": ("尚未全部同意给法官看。", "Not every party lets the judge see it yet."),
    "guidance.missing": ("{name}尚未同意", "{name} has not agreed"),
    "guidance.seen": ("法官看过草案。", "A judge has seen a draft."),
    "done.guidance": ("已发送。", "Sent."),
    "found.name": ("姓名或者名称", "a name"),
    "found.id_number": ("证件号码", "the number of a paper"),
    "found.phone": ("电话号码", "a phone number"),
    "found.account": ("账号", "an account"),
    "found.amount": ("方案中的金额", "an amount that was offered"),
    "draft.title": ("同意将协议草案给法官看", "Show the judge the draft"),
    "draft.mine": ("给法官看协议草案", "Show the judge the draft"),
    "draft.none": ("现在没有协议草案。", "There is no draft now."),
    "draft.lead": (
        "签字以前，可以请法官看看协议写得清不清楚。各方都同意，法官才能看。",
        "Before you sign, the judge can look whether the agreement is clear. Everybody has to agree to that.",
    ),
    "draft.court": (
        "万一谈不成、银行去法院起诉，法院会知道这位法官看过。不同意也没关系，不影响调解。",
        (
            "If the talks fail and the bank sues, the court is told that this judge has seen it. "
            "You need not agree; the mediation goes on all the same."
        ),
    ),
    "draft.read": ("看协议草案", "Read the draft"),
    "draft.given": ("您已经同意。", "You have agreed."),
    "draft.not_given": ("您还没有同意。", "You have not agreed."),
    "draft.shown": ("大家都同意了，法官可以看。", "Everybody has agreed: the judge can see it."),
    "draft.consent": ("同意", "Agree"),
    "draft.take_back": ("收回同意", "Take that back"),
    "done.draft": ("已经记下。", "It is on record."),
}
