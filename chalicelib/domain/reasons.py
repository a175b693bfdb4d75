"""Reason codes: why a mediation ended without agreement, why a mediator declined.

Source: 人民法院在线调解规则 (Online Mediation Rules, OL) art. 25; 法释〔2016〕14号 (TY) arts. 11-18.
Codes are stored and published; a meaning never changes, a code is never reused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class FailureReason(StrEnum):
    """Why a mediation ended without a signed agreement (OL25), or why its agreement was not enough."""

    PARTY_UNREACHABLE = "party_unreachable"  # 当事人无法联系
    PARTY_REFUSES = "party_refuses"  # 当事人拒绝继续调解, including refused consent (TY11)
    DIFFERENCES_TOO_LARGE = "differences_too_large"  # 分歧过大
    TIME_LIMIT = "time_limit"  # 期限届满，当事人不同意延期
    REFUSES_TO_SIGN = "refuses_to_sign"  # 当事人拒绝签署调解协议
    CONSENT_SILENCE = "consent_silence"  # no consent within the limit (TY11: consent is required)
    SUSPECTED_SHAM = "suspected_sham"  # 涉嫌虚假调解 (TY18)
    OTHER = "other"
    AGREEMENT_DEFAULTED = "agreement_defaulted"  # 协议生效后违约，就剩余款项起诉
    CONFIRMATION_REJECTED = "confirmation_rejected"  # 司法确认申请被裁定驳回（民事诉讼法 206）


RECORDED_BY_THE_HUB: Final = frozenset(
    {
        FailureReason.TIME_LIMIT,
        FailureReason.CONSENT_SILENCE,
        FailureReason.AGREEMENT_DEFAULTED,
        FailureReason.CONFIRMATION_REJECTED,
    }
)
"""Reasons that follow from time limits or recorded facts; a mediator can't state them."""


class ObjectionFinding(StrEnum):
    """Why the centre upholds or dismisses an objection to an act recorded in a person's name."""

    NOT_SAID = "not_said"  # 本人未作出该意思表示
    NOT_FREE = "not_free"  # 并非本人真实意思（欺诈、胁迫、重大误解）
    WRONG_PERSON = "wrong_person"  # 到场的并非本人
    UPHELD_OTHERWISE = "upheld_otherwise"
    RECORDED_RIGHTLY = "recorded_rightly"  # 登记属实
    TAKEN_BACK = "taken_back"  # 本人撤回异议
    DISMISSED_OTHERWISE = "dismissed_otherwise"

    @property
    def upholds(self) -> bool:
        """Whether the objection is upheld."""
        return self in _UPHOLDS


_UPHOLDS: Final = frozenset(
    {
        ObjectionFinding.NOT_SAID,
        ObjectionFinding.NOT_FREE,
        ObjectionFinding.WRONG_PERSON,
        ObjectionFinding.UPHELD_OTHERWISE,
    }
)


class ChallengeGround(StrEnum):
    """Why a party challenges the mediator (TY15)."""

    NEAR_RELATIVE = "near_relative"  # 是一方当事人或者其代理人的近亲属
    INTEREST_IN_DISPUTE = "interest_in_dispute"  # 与纠纷有利害关系
    OTHER_RELATION = "other_relation"  # 有其他关系，可能影响公正调解


class DisclosureGround(StrEnum):
    """Which relation to a case a mediator discloses (OL13, TY15)."""

    NEAR_RELATIVE = "near_relative"  # 是一方当事人或者其代理人的近亲属
    INTEREST_IN_DISPUTE = "interest_in_dispute"  # 与纠纷有利害关系
    INSTITUTION_LINK = "institution_link"  # 与申请机构有关联（受聘、派驻、领取报酬）
    OTHER_RELATION = "other_relation"  # 有其他关系，可能影响公正调解
    EARLIER_ROLE = "earlier_role"  # 曾在本纠纷中担任陪审员、代理人、证人、鉴定人或者翻译


WAIVABLE: Final = frozenset(
    {
        DisclosureGround.NEAR_RELATIVE,
        DisclosureGround.INTEREST_IN_DISPUTE,
        DisclosureGround.INSTITUTION_LINK,
        DisclosureGround.OTHER_RELATION,
    }
)
"""Grounds that all parties may waive together (TY15, OL13).

An earlier role in the dispute excludes somebody whatever the parties say (TY16), and so does what the centre
has decided (`RECUSES`).
"""


class ChallengeFinding(StrEnum):
    """Why the centre upholds or dismisses a challenge."""

    GROUND_EXISTS = "ground_exists"  # 回避事由成立
    NOT_SHOWN = "not_shown"  # 未说明事实
    NO_GROUND = "no_ground"  # 不构成回避事由


class ReplacementGround(StrEnum):
    """Why the centre gives a case to another mediator (TY15, [policy]).

    Parties read it, so an illness is not told apart from other absences: health is sensitive data
    (个人信息保护法 28).
    """

    UNABLE = "unable"  # 不能继续履职（因病等，不记具体原因）
    CONFLICT = "conflict"  # 存在应当回避的情形
    CHALLENGE_UPHELD = "challenge_upheld"  # 当事人申请回避，予以准许
    SUSPENDED = "suspended"  # 暂停或者退出名册
    OTHER = "other"


RECUSES: Final = frozenset({ReplacementGround.CONFLICT, ReplacementGround.CHALLENGE_UPHELD})
"""Grounds for which the mediator is not given the same case again."""


class DeclineReason(StrEnum):
    """Why a mediator declines an appointment (OL12), recusal (回避, TY15) first."""

    NEAR_RELATIVE = "near_relative"
    INTEREST_IN_DISPUTE = "interest_in_dispute"
    OTHER_RELATION = "other_relation"
    WORKLOAD = "workload"
    UNAVAILABLE = "unavailable"
    OTHER = "other"


RELATED: Final = frozenset(
    {DeclineReason.NEAR_RELATIVE, DeclineReason.INTEREST_IN_DISPUTE, DeclineReason.OTHER_RELATION}
)
"""Reasons for which the mediator is not given the same case again."""


class CorrectionReason(StrEnum):
    """Why a party's details are corrected (更正); codes only, for the event must hold nothing personal."""

    WRONG_AT_FILING = "wrong_at_filing"  # 申请时填写有误
    CHANGED_SINCE = "changed_since"  # 信息已变更
    TOLD_BY_THE_PARTY = "told_by_the_party"  # 当事人告知
    FOUND_ON_CHECKING = "found_on_checking"  # 核实发现
