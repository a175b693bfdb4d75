"""The words of the party's pages: plain ones, for people who never had to do with a court."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "link.title": ("查看您的调解", "See your mediation"),
    "link.lead": (
        "为了保护您的隐私，打开之前要先核对：我们给您留在银行的手机号发一个验证码。",
        "To protect you, we check first: we send a code to the phone number that the bank has of you.",
    ),
    "link.how": ("收到后，在下一页填上就可以了。", "When it arrives, type it on the next page."),
    "link.send": ("给我发验证码", "Send me a code"),
    "link.have_code": ("我已经有验证码", "I have a code already"),
    "link.safe_title": ("请放心，也请小心", "Good to know"),
    "link.safe_money": (
        "调解不收钱。谁让您先交钱，都不要信。",
        "Mediation costs nothing. Do not believe anybody who asks you to pay first.",
    ),
    "link.safe_code": (
        "验证码只填在这里，不要告诉任何人，调解员也不会问您要。",
        "Type the code here only. Tell it to nobody; no mediator will ask you for it.",
    ),
    "link.code_title": ("填写验证码", "Type your code"),
    "link.sent": (
        (
            "链接有效的话，验证码会发到您的手机上，一般一分钟内收到，10 分钟内有效。"
            "邀请书上印了验证码的，填那个就行。"
        ),
        (
            "If the link is good, a code comes to your phone within a minute, and is good for 10 minutes. "
            "If your letter has a code on it, type that one."
        ),
    ),
    "field.code": ("验证码", "Code"),
    "hint.code": ("6 位数字", "6 digits"),
    "link.enter": ("进入", "Go on"),
    "link.again": ("重新发一个", "Send another code"),
    "link.no_code": (
        "没收到？验证码每分钟最多发一个，每天最多发十个。手机号换了、手机丢了，请联系调解中心，工作人员可以给您一张带验证码的纸。",
        (
            "No code? You can get one a minute and ten a day. If your number has changed or your phone is "
            "lost, ask the mediation centre: the staff can give you a sheet with a link and a code."
        ),
    ),
    "link.refused": ("没能进入", "That did not work"),
    "link.what_to_do": (
        "请核对验证码，或者重新发一个。还是不行的，链接可能已经过期，请联系调解中心。",
        (
            "Check the code, or get another one. If it still does not work the link may be too old: "
            "ask the mediation centre."
        ),
    ),
    "act.consent": ("同意或者不同意调解", "Say yes or no to mediation"),
    "consent.what": (
        "调解员会帮您和银行商量怎么还、还多少。谈不成，您也不会因为来谈过而吃亏。",
        (
            "A mediator helps you and the bank to agree how much you pay, and when. "
            "If you find no agreement, having talked does not harm you."
        ),
    ),
    "consent.no": (
        "不同意的话，调解就不开始，银行可以去法院起诉。",
        "If you say no, there is no mediation, and the bank may go to court.",
    ),
    "field.given": ("您愿意调解吗？", "Do you want mediation?"),
    "consent.yes_option": ("愿意", "Yes"),
    "consent.no_option": ("不愿意", "No"),
    "field.online": ("可以在网上谈吗？", "May we talk online?"),
    "hint.online": (
        "在网上谈，就是用手机看方案、签字，不用跑。不选就当面谈。",
        "Online means: you read offers and sign on your phone. Without it you meet in person.",
    ),
    "consent.online_yes": ("可以，在网上谈", "Yes, online"),
    "consent.online_no": ("当面谈", "In person"),
    "done.consent": ("您的答复已经记下。", "Your answer is on record."),
    "rights.title": ("您的权利", "Your rights"),
    "rights.free": ("调解不收任何费用。", "Mediation costs you nothing."),
    "rights.voluntary": (
        "愿不愿意调解、接不接受方案，都由您自己决定。谈的时候随时可以不谈。",
        "You decide whether to take part and which offer to accept. You may stop at any time.",
    ),
    "rights.confidential": (
        "谈的内容保密。您说过的话、让过的步，以后打官司也不能拿来对付您。",
        "What is said stays secret. Nothing you say or offer can be used against you in court later.",
    ),
    "rights.mediator": (
        "觉得调解员不公正，可以要求换人。",
        "If you think the mediator is not fair, you can ask for another one.",
    ),
    "rights.confirmation": (
        "签了协议，双方都要照办。经法院确认的协议，谁不照办，对方可以直接申请法院强制执行，不用再打官司。",
        (
            "An agreement that you sign binds both sides. Once the court has confirmed it, it can be "
            "enforced without a lawsuit when somebody does not keep it."
        ),
    ),
    "rights.help": (
        "看不懂、不会操作，可以请家人帮忙，也可以到调解中心当面办。",
        "If something is unclear, ask your family to help, or come to the mediation centre.",
    ),
}
