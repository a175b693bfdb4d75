"""Reason codes: why a mediation ended without agreement, why a mediator declined.

Source: 人民法院在线调解规则 (Online Mediation Rules, OL) art. 25; 法释〔2016〕14号 (TY) arts. 11-18.
Codes are stored and published; a meaning never changes, a code is never reused.
"""

from __future__ import annotations

from enum import StrEnum


class FailureReason(StrEnum):
    """Why a mediation ended without a signed agreement (OL25)."""

    PARTY_UNREACHABLE = "party_unreachable"  # 当事人无法联系
    PARTY_REFUSES = "party_refuses"  # 当事人拒绝继续调解, including refused consent (TY11)
    DIFFERENCES_TOO_LARGE = "differences_too_large"  # 分歧过大
    TIME_LIMIT = "time_limit"  # 期限届满，当事人不同意延期
    REFUSES_TO_SIGN = "refuses_to_sign"  # 当事人拒绝签署调解协议
    CONSENT_SILENCE = "consent_silence"  # no consent within the limit (TY11: consent is required)
    SUSPECTED_SHAM = "suspected_sham"  # 涉嫌虚假调解 (TY18)
    OTHER = "other"


class DeclineReason(StrEnum):
    """Why a mediator declines an appointment (OL12), recusal (回避, TY15) first."""

    NEAR_RELATIVE = "near_relative"
    INTEREST_IN_DISPUTE = "interest_in_dispute"
    OTHER_RELATION = "other_relation"
    WORKLOAD = "workload"
    UNAVAILABLE = "unavailable"
    OTHER = "other"
