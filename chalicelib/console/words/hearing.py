"""The words of being heard: objections, challenges of the mediator, the end of talks, defences."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "act.object": ("这不是我的意思", "That is not what I said"),
    "object.what_follows": (
        "别人替您登记的事，您没说过、不是自愿的，可以在这里提出来。提出后案件先停下来，由调解中心核实。",
        (
            "If something was put on record for you that you did not say or did not want, say so here. "
            "The case then stops until the mediation centre has looked into it."
        ),
    ),
    "object.decision": (
        "中心认为您说得对，这件事就不算数；不对，案件接着办。结果会发短信告诉您。",
        "If you are right, it does not count. If not, the case goes on. We tell you by message.",
    ),
    "done.object": ("已经记下，案件先停下来。", "It is on record. The case stops for now."),
    "field.act": ("您说的是哪一件？", "Which one do you mean?"),
    "hint.act": ("只列出现在还能提的", "Those that you can still object to"),
    "staff.field.act": ("对哪一项提出异议", "Objection to"),
    "staff.hint.act": ("异议期限未满的事项", "Acts whose days to object are not over"),
    "act.challenge": ("要求换调解员", "Ask for another mediator"),
    "challenge.what_follows": (
        "由调解中心决定换不换。决定之前，调解照常进行。结果会发短信告诉您。",
        "The mediation centre decides. Until then the talks go on. We tell you by message.",
    ),
    "challenge.staff_follows": (
        "由中心决定；决定前案件照常进行。",
        "The centre decides; the case goes on meanwhile.",
    ),
    "done.challenge": ("已经记下，等调解中心决定。", "It is on record. The mediation centre decides."),
    "field.ground": ("为什么要换？", "Why do you want another one?"),
    "staff.field.ground": ("理由", "Ground"),
    "ground.near_relative": (
        "调解员是一方当事人或者代理人的近亲属",
        "The mediator is a near relative of a party or of its agent",
    ),
    "ground.interest_in_dispute": (
        "这件事的结果跟调解员自己有利害关系",
        "The mediator has an interest of his or her own in the dispute",
    ),
    "ground.other_relation": (
        "调解员跟一方有别的关系，可能不公正",
        "The mediator has another relation to a party that may cast doubt",
    ),
    "act.disclose": ("披露与案件的关系", "Disclose a relation to the case"),
    "disclose.what_follows": (
        "双方当事人都会看到您填写的内容。全体当事人同意由该调解员调解之前，该调解员不能接受指派，也不能促成协议；曾在本纠纷中任职的，当事人同意也不行。",
        (
            "Both sides read what you write. Until all parties agree to this mediator, it neither accepts "
            "the case nor leads it to an agreement. An earlier role in the dispute can't be agreed to."
        ),
    ),
    "done.disclose": ("已披露，系统会通知当事人。", "Disclosed. The hub tells the parties."),
    "act.record-disclosure": ("披露调解员与案件的关系", "Disclose a mediator's relation"),
    "done.record-disclosure": ("已披露，系统会通知当事人。", "Disclosed. The hub tells the parties."),
    "act.waive": ("同意仍由这位调解员调解", "Keep this mediator"),
    "waive.who": ("{name}说明了这件事：", "{name} has told this:"),
    "waive.what_follows": (
        "您可以同意，也可以不同意。各方都同意，才由这位调解员调解；不同意的，不用点，也可以要求换调解员。",
        (
            "You may agree or not. This mediator stays only if everybody agrees. If you do not, leave this "
            "page; you can also ask for another mediator."
        ),
    ),
    "waive.staff_follows": (
        "全体当事人同意的，该调解员可以继续；不同意的，可以申请回避，由中心更换。",
        "If all parties agree, this mediator may go on. Else challenge the mediator; the centre replaces it.",
    ),
    "waive.recorded_follows": (
        "先把披露的内容念给当事人听。登记后需另一人复核，或者由当事人的验证码确认。",
        "Read to the party what was disclosed. It needs a second record, or the party's code.",
    ),
    "done.waive": ("已经记下您的同意。", "Your agreement is on record."),
    "act.bank-waive": ("同意由有关联的调解员调解", "Agree to this mediator"),
    "done.bank-waive": ("已登记同意。", "Your agreement is on record."),
    "act.record-waiver": ("登记当事人同意该调解员", "Record that a party agrees to the mediator"),
    "done.record-waiver": ("已登记，等待复核。", "Recorded. It waits for its second record."),
    "recorded_act.waive_recusal": ("同意仍由该调解员调解", "Agreement to the mediator"),
    "relation.near_relative": (
        "是一方当事人或者代理人的近亲属",
        "A near relative of a party or of its agent",
    ),
    "relation.interest_in_dispute": (
        "跟这件事的结果有利害关系",
        "An interest of his or her own in the dispute",
    ),
    "relation.institution_link": (
        "跟银行有关联（任职、派驻或者领取报酬）",
        "A link to the bank (employed, lent or paid by it)",
    ),
    "relation.other_relation": (
        "跟一方有别的关系，可能影响公正",
        "Another relation to a party that may cast doubt",
    ),
    "relation.earlier_role": (
        "在这件事里做过代理人、证人、鉴定人等",
        "An earlier role in the dispute: agent, witness, appraiser or the like",
    ),
    "act.confirm-agent": ("这个人替我办", "This person acts for me"),
    "confirm_agent.what_follows": (
        "银行说，下面的人替您办这件事。是您请的，才确认。确认以后，他能看您的案件；“特别授权”的，还能替您定方案、签协议。",
        (
            "The bank says that this person acts for you. Only confirm whom you have asked yourself. Then "
            "it sees your case; with special authority also agrees and signs for you."
        ),
    ),
    "done.confirm-agent": ("已经确认。", "You have confirmed it."),
    "act.reject-agent": ("我没请这个人", "I have not asked this person"),
    "reject_agent.what_follows": (
        "您没请过这个人，就在这里说。他以后看不到您的案件，也不能替您办任何事。",
        "Say here that you have not asked this person. It then can neither see your case nor act for you.",
    ),
    "done.reject-agent": (
        "已经记下，这个人不能替您办事。",
        "This person does not act for you.",
    ),
    "act.record-agent-confirmation": ("登记当事人对代理人的确认", "Record that a party confirms an agent"),
    "confirm_agent.staff_follows": (
        "申请书为被申请人列明的代理人，须经其本人确认后才能办理。姓名见联系方式。需另一人复核。",
        (
            "Whom the filing named as a respondent's agent may act once the respondent confirms it. "
            "The names are among the contacts. It needs a second record."
        ),
    ),
    "done.record-agent-confirmation": ("已登记，等待复核或者已生效。", "It is on record."),
    "field.agent_id": ("哪一位？", "Which person?"),
    "staff.field.agent_id": ("代理人", "Agent"),
    "act.end-talks": ("我不想谈了", "I want to stop the talks"),
    "end_talks.then": (
        "不谈了，调解就到此结束，您自己不能再恢复。银行可以去法院起诉。",
        "Then the mediation ends, and you can't take that back. The bank may go to court.",
    ),
    "end_talks.no_harm": (
        "您谈过的话、让过的步，不会告诉法院。只是觉得调解员不合适的，可以要求换人。",
        (
            "The court is not told what you said or offered. "
            "If it is only the mediator, you can ask for another one."
        ),
    ),
    "done.end-talks": ("调解已结束。", "The mediation has ended."),
    "act.bank-challenge": ("申请调解员回避", "Challenge the mediator"),
    "done.bank-challenge": ("已申请，等待中心决定。", "On record. The centre decides."),
    "act.record-objection": ("登记当事人的异议", "Record a party's objection"),
    "record_objection.what_follows": (
        "登记后案件暂停，由未参与该事项登记的中心人员决定。",
        "The case then stops. Somebody of the centre who did not record the act decides.",
    ),
    "done.record-objection": ("已登记，案件暂停。", "Recorded. The case stands still."),
    "act.record-challenge": ("登记当事人申请回避", "Record a party's challenge of the mediator"),
    "done.record-challenge": ("已登记，等待决定。", "Recorded. It waits for a decision."),
    "act.decide-objection": ("决定异议", "Decide the objection"),
    "decide_objection.what": (
        "{name}提出：{act}（{time}登记）不是本人的意思。",
        "{name} objects to: {act} (recorded {time}).",
    ),
    "decide_objection.what_follows": (
        "异议成立的，该事项以及以它为基础的事项都不算数，案件回到之前的阶段；不成立的，案件继续。",
        (
            "Upheld, the act and what rests on it do not count, and the case goes back to before it. "
            "Dismissed, the case goes on."
        ),
    ),
    "done.decide-objection": ("已决定，系统会通知当事人。", "Decided. The hub tells the parties."),
    "finding.not_said": ("成立：本人没有这样说", "Upheld: the person did not say so"),
    "finding.not_free": (
        "成立：不是本人真实意思（受骗、被迫、重大误解）",
        "Upheld: not of free will (deceived, forced, gravely mistaken)",
    ),
    "finding.wrong_person": ("成立：到场的不是本人", "Upheld: it was another person who came"),
    "finding.upheld_otherwise": ("成立：其他原因", "Upheld for another reason"),
    "finding.recorded_rightly": ("不成立：登记属实", "Dismissed: it was recorded rightly"),
    "finding.taken_back": ("不成立：本人撤回异议", "Dismissed: the person took the objection back"),
    "finding.dismissed_otherwise": ("不成立：其他原因", "Dismissed for another reason"),
    "act.decide-challenge": ("决定回避申请", "Decide the challenge"),
    "decide_challenge.what": (
        "{name}申请调解员回避：{ground}。",
        "{name} challenges the mediator: {ground}.",
    ),
    "decide_challenge.what_follows": (
        "准许的，案件重新等待指派；新的调解员接受之前，调解期限停止计算。",
        (
            "Upheld, the case waits for another appointment. The time of the mediation stands still until "
            "the next mediator accepts."
        ),
    ),
    "done.decide-challenge": ("已决定，系统会通知当事人。", "Decided. The hub tells the parties."),
    "finding.ground_exists": ("准许：理由成立", "Upheld: the ground exists"),
    "finding.not_shown": ("不准许：没有说明事实", "Dismissed: no facts were given"),
    "finding.no_ground": ("不准许：不是回避的理由", "Dismissed: that is no ground"),
    "recorded_act.consent": ("同意调解", "Consent to mediation"),
    "recorded_act.refuse_consent": ("不同意调解", "Refusal of mediation"),
    "recorded_act.end_mediation": ("不愿继续调解", "Refusal to go on"),
    "recorded_act.extend": ("同意延长时间", "Consent to more time"),
    "recorded_act.offer": ("提出方案", "An offer"),
    "recorded_act.accept_offer": ("接受方案", "Acceptance of an offer"),
    "recorded_act.decline_offer": ("不接受方案", "Refusal of an offer"),
    "recorded_act.withdraw_offer": ("撤销方案", "An offer revoked"),
    "recorded_act.sign": ("签协议", "Signature of the agreement"),
    "recorded_act.refuse_to_sign": ("不签协议", "Refusal to sign"),
    "recorded_act.apply_for_confirmation": ("请法院确认协议", "Request to confirm the agreement"),
    "case.objection": (
        "{name}对代为登记的“{act}”提出异议，等待中心决定；此前案件暂停。",
        "{name} objects to what was recorded: {act}. The case stands still until the centre has decided.",
    ),
    "case.challenge": (
        "{name}申请调解员回避，等待中心决定。",
        "{name} challenges the mediator. The centre decides.",
    ),
    "mine.objection": (
        "有人提出“{act}”不是本人的意思，调解中心正在核实，案件先停下来。",
        "Somebody objects: {act}. The mediation centre looks into it; the case stops for now.",
    ),
    "mine.challenge": (
        "有人要求换调解员，等调解中心决定。",
        "Somebody asks for another mediator. The mediation centre decides.",
    ),
    "defence.title": ("当事人的答辩意见", "What the parties say in their defence"),
    "defence.mine": ("我有话要说", "What I have to say"),
    "defence.lead": (
        "哪里算得不对、有什么难处，都可以写。银行、调解员和调解中心会看到，别的当事人看不到。",
        (
            "Write what is wrong with the sum, or what your difficulties are. The bank, the mediator and "
            "the mediation centre read it; nobody else does."
        ),
    ),
    "defence.kept": (
        "写好后不能改，可以再写一份。以最后一份为准，交不交给法院也看最后一份。",
        "It can't be changed, but you can write again. The last one counts, also for the court.",
    ),
    "defence.none": ("还没有人写。", "Nobody has written anything yet."),
    "defence.for_court": ("起诉的话，交给法院", "goes to the court if the bank sues"),
    "defence.not_for_court": ("不交给法院", "does not go to the court"),
    "defence.last": ("每一方以最后一份为准。", "The last one of each party counts."),
    "defence.send": ("提交", "Send it"),
    "done.defence": ("已经记下。", "It is on record."),
    "field.text": ("您想说的话", "What you want to say"),
    "hint.text": ("写不下可以再写一次", "If it does not fit, write again"),
    "field.for_court": ("银行起诉的话，要不要交给法院？", "If the bank sues, shall the court get it?"),
    "hint.for_court": ("不选就不交", "If you choose nothing, it does not get it"),
}
