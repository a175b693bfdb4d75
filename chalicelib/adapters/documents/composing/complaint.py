"""民事起诉状 of a loan or card case, from the claim, the contract and the statement.

Promise: claims come from the case, facts from the contract and the statement; what the hub does not know
(demands, where the contract was signed, who acts in the suit, what else is claimed and proved) is left blank.
Offers made in mediation are not read.
Downside: a clerk has to fill in the blanks in the DOCX.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing import card, liability, loan
from chalicelib.adapters.documents.composing.people import given, names, participants
from chalicelib.adapters.documents.views.common import BLANK, Signatory
from chalicelib.adapters.documents.views.court import CardComplaint, Litigation, LoanComplaint
from chalicelib.domain.loan.card import CardContract
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from chalicelib.adapters.documents.views.common import Participant
    from chalicelib.use_cases.papers import PaperSources

_LOAN_LAW: Final = "《中华人民共和国民法典》第六百七十四条、第六百七十五条、第六百七十六条"
_CARD_LAW: Final = f"{_LOAN_LAW}；《最高人民法院关于审理银行卡民事纠纷案件若干问题的规定》第二条"


def complaint(sources: PaperSources) -> LoanComplaint | CardComplaint:
    """Return the view of the complaint that fits the contract."""
    contract, statement = sources.contract, given(sources.statement)
    if isinstance(contract, CardContract):
        return CardComplaint(
            litigation=_litigation(sources, "信用卡领用合约", _CARD_LAW),
            claims=card.claims(sources, contract, statement),
            facts=card.facts(sources, contract, statement),
            made_on=sources.made_on,
        )
    agreed = given(contract)
    return LoanComplaint(
        litigation=_litigation(sources, loan.CONTRACT_NAME, _LOAN_LAW),
        claims=loan.claims(sources, agreed, statement),
        facts=loan.facts(sources, agreed, statement),
        made_on=sources.made_on,
    )


def _litigation(sources: PaperSources, contract: str, law: str) -> Litigation:
    number = sources.case.contract_number
    return Litigation(
        number=sources.case.case_number,
        court=sources.names.court,
        plaintiffs=_in_suit(sources, Side.APPLICANT),
        defendants=_in_suit(sources, Side.RESPONDENT),
        agreed_forum=BLANK,
        preservation=BLANK,
        basis_contract=f"{contract}（编号：{number}）关于还款、利率以及违约责任的约定",
        basis_law="；".join((law, *liability.laws(sources))),
        evidence=(f"{contract}（编号：{number}）", "计算说明"),
        signatory=Signatory(role="具状人", name=names(sources, Side.APPLICANT)),
    )


def _in_suit(sources: PaperSources, side: Side) -> tuple[Participant, ...]:
    """Return a side's parties without those who act for them in the mediation: a suit is another mandate."""
    return tuple(replace(each, agents=(), relatives=()) for each in participants(sources, side))
