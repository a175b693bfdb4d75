"""The words of sessions: the list, a session, and what is done about it."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "sessions.title": ("调解会", "Sessions"),
    "sessions.mine": ("调解会：时间和怎么参加", "Meetings: when, and how to take part"),
    "sessions.back": ("返回调解会列表", "Back to all meetings"),
    "sessions.none": ("还没有安排调解会。", "No meeting has been set yet."),
    "sessions.trips": ("{name}到场 {trips} 天", "{name} came in person on {trips} day(s)"),
    "sessions.trips_own": ("您一共跑了 {trips} 趟。", "You came in person on {trips} day(s)."),
    "sessions.another": ("安排调解会", "Schedule a session"),
    "sessions.lead": (
        "受邀的当事人会收到短信，前一天再提醒一次。只邀请一方的是单方会谈，对方看不到。",
        (
            "Who is invited gets a message, and another one the day before. If you invite one side only, it "
            "is a private talk: the other side does not learn of it."
        ),
    ),
    "sessions.schedule": ("安排", "Schedule it"),
    "done.session": ("已安排，受邀的当事人会收到短信。", "It is set. Who is invited gets a message."),
    "session.title": ("调解会", "Meeting"),
    "session.back": ("返回这场调解会", "Back to the meeting"),
    "session.when": ("时间", "When"),
    "session.long": ("，{minutes} 分钟", ", for {minutes} minutes"),
    "session.length": ("{minutes} 分钟", "{minutes} minutes"),
    "session.how": ("方式", "How"),
    "session.invited": ("参加的人", "Who is invited"),
    "session.state": ("状态", "State"),
    "session.cancelled": ("已取消", "cancelled"),
    "session_kind.in_person": ("到调解室当面谈", "in person"),
    "session_kind.telephone": ("打电话谈", "by telephone"),
    "session_kind.video": ("手机或者电脑视频", "by video"),
    "session.come_in": ("怎么参加", "How to take part"),
    "session.join": ("进入视频", "Come in"),
    "session.join_hint": (
        "不用注册，也不用装软件。这个入口只给您本人用，请不要转给别人。",
        "You need no account. The way in is yours alone: do not pass it on.",
    ),
    "session.ring": ("到时间打这个电话：", "At that time, ring:"),
    "session.then_code": ("接通后按这个号码：", "Then key in:"),
    "session.come": (
        "请带身份证到调解室 {room}。",
        "Come to room {room}, and bring your identity card.",
    ),
    "session.later": (
        "开始前 30 分钟再打开本页，就能进入。",
        "Open this page again half an hour before it begins; then you can come in.",
    ),
    "session.keep": ("存到手机日历", "Keep it in your calendar"),
    "session.move": ("改期", "Move it"),
    "session.move_what_follows": ("受邀的当事人会收到短信。", "Who is invited gets a message."),
    "done.move": ("已改期。", "It is moved."),
    "session.cancel": ("取消调解会", "Cancel it"),
    "session.cancel_what_follows": (
        "受邀的当事人会收到短信，时间和调解室空出来。",
        "Who is invited gets a message; the time and the room are free again.",
    ),
    "done.cancel": ("已取消。", "It is cancelled."),
    "session.attendance": ("登记谁到会", "Record who came"),
    "session.attendance_lead": (
        "没有来的人，两项都留空。再登记一次会替换上一次；有人签了笔录就不能再改。",
        (
            "Leave both fields empty for who did not come. Recording again replaces this, until somebody has "
            "signed the minutes."
        ),
    ),
    "field.attendance.came": ("怎么参加的", "How the person took part"),
    "field.attendance.identity": ("怎么核对身份的", "How the identity was checked"),
    "field.attendance": ("到会情况", "Who came"),
    "done.attendance": ("已登记。", "Recorded."),
    "came.in_person": ("到场", "in person"),
    "came.online": ("视频", "by video"),
    "came.telephone": ("电话", "by telephone"),
    "identity_check.document_seen": ("看了身份证件", "a document was seen"),
    "identity_check.signed_in": ("凭手机验证码进入", "signed in with a code"),
    "identity_check.asked": ("电话里核对了登记信息", "asked by telephone"),
    "session.minutes": ("写调解笔录", "Draft the minutes"),
    "session.minutes_lead": (
        "只有到会的人、您和中心能看到。有人签字后就不能再改。",
        "Only who was there, you and the centre read them. They stay as they are once somebody has signed.",
    ),
    "session.minutes_of": ("调解笔录", "The minutes"),
    "session.no_minutes": ("还没有笔录。", "There are no minutes yet."),
    "done.minutes": ("笔录已保存，请到会的人看过再签。", "Saved. Who was there reads and signs them."),
    "session.sign": ("看笔录、签字", "Read and sign the minutes"),
    "session.sign_lead": (
        "看完没问题，点下面的按钮，手机会收到验证码，填进去就是签字。写得不对，先不要签，告诉调解员。",
        (
            "If it is right, send yourself a code and type it below: that is your signature. If it is not, "
            "do not sign, and tell the mediator."
        ),
    ),
    "session.sign_button": ("签字", "Sign"),
    "session.paper_lead": (
        "当面在纸上签了的，由您登记，中心另一人再登记一次后生效。",
        "You record who signed on paper in person; it counts when another of the centre has recorded it too.",
    ),
    "session.paper_button": ("登记纸质签字", "Record a signature on paper"),
    "done.signature": ("已记录签字。", "The signature is on record."),
    "session.came": ("到会的人", "Who came"),
    "session.signed": ("已签字", "signed"),
    "session.half_signed": ("纸质签字，等另一人登记", "signed on paper; another has to record it"),
    "session.unsigned": ("还没有人签字。", "Nobody has signed yet."),
    "mine.session": ("下一次调解会：{time}", "Your next meeting: {time}"),
    "mine.session_how": ("时间和怎么参加", "When, and how to take part"),
    "field.kind": ("怎么开", "How it is held"),
    "field.starts_at": ("什么时候开始（北京时间）", "When it begins (China's time)"),
    "fault.instant_format": ("请选择日期和时间", "Choose a day and a time"),
    "hint.starts_at": ("整点或者半点", "On the hour or the half hour"),
    "field.minutes": ("开多久", "For how long"),
    "field.room": ("调解室", "Room"),
    "hint.room": ("当面谈的才填", "Only for a session in person"),
    "field.invited": ("邀请谁", "Who is invited"),
    "hint.invited": ("一个都不选，就是邀请全体当事人", "Choose nobody to invite everybody"),
}
