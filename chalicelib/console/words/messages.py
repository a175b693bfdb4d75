"""The words of talks in writing."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "messages.title": ("留言", "Messages"),
    "messages.mine": ("给调解员留言", "Write to the mediator"),
    "messages.lead": (
        "每一方与调解员各有一个对话，另一方、法官和法院看不到。打开本页即为已读。",
        (
            "Each side has a thread with the mediator, which the other side, judges and courts do not see. "
            "Who opens this page has read it."
        ),
    ),
    "messages.lead_own": (
        "您写的只有调解员和调解中心能看到，银行和法院看不到。写在“大家的对话”里的，大家都能看到，法院还是看不到。",
        (
            "Only the mediator and the mediation centre see what you write, not the bank and no court. "
            "What is written for everybody is seen by everybody but the court."
        ),
    ),
    "messages.none": ("还没有留言。", "There are no messages yet."),
    "messages.new": ("新", "New"),
    "messages.read_by": (" · 已读：", " · read by "),
    "messages.send": ("发送", "Send"),
    "messages.joint_open": ("双方可以在这里直接留言。", "The parties may write to each other there."),
    "messages.joint_closed": ("双方现在不能直接留言。", "The parties can't write to each other now."),
    "messages.open": ("开启共同对话", "Let the parties write to each other"),
    "messages.close": ("关闭共同对话", "End that"),
    "messages.needs": ("改为电话联系", "Ring instead of writing"),
    "messages.needs_lead": (
        "标注后不再给该当事人的手机发留言提醒，改由中心打电话。",
        "A marked party gets no message to its phone; the centre rings.",
    ),
    "messages.told": ("以短信提醒", "is told by message"),
    "messages.unmark": ("取消标注", "Remove the mark"),
    "done.message": ("已发送。", "Sent."),
    "thread.mediator": ("调解员", "the mediator"),
    "thread.centre": ("调解中心", "the mediation centre"),
    "thread.applicant": ("银行一方", "the bank"),
    "thread.joint": ("大家的对话", "everybody"),
    "field.thread": ("写给谁？", "To whom?"),
    "need.cannot_read": ("看不了文字", "Can't read"),
    "need.dialect": ("需要讲方言", "Needs a dialect"),
    "need.no_mobile": ("没有能收短信的手机", "Has no mobile phone"),
}
