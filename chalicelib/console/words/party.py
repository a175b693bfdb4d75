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
    "mine.title": ("我的调解", "My mediation"),
    "mine.back": ("返回我的调解", "Back to my mediation"),
    "mine.until": ("请在{day}之前办好。", "Please do this by {day}."),
    "mine.wait": (
        "现在不用您做什么。有新情况，我们发短信告诉您。",
        "There is nothing for you to do now. We tell you by message when something happens.",
    ),
    "mine.about": ("这件事", "What it is about"),
    "mine.talks": ("最晚谈到{day}。", "You can talk until {day}."),
    "mine.claims": ("银行说您还欠", "The bank says that you owe"),
    "mine.why": ("这些钱是怎么算出来的", "How the sum comes about"),
    "mine.mediator": ("调解员：{name}", "Mediator: {name}"),
    "now.screening": ("材料正在审核", "Your case is being checked"),
    "now.assignment": ("正在给您安排调解员", "A mediator is being found for you"),
    "now.acceptance": ("正在给您安排调解员", "A mediator is being found for you"),
    "now.consent": ("您愿不愿意调解？", "Do you want mediation?"),
    "now.mediation": ("正在商量怎么还", "How you pay is being talked over"),
    "now.signing": ("协议写好了，请看一看、签一签", "The agreement is ready: read it and sign"),
    "now.performance": ("协议生效了，请按约定还款", "The agreement is in force: pay as it says"),
    "now.default": ("有一笔钱没有按时还", "A payment was not made in time"),
    "now.decision": ("没有谈成，等银行决定下一步", "No agreement; the bank decides what comes next"),
    "now.submission": ("案件正在送往法院", "The case is on its way to the court"),
    "now.court_review": ("法院正在看材料", "The court is looking at the case"),
    "now.correction": ("银行正在补材料", "The bank is adding to its papers"),
    "now.resubmission": ("案件正在再次送往法院", "The case goes to the court once more"),
    "now.ended": ("这件事已经结束", "This is over"),
    "why.principal": ("您借的、还没还的钱", "What you borrowed and have not paid back"),
    "why.interest": ("借钱期间的利息", "Interest for the time you had the money"),
    "why.penalty_interest": (
        "过了还款日没还，多算的利息",
        "Extra interest because you paid late",
    ),
    "why.compound_interest": ("没付的利息再算的利息", "Interest on interest that was not paid"),
    "why.fees": ("合同里写明的费用", "Fees that the contract names"),
    "card_why.principal": ("您刷卡透支、还没还的钱", "What you spent with the card and have not paid back"),
    "card_why.interest": ("透支的钱每天算的利息", "Interest for each day on what you spent"),
    "card_why.penalty_interest": (
        "没有还够最低还款额，合同约定的违约金",
        "The fee that the contract names for paying less than the minimum",
    ),
    "card_why.compound_interest": ("没付的利息再算的利息", "Interest on interest that was not paid"),
    "card_why.fees": ("合同里写明的手续费和其他费用", "Fees that the contract names"),
    "why.drawn": ("您借了多少", "What you borrowed"),
    "why.drawn_line": ("{day}借了 {amount}", "{amount} on {day}"),
    "why.interest_title": ("利息一段一段怎么算", "How the interest adds up, step by step"),
    "why.segment": (
        "{start}到{end}，共 {days} 天：按 {base}，{per} {percent}%。",
        "{start} to {end}, {days} days: on {base}, at {percent}% {per}.",
    ),
    "why.paid_title": ("您还过的钱", "What you have paid"),
    "why.paid_line": ("{day}还了 {amount}", "{amount} on {day}"),
    "why.charges_title": ("其他费用", "Other charges"),
    "why.wrong": (
        "觉得哪里不对，请告诉调解员，或者带上还款凭证到调解中心来。",
        "If something is wrong, tell the mediator, or bring your receipts to the mediation centre.",
    ),
    "claim.costs": ("银行为讨债花的钱", "Costs of collecting"),
    "claim.breach_fee": ("违约金", "Fee for breaking the contract"),
    "claim.title": ("这些钱是怎么算出来的", "How the sum comes about"),
    "ways.title": ("算一算：怎么还、还多少", "Work it out: ways to pay"),
    "ways.what": (
        "按银行现在的减免办法算的，只给您参考，不算数。从一个月以后开始还。",
        "Worked out by what the bank waives today, for you to see. It binds nobody. You begin in a month.",
    ),
    "ways.work_out": ("算一算", "Work it out"),
    "ways.others": ("看看别的还法", "Other ways"),
    "ways.once": ("{days} 天内一次还清", "Everything within {days} days"),
    "ways.months": ("分 {months} 个月还", "In {months} months"),
    "ways.not_possible": ("银行的减免办法里没有这一种。", "The bank has no such way."),
    "offers.title": ("还款方案", "Offers"),
    "offers.none": ("还没有人提出方案。", "Nobody has made an offer yet."),
    "offers.of": ("{who}提的方案", "An offer by {who}"),
    "offers.applicant": ("银行", "the bank"),
    "offers.respondent": ("您这一方", "your side"),
    "offer_state.open": ("等答复", "waits for an answer"),
    "offer_state.countered": ("对方另提了方案", "answered by another offer"),
    "offer_state.accepted": ("已接受", "accepted"),
    "offer_state.declined": ("没有接受", "declined"),
    "offer_state.withdrawn": ("已撤回", "taken back"),
    "offer_state.expired": ("已过期", "too old"),
    "offer.pay": ("一共还", "You pay"),
    "offer.owed": ("现在欠", "Owed now"),
    "offer.waived": ("银行不要了的", "Given up by the bank"),
    "offer.interest": ("分期的利息", "Interest of the plan"),
    "offer.saving": ("您少还", "You save"),
    "offer.months": (
        "分 {payments} 次还，每月大约 {burden}，{day}还完。",
        "In {payments} payments, about {burden} a month; the last on {day}.",
    ),
    "offer.each": ("看每一次还多少", "See each payment"),
    "offer.once": ("{day}之前一次还清。", "In one sum by {day}."),
    "act.accept-offer": ("接受这个方案", "Accept the offer"),
    "accept.then": (
        "接受后，调解员按这个方案写协议。您看过协议、签了字才算数。",
        "The mediator then writes the agreement. It counts when you have read and signed it.",
    ),
    "done.accept-offer": ("您已接受方案。", "You have accepted the offer."),
    "act.decline-offer": ("不接受这个方案", "Decline the offer"),
    "decline.then": (
        "不接受也可以接着谈，您可以提自己的方案。",
        "You can go on talking, and make an offer of your own.",
    ),
    "done.decline-offer": ("您没有接受这个方案。", "You have declined the offer."),
    "act.pay-monthly": ("我想按月还", "I want to pay monthly"),
    "act.pay-once": ("我想一次还清", "I want to pay in one sum"),
    "counter.monthly": (
        "您说分几个月、哪天开始，我们算出每月还多少，发给银行。银行 7 天内答复。",
        (
            "Say in how many months, and from when. We work out what that is a month and send it to the "
            "bank, which has 7 days to answer."
        ),
    ),
    "counter.once": (
        "您说哪天之前能还清，我们算出一共还多少，发给银行。银行 7 天内答复。",
        "Say by when you can pay. We work out the sum and send it to the bank, which has 7 days to answer.",
    ),
    "counter.wait": (
        "请先等银行提方案，再提您自己的。",
        "Wait for the bank's first offer, then make your own.",
    ),
    "counter.first": ("第一次还款的日子：", "The day of your first payment:"),
    "field.schedule.count": ("分几个月还", "In how many months"),
    "hint.schedule.count": ("例如 12", "For example 12"),
    "field.schedule.year": ("年", "Year"),
    "field.schedule.month": ("月", "Month"),
    "field.schedule.day": ("日", "Day"),
    "field.schedule.by": ("哪天之前还清", "Paid by"),
    "done.pay-monthly": ("您的方案已经发给银行。", "Your offer is with the bank."),
    "done.pay-once": ("您的方案已经发给银行。", "Your offer is with the bank."),
    "act.sign": ("看协议、签字", "Read and sign the agreement"),
    "sign.button": ("签字", "Sign"),
    "sign.read_first": ("请先看完整的协议：", "Read the whole agreement first:"),
    "sign.whole_text": ("打开协议", "Open the agreement"),
    "sign.sent": (
        "验证码已经发到您的手机上，10 分钟内有效。",
        "A code is on its way to your phone, good for 10 minutes.",
    ),
    "sign.again": ("重新发一个验证码", "Send another code"),
    "done.sign": ("您已签字。", "You have signed."),
    "act.refuse-to-sign": ("不签", "Do not sign"),
    "refuse.then": (
        "不签，调解就到此结束，银行可以去法院起诉。",
        "Then the mediation ends, and the bank may go to court.",
    ),
    "done.refuse-to-sign": ("您没有签，调解已结束。", "You did not sign. The mediation has ended."),
    "act.confirm": ("请法院确认协议", "Ask the court to confirm the agreement"),
    "confirm.what": (
        "法院确认以后，谁不照协议办，另一方可以直接申请强制执行。双方都申请，才会送到法院。",
        "Once the court has confirmed it, it can be enforced without a lawsuit. Both sides have to ask.",
    ),
    "confirm.free": ("不收费。", "It costs nothing."),
    "done.confirm": ("您的申请已经记下。", "Your request is on record."),
    "plan.title": ("还款计划", "My payments"),
    "plan.next": ("下一次：{day}之前还", "Next: by {day}"),
    "plan.all_paid": ("全部还清了。", "Everything is paid."),
    "plan.agreed": ("约定一共还", "Agreed"),
    "plan.paid": ("已还", "Paid"),
    "plan.remaining": ("还剩", "Still to pay"),
    "plan.day": ("哪天之前", "By"),
    "plan.amount": ("还多少", "Amount"),
    "plan.where": ("还到哪个账户", "Where to pay"),
    "plan.whole_number": ("完整账号在协议里。", "The whole number is in the agreement."),
    "papers.title": ("文件，可以打印", "Papers to print"),
    "papers.lead": ("点开就能看，也可以下载、打印。", "Open them to read, download or print."),
    "papers.none": ("现在还没有文件。", "There are no papers yet."),
    "papers.make": ("我要一份", "Make one for me"),
    "paper.mediation_agreement": ("调解协议", "Agreement"),
    "paper.signed_agreement": ("签好的调解协议", "Signed agreement"),
    "paper.confirmation_application": ("请法院确认的申请书", "Request to the court to confirm"),
    "paper.calculation": ("欠款计算明细", "How the debt is computed"),
    "paper.service_address": ("收信地址确认书", "Address for letters"),
    "paper.undisputed_facts": ("双方都认可的事实", "Facts that nobody disputes"),
    "problem.code_not_verified": ("验证码不对", "The code is wrong"),
    "remedy.code_not_verified": ("请核对，或者重新发一个。", "Check it, or get another one."),
    "problem.code_expired": ("验证码过期了", "The code is too old"),
    "remedy.code_expired": ("请重新发一个。", "Get another one."),
    "problem.codes_exhausted": ("填错太多次", "Too many wrong tries"),
    "remedy.codes_exhausted": ("请重新发一个验证码。", "Get another code."),
    "fault.code_digits": ("请填 6 位数字", "Type the 6 digits"),
}
