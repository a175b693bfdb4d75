"""The words of the centre's page of links, and of the sheet that it hands over."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "links.title": ("当事人的链接", "Links for the parties"),
    "links.lead": (
        "手机丢了或者没有手机的当事人，核对身份后可以当面给一张带链接和验证码的纸。手机或者纸丢了，请撤销全部链接。",
        (
            "Who has lost the phone, or has none, can get a sheet with a link and a code, once you have "
            "checked who it is. If a phone or a sheet is lost, revoke all links."
        ),
    ),
    "links.issue": ("打印链接和验证码", "Print a link and a code"),
    "links.revoke": ("撤销全部链接", "Revoke all links"),
    "links.revoked_now": ("已撤销，以后的短信会带新链接。", "Revoked. New messages bring new links."),
    "links.record": ("签发和撤销记录", "What was issued and revoked"),
    "links.no_record": ("还没有记录。", "Nothing yet."),
    "links.done.issued": ("签发了纸质链接", "A link on paper was issued"),
    "links.done.revoked": ("撤销了全部链接", "All links were revoked"),
    "sheet.title": ("进入调解的办法", "How to see your mediation"),
    "sheet.back": ("返回链接", "Back to the links"),
    "sheet.staff": (
        "请现在打印，交给本人。离开这一页就不再显示。",
        "Print this now and hand it over. It is not shown again.",
    ),
    "sheet.open": ("在手机或者电脑上打开这个网址：", "Open this address on a phone or computer:"),
    "sheet.press": ("点“我已经有验证码”。", "Choose \u201cI have a code already\u201d."),
    "sheet.type": ("填上验证码：", "Type the code:"),
    "sheet.used": ("已经用过或者过期，请重新打印", "it is used or too old; print another one"),
    "sheet.until": ("{day}之前有效，验证码只能用一次。", "Good until {day}; the code works once."),
    "sheet.secret": ("请不要把这张纸给别人看。", "Show this sheet to nobody else."),
}
