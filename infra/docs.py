"""Write docs/case-lifecycle.md from the domain: `python -m infra.docs`.

Promise: the page says what the code does, because it is made of the same table, rules and permissions;
a test fails when it is stale. Downside: Chinese names and sources of limits are read from the comments
beside the definitions, so those comments have a form to keep (`NAME = "value"  # 中文`).
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chalicelib.domain.deadlines import steps_at
from chalicelib.domain.permissions import BY_ANY_AGENT, BY_SPECIAL_AUTHORITY
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.transitions import TRANSITIONS, Transition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain.rules import Rule

PAGE: Final = Path("docs/case-lifecycle.md")

_HEAD: Final = """\
<!-- Written by `python -m infra.docs` from chalicelib/domain. Change the domain, not this page. -->
# The life of a case · 案件流程

What may follow what, who may do it, which rule stands in the way, and where the rule is written.
For a stage and an action the first row of the table whose condition holds is taken; its rules then have
to hold, or the answer is `rule_violated` with the rule's name. What no row offers is
`action_not_available`; what a role may never do, `not_permitted`; another tenant's case, `case_not_found`.

本页由领域代码生成：每一步由谁作出、受何规则限制、规则出自何处。

Sources · 出处: TY = 法释〔2016〕14号 (最高人民法院关于人民法院特邀调解的规定),
OL = 人民法院在线调解规则 (2022),
M1 to M16 = the centre's model, `[policy]` = our convention, configurable per court.
"""


_RECORDED: Final = """An act that the mediator or the centre records in a person's name is pending at first
(event `act_recorded`): it changes no stage, and takes the row below with its second record, the person's code
or the same request by somebody else of the centre's staff (decision 29).
调解员或者中心代当事人登记的事项先行待核（事件 `act_recorded`），不改变阶段；
经本人验证码或者中心另一名工作人员复核后，方按下表流转。

"""


def page() -> str:
    """Return the page's text."""
    sections = (
        _HEAD,
        "## Stages · 阶段\n\n" + _diagram() + "\n\n" + _stages(),
        "## Transitions · 流转\n\n" + _RECORDED + "\n\n".join(map(_stage, _with_acts())),
        "## Rules · 规则\n\n" + _rules(),
        "## Limits · 期限\n\n" + _limits(),
        "## Permissions · 权限\n\n" + _permissions(),
    )
    return "\n".join(f"{section.rstrip()}\n" for section in sections)


def edges() -> dict[tuple[Stage, Stage], list[Action]]:
    """Return the stage diagram's arrows with the actions that lead along them."""
    found: dict[tuple[Stage, Stage], list[Action]] = {}
    for row in TRANSITIONS:
        actions = found.setdefault((row.source, row.target), [])
        if row.source is not row.target and row.action not in actions:
            actions.append(row.action)
    return {arrow: actions for arrow, actions in found.items() if actions}


def rules() -> list[Rule]:
    """Return every rule of the table once, in order of first use."""
    return list(dict.fromkeys(rule for row in TRANSITIONS for rule in _rules_of(row)))


def comments(kind: type) -> dict[str, str]:
    """Return the comment beside each name that a class defines."""
    source = inspect.getsource(kind)
    return dict(re.findall(r"^    (\w+)(?:: \w+)? = .*?  # (.+)$", source, re.MULTILINE))


def _diagram() -> str:
    # A withdrawal is possible from every open stage: ten arrows that would hide the others.
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", "    [*] --> filed: file"]
    lines += [
        f"    {source} --> {target}: {', '.join(actions)}"
        for (source, target), actions in edges().items()
        if target is not Stage.WITHDRAWN
    ]
    lines += ["    open_stages: every stage but the final ones", "    open_stages --> withdrawn: withdraw"]
    lines += [f"    {stage} --> [*]" for stage in Stage if stage.terminal]
    return "\n".join([*lines, "```"])


def _stages() -> str:
    names = comments(Stage)
    return _table(
        ("stage", "阶段", "waits for · 等待", "final · 终结"),
        (
            (
                f"`{stage}`",
                names[stage.name],
                "" if stage.terminal else ", ".join(f"`{step}`" for step in steps_at(stage)),
                "yes" if stage.terminal else "",
            )
            for stage in Stage
        ),
    )


def _with_acts() -> list[Stage]:
    """Return the stages that an act may follow; after a final one only the reversal of a payment may."""
    sources = {row.source for row in TRANSITIONS}
    return [stage for stage in Stage if stage in sources]


def _stage(stage: Stage) -> str:
    rows = (
        (
            f"`{row.action}`",
            ", ".join(sorted(row.action.roles)),
            f"{row.branch.summary} · {row.branch.summary_zh}" if row.branch else "",
            "<br>".join(f"`{rule.name}`" for rule in _rules_of(row)),
            _outcome(row),
            f"`{row.event}`",
            row.basis,
        )
        for row in TRANSITIONS
        if row.source is stage
    )
    head = ("action", "who", "if", "rules", "leads to", "event", "legal basis · 依据")
    return f"### {stage} · {comments(Stage)[stage.name]}\n\n" + _table(head, rows)


def _outcome(row: Transition) -> str:
    told = f"<br>the court is sent `{row.dispatches}`" if row.dispatches else ""
    stays = "stays, fresh limit" if row.renews else "stays"
    return (stays if row.source is row.target else f"`{row.target}`") + told


def _rules_of(row: Transition) -> tuple[Rule, ...]:
    return (*row.case_guards, *row.command_guards)


def _rules() -> str:
    return _table(
        ("rule", "source · 出处", "holds if", "规则"),
        ((f"`{rule.name}`", rule.article, rule.summary, rule.summary_zh) for rule in rules()),
    )


def _limits() -> str:
    sources = comments(CourtLimits)
    defaults = CourtLimits()
    return (
        "Defaults; each court may have its own. Working days and roll-over by the official calendar.\n\n"
        + (
            _table(
                ("limit", "default", "source · 出处"),
                ((f"`{name}`", str(getattr(defaults, name)), source) for name, source in sources.items()),
            )
        )
    )


def _permissions() -> str:
    return (
        "A role acts only on cases it sees: its own tenant's, its own appointment, its own debt.\n\n"
        + _table(
            ("action", *(str(role) for role in Role)),
            ((f"`{action}`", *("yes" if role in action.roles else "" for role in Role)) for action in Action),
        )
        + "\n\nAn agent of a party (`agent_of` in its token: case, party, agent) does of this what its "
        "authority reaches (民事诉讼法 62): with general authority (一般授权) "
        + _listed(BY_ANY_AGENT)
        + "; with special authority (特别授权) also "
        + _listed(BY_SPECIAL_AUTHORITY)
        + ". Everything else is done by the party itself; what exceeds the authority is refused with "
        "`within_authority`."
    )


def _listed(actions: frozenset[Action]) -> str:
    return ", ".join(f"`{action}`" for action in Action if action in actions)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
