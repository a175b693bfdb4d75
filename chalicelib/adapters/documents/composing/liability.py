"""Who owes the debt and who answers for it, in the words of agreement, application and complaint.

Promise: a respondent whose liability was stated is named by it; nobody but borrowers, co-borrowers and heirs
is said to owe the debt. Sources: 民法典 389, 394, 425 (security), 681, 686 to 688, 691, 692 (guarantee), 518
(several borrowers), 1161 (heirs). What was not stated (scope, maximum, period) is not made up: the law's
words stand. Downside: a term in the contract's words is printed as the institution stated it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing.people import details_of, standings
from chalicelib.adapters.documents.views.common import BLANK
from chalicelib.adapters.documents.views.court import Security
from chalicelib.adapters.documents.wording import day, in_full
from chalicelib.domain.liability import LiabilityKind, LiabilityTerms
from chalicelib.domain.money import ZERO
from chalicelib.domain.parties import PartyKind, Side, liability_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalicelib.adapters.documents.views.common import Stated
    from chalicelib.domain.parties import Party
    from chalicelib.use_cases.papers import PaperSources

GUARANTORS: Final = frozenset({LiabilityKind.GENERAL_GUARANTOR, LiabilityKind.JOINT_GUARANTOR})
SECURITIES: Final = frozenset({LiabilityKind.MORTGAGOR, LiabilityKind.PLEDGOR})
LAWS: Final[Mapping[LiabilityKind, str]] = {
    LiabilityKind.GENERAL_GUARANTOR: "《中华人民共和国民法典》第六百八十一条、第六百八十七条、第六百九十一条",
    LiabilityKind.JOINT_GUARANTOR: "《中华人民共和国民法典》第六百八十一条、第六百八十八条、第六百九十一条",
    LiabilityKind.MORTGAGOR: "《中华人民共和国民法典》第三百八十九条、第三百九十四条、第四百一十条",
    LiabilityKind.PLEDGOR: "《中华人民共和国民法典》第三百八十九条、第四百二十五条、第四百三十六条",
    LiabilityKind.HEIR: "《中华人民共和国民法典》第一千一百六十一条",
}
OF_COMPANIES: Final = "《最高人民法院关于适用〈中华人民共和国民法典〉有关担保制度的解释》第七条"
"""What a company's representative may guarantee, and what the creditor has to look at."""
OF_BRANCHES: Final = "《中华人民共和国民法典》第七十四条；《中华人民共和国公司法》第十三条"
"""A branch (分公司) may act in its own name; the company answers for what it owes."""
SECURED_BY_BRANCHES: Final = "《最高人民法院关于适用〈中华人民共和国民法典〉有关担保制度的解释》第十一条"
"""A company's branch guarantees or gives security only by a decision of the company."""
_BY_LAW: Final = "主债权及其利息、违约金、损害赔偿金和实现债权的费用"  # 民法典 389, 691
_WORDS: Final[Mapping[LiabilityKind, tuple[str, str, str]]] = {
    LiabilityKind.MORTGAGOR: ("抵押", "抵押财产", "抵押权"),
    LiabilityKind.PLEDGOR: ("质押", "质押财产", "质权"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What a paper calls the two sides."""

    creditor: str
    debtor: str


IN_MEDIATION: Final = Roles(creditor="申请人", debtor="被申请人")
IN_COURT: Final = Roles(creditor="原告", debtor="被告")
IN_CONFIRMATION: Final = Roles(creditor="债权人", debtor="申请人")
"""Both sides apply together, so that nobody is 被申请人."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Liable:
    """A respondent as papers name it: its name, as what it answers, and the terms."""

    name: str
    kind: LiabilityKind
    terms: LiabilityTerms
    standing: str
    company: bool = False
    branch: bool = False


def all_liable(sources: PaperSources, of: frozenset[str] | None = None) -> tuple[Liable, ...]:
    """Return the respondents in the order of the case; with `of` only those of these ids."""
    respondents = (party for party in sources.case.parties if party.side is Side.RESPONDENT)
    return tuple(_liable(sources, party) for party in respondents if of is None or party.party_id in of)


def _liable(sources: PaperSources, party: Party) -> Liable:
    details = details_of(sources, party.party_id)
    # A company's name says that it is one (公司法 6, 7).
    company = party.kind is PartyKind.ENTITY and "公司" in details.name
    branch = company and details.name.endswith("分公司")
    terms = details.liability or LiabilityTerms()
    return Liable(
        name=details.name,
        kind=_kind(party),
        terms=terms,
        standing=standings(sources)[_kind(party)],
        company=company,
        branch=branch,
    )


def _kind(party: Party) -> LiabilityKind:
    return liability_of(party) or LiabilityKind.BORROWER


def debtors(sources: PaperSources, roles: Roles = IN_MEDIATION, of: frozenset[str] | None = None) -> str:
    """Return who has to pay: by name if some respondents owe the debt and others answer for it."""
    everybody = all_liable(sources, of)
    owing = [each.name for each in everybody if each.kind.owes]
    return roles.debtor if len(owing) in {0, len(everybody)} else f"{roles.debtor}{'、'.join(owing)}"


def owed_by_others(sources: PaperSources, of: frozenset[str]) -> str | None:
    """Return whose debt it is if nobody of these parties owes it; None if somebody does."""
    if any(each.kind.owes for each in all_liable(sources, of)):
        return None
    return f"{standings(sources)[LiabilityKind.BORROWER]}{borrowers(sources)}"


def borrowers(sources: PaperSources) -> str:
    """Return the names of those who borrowed; nothing if only others are respondents."""
    everybody = all_liable(sources)
    if all(party.liability is None for party in sources.case.parties):
        return everybody[0].name  # earlier releases did not ask: the loan is taken to be the first one's
    kinds = {LiabilityKind.BORROWER, LiabilityKind.CO_BORROWER}
    deceased = (each.terms.deceased for each in everybody if each.kind is LiabilityKind.HEIR)
    named = [each.name for each in everybody if each.kind in kinds] or filter(None, deceased)
    return "、".join(dict.fromkeys(named))


def clauses(
    sources: PaperSources, roles: Roles = IN_MEDIATION, of: frozenset[str] | None = None
) -> tuple[str, ...]:
    """Return a sentence for each respondent that answers in another way than as the borrower."""
    owing = (owed_by_others(sources, of) if of else None) or debtors(sources, roles, of)
    return tuple(
        _CLAUSES[each.kind](each, roles, owing) for each in all_liable(sources, of) if each.kind in _CLAUSES
    )


def _co_borrower(liable: Liable, roles: Roles, _owing: str) -> str:
    return f"{roles.debtor}{liable.name}作为{liable.standing}，对上述债务承担共同清偿责任。"


def _heir(liable: Liable, roles: Roles, _owing: str) -> str:
    terms = liable.terms
    value = f"（{in_full(terms.maximum)}）" if terms.maximum else ""
    borrower = liable.standing.removesuffix("的继承人")
    return (
        f"{roles.debtor}{liable.name}作为{borrower}{terms.deceased or ''}的继承人，"
        f"以所得遗产实际价值{value}为限清偿上述债务。"
    )


def _joint(liable: Liable, roles: Roles, owing: str) -> str:
    return (
        f"{roles.debtor}{liable.name}作为连带责任保证人，{_within(liable.terms)}对上述债务承担连带清偿责任"
        f"{_period(liable.terms)}；承担保证责任后，有权向{owing}追偿。"
    )


def _general(liable: Liable, roles: Roles, owing: str) -> str:
    return (
        f"{roles.debtor}{liable.name}作为一般保证人，{_within(liable.terms)}对上述债务承担一般保证责任"
        f"{_period(liable.terms)}：{roles.creditor}应当先就{owing}的财产依法申请强制执行，仍不能履行的部分由"
        f"{liable.name}清偿；在此之前，{liable.name}有权拒绝承担保证责任，但法律另有规定的除外。"
        f"{liable.name}承担保证责任后，有权向{owing}追偿。"
    )


def _by_a_thing(liable: Liable, roles: Roles, _owing: str) -> str:
    how, thing, right = _WORDS[liable.kind]
    terms = liable.terms
    given = f"{roles.debtor}{liable.name}以{terms.thing or ''}为上述债务提供{how}担保"
    if terms.registered is False:
        answers = f"{liable.name}在{thing}的价值范围内、{_within(terms)}对上述债务承担责任"
        return f"{given}，未办理登记；{answers}，不承担其他清偿责任。"
    return (
        f"{given}；债务未获清偿的，{roles.creditor}有权{_within(terms)}就该{thing}折价或者拍卖、变卖所得的价款行使{right}，"
        f"优先受偿。{liable.name}不承担其他清偿责任。"
    )


_CLAUSES: Final[Mapping[LiabilityKind, Callable[[Liable, Roles, str], str]]] = {
    LiabilityKind.CO_BORROWER: _co_borrower,
    LiabilityKind.GENERAL_GUARANTOR: _general,
    LiabilityKind.JOINT_GUARANTOR: _joint,
    LiabilityKind.MORTGAGOR: _by_a_thing,
    LiabilityKind.PLEDGOR: _by_a_thing,
    LiabilityKind.HEIR: _heir,
}


def _within(terms: LiabilityTerms) -> str:
    most = f"（最高额{in_full(terms.maximum)}）" if terms.maximum else ""
    return f"在{terms.scope or _BY_LAW}范围内{most}"


def _period(terms: LiabilityTerms) -> str:
    span = _span(terms)
    return f"，保证期间{span}" if span else ""


def _span(terms: LiabilityTerms) -> str:
    starts = f"自{day(terms.starts)}起" if terms.starts else ""
    return starts + (f"至{day(terms.ends)}止" if terms.ends else "")


def _described(liable: Iterable[Liable]) -> str | None:
    """Return what was stated of guarantees or securities, line by line; None if there are none."""
    return "\n".join("，".join(_stated(each)) for each in liable) or None


def _stated(liable: Liable) -> Iterator[str]:
    terms = liable.terms
    yield f"{liable.standing}：{liable.name}"
    if terms.contract_number:
        yield f"合同编号：{terms.contract_number}"
    if terms.thing:
        yield f"{_WORDS[liable.kind][1]}：{terms.thing}"
    if terms.scope:
        yield f"担保范围：{terms.scope}"
    if terms.maximum:
        yield f"最高额：{in_full(terms.maximum)}"
    if span := _span(terms):
        yield f"保证期间：{span}"


def claimed(sources: PaperSources) -> str | None:
    """Return what a complaint claims from guarantors and from things (担保权利); None if nothing."""
    answering = GUARANTORS | SECURITIES
    owing = debtors(sources, IN_COURT)
    lines = [
        _CLAUSES[each.kind](each, IN_COURT, owing) for each in all_liable(sources) if each.kind in answering
    ]
    return "\n".join(lines) or None


def owed_together(sources: PaperSources) -> str | None:
    """Return what a complaint claims from co-borrowers and heirs; None if there are none."""
    together = {LiabilityKind.CO_BORROWER, LiabilityKind.HEIR}
    lines = [_CLAUSES[each.kind](each, IN_COURT, "") for each in all_liable(sources) if each.kind in together]
    return "\n".join(lines) or None


def security(sources: PaperSources) -> Security:
    """Return what the roles of the respondents tell of guarantees, mortgages and pledges."""
    everybody = all_liable(sources)
    securing = [each for each in everybody if each.kind in SECURITIES]
    return Security(
        collateral=_described(securing) or BLANK,
        securers=_named(securing),
        things="\n".join(each.terms.thing for each in securing if each.terms.thing) or None,
        maximum_amount=_maximum(securing) or BLANK,
        registration=_registration(securing),
        guarantee=_described(each for each in everybody if each.kind in GUARANTORS) or BLANK,
        general=_named(each for each in everybody if each.kind is LiabilityKind.GENERAL_GUARANTOR),
        joint=_named(each for each in everybody if each.kind is LiabilityKind.JOINT_GUARANTOR),
    )


def _named(liable: Iterable[Liable]) -> str | None:
    return "、".join(each.name for each in liable) or None


def _registration(securing: Iterable[Liable]) -> Stated:
    """Return which mortgages and pledges are registered; None if none is; BLANK if it is not known."""
    stated = [each for each in securing if each.terms.registered is not None]
    if not any(each.terms.registered for each in stated):
        return None if stated else BLANK
    return "\n".join(
        f"{each.name}：{'已办理登记' if each.terms.registered else '未办理登记'}" for each in stated
    )


def _maximum(securing: Iterable[Liable]) -> str | None:
    secured = (each for each in securing if each.terms.maximum)
    return "\n".join(f"{each.name}：{in_full(each.terms.maximum or ZERO)}" for each in secured) or None


def laws(sources: PaperSources) -> tuple[str, ...]:
    """Return the articles that respondents other than borrowers answer by, each once.

    For the debt of another a company answers by its own decision, a branch by its company's, and neither by
    what only persons can be.
    """
    everybody = all_liable(sources)
    cited = [LAWS[each.kind] for each in everybody if each.kind in LAWS]
    securing = [each for each in everybody if each.company and each.kind in GUARANTORS | SECURITIES]
    if any(not each.branch for each in securing):
        cited.append(OF_COMPANIES)
    if any(each.branch for each in securing):
        cited.append(SECURED_BY_BRANCHES)
    if any(each.branch for each in everybody):
        cited.append(OF_BRANCHES)
    return tuple(dict.fromkeys(cited))


def first_debtor(sources: PaperSources) -> Party:
    """Return the first respondent that owes the debt, or the first at all: the holder of a card."""
    respondents = [party for party in sources.case.parties if party.side is Side.RESPONDENT]
    return next((party for party in respondents if _kind(party).owes), respondents[0])
