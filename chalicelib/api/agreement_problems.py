"""The problems of a settlement: how each refusal of its error tree is answered.

Promise: every class of `chalicelib.domain.agreement.errors` has its row, made from the tree itself; what a
rule refuses is told by the rule, which carries its own words and source. Downside: titles are that general.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.api.languages import Words
from chalicelib.api.problem_kinds import Kind
from chalicelib.domain.agreement.errors import (
    AgreementError,
    AgreementRefused,
    CodeRequestedTooSoon,
    OfferUnknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.domain.errors import HubError

_MEANINGLESS: Final = Kind(
    422,
    Words("The agreement's terms have a fault", "协议内容有误"),
    Words("Correct the named value, then send it again.", "请更正所列内容后重新发送。"),
)
_REFUSED: Final = Kind(
    409,
    Words("A rule refuses this", "不符合规则"),
    Words("The rule requires", "规则要求"),
)
_NO_SUCH_OFFER: Final = Kind(
    404,
    Words("Offer not found", "方案不存在"),
    Words("There is no offer of this number.", "没有该序号的方案。"),
)
_TOO_SOON: Final = Kind(
    429,
    Words("Another one-time code is not to be had yet", "暂不能获取新的验证码"),
    Words("Wait as long as Retry-After says. The rule requires", "请按 Retry-After 等待。规则要求"),
    60,
)


def _codes(root: type[HubError]) -> Iterator[str]:
    yield root.code
    for child in root.__subclasses__():
        yield from _codes(child)


AGREEMENT_PROBLEMS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(_codes(AgreementError), _MEANINGLESS),
    **dict.fromkeys(_codes(AgreementRefused), _REFUSED),
    OfferUnknown.code: _NO_SUCH_OFFER,
    CodeRequestedTooSoon.code: _TOO_SOON,
}
"""By code."""
