"""The mediation's papers that a court may see: undisputed facts, service address, report.

Sources: 人民法院在线调解规则 17, 18, 25; 法释〔2016〕14号 22, 23. No paper says what was offered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.documents.outline import (
    Column,
    Field,
    Form,
    Grid,
    Heading,
    Notice,
    Outline,
    Paragraph,
    Section,
    Title,
)
from chalicelib.adapters.documents.templates import shared
from chalicelib.adapters.documents.wording import choice, day, in_full, or_nothing, yuan

if TYPE_CHECKING:
    from chalicelib.adapters.documents.views.mediation import (
        MediationReport,
        ServiceAddressConfirmation,
        UndisputedFacts,
    )


def undisputed_facts_1(view: UndisputedFacts) -> Outline:
    """Lay out the facts which the parties confirmed together."""
    return Outline(
        title="无争议事实记载",
        made_on=view.made_on,
        foot=f"无争议事实记载　{view.number}",
        blocks=(
            Title(text="无争议事实记载", below=f"编号：{view.number}"),
            Form(
                rows=(
                    Field(label="案由", value=view.cause),
                    Field(label="申请人", value=shared.names(view.applicants)),
                    Field(label="被申请人", value=shared.names(view.respondents)),
                    Field(label="调解组织", value=view.organisation),
                    Field(label="调解员", value="、".join(view.mediators)),
                )
            ),
            Paragraph(text="在调解过程中，各方当事人对下列事实没有争议，并共同确认："),
            *(Paragraph(text=line) for line in shared.numbered(view.facts)),
            Paragraph(
                text="调解员已经告知：当事人签名或者盖章确认后，在诉讼程序中除涉及国家利益、社会公共利益和"
                "他人合法权益外，当事人无需就调解过程中已确认的无争议事实举证。"
            ),
            Paragraph(
                text="本记载不包含当事人为达成调解协议而作出的妥协和让步。",
            ),
            shared.signatures(view.signatories),
        ),
    )


def service_address_1(view: ServiceAddressConfirmation) -> Outline:
    """Lay out a party's confirmation of its address for service."""
    participant = view.participant
    confirmed_for = (view.agent,) if view.agent else ()
    return Outline(
        title="送达地址确认书",
        made_on=view.made_on,
        foot=f"送达地址确认书　{view.number}",
        blocks=(
            Title(text="送达地址确认书", below=f"编号：{view.number}"),
            Notice(lines=("告知事项", *shared.numbered(_SERVICE_NOTICE))),
            Form(
                rows=(
                    Field(label="案由", value=view.cause),
                    Field(label="调解组织", value=view.organisation),
                    Field(label="人民法院", value=view.court),
                    Section(text="当事人"),
                    Field(
                        label=f"{view.role}\n（{shared.nature(participant.who)}）",
                        value=shared.described(participant.who),
                    ),
                    Field(label="代为确认的代理人", value=shared.agents(confirmed_for)),
                    Section(text="送达地址和送达方式"),
                    Field(label="送达地址、收件人、电话", value=shared.served(view.service)),
                    Field(label="是否接受电子送达", value=shared.electronically(view.service)),
                )
            ),
            Paragraph(
                text="本人（本单位）已经阅读并知悉上述告知事项，确认上述送达地址和送达方式准确、有效；"
                "上述送达地址适用于调解、司法确认、第一审、第二审、再审和执行程序。"
            ),
            shared.signatures((view.signatory,)),
        ),
    )


_SERVICE_NOTICE = (
    "当事人应当如实提供确切的送达地址和联系方式。",
    "送达地址发生变更的，应当及时以书面方式告知调解组织和人民法院；未及时告知的，仍以本确认书的地址为送达地址。",
    "因当事人提供的送达地址不准确、送达地址变更未及时告知、当事人或者其指定的代收人拒绝签收，导致文书未能被实际接收的，邮寄送达的以文书退回之日为送达之日，直接送达的以送达人当场记明情况之日为送达之日。",
    "同意电子送达的，以送达信息到达当事人特定系统的日期为送达日期；判决书、裁定书、调解书经当事人同意也可以电子送达，当事人要求纸质文书的，人民法院应当提供。",
)


def report_1(view: MediationReport) -> Outline:
    """Lay out the report to the court."""
    return Outline(
        title="调解情况报告",
        made_on=view.made_on,
        foot=f"调解情况报告　{view.number}",
        blocks=(
            Title(text="调解情况报告", below=f"编号：{view.number}"),
            Paragraph(text=f"{view.court}：", indent=False),
            Paragraph(text=_report_opening(view)),
            Form(
                rows=(
                    Section(text="案件和当事人"),
                    Field(label="案由", value=view.cause),
                    Field(label="申请人", value=shared.names(view.applicants)),
                    Field(label="被申请人", value=shared.names(view.respondents)),
                    Field(label="申请人的请求", value=_claimed(view)),
                    Section(text="调解的经过"),
                    Field(label="调解组织", value=view.organisation),
                    Field(label="调解员", value="、".join(view.mediators)),
                    Field(label="对接指导法官", value=or_nothing(view.guiding_judge)),
                    Field(label="接受调解日期", value=day(view.accepted_on)),
                    Field(label="终止日期", value=day(view.ended_on)),
                    Field(
                        label="经各方同意延长的期限",
                        value=f"{view.extended_days}日" if view.extended_days else "无",
                    ),
                    Section(text="调解的结果"),
                    Field(label="是否达成调解协议", value=choice(view.agreed)),
                    Field(label="终止原因", value=or_nothing(view.reason)),
                    Field(label="是否记载无争议事实", value=choice(view.undisputed_facts)),
                    Field(label="是否确认送达地址", value=choice(view.addresses_confirmed)),
                )
            ),
            *_sessions(view),
            Heading(text="附件"),
            *(Paragraph(text=line) for line in shared.numbered(view.enclosures) or ["无"]),
            Paragraph(text="依照有关规定，本报告不记载当事人在调解过程中作出的妥协和让步。"),
            shared.signatures((view.signatory,)),
        ),
    )


def _report_opening(view: MediationReport) -> str:
    return (
        f"{view.organisation}于{day(view.accepted_on)}接受{shared.names(view.applicants)}与"
        f"{shared.names(view.respondents)}{view.cause}一案的调解，现已终结。现将调解情况报告如下："
    )


def _claimed(view: MediationReport) -> str:
    claim, names = view.claim, view.debt
    return (
        f"截至{day(claim.as_of)}：{names.principal}{yuan(claim.principal)}，{names.interest}{yuan(claim.interest)}，"
        f"{names.penalty}{yuan(claim.penalty_interest)}，复利{yuan(claim.compound_interest)}，"
        f"{names.costs}{yuan(claim.fees)}。\n合计{in_full(claim.total)}"
    )


def _sessions(view: MediationReport) -> tuple[Heading | Grid | Paragraph, ...]:
    heading = Heading(text="调解记录")
    if view.sessions is None:
        return ()
    if not view.sessions:
        return (heading, Paragraph(text="未能组织调解。"))
    columns = (
        Column(title="次序", share=1, align="center"),
        Column(title="日期", share=3, align="center"),
        Column(title="方式和到场人员", share=8),
    )
    rows = tuple((str(number), day(on), how) for number, (on, how) in enumerate(view.sessions, start=1))
    return (heading, Grid(columns=columns, rows=rows))
