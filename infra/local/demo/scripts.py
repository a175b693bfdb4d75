"""The scripts of the caseload: what happens to each case, and where it must end.

Promise: a script says who does what at which stage, and the ends that are right for it; the hub and
the court do the rest. The hub knows nothing of scripts. Where a limit has to pass or a payment has to be
missed, the script does nothing at that stage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infra.local.demo import mediating as m
from infra.local.demo import performing as p
from infra.local.demo import settling as s
from infra.local.demo.script import AT_COURT, TERMINAL, Script
from infra.local.demo.settling import Bargain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.demo.script import Move

__all__ = ["SCRIPTS", "TERMINAL", "Script", "spread"]

_PAID: Final = frozenset({"paid"})
_PERFORMED: Final = frozenset({"performed"})
_CLOSED: Final = frozenset({"closed"})
_TOO_LARGE: Final[frozenset[str | None]] = frozenset({"differences_too_large"})
_DEFAULTED: Final[frozenset[str | None]] = frozenset({"agreement_defaulted"})
_SPOT: Final = s.ON_THE_SPOT


def _agreed(bargain: Bargain, performing: Move = p.pay_when_due) -> Mapping[str, Move]:
    """Negotiate, sign, and make the move `performing` under the agreement."""
    negotiated = {"in_mediation": s.negotiate(bargain), "settled": s.sign}
    return {**m.MEDIATE, **negotiated, "performing": performing}


SETTLED: Final = (
    Script(
        name="paid on the spot",
        name_zh="当场履行",
        weight=5,
        moves=_agreed(_SPOT),
        ends=_PAID,
    ),
    Script(
        name="lump sum by a date, paid",
        name_zh="一次性还款，按期付清",
        weight=5,
        moves=_agreed(Bargain(terms=s.lump_sum)),
        ends=_PERFORMED,
    ),
    Script(
        name="instalments, all performed",
        name_zh="分期还款，全部履行",
        weight=4,
        moves=_agreed(Bargain(terms=s.instalments(3))),
        ends=_PERFORMED,
    ),
    Script(
        name="instalments, paid off early",
        name_zh="分期还款，提前还清",
        weight=2,
        moves=_agreed(Bargain(terms=s.monthly), p.pay_off_early),
        ends=_PERFORMED,
    ),
    Script(
        name="instalments, a payment recorded by mistake",
        name_zh="分期还款，误登冲正后履行",
        weight=2,
        moves=_agreed(Bargain(terms=s.instalments(2)), p.pay_by_mistake_first),
        ends=_PERFORMED,
    ),
    Script(
        name="instalments, the last payment bounced and was made again",
        name_zh="分期还款，末期退票后补付",
        weight=1,
        moves={
            **_agreed(Bargain(terms=s.instalments(2)), p.pay_until_it_counts),
            "performed": p.take_back_what_bounced,
        },
        ends=_PERFORMED,
    ),
    Script(
        name="defaulted unconfirmed, filed for the rest",
        name_zh="分期违约，就余款起诉",
        weight=3,
        patient=True,
        moves={
            **_agreed(Bargain(terms=s.instalments(3)), p.pay_first_only),
            "defaulted": p.after_default,
            **m.CORRECT,
        },
        ends=AT_COURT,
        failures=_DEFAULTED,
    ),
    Script(
        name="confirmation applied for, ruled on",
        name_zh="申请司法确认，依裁定继续",
        weight=12,
        patient=True,
        moves={
            **_agreed(Bargain(terms=s.instalments(3), confirmation_wanted=True), p.have_it_confirmed),
            "defaulted": p.after_default,
            **m.CORRECT,
        },
        ends=AT_COURT | _PERFORMED | _PAID,
        # Enforcement counts as no failure; a suit does, by the ruling or by the default.
        failures=_DEFAULTED | {None, "confirmation_rejected"},
    ),
    Script(
        name="counter-offer accepted",
        name_zh="借款人反要约，机构承诺",
        weight=2,
        moves=_agreed(Bargain(terms=s.instalments(2), first_offer="countered")),
        ends=_PERFORMED,
    ),
    Script(
        name="first offer declined, second accepted",
        name_zh="首次方案被拒，再次协商成功",
        weight=2,
        moves=_agreed(Bargain(terms=s.lump_sum, first_offer="declined", on_the_spot=True)),
        ends=_PAID,
    ),
    Script(
        name="first offer expired, second accepted",
        name_zh="首次方案逾期失效，再次协商成功",
        weight=2,
        moves=_agreed(Bargain(terms=s.lump_sum, first_offer="expired", on_the_spot=True)),
        ends=_PAID,
    ),
    Script(
        name="settled after an extension",
        name_zh="延期后调解成功",
        weight=1,
        moves={**_agreed(_SPOT), "in_mediation": m.extend_then(s.negotiate(_SPOT))},
        ends=_PAID,
    ),
    Script(
        name="settled after messages and the judge's guidance",
        name_zh="书面沟通、法官指导后调解成功",
        weight=1,
        moves={**_agreed(_SPOT), "in_mediation": m.talk_then(s.negotiate(_SPOT))},
        ends=_PAID,
    ),
    Script(
        name="settled after an upheld objection",
        name_zh="异议成立，恢复调解后调解成功",
        weight=1,
        moves={
            **_agreed(_SPOT),
            "in_mediation": m.recorded_refusal_then(s.negotiate(_SPOT)),
            "unresolved": m.object_to_it,
        },
        ends=_PAID,
    ),
    Script(
        name="settled, first mediator declined",
        name_zh="首任调解员回避后调解成功",
        weight=1,
        moves={**_agreed(_SPOT), "assigned": m.decline_first},
        ends=_PAID,
    ),
    Script(
        name="agreement never signed",
        name_zh="逾期未签署协议",
        weight=2,
        patient=True,
        moves={**_agreed(_SPOT), "settled": s.sign_half, "unresolved": m.DROP},
        ends=_CLOSED,
        failures=frozenset({"refuses_to_sign"}),
    ),
    Script(
        name="refused to sign, to the court",
        name_zh="拒绝签署，移送法院",
        weight=2,
        moves={**_agreed(_SPOT), "settled": s.refuse_to_sign, **m.LITIGATE},
        ends=AT_COURT,
        failures=frozenset({"refuses_to_sign"}),
    ),
)

UNSETTLED: Final = (
    Script(
        name="unresolved, to the court",
        name_zh="调解不成，移送法院",
        weight=5,
        landline=True,
        moves={**m.MEDIATE, "in_mediation": m.FAIL, **m.LITIGATE},
        ends=AT_COURT,
        failures=_TOO_LARGE,
    ),
    Script(
        name="unresolved, not insisted on",
        name_zh="调解不成，机构不坚持诉讼",
        weight=2,
        moves={**m.MEDIATE, "in_mediation": m.FAIL, "unresolved": m.DROP},
        ends=_CLOSED,
        failures=_TOO_LARGE,
    ),
    Script(
        name="institution silent after failure",
        name_zh="调解不成，机构逾期未表态",
        weight=1,
        patient=True,
        moves={**m.MEDIATE, "in_mediation": m.FAIL},
        ends=_CLOSED,
        failures=_TOO_LARGE,
    ),
    Script(
        name="mediation expired, to the court",
        name_zh="期限届满，移送法院",
        weight=2,
        patient=True,
        moves={**m.MEDIATE, **m.LITIGATE},
        ends=AT_COURT,
        failures=frozenset({"time_limit"}),
    ),
    Script(
        name="consent refused",
        name_zh="拒绝调解",
        weight=2,
        moves={**m.MEDIATE, "screened": m.refuse, "unresolved": m.DROP},
        ends=_CLOSED,
        failures=frozenset({"party_refuses"}),
    ),
    Script(
        name="refused to go on, to the court",
        name_zh="拒绝继续调解，移送法院",
        weight=1,
        moves={**m.MEDIATE, "in_mediation": m.refuse_to_go_on, **m.LITIGATE},
        ends=AT_COURT,
        failures=frozenset({"party_refuses"}),
    ),
    Script(
        name="borrower silent, to the court",
        name_zh="逾期未同意调解，移送法院",
        weight=1,
        patient=True,
        landline=True,
        moves={**m.MEDIATE, "assigned": m.accept_only, **m.LITIGATE},
        ends=AT_COURT,
        failures=frozenset({"consent_silence"}),
    ),
    Script(
        name="withdrawn in mediation",
        name_zh="调解中撤回",
        weight=2,
        moves={**m.MEDIATE, "in_mediation": m.WITHDRAW},
        ends=frozenset({"withdrawn"}),
    ),
    Script(
        name="withdrawn on the way to the court",
        name_zh="移送后撤回",
        weight=1,
        # The court may decide before the withdrawal reaches it: then its decision stands.
        moves={
            **m.MEDIATE,
            "in_mediation": m.FAIL,
            "unresolved": m.LITIGATE["unresolved"],
            "transferring": m.WITHDRAW,
            "submitted": m.WITHDRAW,
            "returned": m.WITHDRAW,
        },
        ends=frozenset({"withdrawn"}) | AT_COURT,
        failures=_TOO_LARGE,
    ),
)

SCRIPTS: Final[tuple[Script, ...]] = SETTLED + UNSETTLED


def spread(count: int) -> list[Script]:
    """Distribute `count` cases over the scripts by weight, each script at least once if `count` allows."""
    total = sum(script.weight for script in SCRIPTS)
    dealt: list[Script] = []
    for position, script in enumerate(sorted(SCRIPTS, key=lambda script: -script.weight)):
        left = len(SCRIPTS) - position - 1
        share = max(1, round(count * script.weight / total))
        dealt += [script] * min(share, max(0, count - len(dealt) - left) or min(1, count - len(dealt)))
    return dealt + [SCRIPTS[0]] * (count - len(dealt))
