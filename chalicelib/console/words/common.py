"""The words that every page shares: the frame, forms, refusals."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "console.name": ("解纷枢纽", "Jiefen Hub"),
    "console.skip": ("跳到正文", "Skip to the content"),
    "console.account": ("语言和账户", "Language and account"),
    "console.other_language": ("English", "中文"),
    "console.sign_out": ("退出（{role}）", "Sign out ({role})"),
    "console.footer": (
        "调解自愿、免费、保密。",
        "Mediation is voluntary, free of charge, and confidential.",
    ),
    "error.title": ("错误：", "Error: "),
    "error.summary": ("有内容需要更正", "Something needs to be put right"),
    "error.colon": ("：", ": "),
    "form.yes": ("是", "Yes"),
    "form.no": ("否", "No"),
    "form.choose": ("请选择", "Choose"),
    "form.leave": ("不办了，返回", "Leave this and go back"),
    "amount": ("{yuan} 元", "{yuan} yuan"),
    "time.overdue": ("已超过 {days} 天", "{days} days overdue"),
    "time.today": ("今天到期", "ends today"),
    "time.left": ("还有 {days} 天", "{days} days left"),
    "sign_in.title": ("登录", "Sign in"),
    "sign_in.lead": (
        "调解员、中心工作人员和银行经办人员用单位账号登录。",
        "Mediators, the centre's staff and banks' clerks sign in with the account of their organisation.",
    ),
    "sign_in.at": ("用单位账号登录", "Sign in with your organisation's account"),
    "sign_in.at_issuer": ("用 {issuer} 的账号登录", "Sign in with an account of {issuer}"),
    "sign_in.none": (
        "还没有设置登录方式，请告知运维人员。",
        "No way to sign in is set up yet. Please tell the operator.",
    ),
    "sign_in.party": (
        "当事人没有账号：请打开短信或者邀请书里的链接。",
        "Parties have no account: open the link in your message or letter.",
    ),
    "sign_in.again": ("去登录", "Go to sign in"),
    "signed_out.title": ("您已退出", "You are signed out"),
    "signed_out.lead": (
        "在公用电脑上，请同时关闭浏览器。",
        "On a shared computer, close the browser too.",
    ),
    # Refusals: what happened, and what to do.
    "problem.home": ("返回首页", "Go to the start page"),
    "problem.request_id": ("请求编号：", "Request id:"),
    "problem.not_found": ("找不到这个页面", "This page can't be found"),
    "remedy.not_found": (
        "请核对网址。您要找的案件可能不存在，或者不由您办理。",
        "Check the address. The case may not exist, or may not be one of yours.",
    ),
    "problem.not_permitted": ("您不能办理这件事", "You can't do this"),
    "remedy.not_permitted": (
        "这件事由其他人员办理。如有疑问，请联系调解中心。",
        "Somebody else does this. If in doubt, ask the mediation centre.",
    ),
    "problem.method_not_allowed": ("不能这样打开这个页面", "This page can't be opened like this"),
    "remedy.method_not_allowed": ("请从首页重新进入。", "Start again from the start page."),
    "problem.signed_out": ("您还没有登录", "You are not signed in"),
    "remedy.signed_out": (
        "登录后 30 分钟没有操作，或者满 8 小时，会自动退出。请重新登录，再办一次。",
        "You are signed out after 30 minutes without a step, and after 8 hours. Sign in and try again.",
    ),
    "problem.typed": (
        "您刚才写的文字没有保存。请先复制，重新进入以后再粘贴：",
        "What you have just written was not stored. Copy it first, and paste it when you are back:",
    ),
    "problem.form_from_elsewhere": ("这份表单不是从本网站发出的", "This form was not sent by this site"),
    "remedy.form_from_elsewhere": (
        "没有办理任何事项。请从首页重新进入，再填一次。",
        "Nothing was done. Start again from the start page and fill it in once more.",
    ),
    "problem.form_outdated": ("这份表单已经失效", "This form is no longer valid"),
    "remedy.form_outdated": (
        "没有办理任何事项。您可能重新登录过。请重新打开页面，再填一次。",
        "Nothing was done. You may have signed in again since. Open the page again and fill it in once more.",
    ),
    "problem.form_too_large": ("填写的内容太多", "There is too much in this form"),
    "remedy.form_too_large": ("请缩短内容后再提交。", "Shorten what you wrote and send it again."),
    "problem.not_now": ("现在不能办理这一步", "This step is not possible now"),
    "remedy.not_now": (
        "案件已有变化。请回到案件，看看下一步是什么。",
        "The case has moved on. Look at the case for its next step.",
    ),
    "problem.action_not_available": ("现在不能办理这一步", "This step is not possible now"),
    "problem.stale_version": ("有人刚刚更新了这个案件", "Somebody has changed the case just now"),
    "remedy.stale_version": (
        "您填写的内容还在。请先看看案件的变化，再决定是否提交。",
        "What you typed is still here. Look at the case first, then decide whether to send it.",
    ),
    "problem.busy": ("现在忙不过来", "The hub is busy"),
    "remedy.busy": ("请过一会儿再试。", "Try again in a moment."),
    "problem.console_not_set_up": ("网站还没有设置好", "The site is not set up yet"),
    "remedy.console_not_set_up": (
        "请告知运维人员：缺少会话密钥。",
        "Tell the operator: there is no session key.",
    ),
    "problem.internal_error": ("出错了", "Something went wrong"),
    "remedy.internal_error": (
        "不是您的错。请过一会儿再试；还不行的，请把请求编号告诉运维人员。",
        "It is not your fault. Try again in a moment; if it stays, tell the operator the request id.",
    ),
    "problem.other": ("办不成", "This can't be done"),
    "remedy.other": ("请返回首页再试。", "Go to the start page and try again."),
    "problem.sign_in_lost": ("登录没有完成", "The sign-in was not completed"),
    "remedy.sign_in_lost": (
        "可能用时太久，或者换了浏览器。请重新登录。",
        "It may have taken too long, or another browser was used. Sign in again.",
    ),
    "problem.sign_in_denied": ("登录被取消", "The sign-in was cancelled"),
    "remedy.sign_in_denied": (
        "登录页面没有同意。请重新登录，或者联系您单位的管理员。",
        "The sign-in page did not agree. Try again, or ask your organisation's administrator.",
    ),
    "problem.sign_in_refused": ("这个账号不能使用本网站", "This account can't be used here"),
    "remedy.sign_in_refused": (
        "账号没有相应的角色，请联系调解中心开通。",
        "The account has no role here. Ask the mediation centre to set it up.",
    ),
    "problem.sign_in_unreachable": ("登录服务暂时连不上", "The sign-in service can't be reached"),
    "remedy.sign_in_unreachable": ("请过一会儿再试。", "Try again in a moment."),
    "problem.sign_in_too_many": ("这个账号的案件太多", "This account has too many cases"),
    "remedy.sign_in_too_many": ("请联系调解中心。", "Ask the mediation centre."),
    # Faults beside a field, where the API's own words are for programs.
    "fault.missing": ("请填写或者选择", "Fill this in or choose"),
    "fault.string_expected": ("请填写文字", "Write text"),
    "fault.integer_expected": ("请填写整数", "Write a whole number"),
    "fault.boolean_expected": ("请选择", "Choose"),
    "fault.list_expected": ("请选择", "Choose"),
    "fault.object_expected": ("请填写", "Fill this in"),
    "fault.not_an_option": ("请从列出的选项中选择", "Choose one of those listed"),
    "fault.unknown_field": ("表单有误，请重新打开页面", "The form is wrong. Open the page again"),
    "fault.amount_format": ("请填写金额，例如 1234.50", "Write an amount such as 1234.50"),
    "fault.date_format": ("请填写日期，例如 2026-01-31", "Write a date such as 2026-01-31"),
    "fault.phone_several": (
        "一项只填一个号码：有手机号码的填手机号码，验证码和短信发往该号码",
        "One number only: the mobile number if there is one, since codes and messages go there",
    ),
    "fault.invalid": ("请重新填写", "Fill this in again"),
}
